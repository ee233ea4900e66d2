// catchment cql run: evaluates one expression and prints its value as CQL, or a library over FHIR data.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "cli/cql_population_run.h"
#include "cli/cql_request.h"
#include "cli/run.h"
#include "cql/cql.h"

namespace catchment::cli {

cql::Temporal request_time(const std::string& at) {
  if (at.empty()) {
    const Instant now = SystemClock().now();
    constexpr std::int64_t ms_minute = 60'000;
    return {now.utc_ms + now.offset_minutes * ms_minute, now.offset_minutes, cql::Precision::millisecond, cql::TemporalKind::datetime};
  }
  auto time = cql::Temporal::parse_datetime(at);
  if (!time || !time->has(cql::Precision::day)) throw Error(ErrorKind::user, fmt::format("'{}' is not a date and time", at), "write --at 2026-04-01T09:00:00Z");
  *time = time->lowest();
  if (time->offset_minutes == cql::Temporal::no_offset) time->offset_minutes = 0;
  return *time;
}

namespace {

struct Options {
  std::string expression, at;
};

int run_expression(const Options& options) {
  cql::Request request;
  request.time = request_time(options.at);
  try {
    fmt::print("{}\n", cql::to_cql(cql::evaluate_expression(options.expression, cql::Models(), request)));
  } catch (const cql::EvaluationError& error) {
    fmt::print(stderr, "expression:{}\n", error.what());
    if (!error.fix().empty()) fmt::print(stderr, "  fix: {}\n", error.fix());
    return exit_check_failed;
  }
  return exit_done;
}

}  // namespace

void add_cql_run_command(CLI::App& cql, Run& run) {
  auto* command = cql.add_subcommand("run", "Evaluate a library over FHIR data or a snapshot, or one expression");
  auto options = std::make_shared<Options>();
  auto population = std::make_shared<PopulationRun>();
  auto* expression = command->add_option("--expression", options->expression, "One expression to evaluate and print as CQL");
  command->add_option("--at", options->at, "The moment of the request, which Now() and Today() answer from");
  auto* main = command->add_option("--main", population->program.main, "The library: NAME, NAME|VERSION or a .cql file")->excludes(expression);
  command->add_option("--libraries", population->program.libraries, "Folder (or file) of libraries");
  command->add_option("--models", population->program.models, "Folder (or file) of further model info");
  command->add_option("--data", population->data.data, "Folder or file of FHIR JSON: bundles, a folder a patient, NDJSON")->needs(main);
  command->add_option("--workspace", population->workspace, "Evaluate over the published snapshot of this workspace")->needs(main);
  command->add_option("--threads", population->threads, "Threads for --workspace; as many as the machine has unless said");
  command->add_option("--memory", population->memory_megabytes, "Megabytes for the rows of a snapshot; more are read a slice of persons at a time");
  command->add_option("--evidence", population->evidence, "The rows behind the answers of this patient instead (with --workspace: of this person's number)");
  command->add_option("--coverage", population->coverage, "With --data: file to write, saying which clauses the patients exercised");
  command->add_flag("--timings", population->timings, "With --workspace: say what was read and how long it took");
  command->add_flag("--tree-walk", population->tree_walk, "With --workspace: answer by the slow evaluator, to compare with");
  command->add_option("--value-sets", population->data.value_sets, "Folder or files of ValueSet JSON or CSV codelists");
  command->add_option("--period", population->data.period, "The Measurement Period, START..END");
  command->add_option("--parameter", population->data.parameters, "NAME=EXPRESSION, any number of times");
  command->add_option("--subjects", population->subjects, "Evaluate at most so many patients");
  command->add_option("--out", population->out, "File to write, .csv or .ndjson; without it CSV is printed");
  command->add_flag("--allow-missing-value-sets", population->data.allow_missing_value_sets, "Take a value set that is not given as empty");
  command->footer(
      "Examples:\n  catchment cql run --expression 'collapse { Interval[1, 4], Interval[5, 9] }'\n"
      "  catchment cql run --main Diabetes --libraries cql --data patients --value-sets vs --period 2025-01-01..2025-12-31 --out results.csv\n"
      "  catchment cql run --main Diabetes --libraries cql --workspace w --period 2025-04-01..2026-03-31 --out results.csv\n"
      "  catchment cql run --main Diabetes --libraries cql --workspace w --evidence 4711\n"
      "  catchment cql run --main Diabetes --libraries cql --data cases --value-sets vs --coverage covered.txt\n"
      "A snapshot's persons are written by their number in it, never by name; each run over one is recorded in its audit.");
  command->callback([options, population, &run] {
    run = [options, population]() -> int {
      if (!options->expression.empty()) return run_expression(*options);
      if (population->program.main.empty() || (population->data.data.empty() == population->workspace.empty())) {
        throw Error(ErrorKind::user, "nothing to evaluate", "give --expression, or --main with one of --data and --workspace");
      }
      if (!population->workspace.empty() && !population->coverage.empty())
        throw Error(ErrorKind::user, "--coverage is over files, not over a snapshot", "give --data");
      if (!population->coverage.empty() && !population->evidence.empty())
        throw Error(ErrorKind::user, "--coverage and --evidence answer different questions", "give one of them");
      population->data.at = options->at;
      return run_population(*population);
    };
  });
}

}  // namespace catchment::cli
