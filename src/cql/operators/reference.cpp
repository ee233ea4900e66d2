#include "cql/operators/reference.h"

#include <fmt/core.h>

#include <algorithm>

#include "cql/operators/operators.h"

namespace catchment::cql {

namespace {

std::string signature(const Overload& overload) {
  std::string parameters;
  for (const Type& parameter : overload.parameters) parameters += (parameters.empty() ? "" : ", ") + to_string(parameter);
  return fmt::format("{}({}) {}", overload.name, parameters, to_string(overload.result));
}

std::string null_rule(std::span<const Overload> overloads) {
  const auto propagates = std::count_if(overloads.begin(), overloads.end(), [](const Overload& o) { return o.null_rule == NullRule::propagates; });
  if (propagates == static_cast<std::ptrdiff_t>(overloads.size())) return "A null operand gives null.";
  return propagates == 0 ? "The operator itself says what null means."
                         : "A null operand gives null in some signatures; in others the operator says what null means.";
}

/// A vertical bar would end a cell of the table.
std::string cell(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.replace(at, 1, "\\|");
  return "`" + text + "`";
}

}  // namespace

std::string operator_reference(const std::vector<OperatorExample>& examples) {
  std::string page =
      "# CQL operators\n\n"
      "Written by `catchment cql reference` from the operator table and `tests/cql/operator_cases.csv`; a test fails when\n"
      "it is stale. Every example is evaluated by the test suite. `T` stands for any type, the same throughout a\n"
      "signature; `error` for an evaluation that ends with a message.\n\n";
  page += fmt::format("{} operators and functions, {} signatures, {} examples.\n", operator_names().size(), all_overloads().size(), examples.size());
  for (const std::string_view name : operator_names()) {
    const auto overloads = overloads_of(name);
    page += fmt::format("\n## {}\n\n{} [Specification](https://cql.hl7.org/09-b-cqlreference.html#{})\n\n```\n", name, null_rule(overloads),
                        overloads.front().section);
    for (const Overload& overload : overloads) page += signature(overload) + "\n";
    page += "```\n";
    bool first = true;
    for (const OperatorExample& example : examples) {
      if (example.name != name) continue;
      if (first) page += "\n| expression | value |\n|---|---|\n";
      first = false;
      page += fmt::format("| {} | {} |\n", cell(example.expression), cell(example.value));
    }
  }
  return page;
}

}  // namespace catchment::cql
