// Encounter.diagnosis.rank on its way to the condition it ranks, wherever that stands.
#include <fmt/core.h>

#include "workspace.h"

using namespace catchment::intake;
using catchment::intake::test::Workspace;

namespace {

constexpr std::string_view ndjson_feed = R"(
name = "fhir"
title = "FHIR"
setting = "hospital"
files = ["fhir/{partner}/{period}/*.ndjson", "fhir/{partner}/{period}/*.json"]
format = "fhir-ndjson"
key = "local_id:fhir"
tolerance = 0.9
)";

std::string condition(std::string_view id, std::string_view patient, std::string_view encounter, std::string_view onset = "2026-03-02") {
  const std::string in = encounter.empty() ? std::string() : fmt::format(R"("encounter":{{"reference":"{}"}},)", encounter);
  return fmt::format(
      R"({{"resourceType":"Condition","id":"{}","code":{{"coding":[{{"system":"s","code":"{}"}}]}},"subject":{{"reference":"{}"}},{}"onsetDateTime":"{}"}})",
      id, id, patient, in, onset);
}

std::string named(std::string_view condition, int rank) { return fmt::format(R"({{"condition":{{"reference":"{}"}},"rank":{}}})", condition, rank); }

std::string encounter(std::string_view id, std::string_view patient, std::string_view diagnoses, std::string_view day = "2026-03-02") {
  return fmt::format(
      R"({{"resourceType":"Encounter","id":"{}","status":"finished","class":{{"code":"IMP"}},"subject":{{"reference":"{}"}},"period":{{"start":"{}"}},"diagnosis":[{}]}})",
      id, patient, day, diagnoses);
}

constexpr std::string_view ranks =
    "SELECT c.code, s.rank, s.encounter, s.onset_date FROM staged_condition s JOIN code c ON c.id = s.code ORDER BY c.code, s.onset_date, s.encounter";

}  // namespace

TEST_CASE("a condition has its rank wherever its encounter stands among the files of its system") {
  for (const bool encounter_first : {true, false}) {
    for (const unsigned threads : {1U, 4U}) {
      Workspace w;
      w.feed("fhir", ndjson_feed);
      w.extract(encounter_first ? "fhir/RC9/2026-03/A.ndjson" : "fhir/RC9/2026-03/Z.ndjson",
                encounter("e1", "Patient/p1", named("Condition/main", 1) + "," + named("https://ehr.example/r4/Condition/second", 2)) + "\n");
      w.extract("fhir/RC9/2026-03/M.ndjson",
                condition("second", "Patient/p1", "Encounter/e1") + "\n" + condition("main", "Patient/p1", "") + "\n" +
                    condition("unnamed", "Patient/p1", "Encounter/e1") + "\n");
      w.stage(threads);
      CHECK(w.ask(std::string(ranks)) == "main|1|e1|2026-03-02\nsecond|2|e1|2026-03-02\nunnamed|NULL|e1|2026-03-02\n");
      CHECK(w.ask("SELECT count(*) FROM finding") == "0\n");
    }
  }
}

TEST_CASE("entries of a bundle name each other by urn:uuid or by type and id") {
  Workspace w;
  w.feed("fhir", ndjson_feed);
  const auto entry = [](std::string_view uuid, const std::string& resource) {
    return fmt::format(R"({{"fullUrl":"urn:uuid:{}","resource":{}}})", uuid, resource);
  };
  const std::string operation = R"({"resourceType":"Procedure","id":"o","status":"completed","code":{"text":"x"},"subject":{"reference":"urn:uuid:p-1"}})";
  w.extract("fhir/RC9/2026-03/bundle.json",
            R"({"resourceType":"Bundle","type":"transaction","entry":[)" +
                entry("e-1", encounter("stay", "urn:uuid:p-1", named("urn:uuid:c-1", 1) + "," + named("Condition/b", 2) + "," + named("urn:uuid:o-1", 3))) +
                "," + entry("c-1", condition("a", "urn:uuid:p-1", "urn:uuid:e-1")) + "," + entry("c-2", condition("b", "urn:uuid:p-1", "urn:uuid:e-1")) + "," +
                entry("o-1", operation) + "]}");
  w.stage();
  CHECK(w.ask(std::string(ranks)) == "a|1|e-1|2026-03-02\nb|2|e-1|2026-03-02\n");
  CHECK(w.ask("SELECT identifier FROM staged_encounter") == "e-1\n");
  CHECK(w.ask("SELECT count(*) FROM finding") == "0\n");
}

