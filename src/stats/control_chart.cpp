#include "stats/control_chart.h"

#include <algorithm>
#include <cmath>

namespace catchment::stats {

ChartRules making_data_count() { return {}; }

ChartRules plot_the_dots_package() {
  ChartRules rules;
  rules.name = "plot-the-dots-package";
  rules.trend_length = 7;
  rules.screen_moving_ranges = true;
  rules.beyond_counts_in_two_of_three = false;
  rules.improvement_wins = false;
  return rules;
}

namespace {

struct Limits {
  double mean = 0, range = 0;
};

Limits limits_of(std::span<const double> values, bool screen) {
  Limits out;
  for (const double v : values) out.mean += v;
  out.mean /= static_cast<double>(values.size());
  // The sum of equal values need not divide back to them exactly, and nothing may stand beside its own mean.
  if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); })) out.mean = values.front();
  std::vector<double> ranges;
  for (std::size_t i = 1; i < values.size(); ++i) ranges.push_back(std::abs(values[i] - values[i - 1]));
  const auto average = [](const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) sum += x;
    return v.empty() ? 0.0 : sum / static_cast<double>(v.size());
  };
  out.range = average(ranges);
  if (screen) {
    std::vector<double> kept;
    for (const double r : ranges)
      if (r < 3.267 * out.range) kept.push_back(r);
    if (!kept.empty()) out.range = average(kept);
  }
  return out;
}

// Flags of one segment, each point marked when any window it belongs to meets the rule.
struct Flags {
  std::vector<int> shift, trend, two_of_three;
  explicit Flags(std::size_t n) : shift(n), trend(n), two_of_three(n) {}
};

void mark_shifts(std::span<const ChartPoint> points, std::size_t length, std::vector<int>& out) {
  for (std::size_t end = length; end <= points.size(); ++end) {
    int sum = 0;
    for (std::size_t i = end - length; i < end; ++i) sum += points[i].side;
    if (static_cast<std::size_t>(std::abs(sum)) != length) continue;
    for (std::size_t i = end - length; i < end; ++i) out[i] = sum > 0 ? 1 : -1;
  }
}

void mark_trends(std::span<const ChartPoint> points, std::size_t length, std::vector<int>& out) {
  for (std::size_t end = length; end <= points.size(); ++end) {
    bool up = true, down = true;
    for (std::size_t i = end - length + 1; i < end; ++i) {
      up = up && points[i].value > points[i - 1].value;
      down = down && points[i].value < points[i - 1].value;
    }
    if (!up && !down) continue;
    for (std::size_t i = end - length; i < end; ++i) out[i] = up ? 1 : -1;
  }
}

void mark_two_of_three(std::span<const ChartPoint> points, bool beyond_counts, std::vector<int>& out) {
  const auto counts = [&](const ChartPoint& p) { return p.near || (beyond_counts && p.outside); };
  for (std::size_t end = 3; end <= points.size(); ++end) {
    int sides = 0, near = 0;
    for (std::size_t i = end - 3; i < end; ++i) sides += points[i].side, near += counts(points[i]) ? 1 : 0;
    if (std::abs(sides) != 3 || near < 2) continue;
    for (std::size_t i = end - 3; i < end; ++i)
      if (counts(points[i])) out[i] = sides > 0 ? 1 : -1;
  }
}

bool is_high(SpecialCause cause) {
  return cause == SpecialCause::above_limit || cause == SpecialCause::shift_high || cause == SpecialCause::trend_up || cause == SpecialCause::two_of_three_high;
}

