// catchment measure evaluate: a FHIR Measure over FHIR files, written as MeasureReports.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "base/clock.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/cql_program.h"
#include "measures/measures.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string measure, main, report = "individual", out;
  ProgramOptions program;
  DataOptions data;
};

/// The main library's name from the Measure's canonical: ".../Library/DiabetesCare|1.0" gives DiabetesCare|1.0.
std::string library_of(const measures::Measure& measure) {
  const std::size_t bar = measure.library.find('|');
  const std::string path = measure.library.substr(0, bar);
  return path.substr(path.rfind('/') + 1) + (bar == std::string::npos ? "" : measure.library.substr(bar));
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text << "\n";
  if (!out) throw Error(ErrorKind::environment, "cannot write " + file.string(), "check the folder and its space");
}

std::string file_name(const std::string& id) {
  std::string name;
  for (const char c : id) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && !name.empty());
    name += good ? c : '_';
  }
  return name.empty() ? "subject" : name.substr(0, 100);
}

void print_totals(const measures::Measure& measure, const std::vector<measures::SubjectResult>& results) {
  for (std::size_t g = 0; g < measure.groups.size(); ++g) {
    const measures::Group& group = measure.groups[g];
    fmt::print("group {}{}:\n", g + 1, group.id.empty() ? "" : " (" + group.id + ")");
    std::vector<std::size_t> counts(group.populations.size());
    std::vector<std::vector<cql::Decimal>> observations;
    for (const auto& result : results) {
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += result.groups[g].populations[i].count;
      observations.resize(std::max(observations.size(), result.groups[g].observations.size()));
      for (std::size_t i = 0; i < result.groups[g].observations.size(); ++i) {
        const auto& from = result.groups[g].observations[i];
        observations[i].insert(observations[i].end(), from.begin(), from.end());
      }
    }
    for (std::size_t i = 0; i < counts.size(); ++i) fmt::print("  {:<30} {}\n", group.populations[i].code, counts[i]);
    if (const auto score = measures::measure_score(group, counts, observations))
      fmt::print("  {:<30} {}\n", "score", fhir::to_cell(cql::Value::decimal(*score)));
  }
}

std::string main_library(const Options& options, const measures::Measure& measure) {
  if (!options.main.empty()) return options.main;
  const std::string named = library_of(measure);
  if (named.empty()) throw Error(ErrorKind::user, "the measure names no library", "give it with --main");
  cql::Libraries libraries;
  Diagnostics ignored;
  for (const std::string& path : options.program.libraries) fhir::read_libraries(path, libraries, ignored);
  const std::string name = named.substr(0, named.find('|'));
  if (named.find('|') != std::string::npos && libraries.find(name, named.substr(name.size() + 1)) != nullptr) return named;
  if (!libraries.versions(name).empty()) return name;
  // The canonical may end in the resource's id rather than in the library's name.
  for (const std::string& known : libraries.names()) {
    if (name.starts_with(known) || known.starts_with(name)) return known;
  }
  return named;
}

/// What the counts rest on: supplemental data whose value set is missing is no reason to stop.
std::set<std::string> counted_expressions(const measures::Measure& measure) {
  std::set<std::string> names;
  for (const measures::Group& group : measure.groups) {
    for (const auto& population : group.populations) names.insert(population.expression);
    for (const auto& stratifier : group.stratifiers) {
      for (const auto& component : stratifier.components) names.insert(component.expression);
    }
  }
  return names;
}

