#include "cli/conformance_suite.h"

#include <fmt/core.h>

#include <filesystem>
#include <pugixml.hpp>

#include "base/csv.h"
#include "base/error.h"

namespace catchment::cli {

namespace {

std::string text_of(const pugi::xml_node& node) {
  std::string text = node.text().get();
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

cql::Invalid invalid_of(const std::string& attribute) {
  if (attribute.empty() || attribute == "false") return cql::Invalid::no;
  return attribute == "true" || attribute == "execution" ? cql::Invalid::at_run_time : cql::Invalid::at_check;
}

cql::ConformanceCase case_of(const pugi::xml_node& group, const pugi::xml_node& test) {
  cql::ConformanceCase result;
  result.group = group.attribute("name").value();
  result.name = test.attribute("name").value();
  const pugi::xml_node expression = test.child("expression");
  result.expression = text_of(expression);
  result.invalid = invalid_of(expression.attribute("invalid").value());
  result.output = text_of(test.child("output"));
  if (!test.child("output") && result.invalid == cql::Invalid::no) result.invalid = cql::Invalid::at_run_time;
  return result;
}

}  // namespace

std::vector<cql::ConformanceCase> read_suite(const std::string& path) {
  pugi::xml_document document;
  const pugi::xml_parse_result read = document.load_file(path.c_str(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!read) throw Error(ErrorKind::user, fmt::format("{}: not readable as XML: {}", path, read.description()));
  const pugi::xml_node tests = document.child("tests");
  if (!tests) throw Error(ErrorKind::user, fmt::format("{}: no <tests> element", path), "give a file of the CQL conformance suite");
  const std::string file = std::filesystem::path(path).stem().string();
  std::vector<cql::ConformanceCase> result;
  for (const pugi::xml_node& group : tests.children("group")) {
    for (const pugi::xml_node& test : group.children("test")) {
      result.push_back(case_of(group, test));
      result.back().file = file;
    }
  }
  return result;
}

SuiteExceptions read_suite_exceptions(std::string_view bytes, const std::string& path) {
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(bytes, faults);
  for (const CsvFault& fault : faults) throw Error(ErrorKind::user, fmt::format("{}:{}: {}", path, fault.line, fault.message));
  const int file = table.column("file"), test = table.column("test"), reason = table.column("reason");
  if (file < 0 || test < 0 || reason < 0) throw Error(ErrorKind::user, fmt::format("{}: the columns file, test and reason are needed", path));
  SuiteExceptions result;
  for (const auto& row : table.rows) {
    const auto cell = [&](int column) { return row[static_cast<std::size_t>(column)]; };
    result[cell(file) + "/" + cell(test)] = cell(reason);
  }
  return result;
}

std::string_view built_in_suite_exceptions() {
  static constexpr std::string_view text =
#include "cli/cql_exceptions.inc"
      ;
  return text;
}

}  // namespace catchment::cli
