// And, Or, Xor, Implies, Not, the null tests, Coalesce and Message.
#include "cql/operators/context.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

Value logical_and(const Call&, Operands o) { return Value::of(truth_and(o[0].truth(), o[1].truth())); }
Value logical_or(const Call&, Operands o) { return Value::of(truth_or(o[0].truth(), o[1].truth())); }
Value logical_not(const Call&, Operands o) { return Value::of(truth_not(o[0].truth())); }

Value logical_xor(const Call&, Operands o) {
  if (o[0].is_null() || o[1].is_null()) return {};
  return Value::boolean(o[0].as_boolean() != o[1].as_boolean());
}

Value logical_implies(const Call&, Operands o) { return Value::of(truth_or(truth_not(o[0].truth()), o[1].truth())); }

Value is_null(const Call&, Operands o) { return Value::boolean(o[0].is_null()); }
Value is_true(const Call&, Operands o) { return Value::boolean(o[0].is_true()); }
Value is_false(const Call&, Operands o) { return Value::boolean(o[0].is_false()); }

Value coalesce(const Call&, Operands o) {
  for (const Value& value : o)
    if (!value.is_null()) return value;
  return {};
}

Value coalesce_list(const Call&, Operands o) {
  if (o[0].is_null()) return {};
  for (const Value& value : o[0].as_list())
    if (!value.is_null()) return value;
  return {};
}

/// Message(source, condition, code, severity, text): the source itself; an Error ends the evaluation.
Value message(const Call& call, Operands o) {
  if (!o[1].is_true()) return o[0];
  const auto text = [](const Value& value) { return value.is_null() ? std::string() : value.as_string(); };
  Message report{o[3].is_null() ? "Message" : text(o[3]), text(o[2]), text(o[4])};
  if (report.severity == "Error") throw EvaluationError("the library reported an error" + (report.code.empty() ? "" : " " + report.code) + ": " + report.text);
  if (call.context.messages.size() < Context::most_messages) call.context.messages.push_back(std::move(report));
  return o[0];
}

}  // namespace catchment::cql::implementations
