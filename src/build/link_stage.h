// The linkage stage: identity rows of staged.duckdb and the person register in, table person_of_subject out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/progress.h"
#include "build/authored.h"
#include "build/receipt.h"
#include "db/db.h"
#include "linkage/linkage.h"

namespace catchment::build {

struct LinkStage {
  linkage::PersonRegister previous, next;
  std::vector<linkage::IdentityEvent> events;
  std::optional<linkage::LookupKept> lookup;
};

/// Every subject gets one person. Subjects known by a pseudonym carry nothing to compare. Counts go to `receipt`.
/// Without a model, the one the product carries.
LinkStage link_subjects(const std::filesystem::path& staged, const db::DuckOptions& options, Authored& authored, Instant at, Receipt& receipt,
                        Progress& progress, const std::optional<linkage::Model>& model = {});

/// A hash of which subject is which person.
std::string person_index_hash(const std::filesystem::path& staged, const db::DuckOptions& options);

}  // namespace catchment::build
