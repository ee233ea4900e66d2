// How good a run of the engine is: what the model itself expects, and, where truth is known, what is so.
// Read only after the answer is fixed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "linkage/cluster/link_rows.h"

namespace catchment::linkage {

/// What the weights say of the answer: pairs below the review threshold and pairs no rule brought together are not in it.
struct Expected {
  double precision = 1, recall = 1;
};
Expected expected_quality(const RowLinks& links);

/// Pairs whose probability lies in [from, to): how many, how likely on average, how many are one person.
struct CalibrationBand {
  double from = 0, to = 1, mean_probability = 0;
  std::uint64_t pairs = 0, with_truth = 0, right = 0;
};
/// `truth` is one person number a canonical place, 0 = not known; empty = no truth.
std::vector<CalibrationBand> calibration(const RowLinks& links, const std::vector<std::uint32_t>& truth);

struct BlockingRecall {
  std::uint64_t true_pairs = 0, met = 0;
  std::uint64_t dropped_by_cap = 0;  // share a key, but of a block too large to be kept
  double recall() const { return true_pairs == 0 ? 1.0 : static_cast<double>(met) / static_cast<double>(true_pairs); }
};
BlockingRecall blocking_recall(const RowLinks& links, const Model& model, const std::vector<std::uint32_t>& truth, unsigned threads);

/// Of the true pairs of a group's rows, how many are missed; a pair of rows of two groups counts for both.
struct GroupQuality {
  std::string group;
  std::uint64_t rows = 0, true_pairs = 0, missed = 0, wrong = 0;
  double missed_rate() const { return true_pairs == 0 ? 0.0 : static_cast<double>(missed) / static_cast<double>(true_pairs); }
};
/// `group` is an index into `names` for each place.
std::vector<GroupQuality> quality_by_group(const std::vector<std::uint32_t>& cluster, const std::vector<std::uint32_t>& truth,
                                           const std::vector<std::uint32_t>& group, const std::vector<std::string>& names);

}  // namespace catchment::linkage
