#include <doctest/doctest.h>

#include "disclosure/disclosure.h"

using namespace catchment;
using namespace catchment::disclosure;

TEST_CASE("a boundary that differs from an answered one by a few people is not answered") {
  const std::vector<std::int64_t> counts = {50, 40, 3, 60};
  const std::vector<Answered> earlier = {{"first", {0, 1}, true}};
  const OverlapAnswer wider = may_answer({}, counts, earlier, {0, 1, 2});
  CHECK_FALSE(wider.show);
  CHECK(wider.against == std::vector<std::string>{"first"});
  CHECK(may_answer({}, counts, earlier, {0, 1, 3}).show);
  CHECK(may_answer({}, counts, {{"first", {0, 1}, false}}, {0, 1, 2}).show);  // it was not answered
  CHECK(may_answer({}, counts, {}, {0, 1, 2}).show);
}

TEST_CASE("a small count itself is not answered") {
  const OverlapAnswer answer = may_answer({}, {50, 3}, {}, {1});
  CHECK_FALSE(answer.show);
  CHECK(answer.against.empty());
}

TEST_CASE("residents and registered of one place are told apart by both boundaries") {
  // Atoms: living here and registered here, living here and registered elsewhere, living elsewhere and registered here.
  const std::vector<Answered> residents = {{"residents", {0, 1}, true}};
  CHECK_FALSE(may_answer({}, {500, 4, 0}, residents, {0, 2}).show);  // those registered elsewhere would be known: 4
  CHECK(may_answer({}, {500, 4, 30}, residents, {0, 2}).show);       // the difference tells neither
  CHECK(may_answer({}, {500, 40, 30}, residents, {0, 2}).show);
}

TEST_CASE("earlier answers that together give a few people away are found") {
  const std::vector<std::int64_t> counts = {30, 40, 5};
  const std::vector<Answered> earlier = {{"first", {0}, true}, {"second", {1}, true}};
  const OverlapAnswer answer = may_answer({}, counts, earlier, {0, 1, 2});
  CHECK_FALSE(answer.show);
  CHECK(answer.against == std::vector<std::string>{"first", "second"});
}
