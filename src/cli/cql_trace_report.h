// What a traced evaluation tells: the rows behind one patient's answers, and which clauses a set of patients exercised.
#pragma once

#include <string>
#include <vector>

#include "cql/cql.h"
#include "fhir/fhir.h"

namespace catchment::cli {

/// Every public definition of the main library with its answer and the rows of the clauses behind it, also those of
/// the definitions and functions it calls on. `answers` has one value a definition of the main library.
void print_evidence(const cql::Program& program, const cql::Trace& trace, const std::vector<cql::Value>& answers);

/// One line a definition (clauses reached of all), then the text of each library marked line by line:
/// '+' every clause reached, '!' none, '~' some, '?' reached but only ever true or only ever false.
std::string coverage_text(const cql::Program& program, const cql::Trace& trace, std::size_t subjects);

}  // namespace catchment::cli
