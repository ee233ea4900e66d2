// The real source: a small snapshot of the Twin Isles, assembled from staged rows, asked through the whole API.
#include <doctest/doctest.h>

#include <array>
#include <fstream>

#include "../records/staged_fixture.h"
#include "app_fixture.h"
#include "indicators/indicators.h"
#include "schema_check.h"

using namespace catchment;
using namespace catchment::api;
using namespace catchment::records::testing;

namespace {

namespace fs = std::filesystem;

/// Forty people of the north, three of the south; one with a protected location; rows of practice, hospital and ambulance. With
/// `unshared`, a file that its partner shares for commissioning alone.
void stage(const fs::path& folder, bool unshared) {
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

records::Reference isles() {
  records::Reference reference;
  reference.places = {{"north", "North Isle"}, {"south", "South Isle"}};
  reference.areas = {{"P1", "Quayside", "harbour", "north", 1, {{"2020", 2}}}, {"P3", "Lighthouse", "", "south", 3, {{"2020", 5}}}};
  reference.postcodes = {{"NI1 1AA", "P1"}, {"SI1 1AA", "P3"}};
  reference.organisations = {{"D1", "Quay Doctors", "practice"}, {"D2", "Sands Doctors", "practice"}, {"IH1", "Isles Infirmary", "hospital_trust"}};
  reference.ethnicities = {{"A", "White British", "white"}};
  return reference;
}

void publish(const fs::path& workspace, const std::string& id, bool synthetic = true, bool unshared = false) {
  const fs::path folder = workspace / "snapshots" / id;
  fs::create_directories(folder);
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
  fs::create_symlink(fs::path("snapshots") / id, workspace / "next");
  fs::rename(workspace / "next", workspace / "current");
}

void write(const fs::path& file, const std::string& text, std::ios::openmode how = std::ios::trunc) { std::ofstream(file, std::ios::binary | how) << text; }

/// A copy of the definition folder with one measure: of who is ill, whose systolic was at 127 or below.
void add_measures(const fs::path& from, const fs::path& folder) {
  fs::copy(from, folder, fs::copy_options::recursive);
  write(folder / "codelists/codes.csv", "ill,snomed,44054006,Type 2 diabetes,exact\nsystolic,snomed,271649006,Systolic,exact\n", std::ios::app);
  write(folder / "codelists/index.csv", "ill,1,Ill,register,\nsystolic,1,Systolic,observation,mm[Hg]\n", std::ios::app);
  fs::create_directories(folder / "measures");
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
    const fs::path tiny = CATCHMENT_SOURCE_DIR "/tests/systems/tiny";
    if (measured) add_measures(tiny, fixture.folder / "system");
    sources = snapshot_sources(records::Workspace{fixture.folder}, measured ? fixture.folder / "system" : tiny, "0.1.0", fixture.clock, true);
    fixture.app = std::make_unique<App>(*fixture.accounts, fixture.sessions, fixture.limiter, *fixture.gate, *sources, fixture.clock, fixture.settings());
  }
};

json::Document fitting(const std::string& schema, const Response& response) {
  CAPTURE(schema);
  CAPTURE(response.body);
  REQUIRE(response.status == 200);
  auto document = parsed(response);
  SchemaCheck check(contract());
  for (const auto& fault : check.check(schema, document.root())) FAIL_CHECK(fault);
  return document;
}

}  // namespace

