// The cohort pages: what a cohort may name, what is wrong with one, made-up people, counts, kept versions.
#pragma once

#include "api/model/evidence.h"

namespace catchment::api {

struct CohortCodelist {
  std::string id, title, kind, unit, purpose;
  std::int64_t codes = 0;
  void fields(auto& f) const { f("id", id)("title", title)("kind", kind)("unit", unit)("purpose", purpose)("codes", codes); }
};

struct CohortTable {
  std::string table, resource, code_element;
  Text date_element;
  std::vector<std::string> elements;
  void fields(auto& f) const { f("table", table)("resource", resource)("code_element", code_element)("date_element", date_element)("elements", elements); }
};

/// A definition or function of the library Record; `insert` is how CQL writes it.
struct CohortWord {
  std::string name, kind, insert, type;  // definition | function | fluent
  void fields(auto& f) const { f("name", name)("kind", kind)("insert", insert)("type", type); }
};

struct CohortPlace {
  std::string id, name;
  Text place;  // of a network or practice
  void fields(auto& f) const { f("id", id)("name", name)("place", place); }
};

struct CohortWords {
  Date as_of;  // the snapshot's day: the month counted unless asked otherwise
  std::int64_t most_months = 0, most_clauses = 0, deepest_clause = 0;
  std::string rules;  // of disclosure, in words
  std::vector<CohortCodelist> codelists;
  std::vector<CohortPlace> places, networks, practices;
  std::vector<CohortTable> tables;
  std::vector<CohortWord> words;
  void fields(auto& f) const {
    f("as_of", as_of)("most_months", most_months)("most_clauses", most_clauses)("deepest_clause", deepest_clause)("rules", rules)("codelists", codelists);
    f("places", places)("networks", networks)("practices", practices)("tables", tables)("words", words);
  }
};

struct CohortFault {
  std::int64_t line = 0, column = 0;  // 0: of the whole, or of a form
  std::string severity, message, fix;
  Text where;    // in the form: "who.all[2].age"
  Text library;  // another than the one that was sent
  void fields(auto& f) const { f("line", line)("column", column)("severity", severity)("message", message)("fix", fix)("where", where)("library", library); }
};

struct CohortCheck {
  bool good = false;
  Text words, cql;
  std::vector<CohortFault> faults;
  void fields(auto& f) const { f("good", good)("words", words)("cql", cql)("faults", faults); }
};

struct CohortCell {
  std::string column, value;
  void fields(auto& f) const { f("column", column)("value", value); }
};

struct CohortRow {
  std::string table;
  std::vector<CohortCell> cells;
  void fields(auto& f) const { f("table", table)("cells", cells); }
};

/// `why`: the cohort's clauses and what became of the rows.
struct CohortPerson {
  std::string shows;
  bool in = false;
  std::vector<CohortRow> rows;
  std::vector<EvidenceClause> why;
  void fields(auto& f) const { f("shows", shows)("in", in)("rows", rows)("why", why); }
};

/// `not_made`: what of a cohort written by hand could not be made up or decided, in words.
struct CohortPeople {
  Date month;
  std::vector<CohortPerson> people;
  std::vector<std::string> not_made;
  void fields(auto& f) const { f("month", month)("people", people)("not_made", not_made); }
};

struct CohortMonth {
  Date month;
  Count members;
  void fields(auto& f) const { f("month", month)("members", members); }
};

struct CohortGroup {
  std::string group, label;
  Count members, everyone;  // everyone: alive and registered on the day, who has not opted out
  Number share;             // of them, in percent
  void fields(auto& f) const { f("group", group)("label", label)("members", members)("everyone", everyone)("share", share); }
};

struct CohortSplit {
  std::string dimension, title;
  std::vector<CohortGroup> groups;
  void fields(auto& f) const { f("dimension", dimension)("title", title)("groups", groups); }
};

struct CohortError {
  std::string text;
  Count people;
  void fields(auto& f) const { f("text", text)("people", people); }
};

struct CohortCounts {
  Date month;
  Count members;
  std::string sentence, rules, policy, unseen;
  std::vector<CohortMonth> months;
  std::vector<CohortSplit> profile;
  std::vector<CohortError> errors;
  void fields(auto& f) const {
    f("month", month)("members", members)("sentence", sentence)("rules", rules)("policy", policy)("unseen", unseen)("months", months)("profile", profile);
    f("errors", errors);
  }
};

/// The count an account asked for last.
struct CohortCount {
  std::string state = "none";  // none | running | done | failed
  Text of;                     // hash of what was asked
  Text step;                   // what is being done
  std::int64_t done = 0, total = 0;
  double seconds = 0;
  Text fault, fix;
  std::optional<CohortCounts> counts;
  void fields(auto& f) const {
    f("state", state)("of", of)("step", step)("done", done)("total", total)("seconds", seconds)("fault", fault)("fix", fix)("counts", counts);
  }
};

struct CohortVersion {
  std::string id, title, saved_by;
  std::int64_t version = 0;
  Instant saved_at;
  bool written = false;  // by hand, as CQL
  void fields(auto& f) const { f("id", id)("title", title)("version", version)("saved_by", saved_by)("saved_at", saved_at)("written", written); }
};

struct CohortList {
  std::vector<CohortVersion> cohorts;
  void fields(auto& f) const { f("cohorts", cohorts); }
};

struct CohortKept {
  CohortVersion kept;
  Text form;  // JSON as text; nothing when it was written by hand
  std::string cql, hash;
  std::vector<CohortVersion> versions;
  void fields(auto& f) const { f("kept", kept)("form", form)("cql", cql)("hash", hash)("versions", versions); }
};

}  // namespace catchment::api
