// Pages about every measure of the library at once: the list, inequalities, a place's profile, the scorecard.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "api/figures.h"
#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using indicators::Basis;
using indicators::MeasureFigure;
using indicators::PublishedMeasure;
using indicators::Split;

constexpr double standing_out = 0.998;  // a place is called out once in 500 by chance
constexpr double worth_saying = 0.2;    // of a difference, before a mix is said to explain it
constexpr std::string_view not_run =
    "The measure library has not been worked out for this snapshot. Run: catchment build --workspace WORKSPACE --stage measures";

/// What a page leaves out or shows as hidden whole.
std::string withheld_note(const std::vector<std::string>& titles) {
  std::string named;
  for (const std::string& title : titles) named += (named.empty() ? "" : "; ") + title;
  return titles.empty() ? "" : fmt::format(" Withheld with every figure of the month, to protect people: {}.", named);
}

bool improving(const std::string& variation) { return variation.starts_with("improvement"); }
bool of_concern(const std::string& variation) { return variation.starts_with("concern"); }

}  // namespace

std::vector<PriorityRef> SnapshotSource::priorities_in_order() const {
  std::vector<PriorityRef> all;
  for (const auto* items : {&definitions_->system.strategy.priorities, &definitions_->system.strategy.enablers})
    for (const auto& item : *items) all.push_back({item.id, item.title});
  return all;
}

MeasureRow SnapshotSource::library_row(const PublishedMeasure& measure) const {
  const auto figures = shelf_->brief(measure.id);
  const auto* whole = pick_one(*figures, Basis::registered, measure.last_month, "");
  MeasureRow row;
  row.id = measure.id;
  row.name = measure.title;
  row.kind = measure.kind == "register" ? "condition" : "measure";
  row.unit = unit_of(measure);
  row.good_direction = measure.good_direction;
  row.goal = measure.target;
  if (!measure.priority.empty()) row.priority = measure.priority;
  if (!measure.focus.empty()) row.focus = measure.focus;
  if (!measure.programme.empty()) row.programme = measure.programme;
  if (whole != nullptr) row.figure = library_figure(measure, *whole, whole);
  else
    row.figure.id = to_id({measure.id, std::nullopt, "", ""}), row.figure.label = place_name(std::nullopt), row.figure.missing_reason = "nobody to count",
    row.figure.unit = row.unit;
  for (const auto& place : definitions_->system.places)
    if (const auto* figure = pick_one(*figures, Basis::registered, measure.last_month, place.id))
      row.by_place.push_back(library_figure(measure, *figure, whole));
  const auto months = pick_months(*figures, Basis::registered, "");
  for (const auto& month : indicators::latest_run(months))
    row.spark.push_back(month.hidden || !month.value ? Number{} : Number{std::round(*month.value * 10) / 10});
  std::vector<Date> held_back;
  for (const auto& month : months)
    if (month.held_back && month.month != measure.last_month) held_back.push_back(month.month);
  if (!held_back.empty()) row.months_held_back = held_back_words(held_back);
  const auto series = indicators::chart_of(indicators::latest_run(months), measure.good_direction, measure.target);
  const auto variation = indicators::variation_of(series);
  row.variation = to_string(variation);
  row.trajectory = trajectory_words(measure, months);
  if (auto recent = recent_words(measure, months); recent.trend != "cannot_be_calculated") row.recent = std::move(recent);
  if (variation != indicators::Variation::none) row.assurance = indicators::to_string(series.chart.assurance);
  return row;
}

MeasureList SnapshotSource::library_list(const Filter& filter) const {
  MeasureList list;
  list.library = true;
  if (!filter.sees_counts()) return list;
  list.priorities = priorities_in_order();
  std::int64_t better = 0, worse = 0;
  Date last = shelf_->measures().front().last_month;
  for (const auto& measure : shelf_->measures()) {
    list.measures.push_back(library_row(measure));
    better += improving(list.measures.back().variation) ? 1 : 0;
    worse += of_concern(list.measures.back().variation) ? 1 : 0;
    last = std::max(last, measure.last_month);
  }
  list.period = month_words(last);
  list.sentence = fmt::format("{} measures in {}", list.measures.size(), *list.period);
  if (better + worse > 0) list.sentence += fmt::format(": {} improving, {} of concern, the others steady or not judged", better, worse);
  list.sentence += ".";
  if (const auto left_out = population_figure({std::string(to_string(indicators::Who::opted_out)), std::nullopt, "", ""}, filter);
      left_out && left_out->numerator)
    list.sentence += fmt::format(" About {} residents opted out of planning and research: no figure counts them.", with_commas(*left_out->numerator));
  return list;
}