TEST_CASE("every page of the staff app is answered from a snapshot and fits the contract") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-data-steward");
  const auto start = fitting("Start", browser.ask("GET", "/start"));
  CHECK(start.root()["sentence"].string().find("45 synthetic residents standing for 4,200") != std::string_view::npos);
  CHECK(start.root()["sentence"].string().find("one practice missing") != std::string_view::npos);
  CHECK(start.root()["sentence"].string().find("one month late") != std::string_view::npos);
  fitting("FeedList", browser.ask("GET", "/feeds"));
  const auto feed = fitting("FeedDetail", browser.ask("GET", "/feeds/gp"));
  CHECK(feed.root()["feed"]["rows_quarantined"].integer() == 1);
  CHECK(feed.root()["findings"].at(0)["rule"].string() == "type");
  const auto quarantine = fitting("Quarantine", browser.ask("GET", "/feeds/gp/quarantine"));
  CHECK(quarantine.root()["rows"].at(0)["value"].string().find("Secretname") != std::string_view::npos);
  const auto found = fitting("Quarantine", browser.ask("GET", "/feeds/gp/quarantine", "", "rule=type&column=birth_date"));
  CHECK(found.root()["total"].integer() == 1);
  CHECK(found.root()["rows"].at(0)["file"].string() == "gp/D1.csv");
  CHECK(found.root()["rows"].at(0)["line"].integer() == 7);
  CHECK(fitting("Quarantine", browser.ask("GET", "/feeds/gp/quarantine", "", "rule=type&column=sex")).root()["total"].integer() == 0);
  fitting("PlaceList", browser.ask("GET", "/places"));
  fitting("Population", browser.ask("GET", "/population"));
  fitting("Population", browser.ask("GET", "/population", "", "place=north&basis=registered"));
  fitting("Conditions", browser.ask("GET", "/population/conditions", "", "place=north"));
  for (const char* measure : {"residents", "aged-65", "most-deprived"})
    fitting("AreaMap", browser.ask("GET", "/population/areas", "", std::string("measure=") + measure));
  CHECK(browser.ask("GET", "/population/areas", "", "by=street").status == 400);
  CHECK(fitting("MeasureList", browser.ask("GET", "/measures")).root()["measures"].size() == 0);
  CHECK(fitting("Conditions", browser.ask("GET", "/population/conditions")).root()["conditions"].size() == 0);
  for (const char* figure :
       {"residents~all", "registered-share~all~sex~male", "residents~north~age~65+", "residents~all~age-sex~70-74.male", "opted-out~all", "both~all"})
    fitting("Why", browser.ask("GET", std::string("/figures/") + figure + "/why"));
  CHECK(browser.ask("GET", "/figures/residents~all~shoe~big/why").status == 404);
  CHECK(browser.ask("GET", "/measures/nothing").status == 404);
  fitting("Structure", browser.ask("GET", "/structure"));
  fitting("BodyDetail", browser.ask("GET", "/structure/infirmary"));
  fitting("Strategy", browser.ask("GET", "/strategy"));
  fitting("ServiceList", browser.ask("GET", "/services", "", "place=south"));
  const auto hits = fitting("SearchHits", browser.ask("POST", "/search", R"({"text":"isle"})"));
  CHECK(hits.root()["hits"].size() >= 2);
  CHECK(browser.ask("GET", "/population", "", "place=nowhere").status == 404);
  CHECK(browser.ask("GET", "/feeds/nothing").status == 404);
}

namespace {

/// A measure of a library of one, kept beside the snapshot: everybody registered, some of them in the numerator.
void keep_measure(const fs::path& workspace, const std::string& id, std::uint32_t hits, double target,
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

}  // namespace

TEST_CASE("figures of the measure library are answered as soon as they are kept, on every page") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  CHECK_FALSE(fitting("MeasureList", browser.ask("GET", "/measures")).root()["library"].boolean());
  CHECK(fitting("Scorecard", browser.ask("GET", "/scorecard")).root()["sentence"].string().find("catchment build") != std::string_view::npos);
  keep_measure(isles.fixture.folder, "kept-well", 20, 30);
  const auto list = fitting("MeasureList", browser.ask("GET", "/measures"));
  CHECK(list.root()["library"].boolean());
  REQUIRE(list.root()["measures"].size() == 1);
  CHECK(list.root()["measures"].at(0)["spark"].size() == 14);
  const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
  CHECK(detail.root()["figure"]["numerator"].integer() == 20);
  CHECK(detail.root()["figure"]["denominator"].integer() == 45);
  CHECK(detail.root()["figure"]["comparison"]["verdict"].string() == "better");  // than its target
  CHECK(detail.root()["trend"]["points"].size() == 14);
  CHECK(detail.root()["trend"]["variation"].string() == "common_cause");
  CHECK(detail.root()["trend"]["recent"]["trend"].string() == "cannot_be_calculated");
  CHECK(detail.root()["trend"]["recent"]["sentence"].string().find("June 2023 to June 2024") != std::string_view::npos);
  REQUIRE(detail.root()["hidden_splits"].size() > 0);  // forty people in a dozen practices and areas
  CHECK(detail.root()["hidden_splits"].at(0).string().find("hidden whole") != std::string_view::npos);
  CHECK(detail.root()["basis"].string() == "registered");
  for (const json::Value index : detail.root()["indices"])
    fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well", "", "index=" + std::string(index.string())));
  CHECK(browser.ask("GET", "/measures/kept-well", "", "index=1066").status == 404);
  CHECK(browser.ask("GET", "/measures/kept-well", "", "basis=both").status == 400);
  fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well", "", "basis=resident&place=north"));
  fitting("Why", browser.ask("GET", "/figures/kept-well@resident~north/why"));
  fitting("AreaMap", browser.ask("GET", "/population/areas", "", "measure=kept-well"));
  for (const char* by : {"deprivation", "ethnicity", "sex", "place"}) fitting("Inequalities", browser.ask("GET", "/inequalities", "", std::string("by=") + by));
  CHECK(browser.ask("GET", "/inequalities", "", "by=shoe").status == 404);
  fitting("PlaceProfile", browser.ask("GET", "/places/north/profile"));
  CHECK(browser.ask("GET", "/places/nowhere/profile").status == 404);
  fitting("Scorecard", browser.ask("GET", "/scorecard"));
}

