// catchment measure lint and list: the measure library of a definition folder.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "base/csv.h"
#include "base/error.h"
#include "cli/commands.h"
#include "measures/measures.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string system = "system/blmk", year, programme;
  bool pin = false, csv = false;
};

int lint(const Options& options) {
  measures::LoadedMeasures loaded = measures::load_measures(options.system);
  if (options.pin) {
    const std::filesystem::path file = std::filesystem::path(options.system) / "measures" / "codelists.csv";
    std::ofstream out(file, std::ios::binary);
    out << measures::codelist_lock(loaded.library);
    out.close();
    if (!out) throw Error(ErrorKind::environment, "cannot write " + file.string(), "check the folder and its space");
    loaded = measures::load_measures(options.system);
  }
  std::size_t errors = 0;
  for (const Diagnostic& each : loaded.diagnostics) {
    fmt::print(stderr, "{}\n", to_string(each));
    errors += each.severity == Severity::error;
  }
  std::set<std::string> ids, lists;
  for (const auto& measure : loaded.library.measures) {
    ids.insert(measure.words.id);
    for (const auto& use : measure.codelists) lists.insert(use.id);
  }
  fmt::print("{} measures ({} with their years) in {} libraries over {} codelists, {} imported series\n{} errors, {} warnings\n", ids.size(),
             loaded.library.measures.size(), loaded.library.texts.size(), lists.size(), loaded.library.series.size(), errors,
             loaded.diagnostics.size() - errors);
  return errors == 0 ? exit_done : exit_check_failed;
}

void print_csv(const measures::MeasureLibrary& library, const Options& options) {
  fmt::print("{}", csv_line({"id",     "year",           "version",  "kind",  "title",     "purpose", "denominator", "numerator", "exclusions", "per",
                             "target", "good_direction", "priority", "focus", "programme", "owner",   "source",      "limits",    "library",    "codelists"}));
  for (const auto& m : library.measures) {
    if ((!options.year.empty() && m.year != options.year) || (!options.programme.empty() && m.words.programme != options.programme)) continue;
    std::string lists;
    for (const auto& use : m.codelists) lists += fmt::format("{}{} {} {}", lists.empty() ? "" : "; ", use.id, use.version, use.hash);
    const auto& w = m.words;
    fmt::print("{}",
               csv_line({w.id,
                         m.year,
                         m.version,
                         std::string(measures::word_of(m.kind)),
                         w.title,
                         w.purpose,
                         w.denominator,
                         w.numerator,
                         w.exclusions,
                         fmt::format("{:g}", m.per),
                         m.target ? fmt::format("{:g}", *m.target) : "",
                         w.good_direction,
                         w.priority,
                         w.focus,
                         w.programme,
                         w.owner,
                         w.source,
                         w.limits,
                         m.library,
                         lists}));
  }
}

int list(const Options& options) {
  const measures::LoadedMeasures loaded = measures::load_measures(options.system);
  if (has_errors(loaded.diagnostics)) {
    throw Error(ErrorKind::user, "the measure library has faults", "run: catchment measure lint --system " + options.system);
  }
  if (options.csv) {
    print_csv(loaded.library, options);
    return exit_done;
  }
  std::string priority;
  std::vector<const measures::LibraryMeasure*> shown;
  for (const auto& m : loaded.library.measures) {
    if ((options.year.empty() || m.year == options.year) && (options.programme.empty() || m.words.programme == options.programme)) shown.push_back(&m);
  }
  std::stable_sort(shown.begin(), shown.end(), [](const auto* a, const auto* b) { return a->words.priority < b->words.priority; });
  for (const auto* m : shown) {
    if (m->words.priority != priority) fmt::print("{}{}\n", priority.empty() ? "" : "\n", m->words.priority);
    priority = m->words.priority;
    fmt::print("  {:<42} {} {} {:<10} {}\n", m->words.id, m->year, m->version, measures::word_of(m->kind), m->words.title);
  }
  if (!loaded.library.series.empty() && options.programme.empty()) {
    fmt::print("\nimported series\n");
    for (const auto& series : loaded.library.series)
      fmt::print("  {:<42} {} figures{}, {}\n", series.words.id, series.points.size(), series.synthetic ? " (synthetic)" : "", series.words.title);
  }
  return exit_done;
}

}  // namespace

void add_measure_lint_command(CLI::App& measure, Run& run) {
  auto options = std::make_shared<Options>();
  auto* lint_command = measure.add_subcommand("lint", "Say everything that is wrong in the measure library, with file, line and fix");
  lint_command->add_option("--system", options->system, "The definition folder")->capture_default_str();
  lint_command->add_flag("--pin", options->pin, "Write down the codelists' present versions and hashes in measures/codelists.csv");
  lint_command->footer("Example: catchment measure lint --system system/blmk");
  lint_command->callback([options, &run] { run = [options] { return lint(*options); }; });
  auto* list_command = measure.add_subcommand("list", "List the measures and imported series");
  list_command->add_option("--system", options->system, "The definition folder")->capture_default_str();
  list_command->add_option("--year", options->year, "Only this financial year, such as 2025/26");
  list_command->add_option("--programme", options->programme, "Only this programme of the strategy");
  list_command->add_flag("--csv", options->csv, "Everything each measure says of itself, as CSV");
  list_command->footer("Example: catchment measure list --year 2025/26");
  list_command->callback([options, &run] { run = [options] { return list(*options); }; });
}

}  // namespace catchment::cli
