// What the source documents say about the example's structure, held as claims.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "system/system.h"

using namespace catchment;
using namespace catchment::system;

namespace {
const System& example() {
  static const System system = load_system(CATCHMENT_SOURCE_DIR "/system/blmk").system;
  return system;
}

bool linked(const char* from, const char* kind, const char* to) {
  const auto& links = example().body_links;
  return std::any_of(links.begin(), links.end(), [&](const BodyLink& l) { return l.from == from && l.kind == kind && l.to == to; });
}
}  // namespace

TEST_CASE(
    "there is one place partnership, one Health and Wellbeing Board, one council and one Healthwatch in each "
    "place") {
  for (const Place& place : example().places) {
    std::multiset<std::string> kinds;
    for (const Body& body : example().bodies) {
      if (body.place == place.id && body.level == "place") kinds.insert(body.kind);
    }
    CHECK(kinds == std::multiset<std::string>{"committee", "council", "forum", "partnership"});
  }
}

TEST_CASE("the care partnership is a joint committee that answers to the care board and to all four councils") {
  CHECK(linked("care-partnership", "answers_to", "care-board"));
  for (const Place& place : example().places) { CHECK(linked("care-partnership", "answers_to", (place.id + "-council-body").c_str())); }
  CHECK(linked("care-partnership", "sets_strategy_for", "care-board"));
}

TEST_CASE("twelve core partners, four Healthwatch and the voluntary sector sit on the care partnership") {
  int core = 0, healthwatch = 0, voluntary = 0;
  for (const Seat& seat : find_body(example(), "care-partnership")->seats) {
    const Organisation* from = find_organisation(example(), seat.from);
    if (from == nullptr) continue;
    core += from->core_partner;
    healthwatch += from->kind == OrganisationKind::healthwatch;
    voluntary += from->kind == OrganisationKind::voluntary;
  }
  CHECK(core == 12);
  CHECK(healthwatch == 4);
  CHECK(voluntary == 1);
}

TEST_CASE("money comes from Government through NHS England and the care board to the providers") {
  CHECK(linked("government", "pays", "nhs-england-body"));
  CHECK(linked("nhs-england-body", "pays", "care-board"));
  for (const Organisation& one : example().organisations) {
    if (one.core_partner && one.kind != OrganisationKind::council && one.kind != OrganisationKind::care_board) {
      CHECK(linked("care-board", "pays", one.id.c_str()));
    }
  }
}

TEST_CASE("every body has somebody on it, says what it is for, and is joined to the picture") {
  for (const Body& body : example().bodies) {
    CHECK_FALSE(body.seats.empty());
    CHECK(body.purpose.size() > 30);
    const bool joined =
        std::any_of(example().body_links.begin(), example().body_links.end(), [&](const BodyLink& l) { return l.from == body.id || l.to == body.id; });
    CHECK_MESSAGE(joined, body.id);
  }
}

TEST_CASE("the strategy has four purposes, five priorities and seven enablers") {
  const Strategy& strategy = example().strategy;
  CHECK(strategy.purposes.size() == 4);
  CHECK(strategy.priorities.size() == 5);
  CHECK(strategy.enablers.size() == 7);
  std::vector<std::size_t> focus;
  for (const StrategyItem& item : strategy.priorities) focus.push_back(item.focus.size());
  CHECK(focus == std::vector<std::size_t>{3, 3, 3, 3, 9});
}

TEST_CASE("the first thread is Start Well: two doses of MMR by five against a goal of 95%") {
  REQUIRE(example().strategy.first_thread);
  const FirstThread& thread = *example().strategy.first_thread;
  CHECK(thread.priority == "start-well");
  CHECK(thread.goal_percent == 95);
  CHECK(thread.codelist == "mmr");
}

TEST_CASE("every service that the commissioner named is there") {
  for (const char* id :
       {"emergency-care", "ambulance", "nhs-111", "planned-hospital", "community-nursing", "speech-and-language", "wheelchairs", "rehabilitation",
        "continuing-healthcare", "maternity", "children-health", "learning-disability", "mental-health", "general-practice"}) {
    CHECK_MESSAGE(find_service(example(), id) != nullptr, id);
  }
}
