// An answer of CQL as a FHIR R4 Parameters resource, by the type mapping of "Using CQL with FHIR".
// In: a value. Out: JSON with one parameter `return` for each element of a list, or one. Always: the type of what
// FHIR cannot tell (a Long, an interval, an empty list, null) stands in the extension cqf-cqlType; an open bound is
// written as the closed one it equals; a date or time keeps its precision and gets no offset it did not have.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cql/cql.h"
#include "json/json.h"

namespace catchment::fhir {

/// Throws EvaluationError when the text would be longer than `most_bytes`.
std::string to_parameters(cql::Context& context, const cql::Value& value, std::size_t most_bytes);

/// An input of an operation as CQL: `"name": expression`.
struct InputParameter {
  std::string name, expression;
};
/// The parameters of a FHIR Parameters resource, in their order: one that is there several times is a list, parts are a
/// tuple. Nothing when one has no name or a value that CQL is not given; `fault` then says which kind, never a value.
std::optional<std::vector<InputParameter>> input_parameters(json::Value parameters, std::string& fault);

/// "System.Integer", "List<Interval<System.Date>>"; by the value itself, an empty list is of System.Any.
std::string cql_type_of(const cql::Value& value);

}  // namespace catchment::fhir
