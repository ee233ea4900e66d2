// Days pushed into the scans of a snapshot: what is bounded, and that no answer changes by it.
#include <doctest/doctest.h>

#include <mutex>

#include "small_snapshot.h"

using namespace catchment;
using namespace catchment::measures::testing;
using namespace catchment::records::testing;

namespace {

const char* const head = R"(library D version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem "SCT": 'http://snomed.info/sct'
code "Systolic": '271649006' from "SCT"
code "Weight": '27113001' from "SCT"
code "Diabetes": '44054006' from "SCT"
parameter "Measurement Period" Interval<DateTime> default Interval[@2025-04-01T00:00:00.000+00:00, @2026-03-31T23:59:59.999+00:00]
context Patient
define "Last day": date from end of "Measurement Period"
define "Year": Interval["Last day" - 1 year + 1 day, "Last day"]
define function "day of"(observation FHIR.Observation): date from (observation.effective as FHIR.dateTime)
define fluent function "taken"(observations List<FHIR.Observation>, window Interval<Date>):
  observations O let taken: "day of"(O) where O.status = 'final' and taken in window
define function "period of"(encounter FHIR.Encounter):
  Interval[date from start of encounter.period, Coalesce(date from end of encounter.period, date from start of encounter.period)]
)";

/// Person 10 has rows about the bounds of the period, 20 rows far from it, 30 rows that say little or contradict themselves.
std::shared_ptr<const records::Snapshot> assembled(const std::filesystem::path& folder) {
  {
    Staged staged(folder);
    stage_gp_file(staged);
    staged.run(
        "INSERT INTO code VALUES (1, 'http://snomed.info/sct', '44054006', 'Type 2 diabetes'), (2, 'http://snomed.info/sct', '271649006', 'Systolic'), "
        "(3, 'http://snomed.info/sct', '27113001', 'Weight'); INSERT INTO unit VALUES (1, 'mm[Hg]'); INSERT INTO organisation VALUES (1, 'P1', NULL)");
    staged.run(
        "INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES (1, 1, 1, '9990000018', DATE '1980-02-29', 'female', 1, DATE '2025-01-01', false),"
        "(2, 1, 2, '9990000026', DATE '1960-06-01', 'male', 1, DATE '2025-01-01', false), (3, 1, 3, '9990000034', DATE '1950-01-01', 'female', 1, DATE "
        "'2025-01-01', false)"
        ") t(subject, source, line, nhs_number, birth_date, sex, practice, updated_date, restricted)");
    staged.run("INSERT INTO person_of_subject VALUES (1, 10), (2, 20), (3, 30)");
    staged.run(
        "INSERT INTO staged_observation BY NAME SELECT s AS subject, 1 AS source, (100 * s + i) AS line, 1 AS organisation, c AS code, d AS date, 100.0 + i AS "
        "value, "
        "1 AS unit, 'final' AS status FROM (VALUES (1, 1, DATE '2025-03-31'), (1, 2, DATE '2025-04-01'), (1, 3, DATE '2026-03-31'), (1, 4, DATE '2026-04-01'), "
        "(1, 5, DATE '2025-03-28'), (1, 6, DATE '2026-04-04'), (2, 7, DATE '2015-01-01'), (2, 8, DATE '2030-01-01'), (3, 9, NULL)) t(s, i, d), (VALUES (2), "
        "(3)) u(c)");
    staged.run(
        "INSERT INTO staged_encounter BY NAME SELECT s AS subject, 1 AS source, (200 + i) AS line, 1 AS organisation, 'spell' AS kind, a AS start_date, b AS "
        "end_date, "
        "'finished' AS status FROM (VALUES (1, 1, DATE '2025-03-01', DATE '2025-04-01'), (1, 2, DATE '2025-03-01', DATE '2025-03-27'), (1, 3, DATE "
        "'2026-03-31', DATE '2026-06-01'), "
        "(2, 4, DATE '2010-01-01', DATE '2010-02-01'), (2, 5, DATE '2010-01-01', NULL), (2, 6, DATE '2035-01-01', NULL)) t(s, i, a, b)");
    staged.run(
        "INSERT INTO staged_condition BY NAME SELECT * FROM (VALUES (1, 1, 301, 1, 1, DATE '2025-05-05', DATE '2025-06-01', 'active'), "
        "(2, 1, 302, 1, 1, DATE '2014-05-05', NULL, 'resolved'), (3, 1, 303, 1, 1, NULL, DATE '2024-01-01', 'active'), (3, 1, 304, 1, 1, DATE '2014-05-05', "
        "DATE '2013-01-01', 'active'))"
        " t(subject, source, line, organisation, code, onset_date, abatement_date, status)");
  }
  return published(folder);
}

