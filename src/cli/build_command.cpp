#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.h"
#include "build/build.h"
#include "cli/run.h"
#include "cli/terminal_progress.h"

namespace catchment::cli {
namespace {

struct Options {
  build::BuildSettings settings;
  std::string as_of;
  bool json = false;
};

int run_build(Options options) {
  if (!options.as_of.empty()) {
    options.settings.as_of = Date::parse(options.as_of);
    if (!options.settings.as_of) throw Error(ErrorKind::user, "--as-of " + options.as_of + " is not a date", "write it as 2026-03-31");
  }
  const SystemClock clock;
  const std::unique_ptr<Progress> progress = progress_for_standard_error();
  const build::Receipt receipt = build::build_workspace(options.settings, clock, *progress);
  fmt::print("{}", options.json ? to_json(receipt) : to_text(receipt));
  return receipt.passed() ? exit_done : exit_check_failed;
}

}  // namespace

void add_build_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("build", "Turn partners' extracts into a published snapshot, with a receipt");
  auto options = std::make_shared<Options>();
  options->settings.system = "system/blmk";
  options->settings.product_version = "0.1.0";
  command->add_option("--workspace", options->settings.workspace, "Folder with extracts/; the snapshot is published there")->required();
  command->add_option("--system", options->settings.system, "Definition folder")->capture_default_str();
  command->add_option("--stage", options->settings.stage, "Only this stage: intake, linkage, records, publish or measures");
  command->add_option("--measure-months", options->settings.measure_months, "Months of the measure library to work out; 0 for none")
      ->capture_default_str()
      ->check(CLI::Range(0, 36));
  command->add_flag("--train", options->settings.train, "Find link weights anew; else an earlier build's are used while the linkage model is the same");
  command->add_flag("--place-all", options->settings.place_all, "Place every loose identity again, changed or not; the content is the same");
  command->add_option("--as-of", options->as_of, "The date the snapshot speaks of; the system's own when left out");
  command->add_option("--threads", options->settings.threads, "Worker threads; the content does not depend on them")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_option("--memory", options->settings.memory_limit, "Memory the columnar store may use")->capture_default_str();
  command->add_option("--keep", options->settings.keep_snapshots, "Snapshots to keep, the live one among them")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_flag("--json", options->json, "Print the receipt for another program to read");
  command->footer(
      "Exit code 1 when a feed's quarantine is above its tolerance or a file could not be read; the snapshot is published all the same.\n"
      "Example:\n  catchment build --workspace workspaces/demo --system system/blmk");
  command->callback([&run, options] { run = [options] { return run_build(*options); }; });
}

}  // namespace catchment::cli
