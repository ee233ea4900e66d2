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
  std::optional<TrainedBasis> trained;  // link weights to keep: none where kept ones were used
};

struct LinkOptions {
  std::optional<linkage::Model> model;  // none = the one the product carries
  std::string definition;               // a hash of what the model was read from: kept link weights are used for the same only
  std::filesystem::path placements;     // file of where loose identities went last time; none = all are placed, and nothing is kept
  bool train = false;                   // find link weights anew though some are kept
  bool place_all = false;               // take over nothing; the answer is the same
};

/// Every subject gets one person. Subjects known by a pseudonym carry nothing to compare. Counts go to `receipt`.
LinkStage link_subjects(const std::filesystem::path& staged, const db::DuckOptions& options, Authored& authored, Instant at, Receipt& receipt,
                        Progress& progress, const LinkOptions& choices = {});

/// A hash of which subject is which person.
std::string person_index_hash(const std::filesystem::path& staged, const db::DuckOptions& options);

}  // namespace catchment::build
