// Arithmetic on Integer, Long, Decimal and Quantity. What cannot be represented is null (CQL reference, Arithmetic
// Operators), save that Exp and Ln beyond their range end the evaluation.
#include <algorithm>
#include <array>

#include "cql/operators/context.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

namespace {

Decimal number_of(const Value& value) { return value.is(Kind::decimal) ? value.as_decimal() : Decimal::of(value.as_long()); }

Value decimal_or_null(const std::optional<Decimal>& value) { return value ? Value::decimal(*value) : Value(); }

bool either(Operands o, Kind kind) { return o[0].is(kind) || o[1].is(kind); }

Value whole(bool as_long, std::int64_t value, bool overflow) {
  if (overflow) return {};
  if (as_long) return Value::long_integer(value);
  if (value < INT32_MIN || value > INT32_MAX) return {};
  return Value::integer(static_cast<std::int32_t>(value));
}

const Value& lowest(const Value& value) { return value.is(Kind::uncertain) ? value.as_uncertain().first : value; }
const Value& highest(const Value& value) { return value.is(Kind::uncertain) ? value.as_uncertain().second : value; }

using Step = Value (*)(const Call&, Operands);

/// The range of an operation over uncertain operands, from its results at their bounds.
Value over_bounds(const Call& call, Operands o, Step step) {
  std::array<Value, 4> results;
  std::size_t count = 0;
  for (const Value& left : {lowest(o[0]), highest(o[0])})
    for (const Value& right : {lowest(o[1]), highest(o[1])}) {
      const std::array<Value, 2> pair{left, right};
      results[count] = step(call, pair);
      if (results[count++].is_null()) return {};
    }
  const auto before = [&](const Value& a, const Value& b) { return sort_order(call.context, a, b) < 0; };
  const auto [low, high] = std::minmax_element(results.begin(), results.end(), before);
  return Value::uncertain(*low, *high);
}

[[noreturn]] void refuse_uncertain(const char* name) {
  throw EvaluationError(std::string(name) + " cannot be worked out from an uncertain duration",
                        "give the dates to the same precision, or compare the duration instead");
}

/// Same dimension: both amounts in the finer of the two units.
struct Aligned {
  Decimal left, right;
  std::string unit;
};
std::optional<Aligned> align(Context& context, const QuantityPayload& a, const QuantityPayload& b) {
  if (a.unit == b.unit) return Aligned{a.value, b.value, a.unit};
  const QuantityPayload one_a(Decimal::of(1), a.unit), one_b(Decimal::of(1), b.unit);
  const auto order = compare_quantities(context, one_a, one_b);
  if (!order) return std::nullopt;
  const std::string& unit = *order <= 0 ? a.unit : b.unit;
  const auto left = quantity_in(context, a, unit), right = quantity_in(context, b, unit);
  if (!left || !right) return std::nullopt;
  const auto special = [&](const std::string& u) {
    const auto known = context.units.find(u);
    return known && known->special != Unit::Special::none;
  };
  if (special(a.unit) || special(b.unit)) return std::nullopt;
  return Aligned{*left, *right, unit};
}

Value quantity_or_null(const std::optional<Decimal>& value, const std::string& unit) { return value ? Value::quantity(*value, unit) : Value(); }

}  // namespace

Value add(const Call& call, Operands o) {
  if (either(o, Kind::uncertain)) return over_bounds(call, o, add);
  if (o[0].is(Kind::quantity) && o[1].is(Kind::quantity)) {
    const auto aligned = align(call.context, o[0].as_quantity(), o[1].as_quantity());
    return aligned ? quantity_or_null(aligned->left.plus(aligned->right), aligned->unit) : Value();
  }
  if (either(o, Kind::decimal)) return decimal_or_null(number_of(o[0]).plus(number_of(o[1])));
  std::int64_t sum = 0;
  const bool overflow = __builtin_add_overflow(o[0].as_long(), o[1].as_long(), &sum);
  return whole(either(o, Kind::long_integer), sum, overflow);
}

