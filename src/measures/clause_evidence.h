// What made a definition come out as it did for one person: the definitions it rests on, what each came to, and the
// rows behind each.
// In: a program planned with evidence, one person's data. Out: clauses in the order they are written, a definition
// before those it names, each once; rows with what became of them. Always: only what was asked is told: where one
// side of an `and` settles it, the other is not there; a row is said to have passed, or to be left out, only where
// that is certain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cql/cql.h"
#include "measures/record_view.h"
#include "measures/standing.h"

namespace catchment::measures {

enum class RowUse : std::uint8_t {
  read,      // looked at; what the clause made of it is in its answer
  passed,    // met every condition of the clause
  left_out,  // looked at, and some condition of the clause was not met
};
std::string_view to_string(RowUse use);

struct RowBehind {
  RowAddress row;
  RowUse use = RowUse::read;
};

struct ClauseBehind {
  std::string library, definition;
  int depth = 0;         // 0: what was asked; 1: named by it
  std::string answer;    // in words: "yes", "59", "1 April 2025 to 31 March 2026", "3 rows", "nothing recorded"
  std::vector<RowBehind> rows;
};

/// Of the subject the run has begun with `trace` set, once the definition was asked for. The subject's own resource is no row.
std::vector<ClauseBehind> clauses_behind(cql::PlannedRun& run, const cql::Program& program, const cql::Trace& trace, std::int32_t library, std::int32_t index);

/// One part of a measure: "denominator", "exclusions" or "numerator".
struct PartBehind {
  std::string part, answer;
  std::vector<ClauseBehind> clauses;
};

struct StandingBehind {
  Standing standing;
  std::vector<PartBehind> parts;  // those that were asked
};

/// How a person stands to the measure at this place of the program's list, and why. `plan` is made with evidence.
StandingBehind standing_behind(const cql::Plan& plan, const cql::Request& request, const cql::DataProvider& person, std::size_t measure);

/// A value as people read it.
std::string answer_words(const cql::Value& value);

}  // namespace catchment::measures
