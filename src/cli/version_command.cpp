#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/run.h"

namespace catchment::cli {

void add_version_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("version", "Print the product version");
  command->callback([&run] {
    run = [] {
      fmt::print("catchment 0.1.0\n");
      return exit_done;
    };
  });
}

}  // namespace catchment::cli