Value subtract(const Call& call, Operands o) {
  if (either(o, Kind::uncertain)) return over_bounds(call, o, subtract);
  if (o[0].is(Kind::quantity) && o[1].is(Kind::quantity)) {
    const auto aligned = align(call.context, o[0].as_quantity(), o[1].as_quantity());
    return aligned ? quantity_or_null(aligned->left.minus(aligned->right), aligned->unit) : Value();
  }
  if (either(o, Kind::decimal)) return decimal_or_null(number_of(o[0]).minus(number_of(o[1])));
  std::int64_t difference = 0;
  const bool overflow = __builtin_sub_overflow(o[0].as_long(), o[1].as_long(), &difference);
  return whole(either(o, Kind::long_integer), difference, overflow);
}

namespace {

/// Product or quotient of quantities: amounts combine, units combine; one dimension cancels in a quotient.
Value combine_quantities(const Call& call, const QuantityPayload& a, const QuantityPayload& b, bool divide) {
  Decimal right = b.value;
  std::string right_unit = b.unit;
  if (calendar_unit(a.unit) != Precision::none || calendar_unit(b.unit) != Precision::none) {
    // A calendar duration takes part only as a count: 3 days * 2, 6 months / 3 months.
    if (b.unit == "1") return quantity_or_null(divide ? a.value.divided_by(right) : a.value.times(right), a.unit);
    if (a.unit == "1" && !divide) return quantity_or_null(a.value.times(right), b.unit);
    const auto same = quantity_in(call.context, b, a.unit);
    return divide && same ? quantity_or_null(a.value.divided_by(*same), "1") : Value();
  }
  if (a.unit != b.unit && divide && b.unit != "1" && call.context.units.commensurable(a.unit, b.unit)) {
    const auto same = call.context.units.convert(b.value, b.unit, a.unit);
    if (!same) return {};
    right = *same;
    right_unit = a.unit;
  }
  const auto unit = call.context.units.combine(a.unit, right_unit, divide);
  if (!unit) return {};
  return quantity_or_null(divide ? a.value.divided_by(right) : a.value.times(right), *unit);
}

}  // namespace

Value multiply(const Call& call, Operands o) {
  if (either(o, Kind::uncertain)) return over_bounds(call, o, multiply);
  if (o[0].is(Kind::quantity) && o[1].is(Kind::quantity)) return combine_quantities(call, o[0].as_quantity(), o[1].as_quantity(), false);
  if (either(o, Kind::decimal)) return decimal_or_null(number_of(o[0]).times(number_of(o[1])));
  std::int64_t product = 0;
  const bool overflow = __builtin_mul_overflow(o[0].as_long(), o[1].as_long(), &product);
  return whole(either(o, Kind::long_integer), product, overflow);
}

Value divide_values(const Call& call, Operands o) {
  if (either(o, Kind::uncertain)) refuse_uncertain("a quotient");
  if (o[0].is(Kind::quantity) && o[1].is(Kind::quantity)) return combine_quantities(call, o[0].as_quantity(), o[1].as_quantity(), true);
  return decimal_or_null(number_of(o[0]).divided_by(number_of(o[1])));
}

Value truncated_divide(const Call& call, Operands o) {
  if (either(o, Kind::uncertain)) refuse_uncertain("a quotient");
  if (o[0].is(Kind::quantity)) {  // a count of whole times, kept in the unit of the dividend
    const auto right = quantity_in(call.context, o[1].as_quantity(), o[0].as_quantity().unit);
    if (!right) return {};
    return quantity_or_null(o[0].as_quantity().value.truncated_divided_by(*right), o[0].as_quantity().unit);
  }
  if (either(o, Kind::decimal)) return decimal_or_null(number_of(o[0]).truncated_divided_by(number_of(o[1])));
  const std::int64_t left = o[0].as_long(), right = o[1].as_long();
  if (right == 0 || (left == INT64_MIN && right == -1)) return {};
  return whole(either(o, Kind::long_integer), left / right, false);
}

