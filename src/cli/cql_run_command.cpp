// catchment cql run: evaluates one expression and prints its value as CQL.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "cli/run.h"
#include "cli/cql_request.h"
#include "cql/cql.h"

namespace catchment::cli {

cql::Temporal request_time(const std::string& at) {
  if (at.empty()) {
    const Instant now = SystemClock().now();
    constexpr std::int64_t ms_minute = 60'000;
    return {now.utc_ms + now.offset_minutes * ms_minute, now.offset_minutes, cql::Precision::millisecond, cql::TemporalKind::datetime};
  }
  auto time = cql::Temporal::parse_datetime(at);
  if (!time || !time->has(cql::Precision::day))
    throw Error(ErrorKind::user, fmt::format("'{}' is not a date and time", at), "write --at 2026-04-01T09:00:00Z");
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
  auto* command = cql.add_subcommand("run", "Evaluate an expression and print its value as CQL");
  auto options = std::make_shared<Options>();
  command->add_option("--expression", options->expression, "The expression to evaluate")->required();
  command->add_option("--at", options->at, "The moment of the request, which Now() and Today() answer from");
  command->footer("Example:\n  catchment cql run --expression 'collapse { Interval[1, 4], Interval[5, 9] }'");
  command->callback([options, &run] { run = [options] { return run_expression(*options); }; });
}

}  // namespace catchment::cli
