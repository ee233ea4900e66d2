// Date, DateTime and Time: construction, components, arithmetic, durations and differences.
#include <array>

#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"
#include "cql/operators/temporal_units.h"

namespace catchment::cql {

Precision calendar_step(const std::string& unit) {
  if (const Precision calendar = calendar_unit(unit); calendar != Precision::none) return calendar;
  constexpr std::array<std::pair<std::string_view, Precision>, 6> definite{{{"wk", Precision::week},
                                                                            {"d", Precision::day},
                                                                            {"h", Precision::hour},
                                                                            {"min", Precision::minute},
                                                                            {"s", Precision::second},
                                                                            {"ms", Precision::millisecond}}};
  for (const auto& [code, precision] : definite)
    if (unit == code) return precision;
  if (unit == "a" || unit == "mo")
    throw EvaluationError("'" + unit + "' is a definite duration and cannot be added to a date",
                          std::string("write ") + (unit == "a" ? "years" : "months") + " without quotes");
  throw EvaluationError("'" + unit + "' is not a unit of time", "use years, months, weeks, days, hours, minutes, seconds or milliseconds");
}

std::optional<Temporal> add_quantity(const Temporal& value, const QuantityPayload& quantity, int count) {
  const Precision unit = calendar_step(quantity.unit);
  if (unit == Precision::second && value.has(Precision::millisecond) && !quantity.value.is_whole()) {
    const auto milliseconds = quantity.value.times(Decimal::of(1000 * count));
    const auto whole = milliseconds ? milliseconds->truncated(0).to_long() : std::nullopt;
    return whole ? add(value, *whole, Precision::millisecond) : std::nullopt;
  }
  const auto amount = quantity.value.truncated(0).to_long();
  if (!amount || *amount > INT64_MAX / 2 || *amount < -(INT64_MAX / 2)) return std::nullopt;
  return add(value, *amount * count, unit);
}

}  // namespace catchment::cql

namespace catchment::cql::implementations {

namespace {

Value moved(Operands o, int direction) {
  const Temporal value = o[0].as_temporal();
  const Precision unit = calendar_step(o[1].as_quantity().unit);
  if (value.kind == TemporalKind::time && unit < Precision::hour)
    throw EvaluationError("a time of day has no days to add to", "add hours, minutes, seconds or milliseconds");
  const auto result = add_quantity(value, o[1].as_quantity(), direction);
  if (!result) throw EvaluationError("date arithmetic left the years 1 to 9999");
  return Value::temporal(*result);
}

/// Components from the coarsest down to the first null; null after null, an error after a gap.
std::optional<Temporal> construct(TemporalKind kind, Operands o, std::size_t count, Precision first) {
  std::array<int, 7> parts{1, 1, 1, 0, 0, 0, 0};
  if (kind == TemporalKind::time) parts = {0, 0, 0, 0, 0, 0, 0};
  std::size_t given = 0;
  bool ended = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (o[i].is_null()) {
      ended = true;
      continue;
    }
    if (ended) throw EvaluationError("a date or time component is given after one that is null");
    parts[i] = o[i].as_integer();
    ++given;
  }
  if (given == 0) return std::nullopt;
  TemporalFields f;
  if (kind == TemporalKind::time) f = {1, 1, 1, parts[0], parts[1], parts[2], parts[3]};
  else f = {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]};
  int precision = static_cast<int>(first) + static_cast<int>(given) - 1;
  if (first == Precision::year && precision >= static_cast<int>(Precision::week)) ++precision;  // weeks are no component
  const auto result = Temporal::of(kind, f, static_cast<Precision>(precision));
  if (!result) throw EvaluationError("there is no such date or time");
  return result;
}

Value whole_range(const Range& range) {
  if (range.low < INT32_MIN || range.high > INT32_MAX) return {};
  return Value::uncertain(Value::integer(static_cast<std::int32_t>(range.low)), Value::integer(static_cast<std::int32_t>(range.high)));
}

/// Date and DateTime operands on one footing.
std::pair<Temporal, Temporal> aligned(Operands o) {
  Temporal a = o[0].as_temporal(), b = o[1].as_temporal();
  if (a.kind != b.kind) a.kind = b.kind = TemporalKind::datetime;
  return {a, b};
}

}  // namespace

