// A library over a small snapshot: the planned run against the tree walk and against the same rows in memory.
#include <doctest/doctest.h>

#include <bit>
#include <mutex>

#include "small_snapshot.h"

using namespace catchment;
using namespace catchment::measures::testing;
using namespace catchment::records::testing;

namespace {

const char* const library = R"(library S version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem "SCT": 'http://snomed.info/sct'
codesystem "Kinds": 'urn:catchment:encounter-kind'
code "Diabetes": '44054006' from "SCT"
code "Systolic": '271649006' from "SCT"
code "Sensitive": '999' from "SCT"
code "Spell": 'spell' from "Kinds"
context Patient
define "Has diabetes": exists [Condition: "Diabetes"]
define "Either": exists ([Condition: "Diabetes"] union [Condition: "Sensitive"])
define "Highest": Max([Observation: "Systolic"] O return (O.value as FHIR.Quantity).value)
define "Latest": Last([Observation: "Systolic"] O sort by (effective as FHIR.dateTime).value)
define "Spells": [Encounter: "Spell"] E return start of E.period
define "Conditions": Count([Condition])
)";

const char* const of_the_person = R"(
define "Age": AgeInYearsAt(@2026-03-31)
define "Gender": Patient.gender
define "Died": (Patient.deceased as FHIR.dateTime).value
)";

// Persons 10 and 20 have an identity, 30 only a spell, 40 nothing but an identity.
void stage(const std::filesystem::path& folder) {
  Staged staged(folder);
  stage_gp_file(staged);
  staged.run(
      "INSERT INTO code VALUES (1, 'http://snomed.info/sct', '44054006', 'Type 2 diabetes'), (2, "
      "'http://snomed.info/sct', '271649006', 'Systolic'), "
      "(3, 'http://snomed.info/sct', '999', 'Sensitive'); INSERT INTO unit VALUES (1, 'mm[Hg]'); INSERT INTO "
      "organisation VALUES (1, 'P1', NULL)");
  staged.run(
      "INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES (1, 1, 1, '9990000018', DATE '1980-02-29', "
      "'female', 1, DATE '2025-01-01', false),"
      "(2, 1, 2, '9990000026', DATE '2020-06-01', 'male', 1, DATE '2025-01-01', false), (4, 1, 3, "
      "'9990000034', DATE '1950-01-01', 'female', 1, DATE '2025-01-01', false)"
      ") t(subject, source, line, nhs_number, birth_date, sex, practice, updated_date, restricted)");
  staged.run("INSERT INTO person_of_subject VALUES (1, 10), (2, 20), (3, 30), (4, 40)");
  staged.run(
      "INSERT INTO staged_condition BY NAME SELECT * FROM (VALUES (1, 1, 4, 1, 1, DATE '2015-05-05', "
      "'active'), (2, 1, 5, 1, 3, DATE '2014-05-05', 'resolved'))"
      " t(subject, source, line, organisation, code, onset_date, status)");
  staged.run(
      "INSERT INTO staged_observation BY NAME SELECT s AS subject, 1 AS source, i AS line, 1 AS "
      "organisation, 2 AS code, DATE '2020-01-01' + i::INTEGER AS date, "
      "120.5 + i * s AS value, 1 AS unit, 'final' AS status FROM range(6, 9) t(i), range(1, 3) u(s)");
  staged.run(
      "INSERT INTO staged_encounter BY NAME SELECT 3 AS subject, 1 AS source, 3 AS line, 1 AS organisation, "
      "'spell' AS kind, DATE '2024-02-03' AS start_date, "
      "TIMESTAMP '2024-02-03 04:05:06.789' AS start_time, 'S-77' AS identifier");
  staged.run(
      "INSERT INTO staged_encounter BY NAME SELECT 2 AS subject, 1 AS source, 9 AS line, 1 AS organisation, "
      "'community' AS kind, DATE '2024-02-03' AS start_date");
  staged.run(
      "INSERT INTO staged_death BY NAME SELECT 4 AS subject, 1 AS source, 9 AS line, 1 AS organisation, 1 AS "
      "code, DATE '2025-12-24' AS date, 'hospital' AS place");
  staged.run(
      "INSERT INTO staged_observation BY NAME SELECT 1 AS subject, 1 AS source, 12 AS line, 1 AS organisation, 3 AS code, DATE '2019-01-01' AS date, "
      "'final' AS status");
  // Rows 6, 7 and 12 of person 10 came as FHIR, row 7 torn; row 4 says it is of another type than its row.
  staged.run(
      R"(INSERT INTO resource VALUES (1, 1, 6, 'Observation', 'o6', '{"resourceType":"Observation","id":"o6",)"
      R"("note":[{"text":"Ann felt well"}],"subject":{"display":"Ann"},"method":{"text":"after rest"},"bodySite":{"coding":[{"system":"http://snomed.info/sct","code":"368209003"}]}}'), )"
      R"((1, 1, 7, 'Observation', 'o7', '{"resourceType":"Observation","method":{"text":"after'), )"
      R"((1, 1, 12, 'Observation', 'o12', '{"resourceType":"Observation","valueString":"high"}'), )"
      R"((1, 1, 4, 'Observation', 'o4', '{"resourceType":"Observation","severity":{"text":"after rest"}}'))");
}

