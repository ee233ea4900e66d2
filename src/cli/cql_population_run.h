// Evaluating a library over every subject of a folder of FHIR data, or over everyone of a published snapshot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/cql_program.h"

namespace catchment::cli {

struct PopulationRun {
  ProgramOptions program;
  DataOptions data;
  std::string out;            // .csv or .ndjson; "" prints CSV
  std::size_t subjects = 0;   // at most so many; 0: all
  std::string workspace;      // evaluate over its published snapshot instead of over files
  unsigned threads = 0;       // 0: as many as the machine has
  std::uint64_t memory_megabytes = 2048;  // for rows of the snapshot
  std::string evidence;                   // say what made this person's answers instead: the patient's id, or the number in a snapshot
  std::string coverage;                   // over files: write which clauses the patients exercised to this file
  bool timings = false;
  bool tree_walk = false;     // the slow evaluator, to compare with
};

/// One row a person, one column a definition of the main library. Returns the exit code.
int run_population(const PopulationRun& options);
/// The same over the snapshot of `workspace`; recorded in its audit.
int run_over_snapshot(const PopulationRun& options);

}  // namespace catchment::cli
