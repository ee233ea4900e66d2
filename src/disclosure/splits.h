// Linked cells of which some matter more to people than others: headlines, and splits in tiers. See disclosure.h.
#pragma once

#include <vector>

#include "disclosure/linked.h"

namespace catchment::disclosure {

/// Where a cell stands. Headlines are tier 0 without a split. A split (by ethnic group) has tables (in Luton, in Bedford),
/// numbered apart over all splits; those of a higher tier are hidden before those of a lower one.
struct TablePlace {
  int tier = 0, split = 0, table = 0;
  bool operator==(const TablePlace&) const = default;
};

struct SplitProtection {
  Protection protection;
  std::vector<int> hidden_tables;  // whole, in ascending order
  std::vector<bool> released;      // by cell: of a table hidden whole, and not to be had by subtraction
};

/// As `protect`, tier by tier. Headlines are protected among themselves, and those then shown stay shown. Then the sensitive
/// cells of each tier are protected by hiding cells of their own tier and of those after it. A cell that this leaves without
/// a proof takes its table with it, whole, then its split, then every table of its tier and after; at the very last headlines
/// give way. A table of which more than `most_hidden_percent` of the cells that `counted` marks are hidden is hidden whole.
///
/// A table that is hidden whole publishes nothing. Its cells need no proof of their own when no other part of any sum they
/// stand in is shown, so that nothing is left to subtract; else they still do. `places` and `counted` are by cell.
SplitProtection protect_splits(const LinkedCells& linked, const std::vector<TablePlace>& places, const std::vector<bool>& counted, int most_hidden_percent);

/// Beside what has left before.
struct SplitStart {
  std::vector<bool> hidden_whole;  // by cell: of an earlier release, in a table that was hidden whole then
  std::vector<int> hidden_tables;  // hidden whole already
};
/// The same for cells beside those of earlier releases, which are counted in no table. A cell that neither its table nor its split
/// can protect by giving way is left unprotected. Sums need hold in differences only.
SplitProtection protect_splits_beside(const LinkedCells& linked, const std::vector<TablePlace>& places, const std::vector<bool>& counted,
                                      int most_hidden_percent, const SplitStart& start);

}  // namespace catchment::disclosure
