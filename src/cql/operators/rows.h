// The families of rows behind the operator table. Private to operators/.
#pragma once

#include <span>

#include "cql/operators/operators.h"

namespace catchment::cql {

/// A row as its family writes it: types by their CQL names, one capital letter for a type variable.
struct Row {
  std::string_view name;
  std::string_view parameters;
  std::string_view result;
  NullRule null_rule;
  Implementation evaluate;
  std::string_view section;
};

std::span<const Row> logical_rows();
std::span<const Row> arithmetic_rows();
std::span<const Row> comparison_rows();
std::span<const Row> temporal_rows();
std::span<const Row> interval_rows();
std::span<const Row> list_rows();
std::span<const Row> aggregate_rows();
std::span<const Row> string_rows();
std::span<const Row> conversion_rows();
std::span<const Row> clinical_rows();

}  // namespace catchment::cql
