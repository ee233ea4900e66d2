// The operator table: one row per overload, read by the checker, both evaluators, the reference page and the
// conformance report.
//
// In: operand values that already have the parameter types (or null). Out: a value of the result type.
// Always: a row whose null rule is `propagates` is never called with a null operand. Implementations look at the
// kind of their operands, so an uncertain whole number may stand wherever an Integer is expected.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cql/types/type.h"
#include "cql/values/precision.h"

namespace catchment::cql {

class Value;
struct Context;

/// What an implementation knows beside its operands.
struct Call {
  Context& context;
  const Type& result;                     // the node's own type: which minimum, which interval
  Precision precision = Precision::none;  // "day of", the unit of a duration, the component extracted
};

using Implementation = Value (*)(const Call& call, std::span<const Value> operands);

enum class NullRule : std::uint8_t {
  propagates,  // any null operand gives null
  own,         // the operator says what null means
};

struct Overload {
  std::string_view name;         // "Add"
  std::vector<Type> parameters;  // with type variables for a generic operator
  Type result;
  NullRule null_rule = NullRule::propagates;
  Implementation evaluate = nullptr;
  std::string_view section;  // anchor in the CQL reference: "add"
};

/// Every row, grouped by name; within a name earlier rows win ties.
std::span<const Overload> all_overloads();
/// The rows of one name; empty when there is none.
std::span<const Overload> overloads_of(std::string_view name);
/// Every name once, in alphabetical order.
const std::vector<std::string_view>& operator_names();

}  // namespace catchment::cql
