// One measure of the library: its figures, trend, gaps, practices and definition.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "api/crossings.h"
#include "api/figures.h"
#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using indicators::Basis;
using indicators::MeasureFigure;
using indicators::PublishedMeasure;
using indicators::Split;

constexpr std::string_view basis_mark = "@resident";
const std::initializer_list<std::string_view> library_settings = {"general-practice", "public-health", "hospital"};

double rounded(double value) { return std::round(value * 10.0) / 10.0; }

Number rounded(const std::optional<double>& value) { return value ? Number{rounded(*value)} : Number{}; }

std::string dimension_of(const MeasureFigure& figure, const std::string& usual_index) {
  if (figure.split == Split::deprivation && figure.variant != usual_index) return "deprivation:" + figure.variant;
  return std::string(to_string(figure.split));
}

std::string variation_words(indicators::Variation variation) {
  using indicators::Variation;
  switch (variation) {
    case Variation::common_cause: return "Common cause: no change beyond the usual ups and downs";
    case Variation::improvement_high: return "Special cause, improving: higher";
    case Variation::improvement_low: return "Special cause, improving: lower";
    case Variation::concern_high: return "Special cause, concern: higher";
    case Variation::concern_low: return "Special cause, concern: lower";
    case Variation::neutral_high: return "Special cause, neither good nor bad: higher";
    case Variation::neutral_low: return "Special cause, neither good nor bad: lower";
    case Variation::none: break;
  }
  return "Not judged: too few months";
}

std::string assurance_words(stats::Assurance assurance) {
  switch (assurance) {
    case stats::Assurance::consistent_pass: return "The target is met month after month";
    case stats::Assurance::consistent_fail: return "The target is missed unless something changes";
    case stats::Assurance::hit_and_miss: return "The target is met or missed by chance";
    case stats::Assurance::none: break;
  }
  return "No target, or too few months";
}

/// Why splits show nothing at all, by their titles ("By sex").
std::string hidden_split_words(const std::vector<std::string>& titles) {
  std::string text = "Hidden whole: ";
  for (const std::string& title : titles) text += (&title == titles.data() ? "b" : "; b") + title.substr(1);
  return text +
      ". So many of their counts are small that showing the rest would give them away, beside the other figures or those published before, or leave next to "
      "nothing to show.";
}

/// A group within a sentence: "1, most deprived fifth" is said as "the most deprived fifth".
std::string said(const std::string& group) { return group.find(", ") == 1 ? "the " + group.substr(3) : group; }

/// Residents may be withheld alone.
std::string withheld_figure_words(const MeasureFigure& figure) {
  return withheld_words((figure.basis == Basis::resident ? "residents in " : "") + month_words(figure.month));
}

}  // namespace

std::string withheld_words(const std::string& month) {
  return "Every figure of " + month + " is withheld: by itself or beside others published now or before, any of them would give away a count of a few people.";
}

std::string held_back_words(const std::vector<Date>& months) {
  std::string text = "The figures of ";
  for (std::size_t m = 0; m < months.size(); ++m) text += (m == 0 ? "" : m + 1 == months.size() ? " and " : ", ") + month_words(months[m]);
  return text + " are those published before: beside them, what has been counted since would give away a count of a few people.";
}

std::string unit_of(const PublishedMeasure& measure) {
  if (measure.per == 100) return measure.events() ? "per_100" : "percent";
  return measure.per == 1000 ? "per_1000" : measure.per == 10000 ? "per_10000" : "per_100000";
}

std::string value_words(const PublishedMeasure& measure, double value) {
  if (unit_of(measure) == "percent") return one_decimal(value) + "%";
  return one_decimal(value) + " per " + with_commas(static_cast<std::int64_t>(measure.per));
}

std::string distance_words(const PublishedMeasure& measure, double value) {
  if (unit_of(measure) == "percent") return one_decimal(value) + (one_decimal(value) == "1.0" ? " point" : " points");
  return value_words(measure, value);
}

