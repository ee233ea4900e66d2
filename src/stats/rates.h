// Proportions, rates, standardised rates and means.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "stats/intervals.h"

namespace catchment::stats {

/// A value with one interval for each confidence asked for, in that order.
struct Estimate {
  std::optional<double> value;
  std::vector<std::optional<Interval>> intervals;
  std::string_view method;  // "Wilson", "Byars", "Exact", "Dobson", ...
};

/// x / n times multiplier, Wilson limits. No value when n <= 0, x < 0 or x > n.
Estimate proportion(double x, double n, double multiplier, std::span<const double> confidences);

/// x / n times multiplier; limits exact below ten events, Byar's from ten. No value when n <= 0 or x < 0.
Estimate rate(double x, double n, double multiplier, std::span<const double> confidences);

/// One age band of a standardisation.
struct Stratum {
  double count = 0;
  double population = 0;
  double standard = 0;  // weight of the band in the standard population
  /// Sum over people of (events of that person) squared, for events that repeat within people; equal to
  /// `count` when each person has at most one event.
  double squared_events = 0;
};

/// European Standard Population 2013 in 19 bands (0-4 to 90 and over), total 100,000.
inline constexpr std::array<double, 19> european_standard_2013{5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000,
                                                               7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000};

/// Directly standardised rate with Dobson's limits (Dobson et al. 1991); the variance uses squared events
/// where they are given. No value when fewer than ten events in all, or a population that is not positive.
Estimate direct_rate(std::span<const Stratum> strata, double multiplier, bool repeat_events, std::span<const double> confidences);

struct IndirectStratum {
  double count = 0;
  double population = 0;
  double reference_count = 0;
  double reference_population = 0;
};

struct Indirect {
  double observed = 0;
  double expected = 0;
  double reference_rate = 0;  // per multiplier
  Estimate estimate;
};

/// Indirectly standardised ratio (observed / expected times multiplier).
Indirect indirect_ratio(std::span<const IndirectStratum> strata, double multiplier, std::span<const double> confidences);
/// The ratio times the reference rate.
Indirect indirect_rate(std::span<const IndirectStratum> strata, double multiplier, std::span<const double> confidences);

struct Mean {
  double sum = 0;
  double count = 0;
  double standard_deviation = 0;
  Estimate estimate;
};

/// Arithmetic mean, Student's t limits. No value without values.
Mean mean(std::span<const double> values, std::span<const double> confidences);

}  // namespace catchment::stats
