#include "measures/clause_days.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace catchment::measures {

using cql::Kind;
using cql::NodeKind;
using cql::Value;

namespace {

template <typename T>
const T& as(const cql::Node& node) {
  return static_cast<const T&>(node);
}

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

constexpr std::int64_t day_ms = 86'400'000, margin_days = 2;

std::int64_t day_of(std::int64_t local_ms) { return (local_ms >= 0 ? local_ms : local_ms - day_ms + 1) / day_ms; }

struct Days {
  std::int64_t low = INT64_MIN, high = INT64_MAX;
};

/// The days a point may lie on, read at the precision of the comparison.
std::optional<Days> days_of_point(const Value& point, cql::Precision precision) {
  if (point.is_null()) return Days{};
  if (point.is(Kind::uncertain)) {
    const auto low = days_of_point(point.as_uncertain().first, precision), high = days_of_point(point.as_uncertain().second, precision);
    if (!low || !high) return std::nullopt;
    return Days{low->low, high->high};
  }
  if (!point.is(Kind::date) && !point.is(Kind::datetime)) return std::nullopt;
  cql::Temporal time = point.as_temporal();
  if (precision != cql::Precision::none) time = time.truncated(precision);
  return Days{day_of(time.lowest().local_ms) - margin_days, day_of(time.highest().local_ms) + margin_days};
}

struct Ends {
  Days start, end;
};

std::optional<Ends> ends_of(const Value& value, cql::Precision precision) {
  if (value.is_null()) return std::nullopt;
  const bool interval = value.is(Kind::interval);
  const auto start = days_of_point(interval ? value.as_interval().low : value, precision);
  const auto end = days_of_point(interval ? value.as_interval().high : value, precision);
  if (!start || !end) return std::nullopt;
  return Ends{*start, *end};
}

enum class Relation : std::uint8_t { none, before, after, within, covers, overlaps };

/// What the operator says of its left operand, or of its right one.
Relation relation_of(std::string_view name, bool of_left) {
  struct Row {
    std::string_view name;
    Relation left, right;
  };
  using R = Relation;
  static constexpr std::array rows{Row{"Less", R::before, R::after},
                                   Row{"LessOrEqual", R::before, R::after},
                                   Row{"Before", R::before, R::after},
                                   Row{"SameOrBefore", R::before, R::after},
                                   Row{"Greater", R::after, R::before},
                                   Row{"GreaterOrEqual", R::after, R::before},
                                   Row{"After", R::after, R::before},
                                   Row{"SameOrAfter", R::after, R::before},
                                   Row{"Equal", R::within, R::within},
                                   Row{"SameAs", R::within, R::within},
                                   Row{"In", R::within, R::covers},
                                   Row{"IncludedIn", R::within, R::covers},
                                   Row{"ProperIn", R::within, R::covers},
                                   Row{"ProperlyIncludedIn", R::within, R::covers},
                                   Row{"Contains", R::covers, R::within},
                                   Row{"Includes", R::covers, R::within},
                                   Row{"ProperContains", R::covers, R::within},
                                   Row{"ProperlyIncludes", R::covers, R::within},
                                   Row{"Overlaps", R::overlaps, R::overlaps},
                                   Row{"OverlapsBefore", R::overlaps, R::overlaps},
                                   Row{"OverlapsAfter", R::overlaps, R::overlaps}};
  for (const Row& row : rows)
    if (row.name == name) return of_left ? row.left : row.right;
  return Relation::none;
}

bool is_day_type(const cql::Type& type) { return type.is(cql::TypeKind::date); }

}  // namespace

ClauseReader::ClauseReader(const cql::Program& program, const cql::Request& request) : program_(program), walk_(program, request, nullptr, context_) {
  context_.request_time = request.time;
}

const cql::TypedFunction& ClauseReader::function(const cql::FunctionCall& call) const { return program_.libraries[at(call.library)].functions[at(call.index)]; }

