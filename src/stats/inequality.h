// The slope and the relative index of inequality.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "stats/intervals.h"

namespace catchment::stats {

enum class Scale : std::uint8_t { identity, log, logit };

/// One quantile of deprivation, most deprived first.
struct QuantilePoint {
  double population = 0;
  double value = 0;           // on its own scale, before any multiplier
  double standard_error = 0;  // on `scale`; see standard_error()
};

struct InequalityOptions {
  Scale scale = Scale::identity;  // the scale the values are normal on
  bool transform = false;         // fit the line on that scale and turn the ends back
  double multiplier = 1;          // negative when a low value is the better one
  int repetitions = 100000;
  std::uint64_t seed = 1;
};

struct Inequality {
  double slope = 0;                  // slope index of inequality, times the multiplier
  std::optional<double> relative;    // relative index; empty where the line crosses zero
  double intercept = 0;              // value at the most deprived end, on the values' own scale
  std::vector<Interval> slope_intervals;
  std::vector<Interval> relative_intervals;
  std::string_view refused;          // why nothing is given, or ""
};

/// From limits to a standard error on a scale: (t(high) - t(low)) / 2z.
std::optional<double> standard_error(double low, double high, double confidence, Scale scale);

/// Weighted regression of value on cumulative mid-rank, weights the population shares; intervals by
/// simulating the quantile values (PHE technical guide). Deterministic for a seed.
Inequality slope_index(std::span<const QuantilePoint> points, const InequalityOptions& options, std::span<const double> confidences);

}  // namespace catchment::stats
