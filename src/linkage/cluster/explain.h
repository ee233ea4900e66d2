// Why two rows are one person or two: where a pair's weight comes from, and what holds a cluster together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linkage/cluster/link_rows.h"
#include "linkage/compare/block_key.h"
#include "linkage/compare/weigh.h"

namespace catchment::linkage {

struct PairStory {
  double log2_odds = 0;
  double probability = 0;
  std::vector<WeightPart> parts;     // bars that sum to log2_odds
  std::vector<std::string> met_by;   // blocking rules whose keys both rows share; none = never compared
  bool same_cluster = false;
};

/// One pair that joined two groups of a cluster, or was refused although it weighs enough.
struct ClusterEdge {
  std::uint32_t a = 0, b = 0;  // canonical places
  double log2_odds = 0;
  bool refused = false;
};

/// The links and the model must outlive it. Its answers are what the run weighed, to the bit.
class Explainer {
 public:
  Explainer(const RowLinks& links, const Model& model, const Frequencies* kept = nullptr);
  PairStory pair(std::uint32_t a, std::uint32_t b) const;
  /// Places of a place's cluster, in order.
  std::vector<std::uint32_t> cluster_of(std::uint32_t place) const;
  /// What joined the cluster, heaviest first, then what was refused at its edge.
  std::vector<ClusterEdge> edges_of(std::uint32_t place) const;

 private:
  const RowLinks& links_;
  const Model& model_;
  Comparer comparer_;
  Weigher weigher_;
  std::vector<RuleReader> readers_;  // of the model's blocking rules
};

}  // namespace catchment::linkage