TEST_CASE("conditions of the population are the registers of the library, with its figures, on the map too") {
  Isles isles;
  keep_measure(isles.fixture.folder, "register-diabetes", 20, 30, measures::MeasureKind::register_);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto page = fitting("Conditions", browser.ask("GET", "/population/conditions"));
  REQUIRE(page.root()["conditions"].size() == 1);
  const auto measure = fitting("MeasureDetail", browser.ask("GET", "/measures/register-diabetes"));
  CHECK(page.root()["conditions"].at(0)["figure"]["numerator"].integer() == 20);
  CHECK(page.root()["conditions"].at(0)["figure"]["numerator"].integer() == measure.root()["figure"]["numerator"].integer());
  fitting("Conditions", browser.ask("GET", "/population/conditions", "", "place=north"));
  for (const char* by : {"area", "neighbourhood"}) {
    const auto map = fitting("AreaMap", browser.ask("GET", "/population/areas", "", std::string("measure=register-diabetes&by=") + by));
    CHECK(map.root()["whole"]["value"].is_number());
  }
}

TEST_CASE("a head count that is as it was published before says so, and hidden ones say why") {
  Isles isles;
  const auto change_counts = [&](const char* how) {
    db::Sqlite(indicators::figures_file(isles.fixture.folder, std::string(64, 'a')), db::SqliteMode::create).execute(how);
  };
  Browser browser{isles.fixture};
  SUBCASE("held back") {
    change_counts("UPDATE head_count SET state = 2");
    browser.sign_in("the-analyst");
    const auto page = fitting("Population", browser.ask("GET", "/population"));
    CHECK(page.root()["tiles"].at(0)["held_back"].string() ==
          "The figures of June 2024 are those published before: beside them, what has been counted since would give away a count of a few people.");
  }
  SUBCASE("withheld") {
    change_counts("UPDATE head_count SET state = 4, count = NULL");
    browser.sign_in("the-analyst");
    const auto page = fitting("Population", browser.ask("GET", "/population"));
    CHECK(page.root()["tiles"].at(0)["suppression_note"].string().find("Every figure of June 2024 is withheld") == 0);
    CHECK(page.root()["pyramid"].at(8)["female"]["suppressed"].boolean());
  }
  SUBCASE("a file made before people were counted in it") {
    change_counts("DROP TABLE head_count");
    browser.sign_in("the-analyst");
    const auto page = fitting("Population", browser.ask("GET", "/population"));
    CHECK(page.root()["tiles"].at(0)["missing_reason"].string().find("not counted yet") == 0);
  }
}

