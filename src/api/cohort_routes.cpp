// Cohorts: checked as they are typed, tried on made-up people, counted, kept. A cohort names no person; what
// is counted is written to the audit by the hash of its CQL before it begins.
#include <fmt/core.h>

#include <algorithm>

#include "api/cohort_desk.h"
#include "api/evidence_words.h"
#include "api/visitor.h"
#include "base/hash.h"
#include "disclosure/disclosure.h"
#include "system/system.h"

namespace catchment::api {

namespace {

constexpr std::int64_t most_months = 36;
constexpr std::size_t longest_id = 60, longest_title = 200;

const cohort::Known& known(Visitor& v) { return v.source->cohort_known(v.filter()); }

/// A fault of the form says where it is in its first word.
Text place_in_form(const std::string& message) {
  std::string first = message.substr(0, message.find(' '));
  for (const std::string_view part : {"who", "title", "id", "note", "of"})
    if (first == part || (part == "who" && first.starts_with("who."))) return first;
  return std::nullopt;
}

CohortFault fault_of(const Diagnostic& each, bool form) {
  CohortFault fault{each.line,    each.column, std::string(each.severity == Severity::error ? "error" : "warning"), each.message, each.fix,
                    std::nullopt, std::nullopt};
  if (form) fault.where = place_in_form(each.message);
  else if (each.file != "cohort.cql") fault.library = each.file;
  return fault;
}

/// What was sent, read: a form, or CQL written by hand.
struct Sent {
  std::optional<cohort::Cohort> form;
  std::string cql;
  std::unique_ptr<cql::Program> program;  // null when there are faults
  CohortCheck check;
};

Sent read_sent(Visitor& v, json::Value root) {
  const bool has_form = root.has("form"), has_cql = root.has("cql");
  if (has_form == has_cql) refuse(400, "bad-request", "Not understood", "The body has either form or cql.");
  Sent sent;
  Diagnostics diagnostics;
  if (has_form) {
    if (!root["form"].is_object()) refuse(400, "bad-request", "Not understood", "form is an object.");
    sent.form = cohort::read_form(root["form"].raw(), "form", known(v), diagnostics);
    if (sent.form) {
      sent.check.words = cohort::in_words(*sent.form, known(v));
      sent.cql = cohort::to_cql(*sent.form, known(v));
      sent.program = cohort::program_of(*sent.form, known(v), diagnostics);
    }
  } else {
    sent.cql = root["cql"].string();
    sent.program = cohort::program_of(cql::LibraryText{"cohort.cql", sent.cql}, known(v), diagnostics);
  }
  for (const Diagnostic& each : diagnostics) sent.check.faults.push_back(fault_of(each, has_form));
  sent.check.good = sent.program != nullptr;
  if (!sent.cql.empty()) sent.check.cql = sent.cql;
  return sent;
}

/// The month asked for, as one of its days; the snapshot's own without one.
Date month_of(Visitor& v, json::Value root) {
  const auto system = v.source->system();
  const Date newest = system.snapshot ? system.snapshot->as_of : system.clock.today;
  if (!root.has("month") || root["month"].is_null()) return newest;
  const std::string text(root["month"].string());
  const auto day = text.size() == 7 ? Date::parse(text + "-01") : std::nullopt;
  if (!day) refuse(400, "bad-request", "Not understood", "month is a month such as 2026-03.");
  if (*day > newest) refuse(400, "bad-request", "Not understood", "month is later than what is held.");
  return *day;
}

[[noreturn]] void refuse_faulty() {
  refuse(422, "bad-request", "The cohort has faults", "It was not kept or counted; what is wrong stands beside it.", "correct it first");
}

/// As CQL writes it: FHIR's JSON names the type of a choice in its element ("onsetDateTime").
std::string element_in_cql(std::string_view key) {
  for (const std::string_view type : {"CodeableConcept", "DateTime", "Quantity"})
    if (key.size() > type.size() && key.ends_with(type)) return std::string(key.substr(0, key.size() - type.size()));
  return std::string(key);
}

std::vector<CohortWord> words_of_record(const cohort::Known& known) {
  std::vector<CohortWord> words;
  for (const auto& text : known.library->texts) {
    if (!text.file.ends_with("/Record.cql") && text.file != "Record.cql") continue;
    Diagnostics none;
    const auto program = cql::check_library(text, known.library->libraries, *known.models, none);
    if (!program) continue;
    for (const auto& each : program->main_library().definitions)
      words.push_back({each.name, "definition", "Record.\"" + each.name + "\"", cql::to_string(each.type)});
    for (const auto& each : program->main_library().functions) {
      std::string given;
      for (std::size_t i = each.fluent ? 1 : 0; i < each.parameters.size(); ++i) given += (given.empty() ? "" : ", ") + each.parameters[i].name;
      const std::string insert = each.fluent ? "." + each.name + "(" + given + ")" : "Record.\"" + each.name + "\"(" + given + ")";
      const bool there = std::any_of(words.begin(), words.end(), [&](const CohortWord& word) { return word.insert == insert; });
      if (!there) words.push_back({each.name, each.fluent ? "fluent" : "function", insert, cql::to_string(each.type)});
    }
  }
  return words;
}

CohortVersion version_of(const cohort::SavedCohort& saved) {
  return {saved.id, saved.title, saved.saved_by, saved.version, saved.saved_at, saved.form.empty()};
}

CohortKept kept_of(cohort::CohortStore& store, const cohort::SavedCohort& saved) {
  CohortKept kept{version_of(saved), saved.form.empty() ? Text{} : Text{saved.form}, saved.cql, saved.hash, {}};
  for (const auto& each : store.versions(saved.id)) kept.versions.push_back(version_of(each));
  return kept;
}

CohortPeople people_shown(const cohort::QueryPeople& made, const cql::Program& program, const cohort::Known& known, Date month) {
  const auto in = cohort::answers(program, known, made.people, month);
  const auto why = cohort::reasons(program, known, made.people, month);
  CohortPeople shown{month, {}, made.not_made};
  for (std::size_t p = 0; p < made.people.size(); ++p) {
    const auto& rows = made.people[p].rows;
    CohortPerson person{made.people[p].shows, in[p], {}, {}};
    for (const auto& row : rows) {
      CohortRow one{row.table, {}};
      for (const auto& cell : row.cells) one.cells.push_back({cell.column, cell.value});
      person.rows.push_back(std::move(one));
    }
    person.why = clause_words(why[p], [&](const measures::RowAddress& address) -> std::optional<EvidenceRow> {
      if (address.line < 1 || address.line > static_cast<std::int64_t>(rows.size())) return std::nullopt;
      const auto& row = rows[static_cast<std::size_t>(address.line - 1)];
      return row_words(measures::CaseRow{0, row.table, row.cells, 0}, *known.codelists);
    });
    shown.people.push_back(std::move(person));
  }
  return shown;
}

}  // namespace

void get_cohort_words(Visitor& v) {
  const auto& names = known(v);
  CohortWords words;
  words.as_of = month_of(v, json::Value());
  words.most_months = most_months;
  words.most_clauses = static_cast<std::int64_t>(cohort::most_clauses);
  words.deepest_clause = cohort::deepest_clause;
  system::Definitions folder(names.system->folder);
  words.rules = disclosure::in_words(disclosure::policy_on(disclosure::load_policies(folder), words.as_of).rules);
  for (const auto& list : names.codelists->lists)
    words.codelists.push_back({list.id, list.title, list.kind, list.unit, list.purpose, static_cast<std::int64_t>(list.entries.size())});
  for (const auto& place : names.system->places) words.places.push_back({place.id, place.name, std::nullopt});
  for (const auto& network : names.system->networks) words.networks.push_back({network.id, network.name, network.place.empty() ? Text{} : Text{network.place}});
  for (const auto& practice : names.system->practices)
    words.practices.push_back({practice.code, practice.name, practice.place.empty() ? Text{} : Text{practice.place}});
  for (const auto& shape : measures::shapes()) {
    CohortTable table{std::string(shape.table),
                      std::string(shape.resource),
                      element_in_cql(shape.code_key),
                      shape.date_key.empty() ? Text{} : Text{element_in_cql(shape.date_key)},
                      {}};
    for (const auto& element : shape.elements) {
      const std::string name = element_in_cql(element.key);
      if (std::find(table.elements.begin(), table.elements.end(), name) == table.elements.end()) table.elements.push_back(name);
    }
    words.tables.push_back(std::move(table));
  }
  words.words = words_of_record(names);
  v.answer(words);
}

void check_cohort(Visitor& v) {
  const auto body = v.body({}, {"form", "cql"});
  v.answer(read_sent(v, body.root()).check);
}

void make_cohort_people(Visitor& v) {
  const auto body = v.body({}, {"form", "cql", "month"});
  const Date month = month_of(v, body.root());
  const Sent sent = read_sent(v, body.root());
  if (!sent.program) refuse_faulty();
  cohort::QueryPeople made;
  if (sent.form) {
    made.people = cohort::dummy_people(*sent.form, known(v), month);
  } else {
    cohort::try_out(*sent.program, known(v), month);
    made = cohort::people_for(*sent.program, known(v), month);
  }
  v.answer(people_shown(made, *sent.program, known(v), month));
}

void start_cohort_count(Visitor& v) {
  const auto body = v.body({}, {"form", "cql", "month", "months"});
  const json::Value root = body.root();
  const Date month = month_of(v, root);
  std::int64_t months = 1;
  if (root.has("months")) {
    const auto number = root["months"].integer();
    if (!number || *number < 1 || *number > most_months) refuse(400, "bad-request", "Not understood", fmt::format("months is from 1 to {}.", most_months));
    months = *number;
  }
  Sent sent = read_sent(v, root);
  if (!sent.program) refuse_faulty();
  cohort::try_out(*sent.program, known(v), month);
  const std::string of = to_hex(sha256(sent.cql)).substr(0, 16);
  v.gate().record_event(v.subject(), "count-cohort", true, "allowed", of);
  const std::shared_ptr<cql::Program> program = std::move(sent.program);
  const auto work = [program, source = v.source, filter = v.filter(), month, months](CohortDesk::Counting& count) {
    return source->count_cohort(*program, {month, static_cast<int>(months), [&count] { return count.out_of_time(); }}, count, filter);
  };
  const std::string& account = v.subject().account;
  switch (v.cohorts().start(account, of, work)) {
    case CohortDesk::Start::own_under_way:
      throw Refusal{409, "busy", "A count of yours is under way", "One is counted at a time.", "wait for it, or give it up", 2};
    case CohortDesk::Start::too_many:
      throw Refusal{503, "busy", "Others are counting", "As many counts are under way as this server does at once.", "try again in a few seconds", 5};
    case CohortDesk::Start::started: break;
  }
  v.answer(v.cohorts().state(account));
}

void get_cohort_count(Visitor& v) { v.answer(v.cohorts().state(v.subject().account)); }

void give_up_cohort_count(Visitor& v) {
  v.cohorts().give_up(v.subject().account);
  v.answer(v.cohorts().state(v.subject().account));
}

void list_cohorts(Visitor& v) {
  known(v);
  CohortList list;
  v.cohorts().with_store([&](cohort::CohortStore& store) {
    for (const auto& saved : store.list()) list.cohorts.push_back(version_of(saved));
  });
  v.answer(list);
}

void get_cohort(Visitor& v) {
  v.allow_parameters({"version"});
  known(v);
  const auto version = static_cast<int>(v.whole_parameter("version", 1, 1'000'000, 0));
  std::optional<CohortKept> kept;
  v.cohorts().with_store([&](cohort::CohortStore& store) {
    if (const auto saved = store.find(v.parts["cohort"], version)) kept = kept_of(store, *saved);
  });
  v.answer(kept);
}

void save_cohort(Visitor& v) {
  const auto body = v.body({}, {"form", "cql", "id", "title"});
  const json::Value root = body.root();
  const Sent sent = read_sent(v, root);
  if (!sent.program) refuse_faulty();
  const std::string id(root["id"].string()), title(root["title"].string());
  if (!sent.form) {
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (id.empty() || id.size() > longest_id || !std::all_of(id.begin(), id.end(), good))
      refuse(400, "bad-request", "Not understood", "id has 1 to 60 lower-case letters, digits and '-'.");
    if (title.empty() || title.size() > longest_title) refuse(400, "bad-request", "Not understood", "title has 1 to 200 characters.");
  }
  std::optional<CohortKept> kept;
  v.cohorts().with_store([&](cohort::CohortStore& store) {
    const auto& by = v.subject().account;
    kept = kept_of(store, sent.form ? store.save(*sent.form, known(v), by, v.now()) : store.save_cql(id, title, sent.cql, by, v.now()));
  });
  v.answer(kept);
}

}  // namespace catchment::api
