// The residents of a synthetic snapshot as FHIR files, so that other engines can be asked about the same people.
#pragma once

#include <filesystem>

#include "records/records.h"

namespace catchment {

/// Writes one NDJSON file a resource type (Patient.ndjson, Condition.ndjson, ...), every row of everyone as
/// docs/reference/record-as-fhir.md shows it to CQL; the id of a Patient is the person's number in the snapshot.
/// Nothing is pseudonymised: made-up people only. Throws Error (environment) when a file cannot be written.
void write_people(const records::Snapshot& snapshot, const std::filesystem::path& folder);

}  // namespace catchment