const Surroundings& ClauseReader::call(const cql::FunctionCall& call, const Surroundings& around) {
  Surroundings& inside = new_surroundings();
  for (std::size_t i = 0; i < call.arguments.size(); ++i) inside.slots[static_cast<std::int32_t>(i)] = {call.arguments[i].get(), &around};
  return inside;
}

std::optional<Value> ClauseReader::constant(const cql::Node& node) {
  const auto known = constants_.find(&node);
  if (known != constants_.end()) return known->second;
  std::optional<Value> value;
  if (is_closed(node)) {
    try {
      value = walk_.alone(node);
    } catch (const cql::EvaluationError&) { value = std::nullopt; }
  }
  constants_.emplace(&node, value);
  return value;
}

ClauseReader::Seen ClauseReader::see(const cql::Node& node, const Surroundings& around, const RowSlot& row) {
  ++steps_;
  if (is_too_much() || depth_ > deepest) return {};
  ++depth_;
  Seen seen = see_here(node, around, row);
  --depth_;
  return seen;
}

ClauseReader::Seen ClauseReader::see_here(const cql::Node& node, const Surroundings& around, const RowSlot& row) {
  Seen result;
  switch (node.kind) {
    case NodeKind::slot_ref: {
      const std::int32_t slot = as<cql::SlotRef>(node).slot;
      if (&around == row.around && slot == row.slot) {
        result.kind = Seen::Kind::row;
        return result;
      }
      const auto found = around.slots.find(slot);
      return found == around.slots.end() || found->second.node == nullptr ? Seen{} : see(*found->second.node, *found->second.around, row);
    }
    case NodeKind::property: return see_property(as<cql::Property>(node), around, row);
    case NodeKind::as_type: return see(*as<cql::AsType>(node).operand, around, row);
    case NodeKind::function_call: {
      const auto& called = as<cql::FunctionCall>(node);
      if (constant(node)) break;
      const cql::TypedFunction& body = function(called);
      return body.body ? see(*body.body, call(called, around), row) : Seen{};
    }
    case NodeKind::convert: {
      const auto& convert = as<cql::Convert>(node);
      const auto passes = [](const cql::Conversion& c) {
        using K = cql::ConversionKind;
        const bool system = c.kind == K::system && c.overload != nullptr && (c.overload->name == "ToDateTime" || c.overload->name == "ToDate");
        return system || c.kind == K::none || c.kind == K::cast || c.kind == K::choice || c.kind == K::model || c.kind == K::interval_points ||
            c.kind == K::promote_to_interval;
      };
      const bool sequence =
          convert.conversion.kind == cql::ConversionKind::sequence && std::all_of(convert.conversion.parts.begin(), convert.conversion.parts.end(), passes);
      if (constant(node)) break;
      if (!sequence && !passes(convert.conversion)) return {};
      Seen seen = see(*convert.operand, around, row);
      const cql::Type& to = node.type.is_interval() ? node.type.element() : node.type;
      if (seen.kind == Seen::Kind::days && !is_day_type(to)) seen.dates = false;
      return seen;
    }
    case NodeKind::operator_call:
      if (constant(node)) break;
      return see_operator(as<cql::OperatorCall>(node), around, row);
    case NodeKind::interval_selector:
      if (constant(node)) break;
      return see_interval(as<cql::IntervalSelector>(node), around, row);
    default: break;
  }
  if (const auto value = constant(node)) {
    result.kind = Seen::Kind::constant;
    result.value = *value;
  }
  return result;
}

ClauseReader::Seen ClauseReader::see_property(const cql::Property& property, const Surroundings& around, const RowSlot& row) {
  if (!property.source || property.repeats || !property.extension_url.empty()) return {};
  Seen source = see(*property.source, around, row);
  if (source.kind == Seen::Kind::row) {
    DayElement element;
    for (const cql::PropertyAlternative& alternative : property.alternatives) element.keys.push_back(alternative.key);
    if (element.keys.empty()) return {};
    Seen seen;
    seen.kind = Seen::Kind::days;
    seen.whole = true;
    seen.low = {{element}, Unsaid::any_day, true};
    element.end = true;
    seen.high = {{element}, Unsaid::last_day, true};
    return seen;
  }
  if (source.kind != Seen::Kind::days) return {};
  if (property.name == "value") return source;
  if (!source.whole) return {};
  const bool start = property.name == "start" || property.name == "low", end = property.name == "end" || property.name == "high";
  if (!start && !end) return {};
  source.whole = false;
  (start ? source.low : source.high).unsaid = Unsaid::nothing;
  (start ? source.high : source.low) = start ? source.low : source.high;
  return source;
}

