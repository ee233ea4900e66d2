// Timing phrases to operators (CQL 1.5.3 Author's Guide "Timing Relationships").
#include <fmt/core.h>

#include "cql/types/checking.h"

namespace catchment::cql {

using syntax::Relation;
using syntax::Timing;

bool Body::seen_as_interval(const Type& type) const {
  if (type.is_interval()) return true;
  if (type.is_choice()) {
    bool interval = false;
    for (const Type& alternative : type.alternatives()) {
      if (alternative.is_temporal()) return false;
      const auto form = c_.types.system_form(alternative);
      if (form && form->is_temporal()) return false;
      interval = interval || seen_as_interval(alternative);
    }
    return interval;
  }
  const auto form = c_.types.system_form(type);
  return form && form->is_interval();
}

NodePtr Body::edge(NodePtr node, Timing::Edge which, const std::string& word) {
  if (!node || which == Timing::Edge::none || which == Timing::Edge::whole) return node;
  const Type form = c_.types.system_form(node->type).value_or(node->type);
  if (form.is_temporal() || form.is_numeric()) {
    return error(node->at, fmt::format("'{}' asks for an interval and this is {}, a single point", word, to_string(node->type)),
                 word == "starts" || word == "ends" ? "leave out '" + word + "'" : "leave out '" + word + "' before it");
  }
  const SourcePosition at = node->at;
  std::vector<NodePtr> one;
  one.push_back(std::move(node));
  return call(which == Timing::Edge::start ? "Start" : "End", std::move(one), at, Precision::none, "'" + word + "'");
}

NodePtr Body::timing(const syntax::Expression& e) {
  const Timing& t = *e.timing;
  std::vector<NodePtr> operands;
  if (!check_all(e, operands)) return nullptr;
  NodePtr left = edge(std::move(operands[0]), t.left, t.left == Timing::Edge::start ? "starts" : "ends");
  NodePtr right = edge(std::move(operands[1]), t.right, t.right == Timing::Edge::start ? "start" : "end");
  if (!left || !right) return nullptr;
  if (t.relation == Relation::within) return within(t, std::move(left), std::move(right), e.at);
  if (t.offset != Timing::Offset::none) return offset_timing(t, std::move(left), std::move(right), e.at);
  const char* name = "";
  const char* word = "";
  switch (t.relation) {
    case Relation::same_as:
      name = "SameAs";
      word = "same as";
      break;
    case Relation::same_or_before:
      name = "SameOrBefore";
      word = "same or before";
      break;
    case Relation::same_or_after:
      name = "SameOrAfter";
      word = "same or after";
      break;
    case Relation::includes:
      name = t.properly ? "ProperlyIncludes" : "Includes";
      word = "includes";
      break;
    case Relation::during:
      name = t.properly ? "ProperlyIncludedIn" : "IncludedIn";
      word = "during";
      break;
    case Relation::before:
      name = t.inclusive ? "SameOrBefore" : "Before";
      word = "before";
      break;
    case Relation::after:
      name = t.inclusive ? "SameOrAfter" : "After";
      word = "after";
      break;
    case Relation::within: break;
    case Relation::meets:
      name = "Meets";
      word = "meets";
      break;
    case Relation::meets_before:
      name = "MeetsBefore";
      word = "meets before";
      break;
    case Relation::meets_after:
      name = "MeetsAfter";
      word = "meets after";
      break;
    case Relation::overlaps:
      name = "Overlaps";
      word = "overlaps";
      break;
    case Relation::overlaps_before:
      name = "OverlapsBefore";
      word = "overlaps before";
      break;
    case Relation::overlaps_after:
      name = "OverlapsAfter";
      word = "overlaps after";
      break;
    case Relation::starts:
      name = "Starts";
      word = "starts";
      break;
    case Relation::ends:
      name = "Ends";
      word = "ends";
      break;
  }
  std::vector<NodePtr> pair;
  pair.push_back(std::move(left));
  pair.push_back(std::move(right));
  return call(name, std::move(pair), e.at, t.precision, fmt::format("'{}'", word));
}

/// `A 3 days or less before B`: A in [B - 3 days, B); or more: A on or before B - 3 days; exactly: A same as B - 3 days.
NodePtr Body::offset_timing(const Timing& t, NodePtr left, NodePtr right, const SourcePosition& at) {
  const bool before = t.relation == Relation::before;
  if (seen_as_interval(left->type)) left = edge(std::move(left), before ? Timing::Edge::end : Timing::Edge::start, before ? "ends" : "starts");
  if (seen_as_interval(right->type)) right = edge(std::move(right), before ? Timing::Edge::start : Timing::Edge::end, before ? "start" : "end");
  if (!left || !right) return nullptr;
  if (const auto form = c_.types.system_form(right->type)) right = converted(std::move(right), *form, "the time after the phrase");
  auto moved = [&](NodePtr point) {
    std::vector<NodePtr> pair;
    pair.push_back(std::move(point));
    pair.push_back(quantity_literal(at, t.amount, t.unit, t.calendar));
    return call(before ? "Subtract" : "Add", std::move(pair), at, Precision::none, before ? "'before'" : "'after'");
  };
  auto compare = [&](const char* name, NodePtr point) {
    std::vector<NodePtr> pair;
    pair.push_back(std::move(left));
    pair.push_back(std::move(point));
    return call(name, std::move(pair), at, t.precision, before ? "'before'" : "'after'");
  };
  switch (t.offset) {
    case Timing::Offset::exactly: return compare("SameAs", moved(std::move(right)));
    case Timing::Offset::or_more: return compare(before ? "SameOrBefore" : "SameOrAfter", moved(std::move(right)));
    case Timing::Offset::more_than: return compare(before ? "Before" : "After", moved(std::move(right)));
    default: break;
  }
  const bool far_closed = t.offset == Timing::Offset::or_less;
  return with_value(std::move(right), [&](const std::function<NodePtr()>& point) -> NodePtr {
    NodePtr far = moved(point());
    NodePtr near = point();
    if (!far) return nullptr;
    auto interval = make<IntervalSelector>(at, Type::interval(far->type));
    if (!(near->type == far->type)) near = converted(std::move(near), far->type, "the time after the phrase");
    if (!near) return nullptr;
    interval->low = before ? std::move(far) : std::move(near);
    interval->high = before ? std::move(near) : std::move(far);
    interval->low_closed = before ? far_closed : t.inclusive;
    interval->high_closed = before ? t.inclusive : far_closed;
    std::vector<NodePtr> pair;
    pair.push_back(std::move(left));
    pair.push_back(std::move(interval));
    return call("In", std::move(pair), at, t.precision, before ? "'before'" : "'after'");
  });
}

/// `A within 3 days of B`: A in [B - 3 days, B + 3 days]; properly: the bounds are left out.
NodePtr Body::within(const Timing& t, NodePtr left, NodePtr right, const SourcePosition& at) {
  if (t.unit.empty()) return error(at, "an amount of time needs a unit", "write for example: within 3 days of");
  return with_value(std::move(right), [&](const std::function<NodePtr()>& value) -> NodePtr {
    const bool interval_right = seen_as_interval(value()->type);
    auto bound = [&](bool low) -> NodePtr {
      NodePtr point = value();
      if (interval_right) {
        point = edge(std::move(point), low ? Timing::Edge::start : Timing::Edge::end, "within");
      } else if (const auto form = c_.types.system_form(point->type)) {
        point = converted(std::move(point), *form, "the time after within");
      }
      std::vector<NodePtr> pair;
      pair.push_back(std::move(point));
      pair.push_back(quantity_literal(at, t.amount, t.unit, t.calendar));
      return call(low ? "Subtract" : "Add", std::move(pair), at, Precision::none, "'within'");
    };
    NodePtr low = bound(true);
    NodePtr high = bound(false);
    if (!low || !high) return nullptr;
    auto interval = make<IntervalSelector>(at, Type::interval(low->type));
    interval->low = std::move(low);
    interval->high = std::move(high);
    interval->low_closed = interval->high_closed = !t.properly;
    const bool interval_left = seen_as_interval(left->type);
    std::vector<NodePtr> pair;
    pair.push_back(std::move(left));
    pair.push_back(std::move(interval));
    return call(interval_left ? "IncludedIn" : "In", std::move(pair), at, t.precision, "'within'");
  });
}

}  // namespace catchment::cql
