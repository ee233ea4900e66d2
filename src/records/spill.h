// Rows on their way from code order to person order: scattered by person into files small enough to
// sort in memory, then read back one file at a time.
//
// A record is: length of the rest, person's rank within the file, table, date + 1 (0 = none), source,
// line, organisation, then the other columns as cells (0 = missing). All varints; see bytes.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "records/block.h"

namespace catchment::records {

/// The person ranks (0, 1, ... in order of id) of a snapshot.
class PersonRanks {
 public:
  explicit PersonRanks(std::vector<std::int64_t> ids);  // sorted
  std::size_t size() const { return ids_.size(); }
  std::uint32_t rank(std::int64_t person) const;

 private:
  std::vector<std::int64_t> ids_;
  std::vector<std::uint32_t> direct_;  // by id - first id, when the ids are dense enough
};

/// The files. Workers append whole buffers; the order within a file does not matter.
class SpillFiles {
 public:
  SpillFiles(std::filesystem::path folder, std::size_t persons, std::uint64_t rows);
  ~SpillFiles();
  SpillFiles(const SpillFiles&) = delete;
  SpillFiles& operator=(const SpillFiles&) = delete;
  std::size_t count() const { return files_.size(); }
  std::uint32_t persons_each() const { return persons_each_; }
  void append(std::size_t file, std::string_view bytes);
  /// Everything appended to a file; the file is removed.
  std::string take(std::size_t file);

 private:
  struct File {
    int descriptor = -1;
    std::mutex mutex;
  };
  std::filesystem::path name(std::size_t file) const;
  std::filesystem::path folder_;
  std::uint32_t persons_each_ = 1;
  std::vector<std::unique_ptr<File>> files_;
};

/// The statement that reads a clinical table for spilling.
std::string spill_statement(const Table& table);
/// Appends one row of that statement's result as a record. `rank` is within its file.
void put_record(std::string& out, std::string& scratch, const Table& table, const db::Chunk& chunk, std::size_t row, std::uint32_t rank);

/// One record found in a spill file.
struct SpilledRow {
  std::uint32_t rank = 0;
  std::uint8_t table = 0;
  std::int64_t date = 0;  // no_value when missing: sorts first
  std::int64_t source = 0, line = 0;
  std::string_view record;
};
/// The records of a file in the order of blocks: person, table, date, source, line, then content.
std::vector<SpilledRow> sorted_rows(std::string_view file, std::uint32_t persons);
/// Adds a record's cells to its table of a block.
void add_row(BlockTable& table, const SpilledRow& row);

}  // namespace catchment::records
