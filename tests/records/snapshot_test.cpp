#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.h"
#include "records/sql.h"
#include "staged_fixture.h"

using namespace catchment;
using namespace catchment::records;
using namespace catchment::records::testing;

namespace {

// Person 1: practice and hospital disagree about ethnicity and address. Person 2: restricted, moved practice.
// Person 3: only an ambulance call. Person 4: died. Person 5: pseudonymous hospital rows.
void stage(const std::filesystem::path& folder) {
  Staged staged(folder);
  staged.run(
      "INSERT INTO source BY NAME SELECT 1 AS id, 'gp/1.csv' AS file, 'gp' AS feed, 'P1' AS partner, 'general-practice' AS setting, 'complete' AS status, "
      "'local_id' AS key_kind, 10 AS rows_read, 9 AS rows_accepted, 1 AS rows_quarantined, 0.05 AS tolerance, false AS postcode_is_incident, true AS "
      "synthetic");
  staged.run(
      "INSERT INTO source BY NAME SELECT 2 AS id, 'sus/1.csv' AS file, 'sus' AS feed, 'H1' AS partner, 'hospital' AS setting, 'complete' AS status, "
      "'nhs_number' AS key_kind, 4 AS rows_read, 4 AS rows_accepted, 0 AS rows_quarantined, 0.01 AS tolerance, false AS postcode_is_incident");
  staged.run(
      "INSERT INTO source BY NAME SELECT 3 AS id, 'ambulance/1.csv' AS file, 'ambulance' AS feed, 'ambulance' AS setting, 'complete' AS status, "
      "'local_id' AS key_kind, 1 AS rows_read, 1 AS rows_accepted, 0 AS rows_quarantined, 0.01 AS tolerance, true AS postcode_is_incident");
  staged.run("INSERT INTO source_field VALUES (1, 'sex', 9, 0), (1, 'birth_date', 9, 1)");
  staged.run(
      "INSERT INTO finding VALUES (1, 7, 'birth_date', 'type', 'error', 'not-a-date'); INSERT INTO finding_count VALUES (1, 'birth_date', 'type', 'error', 1)");
  staged.run("INSERT INTO quarantine VALUES (1, 7, 'birth_date', 'type', 'x,y,32/13/1999')");
  staged.run(
      "INSERT INTO code VALUES (1, 'http://snomed.info/sct', '44054006', 'Type 2 diabetes'), (2, 'http://snomed.info/sct', '271649006', 'Systolic'), "
      "(3, 'http://snomed.info/sct', '999', 'Sensitive'); INSERT INTO unit VALUES (1, 'mm[Hg]')");
  staged.run("INSERT INTO organisation VALUES (1, 'P1', NULL), (2, 'H1', 'As sent'), (3, 'P2', NULL); INSERT INTO area VALUES (1, 'A3'), (2, 'A1'), (3, 'X9')");
  staged.run(
      "INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES "
      "(1, 1, 1, '9990000018', 'Ann', 'Ó''Neill', DATE '1980-02-29', 'female', 'Z', 'AA1 1AA', 1, DATE '2025-01-01', false),"
      "(2, 2, 1, '9990000018', 'Anne', 'ONeill', DATE '1980-02-28', 'female', 'A', 'AA3 3AA', NULL, DATE '2026-01-01', false),"
      "(3, 1, 2, '9990000026', 'Ben', 'Hill', DATE '2020-06-01', 'male', 'H', 'AA2 2AA', 3, DATE '2025-01-01', true),"
      "(4, 3, 1, NULL, NULL, 'Hill', NULL, NULL, NULL, 'AA1 1AA', NULL, NULL, false),"
      "(7, 1, 8, '9990000050', 'Di', 'Moss', DATE '1950-01-01', 'female', 'A', 'AA1 1AA', NULL, DATE '2019-01-01', false),"
      "(5, 1, 3, '9990000034', 'Cy', 'Lee', DATE '1930-01-01', 'male', 'A', 'AA1 1AA', 1, DATE '2025-01-01', false)"
      ") t(subject, source, line, nhs_number, given, family, birth_date, sex, ethnicity, postcode, practice, updated_date, restricted)");
  staged.run("INSERT INTO person_of_subject VALUES (1, 10), (2, 10), (3, 20), (4, 30), (5, 40), (6, 50), (7, 60)");
  staged.run(
      "INSERT INTO staged_registration VALUES (1, 1, 1, 1, 1, '2010-01-01', NULL, NULL), (3, 1, 2, 1, 1, '2020-07-01', '2024-01-01', 'moved'),"
      "(3, 1, 5, 3, 3, '2024-01-01', NULL, NULL), (5, 1, 3, 1, 1, '1990-01-01', NULL, NULL),"
      "(7, 1, 8, 1, 1, '1990-01-01', '2020-01-01', 'moved')");
  staged.run(
      "INSERT INTO staged_condition BY NAME SELECT 1 AS subject, 1 AS source, 4 AS line, 1 AS organisation, 1 AS code, DATE '2015-05-05' AS onset_date, "
      "'active' AS status");
  staged.run(
      "INSERT INTO staged_condition BY NAME SELECT 2 AS subject, 2 AS source, 2 AS line, 2 AS organisation, 3 AS code, DATE '2014-05-05' AS onset_date, "
      "'resolved' AS status");
  staged.run(
      "INSERT INTO staged_observation BY NAME SELECT 1 AS subject, 1 AS source, i AS line, 1 AS organisation, 2 AS code, DATE '2020-01-01' + i::INTEGER AS "
      "date, "
      "120.5 + i AS value, 1 AS unit, 'final' AS status FROM range(6, 9) t(i)");
  staged.run(
      "INSERT INTO staged_encounter BY NAME SELECT 6 AS subject, 2 AS source, 3 AS line, 2 AS organisation, 'spell' AS kind, DATE '2024-02-03' AS start_date, "
      "TIMESTAMP '2024-02-03 04:05:06.789' AS start_time, 'S-77' AS identifier, 125000 AS cost");
  staged.run(
      "INSERT INTO staged_death BY NAME SELECT 5 AS subject, 1 AS source, 9 AS line, 1 AS organisation, 1 AS code, DATE '2025-12-24' AS date, 'hospital' AS "
      "place");
  staged.run("INSERT INTO resource VALUES (2, 2, 2, 'Condition', 'c1', '{\"resourceType\":\"Condition\"}'), (NULL, 2, 4, 'Organization', 'o', '{}')");
}

std::shared_ptr<const Snapshot> assembled(const std::filesystem::path& folder, unsigned threads = 2, Digest* digest = nullptr) {
  stage(folder);
  SilentProgress silent;
  const AssembleResult result = assemble(small_reference(), settings_for(folder, threads), silent);
  CHECK(result.persons == 6);
  CHECK(result.rows.at("observation") == 3);
  if (digest != nullptr) *digest = result.digest;
  write_manifest(folder);
  return Snapshot::open_folder(folder);
}

}  // namespace

