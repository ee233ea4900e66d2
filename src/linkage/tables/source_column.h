// Several sources in one file: a column that says which.
#pragma once

#include "linkage/model/model.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

/// Where the model has a field of kind `source`, rows of one input are parted by what it says into sources named
/// "input:value", so that what holds of a source (nobody twice, links between sources only) holds of each. A column
/// of more than `most_sources_a_column` values says something else and is passed over.
void part_by_source(RawRows& raw, const Model& model);
inline constexpr std::size_t most_sources_a_column = 200;

}  // namespace catchment::linkage
