// Where loose identities went in the last build, kept beside the snapshots so that the next build places only those for whom something changed.
//
// Always: nothing depends on the file but time. It is replaced by one rename; a file that is absent, damaged or of another program, model or weights is
//         not used, and the build says so. Hashes and weights only: no text, no key, no person id. Never backed up.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "linkage/linkage.h"

namespace catchment::build {

/// What kept placements hold for. Any other program may weigh otherwise.
struct PlacementsHold {
  std::string program, definition, basis;
  bool operator==(const PlacementsHold&) const = default;
};
/// A hash of the running program and of the library of mathematics it runs with; empty when its file cannot be read.
std::string program_hash();

struct ReadPlacements {
  std::optional<linkage::KeptPlacements> kept;
  std::string why_not;  // when none: in words, for the receipt
};
ReadPlacements read_placements(const std::filesystem::path& file, const PlacementsHold& hold);
void write_placements(const std::filesystem::path& file, const PlacementsHold& hold, const linkage::KeptPlacements& kept);

}  // namespace catchment::build