TEST_CASE("where sources conflict one rule chooses and the alternatives are kept") {
  Folder folder("conflict");
  const auto snapshot = assembled(folder.path);
  const RowFilter all = everything();
  const auto ann = snapshot->person_summary(PersonId{10}, all);
  REQUIRE(ann);
  CHECK(to_string(*ann->birth_date) == "1980-02-29");  // general practice before hospital
  CHECK(snapshot->dictionaries().code(ann->ethnicity).display == "White British");  // "not stated" never beats a stated one
  CHECK(ann->ethnic_group == EthnicGroup::white);
  CHECK(snapshot->dictionaries().area(ann->area).code == "A1");  // the practice's address, though the hospital's is later
  CHECK(snapshot->dictionaries().place(ann->place).id == "north");
  CHECK(ann->deprivation_fifth == 1);
  CHECK(ann->resident);
  CHECK(ann->registered);
  CHECK(ann->identity_rows == 2);
  const auto alternatives = snapshot->alternatives(PersonId{10}, all);
  REQUIRE(alternatives.size() == 4);
  CHECK(alternatives[0].field == "ethnicity");
  CHECK(alternatives[0].value == "White British");
  CHECK(alternatives[0].chosen);
  CHECK(alternatives[1].value == "Not stated");
  CHECK(alternatives[2].value == "A1");
  CHECK(alternatives[2].chosen);
  CHECK(alternatives[3].value == "A3");
  CHECK(snapshot->dictionaries().source(alternatives[3].source).feed == "sus");
}

