#include "indicators/insight.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace catchment::indicators {

namespace {

constexpr std::array<double, 1> confidences = {0.95};
constexpr int slope_repetitions = 10000;
constexpr int years_of_trend = 5;

bool known(const MeasureFigure& figure) { return figure.group != "unknown" && estimate_of(figure).has_value(); }

const MeasureFigure* fifth(std::span<const MeasureFigure> groups, std::string_view group) {
  for (const auto& figure : groups)
    if (figure.group == group && known(figure)) return &figure;
  return nullptr;
}

Gap gap_between(const MeasureFigure& a, const MeasureFigure& b, int comparisons) {
  const bool ordered = *a.value >= *b.value;
  Gap gap{ordered ? &a : &b, ordered ? &b : &a, {}};
  gap.difference = difference(*estimate_of(*gap.high), *estimate_of(*gap.low), confidences[0], comparisons);
  return gap;
}

}  // namespace

std::optional<Estimated> estimate_of(const MeasureFigure& figure, bool standardised) {
  if (figure.hidden) return std::nullopt;
  if (standardised) {
    if (!figure.standardised || !figure.standardised_low || !figure.standardised_high) return std::nullopt;
    return Estimated{*figure.standardised, *figure.standardised_low, *figure.standardised_high};
  }
  if (!figure.value || !figure.low || !figure.high) return std::nullopt;
  return Estimated{*figure.value, *figure.low, *figure.high};
}

Difference difference(const Estimated& a, const Estimated& b, double confidence, int comparisons) {
  const double wider = stats::two_sided_z(1 - (1 - confidence) / std::max(1, comparisons)) / stats::two_sided_z(0.95);
  const double value = a.value - b.value;
  return {value, value - wider * std::hypot(a.value - a.low, b.high - b.value), value + wider * std::hypot(a.high - a.value, b.value - b.low)};
}

std::optional<Gap> deprivation_gap(std::span<const MeasureFigure> groups) {
  const MeasureFigure* most = fifth(groups, "1");
  const MeasureFigure* least = fifth(groups, "5");
  if (most == nullptr || least == nullptr) return std::nullopt;
  return gap_between(*most, *least, 1);
}

std::optional<Gap> widest_gap(std::span<const MeasureFigure> groups) {
  std::vector<const MeasureFigure*> shown;
  for (const auto& figure : groups)
    if (known(figure)) shown.push_back(&figure);
  if (shown.size() < 2) return std::nullopt;
  const int pairs = static_cast<int>(shown.size() * (shown.size() - 1) / 2);
  // Of the pairs that differ beyond chance the farthest apart, else of all: a tiny group must not hide a gap between large ones.
  std::optional<Gap> best;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    for (std::size_t j = i + 1; j < shown.size(); ++j) {
      const Gap gap = gap_between(*shown[i], *shown[j], pairs);
      const bool surer = gap.difference.beyond_chance(), sure = best && best->difference.beyond_chance();
      if (!best || (surer && !sure) || (surer == sure && gap.difference.value > best->difference.value)) best = gap;
    }
  }
  return best;
}

std::optional<Slope> deprivation_slope(std::span<const MeasureFigure> groups) {
  std::vector<stats::QuantilePoint> points;
  for (const char* group : {"1", "2", "3", "4", "5"}) {
    const MeasureFigure* figure = fifth(groups, group);
    if (figure == nullptr) return std::nullopt;
    const auto error = stats::standard_error(*figure->low, *figure->high, confidences[0], stats::Scale::identity);
    if (!error) return std::nullopt;
    points.push_back({static_cast<double>(*figure->denominator), *figure->value, *error});
  }
  stats::InequalityOptions options;
  options.repetitions = slope_repetitions;
  const stats::Inequality found = stats::slope_index(points, options, confidences);
  if (!found.refused.empty() || found.slope_intervals.empty()) return std::nullopt;
  return Slope{found.slope, found.slope_intervals[0].low, found.slope_intervals[0].high, found.relative};
}

std::optional<Mix> explained_by_mix(const MeasureFigure& whole, std::span<const MeasureFigure> groups_here, std::span<const MeasureFigure> groups_whole) {
  double people = 0, sum = 0;
  for (const auto& here : groups_here) {
    if (!here.denominator) return std::nullopt;
    const auto same = std::find_if(groups_whole.begin(), groups_whole.end(), [&](const auto& each) { return each.group == here.group; });
    if (same == groups_whole.end() || !same->value) return std::nullopt;
    people += static_cast<double>(*here.denominator);
    sum += static_cast<double>(*here.denominator) * *same->value;
  }
  if (people <= 0 || !whole.value) return std::nullopt;
  return Mix{sum / people, sum / people - *whole.value};
}

SeriesChart chart_of(std::span<const MeasureFigure> months, std::string_view good_direction, std::optional<double> target) {
  SeriesChart series;
  std::vector<double> values;
  for (const auto& figure : months) {
    series.months.push_back(&figure);
    series.at.push_back(figure.value && !figure.hidden ? std::optional<std::size_t>(values.size()) : std::nullopt);
    if (series.at.back()) values.push_back(*figure.value);
  }
  stats::ChartOptions options;
  options.improvement = good_direction == "higher" ? stats::Improvement::increase
      : good_direction == "lower"                  ? stats::Improvement::decrease
                                                   : stats::Improvement::neutral;
  options.target = target;
  series.chart = stats::control_chart(values, options);
  return series;
}

