// Relations between intervals and points (CQL reference, Interval Operators). Each is stated over Start and End, so
// null, open and unknown boundaries follow from bounds.h.
#include <array>

#include "cql/operators/bounds.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

namespace {

constexpr std::uint8_t at_most = Outcomes::less | Outcomes::equal, at_least = Outcomes::greater | Outcomes::equal;

struct Ends {
  Value start, end;
};

/// A point stands for the interval from itself to itself.
Ends ends_of(Context& context, const Value& value) {
  if (!value.is(Kind::interval)) return {value, value};
  return {interval_start(context, value), interval_end(context, value)};
}

Truth relation(const Call& call, const Value& a, const Value& b, std::uint8_t wanted) {
  return certainty(outcomes(call.context, a, b, call.precision), wanted);
}

/// An interval without bounds takes its point type from the other operand when inclusion is asked.
Value typed_like(const Value& interval, const Value& other) {
  const IntervalPayload& payload = interval.as_interval();
  if (payload.point != Kind::null) return interval;
  return Value::interval({}, {}, payload.low_closed, payload.high_closed, other.as_interval().point);
}

}  // namespace

Value before_interval(const Call& call, Operands o) {
  return Value::of(relation(call, ends_of(call.context, o[0]).end, ends_of(call.context, o[1]).start, Outcomes::less));
}
Value after_interval(const Call& call, Operands o) {
  return Value::of(relation(call, ends_of(call.context, o[0]).start, ends_of(call.context, o[1]).end, Outcomes::greater));
}
Value same_or_before_interval(const Call& call, Operands o) {
  return Value::of(relation(call, ends_of(call.context, o[0]).end, ends_of(call.context, o[1]).start, at_most));
}
Value same_or_after_interval(const Call& call, Operands o) {
  return Value::of(relation(call, ends_of(call.context, o[0]).start, ends_of(call.context, o[1]).end, at_least));
}

Value same_interval(const Call& call, Operands o) {
  const Ends a = ends_of(call.context, o[0]), b = ends_of(call.context, o[1]);
  return Value::of(truth_and(relation(call, a.start, b.start, Outcomes::equal), relation(call, a.end, b.end, Outcomes::equal)));
}

namespace {

/// Membership of a point: open boundaries compare exclusively, closed null boundaries hold.
Truth point_in(const Call& call, const Value& point, const Value& interval) {
  const IntervalPayload& payload = interval.as_interval();
  if (payload.low.is_null() && payload.high.is_null() && payload.point == Kind::null) return Truth::no;
  const auto side = [&](bool low) {
    const Value& bound = low ? payload.low : payload.high;
    const bool closed = low ? payload.low_closed : payload.high_closed;
    const std::uint8_t inclusive = low ? at_least : at_most;
    if (bound.is_null() && closed) return Truth::yes;
    if (bound.is_null()) return relation(call, point, low ? interval_start(call.context, interval) : interval_end(call.context, interval), inclusive);
    return relation(call, point, bound, closed ? inclusive : static_cast<std::uint8_t>(inclusive & ~Outcomes::equal));
  };
  return truth_and(side(true), side(false));
}

Truth properly_in(const Call& call, const Value& point, const Value& interval) {
  const Ends ends = ends_of(call.context, interval);
  const Truth inside = truth_and(relation(call, point, ends.start, Outcomes::greater), relation(call, point, ends.end, Outcomes::less));
  return truth_and(point_in(call, point, interval), inside);
}

Value membership(const Call& call, const Value& point, const Value& interval, bool properly) {
  if (interval.is_null()) return Value::boolean(false);
  if (point.is_null()) return {};
  return Value::of(properly ? properly_in(call, point, interval) : point_in(call, point, interval));
}

Truth includes(const Call& call, const Value& whole, const Value& part, bool properly) {
  const Ends a = ends_of(call.context, typed_like(whole, part)), b = ends_of(call.context, typed_like(part, whole));
  const Truth covers = truth_and(relation(call, a.start, b.start, at_most), relation(call, a.end, b.end, at_least));
  if (!properly) return covers;
  const Truth same = truth_and(relation(call, a.start, b.start, Outcomes::equal), relation(call, a.end, b.end, Outcomes::equal));
  return truth_and(covers, truth_not(same));
}

}  // namespace

