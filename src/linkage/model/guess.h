// A model without a model file: what each column holds, from its header and its values; then the usual
// comparisons and blocking rules for what there is.
#pragma once

#include <string>
#include <vector>

#include "linkage/model/model.h"
#include "linkage/tables/packed_rows.h"
#include "linkage/tables/tables.h"

namespace catchment::linkage {

/// `left_out` are headers never used (the truth column). Notes say what each column was taken for and why.
Model guess_model(const Tables& tables, const std::vector<std::string>& left_out, std::vector<std::string>& notes);

/// Rows from which on blocking rules are chosen to bring few strangers together.
inline constexpr std::size_t large_table = 300'000;
/// Comparisons and blocking rules for the packed fields, where the model declares none.
void complete_model(Model& model, const PackedRows& rows);

}  // namespace catchment::linkage