TEST_CASE("registration, death, incident places and unknown ethnicity are what they say") {
  Folder folder("person");
  const auto snapshot = assembled(folder.path);
  const RowFilter all = everything();
  const auto ben = snapshot->person_summary(PersonId{20}, all);
  CHECK(snapshot->dictionaries().organisation(ben->practice).code == "P2");
  CHECK(ben->restricted);
  const auto call = snapshot->person_summary(PersonId{30}, all);
  CHECK(call->area == 0);  // where it happened is not where they live
  CHECK_FALSE(call->resident);
  CHECK(call->ethnic_group == EthnicGroup::unknown);
  const auto cy = snapshot->person_summary(PersonId{40}, all);
  CHECK(to_string(*cy->death_date) == "2025-12-24");
  CHECK_FALSE(cy->resident);
  CHECK_FALSE(cy->registered);
  const auto gone = snapshot->person_summary(PersonId{60}, all);
  CHECK(gone->place != 0);
  CHECK_FALSE(gone->resident);  // taken off the list, joined no other
  const auto pseudonymous = snapshot->person_summary(PersonId{50}, all);
  CHECK_FALSE(pseudonymous->birth_date);
  CHECK_FALSE(pseudonymous->resident);
}

TEST_CASE("one person's record is every row with its file, line and organisation") {
  Folder folder("record");
  const auto snapshot = assembled(folder.path);
  const auto block = snapshot->person_block(PersonId{10}, everything());
  REQUIRE(block);
  REQUIRE(block->find("condition") != nullptr);
  const BlockTable& conditions = *block->find("condition");
  REQUIRE(conditions.rows() == 2);
  CHECK(conditions.word(conditions.column("status"), 0) == "resolved");  // the earlier onset first
  CHECK(snapshot->dictionaries().code(conditions.code(0, 1)).display == "Type 2 diabetes");
  CHECK(snapshot->dictionaries().source(conditions.source(1)).file == "gp/1.csv");
  CHECK(conditions.line(1) == 4);
  CHECK(snapshot->dictionaries().organisation(conditions.organisation(1)).name == "First Practice");
  const BlockTable& observations = *block->find("observation");
  REQUIRE(observations.rows() == 3);
  CHECK(observations.number(observations.column("value"), 0) == 126.5);
  CHECK(to_string(*observations.date(observations.column("date"), 2)) == "2020-01-09");
  CHECK(block->find("medication") == nullptr);
  const auto spell = snapshot->person_block(PersonId{50}, everything());
  const BlockTable& encounters = *spell->find("encounter");
  CHECK(encounters.word(encounters.column("kind"), 0) == "spell");
  CHECK(encounters.text(encounters.column("identifier"), 0) == "S-77");
  CHECK(encounters.integer(encounters.column("start_time"), 0) == 1706933106789);
  CHECK(encounters.integer(encounters.column("cost"), 0) == 125000);
}

TEST_CASE("a filter shows no more than its terms") {
  Folder folder("filter");
  const auto snapshot = assembled(folder.path);
  CHECK_FALSE(snapshot->person_block(PersonId{10}, filter({})));
  FilterTerms one;
  one.persons = {PersonId{10}};
  one.hidden_codes = {*snapshot->dictionaries().find_code("http://snomed.info/sct", "999")};
  one.hidden_tables = {"observation"};
  const auto block = snapshot->person_block(PersonId{10}, filter(one));
  REQUIRE(block);
  CHECK(block->find("condition")->rows() == 1);
  CHECK(block->find("observation") == nullptr);
  CHECK_FALSE(snapshot->person_block(PersonId{20}, filter(one)));
  CHECK_FALSE(snapshot->identity(PersonId{10}, filter(one)));
  CHECK(snapshot->count({}, filter(one)).empty());
  CHECK(snapshot->quarantined({}, filter(one)).empty());
  FilterTerms practice;
  practice.identity = true;
  practice.practices = {*snapshot->dictionaries().find_organisation("P2")};
  CHECK(snapshot->find_by_name({"hill", "", {}, 50}, filter(practice)).size() == 1);
  const auto ben = snapshot->identity(PersonId{20}, filter(practice));
  REQUIRE(ben);
  CHECK(ben->restricted);
  CHECK(ben->postcode.empty());  // a protected address needs its own permission
  CHECK(snapshot->identity(PersonId{20}, everything())->postcode == "AA2 2AA");
  FilterTerms place;
  place.places = {*snapshot->dictionaries().find_place("north")};
  CHECK(snapshot->person_summary(PersonId{20}, filter(place)));
  CHECK_FALSE(snapshot->person_summary(PersonId{50}, filter(place)));
}