std::optional<InequalityPage> SnapshotSource::inequalities(const std::string& by, const MeasureAsk& ask, const Filter& filter) const {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kinds = {
      {{"deprivation", "Most and least deprived fifths"}, {"ethnicity", "Ethnic groups"}, {"sex", "Sexes"}, {"place", "Places"}}};
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& each) { return each.first == by; });
  if (kind == kinds.end() || !known_place(ask.place) || !filter.sees_counts() || (by == "place" && ask.place)) return std::nullopt;
  const std::string key = by + (ask.resident ? "@resident" : "@registered") + ask.place.value_or("");
  const std::lock_guard lock(inequalities_mutex_);
  if (const auto found = inequalities_.find(key); found != inequalities_.end()) return found->second;
  InequalityPage page;
  page.by = by;
  page.title = kind->second;
  page.place = ask.place;
  page.library = !shelf_->measures().empty();
  page.note = by == "deprivation" ? "The gap between the most and the least deprived fifth with its 95% interval: of gaps that are not there, one in twenty is "
                                    "called. The slope uses all five fifths."
                                  : "The two groups farthest apart; the interval allows for every pair that was looked at, so of measures without any gap one "
                                    "in twenty is called. Unknown is left out.";
  const Basis basis = ask.resident ? Basis::resident : Basis::registered;
  std::vector<std::string> withheld;
  for (const auto& measure : shelf_->measures()) {
    const auto figures = shelf_->brief(measure.id);
    const auto* whole = pick_one(*figures, basis, measure.last_month, ask.place.value_or(""));
    if (whole != nullptr && whole->withheld) withheld.push_back(measure.title);
    if (whole == nullptr || !whole->value || *whole->value <= 0) continue;
    MeasureShelf::Figures groups;
    if (by == "place") {
      for (const auto& place : definitions_->system.places)
        if (const auto* figure = pick_one(*figures, basis, measure.last_month, place.id)) groups.push_back(*figure);
    } else {
      const auto split = *indicators::split_named(by);
      const auto found = pick(
          *figures, {basis, split, split == Split::deprivation ? definitions_->system.deprivation_version : "", measure.last_month, ask.place.value_or("")});
      groups.assign(found.begin(), found.end());
    }
    auto gap = library_gap(measure, groups);
    if (!gap) continue;
    InequalityRow row;
    row.measure = measure.id;
    row.name = measure.title;
    if (!measure.priority.empty()) row.priority = measure.priority;
    row.good_direction = measure.good_direction;
    row.whole = library_figure(measure, *whole, whole);
    row.share_of_whole = std::round(gap->difference / *whole->value * 100) / 100;
    const std::string& worse_end = measure.good_direction == "higher" ? gap->low_group : gap->high_group;
    row.against_most_deprived = by == "deprivation" && measure.good_direction != "neither" && worse_end.starts_with("1");
    row.gap = std::move(*gap);
    page.rows.push_back(std::move(row));
  }
  page.note += withheld_note(withheld);
  std::stable_sort(page.rows.begin(), page.rows.end(), [](const auto& a, const auto& b) {
    return a.gap.beyond_chance != b.gap.beyond_chance ? a.gap.beyond_chance : a.share_of_whole > b.share_of_whole;
  });
  const auto sure = std::count_if(page.rows.begin(), page.rows.end(), [](const auto& row) { return row.gap.beyond_chance; });
  const auto against = std::count_if(page.rows.begin(), page.rows.end(), [](const auto& row) { return row.gap.beyond_chance && row.against_most_deprived; });
  if (!page.library) page.sentence = not_run;
  else if (sure == 0) page.sentence = fmt::format("None of {} measures has a gap beyond what chance may explain.", page.rows.size());
  else
    page.sentence =
        fmt::format("{} of {} measures have a gap beyond what chance may explain{}; the widest, measured against the whole: {}", sure, page.rows.size(),
                    against > 0 ? fmt::format(", {} of them to the harm of the most deprived", against) : "", page.rows.front().name + ".");
  return inequalities_.emplace(key, std::move(page)).first->second;
}

