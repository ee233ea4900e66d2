#include "cli/cql_population_run.h"

#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "base/error.h"
#include "cli/cql_answer_rows.h"
#include "cli/run.h"

namespace catchment::cli {

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
  const auto subjects = load_subjects(options.data.data, *program);
  for (const auto& subject : subjects) subject->set_everyone(&subjects);
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
  const cql::Plan plan(*program);
  std::map<std::string, std::size_t> errors;
  std::size_t done = 0;
  for (const auto& subject : subjects) {
    if (options.subjects > 0 && done >= options.subjects) break;
    fhir::Answers answers(*program, request, *subject, &plan);
    std::vector<cql::Value> values;
    values.reserve(columns.size());
    for (const AnswerColumn& column : columns) values.push_back(answers.definition(column.definition));
    write(ndjson ? json_row("patient", subject->id(), columns, values) : csv_row(subject->id(), columns, values));
    for (const std::string& error : answers.errors()) ++errors[error];
    ++done;
  }
  if (!options.out.empty()) fmt::print("{} patients, {} definitions: {}\n", done, columns.size(), options.out);
  for (const auto& [error, count] : errors) fmt::print(stderr, "{} ({} patient{})\n", error, count, count == 1 ? "" : "s");
  return errors.empty() ? exit_done : exit_check_failed;
}

}  // namespace catchment::cli
