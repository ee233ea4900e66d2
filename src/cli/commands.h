// The command line: one file per command, each with one add_... function listed here and in main.cpp.
// Only main.cpp and commands with subcommands in files of their own include this; other command files include run.h, so that a new command does not rebuild the rest.
#pragma once

#include "cli/run.h"

namespace catchment::cli {

void add_access_command(CLI::App& app, Run& run);
void add_audit_command(CLI::App& app, Run& run);
void add_backup_command(CLI::App& app, Run& run);  // and restore
void add_build_command(CLI::App& app, Run& run);
void add_check_command(CLI::App& app, Run& run);
void add_cohort_command(CLI::App& app, Run& run);
void add_cql_command(CLI::App& app, Run& run);
/// Subcommands of `cql`.
void add_cql_reference_command(CLI::App& cql, Run& run);
void add_cql_check_command(CLI::App& cql, Run& run);
void add_cql_explain_command(CLI::App& cql, Run& run);
void add_cql_run_command(CLI::App& cql, Run& run);
void add_cql_test_command(CLI::App& cql, Run& run);
/// explain person, explain pair.
void add_explain_command(CLI::App& app, Run& run);
void add_stats_command(CLI::App& app, Run& run);
void add_check_extracts_command(CLI::App& check, Run& run);  // under `check`
void add_synth_command(CLI::App& app, Run& run);
void add_system_command(CLI::App& app, Run& run);
void add_link_command(CLI::App& app, Run& run);
void add_match_command(CLI::App& app, Run& run);
void add_measure_command(CLI::App& app, Run& run);
/// Subcommands of `measure`.
void add_measure_case_command(CLI::App& measure, Run& run);
void add_measure_lint_command(CLI::App& measure, Run& run);  // and list
void add_measure_pack_command(CLI::App& measure, Run& run);
void add_measure_run_command(CLI::App& measure, Run& run);
void add_serve_command(CLI::App& app, Run& run);
void add_user_command(CLI::App& app, Run& run);
void add_version_command(CLI::App& app, Run& run);

}  // namespace catchment::cli