Value add_to_temporal(const Call&, Operands o) { return moved(o, 1); }
Value subtract_from_temporal(const Call&, Operands o) { return moved(o, -1); }

Value make_date(const Call&, Operands o) {
  const auto result = construct(TemporalKind::date, o, o.size(), Precision::year);
  return result ? Value::temporal(*result) : Value();
}

Value make_datetime(const Call&, Operands o) {
  auto result = construct(TemporalKind::datetime, o, o.size() < 7 ? o.size() : 7, Precision::year);
  if (!result) return {};
  if (o.size() == 8 && !o[7].is_null()) {
    const auto minutes = o[7].as_decimal().times(Decimal::of(60));
    const auto offset = minutes ? minutes->rounded(0).to_integer() : std::nullopt;
    if (!offset || *offset < -14 * 60 || *offset > 14 * 60) throw EvaluationError("a timezone offset lies between -14 and +14 hours");
    result->offset_minutes = static_cast<std::int16_t>(*offset);
  }
  return Value::temporal(*result);
}

Value make_time(const Call&, Operands o) {
  const auto result = construct(TemporalKind::time, o, o.size(), Precision::hour);
  return result ? Value::temporal(*result) : Value();
}

Value now(const Call& call, Operands) { return Value::temporal(call.context.request_time); }

Value today(const Call& call, Operands) {
  Temporal t = call.context.request_time.truncated(Precision::day);
  t.kind = TemporalKind::date;
  t.offset_minutes = Temporal::no_offset;
  return Value::temporal(t);
}

namespace {

Temporal time_part(const Temporal& value) {
  constexpr std::int64_t ms_day = 86'400'000;
  Temporal t = value;
  t.local_ms = ((value.local_ms % ms_day) + ms_day) % ms_day;
  t.kind = TemporalKind::time;
  t.offset_minutes = Temporal::no_offset;
  return t;
}

}  // namespace

Value time_of_day(const Call& call, Operands) { return Value::temporal(time_part(call.context.request_time)); }

Value duration(const Call& call, Operands o) {
  const auto [a, b] = aligned(o);
  return whole_range(duration_between(a, b, call.precision, call.context.default_offset()));
}

Value difference(const Call& call, Operands o) {
  const auto [a, b] = aligned(o);
  return whole_range(difference_between(a, b, call.precision, call.context.default_offset()));
}

Value component_from(const Call& call, Operands o) {
  const auto component = o[0].as_temporal().component(call.precision);
  return component ? Value::integer(*component) : Value();
}

Value date_from(const Call&, Operands o) {
  Temporal t = o[0].as_temporal().truncated(Precision::day);
  t.kind = TemporalKind::date;
  t.offset_minutes = Temporal::no_offset;
  return Value::temporal(t);
}

/// On the clock of the request.
Value time_from(const Call& call, Operands o) {
  Temporal t = o[0].as_temporal();
  if (!t.has(Precision::hour)) return {};
  const std::int16_t clock = call.context.default_offset();
  if (t.offset_minutes != Temporal::no_offset) t = t.at_offset(clock, clock);
  return Value::temporal(time_part(t));
}

Value offset_from(const Call& call, Operands o) {
  const Temporal t = o[0].as_temporal();
  const std::int16_t minutes = t.offset_minutes == Temporal::no_offset ? call.context.default_offset() : t.offset_minutes;
  const auto hours = Decimal::of(minutes).divided_by(Decimal::of(60));
  return Value::decimal(*hours);
}

Value before_point(const Call& call, Operands o) { return Value::of(certainty(outcomes(call.context, o[0], o[1], call.precision), Outcomes::less)); }
Value after_point(const Call& call, Operands o) { return Value::of(certainty(outcomes(call.context, o[0], o[1], call.precision), Outcomes::greater)); }
Value same_point(const Call& call, Operands o) { return Value::of(certainty(outcomes(call.context, o[0], o[1], call.precision), Outcomes::equal)); }
Value same_or_before_point(const Call& call, Operands o) {
  return Value::of(certainty(outcomes(call.context, o[0], o[1], call.precision), Outcomes::less | Outcomes::equal));
}
Value same_or_after_point(const Call& call, Operands o) {
  return Value::of(certainty(outcomes(call.context, o[0], o[1], call.precision), Outcomes::greater | Outcomes::equal));
}

}  // namespace catchment::cql::implementations
