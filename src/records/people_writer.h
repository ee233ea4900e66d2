// Person blocks from the finished tables of population.duckdb.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/hash.h"
#include "base/progress.h"
#include "db/db.h"

namespace catchment::records {

struct PeopleSettings {
  std::filesystem::path file;                 // people.sqlite; must not exist
  std::filesystem::path temporary_directory;
  unsigned threads = 2;
};

struct PeopleResult {
  std::int64_t persons = 0;
  std::int64_t rows = 0;             // clinical rows put into blocks
  std::uint64_t bytes = 0;           // stored, compressed
  std::uint64_t packed_bytes = 0;    // before compression
  Digest digest{};                   // over every person's packed block in order of id
};

/// One pass over each table scatters its rows by person; each part is then sorted, packed and written in
/// order of person. Memory: about 100 MB a thread and 100 bytes a person.
PeopleResult write_people(db::Duck& population, const PeopleSettings& settings, Progress& progress);

}  // namespace catchment::records