std::shared_ptr<const records::Snapshot> assembled(const std::filesystem::path& folder) {
  stage(folder);
  return published(folder);
}

struct Texts final : measures::AnswerSink {
  void person(std::size_t, const records::PersonSummary& person, std::span<const cql::Value> values, bool without_rows) override {
    const std::lock_guard<std::mutex> lock(mutex);
    std::string text;
    for (const cql::Value& value : values) text += fhir::to_json(value) + " ";
    answers[person.person.value] = text;
    rest += without_rows ? 1 : 0;
  }
  std::mutex mutex;
  std::map<std::int64_t, std::string> answers;
  int rest = 0;
};

struct Outcome {
  std::map<std::int64_t, std::string> answers;
  int rest = 0;
  std::size_t slices = 0;
  std::uint64_t evaluated = 0;
};

Outcome run(const cql::Program& program, const records::Snapshot& snapshot, unsigned threads, std::uint64_t memory, bool tree_walk,
            const std::optional<records::RowFilter>& resources = {}) {
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  measures::PopulationOptions options;
  options.threads = threads;
  options.memory_bytes = memory;
  options.definitions = measures::answerable_definitions(program);
  options.tree_walk = tree_walk;
  options.resources = resources;
  const measures::PopulationProgram prepared(program, request, snapshot, options);
  Texts texts;
  SilentProgress silent;
  const measures::PopulationRunResult result = prepared.run(texts, silent);
  CHECK(result.errors.empty());
  CHECK(result.persons == 4);
  return {texts.answers, texts.rest, result.slices, result.evaluated};
}

}  // namespace

TEST_CASE("a population is answered as the tree walk answers it, on any threads and in any memory") {
  const Folder folder("population-run");
  const auto snapshot = assembled(folder.path);
  for (const std::string& text : {std::string(library), std::string(library) + of_the_person}) {
    const auto program = checked(text);
    constexpr std::uint64_t much = 1U << 30;
    const Outcome truth = run(*program, *snapshot, 1, much, true);
    REQUIRE(truth.answers.size() == 4);
    CHECK(truth.answers.at(10).find("true true 128.5 \"Observation/observation-1-8\" [] 1") == 0);
    CHECK(truth.answers.at(20).find("false true 136.5 \"Observation/observation-1-8\" [] 1") == 0);
    CHECK(truth.answers.at(30).find("false false null null [\"2024-02-03T04:05:06.789+00:00\"] 0") == 0);
    CHECK(truth.answers.at(40).find("false false null null [] 0") == 0);
    for (const unsigned threads : {1U, 3U})
      for (const std::uint64_t memory : {much, std::uint64_t{64}}) {
        const Outcome planned = run(*program, *snapshot, threads, memory, false);
        CHECK(planned.answers == truth.answers);
        CHECK((memory == much ? planned.slices == 1 : planned.slices > 1));
      }
  }
}

TEST_CASE("who has no row of what is read is answered once, unless the person's own data are read") {
  const Folder folder("population-rest");
  const auto snapshot = assembled(folder.path);
  const Outcome rest = run(*checked(library), *snapshot, 1, 1U << 30, false);
  CHECK(rest.rest == 1);
  CHECK(rest.evaluated == 4);
  const Outcome own = run(*checked(std::string(library) + of_the_person), *snapshot, 1, 1U << 30, false);
  CHECK(own.rest == 0);
  CHECK(own.answers.at(10).find("46 \"female\" null") != std::string::npos);
  CHECK(own.answers.at(40).find("76 \"female\" \"2025-12-24T\"") != std::string::npos);
}

