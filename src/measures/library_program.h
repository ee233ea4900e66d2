// The whole measure library as one program, to be asked about one person at a time: how they stand to each measure,
// and why. Also of the made-up people of worked cases.
// In: a measure library with its codelists; one person's data. Out: standings; clauses and rows behind one of them.
// Always: the answers are those that the months of everyone are counted by. Safe from several threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "measures/case.h"
#include "measures/clause_evidence.h"
#include "measures/library.h"

namespace catchment::measures {

class LibraryProgram {
 public:
  /// Both must outlive this. Throws Error (environment) when the library has faults.
  LibraryProgram(const MeasureLibrary& library, const terminology::Codelists& codelists);
  ~LibraryProgram();
  LibraryProgram(const LibraryProgram&) = delete;
  LibraryProgram& operator=(const LibraryProgram&) = delete;

  /// Places of the measures that hold on the day, one of each id, in order of id.
  std::vector<std::size_t> holding(Date on) const;
  /// The measure of the year; without one, that which holds on the day.
  std::optional<std::size_t> place_of(std::string_view id, Date on, std::string_view year = {}) const;
  const LibraryMeasure& measure(std::size_t place) const;

  /// By the places asked, in the month of `on`; nothing where the evaluation ended in an error.
  std::vector<std::optional<Standing>> standings(const cql::DataProvider& person, Date on, const std::vector<std::size_t>& places) const;
  /// Throws Error when the evaluation ends in one.
  StandingBehind behind(const cql::DataProvider& person, Date on, std::size_t place) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A made-up person of a worked case and how they stand.
struct CasePersonBehind {
  std::vector<const CaseRow*> rows;
  StandingBehind behind;
};

struct CaseBehind {
  const MeasureCase* of = nullptr;
  const Expected* expected = nullptr;
  bool as_expected = false;
  std::vector<CasePersonBehind> people;
};

/// The worked cases of one measure, in the order they are written. A case whose rows cannot be read is left out.
std::vector<CaseBehind> cases_behind(const LibraryProgram& program, const std::vector<MeasureCase>& cases, std::string_view measure);

}  // namespace catchment::measures
