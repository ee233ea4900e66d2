// The Twin Isles as a small snapshot, assembled from staged rows, with the whole API over it.
#pragma once

#include <doctest/doctest.h>

#include <fstream>

#include "../records/staged_fixture.h"
#include "app_fixture.h"
#include "indicators/indicators.h"
#include "schema_check.h"

namespace catchment::api {

using namespace records::testing;

/// Forty people of the north, three of the south; one with a protected location; rows of practice, hospital and ambulance. With
/// `unshared`, a file that its partner shares for commissioning alone.
inline void stage(const std::filesystem::path& folder, bool unshared) {
  Staged staged(folder);
  if (unshared) {
    staged.run(
        "INSERT INTO source BY NAME SELECT 3 AS id, 'wards/1.csv' AS file, 'wards' AS feed, 'IH1' AS partner, '2024-06' AS period, 'hospital' AS setting, "
        "'complete' AS status, 'monthly' AS frequency, 'nhs_number' AS key_kind, 'commissioning' AS purposes, 1 AS rows_read, 1 AS rows_accepted, 0 AS "
        "rows_quarantined, 0.01 AS tolerance, DATE '2024-06-01' AS latest_event, 'ef' AS sha256, 10 AS bytes, true AS synthetic");
    staged.run(
        "INSERT INTO staged_observation BY NAME SELECT 1 AS subject, 3 AS source, 1 AS line, 2 AS organisation, 2 AS code, DATE '2024-05-01' AS date, 99.5 AS "
        "value, 1 AS unit, 'final' AS status");
    staged.run(
        "INSERT INTO source BY NAME SELECT 4 AS id, 'mhsds/1.csv' AS file, 'mhsds' AS feed, 'IH1' AS partner, '2024-06' AS period, 'mental-health' AS "
        "setting, 'complete' AS status, 'monthly' AS frequency, 'nhs_number' AS key_kind, 'direct-care' AS purposes, 1 AS rows_read, 1 AS rows_accepted, 0 AS "
        "rows_quarantined, 0.01 AS tolerance, DATE '2024-06-01' AS latest_event, '12' AS sha256, 10 AS bytes, true AS synthetic");
    staged.run(
        "INSERT INTO code VALUES (3, 'mhsds-legal-status', '03', 'Detained for treatment'), (4, 'mhsds-restrictive-intervention', '14', 'Held by the arms')");
    staged.run(
        "INSERT INTO staged_procedure BY NAME SELECT 1 AS subject, 4 AS source, i AS line, 2 AS organisation, 2 + i AS code, DATE '2024-05-20' AS date, "
        "'completed' AS status FROM range(1, 3) t(i)");
  }
  staged.run(
      "INSERT INTO source BY NAME SELECT 1 AS id, 'gp/D1.csv' AS file, 'gp' AS feed, 'D1' AS partner, '2024-06' AS period, 'general-practice' AS setting, "
      "'complete' AS status, 'monthly' AS frequency, "
      "'nhs_number' AS key_kind, 50 AS rows_read, 49 AS rows_accepted, 1 AS rows_quarantined, 0.05 AS tolerance, DATE '2024-06-20' AS latest_event, 'ab' AS "
      "sha256, 100 AS bytes, true AS synthetic");
  staged.run(
      "INSERT INTO source BY NAME SELECT 2 AS id, 'hospital/1.csv' AS file, 'hospital' AS feed, 'IH1' AS partner, '2024-04' AS period, 'hospital' AS setting, "
      "'complete' AS status, 'monthly' AS frequency, "
      "'nhs_number' AS key_kind, 4 AS rows_read, 4 AS rows_accepted, 0 AS rows_quarantined, 0.01 AS tolerance, DATE '2024-01-20' AS latest_event, 'cd' AS "
      "sha256, 10 AS bytes, true AS synthetic");
  staged.run("INSERT INTO source_field VALUES (1, 'sex', 50, 0), (1, 'birth_date', 49, 1)");
  staged.run(
      "INSERT INTO finding VALUES (1, 7, 'birth_date', 'type', 'error', 'not-a-date'); INSERT INTO finding_count VALUES (1, 'birth_date', 'type', 'error', 1)");
  staged.run("INSERT INTO quarantine VALUES (1, 7, 'birth_date', 'type', 'Secretname,32/13/1999')");
  staged.run(
      "INSERT INTO code VALUES (1, 'http://snomed.info/sct', '44054006', 'Type 2 diabetes'), (2, 'http://snomed.info/sct', '271649006', 'Systolic'); INSERT "
      "INTO unit VALUES (1, 'mm[Hg]')");
  staged.run("INSERT INTO organisation VALUES (1, 'D1', NULL), (2, 'IH1', NULL), (3, 'D2', NULL)");
  staged.run(
      "INSERT INTO subject_identity BY NAME SELECT i AS subject, 1 AS source, i AS line, 1 AS organisation, CASE i WHEN 1 THEN '9990000018' WHEN 2 THEN "
      "'9990000026' END AS nhs_number, "
      "'Given' || i AS given, CASE WHEN i <= 2 THEN 'Tester' ELSE 'Other' || i END AS family, DATE '1950-06-15' + (i * 400)::INTEGER AS birth_date, "
      "CASE WHEN i % 2 = 0 THEN 'male' ELSE 'female' END AS sex, 'A' AS ethnicity, CASE WHEN i <= 40 THEN 'NI1 1AA' ELSE 'SI1 1AA' END AS postcode, 1 AS "
      "practice, "
      "DATE '2024-01-01' AS updated_date, i = 2 AS restricted FROM range(1, 44) t(i)");
  staged.run("INSERT INTO person_of_subject SELECT i, 100 + i FROM range(1, 44) t(i)");
  staged.run("INSERT INTO staged_registration SELECT i, 1, i, 1, 1, DATE '2010-01-01', NULL, NULL FROM range(1, 44) t(i)");
  staged.run(
      "INSERT INTO staged_condition BY NAME SELECT i AS subject, 1 AS source, i AS line, 1 AS organisation, 1 AS code, DATE '2015-05-05' AS onset_date, "
      "'active' AS status FROM range(3, 21) t(i)");
  for (const char* subject : {"1", "2"}) {
    staged.run(std::string("INSERT INTO staged_condition BY NAME SELECT ") + subject +
               " AS subject, 1 AS source, 4 AS line, 1 AS organisation, 1 AS code, DATE '2015-05-05' AS onset_date, 'active' AS status");
    staged.run(std::string("INSERT INTO staged_observation BY NAME SELECT ") + subject +
               " AS subject, 1 AS source, i AS line, 1 AS organisation, 2 AS code, DATE '2024-01-01' + i::INTEGER AS date, "
               "120.5 + i AS value, 1 AS unit, 'final' AS status FROM range(6, 9) t(i)");
    staged.run(std::string("INSERT INTO staged_encounter BY NAME SELECT ") + subject +
               " AS subject, 2 AS source, 3 AS line, 2 AS organisation, 'spell' AS kind, DATE '2024-02-03' AS start_date, "
               "DATE '2024-02-09' AS end_date, TIMESTAMP '2024-02-03 04:05:06' AS start_time, 'emergency' AS admission_method, 2 AS site, 'S-77' AS "
               "identifier, 125000 AS cost");
  }
}

inline records::Reference isles() {
  records::Reference reference;
  reference.places = {{"north", "North Isle"}, {"south", "South Isle"}};
  reference.areas = {{"P1", "Quayside", "harbour", "north", 1, {{"2020", 2}}}, {"P3", "Lighthouse", "", "south", 3, {{"2020", 5}}}};
  reference.postcodes = {{"NI1 1AA", "P1"}, {"SI1 1AA", "P3"}};
  reference.organisations = {{"D1", "Quay Doctors", "practice"}, {"D2", "Sands Doctors", "practice"}, {"IH1", "Isles Infirmary", "hospital_trust"}};
  reference.ethnicities = {{"A", "White British", "white"}};
  return reference;
}

inline void publish(const std::filesystem::path& workspace, const std::string& id, bool synthetic = true, bool unshared = false) {
  const std::filesystem::path folder = workspace / "snapshots" / id;
  std::filesystem::create_directories(folder);
  stage(folder, unshared);
  records::AssembleSettings settings = settings_for(folder);
  settings.as_of = Date::from_ymd(2024, 6, 30);
  SilentProgress silent;
  const auto result = records::assemble(isles(), settings, silent);
  {
    db::DuckOptions options;
    options.temporary_directory = folder;
    db::Duck duck(folder / "population.duckdb", options);
    auto connection = duck.connect();
    const auto system = system::load_system(CATCHMENT_SOURCE_DIR "/tests/systems/tiny").system;
    indicators::publish_head_counts(connection, system, settings.as_of, indicators::figures_file(workspace, std::string(64, 'a')));
  }
  records::Manifest manifest;
  manifest.id = id;
  manifest.system = "twin-isles";
  manifest.system_name = "The Twin Isles";
  manifest.synthetic = synthetic;
  manifest.represented_population = 4200;
  manifest.as_of = Date::from_ymd(2024, 6, 30);
  manifest.built_at = Instant{1'719'900'000'000, 0};
  manifest.product_version = "0.1.0";
  manifest.persons = result.persons;
  manifest.content_hash = std::string(64, 'a');
  std::ofstream(folder / "manifest.json") << to_json(manifest);
  std::filesystem::create_symlink(std::filesystem::path("snapshots") / id, workspace / "next");
  std::filesystem::rename(workspace / "next", workspace / "current");
}

inline void write(const std::filesystem::path& file, const std::string& text, std::ios::openmode how = std::ios::trunc) {
  std::ofstream(file, std::ios::binary | how) << text;
}

/// A copy of the definition folder with one measure: of who is ill, whose systolic was at 127 or below.
inline void add_measures(const std::filesystem::path& from, const std::filesystem::path& folder) {
  std::filesystem::copy(from, folder, std::filesystem::copy_options::recursive);
  write(folder / "codelists/codes.csv", "ill,snomed,44054006,Type 2 diabetes,exact\nsystolic,snomed,271649006,Systolic,exact\n", std::ios::app);
  write(folder / "codelists/index.csv", "ill,1,Ill,register,\nsystolic,1,Systolic,observation,mm[Hg]\n", std::ios::app);
  std::filesystem::create_directories(folder / "measures");
  write(folder / "measures/Care.cql",
        "library Care version '1'\nusing FHIR version '4.0.1'\ninclude FHIRHelpers version '4.0.1' called FHIRHelpers\nvalueset \"Ill\": 'codelist:ill'\n"
        "valueset \"Systolic\": 'codelist:systolic'\nparameter \"Measurement Period\" Interval<DateTime>\ncontext Patient\n"
        "define \"Is ill\": exists [Condition: \"Ill\"]\n"
        "define \"Low results\": [Observation: \"Systolic\"] O where (O.value as FHIR.Quantity).value <= 127\n"
        "  and O.effective on or before end of \"Measurement Period\"\n"
        "define \"Is low\": Count(\"Low results\") > 1\n");
  write(folder / "measures/Care.toml",
        "owner = \"board\"\npriority = \"sea-air\"\nfocus = \"walks\"\nprogramme = \"paths\"\ngood_direction = \"higher\"\nsource = \"Own\"\n[[measure]]\n"
        "id = \"pressure-low\"\ntitle = \"Pressure low twice\"\nyears = [\"2023/24\", \"2024/25\"]\npurpose = \"To be well.\"\ndenominator = \"People who are "
        "ill\"\n"
        "numerator = \"Those low twice\"\ndefine = { denominator = \"Is ill\", numerator = \"Is low\" }\n");
  write(folder / "measures/Care.cases",
        "measure pressure-low\ncase once is not twice\n  at 2024-06-30\n  person birth_date=1960-05-01 sex=female\n  condition code=44054006 "
        "onset_date=2020-01-02\n  observation code=271649006 date=2024-01-01 value=120 unit=mm[Hg]\n  observation code=271649006 date=2024-01-02 value=128 "
        "unit=mm[Hg]\n  expect 1 0\n");
  write(folder / "measures/codelists.csv", measures::codelist_lock(measures::load_measures(folder).library));
}

/// The fixture with the real source behind it.
struct Isles {
  Fixture fixture;
  std::unique_ptr<Sources> sources;
  explicit Isles(bool measured = false) {
    publish(fixture.folder, "s1", true, measured);
    const std::filesystem::path tiny = CATCHMENT_SOURCE_DIR "/tests/systems/tiny";
    if (measured) add_measures(tiny, fixture.folder / "system");
    sources = snapshot_sources(records::Workspace{fixture.folder}, measured ? fixture.folder / "system" : tiny, "0.1.0", fixture.clock, true);
    fixture.app = std::make_unique<App>(*fixture.accounts, fixture.sessions, fixture.limiter, *fixture.gate, *sources, fixture.clock, fixture.settings());
  }
};

inline json::Document fitting(const std::string& schema, const Response& response) {
  CAPTURE(schema);
  CAPTURE(response.body);
  REQUIRE(response.status == 200);
  auto document = parsed(response);
  SchemaCheck check(contract());
  for (const auto& fault : check.check(schema, document.root())) FAIL_CHECK(fault);
  return document;
}

/// A measure of a library of one, kept beside the snapshot: everybody registered, some of them in the numerator.
inline void keep_measure(const std::filesystem::path& workspace, const std::string& id, std::uint32_t hits, double target,
                         measures::MeasureKind kind = measures::MeasureKind::proportion) {
  const auto snapshot = records::Snapshot::open(records::Workspace{workspace});
  const std::string& hash = snapshot->manifest().content_hash;
  measures::MeasureLibrary library;
  measures::LibraryMeasure measure;
  measure.words.id = id;
  measure.words.title = "Kept well";
  measure.words.good_direction = "higher";
  measure.words.numerator = "Those kept well";
  measure.words.denominator = "Registered people";
  measure.words.priority = "healthy";
  measure.year = "2024/25";
  measure.from = Date::from_ymd(2024, 4, 1);
  measure.to = Date::from_ymd(2025, 3, 31);
  measure.kind = kind;
  measure.target = target;
  measure.version = "abcdef012345";
  library.measures.push_back(measure);
  const measures::MembersStore store(workspace / "measures");
  std::vector<std::uint32_t> everyone, some;
  for (std::uint32_t i = 0; i < 43; ++i) (i < hits ? some : everyone).push_back(i);
  everyone.insert(everyone.end(), some.begin(), some.end());
  for (int m = 0; m < 14; ++m) {
    measures::MonthMembers members;
    members.denominator.add(everyone);
    members.numerator.add(some);
    store.write({hash, id, measure.version, Date::from_ymd(2024, 6, 1).plus_months(-m)}, members);
  }
  SilentProgress silent;
  const auto loaded = system::load_system(CATCHMENT_SOURCE_DIR "/tests/systems/tiny");
  const auto count = indicators::publish_measures(*snapshot, loaded.system, library, store, indicators::figures_file(workspace, hash), silent);
  CHECK(count.measures == 1);
  CHECK(indicators::publish_measures(*snapshot, loaded.system, library, store, indicators::figures_file(workspace, hash), silent).unchanged == 1);
}

}  // namespace catchment::api
