// catchment measure run: the measure library over everyone of a snapshot, month by month.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

#include "access/access.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/command_subject.h"
#include "cli/commands.h"
#include "cli/terminal_progress.h"
#include "indicators/indicators.h"
#include "measures/measures.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string workspace, system = "system/blmk", out, to;
  measures::MonthsOptions months;
  unsigned threads = 0;
  std::uint64_t memory_megabytes = 3072;
};

int run_all(const Options& options) {
  const measures::LoadedMeasures loaded = measures::load_measures(options.system);
  if (has_errors(loaded.diagnostics)) throw Error(ErrorKind::user, "the measure library has faults", "run: catchment measure lint --system " + options.system);
  const auto codelists = terminology::load_codelists(options.system);
  const records::Workspace workspace{options.workspace};
  const auto snapshot = records::Snapshot::open(workspace);
  const SystemClock clock;
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  admit_command(gate, access::ObjectKind::measure, "measure run, counts of everyone");

  measures::MonthsOptions months = options.months;
  months.last = snapshot->manifest().as_of;
  if (!options.to.empty()) {
    const auto day = Date::parse(options.to.size() == 7 ? options.to + "-01" : options.to);
    if (!day) throw Error(ErrorKind::user, "'" + options.to + "' is not a month", "write --to 2026-03");
    months.last = *day;
  }
  months.threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  months.memory_bytes = options.memory_megabytes << 20;
  const measures::MembersStore store(workspace.root / "measures");
  const auto progress = progress_for_standard_error();
  const measures::MonthsResult result = measures::run_months(loaded.library, codelists.codelists, *snapshot, store, months, *progress);
  if (!options.out.empty()) {
    std::ofstream file(options.out, std::ios::binary);
    file << measures::months_csv(result, store, snapshot->manifest().content_hash);
    file.close();
    if (!file) throw Error(ErrorKind::environment, "cannot write " + options.out, "check the folder and its space");
  }
  std::size_t known = 0;
  for (const auto& cell : result.cells) known += cell.known;
  fmt::print("{} measure months: {} worked out over {} persons and {} rows, {} kept from before\n", result.cells.size(), result.cells.size() - known,
             result.persons, result.rows, known);
  if (result.persons > 0) {
    fmt::print("{} slice{}, reading {:.2f} s, evaluating {:.2f} s on {} thread{}\n", result.slices, result.slices == 1 ? "" : "s", result.scan_seconds,
               result.evaluate_seconds, months.threads, months.threads == 1 ? "" : "s");
  }
  const auto system = system::load_system(options.system);
  const auto began = std::chrono::steady_clock::now();
  const auto figures = indicators::publish_measures(*snapshot, system.system, loaded.library, store,
                                                    indicators::figures_file(workspace.root, snapshot->manifest().content_hash), *progress);
  fmt::print("{} figures of {} measures, {} of them hidden ({} so that small ones cannot be worked out) in {:.1f} s; {} measures unchanged\n", figures.figures,
             figures.measures, figures.hidden, figures.hidden_for_others, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(),
             figures.unchanged);
  if (figures.held_back + figures.withheld > 0)
    fmt::print("beside what was published before, {} months of a measure stand as they were, and {} are withheld\n", figures.held_back, figures.withheld);
  for (const auto& [error, count] : result.errors) fmt::print(stderr, "{} ({} times)\n", error, count);
  return result.errors.empty() ? exit_done : exit_check_failed;
}

}  // namespace

void add_measure_run_command(CLI::App& measure, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = measure.add_subcommand("run", "Run the measure library over everyone of a workspace's snapshot, month by month");
  command->add_option("--workspace", options->workspace, "The workspace with a published snapshot")->required();
  command->add_option("measure", options->months.only, "Only these measures");
  command->add_option("--system", options->system, "The definition folder")->capture_default_str();
  command->add_option("--to", options->to, "The last month, such as 2026-03; the snapshot's own when not given");
  command->add_option("--months", options->months.months, "How many months")->capture_default_str()->check(CLI::Range(1, 240));
  command->add_option("--out", options->out, "CSV of exact counts, one line a measure and month: not for release as it is");
  command->add_option("--threads", options->threads, "Threads; all cores when not given");
  command->add_option("--memory-megabytes", options->memory_megabytes, "Memory for rows; more rows are read slice by slice")
      ->capture_default_str()
      ->check(CLI::Range(16, 1 << 20));
  command->add_flag("--again", options->months.again, "Work out again what is kept already");
  command->footer(
      "Example: catchment measure run --workspace workspaces/demo --months 12 --out measures.csv\n"
      "Members are kept as compressed sets in WORKSPACE/measures; a measure is worked out again only when its version or the snapshot changed.");
  command->callback([options, &run] { run = [options] { return run_all(*options); }; });
}

}  // namespace catchment::cli