std::string group_words(const MeasureFigure& figure, const system::System& system) {
  if (figure.group == "unknown") return "Not known";
  switch (figure.split) {
    case Split::deprivation: return figure.group == "1" ? "1, most deprived fifth" : figure.group == "5" ? "5, least deprived fifth" : figure.group;
    case Split::practice: {
      const auto* practice = system::find_practice(system, figure.group);
      return practice == nullptr ? figure.group : practice->name;
    }
    case Split::network: {
      const auto* network = system::find_network(system, figure.group);
      return network == nullptr ? figure.group : network->name;
    }
    case Split::ethnicity:
    case Split::sex: {
      std::string label = figure.group;
      label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
      return label;
    }
    default: return figure.group;
  }
}

void judge(Figure& figure, const MeasureFigure& own, const MeasureFigure& whole, const std::string& good_direction, bool standardised) {
  Comparison comparison{"the whole area", std::nullopt, std::nullopt, "not_compared"};
  const auto here = indicators::estimate_of(own, standardised), there = indicators::estimate_of(whole, standardised);
  if (here && there) {
    comparison.value = rounded(there->value);
    comparison.difference = rounded(here->value - there->value);
    const bool above = here->low > there->value, below = here->high < there->value;
    if (!above && !below) comparison.verdict = "similar";
    else if (good_direction == "neither") comparison.verdict = above ? "higher" : "lower";
    else comparison.verdict = above == (good_direction == "higher") ? "better" : "worse";
  }
  figure.comparison = std::move(comparison);
}

Figure SnapshotSource::library_figure(const PublishedMeasure& measure, const MeasureFigure& own, const MeasureFigure* whole) const {
  Figure figure;
  const Text place = own.place.empty() ? Text{} : Text{own.place};
  figure.measure = measure.id;
  figure.id = to_id({measure.id + (own.basis == Basis::resident ? std::string(basis_mark) : ""), place,
                     dimension_of(own, definitions_->system.deprivation_version), own.group});
  figure.label = own.split == Split::none ? (own.place == "unknown" ? "Outside, or not known" : place_name(place)) : group_words(own, definitions_->system);
  figure.place = place;
  if (!own.group.empty()) figure.group = own.group;
  figure.unit = unit_of(measure);
  figure.vintage = vintage(library_settings);
  figure.suppressed = own.hidden;
  if (own.held_back) figure.held_back = held_back_words({own.month});
  if (own.hidden) {
    figure.suppression_note = own.withheld ? withheld_figure_words(own) : disclosure::hidden_note(rules_);
    return figure;
  }
  if (!own.value) {
    figure.missing_reason = "nobody to count";
    return figure;
  }
  figure.rounded_to = disclosure::Rules{}.rounded_to;
  figure.value = rounded(*own.value);
  figure.numerator = own.numerator;
  figure.denominator = own.denominator;
  figure.goal = measure.target;
  if (own.low && own.high) figure.interval = Interval{rounded(*own.low), rounded(*own.high), 95, measure.events() ? "Byar" : "Wilson"};
  if (whole != nullptr && whole != &own) judge(figure, own, *whole, measure.good_direction, false);
  else if (whole == &own && measure.target && own.low && own.high) {
    Comparison comparison{"the target", measure.target, rounded(*own.value - *measure.target), "similar"};
    if (*own.low > *measure.target) comparison.verdict = measure.good_direction == "lower" ? "worse" : "better";
    if (*own.high < *measure.target) comparison.verdict = measure.good_direction == "lower" ? "better" : "worse";
    figure.comparison = std::move(comparison);
  }
  return figure;
}

