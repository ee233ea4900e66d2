// Worked cases of measures: rows of a few made-up people in, the counts a measure must give.
// In: measures/NAME.cases of a definition folder. Out: for each case what was expected and what came; diagnostics
// for what cannot be read. Always: no snapshot, no clock; a case says its own month.
//
//   name diabetes 44054006                       $diabetes stands for the code from here on
//   usual observation status=final               columns a row has unless it says otherwise
//   every registration start_date=2010-01-01     a row that each person has
//   measure diabetes-hba1c-at-target             what the next cases are about; a year may follow
//   case 58 is at target                         in plain words
//     at 2026-03-31                              the month
//     person birth_date=1960-05-01 sex=female    each begins a person
//     observation code=$hba1c date=2025-06-01 value=58
//     expect 1 1                                 denominator (less those excluded), numerator, and excluded if any;
//                                                after the id of another measure, that one's
#pragma once

#include <string>
#include <vector>

#include "measures/library.h"
#include "measures/record_rows.h"

namespace catchment::measures {

struct CaseRow {
  int person = 0;
  std::string table;
  std::vector<CellText> cells;
  int line = 0;
};

struct Expected {
  std::string measure;
  std::size_t denominator = 0, numerator = 0, excluded = 0;
  int line = 0;
};

struct MeasureCase {
  std::string file, title, year;   // the year is empty: the measure that holds on the day
  int line = 0;
  Date at;
  int people = 0;
  std::vector<CaseRow> rows;
  std::vector<Expected> expected;
};

struct CaseFailure {
  const MeasureCase* of = nullptr;
  Expected expected, came;
  std::string error;               // when the evaluation ended
};

struct CaseResults {
  std::size_t passed = 0;
  std::vector<CaseFailure> failures;
  std::vector<std::string> measures;    // ids that have a case, ordered
};

/// Reads one file; what is faulty is reported and left out.
std::vector<MeasureCase> read_cases(const std::string& text, const std::string& file, Diagnostics& diagnostics);
/// Every NAME.cases of measures/.
std::vector<MeasureCase> load_cases(system::Definitions& definitions);

CaseResults run_cases(const MeasureLibrary& library, const terminology::Codelists& codelists, const std::vector<MeasureCase>& cases, Diagnostics& diagnostics);

}  // namespace catchment::measures
