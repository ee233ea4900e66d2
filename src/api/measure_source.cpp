// Measures as the indicators stage published them, and the golden thread of one figure.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using indicators::Indicator;
using indicators::IndicatorKind;
using indicators::Result;

std::string group_label(const Result& result) {
  if (result.group == "unknown") return "Not known";
  if (result.group == "both") return "Live here and are registered here";
  if (result.group == "resident-only") return "Live here, known by an NHS number, on no list here";
  if (result.group == "registered-only") return "Registered here, live elsewhere or nowhere known";
  if (result.dimension == "deprivation") return result.group == "1" ? "1, most deprived fifth" : result.group == "5" ? "5, least deprived fifth" : result.group;
  std::string label = result.group;
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z') label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return label;
}

/// Better and worse where a good direction is known; else higher and lower. Judged by the figure's interval.
void judge(Figure& figure, const std::string& against, Number other, const Indicator& indicator) {
  Comparison comparison{against, other, std::nullopt, "not_compared"};
  if (figure.value && other && figure.interval) {
    comparison.difference = std::round((*figure.value - *other) * 10.0) / 10.0;
    const bool above = figure.interval->low > *other, below = figure.interval->high < *other;
    if (!above && !below) comparison.verdict = "similar";
    else if (indicator.good_direction == "neither") comparison.verdict = above ? "higher" : "lower";
    else comparison.verdict = above == (indicator.good_direction == "higher") ? "better" : "worse";
  }
  figure.comparison = std::move(comparison);
}

const std::initializer_list<std::string_view> vaccine_settings = {"general-practice", "public-health"};
const std::initializer_list<std::string_view> condition_settings = {"general-practice", "hospital"};
const std::initializer_list<std::string_view> person_settings = {"general-practice", "demographics"};

}  // namespace

std::string kind_word(const Indicator& indicator) { return indicator.kind == IndicatorKind::condition ? "condition" : "measure"; }

std::initializer_list<std::string_view> settings_of(const Indicator& indicator) {
  return indicator.kind == IndicatorKind::doses_by_age ? vaccine_settings : indicator.kind == IndicatorKind::condition ? condition_settings : person_settings;
}

void SnapshotSource::read_measures() {
  try {
    db::Connection population = snapshot_->population();
    for (auto& indicator : indicators::read_indicators(population))
      if (shelf_->find(indicator.id) != nullptr) continue;  // the library's measure of that name stands for it
      else if (indicator.kind != IndicatorKind::population) indicators_.push_back(std::move(indicator));
      else if (indicator.id != "residents" && indicator.id != "registered") headcounts_.push_back(std::move(indicator));  // those two are counted afresh
    results_ = indicators::read_results(population, {});
    for (std::size_t i = 0; i < results_.size(); ++i)
      result_at_.emplace(to_id({results_[i].indicator, results_[i].place.empty() ? Text{} : Text{results_[i].place}, results_[i].dimension, results_[i].group}),
                         i);
  } catch (const Error&) {
    indicators_.clear();  // a snapshot made without that stage has no measures, and says so
    headcounts_.clear();
    results_.clear();
    result_at_.clear();
  }
}

const Indicator* SnapshotSource::find_indicator(std::string_view id) const {
  for (const auto* all : {&indicators_, &headcounts_})
    for (const auto& indicator : *all)
      if (indicator.id == id) return &indicator;
  return nullptr;
}

const Result* SnapshotSource::find_result(const FigureName& name) const {
  const auto found = result_at_.find(to_id(name));
  return found == result_at_.end() ? nullptr : &results_[found->second];
}

Figure SnapshotSource::figure_of(const Indicator& indicator, const Result& result) const {
  Figure figure;
  const Text place = result.place.empty() ? Text{} : Text{result.place};
  figure.id = to_id({indicator.id, place, result.dimension, result.group});
  figure.label = result.dimension.empty() ? place_name(place) : group_label(result);
  figure.measure = indicator.id;
  figure.place = place;
  if (!result.group.empty()) figure.group = result.group;
  figure.unit = "percent";
  figure.vintage = vintage(settings_of(indicator));
  figure.suppressed = result.suppressed;
  if (result.suppressed) {
    figure.suppression_note = disclosure::hidden_note();
    return figure;
  }
  if (!result.value) {
    figure.missing_reason = "nobody to count";
    return figure;
  }
  figure.rounded_to = result.rounded_to;
  if (result.unit == "people") {
    figure.unit = "count";
    figure.value = result.value;
    return figure;
  }
  figure.value = std::round(*result.value * 10.0) / 10.0;
  figure.numerator = result.numerator;
  figure.denominator = result.denominator;
  figure.goal = indicator.goal_percent;
  if (result.low && result.high) figure.interval = Interval{std::round(*result.low * 10.0) / 10.0, std::round(*result.high * 10.0) / 10.0, 95, "Wilson"};
  return figure;
}

