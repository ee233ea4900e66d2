// Real geography in place of the example's: published small-area and postcode files to definition files.
// In: CSV files as their publishers shape them. Out: definition files written into a folder, and counts
// to compare with what is published. Nothing is written when a file cannot be understood (an Error).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/progress.h"

namespace catchment::system {

struct System;

struct GeographyFiles {
  std::filesystem::path areas;    // today's small areas with council, residents and this index's decile
  std::string areas_version;      // "2025"
  std::filesystem::path older;    // code and decile on the older small areas; may be empty
  std::string older_version;      // "2019"
  std::filesystem::path changes;  // older code, today's code, kind of change (U, S, M, X); with `older`
};

struct ImportedGeography {
  std::size_t small_areas = 0;
  std::size_t outside = 0;    // rows of councils that are no place of this system
  std::size_t exact = 0;      // older deciles carried to an unchanged area
  std::size_t inherited = 0;  // ... to the parts of a split area
  std::size_t averaged = 0;   // ... to an area merged from several
  std::size_t unknown = 0;    // areas without an older decile, irregular changes among them
  std::map<std::string, std::int64_t> residents;  // by place
  std::map<std::string, std::map<std::string, std::vector<std::int64_t>>> fifths;                      // version, place -> residents by fifth
  std::vector<std::string> notes;  // what now refers to codes that are gone
};

/// Writes small_areas.csv and deprivation.csv into `out`. Tiles come from the system's own small areas
/// where a place has at least as many; otherwise each place is laid out as one compact block.
ImportedGeography import_geography(const System& system, const GeographyFiles& files, const std::filesystem::path& out);

struct ImportedPostcodes {
  std::uint64_t read = 0, kept = 0, ended = 0, outside = 0, faulty = 0;
};

/// Reads the ONS postcode directory (any edition: it looks for pcds or pcd8/pcd7, doterm and the small-area
/// column) as a stream and writes postcodes.csv into `out` with those of the system's small areas.
ImportedPostcodes import_postcodes(const System& system, const std::filesystem::path& directory, const std::filesystem::path& out, Progress& progress);

}  // namespace catchment::system