TEST_CASE("people without rows of whom the record says the same are answered once, unless an answer may say who they are") {
  const Folder folder("population-alike");
  {
    Staged staged(folder.path);
    stage_gp_file(staged);
    staged.run("INSERT INTO code VALUES (1, 'http://snomed.info/sct', '44054006', 'Type 2 diabetes'); INSERT INTO organisation VALUES (1, 'P1', NULL)");
    staged.run(
        "INSERT INTO subject_identity BY NAME SELECT i AS subject, 1 AS source, i AS line, (9990000000 + n)::VARCHAR AS nhs_number, born AS birth_date, "
        "'female' AS sex, 1 AS practice, DATE '2025-01-01' AS updated_date, false AS restricted FROM (VALUES (1, 18, DATE '1980-02-29'), "
        "(2, 26, DATE '1980-02-29'), (3, 34, DATE '1980-02-29'), (4, 42, DATE '2016-05-01'), (5, 50, NULL), (6, 69, NULL)) t(i, n, born)");
    staged.run("INSERT INTO person_of_subject SELECT i, 10 * i FROM range(1, 7) t(i)");
    staged.run(
        "INSERT INTO staged_condition BY NAME SELECT 1 AS subject, 1 AS source, 9 AS line, 1 AS organisation, 1 AS code, DATE '2015-05-05' AS onset_date, "
        "'active' AS status");
  }
  const auto snapshot = published(folder.path);
  const std::string head = R"(library S version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem "SCT": 'http://snomed.info/sct'
code "Diabetes": '44054006' from "SCT"
context Patient
define "Diagnosed": exists [Condition: "Diabetes"]
define "Age": AgeInYears()
define "Grown": AgeInYears() >= 18 or "Diagnosed"
)";
  const std::vector<std::pair<const char*, std::uint64_t>> cases{
      {"", 4},
      {"define \"Who\": Patient.id", 6},
      {"define \"All\": [Patient]", 6},
      {"define \"Whose\": [\"Age text\" -> Condition]\ndefine \"Age text\": ToString(10 + 0 * AgeInYears())", 6},
      {"define \"Said\": Message(\"Age\", true, 'a', 'Message', 'said')", 6}};
  for (const auto& [more, evaluated] : cases) {
    CAPTURE(std::string(more));
    cql::Request request;
    request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
    const auto program = checked(head + more);
    measures::PopulationOptions options;
    options.threads = 1;
    options.definitions = measures::answerable_definitions(*program);
    SilentProgress silent;
    Texts planned, walked;
    const auto result = measures::PopulationProgram(*program, request, *snapshot, options).run(planned, silent);
    CHECK(result.evaluated == evaluated);
    options.tree_walk = true;
    const auto truth = measures::PopulationProgram(*program, request, *snapshot, options).run(walked, silent);
    CHECK(planned.answers == walked.answers);
    CHECK(planned.answers.size() == 6);
    CHECK(result.errors == truth.errors);
    CHECK(planned.rest == 0);
  }
}

TEST_CASE("a sink that only counts is told of those without rows together") {
  const Folder folder("population-counted");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(library);
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  struct Counted final : measures::AnswerSink {
    void person(std::size_t, const records::PersonSummary& person, std::span<const cql::Value> values, bool) override {
      answers[person.person.value] = fhir::to_json(values[0]);
    }
    bool wants_everyone() const override { return false; }
    void rest(std::uint64_t persons, std::span<const cql::Value> values) override {
      CHECK(told == 0);
      told = persons;
      CHECK(values[0].is_false());
      CHECK(values[5].as_integer() == 0);
    }
    std::map<std::int64_t, std::string> answers;
    std::uint64_t told = 0;
  };
  for (const std::uint64_t memory : {std::uint64_t{1} << 30, std::uint64_t{64}}) {
    Counted counted;
    measures::PopulationOptions options;
    options.threads = 1;
    options.memory_bytes = memory;
    options.definitions = measures::answerable_definitions(*program);
    SilentProgress silent;
    const auto result = measures::PopulationProgram(*program, request, *snapshot, options).run(counted, silent);
    CHECK(counted.answers == std::map<std::int64_t, std::string>{{10, "true"}, {20, "false"}, {30, "false"}});
    CHECK(counted.told == 1);
    CHECK(result.persons == 4);
    CHECK(result.evaluated == 3);
  }
}