TEST_CASE("a figure that is as it was published before says so on every page that shows it, and a withheld one says that") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 20, 30);
  const auto change_figures = [&](const char* how) {
    db::Sqlite(indicators::figures_file(isles.fixture.folder, std::string(64, 'a')), db::SqliteMode::create).execute(how);
  };
  Browser browser{isles.fixture};
  SUBCASE("held back") {
    change_figures("UPDATE figure SET hidden = hidden + 2");
    browser.sign_in("the-analyst");
    const auto says_so = [](json::Value held_back) {
      CHECK(held_back.string() ==
            "The figures of June 2024 are those published before: beside them, what has been counted since would give away a count of a few people.");
    };
    const auto profile = fitting("PlaceProfile", browser.ask("GET", "/places/north/profile"));
    REQUIRE(profile.root()["outcomes"].size() == 1);
    says_so(profile.root()["outcomes"].at(0)["figure"]["held_back"]);
    says_so(profile.root()["outcomes"].at(0)["whole"]["held_back"]);
    const auto gaps = fitting("Inequalities", browser.ask("GET", "/inequalities", "", "by=sex"));
    REQUIRE(gaps.root()["rows"].size() == 1);
    says_so(gaps.root()["rows"].at(0)["whole"]["held_back"]);
    const auto list = fitting("MeasureList", browser.ask("GET", "/measures"));  // as the scorecard has it
    says_so(list.root()["measures"].at(0)["figure"]["held_back"]);
    CHECK(list.root()["measures"].at(0)["months_held_back"].string().find("April 2024 and May 2024 are those") != std::string_view::npos);
    const auto why = fitting("Why", browser.ask("GET", "/figures/kept-well~all/why"));
    CHECK(why.root()["calculation"].string().find("are those published before") != std::string_view::npos);
  }
  SUBCASE("withheld") {
    change_figures("UPDATE figure SET hidden = 5, numerator = NULL, denominator = NULL, value = NULL, low = NULL, high = NULL");
    browser.sign_in("the-analyst");
    const auto profile = fitting("PlaceProfile", browser.ask("GET", "/places/north/profile"));
    REQUIRE(profile.root()["outcomes"].size() == 1);
    const json::Value here = profile.root()["outcomes"].at(0)["figure"];
    CHECK(here["suppression_note"].string().find("Every figure of June 2024 is withheld") == 0);
    CHECK(here["held_back"].is_null());
    CHECK(profile.root()["note"].string().find("to protect people: Kept well.") != std::string_view::npos);
    const auto gaps = fitting("Inequalities", browser.ask("GET", "/inequalities", "", "by=sex"));
    CHECK(gaps.root()["rows"].size() == 0);
    CHECK(gaps.root()["note"].string().find("Withheld with every figure of the month, to protect people: Kept well.") != std::string_view::npos);
    const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
    CHECK(detail.root()["headline"].string().find("is withheld") != std::string_view::npos);
  }
}

TEST_CASE("two groups crossed are a grid of registered people with the farthest apart in words, or a sentence where all of it is hidden") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 20, 30);
  db::Sqlite figures(indicators::figures_file(isles.fixture.folder, std::string(64, 'a')), db::SqliteMode::create);
  const auto add = [&](const std::string& group, int position, const char* counts) {
    figures.execute("INSERT INTO figure SELECT 'kept-well', 0, 9, '', max(month), '', " + std::to_string(position) + ", '" + group + "', " + counts +
                    " FROM figure");
  };
  Browser browser{isles.fixture};
  SUBCASE("a grid") {
    add("asian.1", 1, "20, 100, 20, 13, 29, NULL, NULL, NULL, 0");
    add("asian.unknown", 6, "NULL, 10, NULL, NULL, NULL, NULL, NULL, NULL, 1");
    add("white.1", 31, "60, 100, 60, 50, 69, NULL, NULL, NULL, 0");
    add("white.5", 35, "90, 100, 90, 83, 94, NULL, NULL, NULL, 0");
    browser.sign_in("the-analyst");
    const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
    REQUIRE(detail.root()["crossings"].size() == 1);
    const json::Value grid = detail.root()["crossings"].at(0);
    CHECK(grid["sentence"].string() == "White, fifth 5: 90.0%; Asian, fifth 1: 20.0%, a gap of 70.0 points");
    CHECK(grid["rows"].at(1).string() == "White");
    REQUIRE(grid["columns"].size() == 3);
    CHECK(grid["columns"].at(1).string() == "5");
    CHECK(grid["columns"].at(2).string() == "Not known");
    REQUIRE(grid["cells"].size() == 4);
    CHECK(grid["cells"].at(0)["verdict"].string() == "worse");
    CHECK(grid["cells"].at(1)["suppressed"].boolean());
    CHECK(grid["cells"].at(1)["denominator"].is_null());
    for (const auto& [cell, row, column] : {std::array{0, 0, 0}, {1, 0, 2}, {2, 1, 0}, {3, 1, 1}}) {
      CHECK(grid["cells"].at(static_cast<std::size_t>(cell))["row"].integer() == row);
      CHECK(grid["cells"].at(static_cast<std::size_t>(cell))["column"].integer() == column);
    }
    CHECK(fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well", "", "basis=resident")).root()["crossings"].size() == 0);
  }
  SUBCASE("all of it hidden") {
    add("asian.1", 1, "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1");
    add("white.1", 31, "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1");
    browser.sign_in("the-analyst");
    const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
    CHECK(detail.root()["crossings"].size() == 0);
    bool said = false;
    for (const json::Value sentence : detail.root()["hidden_splits"]) said = said || sentence.string().find("By ethnic group and deprivation: hidden") == 0;
    CHECK(said);
  }
}

