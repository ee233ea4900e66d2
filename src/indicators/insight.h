// What figures say: differences, gaps, slopes, what stands out and what explains it, change over time.
// In: figures that may be shown. Out: statistics with their intervals and error rates. Always: a figure that is hidden or
// has no interval takes no part; nothing here knows an exact count. Every alarm has a stated rate of being raised by
// chance: differences and gaps 1 - confidence, divided over the pairs that were looked at.
//
// Sources: Newcombe 1998 and Donner & Zou 2010 for the interval of a difference from two intervals; PHE technical guide
// for the slope index; Making Data Count for control charts; Kitagawa 1955 for what a mix explains.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "indicators/measure_figures.h"
#include "stats/stats.h"

namespace catchment::indicators {

struct Difference {
  double value = 0, low = 0, high = 0;
  bool beyond_chance() const { return low > 0 || high < 0; }
};

/// An estimate with its 95% interval.
struct Estimated {
  double value = 0, low = 0, high = 0;
};
/// Of the figure as it is, or standardised for age.
std::optional<Estimated> estimate_of(const MeasureFigure& figure, bool standardised = false);

/// a - b. `comparisons` is how many pairs this one was chosen from.
Difference difference(const Estimated& a, const Estimated& b, double confidence = 0.95, int comparisons = 1);

/// Between two groups of one split.
struct Gap {
  const MeasureFigure* high = nullptr;
  const MeasureFigure* low = nullptr;
  Difference difference;  // high - low
};
/// Least against most deprived fifth; nothing unless both are shown.
std::optional<Gap> deprivation_gap(std::span<const MeasureFigure> fifths);
/// The two groups farthest apart, those not known left out; the interval allows for every pair that was looked at.
std::optional<Gap> widest_gap(std::span<const MeasureFigure> groups);

/// Along the fifths: the value at the least deprived end less the value at the most deprived end.
struct Slope {
  double index = 0, low = 0, high = 0;
  std::optional<double> relative;  // least over most deprived end
  bool beyond_chance() const { return low > 0 || high < 0; }
};
/// Nothing unless all five fifths are shown.
std::optional<Slope> deprivation_slope(std::span<const MeasureFigure> fifths);

/// How much of `here` - `whole` the mix of groups explains: what `here` would be with the whole's figures in each group.
/// Nothing unless all groups with people here are shown in the whole.
struct Mix {
  double expected = 0;
  double explained = 0;  // expected - whole
};
std::optional<Mix> explained_by_mix(const MeasureFigure& whole, std::span<const MeasureFigure> groups_here, std::span<const MeasureFigure> groups_whole);

/// A series over months and its control chart. Hidden months are not drawn and not used.
struct SeriesChart {
  std::vector<const MeasureFigure*> months;    // all, in order
  std::vector<std::optional<std::size_t>> at;  // by month: its place in chart.points
  stats::ControlChart chart;
};
SeriesChart chart_of(std::span<const MeasureFigure> months, std::string_view good_direction, std::optional<double> target);

enum class Variation : std::uint8_t { none, common_cause, improvement_high, improvement_low, concern_high, concern_low, neutral_high, neutral_low };
/// Of the latest month; none when it is hidden or there are fewer months than the rules ask for.
Variation variation_of(const SeriesChart& series);
std::string_view to_string(Variation variation);
std::string_view to_string(stats::Assurance assurance);

/// The latest month against the same month a year before.
std::optional<Difference> change_over_year(std::span<const MeasureFigure> months);

/// The latest months without a gap: what a chart is drawn of. Earlier months that stand alone serve the trend over years.
std::span<const MeasureFigure> latest_run(std::span<const MeasureFigure> months);

/// Fingertips' recent trend, which needs five points that share no time: the latest month and the same month of the four
/// years before. One that is missing or hidden leaves fewer than five.
struct RecentTrend {
  stats::Trend trend = stats::Trend::cannot_be_calculated;
  std::vector<Date> used;  // months with a figure, a year apart, oldest first; at most five
};
RecentTrend recent_trend_of(std::span<const MeasureFigure> months, bool events);

/// A practice against the whole, with the limits chance gives at its size.
struct FunnelPoint {
  const MeasureFigure* figure = nullptr;
  stats::FunnelLimits limits;
  int outside = 0;  // -2, -1, 0, 1, 2: beyond 99.8% or 95% below, within, above
};
struct Funnel {
  double baseline = 0;
  std::vector<FunnelPoint> points;  // by denominator
  std::size_t hidden = 0;
  std::optional<double> phi, tau2;  // overdispersion
};
std::optional<Funnel> funnel_of(std::span<const MeasureFigure> practices, const MeasureFigure& whole, bool events, double per);
/// The limits at any denominator.
std::optional<stats::FunnelLimits> funnel_limits(double baseline, double denominator, bool events, double per);

}  // namespace catchment::indicators
