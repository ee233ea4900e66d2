// How good a linkage is, where the truth is known. Read only after the answer is fixed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace catchment::linkage {

struct Accuracy {
  std::uint64_t true_pairs = 0;    // pairs of one person in truth
  std::uint64_t linked_pairs = 0;  // pairs in one cluster
  std::uint64_t right_pairs = 0;   // both
  std::uint64_t rows_with_truth = 0;
  double precision() const { return linked_pairs == 0 ? 1.0 : static_cast<double>(right_pairs) / static_cast<double>(linked_pairs); }
  double recall() const { return true_pairs == 0 ? 1.0 : static_cast<double>(right_pairs) / static_cast<double>(true_pairs); }
  double f1() const { return precision() + recall() == 0 ? 0.0 : 2 * precision() * recall() / (precision() + recall()); }
};

/// Pairs of rows with truth 0 (not known) are left out. `group`, when given, keeps only pairs from different
/// groups (link between sources).
Accuracy measure(const std::vector<std::uint32_t>& truth, const std::vector<std::uint32_t>& cluster, const std::vector<std::uint16_t>* group);

/// The person a truth value names: FEBRL record ids ("rec-12-org", "rec-12-dup-0") name person 12; any other
/// value names itself.
std::string_view person_of_truth(std::string_view value);

}  // namespace catchment::linkage