TEST_CASE("why a measure changed since a month is read from who was kept, and the parts sum to the difference") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 30, 45);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  // In January ten of the thirty were not yet in the numerator.
  const auto snapshot = records::Snapshot::open(records::Workspace{isles.fixture.folder});
  const measures::MembersStore store(isles.fixture.folder / "measures");
  const std::string& hash = snapshot->manifest().content_hash;
  const std::string version = "abcdef012345";
  const Date january = Date::from_ymd(2024, 1, 1);
  auto members = store.read({hash, "kept-well", version, january});
  REQUIRE(members);
  std::vector<std::uint32_t> first = members->numerator.places();
  first.resize(first.size() - 10);
  measures::PersonSet fewer;
  fewer.add(first);
  members->numerator = std::move(fewer);
  store.write({hash, "kept-well", version, january}, *members);
  const auto change = fitting("MeasureChange", browser.ask("GET", "/measures/kept-well/change", "", "from=2024-01"));
  REQUIRE(change.root()["available"].boolean());
  CHECK(change.root()["before"]["numerator"].integer() == 20);
  CHECK(change.root()["after"]["numerator"].integer() == 30);
  std::int64_t sum = 0;
  for (const json::Value part : change.root()["parts"]) sum += *part["gained"].integer() - *part["lost"].integer();
  CHECK(sum == 10);
  CHECK(change.root()["parts"].at(4)["gained"].integer() == 10);  // real change
  CHECK_FALSE(change.root()["parts"].at(0)["known"].boolean());   // late data: one snapshot
  CHECK(browser.ask("GET", "/measures/kept-well/change", "", "from=1066-10").status == 404);
  CHECK(browser.ask("GET", "/measures/kept-well/change", "", "place=nowhere").status == 404);
}

TEST_CASE("a hidden figure of the library has no interval, no point on its chart and no practice in its funnel") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 4, 30);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
  CHECK(detail.root()["figure"]["suppressed"].boolean());
  CHECK(detail.root()["figure"]["interval"].is_null());
  CHECK(detail.root()["figure"]["comparison"].is_null());
  for (const json::Value point : detail.root()["trend"]["points"])
    for (const char* name : {"value", "low", "high", "numerator", "denominator", "mean", "lower", "upper"}) CHECK(point[name].is_null());
  CHECK(detail.root()["gaps"].size() == 0);
  CHECK(detail.root()["funnel"].is_null());
  for (const json::Value breakdown : detail.root()["breakdowns"])
    for (const json::Value figure : breakdown["figures"]) CHECK((figure["suppressed"].boolean() || figure["value"].number() == 0));
}

TEST_CASE("small counts are hidden and the rest rounded, wherever they appear") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-board");
  const auto places = fitting("PlaceList", browser.ask("GET", "/places"));
  const auto north = places.root()["places"].at(0)["residents"], south = places.root()["places"].at(1)["residents"];
  CHECK(south["suppressed"].boolean());  // three
  CHECK(north["suppressed"].boolean());  // else the whole less the north would tell
  CHECK(south["value"].is_null());
  CHECK(south["suppression_note"].string().find("1 to 7") != std::string_view::npos);
  CHECK(places.root()["whole"]["value"].number() == 45);  // 43, rounded to 5
  const auto page = fitting("Population", browser.ask("GET", "/population", "", "place=south"));
  for (const json::Value band : page.root()["pyramid"])
    for (const char* sex : {"female", "male"}) CHECK((band[sex]["value"].is_null() || band[sex]["value"].number() == 0));
}