Value interval_contains(const Call& call, Operands o) { return membership(call, o[1], o[0], false); }
Value in_interval(const Call& call, Operands o) { return membership(call, o[0], o[1], false); }
Value interval_properly_contains(const Call& call, Operands o) { return membership(call, o[1], o[0], true); }
Value properly_in_interval(const Call& call, Operands o) { return membership(call, o[0], o[1], true); }
Value interval_includes(const Call& call, Operands o) { return Value::of(includes(call, o[0], o[1], false)); }
Value interval_included_in(const Call& call, Operands o) { return Value::of(includes(call, o[1], o[0], false)); }
Value interval_properly_includes(const Call& call, Operands o) { return Value::of(includes(call, o[0], o[1], true)); }
Value interval_properly_included_in(const Call& call, Operands o) { return Value::of(includes(call, o[1], o[0], true)); }

Value starts(const Call& call, Operands o) {
  const Ends a = ends_of(call.context, o[0]), b = ends_of(call.context, o[1]);
  return Value::of(truth_and(relation(call, a.start, b.start, Outcomes::equal), relation(call, a.end, b.end, at_most)));
}

Value ends(const Call& call, Operands o) {
  const Ends a = ends_of(call.context, o[0]), b = ends_of(call.context, o[1]);
  return Value::of(truth_and(relation(call, a.start, b.start, at_least), relation(call, a.end, b.end, Outcomes::equal)));
}

namespace {

/// The point after `end`, at the precision of the comparison.
Value next_point(const Call& call, const Value& end) {
  if (end.is_temporal() && call.precision != Precision::none) return successor_or_null(Value::temporal(end.as_temporal().truncated(call.precision)));
  return successor_or_null(end);
}

Truth meets_at(const Call& call, const Value& end, const Value& start) {
  if (end.is_null() || start.is_null()) return Truth::unknown;
  const Value next = next_point(call, end);
  return next.is_null() ? Truth::no : relation(call, next, start, Outcomes::equal);
}

Truth overlap(const Call& call, const Ends& a, const Ends& b) {
  return truth_and(relation(call, a.start, b.end, at_most), relation(call, b.start, a.end, at_most));
}

}  // namespace

Value meets_before(const Call& call, Operands o) { return Value::of(meets_at(call, ends_of(call.context, o[0]).end, ends_of(call.context, o[1]).start)); }
Value meets_after(const Call& call, Operands o) { return Value::of(meets_at(call, ends_of(call.context, o[1]).end, ends_of(call.context, o[0]).start)); }
Value meets(const Call& call, Operands o) { return Value::of(truth_or(meets_before(call, o).truth(), meets_after(call, o).truth())); }

Value overlaps(const Call& call, Operands o) { return Value::of(overlap(call, ends_of(call.context, o[0]), ends_of(call.context, o[1]))); }
Value overlaps_before(const Call& call, Operands o) {
  const Ends a = ends_of(call.context, o[0]), b = ends_of(call.context, o[1]);
  return Value::of(truth_and(relation(call, a.start, b.start, Outcomes::less), overlap(call, a, b)));
}
Value overlaps_after(const Call& call, Operands o) {
  const Ends a = ends_of(call.context, o[0]), b = ends_of(call.context, o[1]);
  return Value::of(truth_and(relation(call, a.end, b.end, Outcomes::greater), overlap(call, a, b)));
}

Value start_of(const Call& call, Operands o) { return interval_start(call.context, o[0]); }
Value end_of(const Call& call, Operands o) { return interval_end(call.context, o[0]); }

