#include "example.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace catchment::synth {

const Model& example_model() {
  static const LoadedModel loaded = load_model(std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk", 20'000, 7);
  for (const auto& diagnostic : loaded.diagnostics) MESSAGE(to_string(diagnostic));
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  return loaded.model;
}

const std::vector<std::vector<Life>>& chunks() {
  static const std::vector<std::vector<Life>> all = [] {
    std::vector<std::vector<Life>> made;
    for (std::uint64_t chunk = 0; chunk < chunk_count(example_model()); ++chunk) made.push_back(people_of_chunk(example_model(), chunk));
    return made;
  }();
  return all;
}

const std::vector<Life>& everybody() {
  static const std::vector<Life> lives = [] {
    std::vector<Life> all;
    for (const auto& chunk : chunks()) all.insert(all.end(), chunk.begin(), chunk.end());
    return all;
  }();
  return lives;
}

}  // namespace catchment::synth