Value modulo(const Call& call, Operands o) {
  if (either(o, Kind::uncertain)) refuse_uncertain("a remainder");
  if (o[0].is(Kind::quantity)) {
    const auto right = quantity_in(call.context, o[1].as_quantity(), o[0].as_quantity().unit);
    return right ? quantity_or_null(o[0].as_quantity().value.modulo(*right), o[0].as_quantity().unit) : Value();
  }
  if (either(o, Kind::decimal)) return decimal_or_null(number_of(o[0]).modulo(number_of(o[1])));
  const std::int64_t left = o[0].as_long(), right = o[1].as_long();
  if (right == 0) return {};
  return whole(either(o, Kind::long_integer), right == -1 ? 0 : left % right, false);
}

Value negate(const Call& call, Operands o) {
  switch (o[0].kind()) {
    case Kind::decimal: return Value::decimal(o[0].as_decimal().negated(), o[0].written_places());
    case Kind::quantity: return Value::quantity(o[0].as_quantity().value.negated(), o[0].as_quantity().unit);
    case Kind::uncertain: {
      const std::array<Value, 1> low{o[0].as_uncertain().first}, high{o[0].as_uncertain().second};
      return Value::uncertain(negate(call, high), negate(call, low));
    }
    default:
      if (o[0].as_long() == INT64_MIN) return {};
      return whole(o[0].is(Kind::long_integer), -o[0].as_long(), false);
  }
}

Value abs_value(const Call& call, Operands o) {
  switch (o[0].kind()) {
    case Kind::decimal: return Value::decimal(o[0].as_decimal().magnitude(), o[0].written_places());
    case Kind::quantity: return Value::quantity(o[0].as_quantity().value.magnitude(), o[0].as_quantity().unit);
    case Kind::uncertain: refuse_uncertain("an absolute value");
    default: return o[0].as_long() < 0 ? negate(call, o) : o[0];
  }
}

namespace {

Value integer_or_null(Decimal value) {
  const auto result = value.to_integer();
  return result ? Value::integer(*result) : Value();
}

}  // namespace

Value ceiling(const Call&, Operands o) { return integer_or_null(number_of(o[0]).ceiling()); }
Value floor_value(const Call&, Operands o) { return integer_or_null(number_of(o[0]).floor()); }
Value truncate_value(const Call&, Operands o) { return integer_or_null(number_of(o[0]).truncated(0)); }

Value round_value(const Call&, Operands o) {
  if (o[0].is_null()) return {};
  const int places = o.size() < 2 || o[1].is_null() ? 0 : o[1].as_integer();
  if (places < 0) return {};
  if (o[0].is(Kind::quantity)) return Value::quantity(o[0].as_quantity().value.rounded(places), o[0].as_quantity().unit);
  return Value::decimal(number_of(o[0]).rounded(places));
}

Value exponential(const Call&, Operands o) {
  const auto result = number_of(o[0]).exponential();
  if (!result) throw EvaluationError("Exp: the result is too large for a Decimal");
  return Value::decimal(*result);
}

Value natural_logarithm(const Call&, Operands o) {
  const Decimal argument = number_of(o[0]);
  if (argument.is_zero()) throw EvaluationError("Ln: zero has no logarithm");
  return decimal_or_null(argument.natural_logarithm());
}

/// Log(argument, base) = Ln(argument) / Ln(base), exact for whole powers of the base.
Value logarithm(const Call&, Operands o) {
  const Decimal argument = number_of(o[0]), base = number_of(o[1]);
  const auto top = argument.natural_logarithm(), bottom = base.natural_logarithm();
  if (!top || !bottom || bottom->is_zero()) return {};
  const auto quotient = top->divided_by(*bottom);
  if (!quotient) return {};
  const Decimal nearest = quotient->rounded(0);
  const auto check = base.power(nearest);
  return Value::decimal(check && *check == argument ? nearest : *quotient);
}

/// Whole numbers give a whole number, or a Decimal when the exponent is negative: Power(2, -2) is 0.25.
Value power(const Call&, Operands o) {
  const bool decimal = either(o, Kind::decimal);
  const auto result = number_of(o[0]).power(number_of(o[1]));
  if (!result) return {};
  if (decimal || o[1].as_long() < 0) return Value::decimal(*result);
  const auto value = result->to_long();
  return value ? whole(either(o, Kind::long_integer), *value, false) : Value();
}

}  // namespace catchment::cql::implementations
