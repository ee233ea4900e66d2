#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "linkage/cluster/cluster.h"
#include "linkage/linkage.h"
#include "made_rows.h"

using namespace catchment;
using namespace catchment::linkage;
using namespace catchment::linkage::made;

namespace {

// Known by number in one source, by what they say in another.
std::vector<Said> people(std::size_t count) {
  Random random(53);
  std::uint64_t next = 100;
  std::vector<Said> out;
  for (std::size_t p = 0; p < count; ++p) {
    Said one = person(random, next, "a" + std::to_string(p), 5, 7);
    out.push_back(one);
    one.source = 2, one.key = "b" + std::to_string(p), one.number.clear();
    out.push_back(one);
  }
  return out;
}

}  // namespace

TEST_CASE("one weak bridge does not make two groups one: it is refused, for review") {
  const auto side = [](std::uint32_t place) { return place < 4; };
  const auto weight = [&](std::uint32_t a, std::uint32_t b) { return side(a) == side(b) ? 20.0 : a + b == 7 && (a == 3 || b == 3) ? 5.0 : -10.0; };
  std::vector<ScoredPair> pairs;
  for (std::uint32_t a = 0; a < 8; ++a)
    for (std::uint32_t b = a + 1; b < 8; ++b)
      if (weight(a, b) > 0) pairs.push_back({a, b, static_cast<float>(weight(a, b))});
  std::sort(pairs.begin(), pairs.end(), heavier);
  const std::vector<std::uint16_t> source(8, 0);
  ClusterRules rules;
  rules.link_log2_odds = 1, rules.unique_source = {false}, rules.source = &source;
  rules.weight = [&](std::uint32_t a, std::uint32_t b, unsigned) { return weight(a, b); };
  const Clusters clusters = cluster(8, pairs, rules);
  CHECK(clusters.of == std::vector<std::uint32_t>{0, 0, 0, 0, 4, 4, 4, 4});
  REQUIRE(clusters.refused.size() == 1);
  CHECK(clusters.refused[0].a == 3);
  CHECK(clusters.refused[0].b == 4);
}

TEST_CASE("a number given afresh on purpose is never joined to the old one, nor to a row that only looks alike") {
  std::vector<Said> rows = people(400);
  const std::size_t old_row = 0, like_row = 1;
  Said afresh = rows[old_row];
  std::uint64_t next = 900;
  afresh.source = 3, afresh.key = "afresh", afresh.number = number_of(next), afresh.flags = flag_identity_reissued;
  rows.push_back(afresh);
  const LinkResult r = link(rows);
  CHECK(r.person[old_row] == r.person[like_row]);
  CHECK(r.person.back() != r.person[old_row]);
  CHECK(r.person.back() != r.person[like_row]);
}

TEST_CASE("a restricted row reaches the rows that joined its person by likeness") {
  std::vector<Said> rows = people(400);
  rows[0].flags = flag_restricted;
  const LinkResult r = link(rows);
  REQUIRE(r.person[0] == r.person[1]);
  CHECK(r.restricted[1] == 1);
  CHECK(r.restricted[2] == 0);
}

TEST_CASE("no build undoes a review decision, whatever the order of rows and however often") {
  std::vector<Said> rows = people(400);
  Random random(6);
  PersonRegister known;
  for (std::int64_t i = 0; i < 60; ++i) {
    // Apart what the evidence joins, and together what it parts.
    const std::size_t p = 2 * (random.below(200)), q = 400 + 2 * random.below(200);
    const bool apart = i % 2 == 0;
    const Said &a = rows[p], &b = apart ? rows[p + 1] : rows[q + 1];
    known.reviews.push_back(
        {{SourceId{a.source}, a.key}, {SourceId{b.source}, b.key}, apart ? Verdict::different : Verdict::same, Instant{i, 0}, "steward", "seen"});
  }
  std::size_t undone = 0;
  for (int build = 0; build < 3; ++build) {
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
    const LinkResult r = link(rows, known);
    for (const ReviewDecision& d : known.reviews) {
      PersonId a, b;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].key == d.a.key) a = r.person[i];
        if (rows[i].key == d.b.key) b = r.person[i];
      }
      undone += (d.verdict == Verdict::same) != (a == b);
    }
    known = r.next_register;
    CHECK(known.reviews.size() == 60);
  }
  CHECK(undone == 0);
}