std::optional<Figure> SnapshotSource::library_named(const FigureName& name) const {
  const bool resident = name.measure.ends_with(basis_mark);
  const auto* measure =
      shelf_->find(resident ? std::string_view(name.measure).substr(0, name.measure.size() - basis_mark.size()) : std::string_view(name.measure));
  if (measure == nullptr) return std::nullopt;
  std::string dimension = name.dimension, variant;
  if (dimension.starts_with("deprivation")) {
    variant = dimension.size() > 12 ? dimension.substr(12) : definitions_->system.deprivation_version;
    dimension = "deprivation";
  }
  const auto split = indicators::split_named(dimension);
  if (!split) return std::nullopt;
  const auto figures = shelf_->figures(measure->id);
  const Basis basis = indicators::only_basis_of(*split).value_or(resident ? Basis::resident : Basis::registered);
  const auto* whole = pick_one(*figures, basis, measure->last_month, "");
  for (const auto& figure : pick(*figures, {basis, *split, variant, measure->last_month, name.place.value_or("")}))
    if (figure.group == name.key) return library_figure(*measure, figure, *split == Split::none && figure.place.empty() ? &figure : whole);
  return std::nullopt;
}

Definition SnapshotSource::library_definition(const PublishedMeasure& measure) const {
  Definition definition;
  definition.numerator = measure.numerator;
  definition.denominator = measure.denominator;
  definition.rule = fmt::format("{}, of {}{}.", measure.numerator,
                                static_cast<char>(std::tolower(static_cast<unsigned char>(measure.denominator.empty() ? 'p' : measure.denominator[0]))),
                                measure.denominator.empty() ? "" : measure.denominator.substr(1));
  if (!measure.exclusions.empty()) definition.exclusions.push_back(measure.exclusions);
  definition.exclusions.push_back("Whoever opted out of planning and research");
  std::istringstream lines(measure.codelists);
  for (std::string id, version, hash; lines >> id >> version >> hash;) {
    Codelist list{id, id, version, "", 0, hash};
    if (const auto* known = terminology::find_codelist(definitions_->codelists, id)) {
      list.name = known->title;
      list.codes = static_cast<std::int64_t>(known->entries.size());
      if (!known->entries.empty()) list.system = known->entries.front().system;
    }
    definition.codelists.push_back(std::move(list));
  }
  if (!measure.source.empty()) definition.sources.push_back({measure.source, std::nullopt});
  definition.version = fmt::format("{} for {}", measure.version, measure.year);
  definition.good_direction = measure.good_direction.empty() ? "neither" : measure.good_direction;
  definition.suppression = disclosure::in_words();
  return definition;
}

RecentTrend recent_words(const PublishedMeasure& measure, std::span<const MeasureFigure> months) {
  const auto found = indicators::recent_trend_of(months, measure.events());
  const std::string used = found.used.empty() ? "none"
      : found.used.size() == 1                ? month_words(found.used[0])
                                              : month_words(found.used.front()) + " to " + month_words(found.used.back());
  RecentTrend recent;
  switch (found.trend) {
    case stats::Trend::cannot_be_calculated:
      recent.words = "Cannot be worked out";
      recent.sentence = fmt::format(
          "The trend over years needs the same month of five years; {} of them {} a figure that may be shown ({}). Months between share people or seasons and "
          "are not used.",
          found.used.size(), found.used.size() == 1 ? "has" : "have", used);
      return recent;
    case stats::Trend::no_change: recent.trend = "no_change"; break;
    case stats::Trend::increasing: recent.trend = "increasing"; break;
    case stats::Trend::decreasing: recent.trend = "decreasing"; break;
  }
  if (recent.trend == "no_change") {
    recent.words = "No significant change";
  } else {
    const bool up = found.trend == stats::Trend::increasing;
    recent.words = up ? "Increasing" : "Decreasing";
    if (measure.good_direction == "higher" || measure.good_direction == "lower") {
      recent.judgement = up == (measure.good_direction == "higher") ? "better" : "worse";
      recent.words += recent.judgement == "better" ? " and getting better" : " and getting worse";
    }
  }
  recent.sentence =
      fmt::format("Over five years: {}. From the same month of five years, {}, weighted by their intervals, at the 99.8% level, as Fingertips does.",
                  recent.words == "No significant change" ? "no significant change" : recent.words, used);
  return recent;
}

