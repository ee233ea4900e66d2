// The build's part of authored.sqlite: the person register and the history of receipts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

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

  /// Keeps what changed and the events, with the receipt, in one transaction.
  void keep(const linkage::PersonRegister& previous, const linkage::PersonRegister& next, const std::vector<linkage::IdentityEvent>& events,
            const std::string& snapshot, Instant built_at, const std::string& content_hash, const std::string& receipt_json);

 private:
  void keep_rows(const linkage::PersonRegister& previous, const linkage::PersonRegister& next);
  db::Sqlite database_;
};

}  // namespace catchment::build