ClauseReader::Seen ClauseReader::see_interval(const cql::IntervalSelector& selector, const Surroundings& around, const RowSlot& row) {
  Seen low = see(*selector.low, around, row), high = see(*selector.high, around, row);
  using K = Seen::Kind;
  Seen seen;
  if (low.kind == K::constant && high.kind == K::constant) {
    seen.kind = K::constant;
    seen.value = Value::interval(low.value, high.value, selector.low_closed, selector.high_closed);
    return seen;
  }
  if (low.kind != K::days || high.kind != K::days || !(low.low == low.high) || !(high.low == high.high)) return {};
  seen.kind = K::days;
  seen.low = std::move(low.low);
  seen.high = std::move(high.high);
  if (seen.low.unsaid == Unsaid::nothing) seen.low.unsaid = selector.low_closed ? Unsaid::first_day : Unsaid::any_day;
  if (seen.high.unsaid == Unsaid::nothing) seen.high.unsaid = selector.high_closed ? Unsaid::last_day : Unsaid::any_day;
  seen.low.of_periods = seen.high.of_periods = false;
  seen.dates = low.dates && high.dates;
  return seen;
}

ClauseReader::Seen ClauseReader::see_operator(const cql::OperatorCall& call, const Surroundings& around, const RowSlot& row) {
  const std::string_view name = call.overload->name;
  using K = Seen::Kind;
  std::vector<Seen> operands;
  operands.reserve(call.operands.size());
  for (const cql::NodePtr& operand : call.operands) operands.push_back(see(*operand, around, row));
  if (!operands.empty() && std::all_of(operands.begin(), operands.end(), [](const Seen& s) { return s.kind == K::constant; })) {
    std::vector<Value> values;
    bool null = false;
    for (const Seen& operand : operands) {
      values.push_back(operand.value);
      null = null || operand.value.is_null();
    }
    Seen seen;
    try {
      if (!null || call.overload->null_rule == cql::NullRule::own) seen.value = call.overload->evaluate({context_, call.type, call.precision}, values);
      seen.kind = K::constant;
    } catch (const cql::EvaluationError&) { seen.kind = K::unknown; }
    return seen;
  }
  if (operands.empty() || std::any_of(operands.begin(), operands.end(), [](const Seen& s) { return s.kind != K::days; })) return {};
  Seen seen = operands.front();
  if (name == "DateFrom" || name == "ToDate" || name == "ToDateTime") {
    if (seen.whole) {  // a day, since a period has no date
      seen.low.unsaid = Unsaid::nothing;
      seen.high = seen.low;
    }
    seen.whole = false;
    seen.dates = name != "ToDateTime";
    return seen;
  }
  if (name == "Start" || name == "End") {
    (name == "Start" ? seen.high : seen.low) = name == "Start" ? seen.low : seen.high;
    seen.whole = false;
    return seen;
  }
  if (name != "Coalesce" || call.operands.front()->type.is_list()) return {};
  for (std::size_t i = 0; i < operands.size(); ++i)
    if (operands[i].whole || !(operands[i].low == operands[i].high)) return {};
  // The end of a period without one is a value, not null: what comes after it is hardly ever asked.
  for (std::size_t i = 1; i < operands.size() && seen.low.unsaid == Unsaid::nothing; ++i) {
    const Side& next = operands[i].low;
    seen.low.first_of.insert(seen.low.first_of.end(), next.first_of.begin(), next.first_of.end());
    seen.low.unsaid = next.unsaid;
    seen.dates = seen.dates && operands[i].dates;
  }
  seen.high = seen.low;
  return seen;
}

