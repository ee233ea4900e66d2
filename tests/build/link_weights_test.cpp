// Link weights kept from build to build, and what of the last build is taken over.
#include <doctest/doctest.h>

#include <fstream>

#include "../records/staged_fixture.h"
#include "base/error.h"
#include "base/nhs_number.h"
#include "base/random.h"
#include "build/authored.h"
#include "build/link_stage.h"
#include "build/placement_store.h"

using namespace catchment;
using namespace catchment::build;
using records::testing::Folder;
using records::testing::Staged;
namespace fs = std::filesystem;

namespace {

// A practice whose patients have numbers and a service that knows most of them without.
class Service {
 public:
  explicit Service(const fs::path& folder) : file_(folder / "staged.duckdb") {
    Staged staged(folder);
    staged.run(
        "INSERT INTO source BY NAME SELECT 1 AS id, 'gp/1.csv' AS file, 'gp_patient' AS feed, false AS postcode_is_incident, false AS one_row_per_person "
        "UNION ALL BY NAME SELECT 2 AS id, 'sus/1.csv' AS file, 'sus_inpatient' AS feed, false AS postcode_is_incident, false AS one_row_per_person");
    staged.run("INSERT INTO organisation VALUES (1, 'P1', NULL), (2, 'H1', NULL)");
    std::uint64_t number = 999000000;
    for (int p = 0; p < 260; ++p) {
      while (!nhs_check_digit(++number)) {}
      const std::string said = "'" + word() + "', '" + word() + "', DATE '1950-01-01' + " + std::to_string(random_.below(20000));
      add(1, "'" + std::to_string(number) + std::to_string(*nhs_check_digit(number)) + "'", said, staged);
      if (p % 3 == 0) add(2, "NULL", said, staged);
    }
  }
  void add_stranger() {
    struct Again {
      explicit Again(const fs::path& file) : duck(file, {}), connection(duck.connect()) {}
      void run(const std::string& statement) { connection.query(statement); }
      db::Duck duck;
      db::Connection connection;
    } again(file_);
    add(2, "NULL", "'Quillon', 'Xanthopoulos', DATE '1911-11-30'", again);
  }

 private:
  std::string word() {
    std::string out;
    for (int i = 0; i < 6; ++i) out += static_cast<char>(i % 2 == 0 ? "bdfgklmnprst"[random_.below(12)] : "aeiou"[random_.below(5)]);
    return out;
  }
  template <typename Database>
  void add(int source, const std::string& number, const std::string& said, Database& database) {
    const std::string id = std::to_string(++subjects_), by = std::to_string(source);
    database.run("INSERT INTO subject VALUES (" + id + ", 'local_id', '" + (source == 1 ? "gp" : "sus") + "', " + by + ", 'k" + id + "', " + by + ", " + id +
                 ")");
    database.run("INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES (" + id + ", " + by + ", " + id + ", " + number + ", " + said +
                 ")) t(subject, source, line, nhs_number, given, family, birth_date)");
  }
  fs::path file_;
  Random random_{5};
  int subjects_ = 0;
};

struct Night {
  Receipt receipt;
  LinkStage stage;
  std::string people;  // a hash of who is who
};

Night link(const fs::path& folder, LinkOptions choices = {}) {
  Authored authored(folder / "authored.sqlite");
  SilentProgress silent;
  Night out;
  if (choices.definition.empty()) choices.definition = "model";
  choices.placements = folder / "placements.sqlite";
  out.stage = link_subjects(folder / "staged.duckdb", {}, authored, Instant{}, out.receipt, silent, choices);
  out.people = person_index_hash(folder / "staged.duckdb", {});
  return out;
}

void keep(const fs::path& folder, const Night& night, const std::string& snapshot) {
  Authored authored(folder / "authored.sqlite");
  authored.keep(night.stage.previous, night.stage.next, night.stage.events, snapshot, Instant{}, "h", "{}", night.stage.trained);
}

LinkOptions everything_again() {
  LinkOptions out;
  out.place_all = true;
  return out;
}

}  // namespace

