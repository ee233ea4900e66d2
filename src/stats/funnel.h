// Funnel limits and significance, with overdispersion.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "stats/intervals.h"

namespace catchment::stats {

/// The two pairs of funnel limits: two-sided tails of 2.5% and of 0.1% each.
struct FunnelLimits {
  Interval inner;  // 95%
  Interval outer;  // 99.8%
};

/// Limits of a proportion around `baseline` (a share) at a denominator: the values whose Wilson interval just
/// reaches the baseline, held to [0, 1]. Empty when the denominator is not positive.
std::optional<FunnelLimits> proportion_funnel(double baseline, double denominator);

/// Limits of observed / expected at an observed count, exact Poisson: O / qgamma(p, O + 1) below and
/// O / qgamma(p, O) above (1 = as expected). Zero events have no upper limit and give an empty result.
std::optional<FunnelLimits> ratio_funnel(double observed);

/// Expected counts behind those limits: where the inner and outer limits stand on an axis of expected events.
struct FunnelExpected {
  double inner_low = 0, inner_high = 0, outer_low = 0, outer_high = 0;
};
std::optional<FunnelExpected> funnel_expected(double observed);

/// "High (0.001)", "High (0.025)", "Not significant", "Low (0.025)" or "Low (0.001)".
std::string_view funnel_significance(double value, const FunnelLimits& limits);

enum class DispersionMethod : std::uint8_t {
  shmi,  // log ratio, the extreme 10% at each end left out
  cqc,   // square-root ratio or arcsine proportion, the extreme 10% at each end drawn in (winsorised)
};

struct FunnelUnit {
  double numerator = 0;
  double denominator = 0;  // expected for a ratio, number at risk for a proportion
};

struct Dispersion {
  double target = 0;
  double phi = 0;   // 1 = no more variation than chance
  double tau2 = 0;  // between-unit variance on the transformed scale
  std::size_t used = 0;
  struct Unit {
    double y = 0, s = 0, z = 0, adjusted_z = 0;
    Interval inner, outer;  // overdispersed limits on the ratio scale; only for ratios
  };
  std::vector<Unit> units;
};

/// Additive random-effects overdispersion (Spiegelhalter 2005; DerSimonian and Laird) of ratios or proportions.
Dispersion overdispersion(std::span<const FunnelUnit> units, bool proportions, DispersionMethod method, double trim = 0.1);

}  // namespace catchment::stats
