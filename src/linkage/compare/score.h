// Every candidate pair weighed, those worth keeping kept.
#pragma once

#include <cstdint>
#include <vector>

#include "base/progress.h"
#include "linkage/compare/block.h"
#include "linkage/compare/weigh.h"

namespace catchment::linkage {

/// Two canonical places, a < b.
struct ScoredPair {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  float weight = 0;  // log2 odds
};

struct Scores {
  std::vector<ScoredPair> pairs;  // heaviest first, then by place
  std::uint64_t compared = 0;
};

/// With `fresh`, one byte a place, only pairs of which one is fresh.
Scores score(const PackedRows& rows, const Blocks& blocks, const Comparer& comparer, const Weigher& weigher, const Model& model, double keep_log2_odds,
             unsigned threads, Progress& progress, const std::vector<std::uint8_t>* fresh = nullptr);

/// Heaviest first, then by place.
bool heavier(const ScoredPair& x, const ScoredPair& y);

}  // namespace catchment::linkage