TEST_CASE("an element that is no column is read from the FHIR resource its row came from, where that may be read") {
  const Folder folder("population-resources");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(R"(library S version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem "SCT": 'http://snomed.info/sct'
code "Systolic": '271649006' from "SCT"
context Patient
define "Noted": [Observation: "Systolic"] O where O.method.text = 'after rest' return O.id
define "At the arm": exists ([Observation] O where exists (O.bodySite.coding C where C.code = '368209003'))
define "In words": [Observation] O where (O.value as FHIR.string) = 'high' return O.id
define "Conditions noted": exists ([Condition] C where C.severity.text = 'after rest')
define "Of somebody": exists ([Observation] O where O.subject.display is not null or exists (O.note) or exists (O.contained))
)");
  CHECK(measures::program_reads(*program, measures::answerable_definitions(*program)).sent);
  const auto columns_only = checked(library);
  CHECK_FALSE(measures::program_reads(*columns_only, measures::answerable_definitions(*columns_only)).sent);
  records::FilterTerms terms;
  terms.everyone = true;
  const auto not_these = filter(terms);
  terms.resources = true;
  const auto these = filter(terms);
  terms.hidden_sources = {SourceId{1}};
  const auto not_shared = filter(terms);
  for (const bool tree_walk : {true, false})
    for (const unsigned threads : {1U, 2U}) {
      const Outcome without = run(*program, *snapshot, threads, 1U << 30, tree_walk);
      CHECK(without.answers.at(10) == "[] false [] false false ");
      CHECK(run(*program, *snapshot, threads, 1U << 30, tree_walk, not_these).answers == without.answers);
      CHECK(run(*program, *snapshot, threads, 1U << 30, tree_walk, not_shared).answers == without.answers);
      const Outcome with = run(*program, *snapshot, threads, 1U << 30, tree_walk, these);
      CHECK(with.answers.at(10) == R"(["observation-1-6"] true ["observation-1-12"] false false )");
      CHECK(with.answers.at(20) == "[] false [] false false ");
    }
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  const auto evidence = measures::person_evidence(*program, request, *snapshot, measures::answerable_definitions(*program), PersonId{10}, these);
  REQUIRE(evidence);
  CHECK(evidence->answers[1] == "true");
}

TEST_CASE("rows of a related person are the patient's own, nobody's, or refused") {
  const Folder folder("population-related");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(R"(library S version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
context Patient
define "Me": Patient.id
define "Somebody else": '20'
define "Nobody": null as System.String
define "Own": Count(["Me" -> Condition])
define "Another's": Count(["Somebody else" -> Condition])
define "Nobody's": Count(["Nobody" -> Condition])
)");
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  const auto evidence = measures::person_evidence(*program, request, *snapshot, measures::answerable_definitions(*program), PersonId{10});
  REQUIRE(evidence);
  CHECK(evidence->answers[3] == "1");
  CHECK(evidence->answers[4].find("rows of another person are not at hand") != std::string::npos);
  CHECK(evidence->answers[5] == "0");
}

TEST_CASE("the rows behind an answer are named by file and line") {
  const Folder folder("population-evidence");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(library);
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  const auto evidence = measures::person_evidence(*program, request, *snapshot, measures::answerable_definitions(*program), PersonId{10});
  REQUIRE(evidence);
  CHECK(evidence->answers[0] == "true");
  const auto found = std::find_if(evidence->rows.begin(), evidence->rows.end(), [](const measures::Evidence& row) { return row.definition == "Has diabetes"; });
  REQUIRE(found != evidence->rows.end());
  CHECK(found->row.table == "condition");
  CHECK(found->row.line == 4);
  CHECK(snapshot->dictionaries().source(found->row.source).file == "gp/1.csv");
  CHECK_FALSE(measures::person_evidence(*program, request, *snapshot, {}, PersonId{11}));
}