struct Texts final : measures::AnswerSink {
  void person(std::size_t, const records::PersonSummary& person, std::span<const cql::Value> values, bool) override {
    const std::lock_guard<std::mutex> lock(mutex);
    for (const cql::Value& value : values) answers[person.person.value] += fhir::to_json(value) + " ";
  }
  std::mutex mutex;
  std::map<std::int64_t, std::string> answers;
};

struct Outcome {
  std::map<std::int64_t, std::string> answers;
  std::map<std::string, std::uint64_t> errors;
  std::uint64_t rows = 0;
  std::vector<std::string> scans;
};

Outcome run(const std::string& definitions, const records::Snapshot& snapshot, bool tree_walk) {
  static const cql::Models models;
  Diagnostics diagnostics;
  const auto program = cql::check_library({"D.cql", head + definitions}, {}, models, diagnostics);
  for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
  REQUIRE_FALSE(has_errors(diagnostics));
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  measures::PopulationOptions options;
  for (const std::int32_t index : measures::answerable_definitions(*program))
    if (program->main_library().definitions[static_cast<std::size_t>(index)].name.starts_with("Q")) options.definitions.push_back(index);
  options.tree_walk = tree_walk;
  const measures::PopulationProgram prepared(*program, request, snapshot, options);
  Texts texts;
  SilentProgress silent;
  const measures::PopulationRunResult result = prepared.run(texts, silent);
  Outcome outcome{texts.answers, result.errors, result.rows, {}};
  for (const measures::TableScan& scan : prepared.scans().scans) outcome.scans.push_back(measures::describe(scan));
  return outcome;
}

/// What the one scan reads, having held the answers against the tree walk's over every row.
std::string scanned(const std::string& definitions, const records::Snapshot& snapshot, std::uint64_t rows) {
  CAPTURE(definitions);
  const Outcome truth = run(definitions, snapshot, true), planned = run(definitions, snapshot, false);
  CHECK(planned.answers == truth.answers);
  CHECK(planned.errors == truth.errors);
  CHECK(planned.rows == rows);
  REQUIRE(planned.scans.size() == 1);
  return planned.scans.front();
}

}  // namespace

TEST_CASE("a clause bounds the days that are read, two days wide, and no answer changes") {
  const Folder folder("days-points");
  const auto snapshot = assembled(folder.path);
  const std::string year = "1 codes: 1 with date from 2025-03-30 to 2026-04-02";
  for (const char* clause : {"O.effective as FHIR.dateTime during \"Measurement Period\"", "O.effective as FHIR.dateTime during day of \"Measurement Period\"",
                             "\"day of\"(O) in \"Year\"", "\"Year\" contains \"day of\"(O)", "\"Year\" includes \"day of\"(O)",
                             "\"day of\"(O) on or after start of \"Year\" and \"day of\"(O) on or before \"Last day\"",
                             "not (O.status = 'preliminary') and \"day of\"(O) during \"Year\""})
    CHECK(scanned(std::string("define \"Q\": [Observation: \"Systolic\"] O where ") + clause, *snapshot, 4) == year);
  CHECK(scanned("define \"Q\": [Observation: \"Systolic\"].taken(\"Year\")", *snapshot, 4) == year);
  CHECK(scanned("define \"All\": [Observation: \"Systolic\"]\ndefine \"Q\": Count(\"All\" O where \"day of\"(O) during \"Year\")", *snapshot, 4) == year);
  const std::string with = "define \"Q\": [Condition: \"Diabetes\"] C with [Observation: \"Systolic\"] O such that \"day of\"(O) during \"Year\"";
  const Outcome planned = run(with, *snapshot, false);
  CHECK(planned.answers == run(with, *snapshot, true).answers);
  CHECK(planned.scans == std::vector<std::string>{"1 codes: 1 with every day", year});
}