MeasureTrend SnapshotSource::library_trend(const PublishedMeasure& measure, Basis basis, const std::string& place) const {
  const auto figures = shelf_->figures(measure.id);
  const auto months = pick_months(*figures, basis, place);
  const auto run = indicators::latest_run(months);
  const auto series = indicators::chart_of(run, measure.good_direction, measure.target);
  const auto rules = stats::making_data_count();
  const auto variation = indicators::variation_of(series);
  MeasureTrend trend;
  trend.rules = fmt::format(
      "XmR chart under the rules of Making Data Count: {} on one side, {} rising or falling, two of three near a limit, one beyond a limit; limits need {} "
      "months",
      rules.shift_length, rules.trend_length, rules.fewest_points);
  trend.target = measure.target;
  trend.recent = recent_words(measure, months);
  trend.variation = to_string(variation);
  trend.variation_words = variation_words(variation);
  const bool judged = variation != indicators::Variation::none;
  trend.assurance = judged ? std::string(indicators::to_string(series.chart.assurance)) : "none";
  trend.assurance_words = assurance_words(judged ? series.chart.assurance : stats::Assurance::none);
  if (!measure.events())
    trend.note = "Each month counts everyone who was then in the measure, so neighbouring months share most of their people: read small steps with care.";
  const auto& lines = definitions_->known().library->plan.lines;
  const auto line = std::find_if(lines.begin(), lines.end(), [&](const auto& each) { return each.measure == measure.id && each.place == place; });
  for (std::size_t m = 0; m < series.months.size(); ++m) {
    const MeasureFigure& own = *series.months[m];
    TrendPoint point;
    point.month = own.month;
    point.suppressed = own.hidden;
    if (line != lines.end()) point.planned = rounded(line->planned(own.month));
    if (series.at[m]) {
      const stats::ChartPoint& at = series.chart.points[*series.at[m]];
      point.value = rounded(own.value), point.low = rounded(own.low), point.high = rounded(own.high);
      point.numerator = own.numerator, point.denominator = own.denominator;
      if (!at.provisional) {
        point.mean = rounded(at.mean), point.lower = rounded(at.lower), point.upper = rounded(at.upper);
        if (at.cause != stats::SpecialCause::none) {
          point.mark = at.improvement ? "improvement" : at.concern ? "concern" : "neutral";
          point.cause = stats::cause_words(at.cause, rules);
        }
      }
    }
    trend.points.push_back(std::move(point));
  }
  if (const auto change = indicators::change_over_year(months)) {
    const bool up = change->value > 0;
    trend.sentence = !change->beyond_chance()
        ? "No change over the year beyond what chance may explain"
        : fmt::format("{} {} over the year ({} to {})", up ? "Up" : "Down", distance_words(measure, std::abs(change->value)), one_decimal(change->low),
                      one_decimal(change->high));
  } else {
    trend.sentence = run.size() < 2 ? "One month has been worked out" : fmt::format("{} months have been worked out", run.size());
  }
  trend.sentence += judged ? fmt::format(". {}.", trend.variation_words) : fmt::format(". Limits are drawn from {} months.", rules.fewest_points);
  return trend;
}

