// One person looked up by what a build kept: who is found, who is not, and that a build would decide the same.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "linkage/person/lookup_people.h"
#include "made_rows.h"

using namespace catchment;
using namespace catchment::linkage;
using made::Said;

namespace {

/// Practices know people by number; hospitals know every second one without it, some with a fault.
struct World {
  std::vector<Said> rows;
  std::size_t people = 0;
};

World make_world(std::size_t people) {
  World out;
  out.people = people;
  Random random(11);
  std::uint64_t next = 5000;
  for (std::size_t p = 0; p < people; ++p) {
    out.rows.push_back(made::person(random, next, "p" + std::to_string(p), 4, 6));
    if (p % 2 != 0) continue;
    Said again = out.rows.back();
    again.source = 2, again.number.clear();
    if (p % 10 == 0) again.born[3] = again.born[3] == '5' ? '4' : '5';
    if (p % 14 == 0) again.postcode.clear();
    if (p % 18 == 0) again.given[0] = again.given[0] == 'b' ? 'd' : 'b';
    if (p % 22 == 0) again.family = made::word(random, 6);
    if (p % 26 == 0) again.given.clear();
    out.rows.push_back(again);
  }
  return out;
}

LinkResult linked(const std::vector<Said>& rows, unsigned threads = 2, bool keep = true) {
  IdentityTable table;
  for (const Said& r : rows) made::add_row(table, r);
  SilentProgress silent;
  LinkSettings settings;
  settings.threads = threads;
  settings.keep_lookup = keep;
  return link_identities(table, {}, settings, silent);
}

Lookup::Fetch from_memory(const LookupKept& kept) {
  return [&kept](const std::vector<LookupKey>& wanted) {
    std::set<std::uint32_t> places;
    for (const LookupKey& one : wanted)
      for (const std::uint64_t held : kept.keys.at(one.rule))
        if (held >> 32 == one.key) places.insert(static_cast<std::uint32_t>(held));
    std::vector<std::string> out;
    for (const std::uint32_t place : places) out.emplace_back(kept.person(place));
    return out;
  };
}

LookupAnswer ask(const LookupKept& kept, const Said& details) {
  IdentityTable table;
  made::add_row(table, details);
  return Lookup({}, kept.basis).find(table, from_memory(kept));
}

std::size_t row_of(const World& world, const std::string& key) {
  for (std::size_t row = 0; row < world.rows.size(); ++row)
    if (world.rows[row].key == key && world.rows[row].source == 1) return row;
  FAIL("no such row");
  return 0;
}

double total(const std::vector<WeightPart>& parts) {
  double sum = 0;
  for (const WeightPart& part : parts) sum += part.bits;
  return sum;
}

}  // namespace

TEST_CASE("details with a fault find the person they are about, best first, and the bars sum to the weight") {
  const World world = make_world(600);
  const LinkResult result = linked(world.rows);
  REQUIRE(result.lookup);
  int asked = 0, first = 0, another = 0;
  for (std::size_t p = 1; p < world.people; p += 6) {
    const std::size_t row = row_of(world, "p" + std::to_string(p));
    for (int fault = 0; fault < 5; ++fault) {
      Said details = world.rows[row];
      if (fault != 0) details.number.clear();
      if (fault == 1) details.given[1] = details.given[1] == 'a' ? 'e' : 'a';
      if (fault == 2) std::swap(details.given, details.family);
      if (fault == 3) details.born[9] = details.born[9] == '1' ? '2' : '1';
      if (fault == 4) details.postcode = "MK99 9ZZ";
      const LookupAnswer answer = ask(*result.lookup, details);
      ++asked;
      for (const LookupCandidate& one : answer.candidates) CHECK(std::abs(total(one.parts) - one.weight) < 1e-3);
      if (answer.candidates.empty()) continue;
      if (answer.candidates[0].person == result.person[row]) ++first;
      else if (answer.verdict == LookupVerdict::same) ++another;
      CHECK(answer.candidates[0].by_number == (fault == 0));
    }
  }
  REQUIRE(asked == 500);
  CHECK(first >= 490);
  CHECK(another == 0);
}