/// The published figure of that name, compared with the whole area; the whole area is compared with the goal.
std::optional<Figure> SnapshotSource::measure_figure(const FigureName& name, const Filter& filter) const {
  if (!filter.sees_counts()) return std::nullopt;
  const Indicator* indicator = find_indicator(name.measure);
  if (indicator == nullptr) return library_named(name);
  const Result* found = find_result(name);
  const Result* whole = find_result({name.measure, std::nullopt, "", ""});
  if (found == nullptr) return std::nullopt;
  Figure figure = figure_of(*indicator, *found);
  if (found != whole && whole != nullptr) judge(figure, "the whole area", whole->value, *indicator);
  else if (indicator->goal_percent) judge(figure, "the goal", indicator->goal_percent, *indicator);
  return figure;
}

std::vector<Figure> SnapshotSource::figures_by(const Indicator& indicator, const Text& place, const std::string& dimension, const Filter& filter) const {
  std::vector<Figure> figures;
  if (dimension == "place") {
    for (const auto& each : definitions_->system.places)
      if (auto figure = measure_figure({indicator.id, each.id, "", ""}, filter)) figures.push_back(std::move(*figure));
    return figures;
  }
  for (const auto& result : results_)
    if (result.indicator == indicator.id && result.place == place.value_or("") && result.dimension == dimension)
      if (auto figure = measure_figure({indicator.id, place, dimension, result.group}, filter)) figures.push_back(std::move(*figure));
  return figures;
}

std::string SnapshotSource::measure_headline(const Indicator& indicator, const Figure& figure, const std::vector<Figure>& by_place) const {
  if (figure.suppressed) return indicator.title + ": hidden, because so few people are counted, or left out, that the figure could point to one of them.";
  if (!figure.value) return indicator.title + ": there is nobody to count.";
  std::string text = fmt::format("{} stands at {}% for {}", indicator.title, one_decimal(*figure.value), figure.place ? figure.label : "the whole area");
  if (indicator.goal_percent) text += fmt::format(" against a goal of {}%", one_decimal(*indicator.goal_percent));
  const bool low_is_bad = indicator.good_direction == "higher";
  const Figure* farthest = nullptr;
  for (const auto& each : by_place)
    if (each.value && (farthest == nullptr || (low_is_bad ? *each.value < *farthest->value : *each.value > *farthest->value))) farthest = &each;
  if (farthest != nullptr && !figure.place && farthest->comparison && farthest->comparison->difference)
    text += fmt::format("; {} is {} at {}%, {} points {} the whole", farthest->label, low_is_bad ? "lowest" : "highest", one_decimal(*farthest->value),
                        one_decimal(std::abs(*farthest->comparison->difference)), *farthest->comparison->difference < 0 ? "below" : "above");
  return text + ".";
}

Definition SnapshotSource::definition_of(const Indicator& indicator) const {
  Definition definition;
  definition.rule = indicator.rule;
  definition.numerator = indicator.numerator;
  definition.denominator = indicator.denominator;
  definition.version = indicator.version;
  definition.good_direction = indicator.good_direction.empty() ? "neither" : indicator.good_direction;
  definition.suppression = disclosure::in_words();
  if (const auto* list = terminology::find_codelist(definitions_->codelists, indicator.codelist)) {
    std::string systems;
    for (const auto& entry : list->entries)
      if (systems.find(entry.system) == std::string::npos) systems += (systems.empty() ? "" : ", ") + entry.system;
    definition.codelists.push_back({list->id, list->title, list->version, systems, static_cast<std::int64_t>(list->entries.size()), list->hash});
    definition.sources.push_back({list->source.empty() ? "Own list" : list->source, std::nullopt});
  }
  return definition;
}

MeasureList SnapshotSource::measures(const Filter& filter) const {
  if (!shelf_->measures().empty()) return library_list(filter);
  MeasureList list;
  list.sentence = fmt::format("{} measures.", indicators_.size());
  if (const auto left_out = measure_figure({std::string(indicators::opted_out), std::nullopt, "", ""}, filter); left_out && left_out->numerator)
    list.sentence = fmt::format("{} measures. About {} residents opted out of planning and research: none of these figures counts them.", indicators_.size(),
                                with_commas(*left_out->numerator));
  for (const auto& indicator : indicators_)
    if (auto figure = measure_figure({indicator.id, std::nullopt, "", ""}, filter))
      list.measures.push_back({indicator.id,
                               indicator.title,
                               kind_word(indicator),
                               "percent",
                               indicator.good_direction,
                               std::move(*figure),
                               indicator.goal_percent,
                               figures_by(indicator, std::nullopt, "place", filter),
                               std::nullopt,
                               std::nullopt,
                               std::nullopt,
                               {},
                               "none",
                               "none",
                               std::nullopt,
                               std::nullopt});
  return list;
}

