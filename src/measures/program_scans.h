// What a program's retrieves ask of a snapshot, before anybody is looked at.
// In: a planned program, requests, what is read. Out: the codes of each retrieve, whether rows are named. Private to
// measures.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cql/cql.h"
#include "measures/program_reads.h"
#include "measures/record_retrieve.h"

namespace catchment::measures {

/// Whether rows are named: in the answers of `written` definitions of the main library, or by what is read.
bool needs_labels(const cql::Program& program, const std::vector<std::int32_t>& written, const ProgramReads& reads);

/// The rows each retrieve asks for. Codes that a parameter decides may differ between requests; then every
/// row is read.
std::vector<BoundRetrieve> bound_retrieves(const cql::Plan& plan, std::span<const cql::Request* const> requests, const ProgramReads& reads,
                                           const records::Dictionaries& words);

/// The class that `Patient` is seen as.
std::string patient_class_of(const cql::Program& program);

}  // namespace catchment::measures