void judge(ChartPoint& p, int shift, int trend, int two, const ChartOptions& options) {
  std::vector<SpecialCause> found;
  if (p.outside) found.push_back(p.side > 0 ? SpecialCause::above_limit : SpecialCause::below_limit);
  if (trend != 0) found.push_back(trend > 0 ? SpecialCause::trend_up : SpecialCause::trend_down);
  if (two != 0) found.push_back(two > 0 ? SpecialCause::two_of_three_high : SpecialCause::two_of_three_low);
  if (shift != 0) found.push_back(shift > 0 ? SpecialCause::shift_high : SpecialCause::shift_low);
  if (found.empty()) return;
  p.cause = found.front();
  if (options.improvement == Improvement::neutral) return;
  const auto good = [&](SpecialCause c) { return is_high(c) == (options.improvement == Improvement::increase); };
  if (options.rules.improvement_wins) {
    for (const SpecialCause c : found)
      if (good(c)) {
        p.cause = c;
        break;
      }
  }
  (good(p.cause) ? p.improvement : p.concern) = true;
}

}  // namespace

ControlChart control_chart(std::span<const double> values, const ChartOptions& options) {
  ControlChart chart;
  std::vector<std::size_t> starts{0};
  for (const std::size_t at : options.rebase_at)
    if (at > 0 && at < values.size()) starts.push_back(at);
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  for (std::size_t s = 0; s < starts.size() && !values.empty(); ++s) {
    const std::size_t from = starts[s], to = s + 1 < starts.size() ? starts[s + 1] : values.size();
    const auto segment = values.subspan(from, to - from);
    const std::size_t basis = options.fix_after ? std::clamp<std::size_t>(*options.fix_after, 1, segment.size()) : segment.size();
    const Limits limits = limits_of(segment.first(basis), options.rules.screen_moving_ranges);
    const double reach = 2.66 * limits.range;
    std::vector<ChartPoint> points;
    for (const double v : segment) {
      ChartPoint p;
      p.value = v;
      p.mean = limits.mean;
      p.lower = limits.mean - reach;
      p.upper = limits.mean + reach;
      p.provisional = segment.size() < options.rules.fewest_points;
      p.side = v > p.mean ? 1 : v < p.mean ? -1 : 0;
      p.outside = v < p.lower || v > p.upper;
      p.near = !p.outside && (v < p.mean - reach * 2 / 3 || v > p.mean + reach * 2 / 3);
      points.push_back(p);
    }
    Flags flags(points.size());
    mark_shifts(points, static_cast<std::size_t>(options.rules.shift_length), flags.shift);
    mark_trends(points, static_cast<std::size_t>(options.rules.trend_length), flags.trend);
    mark_two_of_three(points, options.rules.beyond_counts_in_two_of_three, flags.two_of_three);
    for (std::size_t i = 0; i < points.size(); ++i) judge(points[i], flags.shift[i], flags.trend[i], flags.two_of_three[i], options);
    chart.points.insert(chart.points.end(), points.begin(), points.end());
  }
  if (options.target && options.improvement != Improvement::neutral && !chart.points.empty()) {
    const ChartPoint& last = chart.points.back();
    const bool up = options.improvement == Improvement::increase;
    if (*options.target > last.upper) chart.assurance = up ? Assurance::consistent_fail : Assurance::consistent_pass;
    else if (*options.target < last.lower) chart.assurance = up ? Assurance::consistent_pass : Assurance::consistent_fail;
    else chart.assurance = Assurance::hit_and_miss;
  }
  return chart;
}

std::string cause_words(SpecialCause cause, const ChartRules& rules) {
  switch (cause) {
    case SpecialCause::none: return "Common Cause";
    case SpecialCause::above_limit: return "Above UCL";
    case SpecialCause::below_limit: return "Below LCL";
    case SpecialCause::shift_high: return std::to_string(rules.shift_length) + " Points Above CL";
    case SpecialCause::shift_low: return std::to_string(rules.shift_length) + " Points Below CL";
    case SpecialCause::trend_up: return std::to_string(rules.trend_length) + " Point Trend (Increasing)";
    case SpecialCause::trend_down: return std::to_string(rules.trend_length) + " Point Trend (Decreasing)";
    case SpecialCause::two_of_three_high: return "2 in 3 Above CL";
    case SpecialCause::two_of_three_low: return "2 in 3 Below CL";
  }
  return "";
}

}  // namespace catchment::stats
