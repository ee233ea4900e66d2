// Requests whose boundaries overlap: may this one be answered beside those already answered? See disclosure.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "disclosure/policy.h"

namespace catchment::disclosure {

/// The smallest groups of people that boundaries are made of, by number. Where a figure may be asked by residence and
/// by registration, an atom is a pair of small area and practice, so that both boundaries are made of the same atoms.
using Atoms = std::vector<std::uint32_t>;

/// An earlier answer about the same subject and period (the same measure, group and month) to the same readers.
struct Answered {
  std::string id;
  Atoms atoms;
  bool shown = true;
};

struct OverlapAnswer {
  bool show = false;
  std::vector<std::string> against;  // ids of the earlier answers that stand in the way; empty: the count itself is small
};

/// Whether the count over `wanted` may be shown when the counts over the earlier boundaries were. `counts` by atom.
/// The atoms that lie in the same boundaries are one cell; every boundary is a sum of such cells; a cell that is
/// small must keep its protection interval. For a share ask three times: numerators, denominators, remainders.
OverlapAnswer may_answer(const Policy& policy, const std::vector<std::int64_t>& counts, const std::vector<Answered>& earlier, const Atoms& wanted);

}  // namespace catchment::disclosure
