// One person's answers as a row: columns of a program, CSV and NDJSON.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cql/cql.h"

namespace catchment::cli {

struct AnswerColumn {
  std::size_t definition = 0;  // of the main library
  std::string name;
  bool is_list = false;        // written as its count and its items
};

/// The public definitions of the main library.
std::vector<AnswerColumn> answer_columns(const cql::Program& program);
std::string csv_header(const std::vector<AnswerColumn>& columns, const std::string& subject);
std::string csv_row(const std::string& id, const std::vector<AnswerColumn>& columns, std::span<const cql::Value> values);
std::string json_row(const std::string& subject, const std::string& id, const std::vector<AnswerColumn>& columns, std::span<const cql::Value> values);

}  // namespace catchment::cli
