#include "stats/rates.h"

#include <cmath>

namespace catchment::stats {
namespace {

std::optional<Interval> scaled(const std::optional<Interval>& interval, double factor) {
  if (!interval) return std::nullopt;
  return Interval{interval->low * factor, interval->high * factor};
}

std::string_view count_method(double x) { return x < 10 ? "Exact" : "Byars"; }

Estimate nothing(std::string_view method, std::size_t intervals) { return Estimate{std::nullopt, std::vector<std::optional<Interval>>(intervals), method}; }

}  // namespace

Estimate proportion(double x, double n, double multiplier, std::span<const double> confidences) {
  if (!(n > 0) || !(x >= 0) || x > n) return nothing("Wilson", confidences.size());
  Estimate out{x / n * multiplier, {}, "Wilson"};
  for (const double c : confidences) out.intervals.push_back(scaled(wilson(x, n, c), multiplier));
  return out;
}

Estimate rate(double x, double n, double multiplier, std::span<const double> confidences) {
  if (!(n > 0) || !(x >= 0)) return nothing(count_method(x), confidences.size());
  Estimate out{x / n * multiplier, {}, count_method(x)};
  for (const double c : confidences) out.intervals.push_back(scaled(count_interval(x, c), multiplier / n));
  return out;
}

Estimate direct_rate(std::span<const Stratum> strata, double multiplier, bool repeat_events, std::span<const double> confidences) {
  const std::string_view method = repeat_events ? "Dobson, with confidence adjusted for non-independent events" : "Dobson";
  double weights = 0, weighted = 0, variance = 0, total = 0;
  for (const Stratum& s : strata) {
    if (!(s.population > 0) || !(s.count >= 0) || !(s.standard >= 0)) return nothing(method, confidences.size());
    weights += s.standard;
    weighted += s.standard * s.count / s.population;
    variance += s.standard * s.standard * (repeat_events ? s.squared_events : s.count) / (s.population * s.population);
    total += s.count;
  }
  if (total < 10 || !(weights > 0)) return nothing(method, confidences.size());
  const double value = weighted / weights;
  variance /= weights * weights;
  const double scale = std::sqrt(variance / total);
  Estimate out{value * multiplier, {}, method};
  for (const double c : confidences) {
    const auto limits = byars(total, c);
    out.intervals.push_back(Interval{(value + scale * (limits->low - total)) * multiplier, (value + scale * (limits->high - total)) * multiplier});
  }
  return out;
}

Indirect indirect_ratio(std::span<const IndirectStratum> strata, double multiplier, std::span<const double> confidences) {
  Indirect out;
  double reference_count = 0, reference_population = 0;
  for (const IndirectStratum& s : strata) {
    out.observed += s.count;
    if (s.reference_population > 0) out.expected += s.population * s.reference_count / s.reference_population;
    reference_count += s.reference_count;
    reference_population += s.reference_population;
  }
  if (reference_population > 0) out.reference_rate = reference_count / reference_population;
  if (!(out.expected > 0) || !(out.observed >= 0)) {
    out.estimate = nothing(count_method(out.observed), confidences.size());
    return out;
  }
  out.estimate = Estimate{out.observed / out.expected * multiplier, {}, count_method(out.observed)};
  for (const double c : confidences) out.estimate.intervals.push_back(scaled(count_interval(out.observed, c), multiplier / out.expected));
  return out;
}

Indirect indirect_rate(std::span<const IndirectStratum> strata, double multiplier, std::span<const double> confidences) {
  Indirect ratio = indirect_ratio(strata, 1, confidences);
  const double factor = ratio.reference_rate * multiplier;
  ratio.reference_rate = factor;
  if (ratio.estimate.value) *ratio.estimate.value *= factor;
  for (auto& interval : ratio.estimate.intervals) interval = scaled(interval, factor);
  return ratio;
}

Mean mean(std::span<const double> values, std::span<const double> confidences) {
  Mean out;
  for (const double v : values) out.sum += v;
  out.count = static_cast<double>(values.size());
  if (values.empty()) {
    out.estimate = nothing("Student's t-distribution", confidences.size());
    return out;
  }
  const double average = out.sum / out.count;
  double squares = 0;
  for (const double v : values) squares += (v - average) * (v - average);
  out.standard_deviation = values.size() > 1 ? std::sqrt(squares / (out.count - 1)) : 0;
  out.estimate = Estimate{average, {}, "Student's t-distribution"};
  for (const double c : confidences) out.estimate.intervals.push_back(student_t(average, out.standard_deviation, out.count, c));
  return out;
}

}  // namespace catchment::stats