TEST_CASE("a lookup says of a row what a build with that row in it says") {
  const World world = make_world(600);
  const LinkResult before = linked(world.rows);
  REQUIRE(before.lookup);
  std::map<LookupVerdict, int> said;
  int asked = 0, differ = 0;
  for (std::size_t p = 3; p < world.people; p += 32) {
    const std::size_t from = row_of(world, "p" + std::to_string(p));
    Said row = world.rows[from];
    row.source = 3, row.key = "new";
    if (p % 5 != 4) row.number.clear();
    switch (p % 5) {
      case 0: row.given[0] = row.given[0] == 'b' ? 'd' : 'b'; break;
      case 1: row.postcode.clear(), row.born[6] = row.born[6] == '1' ? '2' : '1'; break;
      case 2: row.family = "lopamesu", row.postcode.clear(); break;
      case 3: row.given.clear(); break;
      default: break;
    }
    std::vector<Said> more = world.rows;
    more.push_back(row);
    const LinkResult after = linked(more);
    const auto added = static_cast<std::uint32_t>(world.rows.size());
    bool joined = false, waits = false;
    for (std::size_t other = 0; other < world.rows.size(); ++other) joined = joined || after.person[other] == after.person[added];
    for (const Edge& edge : after.review) waits = waits || edge.a == added || edge.b == added;
    const LookupVerdict built = joined ? LookupVerdict::same : waits ? LookupVerdict::possible : LookupVerdict::nobody;
    const LookupAnswer answer = ask(*before.lookup, row);
    ++asked, ++said[answer.verdict];
    differ += built != answer.verdict;
    if (answer.verdict != LookupVerdict::same || built != LookupVerdict::same) continue;
    CHECK(answer.candidates[0].person == before.person[from]);
    CHECK(after.person[added] == after.person[from]);
  }
  CHECK(asked == 19);
  CHECK(said[LookupVerdict::same] >= 8);
  CHECK(said[LookupVerdict::possible] >= 3);
  CHECK(differ <= 1);  // the row itself moves a little what everybody's weigh
}

TEST_CASE("a number that name and birthday contradict is not used, and its holder is not shown") {
  const World world = make_world(400);
  const LinkResult result = linked(world.rows);
  REQUIRE(result.lookup);
  Said details = world.rows[row_of(world, "p7")];
  details.given = "zoruna", details.family = "vekulipo", details.born = "1901-02-03", details.postcode.clear();
  const LookupAnswer answer = ask(*result.lookup, details);
  CHECK(answer.number_of_another);
  CHECK(answer.verdict == LookupVerdict::nobody);
  CHECK(answer.candidates.empty());
  Said other = world.rows[row_of(world, "p9")];
  other.number = world.rows[row_of(world, "p11")].number;
  const LookupAnswer two = ask(*result.lookup, other);
  CHECK(two.number_of_another);
  REQUIRE_FALSE(two.candidates.empty());
  CHECK(two.verdict != LookupVerdict::nobody);
  CHECK(two.candidates[0].person == result.person[row_of(world, "p9")]);
}

TEST_CASE("another live number keeps details apart from somebody who has one") {
  const World world = make_world(400);
  const LinkResult result = linked(world.rows);
  REQUIRE(result.lookup);
  Said details = world.rows[row_of(world, "p21")];
  std::uint64_t next = 900000;
  details.number = made::number_of(next);
  const LookupAnswer answer = ask(*result.lookup, details);
  CHECK(answer.verdict == LookupVerdict::possible);
  REQUIRE_FALSE(answer.candidates.empty());
  CHECK(answer.candidates[0].held_back == "nhs-numbers-differ");
}

TEST_CASE("placeholders are nothing: details made of them say too little") {
  const World world = make_world(400);
  const LinkResult result = linked(world.rows);
  REQUIRE(result.lookup);
  Said nothing;
  nothing.given = "Baby", nothing.family = "UNKNOWN", nothing.born = "1900-01-01", nothing.postcode = "ZZ99 3VZ", nothing.number = "9999999999";
  for (const Said& details : {nothing, Said{}}) {
    const LookupAnswer answer = ask(*result.lookup, details);
    CHECK(answer.says_too_little);
    CHECK(answer.candidates.empty());
    CHECK(answer.verdict == LookupVerdict::nobody);
  }
  Said born = nothing;
  born.born = world.rows[0].born;
  CHECK(ask(*result.lookup, born).says_too_little);
}

