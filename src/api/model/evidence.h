// Why somebody counts in a measure or does not: made-up people of worked cases, and one resident for who cares for them.
#pragma once

#include "api/model/values.h"

namespace catchment::api {

/// A row of the record in words. `use`: passed | left_out | read.
struct EvidenceRow {
  std::string kind, title, use = "read";
  Text detail;
  Day date;
  Text status, file;
  std::int64_t line = 0;
  void fields(auto& f) const { f("kind", kind)("title", title)("use", use)("detail", detail)("date", date)("status", status)("file", file)("line", line); }
};

/// A definition of the rule and what it came to.
struct EvidenceClause {
  std::string name, library, answer;
  std::int64_t depth = 0;
  std::vector<EvidenceRow> rows;
  void fields(auto& f) const { f("name", name)("library", library)("answer", answer)("depth", depth)("rows", rows); }
};

/// One part of a measure: denominator | exclusions | numerator.
struct EvidencePart {
  std::string part, words, answer;
  std::vector<EvidenceClause> clauses;
  void fields(auto& f) const { f("part", part)("words", words)("answer", answer)("clauses", clauses); }
};

/// `standing`: met | not_met | excluded | out; of a measure that counts events met means some.
struct MadeUpPerson {
  std::string who, standing, sentence;
  std::vector<EvidenceRow> record;
  std::vector<EvidencePart> parts;
  void fields(auto& f) const { f("who", who)("standing", standing)("sentence", sentence)("record", record)("parts", parts); }
};

struct WorkedCase {
  std::string title, expected;
  Date month;
  bool as_expected = false;
  std::vector<MadeUpPerson> people;
  void fields(auto& f) const { f("title", title)("expected", expected)("month", month)("as_expected", as_expected)("people", people); }
};

struct MeasureCases {
  std::string measure, sentence;
  std::vector<WorkedCase> cases;
  void fields(auto& f) const { f("measure", measure)("sentence", sentence)("cases", cases); }
};

struct ResidentMeasure {
  std::string id, name, standing, sentence;
  std::string good_direction = "neither";
  Text programme;
  void fields(auto& f) const {
    f("id", id)("name", name)("standing", standing)("sentence", sentence)("good_direction", good_direction)("programme", programme);
  }
};

/// The measures a resident counts in; `others`: how many there are beside.
struct ResidentMeasures {
  Date month;
  std::vector<Date> months;  // that may be asked for, the latest first
  std::string sentence, note;
  std::int64_t others = 0;
  std::vector<ResidentMeasure> measures;
  void fields(auto& f) const { f("month", month)("months", months)("sentence", sentence)("note", note)("others", others)("measures", measures); }
};

struct ResidentEvidence {
  Date month;
  ResidentMeasure measure;
  std::vector<EvidencePart> parts;
  void fields(auto& f) const { f("month", month)("measure", measure)("parts", parts); }
};

}  // namespace catchment::api
