#include "build/build.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "../records/staged_fixture.h"
#include "base/error.h"
#include "build/accuracy.h"
#include "build/authored.h"
#include "build/link_stage.h"
#include "build/lock.h"
#include "build/publish.h"
#include "build/sql.h"

using namespace catchment;
using namespace catchment::build;
using records::testing::Folder;
using records::testing::Staged;
namespace fs = std::filesystem;

TEST_CASE("two builds at once: the second says so and the lock goes with its holder") {
  Folder folder("lock");
  {
    const WorkspaceLock first(folder.path);
    try {
      const WorkspaceLock second(folder.path);
      FAIL("both hold it");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("another build is running") != std::string::npos);
      CHECK_FALSE(error.fix().empty());
    }
  }
  CHECK_NOTHROW(WorkspaceLock(folder.path));
  CHECK_THROWS_AS(WorkspaceLock(folder.path / "absent"), Error);
}

TEST_CASE("the person register comes back from authored data as it was kept") {
  Folder folder("authored");
  linkage::PersonRegister previous, next;
  {
    Authored authored(folder.path / "authored.sqlite");
    const SourceId gp = authored.link_source("local_id", "gp", "P1");
    CHECK(authored.link_source("local_id", "gp", "P1") == gp);
    CHECK(authored.link_source("local_id", "gp", "P2") != gp);
    previous = authored.read_register();
    CHECK(previous.rows() == 0);
    next = previous;
    next.set(gp, "a", PersonId{1});
    next.set(gp, "b", PersonId{2});
    next.supersede(PersonId{3}, PersonId{2});
    next.next_id = 4;
    authored.keep(previous, next, {{linkage::EventKind::merged, PersonId{3}, PersonId{2}, 1, Instant{}, "rows joined"}}, "s1", Instant{}, "h", "{}");
  }
  Authored again(folder.path / "authored.sqlite");
  const SourceId gp = again.link_source("local_id", "gp", "P1");
  const linkage::PersonRegister kept = again.read_register();
  CHECK(kept.rows() == 2);
  CHECK(kept.find(gp, "b") == PersonId{2});
  CHECK(kept.resolve(PersonId{3}) == PersonId{2});
  CHECK(kept.next_id == 4);
  CHECK((fs::status(folder.path / "authored.sqlite").permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

TEST_CASE("a snapshot is published by one rename, and only old ones are removed") {
  Folder folder("publish");
  const records::Workspace workspace{folder.path};
  fs::create_directories(workspace.snapshots());
  const auto make = [&](const Instant& at) {
    const fs::path building = workspace.snapshots() / "building";
    fs::create_directories(building);
    records::testing::write_manifest(building);
    const std::string id = new_snapshot_id(workspace, at);
    settle(workspace, building, id);
    return id;
  };
  const Instant at = *Instant::parse("2026-03-31T10:15:00Z");
  const std::string first = make(at), second = make(at);
  CHECK(first == "20260331T101500Z");
  CHECK(second == "20260331T101500Z-2");
  make_current(workspace, first);
  CHECK(workspace.current_snapshot()->filename() == first);
  make_current(workspace, second);
  CHECK(workspace.current_snapshot()->filename() == second);
  const std::string third = make(*Instant::parse("2026-04-01T00:00:00Z"));
  fs::create_directories(workspace.snapshots() / "dead");  // never finished: no manifest
  remove_old_snapshots(workspace, 2);
  CHECK(fs::exists(workspace.snapshots() / second));
  CHECK(fs::exists(workspace.snapshots() / third));
  CHECK_FALSE(fs::exists(workspace.snapshots() / first));
  CHECK_FALSE(fs::exists(workspace.snapshots() / "dead"));
}

namespace {

// Two practices and a hospital that know the same woman; a pseudonym that may not be joined to her.
void stage_subjects(const fs::path& folder) {
  Staged staged(folder);
  staged.run(
      "INSERT INTO source BY NAME SELECT 1 AS id, 'gp/1.csv' AS file, 'gp_patient' AS feed, false AS postcode_is_incident, false AS one_row_per_person "
      "UNION ALL BY NAME SELECT 2 AS id, 'sus/1.csv' AS file, 'sus_inpatient' AS feed, false AS postcode_is_incident, false AS one_row_per_person");
  staged.run("INSERT INTO organisation VALUES (1, 'P1', NULL), (2, 'H1', NULL)");
  staged.run(
      "INSERT INTO subject VALUES (1, 'local_id', 'gp', 1, 'k1', 1, 1), (2, 'nhs_number', NULL, 2, '9990000018', 2, 1), (3, 'pseudonym', 'sus', NULL, 'zz', 2, "
      "2),"
      "(4, 'row', NULL, 2, NULL, 2, 3)");
  staged.run(
      "INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES (1, 1, 1, '9990000018', 'Ann', 'Hill', DATE '1980-01-01'), (1, 1, 5, '9990000018', 'Ann', "
      "'Lee', DATE '1980-01-01'),"
      "(2, 2, 1, '9990000018', 'Anne', 'Hill', DATE '1980-01-01'), (3, 2, 2, '9990000018', 'Ann', 'Hill', DATE '1980-01-01'),"
      "(4, 2, 3, NULL, 'Ben', 'Wood', NULL)) t(subject, source, line, nhs_number, given, family, birth_date)");
}

std::vector<std::int64_t> persons_of(const fs::path& folder) {
  const db::Duck duck(folder / "staged.duckdb", {});
  db::Connection connection = duck.connect();
  std::vector<std::int64_t> persons;
  for (const auto& row : connection.query("SELECT person FROM person_of_subject ORDER BY subject").all()) persons.push_back(std::get<std::int64_t>(row[0]));
  return persons;
}

}  // namespace

TEST_CASE("every subject becomes one person, pseudonyms are never joined, and ids last") {
  Folder folder("link");
  stage_subjects(folder.path);
  Authored authored(folder.path / "authored.sqlite");
  SilentProgress silent;
  Receipt receipt;
  const LinkStage first = link_subjects(folder.path / "staged.duckdb", {}, authored, Instant{}, receipt, silent);
  const auto persons = persons_of(folder.path);
  REQUIRE(persons.size() == 4);
  CHECK(persons[0] == persons[1]);
  CHECK(persons[2] != persons[0]);
  CHECK(persons[3] != persons[0]);
  CHECK(receipt.subjects == 4);
  CHECK(receipt.persons == 3);
  authored.keep(first.previous, first.next, first.events, "s", Instant{}, "h", "{}");
  const std::string hash = person_index_hash(folder.path / "staged.duckdb", {});
  Receipt again;
  link_subjects(folder.path / "staged.duckdb", {}, authored, Instant{}, again, silent);
  CHECK(persons_of(folder.path) == persons);
  CHECK(person_index_hash(folder.path / "staged.duckdb", {}) == hash);
}

TEST_CASE("accuracy compares pairs with truth and is absent without it") {
  Folder folder("accuracy");
  stage_subjects(folder.path);
  {
    Authored authored(folder.path / "authored.sqlite");
    SilentProgress silent;
    Receipt receipt;
    link_subjects(folder.path / "staged.duckdb", {}, authored, Instant{}, receipt, silent);
  }
  CHECK_FALSE(measure_accuracy(folder.path, folder.path / "staged.duckdb", {}));
  fs::create_directories(folder.path / "truth");
  std::ofstream(folder.path / "truth" / "keys.csv") << "domain,key,person\ngp,k1,1\nnhs_number,9990000018,1\nsus,zz,1\n";
  const auto accuracy = measure_accuracy(folder.path, folder.path / "staged.duckdb", {});
  REQUIRE(accuracy);
  CHECK(accuracy->rows == 2);  // the pseudonym is left out
  CHECK(accuracy->pairs_right == 1);
  CHECK(accuracy->pairs_missed == 0);
  CHECK(accuracy->f1() == 1);
  REQUIRE(accuracy->groups.size() == 3);  // by what subjects hold; nothing is known of the people
  CHECK(accuracy->groups[1].missed_rate() == 0);
  std::ofstream(folder.path / "truth" / "people.csv") << "person,place,ethnicity,deprivation_fifth,sex,birth\n1,luton,A,3,female,1980-02-03\n";
  const auto by_group = measure_accuracy(folder.path, folder.path / "staged.duckdb", {});
  CHECK(by_group->groups.size() == 8);
  CHECK(by_group->groups[3].kind == "age");
  CHECK(by_group->groups[3].pairs_right == 1);
  std::ofstream(folder.path / "truth" / "keys.csv") << "domain,key,person\ngp,k1,1\nnhs_number,9990000018,2\n";
  const auto wrong = measure_accuracy(folder.path, folder.path / "staged.duckdb", {});
  CHECK(wrong->pairs_wrong == 1);
  CHECK(wrong->precision() == 0);
}

TEST_CASE("a build that cannot start says why and what to do") {
  Folder folder("refuse");
  SilentProgress silent;
  const FixedClock clock(Instant{});
  BuildSettings settings;
  settings.workspace = folder.path / "absent";
  settings.system = folder.path / "system";
  fs::copy(fs::path(CATCHMENT_SOURCE_DIR) / "system" / "blmk", settings.system, fs::copy_options::recursive);
  fs::create_directories(settings.system / "feeds");
  const auto message = [&] {
    try {
      build_workspace(settings, clock, silent);
    } catch (const Error& error) {
      CHECK_FALSE(error.fix().empty());
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(message().find("there is no workspace") != std::string::npos);
  settings.workspace = folder.path;
  CHECK(message().find("has no folder extracts/") != std::string::npos);
  fs::create_directories(folder.path / "extracts");
  settings.stage = "polish";
  CHECK(message() == "there is no stage polish");
  settings.stage = "records";
  CHECK(message() == "stage records needs stage linkage, which has not been run");
  settings.stage.clear();
  settings.system = folder.path / "nowhere";
  CHECK(message().find("there is no definition folder") != std::string::npos);
  CHECK_FALSE(fs::exists(folder.path / "current"));
}

TEST_CASE("a receipt reads the same for a person and for a program") {
  Receipt receipt;
  receipt.snapshot = "20260331T101500Z";
  receipt.system_name = "Testshire";
  receipt.synthetic = true;
  receipt.represented_population = 991796;
  receipt.as_of = Date::from_ymd(2026, 3, 31);
  receipt.feeds = {{"gp", 2, 1234567, 1234560, 7, 0.01, true, Date::from_ymd(2026, 3, 30)}, {"bad", 1, 10, 5, 5, 0.01, false, {}}};
  receipt.quarantined = {{"gp", "type", "birth_date", 7}};
  receipt.persons = 50000;
  receipt.failures = {"bad: above tolerance"};
  receipt.accuracy = LinkageAccuracy{10, 4, 4, 9, 1, 0, {}};
  const std::string text = to_text(receipt);
  for (const char* part : {"as of 31 March 2026", "Synthetic data: not real people or performance.", "1,234,567", "gp birth_date: type", "50,000",
                           "standing for 991,796", "recall 0.9000", "above tolerance", "Failed: bad"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part);
  CHECK_FALSE(receipt.passed());
  const std::string json = to_json(receipt);
  for (const char* part : {"\"rows_read\":1234567", "\"passed\":false", "\"recall\":0.9", "\"rule\":\"type\""})
    CHECK_MESSAGE(json.find(part) != std::string::npos, part);
}