Value point_from(const Call& call, Operands o) {
  const Ends ends = ends_of(call.context, o[0]);
  if (ends.start.is_null() || ends.end.is_null()) return {};
  if (is_equal(call.context, ends.start, ends.end) != Truth::yes)
    throw EvaluationError("point from: the interval holds more than one point", "use start of or end of");
  return ends.start;
}

namespace {

Value distance(const Call& call, const Value& interval, bool with_point) {
  const Ends ends = ends_of(call.context, interval);
  if (ends.start.is_null() || ends.end.is_null()) return {};
  if (ends.start.is_temporal() || ends.end.is_temporal())
    throw EvaluationError("intervals of dates and times have no width", "use `difference in days between` or `days between`");
  const std::array<Value, 2> operands{ends.end, ends.start};
  Value result = subtract(call, operands);
  if (!with_point || result.is_null()) return result;
  const Value step = ends.start.is(Kind::quantity) ? Value::quantity(Decimal::of_scaled(1), ends.start.as_quantity().unit)
      : ends.start.is(Kind::decimal)               ? Value::decimal(Decimal::of_scaled(1))
                                                   : Value::integer(1);
  const std::array<Value, 2> sum{result, step};
  return add(call, sum);
}

}  // namespace

Value width(const Call& call, Operands o) { return distance(call, o[0], false); }
Value size(const Call& call, Operands o) { return distance(call, o[0], true); }

namespace {

struct Bound {
  Value value;
  bool closed = true;
};

Bound low_bound(Context& context, const Value& interval) {
  const IntervalPayload& payload = interval.as_interval();
  if (payload.low.is_null()) return {{}, payload.low_closed};
  return {interval_start(context, interval), true};
}

Bound high_bound(Context& context, const Value& interval) {
  const IntervalPayload& payload = interval.as_interval();
  if (payload.high.is_null()) return {{}, payload.high_closed};
  return {interval_end(context, interval), true};
}

/// The bound of the operand whose end is certainly on the wanted side; an unknown bound when that is open.
Bound pick(Truth first, const Bound& a, const Bound& b) {
  if (first == Truth::unknown) return {{}, false};
  return first == Truth::yes ? a : b;
}

Value joined(const Call& call, const Value& left, const Value& right, bool outer) {
  const Ends a = ends_of(call.context, left), b = ends_of(call.context, right);
  const std::uint8_t low_side = outer ? at_most : at_least, high_side = outer ? at_least : at_most;
  const Bound low = pick(relation(call, a.start, b.start, low_side), low_bound(call.context, left), low_bound(call.context, right));
  const Bound high = pick(relation(call, a.end, b.end, high_side), high_bound(call.context, left), high_bound(call.context, right));
  return Value::interval(low.value, high.value, low.closed, high.closed, left.as_interval().point);
}

}  // namespace

Value interval_union(const Call& call, Operands o) {
  const Truth touching = truth_or(overlaps(call, o).truth(), meets(call, o).truth());
  return touching == Truth::yes ? joined(call, o[0], o[1], true) : Value();
}

Value interval_intersect(const Call& call, Operands o) { return overlaps(call, o).is_true() ? joined(call, o[0], o[1], false) : Value(); }

Value interval_except(const Call& call, Operands o) {
  const Truth overlapping = overlaps(call, o).truth();
  if (overlapping == Truth::no) return o[0];
  if (overlapping == Truth::unknown) return {};
  const Ends a = ends_of(call.context, o[0]), b = ends_of(call.context, o[1]);
  const Truth starts_inside = relation(call, b.start, a.start, Outcomes::greater);
  const Truth ends_inside = relation(call, b.end, a.end, Outcomes::less);
  if (starts_inside == Truth::yes && ends_inside == Truth::no) {
    const Bound low = low_bound(call.context, o[0]);
    return Value::interval(low.value, predecessor_or_null(b.start), low.closed, true);
  }
  if (starts_inside == Truth::no && ends_inside == Truth::yes) {
    const Bound high = high_bound(call.context, o[0]);
    return Value::interval(successor_or_null(b.end), high.value, true, high.closed);
  }
  return {};
}

}  // namespace catchment::cql::implementations