std::optional<GroupGap> SnapshotSource::library_gap(const PublishedMeasure& measure, std::span<const MeasureFigure> groups) const {
  if (groups.empty()) return std::nullopt;
  const bool ordered = groups.front().split == Split::deprivation;
  const auto found = ordered ? indicators::deprivation_gap(groups) : indicators::widest_gap(groups);
  if (!found) return std::nullopt;
  const auto title_of = [&](const MeasureFigure& figure) {
    return figure.split == Split::none ? place_name(figure.place) : group_words(figure, definitions_->system);
  };
  GroupGap gap;
  gap.dimension = groups.front().split == Split::none ? "place" : std::string(to_string(groups.front().split));
  gap.title = gap.dimension == "place" ? "Between places"
      : gap.dimension == "deprivation" ? "Most and least deprived"
      : gap.dimension == "ethnicity"   ? "Between ethnic groups"
                                       : "Between " + gap.dimension + " groups";
  gap.high_group = title_of(*found->high);
  gap.low_group = title_of(*found->low);
  gap.unit = unit_of(measure);
  gap.difference = rounded(found->difference.value), gap.low = rounded(found->difference.low), gap.high = rounded(found->difference.high);
  gap.beyond_chance = found->difference.beyond_chance();
  std::string both = fmt::format("{} {}, {} {}", said(gap.high_group), value_words(measure, *found->high->value), said(gap.low_group),
                                 value_words(measure, *found->low->value));
  if (both.starts_with("the ")) both.front() = 'T';
  gap.sentence = gap.beyond_chance
      ? fmt::format("{}: a gap of {} ({} to {}).", both, distance_words(measure, gap.difference), one_decimal(gap.low), one_decimal(gap.high))
      : fmt::format("{}: no more apart than chance may explain.", both);
  if (!ordered) return gap;
  if (const auto slope = indicators::deprivation_slope(groups)) {
    gap.slope = rounded(slope->index), gap.slope_low = rounded(slope->low), gap.slope_high = rounded(slope->high);
    if (slope->relative) gap.relative = std::round(*slope->relative * 100) / 100;
    gap.sentence += fmt::format(" Along all fifths it {} by {} ({} to {}) from the most to the least deprived end.", slope->index < 0 ? "falls" : "rises",
                                distance_words(measure, std::abs(*gap.slope)), one_decimal(*gap.slope_low), one_decimal(*gap.slope_high));
  }
  return gap;
}

std::optional<PracticeFunnel> SnapshotSource::library_funnel(const PublishedMeasure& measure, Basis basis) const {
  const auto figures = shelf_->figures(measure.id);
  const auto* whole = pick_one(*figures, basis, measure.last_month, "");
  if (whole == nullptr) return std::nullopt;
  const auto found = indicators::funnel_of(pick(*figures, {basis, Split::practice, "", measure.last_month, ""}), *whole, measure.events(), measure.per);
  if (!found) return std::nullopt;
  PracticeFunnel funnel;
  funnel.baseline = rounded(found->baseline);
  funnel.hidden = static_cast<std::int64_t>(found->hidden);
  if (found->phi) funnel.phi = std::round(*found->phi * 100) / 100, funnel.tau2 = std::round(*found->tau2 * 10000) / 10000;
  static constexpr std::array<std::string_view, 5> standings = {"very_low", "low", "within", "high", "very_high"};
  std::size_t beyond = 0;
  for (const auto& point : found->points) {
    const auto* practice = system::find_practice(definitions_->system, point.figure->group);
    FunnelPoint shown{point.figure->group,
                      group_words(*point.figure, definitions_->system),
                      std::nullopt,
                      std::nullopt,
                      *point.figure->denominator,
                      rounded(*point.figure->value),
                      std::string(standings.at(static_cast<std::size_t>(point.outside) + 2))};
    if (practice != nullptr) {
      if (const auto* network = system::find_network(definitions_->system, practice->network)) shown.network = network->name;
      if (!practice->place.empty()) shown.place = place_name(practice->place);
    }
    beyond += std::abs(point.outside) == 2 ? 1 : 0;
    funnel.points.push_back(std::move(shown));
  }
  const double most = static_cast<double>(funnel.points.back().denominator) * 1.05;
  for (int i = 1; i <= 40; ++i) {
    const double n = most * i / 40;
    if (const auto limits = indicators::funnel_limits(found->baseline, n, measure.events(), measure.per))
      funnel.limits.push_back({n, limits->inner.low, limits->inner.high, limits->outer.low, limits->outer.high});
  }
  funnel.sentence = fmt::format("{} of {} practices {} beyond the 99.8% limits around the whole area's {}", beyond, funnel.points.size(),
                                beyond == 1 ? "lies" : "lie", value_words(measure, found->baseline));
  if (funnel.phi && *funnel.phi > 1.5)
    funnel.sentence +=
        fmt::format("; practices vary {} times as much as chance alone, so some are beyond them for reasons they share", one_decimal(*funnel.phi));
  if (funnel.hidden > 0) funnel.sentence += fmt::format("; {} hidden", funnel.hidden);
  funnel.sentence += ".";
  return funnel;
}

