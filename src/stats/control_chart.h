// XmR control charts as the NHS draws them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::stats {

enum class Improvement : std::uint8_t { increase, decrease, neutral };

/// A named set of rules. Making Data Count is the default; the R package's differs in trend length, in leaving
/// out extreme moving ranges and in how two of three are counted.
struct ChartRules {
  std::string_view name = "making-data-count";
  int shift_length = 7;
  int trend_length = 6;
  bool screen_moving_ranges = false;       // drop moving ranges of 3.267 times their mean or more, once
  bool beyond_counts_in_two_of_three = true;
  bool improvement_wins = true;            // where an improvement and a concern rule meet on one point
  std::size_t fewest_points = 13;          // below this limits and icons are provisional
};

ChartRules making_data_count();
ChartRules plot_the_dots_package();

enum class SpecialCause : std::uint8_t { none, above_limit, below_limit, shift_high, shift_low, trend_up, trend_down, two_of_three_high, two_of_three_low };

struct ChartPoint {
  double value = 0;
  double mean = 0;
  double lower = 0, upper = 0;  // process limits
  bool outside = false;
  int side = 0;                 // -1 below the mean, 0 on it, 1 above
  bool near = false;            // between two thirds of the way and the limit
  SpecialCause cause = SpecialCause::none;
  bool improvement = false, concern = false;  // both false with a cause: neutral
  bool provisional = false;     // fewer points in its segment than the rules ask for
};

enum class Assurance : std::uint8_t { none, consistent_pass, consistent_fail, hit_and_miss };

struct ControlChart {
  std::vector<ChartPoint> points;
  Assurance assurance = Assurance::none;  // judged on the last segment
};

struct ChartOptions {
  Improvement improvement = Improvement::increase;
  std::optional<double> target;
  std::vector<std::size_t> rebase_at;     // indices at which mean and limits start again
  std::optional<std::size_t> fix_after;   // limits from the first n points only
  ChartRules rules = making_data_count();
};

/// Mean and limits (mean plus and minus 2.66 mean moving ranges), flags per point, and assurance. A segment whose
/// points do not vary has its limits at the mean and no flag.
ControlChart control_chart(std::span<const double> values, const ChartOptions& options);

/// "Above UCL", "7 Points Below CL", "2 in 3 Above CL", ... or "Common Cause".
std::string cause_words(SpecialCause cause, const ChartRules& rules);

}  // namespace catchment::stats