TEST_CASE("open bounds, uses joined, and days that are not given") {
  const Folder folder("days-open");
  const auto snapshot = assembled(folder.path);
  CHECK(scanned("define \"Q\": [Observation: \"Systolic\"] O where \"day of\"(O) after \"Last day\"", *snapshot, 4) == "1 codes: 1 with date from 2026-03-29");
  CHECK(scanned("define \"Q\": [Observation: \"Systolic\"] O where \"day of\"(O) < @2025-04-01", *snapshot, 4) == "1 codes: 1 with date to 2025-04-03");
  CHECK(scanned("define \"Q\": [Observation: \"Systolic\"] O where \"day of\"(O) before @2015-02-01 or \"day of\"(O) = @2025-04-01", *snapshot, 4) ==
        "1 codes: 1 with date to 2025-04-03");
  CHECK(scanned("define \"Q\": [Observation: \"Systolic\"] O where \"day of\"(O) is null or \"day of\"(O) during \"Year\"", *snapshot, 5) ==
        "1 codes: 1 with date from 2025-03-30 to 2026-04-02 or without one");
  CHECK(scanned("define \"Q1\": [Observation: \"Systolic\"] O where \"day of\"(O) during \"Year\"\ndefine \"Q2\": Count([Observation: \"Systolic\"])",
                *snapshot, 9) == "1 codes: 1 with every day");
  CHECK(scanned("define \"Q1\": [Observation: \"Systolic\"] O where \"day of\"(O) during \"Year\"\ndefine \"Q2\": Count([Observation: \"Weight\"])", *snapshot,
                13) == "2 codes: 1 with date from 2025-03-30 to 2026-04-02, 1 with every day");
  CHECK(scanned("define \"Q\": [Observation: \"Systolic\"] O where \"day of\"(O) same year as \"Last day\"", *snapshot, 3) ==
        "1 codes: 1 with date from 2025-12-30 to 2027-01-02");
}

TEST_CASE("what is not understood, or may end in an error, is read whole") {
  const Folder folder("days-whole");
  const auto snapshot = assembled(folder.path);
  for (const char* clause :
       {"O.status = 'final' or \"day of\"(O) during \"Year\"", "not (\"day of\"(O) during \"Year\")", "\"day of\"(O) + 1 year during \"Year\"",
        "year from \"day of\"(O) = 2025", "\"day of\"(O) during \"Year\" and singleton from ({O.status, O.status}) = 'final'",
        "\"day of\"(O) during \"Year\" and exists ([Observation: \"Systolic\"] P where \"day of\"(P) = \"day of\"(O) + 1 day)"})
    CHECK(scanned(std::string("define \"Q\": [Observation: \"Systolic\"] O where ") + clause, *snapshot, 9) == "1 codes: 1 with every day");
}

TEST_CASE("periods that reach into the days are read, and those that contradict themselves still end in an error") {
  const Folder folder("days-periods");
  const auto snapshot = assembled(folder.path);
  CHECK(scanned("define \"Q\": [Encounter] E where E.period overlaps \"Measurement Period\"", *snapshot, 3) ==
        "every code, start_date to 2026-04-02 or without one and end_date from 2025-03-30 or without one");
  CHECK(scanned("define \"Q\": [Encounter] E where \"period of\"(E) ends during \"Year\"", *snapshot, 1) ==
        "every code, end_date from 2025-03-30 to 2026-04-02");
  CHECK(scanned("define \"Q\": [Encounter] E where date from start of E.period during \"Year\" and E.status = 'finished'", *snapshot, 1) ==
        "every code, start_date from 2025-03-30 to 2026-04-02 or without one");
  const std::string ill =
      "define \"Q\": [Condition: \"Diabetes\"] C where Interval[date from (C.onset as FHIR.dateTime), date from (C.abatement as FHIR.dateTime)] overlaps "
      "\"Year\"";
  CHECK(scanned(ill, *snapshot, 3) == "1 codes: 1 with onset_date to 2026-04-02 or without one and abatement_date from 2025-03-30 or without one");
  CHECK(run(ill, *snapshot, false).errors.size() == 1);
}