DayBound ClauseReader::bound_of(const Side& side, std::int64_t low, std::int64_t high) {
  const std::int64_t first = Date::from_ymd(1, 1, 1).days + 3 * margin_days, last = Date::from_ymd(9999, 12, 31).days - 3 * margin_days;
  DayBound bound{side.first_of, low, high};
  bound.period_nulls = side.unsaid == Unsaid::any_day || (side.unsaid == Unsaid::first_day && low < first) || (side.unsaid == Unsaid::last_day && high > last);
  bound.nulls = bound.period_nulls && !side.of_periods;
  return bound;
}

RowTest ClauseReader::test(const cql::Node& clause, const Surroundings& around, const RowSlot& row) {
  ++steps_;
  if (is_too_much() || depth_ > deepest) return {};
  struct Deeper {
    explicit Deeper(int& d) : depth(++d) {}
    ~Deeper() { --depth; }
    int& depth;
  } const deeper(depth_);
  switch (clause.kind) {
    case NodeKind::operator_call: return test_operator(as<cql::OperatorCall>(clause), around, row);
    case NodeKind::convert:
      return as<cql::Convert>(clause).conversion.kind == cql::ConversionKind::none ? test(*as<cql::Convert>(clause).operand, around, row) : RowTest{};
    case NodeKind::slot_ref: {
      const auto found = around.slots.find(as<cql::SlotRef>(clause).slot);
      return found == around.slots.end() || found->second.node == nullptr ? RowTest{} : test(*found->second.node, *found->second.around, row);
    }
    case NodeKind::function_call: {
      const cql::TypedFunction& called = function(as<cql::FunctionCall>(clause));
      return called.body ? test(*called.body, call(as<cql::FunctionCall>(clause), around), row) : RowTest{};
    }
    default: return {};
  }
}

RowTest ClauseReader::test_operator(const cql::OperatorCall& call, const Surroundings& around, const RowSlot& row) {
  const std::string_view name = call.overload->name;
  if (name == "And") return both(test(*call.operands[0], around, row), test(*call.operands[1], around, row));
  if (name == "Or") return either(test(*call.operands[0], around, row), test(*call.operands[1], around, row));
  if (name == "IsTrue") return test(*call.operands[0], around, row);
  RowTest result;
  if (name == "IsNull") {
    const Seen seen = see(*call.operands[0], around, row);
    if (seen.kind == Seen::Kind::days && seen.low == seen.high && seen.low.unsaid == Unsaid::nothing)
      result.all.push_back({seen.low.first_of, INT64_MAX, INT64_MIN, true, true});
    return result;
  }
  if (call.operands.size() != 2 || relation_of(name, true) == Relation::none) return result;
  const Seen left = see(*call.operands[0], around, row), right = see(*call.operands[1], around, row);
  const bool of_left = left.kind == Seen::Kind::days;
  const Seen& days = of_left ? left : right;
  const Seen& other = of_left ? right : left;
  if (days.kind != Seen::Kind::days || other.kind != Seen::Kind::constant) return result;
  const auto ends = ends_of(other.value, call.precision);
  if (!ends) return result;
  Days first, last;  // where the row's first day lies, and its last
  switch (relation_of(name, of_left)) {
    case Relation::before: last.high = ends->start.high; break;
    case Relation::after: first.low = ends->end.low; break;
    case Relation::within:
      first.low = ends->start.low;
      last.high = ends->end.high;
      break;
    case Relation::covers:
      first.high = ends->start.high;
      last.low = ends->end.low;
      break;
    case Relation::overlaps:
      last.low = ends->start.low;
      first.high = ends->end.high;
      break;
    case Relation::none: break;
  }
  for (const auto& [side, bounds] : {std::pair(&days.low, first), std::pair(&days.high, last)}) {
    if (bounds.low == INT64_MIN && bounds.high == INT64_MAX) continue;
    RowTest one;
    one.all.push_back(bound_of(*side, bounds.low, bounds.high));
    result = both(std::move(result), std::move(one));
  }
  return result;
}

}  // namespace catchment::measures
