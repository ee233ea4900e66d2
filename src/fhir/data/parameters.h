// An answer of CQL as a FHIR R4 Parameters resource, by the type mapping of "Using CQL with FHIR".
// In: a value. Out: JSON with one parameter `return` for each element of a list, or one. Always: the type of what
// FHIR cannot tell (a Long, an interval, an empty list, null) stands in the extension cqf-cqlType; an open bound is
// written as the closed one it equals; a date or time keeps its precision and gets no offset it did not have.
#pragma once

#include <cstddef>
#include <string>

#include "cql/cql.h"

namespace catchment::fhir {

/// Throws EvaluationError when the text would be longer than `most_bytes`.
std::string to_parameters(cql::Context& context, const cql::Value& value, std::size_t most_bytes);

/// "System.Integer", "List<Interval<System.Date>>"; by the value itself, an empty list is of System.Any.
std::string cql_type_of(const cql::Value& value);

}  // namespace catchment::fhir
