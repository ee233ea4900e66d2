#include "cli/cql_population_run.h"

#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "base/csv.h"
#include "base/error.h"
#include "cli/run.h"

namespace catchment::cli {

namespace {

struct Column {
  std::size_t definition = 0;
  std::string name;
  bool is_list = false;
};

std::vector<Column> columns_of(const cql::Program& program) {
  std::vector<Column> columns;
  const auto& definitions = program.main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    if (definitions[i].body && definitions[i].access == cql::Access::public_) columns.push_back({i, definitions[i].name, definitions[i].type.is_list()});
  }
  return columns;
}

std::string csv_header(const std::vector<Column>& columns) {
  std::vector<std::string> cells{"patient"};
  for (const Column& column : columns) {
    if (column.is_list) cells.push_back(column.name + " (count)");
    cells.push_back(column.name);
  }
  return csv_line(cells);
}

std::string csv_row(const std::string& id, const std::vector<Column>& columns, const std::vector<cql::Value>& values) {
  std::vector<std::string> cells{id};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const cql::Value& value = values[i];
    if (columns[i].is_list) cells.push_back(value.is(cql::Kind::list) ? std::to_string(value.as_list().size()) : "");
    cells.push_back(fhir::to_cell(value));
  }
  return csv_line(cells);
}

std::string json_row(const std::string& id, const std::vector<Column>& columns, const std::vector<cql::Value>& values) {
  json::Writer out;
  out.begin_object().key("patient").string(id);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.key(columns[i].name);
    fhir::write_json(values[i], out);
  }
  out.end_object();
  return out.take() + "\n";
}

}  // namespace

int run_population(const PopulationRun& options) {
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
  const std::vector<Column> columns = columns_of(*program);
  std::ofstream file;
  if (!options.out.empty()) {
    file.open(options.out, std::ios::binary);
    if (!file) throw Error(ErrorKind::environment, "cannot write " + options.out, "check the folder");
  }
  auto write = [&](const std::string& text) {
    if (options.out.empty()) std::fputs(text.c_str(), stdout);
    else file << text;
  };
  if (!ndjson) write(csv_header(columns));
  const cql::Plan plan(*program);
  std::map<std::string, std::size_t> errors;
  std::size_t done = 0;
  for (const auto& subject : subjects) {
    if (options.subjects > 0 && done >= options.subjects) break;
    fhir::Answers answers(*program, request, *subject, &plan);
    std::vector<cql::Value> values;
    values.reserve(columns.size());
    for (const Column& column : columns) values.push_back(answers.definition(column.definition));
    write(ndjson ? json_row(subject->id(), columns, values) : csv_row(subject->id(), columns, values));
    for (const std::string& error : answers.errors()) ++errors[error];
    ++done;
  }
  if (!options.out.empty()) fmt::print("{} patients, {} definitions: {}\n", done, columns.size(), options.out);
  for (const auto& [error, count] : errors) fmt::print(stderr, "{} ({} patient{})\n", error, count, count == 1 ? "" : "s");
  return errors.empty() ? exit_done : exit_check_failed;
}

}  // namespace catchment::cli
