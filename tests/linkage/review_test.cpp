// The review queue: every pair explained, and every decision on it obeyed by the next run.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "linkage/linkage.h"
#include "made_rows.h"

using namespace catchment;
using namespace catchment::linkage;
using namespace catchment::linkage::made;

namespace {

// Two sources know each person by number; two others know some, without one and with a fault, and say exactly
// the same.
std::vector<Said> people() {
  Random random(17);
  std::uint64_t next = 100;
  std::vector<Said> out;
  for (int p = 0; p < 600; ++p) {
    Said one = person(random, next, "a" + std::to_string(p), 4, 6);
    out.push_back(one);
    one.source = 4, one.key = "n" + std::to_string(p);
    out.push_back(one);
    one.number.clear();
    if (p % 2 == 0) {
      if (p % 4 == 0) one.postcode.clear();
      if (p % 3 == 0) one.given = out[static_cast<std::size_t>(random.below(out.size()))].given;
      if (p % 5 == 0) one.born[3] = one.born[3] == '5' ? '4' : '5';
      if (p % 7 == 0) one.family = word(random, 6);
      for (const int source : {2, 3}) {
        one.source = source, one.key = "l" + std::to_string(p);
        out.push_back(one);
      }
    }
  }
  return out;
}

/// As the review page keeps it: every row that says one side with every row that says the other.
void decide(PersonRegister& known, const std::vector<Said>& rows, const ReviewStory& story, Verdict verdict, std::int64_t at) {
  for (const std::uint32_t a : story.rows_a)
    for (const std::uint32_t b : story.rows_b)
      known.reviews.push_back({{SourceId{rows[a].source}, rows[a].key}, {SourceId{rows[b].source}, rows[b].key}, verdict, Instant{at, 0}, "steward", ""});
}

bool in_review(const LinkResult& result, const ReviewStory& story, bool* unsure = nullptr) {
  for (const ReviewStory& each : result.stories) {
    const auto holds = [&](const std::vector<std::uint32_t>& rows, std::uint32_t row) { return std::find(rows.begin(), rows.end(), row) != rows.end(); };
    const bool straight = holds(each.rows_a, story.rows_a[0]) && holds(each.rows_b, story.rows_b[0]),
               crossed = holds(each.rows_a, story.rows_b[0]) && holds(each.rows_b, story.rows_a[0]);
    if (!straight && !crossed) continue;
    if (unsure != nullptr) *unsure = each.unsure;
    return true;
  }
  return false;
}

std::size_t parted(const std::vector<Said>& rows, const LinkResult& result) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = i + 1; j < std::min(rows.size(), i + 2); ++j)
      if (!rows[i].number.empty() && rows[i].number == rows[j].number) count += result.person[i] != result.person[j];
  return count;
}

}  // namespace

TEST_CASE("a pair for review says where its weight comes from and which rows the decision speaks of") {
  const auto rows = people();
  const LinkResult r = link(rows);
  REQUIRE(r.review.size() >= 8);
  REQUIRE(r.stories.size() == r.review.size());
  bool several = false;
  for (std::size_t i = 0; i < r.review.size(); ++i) {
    CAPTURE(i);
    double sum = 0;
    for (const WeightPart& part : r.stories[i].parts) sum += part.bits;
    CHECK(std::abs(sum - static_cast<double>(r.review[i].weight)) < 0.001);
    CHECK_FALSE(r.stories[i].held_back.empty());
    CHECK(r.person[r.review[i].a] != r.person[r.review[i].b]);
    if (i > 0) CHECK(r.review[i].weight <= r.review[i - 1].weight);
    for (const auto* side : {&r.stories[i].rows_a, &r.stories[i].rows_b}) {
      several = several || side->size() > 1;
      for (const std::uint32_t row : *side)
        CHECK(rows[row].given + rows[row].family + rows[row].born + rows[row].postcode ==
              rows[side->front()].given + rows[side->front()].family + rows[side->front()].born + rows[side->front()].postcode);
    }
  }
  CHECK(several);
}

TEST_CASE("decided pairs leave the queue and the next run obeys; undone, they come back") {
  const auto rows = people();
  const LinkResult before = link(rows);
  REQUIRE(before.stories.size() >= 8);
  PersonRegister known = before.next_register;
  constexpr Verdict verdicts[] = {Verdict::same, Verdict::different, Verdict::unsure};
  for (std::size_t i = 0; i < 8; ++i) decide(known, rows, before.stories[i], verdicts[i % 3], static_cast<std::int64_t>(i));
  const LinkResult after = link(rows, known);
  for (std::size_t i = 0; i < 8; ++i) {
    CAPTURE(i);
    const ReviewStory& story = before.stories[i];
    for (const std::uint32_t a : story.rows_a)
      for (const std::uint32_t b : story.rows_b) CHECK((after.person[a] == after.person[b]) == (verdicts[i % 3] == Verdict::same));
    bool unsure = false;
    CHECK(in_review(after, story, &unsure) == (verdicts[i % 3] == Verdict::unsure));
    CHECK(unsure == (verdicts[i % 3] == Verdict::unsure));
  }
  CHECK(parted(rows, after) == 0);  // nobody loses the rows that a number joined to them
  PersonRegister undone = after.next_register;
  undone.reviews.clear();
  const LinkResult again = link(rows, undone);
  for (std::size_t i = 0; i < 8; ++i) CHECK(in_review(again, before.stories[i]));
  CHECK(again.counts.persons == before.counts.persons);
}

TEST_CASE("a decision never joins two people of two numbers, however alike a row is to the other") {
  auto rows = people();
  // Loose, exactly like person 1; somebody says that it is person 3.
  Said loose = rows[2];
  loose.source = 2, loose.key = "odd", loose.number.clear();
  REQUIRE(loose.given == rows[3].given);
  rows.push_back(loose);
  const LinkResult alone = link(rows);
  REQUIRE(alone.person.back() == alone.person[2]);
  std::size_t other = 0;
  while (rows[other].source != 1 || rows[other].key == rows[2].key) ++other;
  PersonRegister known = alone.next_register;
  known.reviews.push_back({{SourceId{2}, "odd"}, {SourceId{1}, rows[other].key}, Verdict::same, Instant{1, 0}, "steward", ""});
  const LinkResult r = link(rows, known);
  CHECK(r.person.back() == r.person[other]);
  CHECK(r.person[other] != r.person[2]);
}
