// Measures and the golden thread of one figure.
#include <fmt/core.h>

#include "api/snapshot_source.h"

namespace catchment::api {

MeasureList SnapshotSource::measures(const Filter&) const { return {}; }

std::optional<MeasureDetail> SnapshotSource::measure(const std::string&, const Text&, const Filter&) const { return std::nullopt; }

std::optional<Conditions> SnapshotSource::conditions(const Text& place, const Filter&) const {
  if (!known_place(place)) return std::nullopt;
  return Conditions{place, place_name(place), "No conditions have been measured in this snapshot.", {}};
}

std::optional<PriorityThread> SnapshotSource::follow(const std::string& priority, const Filter& filter) const {
  const auto& strategy = definitions_->system.strategy;
  const auto* item = system::find_priority(definitions_->system, priority);
  if (item == nullptr || !strategy.first_thread || strategy.first_thread->priority != priority) return std::nullopt;
  auto detail = measure(strategy.first_thread->measure, std::nullopt, filter);
  if (!detail) return std::nullopt;
  PriorityThread thread{{item->id, item->title}, std::nullopt, item->aim, std::move(*detail)};
  for (const auto& focus : item->focus)
    if (focus.id == strategy.first_thread->focus) thread.focus_area = focus.title;
  return thread;
}

std::optional<Why> SnapshotSource::why(const std::string& figure, const Filter& filter) const {
  const auto name = figure_name(figure);
  if (!name) return std::nullopt;
  auto found = population_figure(*name, filter);
  if (!found) return std::nullopt;
  Why why;
  why.sentence = fmt::format("{}, {}, on {}.", found->label, place_name(name->place), to_long_string(snapshot_->manifest().as_of));
  why.calculation = found->suppressed                              ? found->suppression_note.value_or("")
                    : found->numerator && found->denominator ? fmt::format("{} of {}", with_commas(*found->numerator), with_commas(*found->denominator))
                                                             : "a count of people";
  if (found->rounded_to) why.calculation += fmt::format(", rounded to {}", *found->rounded_to);
  why.definition = population_definition(*name);
  why.snapshot = *system().snapshot;
  why.feeds = feeds_used({"general-practice", "demographics"});
  why.unseen = unseen(name->place, filter);
  why.priority = {false, "Priority", "No priority of the strategy is tied to a count of people.", std::nullopt};
  why.people = {false, "People", "A count of the population leads to no list of people.", std::nullopt};
  why.money = {false, "Money", "No contract is tied to this figure yet.", std::nullopt};
  why.decision = {false, "Decision", "No decision is tied to this figure yet.", std::nullopt};
  why.figure = std::move(*found);
  return why;
}

}  // namespace catchment::api
