// Definitions of the Unfiltered context over a small snapshot, by both evaluators, in much memory and in little.
#include <doctest/doctest.h>

#include <algorithm>
#include <mutex>

#include "small_snapshot.h"

using namespace catchment;
using namespace catchment::measures::testing;
using namespace catchment::records::testing;

namespace {

const char* const library = R"(library E version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem "SCT": 'http://snomed.info/sct'
code "Diabetes": '44054006' from "SCT"
code "Systolic": '271649006' from "SCT"
context Patient
define "Highest": Max([Observation: "Systolic"] O return (O.value as FHIR.Quantity).value)
define "Diagnoses": [Condition: "Diabetes"]
define "Born": year from Patient.birthDate
context Unfiltered
define "Highest of all": Max("Highest")
define "Everyone's highest": "Highest"
define "Measured": Count([Observation: "Systolic"] O where (O.value as FHIR.Quantity).value > 125)
define "Persons": Count([Patient])
define "Women": [Patient] P where P.gender = 'female' return P.id
define "Whose": [Observation: "Systolic"] O return all O.subject.reference
define "Diagnosed": flatten "Diagnoses"
define "Oldest": Min("Born")
context Patient
define "Is highest": "Highest" = "Highest of all"
define "Above": Count("Everyone's highest" H where H > "Highest")
define "Born after the oldest": "Born" - "Oldest"
define "Others with it": Count("Diagnosed" C where C.subject.reference != 'Patient/' + Patient.id and C.clinicalStatus ~ First("Diagnosed").clinicalStatus)
context Unfiltered
define "Twice over": Count("Is highest" H where H)
)";

// Persons 10, 20 and 30 have an identity; 10 and 20 blood pressures and diabetes, 30 nothing.
std::shared_ptr<const records::Snapshot> assembled(const std::filesystem::path& folder) {
  {
    Staged staged(folder);
    stage_gp_file(staged);
    staged.run(
        "INSERT INTO code VALUES (1, 'http://snomed.info/sct', '44054006', 'Type 2 diabetes'), (2, 'http://snomed.info/sct', "
        "'271649006', 'Systolic'); INSERT INTO unit VALUES (1, 'mm[Hg]'); INSERT INTO organisation VALUES (1, 'P1', NULL)");
    staged.run(
        "INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES (1, 1, 1, '9990000018', DATE '1980-02-29', 'female', 1, DATE '2025-01-01', "
        "false), (2, 1, 2, '9990000026', DATE '1970-06-01', 'male', 1, DATE '2025-01-01', false), (3, 1, 3, '9990000034', DATE '1950-01-01', "
        "'female', 1, DATE '2025-01-01', false)) t(subject, source, line, nhs_number, birth_date, sex, practice, updated_date, restricted)");
    staged.run("INSERT INTO person_of_subject VALUES (1, 10), (2, 20), (3, 30)");
    staged.run(
        "INSERT INTO staged_condition BY NAME SELECT s AS subject, 1 AS source, 3 + s AS line, 1 AS organisation, 1 AS code, "
        "DATE '2015-05-05' AS onset_date, 'active' AS status FROM range(1, 3) u(s)");
    staged.run(
        "INSERT INTO staged_observation BY NAME SELECT s AS subject, 1 AS source, 10 * s + i AS line, 1 AS organisation, 2 AS code, "
        "DATE '2020-01-01' + i::INTEGER AS date, 120.0 + i * s AS value, 1 AS unit, 'final' AS status FROM range(1, 4) t(i), range(1, 3) u(s)");
    staged.run(
        "INSERT INTO staged_immunisation BY NAME SELECT 1 AS subject, 1 AS source, 40 AS line, 1 AS organisation, 1 AS code, DATE '2020-01-01' AS date, "
        "'completed' AS status");
  }
  return published(folder);
}

struct Answers final : measures::AnswerSink {
  Answers(const cql::Program& p, const std::vector<std::int32_t>& d) : program(p), definitions(d) {}
  void person(std::size_t, const records::PersonSummary& person, std::span<const cql::Value> values, bool) override {
    const std::lock_guard<std::mutex> lock(mutex);
    for (std::size_t i = 0; i < values.size(); ++i)
      by_name[program.main_library().definitions[static_cast<std::size_t>(definitions[i])].name][person.person.value] = fhir::to_json(values[i]);
  }
  const cql::Program& program;
  const std::vector<std::int32_t>& definitions;
  std::mutex mutex;
  std::map<std::string, std::map<std::int64_t, std::string>> by_name;
};

struct Outcome {
  std::map<std::string, std::map<std::int64_t, std::string>> by_name;
  measures::PopulationRunResult result;
  /// The answer that everyone has.
  std::string once(const std::string& name) const {
    const auto& answers = by_name.at(name);
    for (const auto& [person, answer] : answers) CHECK(answer == answers.begin()->second);
    return answers.begin()->second;
  }
};

Outcome run(const cql::Program& program, const records::Snapshot& snapshot, unsigned threads, bool tree_walk, std::uint64_t memory = 1U << 30) {
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  measures::PopulationOptions options;
  options.threads = threads;
  options.memory_bytes = memory;
  options.definitions = measures::answerable_definitions(program);
  options.tree_walk = tree_walk;
  const measures::PopulationProgram prepared(program, request, snapshot, options);
  Answers answers(program, options.definitions);
  SilentProgress silent;
  Outcome outcome;
  outcome.result = prepared.run(answers, silent);
  outcome.by_name = std::move(answers.by_name);
  return outcome;
}

}  // namespace

