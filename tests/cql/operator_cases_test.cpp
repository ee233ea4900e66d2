// The table of cases beside the operators: each is evaluated, and together they are the examples of the reference page.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "base/csv.h"
#include "cql/cql.h"

using namespace catchment;
using namespace catchment::cql;

namespace {

CsvTable cases() {
  std::ifstream in(std::string(CATCHMENT_SOURCE_DIR) + "/tests/cql/operator_cases.csv", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<CsvFault> faults;
  CsvTable table = read_csv(bytes, faults);
  REQUIRE(faults.empty());
  REQUIRE(table.rows.size() > 100);
  return table;
}

Request request() {
  Request result;
  result.time = *Temporal::parse_datetime("2026-04-01T12:00:00.000+00:00");
  return result;
}

std::string value_of(const std::string& expression, const Models& models) {
  try {
    return to_cql(evaluate_expression(expression, models, request()));
  } catch (const EvaluationError&) { return "error"; } catch (const Error& error) {
    return std::string("does not check: ") + error.what();
  }
}

}  // namespace

TEST_CASE("every operator case has the value written beside it") {
  const Models models;
  for (const auto& row : cases().rows) {
    CAPTURE(row[0]);
    CAPTURE(row[1]);
    CHECK(value_of(row[1], models) == row[2]);
  }
}

TEST_CASE("both evaluators agree on every operator case") {
  const Models models;
  for (const auto& row : cases().rows) {
    CAPTURE(row[1]);
    CHECK(evaluators_disagree(row[1], models, request()) == "");
  }
}

TEST_CASE("every operator that needs no data has a case") {
  const CsvTable table = cases();
  std::set<std::string, std::less<>> covered;
  for (const auto& row : table.rows) covered.insert(row[0]);
  for (const std::string_view name : operator_names()) {
    const bool needs_data = name.starts_with("AgeIn") || name.starts_with("AnyIn") || name == "ExpandValueSet" || name == "Subsumes" || name == "SubsumedBy";
    if (!needs_data) CHECK_MESSAGE(covered.contains(name), name);
  }
}

TEST_CASE("the reference page of the operators is up to date") {
  std::ifstream in(std::string(CATCHMENT_SOURCE_DIR) + "/docs/reference/cql-operators.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  std::vector<OperatorExample> examples;
  for (const auto& row : cases().rows) examples.push_back({row[0], row[1], row[2]});
  CHECK_MESSAGE(page == operator_reference(examples), "run: catchment cql reference > docs/reference/cql-operators.md");
}
