// catchment cql: the language on its own.
#include <CLI/CLI.hpp>

#include "cli/commands.h"

namespace catchment::cli {

void add_cql_command(CLI::App& app, Run& run) {
  auto* cql = app.add_subcommand("cql", "Clinical Quality Language: check, run, test");
  cql->require_subcommand(1);
  add_cql_check_command(*cql, run);
  add_cql_explain_command(*cql, run);
  add_cql_test_command(*cql, run);
  add_cql_run_command(*cql, run);
  add_cql_reference_command(*cql, run);
}

}  // namespace catchment::cli
