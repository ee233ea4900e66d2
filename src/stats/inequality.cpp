#include "stats/inequality.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace catchment::stats {
namespace {

double to_scale(double v, Scale scale) {
  if (scale == Scale::log) return std::log(v);
  if (scale == Scale::logit) return std::log(v / (1 - v));
  return v;
}

double from_scale(double v, Scale scale) {
  if (scale == Scale::log) return std::exp(v);
  if (scale == Scale::logit) return 1 / (1 + std::exp(-v));
  return v;
}

bool on_scale(double v, Scale scale) { return scale == Scale::identity || (v > 0 && (scale == Scale::log || v < 1)); }

struct Line {
  double at_zero = 0;
  double at_one = 0;
};

// The least-squares line through the quantiles, reduced to two weighted sums of the values.
class Fit {
 public:
  explicit Fit(std::span<const QuantilePoint> points) {
    double total = 0;
    for (const auto& p : points) total += p.population;
    double before = 0, mean_rank = 0;
    for (const auto& p : points) {
      const double share = p.population / total;
      shares_.push_back(share);
      ranks_.push_back(before + share / 2);
      before += share;
      mean_rank += share * ranks_.back();
    }
    double spread = 0;
    for (std::size_t i = 0; i < points.size(); ++i) spread += shares_[i] * (ranks_[i] - mean_rank) * (ranks_[i] - mean_rank);
    for (std::size_t i = 0; i < points.size(); ++i) {
      slope_.push_back(shares_[i] * (ranks_[i] - mean_rank) / spread);
      level_.push_back(shares_[i] - slope_.back() * mean_rank);
    }
  }

  Line through(std::span<const double> values) const {
    double slope = 0, level = 0;
    for (std::size_t i = 0; i < values.size(); ++i) slope += slope_[i] * values[i], level += level_[i] * values[i];
    return {level, level + slope};
  }

 private:
  std::vector<double> shares_, ranks_, slope_, level_;
};

Interval percentile_interval(std::vector<double>& drawn, double confidence) {
  std::sort(drawn.begin(), drawn.end());
  const auto at = [&](double p) {
    const double where = p * static_cast<double>(drawn.size() - 1);
    const auto below = static_cast<std::size_t>(where);
    const std::size_t above = std::min(below + 1, drawn.size() - 1);
    return drawn[below] + (where - static_cast<double>(below)) * (drawn[above] - drawn[below]);
  };
  return {at((1 - confidence) / 2), at(1 - (1 - confidence) / 2)};
}

}  // namespace

std::optional<double> standard_error(double low, double high, double confidence, Scale scale) {
  if (!on_scale(low, scale) || !on_scale(high, scale)) return std::nullopt;
  return (to_scale(high, scale) - to_scale(low, scale)) / (2 * two_sided_z(confidence));
}

Inequality slope_index(std::span<const QuantilePoint> points, const InequalityOptions& options, std::span<const double> confidences) {
  Inequality out;
  if (points.size() < 2) out.refused = "fewer than two quantiles";
  for (const auto& p : points) {
    if (!(p.population > 0)) out.refused = "a population is not positive";
    if (!(p.standard_error >= 0)) out.refused = "a standard error is negative or missing";
    if (!std::isfinite(p.value) || !on_scale(p.value, options.scale)) out.refused = "a value is missing or outside its scale";
  }
  if (options.multiplier == 0) out.refused = "the multiplier is zero";
  if (!out.refused.empty()) return out;

  const Scale line_scale = options.transform ? options.scale : Scale::identity;
  const Fit fit(points);
  std::vector<double> scaled, values;
  for (const auto& p : points) {
    scaled.push_back(to_scale(p.value, options.scale));
    values.push_back(options.transform ? scaled.back() : p.value);
  }
  const auto ends = [&](const Line& line) { return Line{from_scale(line.at_zero, line_scale), from_scale(line.at_one, line_scale)}; };
  // A relative index compares the worse end with the better: a negative multiplier turns it round.
  const auto ratio = [&](const Line& l) { return options.multiplier < 0 ? l.at_zero / l.at_one : l.at_one / l.at_zero; };
  const Line line = ends(fit.through(values));
  out.slope = (line.at_one - line.at_zero) * options.multiplier;
  out.intercept = line.at_zero;
  if (line.at_zero * line.at_one > 0) out.relative = ratio(line);
  if (confidences.empty()) return out;

  Random random(options.seed);
  std::vector<double> slopes, ratios, drawn(points.size());
  for (int r = 0; r < options.repetitions; ++r) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double v = random.normal(scaled[i], points[i].standard_error);
      drawn[i] = options.transform ? v : from_scale(v, options.scale);
    }
    const Line l = ends(fit.through(drawn));
    slopes.push_back((l.at_one - l.at_zero) * options.multiplier);
    ratios.push_back(ratio(l));
  }
  for (const double c : confidences) {
    out.slope_intervals.push_back(percentile_interval(slopes, c));
    out.relative_intervals.push_back(percentile_interval(ratios, c));
  }
  return out;
}

}  // namespace catchment::stats