TEST_CASE("a diagnosis that is nowhere, another person's or another system's is a finding of the encounter's line") {
  Workspace w;
  w.feed("fhir", ndjson_feed);
  w.extract("fhir/RC9/2026-03/Condition.ndjson",
            condition("hers", "Patient/p2", "Encounter/e9") + "\n" + condition("mine", "Patient/p1", "Encounter/e1") + "\n");
  w.extract("fhir/RD8/2026-03/Condition.ndjson", condition("elsewhere", "Patient/p1", "Encounter/e1") + "\n");
  w.extract("fhir/RC9/2026-03/Encounter.ndjson",
            encounter("e1", "Patient/p1", named("Condition/mine", 1)) + "\n" + encounter("e2", "Patient/p1", named("Condition/nowhere", 1)) + "\n" +
                encounter("e3", "Patient/p1", named("Condition/hers", 1)) + "\n" + encounter("e4", "Patient/p1", named("Condition/elsewhere", 1)) + "\n");
  const auto result = w.stage();
  CHECK(result.rows_quarantined == 0);
  CHECK(w.ask("SELECT s.file, f.line, f.column_name, f.rule, f.severity, f.value_class FROM finding f JOIN source s ON s.id = f.source ORDER BY f.line") ==
        "fhir/RC9/2026-03/Encounter.ndjson|2|condition.rank|reference|warning|NULL\n"
        "fhir/RC9/2026-03/Encounter.ndjson|3|condition.rank|reference|warning|NULL\n"
        "fhir/RC9/2026-03/Encounter.ndjson|4|condition.rank|reference|warning|NULL\n");
  CHECK(w.ask("SELECT column_name, rule, rows FROM finding_count") == "condition.rank|reference|3\n");
  CHECK(w.ask("SELECT present, bad FROM source_field WHERE column_name = 'condition.rank'") == "4|3\n");
  CHECK(w.ask("SELECT c.code, s.rank FROM staged_condition s JOIN code c ON c.id = s.code WHERE s.rank IS NOT NULL") == "mine|1\n");
}

TEST_CASE("a problem of long standing is a diagnosis of each later encounter that names it") {
  Workspace w;
  w.feed("fhir", ndjson_feed);
  w.extract("fhir/RC9/2026-03/Condition.ndjson", condition("copd", "Patient/p1", "Encounter/first", "2019-05-01") + "\n");
  w.extract("fhir/RC9/2026-03/Encounter.ndjson",
            encounter("e1", "Patient/p1", named("Condition/copd", 1)) + "\n" + encounter("e2", "Patient/p1", named("Condition/copd", 2), "2026-03-09") + "\n");
  w.stage();
  CHECK(w.ask(std::string(ranks)) == "copd|NULL|first|2019-05-01\ncopd|1|e1|2026-03-02\ncopd|2|e2|2026-03-09\n");
  CHECK(w.ask("SELECT category::VARCHAR, recorded_date FROM staged_condition WHERE encounter = 'e1'") == "encounter|2026-03-02\n");
}

TEST_CASE("a diagnosis that began before its own encounter has a row on the encounter's first day") {
  Workspace w;
  w.feed("fhir", ndjson_feed);
  w.extract("fhir/RC9/2026-03/Condition.ndjson",
            condition("copd", "Patient/p1", "Encounter/e1", "2019-05-01") + "\n" + condition("asthma", "Patient/p1", "", "2018-01-01") + "\n");
  w.extract("fhir/RC9/2026-03/Encounter.ndjson", encounter("e1", "Patient/p1", named("Condition/copd", 1) + "," + named("Condition/asthma", 2)) + "\n");
  w.stage();
  CHECK(w.ask(std::string(ranks)) == "asthma|NULL|NULL|2018-01-01\nasthma|2|e1|2026-03-02\ncopd|NULL|e1|2019-05-01\ncopd|1|e1|2026-03-02\n");
}

TEST_CASE("the newest delivery of an encounter says the rank") {
  Workspace w;
  w.feed("fhir", ndjson_feed);
  w.extract("fhir/RC9/2026-02/Encounter.ndjson", encounter("e1", "Patient/p1", named("Condition/a", 1) + "," + named("Condition/b", 2)) + "\n");
  w.extract("fhir/RC9/2026-03/Encounter.ndjson", encounter("e1", "Patient/p1", named("Condition/a", 2) + "," + named("Condition/b", 1)) + "\n");
  w.extract("fhir/RC9/2026-03/Condition.ndjson", condition("a", "Patient/p1", "Encounter/e1") + "\n" + condition("b", "Patient/p1", "Encounter/e1") + "\n");
  w.stage();
  CHECK(w.ask(std::string(ranks)) == "a|2|e1|2026-03-02\nb|1|e1|2026-03-02\n");
}
