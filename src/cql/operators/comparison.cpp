// The comparison operators, over relations.h.
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

Value equal_values(const Call& call, Operands o) { return Value::of(is_equal(call.context, o[0], o[1])); }
Value not_equal_values(const Call& call, Operands o) { return Value::of(truth_not(is_equal(call.context, o[0], o[1]))); }
Value equivalent_values(const Call& call, Operands o) { return Value::boolean(is_equivalent(call.context, o[0], o[1])); }
Value not_equivalent_values(const Call& call, Operands o) { return Value::boolean(!is_equivalent(call.context, o[0], o[1])); }

Value less_than(const Call& call, Operands o) { return Value::of(certainty(outcomes(call.context, o[0], o[1]), Outcomes::less)); }
Value less_or_equal(const Call& call, Operands o) { return Value::of(certainty(outcomes(call.context, o[0], o[1]), Outcomes::less | Outcomes::equal)); }
Value greater_than(const Call& call, Operands o) { return Value::of(certainty(outcomes(call.context, o[0], o[1]), Outcomes::greater)); }
Value greater_or_equal(const Call& call, Operands o) { return Value::of(certainty(outcomes(call.context, o[0], o[1]), Outcomes::greater | Outcomes::equal)); }

Value comparable(const Call& call, Operands o) { return Value::boolean(compare_quantities(call.context, o[0].as_quantity(), o[1].as_quantity()).has_value()); }

}  // namespace catchment::cql::implementations
