#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "linkage/linkage.h"
#include "made_rows.h"

using namespace catchment;
using namespace catchment::linkage;
using namespace catchment::linkage::made;

namespace {

// People in three sources: numbers in the first and mostly in the second, none in the third; some names mistyped.
std::vector<Said> rows_of(std::size_t people) {
  Random random(21);
  std::vector<Said> out;
  std::uint64_t next = 5;
  for (std::size_t p = 0; p < people; ++p) {
    Said row = person(random, next, "", 5, 7);
    for (int source = 1; source <= 3; ++source) {
      Said said = row;
      said.source = source, said.key = "k" + std::to_string(out.size());
      if (source == 3 || (source == 2 && random.chance(0.1))) said.number.clear();
      if (source == 3 && random.chance(0.1)) said.given[1] = 'x';
      out.push_back(said);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("identities: the same persons on 1, 2 and 16 threads and in any row order") {
  std::vector<Said> rows = rows_of(900);
  const LinkResult one = link(rows, {}, 1);
  CHECK(one.counts.persons < 1000);
  CHECK(link(rows, {}, 2).person == one.person);
  CHECK(link(rows, {}, 16).person == one.person);
  Random random(4);
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  std::vector<Said> shuffled;
  for (const std::size_t i : order) shuffled.push_back(rows[i]);
  const LinkResult other = link(shuffled, {}, 2);
  std::size_t differ = 0;
  for (std::size_t i = 0; i < order.size(); ++i) differ += other.person[i] != one.person[order[i]];
  CHECK(differ == 0);
}

TEST_CASE("an unrelated person changes nobody") {
  std::vector<Said> rows = rows_of(900);
  const LinkResult before = link(rows, {}, 2);
  rows.push_back({3, "stranger", "", "Quillon", "Xanthopoulos", "1911-11-30", "ZE1 0AA"});
  const LinkResult after = link(rows, {}, 2);
  std::size_t changed = 0;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i)
    for (const std::size_t j : {i + 1, i + 2})
      if (j + 1 < rows.size()) changed += (before.person[i] == before.person[j]) != (after.person[i] == after.person[j]);
  CHECK(changed == 0);
}

TEST_CASE("a hostel, a number hundreds use, empty rows and emoji are bounded, join nobody, and are said") {
  std::vector<Said> rows = rows_of(600);
  Random random(8);
  const std::size_t from = rows.size();
  for (int i = 0; i < 12000; ++i) {
    Said row{7,
             "h" + std::to_string(i),
             "",
             word(random, 5),
             word(random, 7),
             "19" + std::to_string(30 + random.below(60)) + "-0" + std::to_string(1 + random.below(9)) + "-1" + std::to_string(random.below(10)),
             "MK1 1AA"};
    if (i % 4 == 1) row.number = "9990000018";
    if (i % 4 == 2) row.given = row.family = "UNKNOWN", row.born.clear(), row.postcode = "ZZ99 3VZ";
    if (i % 4 == 3) row.given = row.family = "\xF0\x9F\x98\x80", row.born.clear(), row.postcode.clear();
    rows.push_back(row);
  }
  constexpr std::size_t blank = 1000;
  for (std::size_t i = 0; i < blank; ++i) rows.push_back({7, "e" + std::to_string(i), "", "", "", "", ""});
  for (int i = 0; i < 50; ++i) rows.push_back({8, "p" + std::to_string(i), "", "", "", "", ""});  // pseudonyms: nothing is missing
  const LinkResult result = link(rows, {}, 2);
  std::vector<std::int64_t> persons;
  for (std::size_t i = from; i < rows.size(); ++i) persons.push_back(result.person[i].value);
  std::sort(persons.begin(), persons.end());
  const auto distinct = static_cast<std::size_t>(std::unique(persons.begin(), persons.end()) - persons.begin());
  CHECK(distinct >= persons.size() - 5);
  CHECK(result.counts.pairs_compared < 3'000'000);
  bool said = false;
  for (const Finding& f : result.findings) {
    said = said || f.rule == "nhs-number-used-by-very-many-rows";
    CHECK_MESSAGE(!f.rows.empty(), f.rule);
    CHECK_MESSAGE(f.message.starts_with(std::to_string(f.rows.size()) + " rows"), f.message);
  }
  CHECK(said);
  const auto silent = std::find_if(result.findings.begin(), result.findings.end(), [](const Finding& f) { return f.rule == "row-names-nobody"; });
  REQUIRE(silent != result.findings.end());
  CHECK(silent->rows.size() == 6000 + blank);  // UNKNOWN UNKNOWN, emoji and empty rows
  const auto hub = std::find_if(result.findings.begin(), result.findings.end(), [](const Finding& f) { return f.rule == "home-or-contact-of-very-many"; });
  REQUIRE(hub != result.findings.end());
  CHECK(hub->rows.size() == 6000);  // those of the hostel's postcode, and nobody else
  CHECK(hub->message.find("postcode (1)") != std::string::npos);
  CHECK(silent->message.find("(1000 with every field empty") != std::string::npos);
}

TEST_CASE("a finding about a name too many people have names the rows it is about") {
  std::vector<Said> rows = rows_of(400);
  std::uint64_t next = 40000;
  for (int i = 0; i < 150; ++i)
    rows.push_back({1, "m" + std::to_string(i), number_of(next), "Maria", "Novak",
                    "19" + std::to_string(30 + i % 60) + "-0" + std::to_string(1 + i % 9) + "-11", "MK" + std::to_string(50 + i) + " 1AA"});
  for (int i = 0; i < 7; ++i) rows.push_back({3, "n" + std::to_string(i), "", "Maria", "Novak", "", ""});
  const LinkResult result = link(rows, {}, 2);
  const auto at = std::find_if(result.findings.begin(), result.findings.end(), [](const Finding& f) { return f.rule == "value-shared-by-too-many-rows"; });
  REQUIRE(at != result.findings.end());
  CHECK(at->rows.size() == 7);
  CHECK(at->message.starts_with("7 rows"));
  CHECK(at->message.find("given_name + family_name (7)") != std::string::npos);
}
