#include "cli/cql_population_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>

#include "base/error.h"
#include "cli/cql_answer_rows.h"
#include "cli/cql_trace_report.h"
#include "cli/run.h"

namespace catchment::cli {

namespace {

/// Every definition of the main library by the tree walk, each clause reporting to `trace`.
std::vector<cql::Value> traced_answers(const cql::Program& program, const cql::Request& request, const fhir::Subject& subject, cql::Trace& trace,
                                       std::map<std::string, std::size_t>& errors) {
  cql::Context context;
  context.request_time = request.time;
  cql::TreeWalk walk(program, request, &subject, context, &trace);
  std::vector<cql::Value> answers(program.main_library().definitions.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!program.main_library().definitions[i].body) continue;
    try {
      answers[i] = walk.definition(program.main, static_cast<std::int32_t>(i));
    } catch (const cql::EvaluationError& error) { ++errors[program.main_library().definitions[i].name + ": " + error.what()]; }
  }
  return answers;
}

int report_errors(const std::map<std::string, std::size_t>& errors) {
  for (const auto& [error, count] : errors) fmt::print(stderr, "{} ({} patient{})\n", error, count, count == 1 ? "" : "s");
  return errors.empty() ? exit_done : exit_check_failed;
}

using Subjects = std::vector<std::unique_ptr<fhir::Subject>>;

int tell_evidence(const cql::Program& program, const cql::Request& request, const Subjects& subjects, const std::string& patient) {
  const auto found = std::find_if(subjects.begin(), subjects.end(), [&patient](const auto& subject) { return subject->id() == patient; });
  if (found == subjects.end()) throw Error(ErrorKind::user, "the data has no such patient", "give the id of a Patient resource");
  cql::Trace trace;
  std::map<std::string, std::size_t> errors;
  const auto answers = traced_answers(program, request, **found, trace, errors);
  print_evidence(program, trace, answers);
  return report_errors(errors);
}

int write_coverage(const cql::Program& program, const cql::Request& request, const Subjects& subjects, const PopulationRun& options) {
  cql::Trace trace;
  std::map<std::string, std::size_t> errors;
  std::size_t done = 0;
  for (const auto& subject : subjects) {
    if (options.subjects > 0 && done >= options.subjects) break;
    traced_answers(program, request, *subject, trace, errors);
    ++done;
  }
  std::ofstream file(options.coverage, std::ios::binary);
  file << coverage_text(program, trace, done);
  file.close();
  if (!file) throw Error(ErrorKind::environment, "cannot write " + options.coverage, "check the folder");
  fmt::print("{} patients, clauses they exercised: {}\n", done, options.coverage);
  return report_errors(errors);
}

}  // namespace

int run_population(const PopulationRun& options) {
  if (!options.workspace.empty()) return run_over_snapshot(options);
  const bool ndjson = options.out.ends_with(".ndjson");
  if (!options.out.empty() && !ndjson && !options.out.ends_with(".csv")) {
    throw Error(ErrorKind::user, "the output is neither .csv nor .ndjson: " + options.out, "end its name in .csv or .ndjson");
  }
  const auto program = load_program(options.program);
  if (!program) return exit_check_failed;
  RequestValueSets value_sets;
  const cql::Request request = make_request(*program, options.data, value_sets);
  const cql::Plan plan(*program);
  const auto subjects = load_subjects(options.data.data, plan, request);
  for (const auto& subject : subjects) subject->set_everyone(&subjects);
  if (!options.evidence.empty()) return tell_evidence(*program, request, subjects, options.evidence);
  if (!options.coverage.empty()) return write_coverage(*program, request, subjects, options);
  const std::vector<AnswerColumn> columns = answer_columns(*program);
  std::ofstream file;
  if (!options.out.empty()) {
    file.open(options.out, std::ios::binary);
    if (!file) throw Error(ErrorKind::environment, "cannot write " + options.out, "check the folder");
  }
  auto write = [&](const std::string& text) {
    if (options.out.empty()) std::fputs(text.c_str(), stdout);
    else file << text;
  };
  if (!ndjson) write(csv_header(columns, "patient"));
  fhir::AnswerRun run(plan, request);
  std::map<std::string, std::size_t> errors;
  std::size_t done = 0;
  for (const auto& subject : subjects) {
    if (options.subjects > 0 && done >= options.subjects) break;
    fhir::Answers answers(*program, request, *subject, run);
    std::vector<cql::Value> values;
    values.reserve(columns.size());
    for (const AnswerColumn& column : columns) values.push_back(answers.definition(column.definition));
    write(ndjson ? json_row("patient", subject->id(), columns, values) : csv_row(subject->id(), columns, values));
    for (const std::string& error : answers.errors()) ++errors[error];
    ++done;
  }
  if (!options.out.empty()) fmt::print("{} patients, {} definitions: {}\n", done, columns.size(), options.out);
  return report_errors(errors);
}

}  // namespace catchment::cli
