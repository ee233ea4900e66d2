// Private to the loader of the measure library: what its parts share while one folder is read.
#pragma once

#include <set>

#include "measures/library.h"

namespace catchment::measures {

struct LibraryReading {
  system::Definitions& definitions;
  const system::Strategy& strategy;
  const terminology::Codelists& codelists;
  std::vector<std::string> owners;   // ids of bodies and organisations
  std::set<std::string> seen;        // "id year"
  MeasureLibrary& library;

  void read_metadata(const std::string& file);
  void check_logic();                                // the CQL, the definitions named, codelists read, versions
  void check_lock();                                 // measures/codelists.csv
  void read_series(const system::System& system);    // series/series.toml and its tables
  void read_plan(const system::System& system);      // plan.toml
  void check_promises(const system::System& system); // promises.csv names measures and series that are there

  void read_measure(system::TomlTable& table, const std::string& file, const std::string& cql, const MeasureWords& usual);
  void read_words(system::TomlTable& table, const MeasureWords& usual, MeasureWords& words);
  void place(system::TomlTable& table, const MeasureWords& words);
};

}  // namespace catchment::measures
