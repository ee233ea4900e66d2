#include "stats/trend.h"

#include <array>
#include <cmath>

namespace catchment::stats {
namespace {

constexpr std::size_t years = 5;
constexpr double critical = 9.5495;  // chi-square, one degree of freedom, 0.998

struct Slope {
  double value = 0;
  double squared_over_variance = 0;
};

Slope weighted_slope(const std::array<TrendPoint, years>& points, std::size_t left_out) {
  double weights = 0, mean_x = 0, mean_y = 0;
  std::array<double, years> w{};
  for (std::size_t i = 0; i < years; ++i) {
    if (i == left_out) continue;
    const double error = (points[i].interval->high - points[i].interval->low) / 3.92;
    w[i] = 1 / (error * error);
    weights += w[i];
    mean_x += w[i] * static_cast<double>(i);
    mean_y += w[i] * points[i].value;
  }
  mean_x /= weights;
  mean_y /= weights;
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < years; ++i) {
    if (i == left_out) continue;
    const double x = static_cast<double>(i) - mean_x;
    xx += w[i] * x * x;
    xy += w[i] * x * (points[i].value - mean_y);
  }
  return {xy / xx, xy * xy / xx};
}

}  // namespace

Trend recent_trend(std::span<const TrendPoint> points, TrendKind kind) {
  if (kind == TrendKind::other || points.size() < years) return Trend::cannot_be_calculated;
  std::array<TrendPoint, years> last;
  for (std::size_t i = 0; i < years; ++i) {
    last[i] = points[points.size() - years + i];
    if (!last[i].interval || !(last[i].interval->high > last[i].interval->low)) return Trend::no_change;
  }
  const Slope slope = weighted_slope(last, years);
  if (!(slope.squared_over_variance > critical)) return Trend::no_change;
  for (std::size_t i = 0; i < years; ++i)
    if (weighted_slope(last, i).value * slope.value <= 0) return Trend::no_change;
  return slope.value > 0 ? Trend::increasing : Trend::decreasing;
}

std::string_view trend_words(Trend trend, Direction direction) {
  if (trend == Trend::cannot_be_calculated) return "CannotBeCalculated";
  if (trend == Trend::no_change) return "NoChange";
  const bool up = trend == Trend::increasing;
  if (direction == Direction::no_judgement) return up ? "Increasing" : "Decreasing";
  const bool better = up == (direction == Direction::high_is_good);
  if (up) return better ? "IncreasingAndGettingBetter" : "IncreasingAndGettingWorse";
  return better ? "DecreasingAndGettingBetter" : "DecreasingAndGettingWorse";
}

Verdict compare(const std::optional<Interval>& area, double benchmark, Direction direction) {
  if (!area) return Verdict::not_compared;
  if (area->low <= benchmark && benchmark <= area->high) return Verdict::similar;
  const bool higher = area->low > benchmark;
  if (direction == Direction::no_judgement) return higher ? Verdict::higher : Verdict::lower;
  return higher == (direction == Direction::high_is_good) ? Verdict::better : Verdict::worse;
}

}  // namespace catchment::stats