TEST_CASE("link weights are found once, kept with the register, and found anew when asked to or for another model") {
  Folder folder("weights");
  Service service(folder.path);
  const Night first = link(folder.path);
  CHECK(first.receipt.link_work.why_trained == "none were kept");
  REQUIRE(first.stage.trained.has_value());
  CHECK(link(folder.path).receipt.link_work.why_trained == "none were kept");  // nothing was published yet
  keep(folder.path, first, "s1");
  CHECK(basis_hash(Authored(folder.path / "authored.sqlite").read_basis()->found.basis) == basis_hash(first.stage.trained->basis));
  const Night second = link(folder.path);
  CHECK(second.receipt.link_work.weights_of == "s1");
  CHECK(second.receipt.link_work.why_trained.empty());
  CHECK_FALSE(second.stage.trained.has_value());
  CHECK(second.people == first.people);
  keep(folder.path, second, "s2");
  CHECK(link(folder.path).receipt.link_work.weights_of == "s1");
  LinkOptions choices;
  choices.train = true;
  const Night asked = link(folder.path, choices);
  CHECK(asked.receipt.link_work.why_trained == "asked to");
  CHECK(asked.stage.trained.has_value());
  choices = {};
  choices.definition = "another";
  CHECK(link(folder.path, choices).receipt.link_work.why_trained == "the linkage model changed");
}

TEST_CASE("a build that cannot be kept leaves the link weights of the one before") {
  Folder folder("whole");
  Service service(folder.path);
  keep(folder.path, link(folder.path), "s1");
  service.add_stranger();
  LinkOptions choices;
  choices.train = true;
  const Night anew = link(folder.path, choices);
  CHECK_THROWS(keep(folder.path, anew, "s1"));  // there is a snapshot of that name
  CHECK(link(folder.path).receipt.link_work.weights_of == "s1");
  CHECK(basis_hash(Authored(folder.path / "authored.sqlite").read_basis()->found.basis) != basis_hash(anew.stage.trained->basis));
}

TEST_CASE("the next build places only those for whom something changed, and says how many") {
  Folder folder("nightly");
  Service service(folder.path);
  const Night first = link(folder.path);
  CHECK(first.receipt.link_work.loose == 87);
  CHECK(first.receipt.link_work.taken_over == 0);
  CHECK(first.receipt.link_work.why_all_placed == "link weights are found anew");
  keep(folder.path, first, "s1");
  service.add_stranger();
  const Night tonight = link(folder.path);
  CHECK(tonight.receipt.link_work.loose == 88);
  CHECK(tonight.receipt.link_work.taken_over == 87);
  CHECK(tonight.receipt.link_work.why_all_placed.empty());
  const Night full = link(folder.path, everything_again());
  CHECK(full.receipt.link_work.taken_over == 0);
  CHECK(full.receipt.link_work.why_all_placed == "asked to");
  CHECK(full.people == tonight.people);
  CHECK(full.receipt.links == tonight.receipt.links);
  Receipt published = tonight.receipt;
  published.snapshot = "s2";
  CHECK(to_text(published).find("88  loose identities, 1 placed again: the others stand as they were") != std::string::npos);
  CHECK(to_json(tonight.receipt).find("\"loose_identities\":88,\"taken_over\":87,\"placed\":1") != std::string::npos);
  CHECK((fs::status(folder.path / "placements.sqlite").permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

TEST_CASE("placements that are damaged or hold for something else are not used") {
  Folder folder("placements");
  const fs::path file = folder.path / "placements.sqlite";
  const PlacementsHold hold{"program", "model", "weights"};
  linkage::KeptPlacements kept;
  for (std::uint64_t i = 1; i <= 2000; ++i) kept.all.push_back({i, i * 7, 12.5F, 1});
  CHECK(read_placements(file, hold).why_not == "none were kept");
  write_placements(file, hold, kept);
  write_placements(file, hold, kept);
  REQUIRE(read_placements(file, hold).kept.has_value());
  CHECK(read_placements(file, hold).kept->all[1999].person == 14000);
  CHECK(read_placements(file, {"other", "model", "weights"}).why_not == "they were kept by another version of the program");
  CHECK(read_placements(file, {"program", "other", "weights"}).why_not == "the linkage model changed");
  CHECK(read_placements(file, {"program", "model", "other"}).why_not == "they were kept with other link weights");
  CHECK_FALSE(program_hash().empty());
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(20000), bytes.put('!').flush();
  CHECK(read_placements(file, hold).why_not == "the file they were kept in is damaged");
  std::ofstream(file) << "no database";
  CHECK(read_placements(file, hold).why_not == "the file they were kept in is damaged");
}
