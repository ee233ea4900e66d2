// lookup.sqlite: written by a build, read by key.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "../linkage/made_rows.h"
#include "../records/staged_fixture.h"
#include "base/error.h"
#include "build/lookup_store.h"

using namespace catchment;
using namespace catchment::build;
using linkage::made::Said;
using records::testing::Folder;
namespace fs = std::filesystem;

namespace {

std::vector<Said> known_people() {
  std::vector<Said> rows;
  Random random(3);
  std::uint64_t next = 100;
  for (int p = 0; p < 500; ++p) {
    rows.push_back(linkage::made::person(random, next, "k" + std::to_string(p), 4, 6));
    if (p % 2 != 0) continue;
    Said again = rows.back();
    again.source = 2, again.number.clear();
    rows.push_back(again);
  }
  return rows;
}

linkage::LinkResult link_and_keep(const std::vector<Said>& rows, unsigned threads) {
  linkage::IdentityTable table;
  for (const Said& said : rows) linkage::made::add_row(table, said);
  SilentProgress silent;
  linkage::LinkSettings settings;
  settings.threads = threads;
  settings.keep_lookup = true;
  return link_identities(table, {}, settings, silent);
}

std::string bytes_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string words_of(const fs::path& folder) {
  try {
    PersonFinder finder(folder);
  } catch (const Error& error) { return std::string(error.what()) + " / " + error.fix(); }
  return {};
}

}  // namespace

TEST_CASE("a snapshot's people are found by the details of one of them, by nobody who may not see identities") {
  Folder folder("lookup");
  const std::vector<Said> rows = known_people();
  const linkage::LinkResult result = link_and_keep(rows, 2);
  REQUIRE(result.lookup);
  write_lookup(lookup_file(folder.path), result.lookup, {});
  CHECK((fs::status(lookup_file(folder.path)).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  PersonFinder finder(folder.path);
  records::FilterTerms terms;
  terms.counts = terms.everyone = true;
  int found = 0, asked = 0;
  for (std::size_t row = 0; row < rows.size(); row += 9) {
    linkage::IdentityTable details;
    Said said = rows[row];
    if (row % 2 == 0) said.number.clear();
    linkage::made::add_row(details, said);
    const linkage::LookupAnswer answer = finder.find(details, records::testing::everything());
    ++asked;
    found += !answer.candidates.empty() && answer.candidates[0].person == result.person[row];
    CHECK(finder.find(details, records::testing::filter(terms)).candidates.empty());
  }
  CHECK(found == asked);
  linkage::IdentityTable stranger;
  Said unknown;
  unknown.given = "zoruna", unknown.family = "vekulipo", unknown.born = "1911-02-03";
  linkage::made::add_row(stranger, unknown);
  CHECK(finder.find(stranger, records::testing::everything()).verdict == linkage::LookupVerdict::nobody);
}

TEST_CASE("the file has the same bytes on any number of threads, and carries the model it was made with") {
  Folder folder("lookup-bytes");
  const std::vector<Said> rows = known_people();
  for (const unsigned threads : {1U, 16U}) {
    fs::create_directories(folder.path / std::to_string(threads));
    write_lookup(lookup_file(folder.path / std::to_string(threads)), link_and_keep(rows, threads).lookup, {});
  }
  CHECK(bytes_of_file(lookup_file(folder.path / "1")) == bytes_of_file(lookup_file(folder.path / "16")));
  fs::create_directories(folder.path / "other");
  write_lookup(lookup_file(folder.path / "other"), link_and_keep(rows, 2).lookup,
               {"blocking = [\"given_name + family_name\"]\n[[field]]\nname = \"given_name\"\nkind = \"given_name\"\n[[field]]\nname = \"family_name\"\nkind = "
                "\"family_name\"\n",
                {}});
  CHECK(words_of(folder.path / "other").find("a model this program does not have / build the snapshot again") != std::string::npos);
}

TEST_CASE("a snapshot without the file, with too few people or a damaged one says what to do") {
  Folder folder("lookup-none");
  CHECK(words_of(folder.path).find("before people could be looked up in it / build it again: catchment build") != std::string::npos);
  write_lookup(lookup_file(folder.path), {}, {});
  CHECK(words_of(folder.path).find("fewer than 200 people by an NHS number") != std::string::npos);
  std::ofstream(lookup_file(folder.path), std::ios::binary) << "not a database";
  CHECK_THROWS_AS(PersonFinder{folder.path}, Error);
}