TEST_CASE("several requests are asked over one reading of the rows") {
  const Folder folder("population-ask");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(std::string(library) + of_the_person + "define \"Now\": year from Now()\n");
  std::vector<cql::Request> requests(2);
  requests[0].time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  requests[1].time = *cql::Temporal::parse_datetime("2024-03-31T12:00:00.000+00:00");
  measures::PopulationOptions options;
  options.definitions = measures::answerable_definitions(*program);
  const measures::PopulationProgram prepared(*program, {&requests[0], &requests[1]}, *snapshot, options);
  struct Asked final : measures::AskingSink {
    void ask(std::size_t, std::size_t, const records::PersonSummary& person, cql::PlannedRun& run, bool) override {
      const std::lock_guard<std::mutex> lock(mutex);
      for (std::size_t r = 0; r < run.requests(); ++r) {
        run.turn_to(r);
        text += fmt_person(person.person.value) + fhir::to_json(run.definition("Highest"));
        text += "@" + fhir::to_json(run.definition("Now")) + " ";
      }
    }
    static std::string fmt_person(std::int64_t person) { return std::to_string(person) + ":"; }
    std::mutex mutex;
    std::string text;
  } asked;
  SilentProgress silent;
  CHECK(prepared.run(asked, silent).evaluated == 4);
  CHECK(asked.text.find("10:128.5@2026 10:128.5@2024 ") != std::string::npos);
  CHECK(asked.text.find("40:null@2026 40:null@2024 ") != std::string::npos);
}

namespace {

/// Windows as arguments, ages, the clock, seasons, intervals that are in order only in some months,
/// relations.
const char* const by_month = R"(
parameter "Measurement Period" Interval<DateTime>
define "First day": date from start of "Measurement Period"
define "Last day": date from end of "Measurement Period"
define "Year": Interval["Last day" - 1 year + 1 day, "Last day"]
define "Open year": Interval("Last day" - 1 year, "Last day" + 1 day)
define "Season": if month from "Last day" >= 9 then Date(year from "Last day", 9, 1) else Date(year from "Last day" - 1, 9, 1)
define function "in window"(observations List<FHIR.Observation>, window Interval<Date>):
  observations O where date from (O.effective as FHIR.dateTime) in window
define function "twice"(observations List<FHIR.Observation>, window Interval<Date>):
  Count("in window"(observations, window)) + Count("in window"(observations, Interval[start of window, end of window - 6 months]))
define function "both ways"(window Interval<Date>, count Integer): month from end of window + count + Count("in window"([Observation: "Systolic"], window))
define "In the year": Count("in window"([Observation: "Systolic"], "Year"))
define "In the open year": Count("in window"([Observation: "Systolic"], "Open year"))
define "In both": "twice"([Observation: "Systolic"], "Year")
define "Both ways": "both ways"("Year", Count([Condition]))
define "Latest in the year": Max("in window"([Observation: "Systolic"], "Year") O return all (O.value as FHIR.Quantity).value)
define "Known": exists ([Condition: "Diabetes"] C where date from (C.onset as FHIR.dateTime) on or before "Last day")
define "Not yet": exists ([Observation: "Systolic"] O where not (date from (O.effective as FHIR.dateTime) before "First day"))
define "Since": Min([Observation: "Systolic"] O return all days between date from (O.effective as FHIR.dateTime) and "Last day")
define "Age": AgeInYearsAt("Last day")
define "Age now": AgeInYears()
define "Adult": "Age" >= 18
define "Year of asking": year from Now() + Count([Condition])
define "Alive": Patient.deceased is null or date from (Patient.deceased as FHIR.dateTime) after "Last day"
define "In season": exists ([Encounter] E where date from start of E.period in Interval["Season", "Last day"])
define "Until": [Encounter] E return Interval[date from start of E.period, "Last day"]
define "Winter or ill": month from "Last day" in { 12, 1, 2 } or exists [Condition: "Sensitive"]
define "Ended": [Encounter] E return Coalesce(date from end of E.period, "Last day")
define "Said": case when "Known" then "Last day" when "Alive" then Patient.birthDate else null end
define "With": [Observation: "Systolic"] O with [Encounter] E such that date from start of E.period within 5 years of date from (O.effective as FHIR.dateTime) and date from start of E.period on or before "Last day" return (O.value as FHIR.Quantity).value
define "Tuple": Tuple { last: "Last day", known: "Known" }
define "Either day": exists ([Observation: "Systolic"] O where date from (O.effective as FHIR.dateTime) same month as "Last day")
define "Born in it": Patient.birthDate during "Year"
)";

}  // namespace