TEST_CASE("every figure of the population leads to why") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto page = fitting("Population", browser.ask("GET", "/population", "", "place=north"));
  int asked = 0;
  const auto why = [&](json::Value figure) {
    const auto answer = browser.ask("GET", "/figures/" + std::string(figure["id"].string()) + "/why");
    CAPTURE(std::string(figure["id"].string()));
    const auto document = fitting("Why", answer);
    CHECK(document.root()["figure"]["value"].number() == figure["value"].number());
    ++asked;
  };
  for (const json::Value tile : page.root()["tiles"]) why(tile);
  for (const json::Value breakdown : page.root()["breakdowns"])
    for (const json::Value figure : breakdown["figures"]) why(figure);
  why(page.root()["pyramid"].at(10)["female"]);
  CHECK(asked > 8);
  for (const char* id : {"nothing", "residents~nowhere", "residents~all~sex", "residents~all~shoe~9", "~~~", "residents~all~age-sex~x"})
    CHECK(browser.ask("GET", std::string("/figures/") + id + "/why").status == 404);
}

TEST_CASE("a resident is found by number and by name, and the record is whole") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto by_number = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"999 000 0018"})"));
  REQUIRE(by_number.root()["hits"].size() == 1);
  const auto hit = by_number.root()["hits"].at(0);
  CHECK(hit["name"].string() == "TESTER, Given1");
  CHECK(hit["nhs_number"].string() == "999 000 0018");
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"test"})")).root()["hits"].size() == 2);
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"Given1 Tester"})")).root()["hits"].size() >= 1);
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000019"})")).root()["note"].string().find("check digit") !=
        std::string_view::npos);
  const std::string handle(hit["handle"].string());
  const auto record = fitting("ResidentRecord", browser.ask("GET", "/residents/" + handle));
  const auto root = record.root();
  CHECK(root["banner"]["name"].string() == "TESTER, Given1");
  CHECK(root["problems"].at(0)["title"].string() == "Type 2 diabetes");
  CHECK(root["series"].at(0)["points"].size() == 3);
  CHECK(root["lanes"].size() == 2);
  bool stay = false;
  for (const json::Value event : root["timeline"])
    stay = stay || (event["kind"].string() == "spell" && event["end"].string() == "2024-02-09" && event["organisation"].string() == "Isles Infirmary");
  CHECK(stay);
  for (const auto& table : records::tables) fitting("RecordTable", browser.ask("GET", "/residents/" + handle + "/tables/" + std::string(table.name)));
  const auto encounters = fitting("RecordTable", browser.ask("GET", "/residents/" + handle + "/tables/encounter"));
  CHECK(encounters.root()["total"].integer() == 1);
  CHECK(encounters.root()["rows"].at(0).size() == encounters.root()["columns"].size());
}

TEST_CASE("a protected location is told nowhere in the record, the search or the tables") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto found = browser.ask("POST", "/residents/search", R"({"query":"9990000026"})");
  const auto hits = fitting("ResidentHits", found);
  REQUIRE(hits.root()["hits"].size() == 1);
  CHECK(hits.root()["hits"].at(0)["restricted"].boolean());
  const std::string handle(hits.root()["hits"].at(0)["handle"].string());
  std::string everything = found.body + browser.ask("GET", "/residents/" + handle).body;
  for (const auto& table : records::tables) everything += browser.ask("GET", "/residents/" + handle + "/tables/" + std::string(table.name)).body;
  for (const char* place : {"NI1 1AA", "Quay Doctors", "Isles Infirmary", "North Isle", "Quayside", "IH1", "\"D1\""}) {
    CAPTURE(place);
    CHECK(everything.find(place) == std::string::npos);
  }
}

