// Boundaries, precision, least and greatest values, successor and predecessor (CQL reference, Arithmetic Operators).
#include <array>

#include "cql/operators/bounds.h"
#include "cql/operators/context.h"
#include "cql/operators/implementations.h"

namespace catchment::cql::implementations {

namespace {

/// The decimal's unknown digits filled with nines (high) or zeros (low): 1.587 to 8 places is 1.58799999.
Value decimal_boundary(const Value& value, int places, bool high) {
  if (places < 0 || places > Decimal::places) return {};
  const Decimal number = value.as_decimal();
  const int written = value.written_places();
  if (places < written) {  // coarser than written: the next value at that precision
    const Decimal cut = number.truncated(places);
    const Decimal unit = Decimal::of_scaled(static_cast<Int128>(power_of_ten(Decimal::places - places)));
    if (cut == number || number.is_negative() == high) return Value::decimal(cut, places);
    const auto next = high ? cut.plus(unit) : cut.minus(unit);
    return next ? Value::decimal(*next, places) : Value();
  }
  const auto slack = static_cast<Int128>(power_of_ten(Decimal::places - written) - power_of_ten(Decimal::places - places));
  const bool away_from_zero = number.is_negative() != high;
  if (!away_from_zero) return Value::decimal(number, places);
  const auto result = number.plus(Decimal::of_scaled(high ? slack : -slack));
  return result ? Value::decimal(*result, places) : Value();
}

/// Digits of a temporal precision: 4 for a year, 17 for milliseconds of a DateTime, 9 of a Time.
struct Digits {
  Precision precision;
  int date_digits, time_digits;
};
constexpr std::array<Digits, 7> digits{{{Precision::year, 4, 0},
                                        {Precision::month, 6, 0},
                                        {Precision::day, 8, 0},
                                        {Precision::hour, 10, 2},
                                        {Precision::minute, 12, 4},
                                        {Precision::second, 14, 6},
                                        {Precision::millisecond, 17, 9}}};

Value temporal_boundary(const Value& value, int wanted, bool high) {
  const Temporal t = value.as_temporal();
  for (const Digits& row : digits) {
    const int count = t.kind == TemporalKind::time ? row.time_digits : row.date_digits;
    if (count != wanted || count == 0 || row.precision > t.finest()) continue;
    return Value::temporal((high ? t.highest() : t.lowest()).truncated(row.precision));
  }
  return {};
}

Value boundary(Operands o, bool high) {
  if (o[0].is_null()) return {};
  const bool given = o.size() > 1 && !o[1].is_null();
  if (o[0].is_temporal()) {
    const Temporal t = o[0].as_temporal();
    const int finest = t.kind == TemporalKind::date ? 8 : t.kind == TemporalKind::time ? 9 : 17;
    return temporal_boundary(o[0], given ? o[1].as_integer() : finest, high);
  }
  const Value number = o[0].is(Kind::decimal) ? o[0] : Value::decimal(Decimal::of(o[0].as_long()), 0);
  return decimal_boundary(number, given ? o[1].as_integer() : Decimal::places, high);
}

}  // namespace

Value high_boundary(const Call&, Operands o) { return boundary(o, true); }
Value low_boundary(const Call&, Operands o) { return boundary(o, false); }

Value precision_of(const Call&, Operands o) {
  if (o[0].is(Kind::decimal)) return Value::integer(o[0].written_places());
  if (!o[0].is_temporal()) return Value::integer(0);
  const Temporal t = o[0].as_temporal();
  for (const Digits& row : digits)
    if (row.precision == t.precision) return Value::integer(t.kind == TemporalKind::time ? row.time_digits : row.date_digits);
  return {};
}

Value successor_of(const Call&, Operands o) {
  Value next = successor_or_null(o[0]);
  if (next.is_null()) throw EvaluationError("there is no successor of the greatest value of a type");
  return next;
}

Value predecessor_of(const Call&, Operands o) {
  Value previous = predecessor_or_null(o[0]);
  if (previous.is_null()) throw EvaluationError("there is no predecessor of the least value of a type");
  return previous;
}

namespace {

Kind ordered_kind(const Type& type) {
  switch (type.kind()) {
    case TypeKind::integer: return Kind::integer;
    case TypeKind::long_integer: return Kind::long_integer;
    case TypeKind::decimal: return Kind::decimal;
    case TypeKind::quantity: return Kind::quantity;
    case TypeKind::date: return Kind::date;
    case TypeKind::date_time: return Kind::datetime;
    case TypeKind::time: return Kind::time;
    default: throw EvaluationError(to_string(type) + " has no minimum or maximum");
  }
}

}  // namespace

Value minimum_value(const Call& call, Operands) { return minimum_of(ordered_kind(call.result)); }
Value maximum_value(const Call& call, Operands) { return maximum_of(ordered_kind(call.result)); }

}  // namespace catchment::cql::implementations
