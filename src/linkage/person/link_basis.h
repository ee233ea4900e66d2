// What weights follow from: found over everybody by a build that trains, and used as it stands by later builds, so that what one row weighs tonight
// does not depend on the rows that came in beside it.
#pragma once

#include <cstdint>
#include <string>

#include "linkage/person/search_counts.h"

namespace catchment::linkage {

struct LinkBasis {
  std::string trained;  // the model's numbers, as write_trained says them
  SearchCounts counts;
};

/// A hash of all of it.
std::uint64_t basis_hash(const LinkBasis& basis);

}  // namespace catchment::linkage
