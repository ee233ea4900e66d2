// catchment measure case: the worked cases of the measure library.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <set>

#include "base/error.h"
#include "cli/commands.h"
#include "measures/measures.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string system = "system/blmk";
  std::vector<std::string> only;
};

std::string counts(const measures::Expected& e) {
  return fmt::format("denominator {} numerator {}{}", e.denominator, e.numerator, e.excluded == 0 ? "" : fmt::format(" excluded {}", e.excluded));
}

int run_all(const Options& options) {
  const measures::LoadedMeasures loaded = measures::load_measures(options.system);
  if (has_errors(loaded.diagnostics)) throw Error(ErrorKind::user, "the measure library has faults", "run: catchment measure lint --system " + options.system);
  const auto codelists = terminology::load_codelists(options.system);
  system::Definitions definitions(options.system);
  std::vector<measures::MeasureCase> cases = measures::load_cases(definitions);
  if (!options.only.empty()) {
    for (auto& one : cases) {
      std::erase_if(one.expected, [&](const auto& e) { return std::find(options.only.begin(), options.only.end(), e.measure) == options.only.end(); });
    }
    std::erase_if(cases, [](const auto& one) { return one.expected.empty(); });
    if (cases.empty()) throw Error(ErrorKind::user, "no case is about " + options.only.front(), "see the ids with: catchment measure list");
  }
  Diagnostics diagnostics = definitions.diagnostics();
  const measures::CaseResults results = measures::run_cases(loaded.library, codelists.codelists, cases, diagnostics);
  for (const Diagnostic& each : diagnostics) fmt::print(stderr, "{}\n", to_string(each));
  for (const auto& failure : results.failures) {
    fmt::print("{}:{}: {}\n  {}: expected {}\n", failure.of->file, failure.expected.line, failure.of->title, failure.expected.measure,
               counts(failure.expected));
    if (failure.error.empty()) fmt::print("  came {}\n", counts(failure.came));
    else fmt::print("  ended: {}\n", failure.error);
  }
  std::set<std::string> ids;
  for (const auto& measure : loaded.library.measures) ids.insert(measure.words.id);
  for (const std::string& id : results.measures) ids.erase(id);
  fmt::print("{} of {} expectations met, {} measures with cases", results.passed, results.passed + results.failures.size(), results.measures.size());
  if (options.only.empty() && !ids.empty()) {
    std::string names;
    for (const std::string& id : ids) names += " " + id;
    fmt::print(", {} without:{}", ids.size(), names);
  }
  fmt::print("\n");
  return results.failures.empty() && !has_errors(diagnostics) ? exit_done : exit_check_failed;
}

}  // namespace

void add_measure_case_command(CLI::App& measure, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = measure.add_subcommand("case", "Run the worked cases of the measure library; needs no snapshot");
  command->add_option("measure", options->only, "Only the cases of these measures");
  command->add_option("--system", options->system, "The definition folder")->capture_default_str();
  command->footer("Example: catchment measure case diabetes-hba1c-at-target");
  command->callback([options, &run] { run = [options] { return run_all(*options); }; });
}

}  // namespace catchment::cli
