// A linkage model as people write it (TOML), and the numbers trained for it in a file beside it, as readable.
//
// In:     the bytes of a model file. Out: the model, or every fault with its line and a likely fix.
// Always: the same model, rows and seed train the same numbers; a trained file is used only for the definition it was trained for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "linkage/model/model.h"

namespace catchment::linkage {

struct ModelDefinition {
  Model model;
  std::string nicknames;         // file beside the model; "" = the usual list
  std::vector<int> field_lines;  // of model.fields
};

/// Adds to `faults` all that is wrong; the model is whole only when there are no errors. `file` is how messages name it.
ModelDefinition read_model(std::string_view toml, const std::string& file, Diagnostics& faults);

/// What a trained file is tied to: fields, levels, blocking rules, mode and seed.
std::string fingerprint(const Model& model);
std::string write_trained(const Model& model);
/// True when the file was trained for this definition and holds every level; the model then needs no training.
bool read_trained(std::string_view toml, const std::string& file, Model& model, Diagnostics& faults);

}  // namespace catchment::linkage
