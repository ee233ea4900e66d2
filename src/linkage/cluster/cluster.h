// Pairs into persons, heaviest first. A pair joins two groups only when the groups as wholes bear it out,
// no rule keeps them apart, and no source that holds nobody twice would hold them twice.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "linkage/compare/score.h"

namespace catchment::linkage {

struct ClusterRules {
  double link_log2_odds = 0;
  std::vector<bool> unique_source;                                        // per source
  const std::vector<std::uint16_t>* source = nullptr;                     // per place
  std::function<double(std::uint32_t, std::uint32_t, unsigned)> weight;   // of any pair of places; the last is the thread
  std::function<bool(std::uint32_t, std::uint32_t)> apart;  // may be empty: two places that must not share a person; asked from one thread only
  std::vector<std::pair<std::uint32_t, std::uint32_t>> together;  // joined before anything else
};

struct Clusters {
  std::vector<std::uint32_t> of;  // per place: the smallest place of its cluster
  std::vector<ScoredPair> joined;  // pairs that joined two groups
  std::vector<ScoredPair> refused;  // pairs above the threshold that the groups did not bear out: for review
};

/// Pairs that hang together are settled on their own, so that threads share them out.
Clusters cluster(std::size_t places, const std::vector<ScoredPair>& pairs, const ClusterRules& rules, unsigned threads = 1);

/// Numbers clusters 0.. in the order of their first places: `cluster` gets one number a place. Returns how many there are.
std::uint32_t number_in_order(const std::vector<std::uint32_t>& of, std::vector<std::uint32_t>& cluster);

}  // namespace catchment::linkage
