// The accuracy of linkage against a synthetic population's truth. A report, after everything else: no stage reads truth.
#pragma once

#include <filesystem>
#include <optional>

#include "build/receipt.h"
#include "db/db.h"

namespace catchment::build {

/// Compares persons with `truth/keys` (domain, key, person; CSV or Parquet) where it stands in the workspace. Nothing without one.
/// `staged` holds subject, source and person_of_subject.
std::optional<LinkageAccuracy> measure_accuracy(const std::filesystem::path& workspace, const std::filesystem::path& staged, const db::DuckOptions& options);

}  // namespace catchment::build
