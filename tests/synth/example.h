// The example population the tests share, made once.
#pragma once

#include <vector>

#include "synth/population.h"

namespace catchment::synth {

const Model& example_model();               // 20,000 residents
const std::vector<Life>& everybody();       // of example_model, chunk after chunk
/// The same people by chunk: positions of mothers and partners are within one.
const std::vector<std::vector<Life>>& chunks();

}  // namespace catchment::synth
