// Evaluating a library over every subject of a folder of FHIR data.
#pragma once

#include <cstddef>
#include <string>

#include "cli/cql_program.h"

namespace catchment::cli {

struct PopulationRun {
  ProgramOptions program;
  DataOptions data;
  std::string out;            // .csv or .ndjson; "" prints CSV
  std::size_t subjects = 0;   // at most so many; 0: all
};

/// One row a person, one column a definition of the main library. Returns the exit code.
int run_population(const PopulationRun& options);

}  // namespace catchment::cli