Variation variation_of(const SeriesChart& series) {
  if (series.at.empty() || !series.at.back()) return Variation::none;
  const stats::ChartPoint& latest = series.chart.points[*series.at.back()];
  if (latest.provisional) return Variation::none;
  using stats::SpecialCause;
  if (latest.cause == SpecialCause::none) return Variation::common_cause;
  const bool high = latest.cause == SpecialCause::above_limit || latest.cause == SpecialCause::shift_high || latest.cause == SpecialCause::trend_up ||
      latest.cause == SpecialCause::two_of_three_high;
  if (latest.improvement) return high ? Variation::improvement_high : Variation::improvement_low;
  if (latest.concern) return high ? Variation::concern_high : Variation::concern_low;
  return high ? Variation::neutral_high : Variation::neutral_low;
}

std::string_view to_string(Variation variation) {
  static constexpr std::array<std::string_view, 8> words = {"none",         "common_cause", "improvement_high", "improvement_low",
                                                            "concern_high", "concern_low",  "neutral_high",     "neutral_low"};
  return words[static_cast<std::size_t>(variation)];
}

std::string_view to_string(stats::Assurance assurance) {
  static constexpr std::array<std::string_view, 4> words = {"none", "consistent_pass", "consistent_fail", "hit_and_miss"};
  return words[static_cast<std::size_t>(assurance)];
}

std::optional<Difference> change_over_year(std::span<const MeasureFigure> months) {
  if (months.empty()) return std::nullopt;
  const MeasureFigure& latest = months.back();
  const Date before = latest.month.plus_months(-12);
  const auto then = std::find_if(months.begin(), months.end(), [&](const auto& each) { return each.month == before; });
  if (then == months.end()) return std::nullopt;
  const auto a = estimate_of(latest), b = estimate_of(*then);
  if (!a || !b) return std::nullopt;
  return difference(*a, *b);
}

std::span<const MeasureFigure> latest_run(std::span<const MeasureFigure> months) {
  std::size_t first = months.empty() ? 0 : months.size() - 1;
  while (first > 0 && months[first - 1].month == months[first].month.plus_months(-1)) --first;
  return months.subspan(first);
}

RecentTrend recent_trend_of(std::span<const MeasureFigure> months, bool events) {
  RecentTrend recent;
  if (months.empty()) return recent;
  std::vector<stats::TrendPoint> points;
  for (int year = years_of_trend - 1; year >= 0; --year) {
    const Date month = months.back().month.plus_months(-12 * year);
    const auto found = std::find_if(months.begin(), months.end(), [&](const auto& each) { return each.month == month; });
    if (found == months.end()) continue;
    const auto estimate = estimate_of(*found);
    if (!estimate) continue;
    recent.used.push_back(month);
    points.push_back({estimate->value, stats::Interval{estimate->low, estimate->high}});
  }
  if (points.size() == years_of_trend) recent.trend = stats::recent_trend(points, events ? stats::TrendKind::crude_rate : stats::TrendKind::proportion);
  return recent;
}

std::optional<stats::FunnelLimits> funnel_limits(double baseline, double denominator, bool events, double per) {
  if (!(denominator > 0) || !(baseline > 0)) return std::nullopt;
  if (!events) {
    auto limits = stats::proportion_funnel(std::min(1.0, baseline / per), denominator);
    if (!limits) return std::nullopt;
    for (stats::Interval* each : {&limits->inner, &limits->outer}) each->low *= per, each->high *= per;
    return limits;
  }
  const double expected = baseline / per * denominator;
  const auto inner = stats::exact_poisson(expected, 0.95), outer = stats::exact_poisson(expected, 0.998);
  if (!inner || !outer) return std::nullopt;
  const double scale = baseline / expected;
  return stats::FunnelLimits{{inner->low * scale, inner->high * scale}, {outer->low * scale, outer->high * scale}};
}

std::optional<Funnel> funnel_of(std::span<const MeasureFigure> practices, const MeasureFigure& whole, bool events, double per) {
  if (!whole.value || whole.hidden || *whole.value <= 0) return std::nullopt;
  Funnel funnel;
  funnel.baseline = *whole.value;
  std::vector<stats::FunnelUnit> units;
  for (const auto& figure : practices) {
    if (figure.hidden || !figure.value || !figure.denominator) {
      ++funnel.hidden;
      continue;
    }
    const double n = static_cast<double>(*figure.denominator);
    const auto limits = funnel_limits(funnel.baseline, n, events, per);
    if (!limits) continue;
    const double v = *figure.value;
    const int outside = v > limits->outer.high ? 2 : v > limits->inner.high ? 1 : v < limits->outer.low ? -2 : v < limits->inner.low ? -1 : 0;
    funnel.points.push_back({&figure, *limits, outside});
    const double x = static_cast<double>(*figure.numerator);
    units.push_back({x, events ? funnel.baseline / per * n : n});
  }
  if (funnel.points.empty()) return std::nullopt;
  std::stable_sort(funnel.points.begin(), funnel.points.end(), [](const auto& a, const auto& b) { return *a.figure->denominator < *b.figure->denominator; });
  if (units.size() >= 10) {
    const stats::Dispersion dispersion = stats::overdispersion(units, !events, stats::DispersionMethod::cqc);
    if (std::isfinite(dispersion.phi)) funnel.phi = dispersion.phi, funnel.tau2 = dispersion.tau2;
  }
  return funnel;
}

}  // namespace catchment::indicators
