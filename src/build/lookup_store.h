// lookup.sqlite of a snapshot: what one person is found by, written by the build and read by key.
//
// Always: as closely kept as identity.duckdb, beside which it stands. It holds no home and no contact of anybody whose location is protected. The
//         same content gives the same bytes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "linkage/linkage.h"
#include "records/records.h"

namespace catchment::build {

/// A linkage model as its definition folder says it; none = the one the product carries.
struct ModelTexts {
  std::optional<std::string> model, nicknames;
};

std::filesystem::path lookup_file(const std::filesystem::path& snapshot);

/// Nothing kept means that too few people are known by an NHS number: whoever asks is told so.
void write_lookup(const std::filesystem::path& file, const std::optional<linkage::LookupKept>& kept, const ModelTexts& texts);

/// The persons of a snapshot that somebody's details could be. Used by one thread at a time.
class PersonFinder {
 public:
  /// Throws when the snapshot was built before there were lookups, or holds too few people for them.
  explicit PersonFinder(const std::filesystem::path& snapshot);
  ~PersonFinder();
  /// Nobody for a filter that does not see everybody's identity.
  linkage::LookupAnswer find(const linkage::IdentityTable& details, const records::RowFilter& filter);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::build
