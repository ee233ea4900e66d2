#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "base/error.h"
#include "base/random.h"
#include "thread/thread.h"

using namespace catchment;
using namespace catchment::thread;

namespace {

constexpr Counts out{}, due{0, 1}, done{1, 1};

PersonId person(std::int64_t number) { return PersonId{number}; }
After stays(std::int64_t number, Counts then, Counts now) { return {person(number), true, true, then, then, now}; }

Counts total(const Change& change) {
  Counts sum;
  for (const Part& part : change.parts) sum += part.change;
  return sum;
}

bool exact(const Change& change) {
  Counts left = change.after;
  left -= change.before;
  return total(change) == left;
}

}  // namespace

TEST_CASE("a vaccination that was recorded late is late data, one given since is real change") {
  const std::vector<Before> before = {{person(1), due}, {person(2), due}, {person(3), done}};
  const std::vector<After> after = {stays(1, done, done), stays(2, due, done), stays(3, done, done)};
  const Change change = explain(before, after, {});
  CHECK(change.before == Counts{1, 3});
  CHECK(change.after == Counts{3, 3});
  CHECK(change.of(Cause::late_data).change == Counts{1, 0});
  CHECK(change.of(Cause::real).change == Counts{1, 0});
  CHECK(change.of(Cause::late_data).people == 1);
  CHECK(change.of(Cause::late_data).points == doctest::Approx(1.0 / 3));
  CHECK(exact(change));
}

TEST_CASE("two records found to be one person are relinking, not a person less") {
  const std::vector<Before> before = {{person(1), done}, {person(2), due}, {person(3), due}};
  const std::vector<After> after = {stays(1, done, done), stays(3, due, due)};
  const Change change = explain(before, after, {{person(2), person(1)}});
  CHECK(change.of(Cause::relinked).change == Counts{0, -1});
  CHECK(change.of(Cause::late_data).change == out);
  CHECK(change.of(Cause::relinked).people == 1);
  CHECK(exact(change));
}

TEST_CASE("one person found to be two is relinking") {
  const std::vector<Before> before = {{person(1), done}};
  const std::vector<After> after = {stays(1, due, due), stays(9, done, done)};
  const Change change = explain(before, after, {{person(1), person(9)}});
  CHECK(change.of(Cause::relinked).change == Counts{0, 1});
  CHECK(exact(change));
}

TEST_CASE("a person under another number is the same person") {
  const Change change = explain({{person(1), due}}, {stays(8, done, done)}, {{person(1), person(8)}});
  CHECK(change.of(Cause::relinked).people == 0);
  CHECK(change.of(Cause::late_data).change == Counts{1, 0});
  CHECK(exact(change));
}

TEST_CASE("who came and who left are movers, with all that changed for them") {
  std::vector<After> after = {{person(1), true, false, done, done, done}, {person(2), false, true, due, due, done}};
  const Change change = explain({{person(1), done}}, after, {});
  CHECK(change.of(Cause::movers).gained == Counts{1, 1});
  CHECK(change.of(Cause::movers).lost == Counts{1, 1});
  CHECK(change.of(Cause::movers).people == 2);
  CHECK(change.before == change.after);
  CHECK(exact(change));
}

TEST_CASE("a move that was already over on the first day and is only known now is late data") {
  const Change change = explain({{person(1), done}}, {{person(1), false, false, done, done, done}}, {});
  CHECK(change.of(Cause::late_data).change == Counts{-1, -1});
  CHECK(change.of(Cause::movers).people == 0);
}

TEST_CASE("birth and death are real change") {
  const std::vector<After> after = {{person(1), true, true, done, done, out}, {person(2), true, true, out, out, due}};
  const Change change = explain({{person(1), done}}, after, {});
  CHECK(change.of(Cause::real).change == Counts{-1, 0});
  CHECK(change.of(Cause::movers).people == 0);
}

TEST_CASE("a changed definition is told apart from what changed under it") {
  // Three were due under the old rule; the new one leaves the first out and counts the second; the third was seen since.
  const std::vector<After> after = {{person(1), true, true, due, out, out}, {person(2), true, true, due, done, done}, {person(3), true, true, due, due, done}};
  const Change change = explain({{person(1), due}, {person(2), due}, {person(3), due}}, after, {});
  CHECK(change.of(Cause::definition).change == Counts{1, -1});
  CHECK(change.of(Cause::real).change == Counts{1, 0});
  CHECK(exact(change));
}

