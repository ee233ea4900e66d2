// The reference page of the operators, written from the operator table and its cases.
#pragma once

#include <string>
#include <vector>

namespace catchment::cql {

struct OperatorExample {
  std::string name, expression, value;
};

/// Markdown: every operator in alphabetical order with its signatures, what null does, the section of the CQL
/// reference it follows and its examples.
std::string operator_reference(const std::vector<OperatorExample>& examples);

}  // namespace catchment::cql
