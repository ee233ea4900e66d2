// Conversion nodes: the implicit conversions the checker inserted, and model values as system values.
#include <array>

#include "cql/evaluate/semantics.h"

namespace catchment::cql {

namespace {

/// A primitive given as a system value passes through; a Date where a DateTime is wanted has an unknown time.
Value as_system(const Value& value, const Type& to) {
  if (value.is(Kind::object)) return value.as_object().converted(to_string(to));
  if (value.is(Kind::date) && to.is(TypeKind::date_time)) {
    Temporal t = value.as_temporal();
    t.kind = TemporalKind::datetime;
    return Value::temporal(t);
  }
  if (value.is(Kind::code) && to.is(TypeKind::concept_)) return Value::concept_({value}, value.as_code().display);
  if (value.is(Kind::integer) && to.is(TypeKind::decimal)) return Value::decimal(Decimal::of(value.as_long()));
  return has_type(value, to) ? value : Value();
}

Value converted_interval(Context& context, const Value& value, const Conversion& conversion, const FunctionCaller& call) {
  if (!value.is(Kind::interval)) return {};
  const IntervalPayload& interval = value.as_interval();
  const Conversion& part = conversion.parts.front();
  return Value::interval(converted(context, interval.low, part, call), converted(context, interval.high, part, call), interval.low_closed, interval.high_closed,
                         interval.point == Kind::null ? Kind::null : point_kind_of(conversion.to));
}

Value converted_list(Context& context, const Value& value, const Conversion& conversion, const FunctionCaller& call) {
  if (!value.is(Kind::list)) return {};
  std::vector<Value> result;
  result.reserve(value.as_list().size());
  for (const Value& element : value.as_list()) result.push_back(converted(context, element, conversion.parts.front(), call));
  return Value::list(std::move(result));
}

Value converted_tuple(Context& context, const Value& value, const Conversion& conversion, const FunctionCaller& call) {
  if (!value.is(Kind::tuple)) return {};
  const TuplePayload& tuple = value.as_tuple();
  std::vector<Value> elements = tuple.elements;
  for (std::size_t i = 0; i < conversion.names.size(); ++i)
    for (std::size_t j = 0; j < elements.size(); ++j)
      if ((*tuple.names)[j] == conversion.names[i]) elements[j] = converted(context, elements[j], conversion.parts[i], call);
  return Value::tuple(tuple.names, std::move(elements));
}

}  // namespace

Value converted(Context& context, const Value& value, const Conversion& conversion, const FunctionCaller& call) {
  if (value.is_null()) return value;
  switch (conversion.kind) {
    case ConversionKind::none: return value;
    case ConversionKind::system: {
      const std::array<Value, 1> operand{value};
      return call_operator(context, *conversion.overload, Precision::none, conversion.to, operand);
    }
    case ConversionKind::model: return as_system(value, conversion.to);
    case ConversionKind::cast: return has_type(value, conversion.to) ? value : Value();
    case ConversionKind::choice:
      for (const Conversion& part : conversion.parts)
        if (part.from.is_any() || has_type(value, part.from)) return converted(context, value, part, call);
      return {};
    case ConversionKind::list_elements: return converted_list(context, value, conversion, call);
    case ConversionKind::interval_points: return converted_interval(context, value, conversion, call);
    case ConversionKind::tuple_elements: return converted_tuple(context, value, conversion, call);
    case ConversionKind::promote_to_list: return Value::list({value});
    case ConversionKind::promote_to_interval: return Value::interval(value, value, true, true);
    case ConversionKind::demote_list:
    case ConversionKind::demote_interval: {
      const std::array<Value, 1> operand{value};
      const auto rows = overloads_of(conversion.kind == ConversionKind::demote_list ? "SingletonFrom" : "PointFrom");
      return call_operator(context, rows.front(), Precision::none, conversion.to, operand);
    }
    case ConversionKind::sequence: {
      Value result = value;
      for (const Conversion& part : conversion.parts) result = converted(context, result, part, call);
      return result;
    }
    case ConversionKind::function: return call(conversion.library, conversion.function, value);
  }
  return {};
}

}  // namespace catchment::cql