std::optional<MeasureDetail> SnapshotSource::measure(const std::string& id, const MeasureAsk& ask, const Filter& filter) const {
  const Text& place = ask.place;
  if (!known_place(place) || !filter.sees_counts()) return std::nullopt;
  if (const auto* in_library = shelf_->find(id)) return library_measure(*in_library, ask, filter);
  const Indicator* indicator = find_indicator(id);
  if (indicator == nullptr) return std::nullopt;
  auto figure = measure_figure({id, place, "", ""}, filter);
  if (!figure) return std::nullopt;
  MeasureDetail detail;
  detail.id = id;
  detail.name = indicator->title;
  detail.kind = kind_word(*indicator);
  detail.purpose = indicator->purpose;
  detail.place = place;
  detail.goal = indicator->goal_percent;
  const auto by_place = figures_by(*indicator, std::nullopt, "place", filter);
  detail.headline = measure_headline(*indicator, *figure, by_place);
  detail.breakdowns.push_back({"place", "By place", std::nullopt, by_place});
  for (const auto& [dimension, title] :
       {std::pair{"deprivation", "By deprivation, in national fifths"}, {"ethnicity", "By ethnic group"}, {"age", "By age"}, {"sex", "By sex"}})
    if (auto figures = figures_by(*indicator, place, dimension, filter); figures.size() > 1)
      detail.breakdowns.push_back({dimension, title, std::nullopt, std::move(figures)});
  detail.definition = definition_of(*indicator);
  detail.feeds = feeds_used(settings_of(*indicator));
  detail.unseen = unseen(place, true, filter);
  detail.figure = std::move(*figure);
  return detail;
}

std::optional<Conditions> SnapshotSource::conditions(const Text& place, const Filter& filter) const {
  if (!known_place(place)) return std::nullopt;
  Conditions page{place, place_name(place), "No conditions have been measured in this snapshot.", {}};
  const Figure* farthest = nullptr;
  for (const auto& indicator : indicators_) {
    if (indicator.kind != IndicatorKind::condition) continue;
    auto figure = measure_figure({indicator.id, place, "", ""}, filter);
    auto whole = measure_figure({indicator.id, std::nullopt, "", ""}, filter);
    if (figure && whole) page.conditions.push_back({indicator.id, indicator.title, std::move(*figure), std::move(*whole)});
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
                          : fmt::format("{} long-term conditions, as recorded by any partner.", page.conditions.size());
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
  const Indicator* indicator = find_indicator(name->measure);
  const auto* in_library = shelf_->find(name->measure.substr(0, name->measure.find('@')));
  auto found = indicator != nullptr || in_library != nullptr ? measure_figure(*name, filter) : population_figure(*name, filter);
  if (!found) return std::nullopt;
  Why why;
  const std::string title = indicator != nullptr ? indicator->title + ": " : in_library != nullptr ? in_library->title + ": " : "";
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
  why.definition = indicator != nullptr ? definition_of(*indicator) : in_library != nullptr ? library_definition(*in_library) : population_definition(*name);
  why.snapshot = *system().snapshot;
  why.feeds = indicator != nullptr ? feeds_used(settings_of(*indicator)) : feeds_used({"general-practice", "demographics"});
  why.unseen = unseen(name->place, indicator != nullptr || in_library != nullptr, filter);
  const auto& thread = definitions_->system.strategy.first_thread;
  const auto* priority = in_library != nullptr                             ? system::find_priority(definitions_->system, in_library->priority)
      : thread && indicator != nullptr && thread->measure == indicator->id ? system::find_priority(definitions_->system, thread->priority)
                                                                           : nullptr;
  why.priority = priority != nullptr ? ThreadLink{true, priority->title, priority->aim, Link{"priority", priority->id}}
                                     : ThreadLink{false, "Priority", "No priority of the strategy is tied to this figure yet.", std::nullopt};
  why.people = {false, "People", "Lists of people behind a figure are not made yet.", std::nullopt};
  why.money = {false, "Money", "No contract is tied to this figure yet.", std::nullopt};
  why.decision = {false, "Decision", "No decision is tied to this figure yet.", std::nullopt};
  why.figure = std::move(*found);
  return why;
}

}  // namespace catchment::api
