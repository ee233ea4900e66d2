// Collapse and Expand (CQL reference, Interval Operators).
#include <algorithm>
#include <array>

#include "cql/operators/bounds.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"
#include "cql/operators/temporal_units.h"

namespace catchment::cql::implementations {

namespace {

struct Piece {
  Value interval, start, end;
};

/// start <= end + per, at the precision of the per; without a per, start at most just after the end.
Truth continues(const Call& call, const Value& start, const Value& end, const QuantityPayload* per) {
  constexpr std::uint8_t at_most = Outcomes::less | Outcomes::equal;
  if (per == nullptr) {
    const Truth touching = certainty(outcomes(call.context, start, end), at_most);
    if (touching == Truth::yes) return touching;
    const Value next = successor_or_null(end);
    return next.is_null() ? touching : truth_or(touching, certainty(outcomes(call.context, start, next), at_most));
  }
  if (start.is_temporal() && end.is_temporal()) {
    Precision precision = calendar_step(per->unit);
    if (precision == Precision::week) precision = Precision::day;
    const auto reach = add_quantity(end.as_temporal().truncated(precision), *per, 1);
    if (!reach) return Truth::yes;
    return certainty(outcomes(call.context, start, Value::temporal(*reach), precision), at_most);
  }
  const Value step = end.is(Kind::quantity) ? Value::quantity(per->value, per->unit == "1" ? end.as_quantity().unit : per->unit) : Value::decimal(per->value);
  const std::array<Value, 2> sum{end, step};
  const Value reach = add(call, sum);
  return reach.is_null() ? Truth::unknown : certainty(outcomes(call.context, start, reach), at_most);
}

const QuantityPayload* per_of(Operands o) {
  if (o.size() < 2 || o[1].is_null()) return nullptr;
  const QuantityPayload& per = o[1].as_quantity();
  if (!(per.value > Decimal())) throw EvaluationError("the per of collapse and expand must be greater than zero");
  return &per;
}

Value merged(const Piece& first, const Piece& last) {
  const IntervalPayload &low = first.interval.as_interval(), &high = last.interval.as_interval();
  const bool low_known = !low.low.is_null(), high_known = !high.high.is_null();
  return Value::interval(low_known ? first.start : Value(), high_known ? last.end : Value(), low_known || low.low_closed, high_known || high.high_closed,
                         low.point);
}

}  // namespace

Value collapse(const Call& call, Operands o) {
  if (o[0].is_null()) return {};
  const QuantityPayload* per = per_of(o);
  std::vector<Piece> pieces;
  for (const Value& interval : o[0].as_list()) {
    if (interval.is_null()) continue;
    Piece piece{interval, interval_start(call.context, interval), interval_end(call.context, interval)};
    if (!piece.start.is_null() && !piece.end.is_null()) pieces.push_back(std::move(piece));
  }
  const auto low = [](const Value& v) -> const Value& { return v.is(Kind::uncertain) ? v.as_uncertain().first : v; };
  std::stable_sort(pieces.begin(), pieces.end(), [&](const Piece& a, const Piece& b) {
    const int by_start = sort_order(call.context, low(a.start), low(b.start));
    return by_start != 0 ? by_start < 0 : sort_order(call.context, low(a.end), low(b.end)) < 0;
  });
  std::vector<Value> result;
  for (std::size_t i = 0; i < pieces.size();) {
    const Piece& current = pieces[i++];
    Piece furthest = current;
    while (i < pieces.size() && continues(call, pieces[i].start, furthest.end, per) == Truth::yes) {
      if (certainty(outcomes(call.context, pieces[i].end, furthest.end), Outcomes::greater) == Truth::yes) furthest = pieces[i];
      ++i;
    }
    result.push_back(merged(current, furthest));
  }
  return Value::list(std::move(result));
}

namespace {

constexpr std::size_t most_pieces = 1'000'000;

void check_size(std::size_t count) {
  if (count > most_pieces) throw EvaluationError("expand would give more than a million pieces", "use a larger per or a shorter interval");
}

using Pieces = std::vector<std::pair<Value, Value>>;

/// The step to use when none is given: the coarsest precision of the boundaries.
QuantityPayload default_per(const Value& start, const Value& end) {
  if (start.is_temporal() && end.is_temporal()) {
    const Precision coarsest = std::min(start.as_temporal().precision, end.as_temporal().precision);
    return {Decimal::of(1), std::string(precision_name(coarsest))};
  }
  if (start.is(Kind::decimal) && end.is(Kind::decimal)) {
    const int places = std::min(start.written_places(), end.written_places());
    return {Decimal::of_scaled(static_cast<Int128>(power_of_ten(Decimal::places - places))), "1"};
  }
  if (start.is(Kind::quantity) && end.is(Kind::quantity)) return {Decimal::of(1), start.as_quantity().unit};
  return {Decimal::of(1), "1"};
}

void expand_temporal(const Temporal& start, const Temporal& end, const QuantityPayload& per, Pieces& pieces) {
  Precision precision = calendar_step(per.unit);
  if (precision == Precision::week) precision = Precision::day;
  if (start.precision < precision || end.precision < precision) return;
  const Temporal last = end.truncated(precision);
  for (std::optional<Temporal> at = start.truncated(precision); at && at->local_ms <= last.local_ms;) {
    const auto next = add_quantity(*at, per, 1);
    const bool wrapped = !next || next->local_ms <= at->local_ms;
    const auto piece_end = wrapped ? std::nullopt : predecessor(*next);
    const Temporal to = piece_end ? *piece_end : Temporal::maximum(at->kind).truncated(precision);
    if (to.local_ms > last.local_ms) return;
    check_size(pieces.size());
    pieces.emplace_back(Value::temporal(*at), Value::temporal(to));
    if (wrapped) return;
    at = next;
  }
}

Decimal amount_of(const Value& value) {
  return value.is(Kind::quantity) ? value.as_quantity().value : value.is(Kind::decimal) ? value.as_decimal() : Decimal::of(value.as_long());
}

Value like(const Value& model, Decimal amount, bool whole) {
  if (model.is(Kind::quantity)) return Value::quantity(amount, model.as_quantity().unit);
  if (model.is(Kind::decimal) || !whole) return Value::decimal(amount);
  const auto number = amount.to_long();
  return model.is(Kind::long_integer) ? Value::long_integer(number.value_or(0)) : Value::integer(static_cast<std::int32_t>(number.value_or(0)));
}

/// Numbers are cut to the places of the per; a whole-number boundary reaches to the last value that begins with it.
void expand_numeric(Context& context, const Value& start, const Value& end, const QuantityPayload& per, Pieces& pieces) {
  Decimal step = per.value;
  if (start.is(Kind::quantity) && per.unit != start.as_quantity().unit && per.unit != "1") {
    const auto converted = quantity_in(context, per, start.as_quantity().unit);
    if (!converted) return;
    step = *converted;
  }
  const int places = step.significant_places();
  const Decimal point = Decimal::of_scaled(static_cast<Int128>(power_of_ten(Decimal::places - places)));
  const bool is_whole = start.is(Kind::integer) || start.is(Kind::long_integer);
  Decimal high = amount_of(end).truncated(places);
  if (is_whole && places > 0) high = Decimal::of_scaled(high.scaled() + Decimal::unit - point.scaled());
  const bool whole_step = places == 0;
  for (Decimal at = amount_of(start).truncated(places);;) {
    const auto next = at.plus(step);
    if (!next) return;
    const auto to = next->minus(point);
    if (!to || *to > high) return;
    check_size(pieces.size());
    pieces.emplace_back(like(start, at, whole_step), like(start, *to, whole_step));
    at = *next;
  }
}

Pieces expanded(const Call& call, const Value& interval, const QuantityPayload* per) {
  const Value start = interval_start(call.context, interval), end = interval_end(call.context, interval);
  Pieces pieces;
  if (start.is_null() || end.is_null() || start.is(Kind::uncertain) || end.is(Kind::uncertain)) return pieces;
  const QuantityPayload chosen = per != nullptr ? QuantityPayload(per->value, per->unit) : default_per(start, end);
  if (start.is_temporal() && end.is_temporal()) expand_temporal(start.as_temporal(), end.as_temporal(), chosen, pieces);
  else expand_numeric(call.context, start, end, chosen, pieces);
  return pieces;
}

}  // namespace

Value expand(const Call& call, Operands o) {
  if (o[0].is_null()) return {};
  const QuantityPayload* per = per_of(o);
  std::vector<Value> result;
  if (o[0].is(Kind::interval)) {
    for (auto& [start, end] : expanded(call, o[0], per)) result.push_back(std::move(start));
    call.context.check_elements(result.size());
    return Value::list(std::move(result));
  }
  std::size_t sources = 0;
  for (const Value& interval : o[0].as_list()) {
    if (interval.is_null()) continue;
    ++sources;
    for (auto& [start, end] : expanded(call, interval, per)) result.push_back(Value::interval(std::move(start), std::move(end), true, true));
    check_size(result.size());
    call.context.check_elements(result.size());
  }
  Value list = Value::list(std::move(result));
  if (sources < 2) return list;
  const std::array<Value, 1> operand{list};
  return distinct(call, operand);
}

}  // namespace catchment::cql::implementations
