// The golden thread of one figure, conditions against the whole area, and the first priority's measure.
#include <fmt/core.h>

#include <cmath>

#include "api/snapshot_source.h"

namespace catchment::api {

using indicators::Basis;

bool is_register(const indicators::PublishedMeasure& measure) { return measure.kind == "register" && measure.id.starts_with("register-"); }

/// The published figure of that name, compared with the whole area; the whole area is compared with the target.
std::optional<Figure> SnapshotSource::measure_figure(const FigureName& name, const Filter& filter) const {
  if (!filter.sees_counts()) return std::nullopt;
  return library_named(name);
}

MeasureList SnapshotSource::measures(const Filter& filter) const {
  if (!shelf_->measures().empty()) return library_list(filter);
  MeasureList list;
  list.sentence = "No measures are worked out for this snapshot yet: run catchment build.";
  return list;
}

std::optional<MeasureDetail> SnapshotSource::measure(const std::string& id, const MeasureAsk& ask, const Filter& filter) const {
  const auto* in_library = shelf_->find(id);
  if (in_library == nullptr || !known_place(ask.place) || !filter.sees_counts()) return std::nullopt;
  return library_measure(*in_library, ask, filter);
}

std::optional<Conditions> SnapshotSource::conditions(const Text& place, const Filter& filter) const {
  if (!known_place(place) || !filter.sees_counts()) return std::nullopt;
  Conditions page{place, place_name(place), "No conditions have been measured in this snapshot.", {}};
  const Figure* farthest = nullptr;
  for (const auto& measure : shelf_->measures()) {
    if (!is_register(measure)) continue;
    const auto figures = shelf_->brief(measure.id);
    const auto *own = pick_one(*figures, Basis::registered, measure.last_month, place.value_or("")),
               *whole = pick_one(*figures, Basis::registered, measure.last_month, "");
    if (own == nullptr || whole == nullptr) continue;
    page.conditions.push_back({measure.id, measure.title, library_figure(measure, *own, whole), library_figure(measure, *whole, whole)});
  }
  std::string name;
  for (const auto& condition : page.conditions) {
    const auto& comparison = condition.figure.comparison;
    if (!comparison || !comparison->difference || (comparison->verdict != "higher" && comparison->verdict != "lower")) continue;
    if (farthest == nullptr || std::abs(*comparison->difference) > std::abs(*farthest->comparison->difference)) {
      farthest = &condition.figure;
      name = condition.name;
    }
  }
  if (farthest != nullptr)
    page.headline = fmt::format("{} stands out most: {}% here, {} points {} the whole area.", name, one_decimal(*farthest->value),
                                one_decimal(std::abs(*farthest->comparison->difference)), *farthest->comparison->difference < 0 ? "below" : "above");
  else if (!page.conditions.empty())
    page.headline = place ? "No condition differs from the whole area by more than chance may explain."
                          : fmt::format("{} registers of long-term conditions.", page.conditions.size());
  return page;
}

std::optional<PriorityThread> SnapshotSource::follow(const std::string& priority, const Filter& filter) const {
  const auto& strategy = definitions_->system.strategy;
  const auto* item = system::find_priority(definitions_->system, priority);
  if (item == nullptr || !strategy.first_thread || strategy.first_thread->priority != priority) return std::nullopt;
  auto detail = measure(strategy.first_thread->measure, {}, filter);
  if (!detail) return std::nullopt;
  PriorityThread thread{{item->id, item->title}, std::nullopt, item->aim, std::move(*detail)};
  for (const auto& focus : item->focus)
    if (focus.id == strategy.first_thread->focus) thread.focus_area = focus.title;
  return thread;
}

std::optional<Why> SnapshotSource::why(const std::string& figure, const Filter& filter) const {
  const auto name = figure_name(figure);
  if (!name) return std::nullopt;
  const auto* in_library = shelf_->find(name->measure.substr(0, name->measure.find('@')));
  auto found = in_library != nullptr ? measure_figure(*name, filter) : population_figure(*name, filter);
  if (!found) return std::nullopt;
  Why why;
  const std::string title = in_library != nullptr ? in_library->title + ": " : "";
  why.sentence = fmt::format("{}{}, {}, on {}.", title, name->key.empty() ? "everyone counted" : found->label, place_name(name->place),
                             to_long_string(snapshot_->manifest().as_of));
  why.calculation = found->suppressed          ? found->suppression_note.value_or("")
      : found->numerator && found->denominator ? fmt::format("{} of {}", with_commas(*found->numerator), with_commas(*found->denominator))
                                               : "a count of people";
  if (found->interval)
    why.calculation +=
        fmt::format("; {} 95% interval {} to {}", found->interval->method, one_decimal(found->interval->low), one_decimal(found->interval->high));
  if (found->rounded_to && !found->suppressed) why.calculation += fmt::format("; counts rounded to {}", *found->rounded_to);
  if (found->held_back) why.calculation += ". " + *found->held_back;
  why.definition = in_library != nullptr ? library_definition(*in_library) : population_definition(*name);
  why.snapshot = *system().snapshot;
  why.feeds = feeds_used({"general-practice", "demographics"});
  why.unseen = unseen(name->place, in_library != nullptr, filter);
  const auto* priority = in_library != nullptr ? system::find_priority(definitions_->system, in_library->priority) : nullptr;
  why.priority = priority != nullptr ? ThreadLink{true, priority->title, priority->aim, Link{"priority", priority->id}}
                                     : ThreadLink{false, "Priority", "No priority of the strategy is tied to this figure yet.", std::nullopt};
  why.people = {false, "People", "Lists of people behind a figure are not made yet.", std::nullopt};
  why.money = {false, "Money", "No contract is tied to this figure yet.", std::nullopt};
  why.decision = {false, "Decision", "No decision is tied to this figure yet.", std::nullopt};
  why.figure = std::move(*found);
  return why;
}

}  // namespace catchment::api