TEST_CASE("persons are found by NHS number and by the beginning of their names") {
  Folder folder("search");
  const auto snapshot = assembled(folder.path);
  const RowFilter all = everything();
  const auto by_number = snapshot->find_by_nhs_number(NhsNumber{9990000018}, all);
  REQUIRE(by_number.size() == 1);
  CHECK(by_number[0].family == "Ó'Neill");
  CHECK(snapshot->find_by_nhs_number(NhsNumber{9990000042}, all).empty());
  CHECK(snapshot->find_by_name({"o'neil", "an", {}, 50}, all).size() == 1);
  CHECK(snapshot->find_by_name({"ONEILL", "b", {}, 50}, all).empty());
  CHECK(snapshot->find_by_name({"oneill", "", Date::from_ymd(1980, 2, 29), 50}, all).size() == 1);
  CHECK(snapshot->find_by_name({"oneill", "", Date::from_ymd(1980, 3, 1), 50}, all).empty());
  CHECK(snapshot->find_by_name({"'; DROP TABLE identity; --", "", {}, 50}, all).empty());
  CHECK(snapshot->find_by_name({"", "", {}, 50}, all).empty());
  CHECK(snapshot->identity_rows(PersonId{10}, all).size() == 2);
}

TEST_CASE("resources as they were sent need their own permission, and leave out those that say who somebody is") {
  Folder folder("resources");
  const auto snapshot = assembled(folder.path);
  FilterTerms terms;
  terms.everyone = terms.resources = true;
  const auto found = snapshot->resources(PersonId{10}, filter(terms));
  REQUIRE(found.size() == 1);
  CHECK(found[0].source == SourceId{2});
  CHECK(found[0].line == 2);
  CHECK(found[0].json == "{\"resourceType\":\"Condition\"}");
  CHECK(snapshot->resources(PersonId{20}, filter(terms)).empty());
  CHECK(snapshot->resources(PersonId{10}, everything()).empty());  // identities are another permission
  terms.hidden_sources = {SourceId{2}};
  CHECK(snapshot->resources(PersonId{10}, filter(terms)).empty());
  terms.hidden_sources.clear();
  terms.everyone = false;
  CHECK(snapshot->resources(PersonId{10}, filter(terms)).empty());
}

TEST_CASE("receipts, findings and quarantine say what became of each file") {
  Folder folder("quality");
  const auto snapshot = assembled(folder.path);
  const auto receipts = snapshot->receipts();
  REQUIRE(receipts.size() == 3);
  CHECK(receipts[1].feed == "gp");
  CHECK(receipts[1].partner_name == "First Practice");
  CHECK_FALSE(receipts[1].within_tolerance());
  CHECK(receipts[1].fields.size() == 2);
  const auto findings = snapshot->findings({});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].value_class == "not-a-date");
  CHECK(findings[0].first_line == 7);
  CHECK(snapshot->findings({"sus", {}, {}}).empty());
  const auto rows = snapshot->quarantined({{}, "gp", {}, 0, 100}, everything());
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].content == "x,y,32/13/1999");
  CHECK(snapshot->quarantined({{}, "sus", {}, 0, 100}, everything()).empty());
}

TEST_CASE("the population is counted by any of its dimensions and unknown is a group") {
  Folder folder("count");
  const auto snapshot = assembled(folder.path);
  CountQuery query;
  query.by = {Dimension::place, Dimension::age_band, Dimension::sex};
  const auto rows = snapshot->count(query, everything());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].keys == std::vector<std::string>{"north", "45-49", "female"});  // 46 on the as-of date
  CHECK(rows[0].persons == 1);
  CHECK(rows[1].keys == std::vector<std::string>{"north", "5-9", "male"});
  query.population = Population::known;
  query.by = {Dimension::ethnic_group};
  std::int64_t total = 0, unknown = 0;
  for (const CountRow& row : snapshot->count(query, everything())) {
    total += row.persons;
    if (row.keys[0] == "unknown") unknown = row.persons;
  }
  CHECK(total == 6);
  CHECK(unknown == 2);
  for (const Dimension dimension : {Dimension::place, Dimension::neighbourhood, Dimension::area, Dimension::practice, Dimension::age_band, Dimension::sex,
                                    Dimension::ethnic_group, Dimension::deprivation_fifth}) {
    query.by = {dimension};
    total = 0;
    for (const CountRow& row : snapshot->count(query, everything())) total += row.persons;
    CHECK_MESSAGE(total == 6, to_string(dimension));
  }
}

