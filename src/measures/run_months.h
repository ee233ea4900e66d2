// Every measure over everyone for a series of months, in one pass over the snapshot's rows.
// In: a measure library, a snapshot, the months. Out: each measure's members each month, kept in a store; what was
// worked out and what was there already. Always: the answers do not depend on the number of threads; an error ends
// one measure for one person and month only and is counted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "measures/library.h"
#include "measures/run_members.h"
#include "records/records.h"

namespace catchment::measures {

struct MonthsOptions {
  Date last;                      // a day of the last month
  int months = 12;
  std::vector<std::string> only;  // ids; empty for all
  unsigned threads = 2;
  std::uint64_t memory_bytes = std::uint64_t{3} << 30;  // for rows
  bool again = false;             // also what is there already
};

/// One measure in one month.
struct MonthCell {
  const LibraryMeasure* measure = nullptr;
  Date month;                     // its first day
  bool known = false;             // was there already
};

struct MonthsResult {
  std::vector<MonthCell> cells;   // by measure, then month
  std::uint64_t persons = 0, rows = 0;
  std::size_t slices = 0;
  double scan_seconds = 0, evaluate_seconds = 0;
  std::map<std::string, std::uint64_t> errors;  // "measure: what happened"
};

MonthsResult run_months(const MeasureLibrary& library, const terminology::Codelists& codelists, const records::Snapshot& snapshot, const MembersStore& store,
                        const MonthsOptions& options, Progress& progress);

/// measure, year, version, month, denominator, excluded, numerator, events, value: exact counts, one line a cell.
std::string months_csv(const MonthsResult& result, const MembersStore& store, const std::string& content_hash);

}  // namespace catchment::measures