TEST_CASE("without a given name twins are both possible and neither is said to be the one") {
  World world = make_world(400);
  std::uint64_t next = 800000;
  Said twin = world.rows[row_of(world, "p33")];
  twin.key = "twin", twin.given = "bolu", twin.number = made::number_of(next);
  world.rows.push_back(twin);
  const LinkResult result = linked(world.rows);
  REQUIRE(result.lookup);
  Said details = twin;
  details.given.clear(), details.number.clear();
  const LookupAnswer answer = ask(*result.lookup, details);
  CHECK(answer.verdict != LookupVerdict::same);
  for (const LookupCandidate& one : answer.candidates) CHECK(one.held_back == "no-given-name");
}

TEST_CASE("of somebody whose location is protected nothing kept tells the home, and the home finds nobody") {
  World world = make_world(400);
  const std::size_t row = row_of(world, "p45");
  Said& hidden = world.rows[row];
  hidden.flags = flag_restricted, hidden.postcode = "QX7 7QX";
  const LinkResult result = linked(world.rows);
  REQUIRE(result.lookup);
  CHECK(result.lookup->people.find("QX7") == std::string::npos);
  CHECK(result.lookup->people.find("qx7") == std::string::npos);
  Said details = hidden;
  details.flags = 0, details.number.clear();
  const LookupAnswer answer = ask(*result.lookup, details);
  REQUIRE_FALSE(answer.candidates.empty());
  CHECK(answer.candidates[0].person == result.person[row]);
  for (const WeightPart& part : answer.candidates[0].parts)
    if (part.field == "postcode") CHECK(part.level == "not given");
  Said home;
  home.given = details.given, home.postcode = details.postcode;
  CHECK(ask(*result.lookup, home).candidates.empty());
}

TEST_CASE("an identity issued afresh is found by its number only") {
  World world = make_world(400);
  const std::size_t row = row_of(world, "p51");
  world.rows[row].flags = flag_identity_reissued;
  const LinkResult result = linked(world.rows);
  REQUIRE(result.lookup);
  Said details = world.rows[row];
  details.flags = 0;
  const LookupAnswer with = ask(*result.lookup, details);
  CHECK(with.verdict == LookupVerdict::same);
  CHECK(with.candidates.at(0).by_number);
  details.number.clear();
  for (const LookupCandidate& one : ask(*result.lookup, details).candidates) CHECK(one.person != result.person[row]);
}

TEST_CASE("what is kept is the same on any number of threads and in any order of rows") {
  const World world = make_world(300);
  const LinkResult once = linked(world.rows, 1);
  std::vector<Said> turned(world.rows.rbegin(), world.rows.rend());
  for (const LinkResult& other : {linked(world.rows, 16), linked(turned, 2)}) {
    REQUIRE(other.lookup);
    CHECK(other.lookup->keys == once.lookup->keys);
    CHECK(other.lookup->people == once.lookup->people);
    CHECK(other.lookup->basis.trained == once.lookup->basis.trained);
    CHECK(other.lookup->basis.counts.given_names == once.lookup->basis.counts.given_names);
  }
  CHECK_FALSE(linked(world.rows, 2, false).lookup);
  const std::vector<Said> few(world.rows.begin(), world.rows.begin() + 100);
  CHECK_FALSE(linked(few).lookup);
}

TEST_CASE("a person's rows come back as they were packed, and damaged bytes are refused") {
  LookupPerson person{PersonId{77}, true, {}};
  person.said.push_back({{"ann", "lee", "19800503", "f", "", "1 high st", "", ""}, 9434765919, flag_number_verified, 3});
  person.said.push_back({{"ann", "may", "19800503", "", "LU11AA", "", "", ""}, 0, 0, 1});
  std::string packed;
  pack_person(person, packed);
  const LookupPerson back = unpack_person(packed);
  CHECK(back.person == person.person);
  CHECK(back.by_number_only);
  REQUIRE(back.said.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(back.said[i].texts == person.said[i].texts);
    CHECK(back.said[i].number == person.said[i].number);
    CHECK(back.said[i].flags == person.said[i].flags);
    CHECK(back.said[i].rows == person.said[i].rows);
  }
  for (std::size_t length = 0; length < packed.size(); ++length) CHECK_THROWS_AS((void)unpack_person(std::string_view(packed).substr(0, length)), Error);
  CHECK_THROWS_AS((void)unpack_person(packed + "x"), Error);
}