std::string SnapshotSource::library_headline(const PublishedMeasure& measure, const MeasureFigure* own, const MeasureDetail& detail) const {
  if (own != nullptr && own->withheld) return withheld_figure_words(*own);
  if (detail.figure.suppressed) return "Hidden, because so few people are counted, or left out, that the figure could point to one of them.";
  if (own == nullptr || !own->value) return "There is nobody to count here.";
  std::string text = fmt::format("{}: {} in {}", place_name(detail.place), value_words(measure, *own->value), month_words(measure.last_month));
  if (measure.target) text += fmt::format(" against a target of {}", value_words(measure, *measure.target));
  const auto gap = std::find_if(detail.gaps.begin(), detail.gaps.end(), [](const auto& each) { return each.beyond_chance; });
  if (gap != detail.gaps.end())
    text += fmt::format("; {} and {} are {} apart", said(gap->high_group), said(gap->low_group), distance_words(measure, gap->difference));
  return text + ".";
}

std::optional<MeasureDetail> SnapshotSource::library_measure(const PublishedMeasure& measure, const MeasureAsk& ask, const Filter& filter) const {
  const auto figures = shelf_->figures(measure.id);
  const Basis basis = ask.resident ? Basis::resident : Basis::registered;
  const std::string place = ask.place.value_or("");
  const auto versions = index_versions(*figures, definitions_->system.deprivation_version);
  const std::string index = ask.index.value_or(versions.front());
  if (std::find(versions.begin(), versions.end(), index) == versions.end()) return std::nullopt;
  const auto* own = pick_one(*figures, basis, measure.last_month, place);
  const auto* whole = pick_one(*figures, basis, measure.last_month, "");
  MeasureDetail detail;
  detail.id = measure.id;
  detail.name = measure.title;
  detail.kind = measure.kind == "register" ? "condition" : "measure";
  detail.purpose = measure.purpose;
  detail.unit = unit_of(measure);
  detail.place = ask.place;
  detail.basis = std::string(to_string(basis));
  detail.period = month_words(measure.last_month);
  detail.index = index;
  detail.indices = versions;
  detail.goal = measure.target;
  if (own != nullptr) {
    detail.figure = library_figure(measure, *own, place.empty() ? own : whole);
    if (own->standardised) {
      Figure adjusted = detail.figure;
      adjusted.label = "Adjusted for age";
      adjusted.value = rounded(own->standardised);
      adjusted.interval = Interval{rounded(*own->standardised_low), rounded(*own->standardised_high), 95, "Dobson"};
      adjusted.numerator = adjusted.denominator = std::nullopt;
      adjusted.comparison.reset();
      adjusted.goal.reset();
      if (whole != nullptr && whole != own) judge(adjusted, *own, *whole, measure.good_direction, true);
      detail.standardised = std::move(adjusted);
    }
  } else {
    detail.figure.id = to_id({measure.id, ask.place, "", ""});
    detail.figure.label = place_name(ask.place);
    detail.figure.unit = detail.unit;
    detail.figure.missing_reason = "nobody to count";
    detail.figure.vintage = vintage(library_settings);
  }
  std::vector<std::string> hidden;  // titles of splits of which nothing is shown
  const auto add = [&](const std::string& dimension, const std::string& title, std::span<const MeasureFigure> groups, Text note) {
    Breakdown breakdown{dimension, title, std::move(note), {}};
    for (const auto& group : groups)
      if (dimension != "place" || group.place != "unknown") breakdown.figures.push_back(library_figure(measure, group, dimension == "place" ? whole : own));
    if (!groups.empty() && std::all_of(groups.begin(), groups.end(), [](const auto& each) { return each.hidden; })) {
      hidden.push_back(title);
    } else if (breakdown.figures.size() > 1) {
      detail.breakdowns.push_back(std::move(breakdown));
    }
  };
  MeasureShelf::Figures places;
  for (const auto& each : definitions_->system.places)
    if (const auto* figure = pick_one(*figures, basis, measure.last_month, each.id)) places.push_back(*figure);
  add("place", "By place", places, ask.resident ? Text{} : Text{"By the place of the practice"});
  const auto split = [&](Split by) { return pick(*figures, {basis, by, by == Split::deprivation ? index : "", measure.last_month, place}); };
  add("deprivation", "By deprivation, in national fifths", split(Split::deprivation), Text{"Index of " + index});
  add("ethnicity", "By ethnic group", split(Split::ethnicity), std::nullopt);
  add("age", "By age", split(Split::age), std::nullopt);
  add("sex", "By sex", split(Split::sex), std::nullopt);
  if (place.empty()) add("network", "By network of practices", split(Split::network), std::nullopt);
  if (place.empty() && !ask.resident) {
    for (Crossing& crossing : crossings_of(measure, *figures)) {
      if (crossing.sentence.empty()) hidden.push_back(crossing.title);
      else detail.crossings.push_back(std::move(crossing));
    }
  }
  if (auto gap = library_gap(measure, split(Split::deprivation))) detail.gaps.push_back(std::move(*gap));
  if (auto gap = library_gap(measure, split(Split::ethnicity))) detail.gaps.push_back(std::move(*gap));
  if (place.empty())
    if (auto gap = library_gap(measure, places)) detail.gaps.push_back(std::move(*gap));
  detail.trend = library_trend(measure, basis, place);
  if (place.empty()) {
    detail.funnel = library_funnel(measure, Basis::registered);  // a practice answers for who is on its list
    for (const auto& [by, title] : {std::pair{Split::practice, "By practice"}, {Split::area, "By small area"}, {Split::neighbourhood, "By neighbourhood"}}) {
      const auto groups = pick(*figures, {indicators::only_basis_of(by).value_or(basis), by, "", measure.last_month, place});
      if (!groups.empty() && std::all_of(groups.begin(), groups.end(), [](const auto& each) { return each.hidden; })) hidden.emplace_back(title);
    }
  }
  if (!hidden.empty()) detail.hidden_splits.push_back(hidden_split_words(hidden));
  if (whole != nullptr && whole->withheld) detail.hidden_splits.insert(detail.hidden_splits.begin(), withheld_figure_words(*whole));
  std::vector<Date> held_back;
  for (const auto& figure : pick_months(*figures, basis, place))
    if (figure.held_back) held_back.push_back(figure.month);
  if (!held_back.empty()) detail.hidden_splits.insert(detail.hidden_splits.begin(), held_back_words(held_back));
  detail.headline = library_headline(measure, own, detail);
  detail.definition = library_definition(measure);
  detail.owner = name_of(measure.owner);
  if (!measure.limits.empty()) detail.limits = measure.limits;
  detail.year = measure.year;
  if (!measure.programme.empty()) detail.programme = measure.programme;
  if (const auto* item = system::find_priority(definitions_->system, measure.priority)) detail.priority = PriorityRef{item->id, item->title};
  detail.feeds = feeds_used(library_settings);
  detail.unseen = unseen(ask.place, true, filter);
  return detail;
}

}  // namespace catchment::api
