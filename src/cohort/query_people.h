// How a made-up person is changed while people are looked for who meet a program, or just miss it. Private to cohort.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cohort/cohort.h"
#include "measures/record_model.h"

namespace catchment::cohort {

/// What a retrieve asks for, as rows that can be made.
struct RowKind {
  const measures::ShapeMap* shape = nullptr;
  std::vector<measures::CellText> cells;  // usual words, and the code asked for
  std::string words;                      // "Result of HbA1c"
};

struct DraftRow {
  std::size_t kind = 0;  // place among the kinds
  Date on;
  std::optional<Date> end;
  std::string value, status;  // empty: none; the usual one
};

struct Draft {
  Date birth;
  std::string sex = "female";
  std::optional<Date> death, registered, left;
  std::vector<DraftRow> rows;
};

/// What values of a program are worth trying: those it names, and those just beside them.
struct Worth {
  std::set<Date> days;
  std::set<int> ages;
  std::vector<std::string> numbers;
  std::set<int> stays;  // days from a start to an end
  std::set<std::pair<int, int>> since_birth;  // months and days after the birth date
};

/// One change of a draft; `words` says it after "with": "the result of HbA1c on 31 March 2025".
struct Move {
  Draft to;
  std::string words;
  int size = 0;  // how far it goes: for choosing the nearest
};

std::vector<Move> moves(const Draft& from, const std::vector<RowKind>& kinds, const Worth& worth, Date last);
std::vector<DummyPerson::Row> rows_of(const Draft& draft, const std::vector<RowKind>& kinds);

}  // namespace catchment::cohort
