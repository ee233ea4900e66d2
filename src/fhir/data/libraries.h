// CQL libraries and model info out of files: .cql, FHIR Library resources (base64 text/cql), bundles of them.
// In: a path. Out: the libraries by name and version, the models. Always: a file that is neither is passed over.
#pragma once

#include <filesystem>

#include "base/diagnostic.h"
#include "cql/cql.h"

namespace catchment::fhir {

/// Adds every library found under `path`.
void read_libraries(const std::filesystem::path& path, cql::Libraries& libraries, Diagnostics& diagnostics);
/// Libraries inside one JSON document (a Library, or a Bundle holding some).
void read_library_json(const std::string& bytes, const std::string& file, cql::Libraries& libraries, Diagnostics& diagnostics);
/// Adds every model info file (.xml) under `path`.
void read_models(const std::filesystem::path& path, cql::Models& models, Diagnostics& diagnostics);

/// Bytes of base64 text; characters outside the alphabet are passed over.
std::string from_base64(std::string_view text);

}  // namespace catchment::fhir
