// catchment cql check: says everything that is wrong with a library and those it includes.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/cql_program.h"
#include "cli/run.h"

namespace catchment::cli {

void add_cql_check_command(CLI::App& cql, Run& run) {
  auto* command = cql.add_subcommand("check", "Check CQL libraries: names, types, includes, value sets");
  auto options = std::make_shared<ProgramOptions>();
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("library", *files, "The .cql files to check")->required();
  command->add_option("--libraries", options->libraries, "Folder (or file) of the libraries they include");
  command->add_option("--models", options->models, "Folder (or file) of further model info");
  command->footer("Example:\n  catchment cql check Diabetes.cql --libraries cql --models models");
  command->callback([options, files, &run] {
    run = [options, files] {
      bool good = true;
      for (const std::string& file : *files) {
        ProgramOptions one = *options;
        one.main = file;
        const std::string folder = std::filesystem::path(file).parent_path().string();
        if (one.libraries.empty()) one.libraries.push_back(folder.empty() ? "." : folder);
        const auto program = load_program(one);
        if (!program) {
          good = false;
          continue;
        }
        const cql::TypedLibrary& main = program->main_library();
        fmt::print("{}: {} definitions, {} functions, {} libraries, no errors\n", file, main.definitions.size(), main.functions.size(),
                   program->libraries.size());
      }
      return good ? exit_done : exit_check_failed;
    };
  });
}

}  // namespace catchment::cli