TEST_CASE("a definition of the Unfiltered context is about everyone of the snapshot, whichever evaluator answers") {
  const Folder folder("everyone");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(library);
  for (const bool tree_walk : {false, true}) {
    CAPTURE(tree_walk);
    const Outcome outcome = run(*program, *snapshot, 2, tree_walk);
    CHECK(outcome.result.errors.empty());
    CHECK(outcome.once("Highest of all") == "126.0");
    CHECK(outcome.once("Everyone's highest") == "[123.0,126.0,null]");
    CHECK(outcome.once("Measured") == "1");
    CHECK(outcome.once("Persons") == "3");
    CHECK(outcome.once("Women") == R"(["10","30"])");
    CHECK(outcome.once("Whose") == R"(["Patient/10","Patient/10","Patient/10","Patient/20","Patient/20","Patient/20"])");
    CHECK(outcome.once("Diagnosed") == R"(["Condition/condition-1-4","Condition/condition-1-5"])");
    CHECK(outcome.once("Oldest") == "1950");
    CHECK(outcome.once("Twice over") == "1");
    CHECK(outcome.by_name.at("Is highest") == std::map<std::int64_t, std::string>{{10, "false"}, {20, "true"}, {30, "null"}});
    CHECK(outcome.by_name.at("Above") == std::map<std::int64_t, std::string>{{10, "1"}, {20, "0"}, {30, "0"}});
    CHECK(outcome.by_name.at("Born after the oldest") == std::map<std::int64_t, std::string>{{10, "30"}, {20, "20"}, {30, "0"}});
    CHECK(outcome.by_name.at("Others with it") == std::map<std::int64_t, std::string>{{10, "1"}, {20, "1"}, {30, "2"}});
  }
}

TEST_CASE("who gave an immunisation stands where FHIR has it") {
  const Folder folder("everyone-performer");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(R"(library I using FHIR version '4.0.1'
context Patient
define "By": [Immunization] I return First(I.performer).actor.reference)");
  for (const bool tree_walk : {false, true})
    CHECK(run(*program, *snapshot, 1, tree_walk).by_name.at("By") ==
          std::map<std::int64_t, std::string>{{10, R"(["Organization/P1"])"}, {20, "[]"}, {30, "[]"}});
}

TEST_CASE("what a month decides is worked out for everyone month by month") {
  const Folder folder("everyone-months");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(R"(library M using FHIR version '4.0.1'
context Patient
define "Age": CalculateAgeInYearsAt(Patient.birthDate.value, Today())
context Unfiltered
define "Ages": Sum("Age")
context Patient
define "Share": "Age" * 100 div "Ages")");
  std::vector<cql::Request> requests(2);
  requests[0].time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  requests[1].time = *cql::Temporal::parse_datetime("2016-03-31T12:00:00.000+00:00");
  measures::PopulationOptions options;
  options.definitions = measures::answerable_definitions(*program);
  const measures::PopulationProgram prepared(*program, {&requests[0], &requests[1]}, *snapshot, options);
  struct Asked final : measures::AskingSink {
    void ask(std::size_t, std::size_t, const records::PersonSummary& person, cql::PlannedRun& run, bool) override {
      const std::lock_guard<std::mutex> lock(mutex);
      for (std::size_t r = 0; r < run.requests(); ++r) {
        run.turn_to(r);
        ages.insert(fhir::to_json(run.definition("Ages")));
        shares[person.person.value] += fhir::to_json(run.definition("Share")) + " ";
      }
    }
    std::mutex mutex;
    std::set<std::string> ages;
    std::map<std::int64_t, std::string> shares;
  } asked;
  SilentProgress silent;
  prepared.run(asked, silent);
  // 46 + 55 + 76, and ten years before 36 + 45 + 66.
  CHECK(asked.ages == std::set<std::string>{"177", "147"});
  CHECK(asked.shares.at(10) == "25 24 ");
  CHECK(asked.shares.at(30) == "42 44 ");
}

TEST_CASE("when everyone's rows do not fit, their definitions say what to do and the others are answered") {
  const Folder folder("everyone-memory");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(library);
  const Outcome outcome = run(*program, *snapshot, 2, false, 64);
  CHECK(outcome.by_name.at("Highest") == std::map<std::int64_t, std::string>{{10, "123.0"}, {20, "126.0"}, {30, "null"}});
  CHECK(outcome.once("Measured") == "null");
  const auto refused = outcome.result.errors.lower_bound("Measured: ");
  REQUIRE(refused != outcome.result.errors.end());
  CHECK(refused->first.find("--memory") != std::string::npos);
  CHECK(refused->second == 3);
  // Those that rest on them as well.
  CHECK(std::any_of(outcome.result.errors.begin(), outcome.result.errors.end(), [](const auto& error) { return error.first.starts_with("Is highest: "); }));
}

TEST_CASE("one person's evidence may rest on everyone") {
  const Folder folder("everyone-evidence");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(library);
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  const auto definitions = measures::answerable_definitions(*program);
  const auto evidence = measures::person_evidence(*program, request, *snapshot, definitions, PersonId{20});
  REQUIRE(evidence);
  for (std::size_t i = 0; i < definitions.size(); ++i)
    if (program->main_library().definitions[static_cast<std::size_t>(definitions[i])].name == "Is highest") CHECK(evidence->answers[i] == "true");
}