TEST_CASE("the same rows give the same digest on one, two and sixteen threads") {
  Digest digests[3];
  const unsigned threads[] = {1, 2, 16};
  for (int i = 0; i < 3; ++i) {
    Folder folder("digest");
    assembled(folder.path, threads[i], &digests[i]);
  }
  CHECK(to_hex(digests[0]) == to_hex(digests[1]));
  CHECK(to_hex(digests[0]) == to_hex(digests[2]));
}

TEST_CASE("clinical tables hold no identity, stand in code order and identities are private") {
  Folder folder("shape");
  const auto snapshot = assembled(folder.path);
  namespace fs = std::filesystem;
  CHECK((fs::status(snapshot->files().identity()).permissions() & fs::perms::others_all) == fs::perms::none);
  CHECK((fs::status(snapshot->files().identity()).permissions() & fs::perms::group_all) == fs::perms::none);
  db::Connection population = snapshot->population();
  auto names =
      population.query("SELECT count(*) FROM duckdb_columns() WHERE column_name IN ('given', 'family', 'nhs_number', 'postcode', 'address', 'json', 'raw')");
  CHECK(std::get<std::int64_t>(names.single()) == 0);
  const auto order = population.query("SELECT code, person, date FROM observation").all();
  CHECK(std::is_sorted(order.begin(), order.end()));
  db::Duck identity(snapshot->files().identity(), db::DuckOptions{.read_only = true, .temporary_directory = folder.path});
  auto rows = identity.connect().query("SELECT count(*) FROM identity_row");
  CHECK(std::get<std::int64_t>(rows.single()) == 6);
  for (const char* column : {"resource/json", "quarantine/raw"}) {
    const std::string asked(column);
    const std::string table = asked.substr(0, asked.find('/')), name = asked.substr(asked.find('/') + 1);
    auto used = identity.connect().query("SELECT string_agg(DISTINCT compression) FROM pragma_storage_info('" + table +
                                         "') WHERE segment_type = 'VARCHAR' AND column_name = '" + name + "'");
    CHECK(db::to_string(used.single()) == "ZSTD");
  }
}

TEST_CASE("a snapshot of another format is refused with the command that rebuilds it") {
  Folder folder("format");
  write_manifest(folder.path, 99);
  try {
    Snapshot::open_folder(folder.path);
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("has format 99") != std::string::npos);
    CHECK(error.fix().find("catchment build") != std::string::npos);
  }
}

TEST_CASE("a follower serves the new snapshot when current moves, and readers keep the old one") {
  Folder folder("follow");
  const Workspace workspace{folder.path};
  SnapshotFollower follower(workspace);
  CHECK_THROWS_AS(follower.current(), Error);
  for (const char* name : {"a", "b"}) {
    std::filesystem::create_directories(workspace.snapshots() / name);
    assembled(workspace.snapshots() / name);
  }
  std::filesystem::create_directory_symlink("snapshots/a", workspace.current());
  const auto before = follower.current();
  CHECK(before->manifest().id == "a");
  CHECK(follower.current() == before);
  std::filesystem::create_directory_symlink("snapshots/b", folder.path / "next");
  std::filesystem::rename(folder.path / "next", workspace.current());
  CHECK(follower.current()->manifest().id == "b");
  CHECK(before->person_summary(PersonId{10}, everything()));
}

TEST_CASE("every statement on people.sqlite prepares") {
  db::Sqlite database(":memory:", db::SqliteMode::create);
  database.execute(sql::people_block);
  database.execute(sql::people_about);
  for (const auto& statement : {sql::people_about_add, sql::people_about_read, sql::people_block_add, sql::people_block_read})
    CHECK_NOTHROW(database.prepare(statement));
}
