// The engine on any packed person rows: train if need be, compare, cluster.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "linkage/cluster/cluster.h"
#include "linkage/compare/score.h"
#include "linkage/compare/weigh.h"
#include "linkage/model/model.h"
#include "linkage/model/train.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

/// What must hold whatever the rows look like. Rows are named as sent, not by canonical place.
struct RowRules {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> together;
  std::function<bool(std::uint32_t, std::uint32_t)> apart;  // may be empty
};

struct RowLinks {
  PackedRows rows;
  std::vector<std::uint32_t> cluster;  // per canonical place: 0.. in order of the first place
  std::uint32_t clusters = 0;
  std::vector<ScoredPair> pairs;    // canonical places, at or above the review threshold, heaviest first
  std::vector<ScoredPair> joined;   // pairs that joined two groups
  std::vector<ScoredPair> refused;  // above the link threshold, not borne out by the groups
  std::vector<std::uint32_t> counted_by;  // persons by which values were counted for the weights; empty = by rows
  std::uint64_t compared = 0;
  TrainingReport training;
  std::vector<RuleReport> blocking;  // after link_more: of the blocks that new rows entered
  std::vector<std::string> notes;
};

/// Completes and trains `model` where it declares nothing, then links. `raw` is read, never kept.
/// With `kept` frequencies nothing is counted: they are part of what was trained.
RowLinks link_packed(PackedRows rows, Model& model, unsigned threads, Progress& progress, const RowRules& row_rules = {}, const Frequencies* kept = nullptr);
RowLinks link_rows(const RawRows& raw, Model& model, unsigned threads, Progress& progress, const RowRules& row_rules = {});

/// Frequencies as these rows have them, to be kept for later runs.
Frequencies frequencies_of(const PackedRows& rows, const Model& model);

/// More rows for rows that are linked already, without row rules, with the model and frequencies they were linked with. Only
/// pairs with a new row are compared and only what hangs together with one is grouped again; the answer is the one that
/// linking all rows with that model and those frequencies gives.
RowLinks link_more(RowLinks before, const RawRows& raw, Model& model, const Frequencies& kept, unsigned threads, Progress& progress);

}  // namespace catchment::linkage
