// catchment cql reference: writes the reference page of the operators. For maintainers of the documentation.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/csv.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cql/cql.h"

namespace catchment::cli {

namespace {

int write_reference(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorKind::user, fmt::format("{}: cannot be opened", path));
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(bytes, faults);
  for (const CsvFault& fault : faults) throw Error(ErrorKind::user, fmt::format("{}:{}: {}", path, fault.line, fault.message));
  if (table.header.size() != 3) throw Error(ErrorKind::user, fmt::format("{}: the columns operator, expression, value are needed", path));
  std::vector<cql::OperatorExample> examples;
  for (const auto& row : table.rows) examples.push_back({row[0], row[1], row[2]});
  fmt::print("{}", cql::operator_reference(examples));
  return exit_done;
}

}  // namespace

void add_cql_reference_command(CLI::App& cql, Run& run) {
  auto* command = cql.add_subcommand("reference", "Write the reference page of the operators");
  command->group("");  // left out of the help: it serves the documentation
  auto path = std::make_shared<std::string>("tests/cql/operator_cases.csv");
  command->add_option("--cases", *path, "CSV of examples: operator, expression, value")->capture_default_str();
  command->footer("Example:\n  catchment cql reference > docs/reference/cql-operators.md");
  command->callback([path, &run] { run = [path] { return write_reference(*path); }; });
}

}  // namespace catchment::cli
