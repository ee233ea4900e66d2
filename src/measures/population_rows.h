// The rows of everyone that a program's retrieves ask for, read from a snapshot's code-ordered tables.
// In: a connection to population.duckdb, retrieves with their codes known, the columns that are read. Out: per
// table one set of columns, ordered by person and within a person as the table is (code, date, source, line).
// Always: one ordered scan a table, of the codes asked for only; reading again gives the same rows in the same order,
// on any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "db/db.h"
#include "measures/program_reads.h"
#include "measures/record_retrieve.h"
#include "measures/record_view.h"

namespace catchment::measures {

/// What is read of one table.
struct TableScan {
  std::size_t table = 0;
  bool every = false;                        // all rows, whatever their code
  std::vector<std::int32_t> codes;           // else of these codes, sorted
  std::int16_t code_column = no_column;
  std::int16_t first_word_column = no_column, second_word_column = no_column;
  std::uint32_t first_words = 0, second_words = 0;  // or with one of these words
  std::set<std::int16_t> columns;
  std::string resources;                     // for explaining: "Condition, Procedure"
};

struct ScanPlan {
  std::vector<TableScan> scans;
  std::vector<BoundRetrieve> retrieves;      // codes that a scan reads alone are not looked at again row by row
  bool labels = false;                       // source and line are read too
};

/// `labels`: rows are named somewhere (evidence, lists of resources among the answers).
ScanPlan plan_scans(const ProgramReads& reads, std::vector<BoundRetrieve> retrieves, bool labels);

struct PersonRange {
  std::int64_t first = INT64_MIN, last = INT64_MAX;  // person ids, both included
  bool everyone() const { return first == INT64_MIN && last == INT64_MAX; }
};

/// Rows of the scans for some persons.
class PopulationRows {
 public:
  /// `connections` gives a connection of its own to each of at most `threads` readers.
  PopulationRows(const std::function<db::Connection()>& connections, unsigned threads, const ScanPlan& plan,
                 std::span<const records::PersonSummary> persons, PersonRange range);

  const RecordColumns& columns() const { return columns_; }
  /// The rows of the person at this place in `persons`.
  RowRanges rows_of(std::size_t person) const;
  bool has_rows(std::size_t person) const;

 private:
  RecordColumns columns_;
  std::vector<std::size_t> tables_;                     // that were read
  std::array<std::vector<std::uint32_t>, records::table_count> starts_;  // by person: the first row, and one past the last person
};

/// How many rows each scan will give for these persons.
std::vector<std::uint64_t> count_rows(db::Connection& connection, const ScanPlan& plan, PersonRange range);
/// Bytes one row of the scan takes in memory while it is read.
std::uint64_t row_bytes(const TableScan& scan, bool labels);
/// The statement of a scan and its values; for explaining.
struct ScanStatement {
  std::string sql;
  std::vector<db::Cell> values;
};
ScanStatement scan_statement(const TableScan& scan, bool labels, PersonRange range, bool counting = false);

/// Every person of the snapshot, in order of id; the person's own data only when it is read.
std::vector<records::PersonSummary> read_persons(db::Connection& connection, bool own_data);

}  // namespace catchment::measures
