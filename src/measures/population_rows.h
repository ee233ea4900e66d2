// The rows of everyone that a program's retrieves ask for, read from a snapshot's code-ordered tables.
// In: a connection to population.duckdb, retrieves with their codes known, the columns that are read. Out: per
// table one set of columns, ordered by person and within a person as the table is (code, date, source, line).
// Always: one ordered scan a table, of the codes asked for only; reading again gives the same rows in the same order,
// on any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "db/db.h"
#include "measures/population_scans.h"
#include "measures/record_view.h"

namespace catchment::measures {

/// Rows of the scans for some persons.
class PopulationRows {
 public:
  /// `connections` gives a connection of its own to each of at most `threads` readers.
  PopulationRows(const std::function<db::Connection()>& connections, unsigned threads, const ScanPlan& plan, std::span<const records::PersonSummary> persons,
                 PersonRange range);

  /// Of whoever has rows in the range, which must have ends: `persons()` says who they are, by id alone.
  PopulationRows(const std::function<db::Connection()>& connections, unsigned threads, const ScanPlan& plan, PersonRange range);

  const RecordColumns& columns() const { return columns_; }
  const std::vector<records::PersonSummary>& persons() const { return persons_; }
  /// The rows of the person at this place in `persons`.
  RowRanges rows_of(std::size_t person) const;
  bool has_rows(std::size_t person) const;
  /// The place of the person whose row this is, and everyone's rows one person after another.
  std::size_t person_of(std::size_t table, std::size_t row) const;
  RowRanges all_rows() const;

  struct Scanned;

 private:
  void order(std::vector<Scanned> scanned, unsigned threads, const ScanPlan& plan, std::size_t persons);

  RecordColumns columns_;
  std::vector<records::PersonSummary> persons_;         // when they were not given
  std::vector<std::size_t> tables_;                     // that were read
  std::array<std::vector<std::uint32_t>, records::table_count> starts_;  // by person: the first row, and one past the last person
};

/// How many rows each scan will give for these persons.
std::vector<std::uint64_t> count_rows(db::Connection& connection, const ScanPlan& plan, PersonRange range);
struct PersonBounds {
  std::uint64_t persons = 0;
  PersonRange ids;
};
/// How many persons the snapshot has, and their first and last id.
PersonBounds person_bounds(db::Connection& connection);

/// Every person of the snapshot, in order of id; the person's own data only when it is read.
std::vector<records::PersonSummary> read_persons(db::Connection& connection, bool own_data);

}  // namespace catchment::measures