TEST_CASE("everything at once, by hand") {
  const std::vector<Before> before = {{person(1), due}, {person(2), done}, {person(3), done}, {person(4), due}, {person(5), due}, {person(6), due}};
  const std::vector<After> after = {
      stays(1, done, done),                                 // late: +1
      stays(2, done, done),                                 // together with 3
      {person(4), true, false, due, due, due},              // left: denominator -1
      {person(5), true, true, due, out, out},               // new rule: denominator -1
      stays(6, due, done),                                  // real: +1
      {person(7), false, true, out, out, done},             // came: +1 of +1
  };
  const Change change = explain(before, after, {{person(3), person(2)}});
  CHECK(change.before == Counts{2, 6});
  CHECK(change.after == Counts{4, 4});
  CHECK(change.of(Cause::late_data).change == Counts{1, 0});
  CHECK(change.of(Cause::relinked).change == Counts{-1, -1});
  CHECK(change.of(Cause::movers).change == Counts{1, 0});
  CHECK(change.of(Cause::definition).change == Counts{0, -1});
  CHECK(change.of(Cause::real).change == Counts{1, 0});
  CHECK(exact(change));
}

TEST_CASE("the parts of any two figures sum to their difference exactly") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const auto counts = [&] {
      const auto denominator = static_cast<std::int64_t>(random.below(3));
      return Counts{static_cast<std::int64_t>(random.below(3)), denominator};
    };
    std::vector<Before> before;
    std::vector<After> after;
    std::vector<Relink> relinks;
    const auto size = static_cast<std::int64_t>(1 + random.below(40));
    for (std::int64_t p = 0; p < size; ++p) {
      if (random.chance(0.8)) before.push_back({person(p), counts()});
      if (random.chance(0.8))
        after.push_back({person(p + (random.chance(0.1) ? 1000 : 0)), random.chance(0.8), random.chance(0.8), counts(), counts(), counts()});
      if (random.chance(0.2)) relinks.push_back({person(p), person(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(size))))});
    }
    const Change change = explain(before, after, relinks);
    REQUIRE(exact(change));
    Counts first, second;
    for (const Before& each : before) first += each.counts;
    for (const After& each : after) second += each.here_now ? each.now : out;
    CHECK(change.before == first);
    CHECK(change.after == second);
    double points = 0;
    for (const Part& part : change.parts) {
      Counts net = part.gained;
      CHECK((net -= part.lost) == part.change);
      points += part.points;
    }
    if (change.share_before && change.share_after) CHECK(std::abs(points - (*change.share_after - *change.share_before)) < 1e-12);
  }
}

TEST_CASE("the order of people makes no difference") {
  Random random(5);
  std::vector<Before> before;
  std::vector<After> after;
  for (std::int64_t p = 0; p < 30; ++p) {
    before.push_back({person(p), random.chance(0.5) ? due : done});
    after.push_back({person(p), random.chance(0.9), random.chance(0.9), done, due, done});
  }
  const std::vector<Relink> relinks = {{person(1), person(2)}, {person(2), person(1)}, {person(5), person(6)}};
  const Change forward = explain(before, after, relinks);
  std::vector<Before> first(before.rbegin(), before.rend());
  std::vector<After> second(after.rbegin(), after.rend());
  std::vector<Relink> third(relinks.rbegin(), relinks.rend());
  CHECK(explain(first, second, third).parts == forward.parts);
}

TEST_CASE("a person twice on one side or counting less than nothing is refused") {
  CHECK_THROWS_AS(explain({{person(1), due}, {person(1), due}}, {}, {}), Error);
  CHECK_THROWS_AS(explain({}, {stays(1, due, due), stays(1, due, due)}, {}), Error);
  CHECK_THROWS_AS(explain({{person(1), {0, -1}}}, {}, {}), Error);
}

TEST_CASE("small parts are hidden, and another with them so that they cannot be worked out") {
  std::vector<Before> before;
  std::vector<After> after;
  for (std::int64_t p = 0; p < 200; ++p) {
    const bool late = p < 3, real = p >= 100 && p < 140;
    before.push_back({person(p), due});
    after.push_back(stays(p, late ? done : due, late || real ? done : due));
  }
  const ShownChange change = shown({}, explain(before, after, {}), true);
  CHECK(change.parts[0].gained.hidden());
  CHECK(change.parts[4].gained.hidden());
  const std::vector<std::string> text = sentences(change);
  REQUIRE(text.size() == 2);
  CHECK(text[0] == "Late data added a number hidden to protect people.");
  const ShownChange large = shown({}, explain({}, {stays(1, out, {50, 50})}, {}), false);
  CHECK(sentences(large) == std::vector<std::string>{"Real change added 50."});
}