TEST_CASE("each of many months is answered as the tree walk answers it alone") {
  const Folder folder("population-months");
  const auto snapshot = assembled(folder.path);
  const auto program = checked(std::string(library) + by_month);
  std::vector<cql::Request> requests(64);
  std::vector<const cql::Request*> asked_of;
  for (std::size_t m = 0; m < requests.size(); ++m) {
    const Date month = Date::from_ymd(2019, 10, 1).plus_months(static_cast<int>(m));
    requests[m].time = *cql::Temporal::parse_datetime(to_string(month) + "T12:00:00.000+00:00");
    measures::set_month(*program, month, requests[m]);
    asked_of.push_back(&requests[m]);
  }
  {
    measures::PopulationOptions options;
    options.threads = 1;
    options.definitions = measures::answerable_definitions(*program);
    struct Asked final : measures::AskingSink {
      Asked(std::int32_t l, std::span<const std::int32_t> d) : library(l), definitions(d) {}
      void ask(std::size_t, std::size_t, const records::PersonSummary& person, cql::PlannedRun& run, bool) override {
        for (const bool backwards : {false, true}) {
          for (std::size_t i = 0; i < run.requests(); ++i) {
            const std::size_t r = backwards ? run.requests() - 1 - i : i;
            std::string text;
            for (const std::int32_t definition : definitions) {
              run.turn_to(r);
              try {
                text += fhir::to_json(run.definition(library, definition)) + " ";
              } catch (const cql::EvaluationError&) {
                text += "null ";
                continue;
              }
              alike[person.person.value][definition] += std::popcount(run.alike());
            }
            (backwards ? again : answers)[r][person.person.value] = text;
          }
        }
      }
      std::int32_t library;
      std::span<const std::int32_t> definitions;
      std::map<std::size_t, std::map<std::int64_t, std::string>> answers, again;
      std::map<std::int64_t, std::map<std::int32_t, int>> alike;
    } asked(program->main, options.definitions);
    SilentProgress silent;
    const measures::PopulationProgram prepared(*program, asked_of, *snapshot, options);
    prepared.run(asked, silent);
    CHECK(asked.answers == asked.again);
    options.tree_walk = true;
    for (std::size_t r = 0; r < requests.size(); ++r) {
      Texts alone;
      measures::PopulationProgram(*program, requests[r], *snapshot, options).run(alone, silent);
      CAPTURE(r);
      CHECK(asked.answers[r] == alone.answers);
    }
    // Person 40 has no observation: every month is like every other, asked forwards and backwards.
    for (const std::int32_t definition : options.definitions)
      if (program->main_library().definitions[static_cast<std::size_t>(definition)].name == "In the year") CHECK(asked.alike[40][definition] == 2 * 64 * 64);
  }
  for (cql::Request& request : requests) measures::drop_parameters(request);
}

TEST_CASE("a resident's block reads as the snapshot reads the resident's rows, without the number") {
  const Folder folder("population-block");
  const auto snapshot = assembled(folder.path);
  const auto program =
      checked(std::string(library) + of_the_person +
              "define \"All\": ([Condition] C return all C.recorder.reference) union ([Observation] O return all First(O.performer).reference)\n"
              "define \"Number\": Patient.id\n");
  const Outcome truth = run(*program, *snapshot, 1, 1U << 30, true);
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  for (const auto& [person, answers] : truth.answers) {
    const auto block = snapshot->person_block(PersonId{person}, everything());
    REQUIRE(block);
    const measures::BlockRecord record(*block, snapshot->dictionaries(), false);
    cql::Context context;
    context.request_time = request.time;
    cql::TreeWalk walk(*program, request, &record.data(), context);
    std::string text;
    for (const std::int32_t index : measures::answerable_definitions(*program)) text += fhir::to_json(walk.definition(program->main, index)) + " ";
    const std::string number = "\"" + std::to_string(person) + "\" ";
    CHECK(text == answers.substr(0, answers.size() - number.size()) + "\"0\" ");
  }
}

TEST_CASE("of a resident at a protected location no organisation is shown, unless the reader sees addresses") {
  const Folder folder("population-protected");
  const auto snapshot = assembled(folder.path);
  auto block = snapshot->person_block(PersonId{10}, everything());
  REQUIRE(block);
  const auto program =
      checked(std::string(library) + "define \"Practice\": Patient.managingOrganization.reference\ndefine \"By\": First([Condition]).recorder.reference\n");
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  for (const bool restricted : {false, true})
    for (const bool seen : {false, true}) {
      block->summary.restricted = restricted;
      const measures::BlockRecord record(*block, snapshot->dictionaries(), seen);
      cql::Context context;
      cql::TreeWalk walk(*program, request, &record.data(), context);
      CHECK(walk.definition("Practice").is_null() == (restricted && !seen));
      CHECK(walk.definition("By").is_null() == (restricted && !seen));
    }
}
