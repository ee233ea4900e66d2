#include "stats/funnel.h"

#include <algorithm>
#include <cmath>

namespace catchment::stats {
namespace {
constexpr double inner_tail = 0.025, outer_tail = 0.001;
}

std::optional<FunnelLimits> proportion_funnel(double baseline, double denominator) {
  if (!(denominator > 0)) return std::nullopt;
  const double error = std::sqrt(baseline * (1 - baseline) / denominator);
  const auto limits = [&](double tail) {
    const double half = normal_quantile(1 - tail) * error;
    return Interval{std::max(0.0, baseline - half), std::min(1.0, baseline + half)};
  };
  return FunnelLimits{limits(inner_tail), limits(outer_tail)};
}

std::optional<FunnelExpected> funnel_expected(double observed) {
  if (!(observed > 0)) return std::nullopt;
  return FunnelExpected{gamma_quantile(1 - inner_tail, observed + 1), gamma_quantile(inner_tail, observed), gamma_quantile(1 - outer_tail, observed + 1),
                        gamma_quantile(outer_tail, observed)};
}

std::optional<FunnelLimits> ratio_funnel(double observed) {
  const auto e = funnel_expected(observed);
  if (!e) return std::nullopt;
  return FunnelLimits{{observed / e->inner_low, observed / e->inner_high}, {observed / e->outer_low, observed / e->outer_high}};
}

std::string_view funnel_significance(double value, const FunnelLimits& limits) {
  if (value > limits.outer.high) return "High (0.001)";
  if (value < limits.outer.low) return "Low (0.001)";
  if (value > limits.inner.high) return "High (0.025)";
  if (value < limits.inner.low) return "Low (0.025)";
  return "Not significant";
}

namespace {

// R's default quantile (Hyndman and Fan, type 7).
double sample_quantile(std::vector<double> sorted, double p) {
  std::sort(sorted.begin(), sorted.end());
  const double where = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(where);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (where - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Dispersion overdispersion(std::span<const FunnelUnit> units, bool proportions, DispersionMethod method, double trim) {
  Dispersion out;
  double numerators = 0, denominators = 0;
  for (const auto& u : units) numerators += u.numerator, denominators += u.denominator;
  out.target = proportions ? numerators / denominators : 1;
  const bool log_scale = method == DispersionMethod::shmi && !proportions;
  std::vector<double> z;
  for (const auto& u : units) {
    Dispersion::Unit unit;
    if (proportions) {
      unit.y = std::asin(std::sqrt(u.numerator / u.denominator));
      unit.s = 1 / (2 * std::sqrt(u.denominator));
      unit.z = (unit.y - std::asin(std::sqrt(out.target))) / unit.s;
    } else if (log_scale) {
      unit.y = std::log(u.numerator / u.denominator);
      unit.s = 1 / std::sqrt(u.denominator);
      unit.z = unit.y / unit.s;
    } else {
      unit.y = std::sqrt(u.numerator / u.denominator);
      unit.s = 1 / (2 * std::sqrt(u.denominator));
      unit.z = (unit.y - 1) / unit.s;
    }
    unit.adjusted_z = unit.z;
    z.push_back(unit.z);
    out.units.push_back(unit);
  }
  if (z.empty()) return out;
  // Trimming leaves out whole units, floor(n * trim) at each end; winsorising draws in to the sample quantiles.
  std::vector<double> sorted = z;
  std::sort(sorted.begin(), sorted.end());
  const auto cut = static_cast<std::size_t>(static_cast<double>(z.size()) * trim);
  const double low = log_scale ? sorted[cut] : sample_quantile(z, trim);
  const double high = log_scale ? sorted[z.size() - 1 - cut] : sample_quantile(z, 1 - trim);
  std::vector<double> kept_z, kept_w;
  for (auto& unit : out.units) {
    if (log_scale) {
      if (unit.z < low || unit.z > high) continue;
    } else {
      unit.adjusted_z = std::clamp(unit.z, low, high);
    }
    kept_z.push_back(unit.adjusted_z);
    kept_w.push_back(1 / (unit.s * unit.s));
  }
  out.used = kept_z.size();
  const double n = static_cast<double>(out.used);
  double squares = 0, w = 0, w2 = 0;
  for (std::size_t i = 0; i < kept_z.size(); ++i) squares += kept_z[i] * kept_z[i], w += kept_w[i], w2 += kept_w[i] * kept_w[i];
  out.phi = squares / n;
  if (w > 0 && w - w2 / w > 0) out.tau2 = std::max(0.0, (n * out.phi - (n - 1)) / (w - w2 / w));
  if (proportions) return out;
  for (auto& unit : out.units) {
    const auto limits = [&](double tail) {
      const double half = normal_quantile(1 - tail) * std::sqrt(unit.s * unit.s + out.tau2);
      // The square-root method draws its limits on its own scale, as the published charts do.
      return log_scale ? Interval{std::exp(-half), std::exp(half)} : Interval{1 - half, 1 + half};
    };
    unit.inner = limits(inner_tail);
    unit.outer = limits(outer_tail);
  }
  return out;
}

}  // namespace catchment::stats
