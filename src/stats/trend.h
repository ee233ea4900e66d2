// Recent trend as Fingertips shows it, and comparison with a benchmark.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "stats/intervals.h"

namespace catchment::stats {

enum class Direction : std::uint8_t { high_is_good, low_is_good, no_judgement };

enum class TrendKind : std::uint8_t { proportion, crude_rate, direct_rate, other };

struct TrendPoint {
  double value = 0;
  std::optional<Interval> interval;  // 95%
};

enum class Trend : std::uint8_t { cannot_be_calculated, no_change, increasing, decreasing };

/// The trend over the last five of yearly points in time order: weighted regression, weights from the 95%
/// intervals; a change needs (slope / error) squared above 9.5495 (0.2% two-sided) and the same sign of slope when
/// any one point is left out. Fewer than five points, or another kind of value, cannot be calculated; points
/// without intervals show no change because none can be told from chance.
Trend recent_trend(std::span<const TrendPoint> points, TrendKind kind);

/// "Increasing", "IncreasingAndGettingWorse", ... as Fingertips words it.
std::string_view trend_words(Trend trend, Direction direction);

enum class Verdict : std::uint8_t { not_compared, similar, better, worse, lower, higher };

/// An area's interval against a benchmark's point value.
Verdict compare(const std::optional<Interval>& area, double benchmark, Direction direction);

}  // namespace catchment::stats
