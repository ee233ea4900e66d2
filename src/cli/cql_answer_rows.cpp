#include "cli/cql_answer_rows.h"

#include "base/csv.h"
#include "fhir/fhir.h"

namespace catchment::cli {

std::vector<AnswerColumn> answer_columns(const cql::Program& program) {
  std::vector<AnswerColumn> columns;
  const auto& definitions = program.main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    if (definitions[i].body && definitions[i].access == cql::Access::public_) columns.push_back({i, definitions[i].name, definitions[i].type.is_list()});
  }
  return columns;
}

std::string csv_header(const std::vector<AnswerColumn>& columns, const std::string& subject) {
  std::vector<std::string> cells{subject};
  for (const AnswerColumn& column : columns) {
    if (column.is_list) cells.push_back(column.name + " (count)");
    cells.push_back(column.name);
  }
  return csv_line(cells);
}

std::string csv_row(const std::string& id, const std::vector<AnswerColumn>& columns, std::span<const cql::Value> values) {
  std::vector<std::string> cells{id};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const cql::Value& value = values[i];
    if (columns[i].is_list) cells.push_back(value.is(cql::Kind::list) ? std::to_string(value.as_list().size()) : "");
    cells.push_back(fhir::to_cell(value));
  }
  return csv_line(cells);
}

std::string json_row(const std::string& subject, const std::string& id, const std::vector<AnswerColumn>& columns, std::span<const cql::Value> values) {
  json::Writer out;
  out.begin_object().key(subject).string(id);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.key(columns[i].name);
    fhir::write_json(values[i], out);
  }
  out.end_object();
  return out.take() + "\n";
}

}  // namespace catchment::cli