TEST_CASE("the worked cases of a measure are told with the rows that decided them, to whoever may see measures") {
  Isles isles(true);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto told = fitting("MeasureCases", browser.ask("GET", "/measures/pressure-low/cases"));
  REQUIRE(told.root()["cases"].size() == 1);
  const auto one = told.root()["cases"].at(0);
  CHECK(one["title"].string() == "once is not twice");
  CHECK(one["as_expected"].boolean());
  const auto person = one["people"].at(0);
  CHECK(person["who"].string() == "Woman or girl born on 1 May 1960");
  CHECK(person["standing"].string() == "not_met");
  CHECK(person["record"].size() == 3);
  REQUIRE(person["parts"].size() == 2);
  CHECK(person["parts"].at(0)["clauses"].at(0)["rows"].at(0)["title"].string() == "Type 2 diabetes");
  const auto results = person["parts"].at(1)["clauses"].at(1);
  CHECK(results["name"].string() == "Low results");
  CHECK(results["answer"].string() == "1 row");
  REQUIRE(results["rows"].size() == 2);
  CHECK(results["rows"].at(0)["detail"].string() == "128 mm[Hg]");
  CHECK(results["rows"].at(0)["use"].string() == "left_out");
  CHECK(results["rows"].at(1)["use"].string() == "passed");
  CHECK(browser.ask("GET", "/measures/no-such/cases").status == 404);
}

TEST_CASE("a resident's measures are worked out from what direct care may see, and each asking is in the audit") {
  Isles isles(true);
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto hits = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000018"})"));
  const std::string record = "/residents/" + std::string(hits.root()["hits"].at(0)["handle"].string());
  const auto rows = isles.fixture.audit_rows();
  const auto all = fitting("ResidentMeasures", browser.ask("GET", record + "/measures"));
  CHECK(isles.fixture.audit_rows() == rows + 1);
  REQUIRE(all.root()["measures"].size() == 1);
  CHECK(all.root()["measures"].at(0)["id"].string() == "pressure-low");
  // A second low result is there, in a file that its partner shares for commissioning alone.
  CHECK(all.root()["measures"].at(0)["standing"].string() == "not_met");
  const auto answer = browser.ask("GET", record + "/measures/pressure-low");
  const auto why = fitting("ResidentEvidence", answer);
  CHECK(isles.fixture.audit_rows() == rows + 2);
  const auto results = why.root()["parts"].at(1)["clauses"].at(1)["rows"];
  REQUIRE(results.size() == 3);
  CHECK(results.at(0)["title"].string() == "Systolic");
  CHECK(results.at(0)["detail"].string() == "128.5 mm[Hg]");
  CHECK(results.at(0)["date"].string() == "2024-01-09");
  CHECK(results.at(0)["file"].string() == "gp/D1.csv");
  CHECK(results.at(0)["line"].integer() == 8);
  CHECK(results.at(0)["use"].string() == "left_out");
  CHECK(results.at(2)["use"].string() == "passed");
  CHECK(answer.body.find("wards") == std::string::npos);
  CHECK(answer.body.find("99.5") == std::string::npos);
  CHECK(browser.ask("GET", record + "/measures/no-such").status == 404);
  // Of a month before the results, the same rows are read and none counts.
  REQUIRE(all.root()["months"].size() == 13);
  CHECK(all.root()["months"].at(12).string() == "2023-06-30");
  const auto earlier = fitting("ResidentMeasures", browser.ask("GET", record + "/measures", "", "month=2023-12"));
  CHECK(earlier.root()["month"].string() == "2023-12-31");
  REQUIRE(earlier.root()["measures"].size() == 1);
  CHECK(earlier.root()["note"].string().find("known today") != std::string::npos);
  const auto then = fitting("ResidentEvidence", browser.ask("GET", record + "/measures/pressure-low", "", "month=2023-12"));
  CHECK(why.root()["parts"].at(1)["clauses"].at(1)["answer"].string() == "1 row");
  CHECK(then.root()["parts"].at(1)["clauses"].at(1)["answer"].string() == "none");
  for (const char* month : {"2023-05", "2024-07", "2024-13", "June"})
    CHECK(browser.ask("GET", record + "/measures", "", std::string("month=") + month).status == 404);
  // An analyst has no handle, and another's opens nothing.
  Browser analyst{isles.fixture};
  analyst.sign_in("the-analyst");
  CHECK(analyst.ask("GET", record + "/measures").status >= 403);
  CHECK(analyst.ask("GET", record + "/measures/pressure-low").status >= 403);
}

