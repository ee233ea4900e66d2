// catchment cql test: runs files of the CQL conformance suite.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

#include "base/error.h"
#include "cli/conformance_suite.h"
#include "cli/cql_request.h"
#include "cli/run.h"

namespace catchment::cli {

namespace {

struct Options {
  std::vector<std::string> files;
  std::string exceptions, at;
  bool verbose = false;
};

struct Tally {
  int passed = 0, failed = 0, errors = 0;
  int total() const { return passed + failed + errors; }
};

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorKind::user, fmt::format("{}: cannot be opened", path));
  return {std::istreambuf_iterator<char>(in), {}};
}

void print_case(const cql::ConformanceCase& test, const cql::CaseResult& result, const std::string& note) {
  fmt::print("  {} {}/{}: {}\n      {}\n{}", result.outcome == cql::CaseOutcome::error ? "ERROR" : "FAIL", test.group, test.name, test.expression,
             result.detail, note.empty() ? "" : "      listed: " + note + "\n");
}

/// Runs one file; counts, prints what did not pass and returns whether everything was as listed.
bool run_file(const std::string& path, const SuiteExceptions& exceptions, const cql::Models& models, const cql::Request& request, bool verbose, Tally& all,
              std::set<std::string>& met) {
  bool as_listed = true;
  Tally tally;
  std::string file;
  for (const cql::ConformanceCase& test : read_suite(path)) {
    file = test.file;
    const cql::CaseResult result = cql::run_case(test, models, request);
    const std::string key = test.file + "/" + test.name;
    const auto listed = exceptions.find(key);
    if (result.outcome == cql::CaseOutcome::pass) {
      ++tally.passed;
      if (listed != exceptions.end()) {
        as_listed = false;
        fmt::print("  PASSES BUT IS LISTED as an exception: {}\n", key);
      }
      continue;
    }
    ++(result.outcome == cql::CaseOutcome::fail ? tally.failed : tally.errors);
    if (listed == exceptions.end()) as_listed = false;
    else met.insert(key);
    if (verbose || listed == exceptions.end()) print_case(test, result, listed == exceptions.end() ? "" : listed->second);
  }
  fmt::print("{:<36} {:>5} pass {:>4} fail {:>4} error\n", std::filesystem::path(path).filename().string(), tally.passed, tally.failed, tally.errors);
  all.passed += tally.passed;
  all.failed += tally.failed;
  all.errors += tally.errors;
  return as_listed;
}

int run_suite(const Options& options) {
  const SuiteExceptions exceptions = options.exceptions.empty() ? read_suite_exceptions(built_in_suite_exceptions(), "built-in exceptions")
                                                                : read_suite_exceptions(file_text(options.exceptions), options.exceptions);
  cql::Request request;
  request.time = request_time(options.at);
  const cql::Models models;
  Tally all;
  std::set<std::string> met;
  bool as_listed = true;
  for (const std::string& path : options.files) as_listed = run_file(path, exceptions, models, request, options.verbose, all, met) && as_listed;
  fmt::print("{} listed exceptions failed as listed\n", met.size());
  fmt::print("total {}/{}\n", all.passed, all.total());
  return as_listed ? exit_done : exit_check_failed;
}

}  // namespace

void add_cql_test_command(CLI::App& cql, Run& run) {
  auto* command = cql.add_subcommand("test", "Run files of the CQL conformance suite");
  auto options = std::make_shared<Options>();
  command->add_option("files", options->files, "Suite files (XML)")->required();
  command->add_option("--exceptions", options->exceptions, "CSV of cases that may fail: file, test, reason (default: the list built in)");
  command->add_option("--at", options->at, "The moment of the request (default: now)");
  command->add_flag("--verbose", options->verbose, "Show listed failures too");
  command->footer("Example:\n  catchment cql test cql-tests/*.xml\nExit code 1 when a case fails that is not listed, or passes though listed.");
  command->callback([options, &run] { run = [options] { return run_suite(*options); }; });
}

}  // namespace catchment::cli