int evaluate(Options options) {
  if (options.report != "individual" && options.report != "summary")
    throw Error(ErrorKind::user, "there is no report '" + options.report + "'", "write --report individual or --report summary");
  json::Parser parser;
  json::Fault fault;
  const std::string bytes = fhir::read_file(options.measure);
  const auto document = parser.parse(bytes, fault);
  if (!document) throw Error(ErrorKind::user, options.measure + " is not JSON: " + fault.message, "give a FHIR R4 Measure as JSON");
  Diagnostics diagnostics;
  const measures::Measure measure = measures::read_measure(document->root(), options.measure, diagnostics);
  print_diagnostics(diagnostics);
  if (has_errors(diagnostics)) return exit_check_failed;
  // A bundle of the measure brings its own libraries and value sets.
  if (document->root()["resourceType"].string() == "Bundle") {
    options.program.libraries.push_back(options.measure);
    options.data.value_sets.push_back(options.measure);
  }
  if (options.program.libraries.empty()) {
    const std::string folder = std::filesystem::path(options.measure).parent_path().string();
    options.program.libraries.push_back(folder.empty() ? "." : folder);
  }
  options.program.main = main_library(options, measure);
  const auto program = load_program(options.program);
  if (!program) return exit_check_failed;
  measures::check_expressions(measure, *program, options.measure, diagnostics);
  if (has_errors(diagnostics)) {
    print_diagnostics(diagnostics);
    return exit_check_failed;
  }
  RequestValueSets value_sets;
  const cql::Request request = make_request(*program, options.data, value_sets, counted_expressions(measure));
  const cql::Plan plan(*program);
  const auto subjects = load_subjects(options.data.data, plan, request);
  for (const auto& subject : subjects) subject->set_everyone(&subjects);
  const std::size_t dots = options.data.period.find("..");
  measures::ReportFrame frame{options.data.period.substr(0, dots), options.data.period.substr(dots + 2), to_string(SystemClock().now())};
  std::error_code made;
  std::filesystem::create_directories(options.out, made);
  std::vector<measures::SubjectResult> results;
  fhir::AnswerRun run(plan, request);
  std::map<std::string, std::size_t> errors;
  for (const auto& subject : subjects) {
    std::set<std::string> reached{"Patient/" + subject->id()};
    subject->note_reached(&reached);
    fhir::Answers answers(*program, request, *subject, run);
    measures::SubjectResult result = measures::evaluate_subject(measure, answers, subject->id());
    subject->note_reached(nullptr);
    result.evaluated.assign(reached.begin(), reached.end());
    for (const std::string& error : result.errors) ++errors[error];
    if (options.report == "individual") {
      write_file(std::filesystem::path(options.out) / (file_name(subject->id()) + ".json"), measures::individual_report(measure, result, frame));
      // Values view the subject's documents and are not needed in the totals.
      result.supplemental.clear();
      for (auto& group : result.groups) {
        for (auto& population : group.populations) population.members.clear();
        group.strata.clear();
      }
    }
    results.push_back(std::move(result));
  }
  if (options.report == "summary") {
    write_file(std::filesystem::path(options.out) / (file_name(measure.name.empty() ? "measure" : measure.name) + "-summary.json"),
               measures::summary_report(measure, results, frame));
  }
  fmt::print("{}: {} patients, reports in {}\n", measure.name.empty() ? options.measure : measure.name, results.size(), options.out);
  print_totals(measure, results);
  for (const auto& [error, count] : errors) fmt::print(stderr, "{} ({} patient{})\n", error, count, count == 1 ? "" : "s");
  return errors.empty() ? exit_done : exit_check_failed;
}

}  // namespace

void add_measure_command(CLI::App& app, Run& run) {
  auto* measure = app.add_subcommand("measure", "Measures: the library, its worked cases, over a snapshot, over FHIR files");
  measure->require_subcommand(1);
  add_measure_lint_command(*measure, run);
  add_measure_case_command(*measure, run);
  add_measure_run_command(*measure, run);
  add_measure_pack_command(*measure, run);
  auto* command = measure->add_subcommand("evaluate", "Evaluate a FHIR Measure and write MeasureReports");
  auto options = std::make_shared<Options>();
  command->add_option("--measure", options->measure, "Measure resource, or a Bundle of it with its libraries and value sets")->required();
  command->add_option("--data", options->data.data, "Folder or file of FHIR JSON: bundles, a folder a patient, NDJSON")->required();
  command->add_option("--period", options->data.period, "Measurement period, START..END")->required();
  command->add_option("--out", options->out, "Folder for the reports")->required();
  command->add_option("--libraries", options->program.libraries, "Folder (or file) of CQL libraries or Library resources");
  command->add_option("--value-sets", options->data.value_sets, "Folder or files of ValueSet JSON or CSV codelists");
  command->add_option("--models", options->program.models, "Folder (or file) of further model info");
  command->add_option("--main", options->main, "The main library, when it is not the Measure's");
  command->add_option("--report", options->report, "individual or summary");
  command->add_option("--parameter", options->data.parameters, "NAME=EXPRESSION, any number of times");
  command->add_option("--at", options->data.at, "The moment of the request");
  command->add_flag("--allow-missing-value-sets", options->data.allow_missing_value_sets, "Take a value set that is not given as empty");
  command->footer(
      "Example:\n  catchment measure evaluate --measure Measure.json --libraries cql --data patients --value-sets vs --period 2025-01-01..2025-12-31 --report "
      "summary --out reports");
  command->callback([options, &run] { run = [options] { return evaluate(*options); }; });
}

}  // namespace catchment::cli
