// The records stage: staged rows whose subjects carry person ids in, the files of a snapshot out.
//
// In:     staged.duckdb of the snapshot folder (intake) with table person_of_subject (subject BIGINT,
//         person BIGINT: every subject of `subject` once), the definition folder as plain rows, the as-of date.
// Out:    population.duckdb, identity.duckdb and people.sqlite in the folder; staged.duckdb is only read.
// Always: rows in = rows out, for each table. The digest is the same for any number of threads. Memory is
//         bounded by `memory_limit` and about 300 bytes a person. Running again replaces the files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/hash.h"
#include "base/progress.h"
#include "records/dictionaries.h"

namespace catchment::records {

/// What the definition folder says about places and words, as plain rows.
struct Reference {
  struct Area {
    std::string code, name, neighbourhood, place;       // place id
    std::int32_t deprivation_fifth = 0;                 // by the system's usual index
    std::vector<std::pair<std::string, int>> deciles;   // index version, decile
  };
  struct Postcode {
    std::string postcode, area;
  };
  struct Ethnicity {
    std::string code, display, group;  // group: asian | black | mixed | white | other | unknown
  };
  struct CodeName {
    std::string system, code, name;  // the code without a point
  };
  struct OptOut {
    std::string feed, kind;  // kind: "national" | "type-1"
  };
  std::vector<PlaceEntry> places;  // in the order shown
  std::vector<Area> areas;
  std::vector<Postcode> postcodes;
  std::vector<OrganisationEntry> organisations;  // practices have kind "practice"
  std::vector<Ethnicity> ethnicities;
  std::vector<OptOut> opt_outs;       // the feeds whose people have opted out
  std::vector<CodeName> code_names;  // for codes that no source names; each code once
};

struct AssembleSettings {
  std::filesystem::path folder;               // the snapshot being built
  std::filesystem::path temporary_directory;  // for what does not fit in memory
  Date as_of;
  std::string memory_limit = "5GB";
  unsigned threads = 2;
};

struct AssembleResult {
  std::int64_t persons = 0, residents = 0, registered = 0;
  std::map<std::string, std::int64_t> rows;  // by clinical table
  std::uint64_t block_bytes = 0;             // of person blocks as stored
  Digest digest{};                           // of everything about persons
};

AssembleResult assemble(const Reference& reference, const AssembleSettings& settings, Progress& progress);

}  // namespace catchment::records