std::optional<StandsOut> SnapshotSource::stands_out(const PublishedMeasure& measure, const std::string& place) const {
  const auto figures = shelf_->brief(measure.id);
  const auto* here = pick_one(*figures, Basis::resident, measure.last_month, place);
  const auto* whole = pick_one(*figures, Basis::resident, measure.last_month, "");
  if (here == nullptr || whole == nullptr) return std::nullopt;
  const bool adjusted = here->standardised && whole->standardised;
  const auto a = indicators::estimate_of(*here, adjusted), b = indicators::estimate_of(*whole, adjusted);
  if (!a || !b) return std::nullopt;
  const auto difference = indicators::difference(*a, *b, standing_out);
  if (!difference.beyond_chance()) return std::nullopt;
  const bool above = difference.value > 0;
  StandsOut found{measure.id, measure.title, above ? "higher" : "lower", "", std::nullopt, 0, std::nullopt};
  if (here->held_back) found.held_back = held_back_words({measure.last_month});
  if (measure.good_direction == "higher" || measure.good_direction == "lower")
    found.verdict = above == (measure.good_direction == "higher") ? "better" : "worse";
  found.distance = std::abs(difference.value) / std::max(1e-9, (difference.high - difference.low) / 2);
  found.sentence = fmt::format("{}: {} here, {} in the whole area: {} {}{}.", measure.title, value_words(measure, a->value), value_words(measure, b->value),
                               distance_words(measure, std::abs(difference.value)), above ? "higher" : "lower", adjusted ? ", people's ages allowed for" : "");
  if (adjusted) return found;  // the mixes below know nothing of age
  const std::pair<Split, const char*> mixes[] = {{Split::deprivation, "mix of deprivation"}, {Split::ethnicity, "mix of ethnic groups"}};
  double most = 0;
  for (const auto& [split, words] : mixes) {
    const std::string variant = split == Split::deprivation ? definitions_->system.deprivation_version : "";
    const auto mix = indicators::explained_by_mix(*whole, pick(*figures, {Basis::resident, split, variant, measure.last_month, place}),
                                                  pick(*figures, {Basis::resident, split, variant, measure.last_month, ""}));
    if (!mix) continue;
    const double share = mix->explained / difference.value;
    if (share < worth_saying || share <= most) continue;
    most = share;
    found.why = share >= 1 ? fmt::format("Its {} explains all of it.", words)
                           : fmt::format("Its {} explains {} of it.", words, distance_words(measure, std::abs(mix->explained)));
  }
  if (!found.why) found.why = "Neither its mix of deprivation nor of ethnic groups explains it.";
  return found;
}

