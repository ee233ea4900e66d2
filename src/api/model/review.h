// The review queue of linkage: pairs of rows that somebody must decide on.
#pragma once

#include "api/model/values.h"

namespace catchment::api {

struct ReviewDecisionInfo {
  std::int64_t id = 0;
  Count item;  // in the queue of this snapshot
  std::string verdict;
  Instant at;
  std::string by;
  std::optional<Instant> undone_at;
  Text undone_by;
  void fields(auto& f) const { f("id", id)("item", item)("verdict", verdict)("at", at)("by", by)("undone_at", undone_at)("undone_by", undone_by); }
};

struct ReviewCounts {
  std::int64_t total = 0, waiting = 0, unsure = 0, decided = 0;
  void fields(auto& f) const { f("total", total)("waiting", waiting)("unsure", unsure)("decided", decided); }
};

struct ReviewLine {
  std::int64_t item = 0;
  std::string state;
  double probability = 0, weight = 0;
  std::int64_t rows_a = 0, rows_b = 0;
  std::string held_back;
  void fields(auto& f) const {
    f("item", item)("state", state)("probability", probability)("weight", weight)("rows_a", rows_a)("rows_b", rows_b)("held_back", held_back);
  }
};

struct ReviewList {
  std::string snapshot, sentence;
  ReviewCounts counts;
  Count next;
  std::string state;
  std::int64_t offset = 0, limit = 0, matching = 0;
  std::vector<ReviewLine> items;
  std::vector<ReviewDecisionInfo> decisions;
  void fields(auto& f) const {
    f("snapshot", snapshot)("sentence", sentence)("counts", counts)("next", next)("state", state)("offset", offset)("limit", limit)("matching", matching);
    f("items", items)("decisions", decisions);
  }
};

struct ReviewValue {
  std::string text;
  std::int64_t rows = 0;
  bool shared = false;  // the other side says it too
  void fields(auto& f) const { f("text", text)("rows", rows)("shared", shared); }
};

struct ReviewField {
  std::string field, title, agreement, words;
  std::vector<ReviewValue> a, b;
  void fields(auto& f) const { f("field", field)("title", title)("agreement", agreement)("words", words)("a", a)("b", b); }
};

struct ReviewSideRow {
  std::int64_t number = 0;
  Text dataset, partner;
  std::int64_t line = 0;
  Text nhs_number, number_status, given, family, previous_family;
  Day birth_date;
  std::string sex;
  Text address, postcode, telephone, email;
  Day died, updated;
  void fields(auto& f) const {
    f("number", number)("dataset", dataset)("partner", partner)("line", line)("nhs_number", nhs_number)("number_status", number_status)("given", given)(
        "family", family);
    f("previous_family", previous_family)("birth_date", birth_date)("sex", sex)("address", address)("postcode", postcode)("telephone", telephone)("email",
                                                                                                                                                  email);
    f("died", died)("updated", updated);
  }
};

struct ReviewSide {
  std::string title;
  std::int64_t same_rows = 0;
  bool withheld = false;
  std::vector<ReviewSideRow> rows;
  void fields(auto& f) const { f("title", title)("same_rows", same_rows)("withheld", withheld)("rows", rows); }
};

struct WaterfallBar {
  std::string field, title, level;
  double bits = 0, from = 0, to = 0;
  void fields(auto& f) const { f("field", field)("title", title)("level", level)("bits", bits)("from", from)("to", to); }
};

struct ReviewItem {
  PersonId person_a, person_b;  // never written
  std::string snapshot;
  std::int64_t item = 0;
  std::string state = "waiting";
  ReviewCounts counts;
  Count next;
  double probability = 0, weight = 0;
  std::string held_back;
  ReviewSide a, b;
  std::vector<ReviewField> fields_compared;
  std::vector<WaterfallBar> waterfall;
  std::optional<ReviewDecisionInfo> last;
  Text last_reason;  // free text, so it is shown only where both residents have their audit rows
  void fields(auto& f) const {
    f("snapshot", snapshot)("item", item)("state", state)("counts", counts)("next", next)("probability", probability)("weight", weight)("held_back", held_back);
    f("a", a)("b", b)("fields", fields_compared)("waterfall", waterfall)("last", last)("last_reason", last_reason);
  }
};

struct ReviewOutcome {
  std::string said;
  ReviewDecisionInfo decision;
  ReviewCounts counts;
  Count next;
  void fields(auto& f) const { f("said", said)("decision", decision)("counts", counts)("next", next); }
};

struct PersonEdge {
  std::int64_t a = 0, b = 0;  // numbers of rows
  std::string reason;
  Number probability;
  void fields(auto& f) const { f("a", a)("b", b)("reason", reason)("probability", probability); }
};

struct PersonWhy {
  PersonId person;  // never written
  std::string sentence;
  bool withheld = false;
  std::vector<ReviewSideRow> rows;
  std::vector<PersonEdge> edges;
  void fields(auto& f) const { f("sentence", sentence)("withheld", withheld)("rows", rows)("edges", edges); }
};

}  // namespace catchment::api
