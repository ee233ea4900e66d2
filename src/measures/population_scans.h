// What is read of each table of a snapshot for a program's retrieves: one statement a table, of the codes asked for
// and the days that matter.
// In: retrieves with their codes known, the elements that are read, the days each retrieve needs. Out: scans and
// their statements. Always: a scan gives at least the rows that change an answer; values are bound, never written out.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "db/db.h"
#include "measures/program_reads.h"
#include "measures/record_retrieve.h"
#include "measures/retrieve_days.h"

namespace catchment::measures {

struct PersonRange {
  std::int64_t first = INT64_MIN, last = INT64_MAX;  // person ids, both included
  bool everyone() const { return first == INT64_MIN && last == INT64_MAX; }
};

/// Codes of which the same days are needed.
struct CodeDays {
  std::vector<std::int32_t> codes;  // sorted
  RowDays days;
};

/// What is read of one table.
struct TableScan {
  std::size_t table = 0;
  bool every = false;                        // all rows, whatever their code
  std::vector<std::int32_t> codes;           // else of these codes, sorted
  std::int16_t code_column = no_column;
  std::int16_t first_word_column = no_column, second_word_column = no_column;
  std::uint32_t first_words = 0, second_words = 0;  // or with one of these words
  std::vector<CodeDays> code_days;           // the codes again
  RowDays days;                              // of every row, or of those with the words
  std::set<std::int16_t> columns;
  std::string resources;                     // for explaining: "Condition, Procedure"

  /// So many codes that they are scanned from first to last, and each row's code is looked at.
  bool tests_codes() const;
};

struct ScanPlan {
  std::vector<TableScan> scans;
  std::vector<BoundRetrieve> retrieves;      // codes that a scan reads alone are not looked at again row by row
  bool labels = false;                       // source and line are read too
};

/// `labels`: rows are named somewhere (evidence, lists of resources among the answers).
ScanPlan plan_scans(const ProgramReads& reads, std::vector<BoundRetrieve> retrieves, const RetrieveDays& days, bool labels);

/// A statement and its values.
struct ScanStatement {
  std::string sql;
  std::vector<db::Cell> values;
};
/// One after another they give the rows in the order of the table. (A long list of codes in one statement would make
/// the store join with it, and a join keeps no order.)
std::vector<ScanStatement> scan_statements(const TableScan& scan, bool labels, PersonRange range);
/// How many rows the scan gives.
ScanStatement count_statement(const TableScan& scan, PersonRange range);

/// Bytes one row of the scan takes in memory while it is read.
std::uint64_t row_bytes(const TableScan& scan, bool labels);
bool is_wide(records::Kind kind);

/// "12 codes: 10 with date from 2024-03-29 to 2026-04-02, 2 of every day".
std::string describe(const TableScan& scan);

}  // namespace catchment::measures