std::optional<PlaceProfile> SnapshotSource::place_profile(const std::string& place, const Filter& filter) const {
  if (system::find_place(definitions_->system, place) == nullptr || !filter.sees_counts()) return std::nullopt;
  PlaceProfile profile;
  profile.place = place;
  profile.name = place_name(place);
  profile.as_of = snapshot_->manifest().as_of;
  profile.library = !shelf_->measures().empty();
  profile.population = population_tiles(false, place, filter);
  profile.priorities = priorities_in_order();
  profile.unseen = unseen(place, true, filter);
  std::int64_t better = 0, worse = 0;
  std::vector<std::string> withheld;
  for (const auto& measure : shelf_->measures()) {
    const auto figures = shelf_->brief(measure.id);
    const auto* here = pick_one(*figures, Basis::resident, measure.last_month, place);
    const auto* whole = pick_one(*figures, Basis::resident, measure.last_month, "");
    if (here == nullptr || whole == nullptr) continue;
    if (whole->withheld) withheld.push_back(measure.title);
    ProfileItem item{measure.id,
                     measure.title,
                     measure.kind == "register" ? "condition" : "measure",
                     measure.priority.empty() ? Text{} : Text{measure.priority},
                     library_figure(measure, *here, whole),
                     library_figure(measure, *whole, nullptr)};
    (measure.kind == "register" ? profile.need : profile.outcomes).push_back(std::move(item));
    if (auto found = stands_out(measure, place)) {
      better += found->verdict == "better" ? 1 : 0;
      worse += found->verdict == "worse" ? 1 : 0;
      profile.stands_out.push_back(std::move(*found));
    }
  }
  std::stable_sort(profile.stands_out.begin(), profile.stands_out.end(), [](const auto& a, const auto& b) { return a.distance > b.distance; });
  profile.note =
      "Residents of the place. It is said to stand out when its difference from the whole area is beyond a 99.8% interval, which chance alone would bring "
      "about once in 500 measures." +
      withheld_note(withheld);
  if (!profile.library) profile.sentence = not_run;
  else if (profile.stands_out.empty())
    profile.sentence = fmt::format("{} stands out from the whole area on none of {} measures.", profile.name, shelf_->measures().size());
  else
    profile.sentence = fmt::format("{} stands out from the whole area on {} of {} measures, {} for the better and {} for the worse; most of all on this: {}",
                                   profile.name, profile.stands_out.size(), shelf_->measures().size(), better, worse, profile.stands_out.front().sentence);
  return profile;
}

Scorecard SnapshotSource::scorecard(const Filter& filter) const {
  const auto& strategy = definitions_->system.strategy;
  Scorecard card;
  card.title = strategy.title;
  card.library = !shelf_->measures().empty();
  card.note =
      "Variation says whether the latest month differs from its own past by more than the usual ups and downs; assurance whether the target will be met. Both "
      "need 13 months.";
  std::int64_t all = 0, better = 0, worse = 0;
  for (const auto& [items, kind] : {std::pair{&strategy.priorities, "priority"}, {&strategy.enablers, "enabler"}}) {
    for (const auto& item : *items) {
      ScorePriority priority{item.id, item.title, kind, item.aim, "", {}};
      std::int64_t here = 0, up = 0, down = 0, targets = 0, met = 0, lines = 0, behind = 0;
      // An enabler has no focus areas: what it moves stands under the enabler itself.
      std::vector<std::pair<std::string, std::string>> areas;
      areas.reserve(item.focus.size() + 1);
      for (const auto& focus : item.focus) areas.emplace_back(focus.id, focus.title);
      if (areas.empty()) areas.emplace_back("", item.title);
      for (const auto& focus : areas) {
        ScoreFocus area{focus.first, focus.second, {}, series_of(item.id, focus.first), plan_of(item.id, focus.first)};
        if (filter.sees_counts())
          for (const auto& measure : shelf_->measures())
            if (measure.priority == item.id && measure.focus == focus.first) area.measures.push_back(library_row(measure));
        for (const auto& row : area.measures) {
          ++here;
          up += improving(row.variation) ? 1 : 0;
          down += of_concern(row.variation) ? 1 : 0;
          if (!row.goal || !row.figure.value) continue;
          ++targets;
          met += row.good_direction == "lower" ? *row.figure.value <= *row.goal : *row.figure.value >= *row.goal;
        }
        for (const auto& line : area.plan) ++lines, behind += line.standing == "behind" ? 1 : 0;
        priority.focus_areas.push_back(std::move(area));
      }
      priority.sentence =
          here == 0 ? "No measure of the record yet." : fmt::format("{}: {} improving, {} of concern", number_of(here, "measure", "measures"), up, down);
      if (here > 0) priority.sentence += targets > 0 ? fmt::format("; {} of {} targets met.", met, targets) : ".";
      if (lines > 0) priority.sentence += fmt::format(" In the plan: {}, {} behind it.", number_of(lines, "line", "lines"), behind);
      all += here, better += up, worse += down;
      card.priorities.push_back(std::move(priority));
    }
  }
  card.sentence = !card.library
      ? std::string(not_run)
      : fmt::format("{} measures follow the strategy: {} improving, {} of concern, the others steady or not judged.", all, better, worse);
  return card;
}

}  // namespace catchment::api
