// A publication protected beside those before it, in two steps. Private to disclosure.
//
// A reader who has several publications of the same figures knows of each count a range in every one of them. First all
// publications are moved alike: a table of differences, one cell a figure, whose room is the least it has in any of them. That
// table is no larger than one publication, and a proof in it is a proof in all of them together. Counts that cannot be
// protected so, such as one that was shown as nought and is small now, are then proven in the cells of all publications.
#pragma once

#include <string>
#include <vector>

#include "disclosure/policy.h"
#include "disclosure/release.h"
#include "disclosure/splits.h"

namespace catchment::disclosure {

struct BesideProtection {
  std::vector<bool> hidden;        // by cell of `linked`
  std::vector<int> hidden_tables;  // whole, in ascending order
  bool safe = false;               // every proof was audited in the cells of all publications
};

BesideProtection protect_beside(const Policy& policy, const LinkedCells& linked, const std::vector<std::string>& keys, const std::vector<TablePlace>& places,
                                const std::vector<bool>& counted, const Memory& earlier);

}  // namespace catchment::disclosure
