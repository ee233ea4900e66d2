// What left of the figures of measures, and the exact counts behind it: what the next publication is held against.
// In: the releases of a measure and month, both bases together. Out: the same, read back. Always: stands beside the snapshots' folders and
// outlives them; a measure is written whole or not at all; only the last releases are kept. Holds exact counts: nothing but
// publishing reads it.
#pragma once

#include <filesystem>
#include <string>

#include "base/date.h"
#include "db/db.h"
#include "indicators/measure_figures.h"

namespace catchment::indicators {

class PublicationStore {
 public:
  /// Opens the file, or makes it for its owner alone.
  explicit PublicationStore(const std::filesystem::path& file);
  /// Reading and keeping one measure; other publishers wait for it. Nothing is kept before its commit.
  db::Transaction begin() { return db::Transaction(database_); }
  /// Throws a user error when what is kept is damaged: without it nothing may be published.
  disclosure::Memory read(const std::string& measure, Date month);
  void keep(const std::string& measure, Date month, const disclosure::Memory& memory);
  /// Months that are published no more.
  void forget_before(Date month);

 private:
  db::Sqlite database_;
};

}  // namespace catchment::indicators
