// The build's part of authored.sqlite: the person register, what link weights follow from, and the history of receipts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "build/link_basis_store.h"
#include "db/db.h"
#include "linkage/linkage.h"

namespace catchment::build {

/// Opens or creates the file (mode 0600) and brings the part "build" to its newest schema.
db::Sqlite open_authored(const std::filesystem::path& file);

class Authored {
 public:
  explicit Authored(const std::filesystem::path& file) : database_(open_authored(file)) {}

  /// The lasting id of a group of subject keys: key kind, domain and organisation. Made when first seen.
  SourceId link_source(std::string_view kind, std::string_view domain, std::string_view organisation);
  linkage::PersonRegister read_register();
  /// What link weights follow from, of the last build that trained.
  std::optional<KeptBasis> read_basis() { return read_link_basis(database_); }

  /// Keeps what changed and the events, with the receipt and the link weights that this build found, if it did, in one transaction.
  void keep(const linkage::PersonRegister& previous, const linkage::PersonRegister& next, const std::vector<linkage::IdentityEvent>& events,
            const std::string& snapshot, Instant built_at, const std::string& content_hash, const std::string& receipt_json,
            const std::optional<TrainedBasis>& trained = {});

 private:
  void keep_rows(const linkage::PersonRegister& previous, const linkage::PersonRegister& next);
  db::Sqlite database_;
};

}  // namespace catchment::build
