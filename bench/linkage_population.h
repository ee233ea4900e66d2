// A population of known persons and the rows partners would hold about them, written for the benchmark alone: it shares
// no code with the synthetic population of the product.
#pragma once

#include <cstdint>
#include <vector>

#include "linkage/linkage.h"

namespace catchment::bench {

struct Population {
  linkage::IdentityTable table;
  std::vector<std::uint32_t> truth;   // per row: person, from 1
  std::vector<std::uint8_t> numbered; // per row: holds a valid number
  std::vector<std::uint8_t> named;    // per row: holds given and family name, whole birthday and home postcode
  std::vector<linkage::SourceRules> sources;
};

/// About eight rows a person from eight sources. `hostile` adds a hostel, a default number, empty rows and emoji.
Population make_population(std::size_t people, std::uint64_t seed, bool hostile);

struct Scored {
  std::uint64_t true_pairs = 0, said = 0, right = 0;
  double precision() const { return said == 0 ? 1 : static_cast<double>(right) / static_cast<double>(said); }
  double recall() const { return true_pairs == 0 ? 1 : static_cast<double>(right) / static_cast<double>(true_pairs); }
};
struct Strata {
  Scored numbers, held, without, all;
};
/// Pairs of rows of one person, by what both rows hold.
Strata score(const Population& population, const std::vector<std::uint32_t>& person);

}  // namespace catchment::bench
