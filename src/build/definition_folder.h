// A definition folder loaded whole: every module's definitions, checked together.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "build/lookup_store.h"
#include "intake/intake.h"
#include "linkage/linkage.h"
#include "records/records.h"
#include "system/system.h"
#include "terminology/terminology.h"

namespace catchment::build {

struct DefinitionFolder {
  system::System system;
  terminology::Codelists codelists;
  records::Reference reference;
  intake::FeedDefinitions feeds;
  std::optional<linkage::Model> linkage_model;  // linkage/model.toml; none = the one the product carries
  ModelTexts linkage_texts;                     // what it was read from
  std::vector<records::FileHash> files;  // every file of the folder, by path
  std::string hash;                      // over `files`
};

/// Throws a user Error that lists every fault when there is any.
DefinitionFolder load_definition_folder(const std::filesystem::path& folder);

/// One hash over (path, hash) pairs.
std::string hash_of(const std::vector<records::FileHash>& files);

}  // namespace catchment::build
