// Blocking rules that add hardly a pair of one person to what the others bring together.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "linkage/compare/block.h"

namespace catchment::linkage {

/// Rules, by their number, that can be left out together: of `likely`, pairs of places that are probably one person each,
/// they lose at most one in two thousand. Left out first is what adds least for each pair it costs to compare. None where
/// there are too few likely pairs to tell.
std::vector<std::size_t> idle_rules(const Blocks& blocks, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& likely);

}  // namespace catchment::linkage
