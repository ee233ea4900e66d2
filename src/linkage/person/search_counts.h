// What a build counted over everybody, so that a few people can be weighed later as all were weighed then.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "linkage/compare/weigh.h"

namespace catchment::linkage {

struct SearchCounts {
  double unknown = 1;  // share of those who look for a person that belong to nobody known
  Frequencies frequencies;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> given_names;  // hash of the name, rows that hold it, where more than one does; in order
};

}  // namespace catchment::linkage
