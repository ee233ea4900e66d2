// What an answer looks like from the groups people belong to, and how far blocking lets a row find its
// person.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/linkage_population.h"

namespace catchment::bench {

struct GroupRecall {
  std::string group;
  std::uint64_t true_pairs = 0, right = 0;
  double recall() const { return true_pairs == 0 ? 1 : static_cast<double>(right) / static_cast<double>(true_pairs); }
};
/// Pairs of rows of one person that hold a valid number, or a name with birthday and home postcode, by group.
std::vector<GroupRecall> recall_by_group(const Population& population, const std::vector<std::uint32_t>& person, GroupKind kind);

/// Rows without a number drawn at random whose person is known by number from other rows.
struct RowsMet {
  std::uint64_t rows = 0;
  std::uint64_t met = 0;             // share a key with that person
  std::uint64_t dropped_by_cap = 0;  // share only keys that too many persons have
};
/// `named`: of rows with name, birthday and home postcode only. The blocking rules are those of the build's
/// model.
RowsMet rows_met(const Population& population, bool named);

}  // namespace catchment::bench
