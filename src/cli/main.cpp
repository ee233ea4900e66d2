// catchment: the whole product in one binary. See commands.h for how commands are added.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "base/error.h"
#include "cli/commands.h"

int main(int argc, char** argv) {
  using namespace catchment;
  CLI::App app{"Catchment: an integrated care system, in software", "catchment"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Show help for every command");
  cli::Run run;
  cli::add_access_command(app, run);
  cli::add_audit_command(app, run);
  cli::add_backup_command(app, run);
  cli::add_build_command(app, run);
  cli::add_check_command(app, run);
  cli::add_cohort_command(app, run);
  cli::add_cql_command(app, run);
  cli::add_stats_command(app, run);
  cli::add_synth_command(app, run);
  cli::add_system_command(app, run);
  cli::add_explain_command(app, run);
  cli::add_link_command(app, run);
  cli::add_match_command(app, run);
  cli::add_measure_command(app, run);
  cli::add_serve_command(app, run);
  cli::add_user_command(app, run);
  cli::add_version_command(app, run);
  try {
    app.parse(argc, argv);
    return run ? run() : cli::exit_usage;
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? cli::exit_done : cli::exit_usage;
  } catch (const Error& error) {
    fmt::print(stderr, "catchment: {}\n", error.what());
    if (!error.fix().empty()) fmt::print(stderr, "  fix: {}\n", error.fix());
    if (error.kind() == ErrorKind::bug) fmt::print(stderr, "  This is a fault in catchment; please report it.\n");
    return error.kind() == ErrorKind::user ? cli::exit_usage : cli::exit_cannot_continue;
  } catch (const std::exception& error) {
    fmt::print(stderr, "catchment: {}\n", error.what());
    return cli::exit_cannot_continue;
  }
}
