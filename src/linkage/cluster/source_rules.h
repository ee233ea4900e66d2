// Sources that hold nobody twice, where nobody declared them.
#pragma once

#include <string>
#include <vector>

#include "linkage/compare/score.h"
#include "linkage/model/model.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

/// Adds to the model sources with hardly a pair inside them, though they have many across, and says so in `notes`.
/// `pairs` are heaviest first.
void find_unique_sources(Model& model, const PackedRows& rows, const std::vector<ScoredPair>& pairs, std::vector<std::string>& notes);

}  // namespace catchment::linkage
