#include "cql/operators/bounds.h"

#include "cql/operators/relations.h"

namespace catchment::cql {

namespace {

Value extreme(Kind kind, const Value& like, bool least) {
  const auto temporal = [least](TemporalKind k) { return Value::temporal(least ? Temporal::minimum(k) : Temporal::maximum(k)); };
  switch (kind) {
    case Kind::integer: return Value::integer(least ? INT32_MIN : INT32_MAX);
    case Kind::long_integer: return Value::long_integer(least ? INT64_MIN : INT64_MAX);
    case Kind::decimal: return Value::decimal(least ? Decimal::minimum() : Decimal::maximum());
    case Kind::date: return temporal(TemporalKind::date);
    case Kind::datetime: return temporal(TemporalKind::datetime);
    case Kind::time: return temporal(TemporalKind::time);
    case Kind::quantity: return Value::quantity(least ? Decimal::minimum() : Decimal::maximum(), like.is(Kind::quantity) ? like.as_quantity().unit : "1");
    default: return {};
  }
}

Value step(const Value& value, bool up) {
  const Decimal smallest = Decimal::of_scaled(up ? 1 : -1);
  const auto decimal = [&](Decimal number) -> std::optional<Decimal> {
    if (up ? number >= Decimal::maximum() : number <= Decimal::minimum()) return std::nullopt;
    return number.plus(smallest);
  };
  switch (value.kind()) {
    case Kind::integer:
      if (value.as_integer() == (up ? INT32_MAX : INT32_MIN)) return {};
      return Value::integer(value.as_integer() + (up ? 1 : -1));
    case Kind::long_integer:
      if (value.as_long() == (up ? INT64_MAX : INT64_MIN)) return {};
      return Value::long_integer(value.as_long() + (up ? 1 : -1));
    case Kind::decimal: {
      const auto next = decimal(value.as_decimal());
      return next ? Value::decimal(*next) : Value();
    }
    case Kind::quantity: {
      const auto next = decimal(value.as_quantity().value);
      return next ? Value::quantity(*next, value.as_quantity().unit) : Value();
    }
    case Kind::date:
    case Kind::datetime:
    case Kind::time: {
      const auto next = up ? successor(value.as_temporal()) : predecessor(value.as_temporal());
      return next ? Value::temporal(*next) : Value();
    }
    case Kind::uncertain: {
      Value low = step(value.as_uncertain().first, up), high = step(value.as_uncertain().second, up);
      if (low.is_null()) low = value.as_uncertain().first;   // clamp at the end of the range
      if (high.is_null()) high = value.as_uncertain().second;
      return Value::uncertain(std::move(low), std::move(high));
    }
    default: return {};
  }
}

const Value& low_of(const Value& value) { return value.is(Kind::uncertain) ? value.as_uncertain().first : value; }
const Value& high_of(const Value& value) { return value.is(Kind::uncertain) ? value.as_uncertain().second : value; }

Kind point_kind(const IntervalPayload& interval) {
  const Value& known = !interval.low.is_null() ? interval.low : interval.high;
  return known.is_null() ? interval.point : low_of(known).kind();
}

}  // namespace

Value minimum_of(Kind kind, const Value& like) { return extreme(kind, like, true); }
Value maximum_of(Kind kind, const Value& like) { return extreme(kind, like, false); }
Value successor_or_null(const Value& value) { return step(value, true); }
Value predecessor_or_null(const Value& value) { return step(value, false); }

Value interval_start(Context& context, const Value& value) {
  const IntervalPayload& interval = value.as_interval();
  if (!interval.low.is_null()) return interval.low_closed ? interval.low : successor_or_null(interval.low);
  const Kind kind = point_kind(interval);
  Value least = minimum_of(kind, interval.high);
  if (interval.low_closed || least.is_null()) return least;
  Value last = interval.high.is_null() ? maximum_of(kind) : interval_end(context, value);
  return last.is_null() ? Value() : Value::uncertain(std::move(least), high_of(last));
}

Value interval_end(Context& context, const Value& value) {
  const IntervalPayload& interval = value.as_interval();
  if (!interval.high.is_null()) return interval.high_closed ? interval.high : predecessor_or_null(interval.high);
  const Kind kind = point_kind(interval);
  Value greatest = maximum_of(kind, interval.low);
  if (interval.high_closed || greatest.is_null()) return greatest;
  Value first = interval.low.is_null() ? minimum_of(kind) : interval_start(context, value);
  return first.is_null() ? Value() : Value::uncertain(low_of(first), std::move(greatest));
}

Value checked_interval(Context& context, Value low, Value high, bool low_closed, bool high_closed, Kind point) {
  Value interval = Value::interval(std::move(low), std::move(high), low_closed, high_closed, point);
  const IntervalPayload& payload = interval.as_interval();
  if (payload.low.is_null() || payload.high.is_null()) return interval;
  if (outcomes(context, interval_start(context, interval), interval_end(context, interval)) == Outcomes::greater ||
      outcomes(context, payload.low, payload.high) == Outcomes::greater)
    throw EvaluationError("an interval ends before it starts", "write the lower bound first");
  return interval;
}

}  // namespace catchment::cql