TEST_CASE("a protected location is not told by the rows behind a measure") {
  Isles isles(true);
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto hits = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000026"})"));
  const std::string record = "/residents/" + std::string(hits.root()["hits"].at(0)["handle"].string());
  const auto why = browser.ask("GET", record + "/measures/pressure-low");
  CHECK(fitting("ResidentEvidence", why).root()["parts"].at(1)["clauses"].at(1)["rows"].size() == 3);
  for (const char* place : {"D1", "Quay Doctors", "Isles Infirmary", "North Isle"}) CHECK(why.body.find(place) == std::string::npos);
}

TEST_CASE("who may not see detentions and restraint sees neither them nor that there are any") {
  Isles isles(true);
  isles.fixture.accounts->add({"north-team", "North team", {access::Role::neighbourhood_team}, {"north"}}, Fixture::password());
  const auto told = [](Browser& browser, const std::string& number, std::string& withheld) {
    const auto found = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":")" + number + R"("})"));
    REQUIRE(found.root()["hits"].size() == 1);
    const std::string address = "/residents/" + std::string(found.root()["hits"].at(0)["handle"].string());
    const auto answer = browser.ask("GET", address);
    const auto record = fitting("ResidentRecord", answer);
    withheld = record.root()["withheld"].string();
    return answer.body + browser.ask("GET", address + "/tables/procedure").body + browser.ask("GET", address + "/measures").body;
  };
  std::string withheld;
  Browser clinician{isles.fixture};
  clinician.sign_in("the-care-professional");
  const std::string whole = told(clinician, "9990000018", withheld);
  for (const char* words : {"Detained for treatment", "Held by the arms", "mhsds", "2024-05-20"}) CHECK(whole.find(words) != std::string::npos);
  CHECK(withheld.empty());

  Browser team{isles.fixture};
  team.sign_in("north-team");
  const std::string part = told(team, "9990000018", withheld);
  for (const std::string words : {"Detained", "Held by the arms", "mhsds", "2024-05-20"}) {
    const std::size_t at = part.find(words);
    INFO(words << " in " << part.substr(at == std::string::npos ? 0 : at > 60 ? at - 60 : 0, 160));
    CHECK(at == std::string::npos);
  }
  // The table of procedures answers as an empty one does; the record does not name it among those that have rows.
  const std::string name = "\"kind\":\"procedure\",\"title\"";
  CHECK(part.find(name) == part.rfind(name));
  CHECK(part.find("\"total\":0") != std::string::npos);
  CHECK(whole.find(name) != whole.rfind(name));
  // The page says that kinds of entries are withheld, and says the same of a resident who has none.
  CHECK(withheld.find("withheld from your role") != std::string::npos);
  std::string of_another;
  told(team, "9990000026", of_another);
  CHECK(of_another == withheld);
}

TEST_CASE("a team of one place does not find or open residents of another") {
  Isles isles;
  isles.fixture.accounts->add({"south-team", "South team", {access::Role::neighbourhood_team}, {"south"}}, Fixture::password());
  Browser browser{isles.fixture};
  browser.sign_in("south-team");
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000018"})")).root()["hits"].size() == 0);
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"Other","limit":50})")).root()["hits"].size() == 3);  // of 41
}

TEST_CASE("the server follows current to a new snapshot and refuses one that is not synthetic") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto snapshot = [&] { return std::string(parsed(browser.ask("GET", "/system")).root()["snapshot"]["id"].string()); };
  CHECK(snapshot() == "s1");
  // What is made ready beforehand, for this snapshot and then for the next, takes nothing away from either.
  const auto admission = isles.fixture.gate->admit({"os:test", "test", access::Role::administrator, access::Purpose::system_administration, {}, "test"},
                                                   {access::ObjectKind::measure, "made ready", {}, {}});
  REQUIRE(admission.filter);
  isles.sources->keep_ready(*admission.filter);
  CHECK(fitting("Start", browser.ask("GET", "/start")).root()["counts"]["people"].integer() == 45);
  publish(isles.fixture.folder, "s2");
  CHECK(snapshot() == "s2");
  publish(isles.fixture.folder, "s3", false);
  CHECK(browser.ask("GET", "/start").status >= 400);
}
