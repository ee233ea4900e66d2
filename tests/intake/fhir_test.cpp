// FHIR files and hospital files as other systems send them.
#include <cstdlib>

#include "workspace.h"

using namespace catchment;
using namespace catchment::intake;
using catchment::intake::test::Workspace;

namespace {

std::filesystem::path shared(const std::string& name) {
  const char* set = std::getenv("CATCHMENT_SHARED");
  return std::filesystem::path(set != nullptr ? set : std::string(CATCHMENT_SOURCE_DIR) + "/../shared") / name;
}

constexpr std::string_view fhir_feed = R"(
name = "fhir"
title = "FHIR"
setting = "hospital"
files = ["fhir/{partner}/*.ndjson*", "fhir/{partner}/*.json"]
format = "fhir-ndjson"
key = "local_id:fhir"
tolerance = 0.9
)";

constexpr std::string_view patient = R"({"resourceType":"Patient","id":"p1","name":[{"family":"Smith"}],"birthDate":"1950-01-02"})";
constexpr std::string_view height =
    R"({"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"s","code":"h"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-03-01T23:30:00Z","valueQuantity":{"value":1.5,"unit":"m"}})";

}  // namespace

TEST_CASE("resources are staged, kept as sent, or quarantined with their line") {
  Workspace w;
  w.feed("fhir", fhir_feed);
  w.write("system/units.csv", "system,code,unit,canonical,factor,offset,min,max\ns,h,cm,cm,1,0,30,250\ns,h,m,cm,100,0,30,250\n");
  w.extract("fhir/RC9/all.ndjson",
            std::string(patient) + "\n" + std::string(height) + "\r\n{\"resourceType\":\"Claim\",\"id\":\"x\",\"patient\":{\"reference\":\"Patient/p1\"}}\n" +
                "{\"resourceType\":\"Claim\"\n\n{\"id\":\"nothing\"}\n" +
                "{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"A "
                "trust\",\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"RXX\"}]}\n" +
                "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"subject\":{\"reference\":\"Patient/p1\"},"
                "\"serviceProvider\":{\"reference\":\"Organization/o\"},\"period\":{\"start\":\"2026-03-01\"}}\n");
  const auto result = w.stage();
  CHECK(result.rows_read == 7);
  CHECK(result.rows_quarantined == 2);
  CHECK(result.rows_read == result.rows_accepted + result.rows_quarantined);
  CHECK(w.ask("SELECT line, rule FROM quarantine ORDER BY line") == "4|json\n6|resource-type\n");
  CHECK(w.ask("SELECT o.value, u.code, o.date FROM staged_observation o JOIN unit u ON u.id = o.unit") == "150|cm|2026-03-01\n");
  CHECK(w.ask("SELECT type, id, subject FROM resource ORDER BY line") == "Patient|p1|1\nObservation|o1|1\nClaim|x|1\nOrganization|o|NULL\nEncounter|e|1\n");
  CHECK(w.ask("SELECT json FROM resource WHERE type = 'Patient'") == std::string(patient) + "\n");
  CHECK(w.ask("SELECT o.code, o.name, e.kind::VARCHAR FROM staged_encounter e JOIN organisation o ON o.id = e.organisation") == "RXX|A trust|outpatient\n");
  CHECK(w.ask("SELECT family, birth_date, key FROM subject") == "Smith|1950-01-02|p1\n");
}

TEST_CASE("a bundle's entries are accounted for one by one") {
  Workspace w;
  w.feed("fhir", fhir_feed);
  w.extract("fhir/RC9/bundle.json",
            "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"fullUrl\":\"urn:uuid:p1\",\"resource\":" + std::string(patient) +
                "},\n{\"resource\":" + std::string(height) + "},{\"request\":{}}]}");
  w.extract("fhir/RC9/one.json", height);
  const auto result = w.stage();
  CHECK(result.rows_read == 4);
  CHECK(result.rows_accepted == 3);
  CHECK(w.ask("SELECT count(*), count(DISTINCT subject) FROM staged_observation") == "2|1\n");
}

TEST_CASE("kept resources are compressed with zstd") {
  Workspace w;
  w.feed("fhir", fhir_feed);
  std::string bytes;
  for (int i = 0; i < 20000; ++i)
    bytes += "{\"resourceType\":\"Claim\",\"id\":\"" + std::to_string(i) + "\",\"patient\":{\"reference\":\"Patient/p1\"},\"text\":{\"div\":\"" +
        std::string(400, 'a') + "\"}}\n";
  w.extract("fhir/RC9/claims.ndjson", bytes);
  w.stage();
  CHECK(w.ask("SELECT DISTINCT compression FROM pragma_storage_info('resource') WHERE column_name = 'json' AND segment_type = 'VARCHAR'") == "ZSTD\n");
}

TEST_CASE("Synthea's resources and the artificial hospital rows load as they are, every one accounted for") {
  const auto data = shared("data");
  if (!std::filesystem::exists(data / "synthea-fhir-r4")) {
    MESSAGE("skipped: the shared data are not here");
    return;
  }
  Workspace w;
  std::filesystem::create_directory_symlink(data / "synthea-fhir-r4", w.root() / "extracts" / "synthea");
  for (const auto* folder : {"synthea-fhir-r4", "hes-artificial"}) {
    std::filesystem::create_directories(w.root() / "extracts" / folder);
    for (const auto& entry : std::filesystem::directory_iterator(data / folder))
      std::filesystem::create_symlink(entry.path(), w.root() / "extracts" / folder / entry.path().filename());
  }
  std::filesystem::remove(w.root() / "extracts" / "synthea");
  Diagnostics diagnostics;
  const auto definitions = load_feeds(std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system" / "blmk", diagnostics);
  REQUIRE(!has_errors(diagnostics));
  const auto result = w.stage_with(definitions);
  CHECK(result.failures.empty());
  std::uint64_t resources = 0;
  std::uint64_t rows = 0;
  for (const auto& r : result.receipts) {
    CHECK(r.rows_read == r.rows_accepted + r.rows_quarantined);
    if (r.feed == "fhir_r4") resources += r.rows_accepted;
    if (r.feed.starts_with("hes_")) rows += r.rows_read;
  }
  CHECK(resources == 189111);
  CHECK(rows == 4075);
  CHECK(result.rows_quarantined == 1);
  CHECK(w.ask("SELECT count(*) FROM resource") == "189111\n");
  CHECK(w.ask("SELECT sum(rows_accepted) = (SELECT count(*) FROM (SELECT source, line FROM resource UNION SELECT source, line FROM staged_encounter "
              "UNION SELECT source, line FROM subject_identity)) FROM source") == "true\n");
}
