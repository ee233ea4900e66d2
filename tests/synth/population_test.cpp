#include "synth/population.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "example.h"
#include "synth/synth.h"

using namespace catchment;
using namespace catchment::synth;

namespace {

double percent(double part, double whole) { return 100 * part / whole; }

}  // namespace

TEST_CASE("residents are as many as asked for, and place, age, sex and deprivation follow the published shares") {
  const Model& model = example_model();
  std::vector<double> residents(model.places.size());
  std::vector<std::array<double, 6>> fifths(model.places.size());
  std::vector<std::array<double, oldest_age + 2>> ages(model.places.size());
  double women = 0, all = 0;
  for (const auto& life : everybody()) {
    if (life.standing != Standing::resident) continue;
    ++all;
    women += life.sex == Sex::female;
    ++residents[life.place];
    ++fifths[life.place][model.areas[life.addresses.back().area].fifth];
    ++ages[life.place][static_cast<std::size_t>(life.age(model.as_of))];
  }
  CHECK(all == 20'000);
  CHECK(percent(women, all) == doctest::Approx(50.5).epsilon(0.02));
  for (std::size_t p = 0; p < model.places.size(); ++p) {
    const PlaceModel& place = model.places[p];
    INFO(place.name);
    CHECK(std::abs(percent(residents[p], all) - 100 * place.share) < 0.2);
    for (std::size_t f = 1; f <= 5; ++f) CHECK(std::abs(percent(fifths[p][f], residents[p]) - 100 * place.fifth_share[f]) < 2.0);
    for (const auto& [low, high] : {std::pair{0, 4}, {5, 17}, {18, 39}, {40, 64}, {65, 74}, {75, 84}, {85, oldest_age}}) {
      double wanted = 0, got = 0;
      for (auto age = static_cast<std::size_t>(low); age <= static_cast<std::size_t>(high); ++age) wanted += place.ages[age], got += ages[p][age];
      CHECK(std::abs(percent(got, residents[p]) - 100 * wanted) < 1.5);
    }
  }
}

TEST_CASE("ethnic groups follow the published shares of each place, and poorer areas hold more of the groups that live there") {
  const Model& model = example_model();
  std::map<std::pair<std::size_t, std::string>, double> groups;
  std::map<std::size_t, double> total;
  double poorest = 0, poorest_asian = 0, richest = 0, richest_white = 0;
  for (const auto& life : everybody()) {
    if (life.standing != Standing::resident) continue;
    const std::string& group = model.ethnicities[life.ethnicity].group;
    ++groups[{life.place, group}];
    ++total[life.place];
    const int fifth = model.areas[life.addresses.back().area].fifth;
    if (fifth == 1) ++poorest, poorest_asian += group == "asian";
    if (fifth == 5) ++richest, richest_white += group == "white";
  }
  for (const auto& [place, people] : total)
    for (const auto* group : {"white", "asian", "black", "mixed", "other"}) {
      double wanted = 0;
      for (std::size_t e = 0; e < model.ethnicities.size(); ++e)
        if (model.ethnicities[e].group == group) wanted += model.places[place].ethnic_share[e];
      INFO(model.places[place].name << ' ' << group);
      CHECK(std::abs(percent(groups[{place, group}], people) - 100 * wanted) < 2.5);
    }
  CHECK(percent(poorest_asian, poorest) > 25);
  CHECK(percent(richest_white, richest) > 80);
}

TEST_CASE("registered people are about 16 in a hundred more than residents") {
  const Model& model = example_model();
  double registered = 0;
  for (const auto& life : everybody()) registered += life.registration(model.as_of) != nullptr;
  CHECK(registered / 20'000 == doctest::Approx(1.16).epsilon(0.015));
}

TEST_CASE("prevalence among registered people follows the published figures") {
  const Model& model = example_model();
  for (std::size_t c = 0; c < model.conditions.size(); ++c) {
    double people = 0, with = 0;
    for (const auto& life : everybody()) {
      if (!life.registration(model.as_of) || life.age(model.as_of) < model.conditions[c].from_age) continue;
      ++people;
      with += life.has(c, model.as_of);
    }
    INFO(model.conditions[c].title);
    const double figure = model.conditions[c].figure;
    CHECK(std::abs(percent(with, people) - figure) < 0.06 * figure + 0.15);
  }
}

TEST_CASE("NHS numbers are valid, of the test range, and nobody shares one") {
  std::set<std::uint64_t> seen;
  std::size_t outside = 0, faulty = 0;
  for (const auto& life : everybody()) {
    outside += life.nhs.digits / 10'000'000 != 999;
    faulty += read_nhs_number(to_digits(life.nhs)).fault != NhsNumberFault::none;
    seen.insert(life.nhs.digits);
  }
  CHECK(outside == 0);
  CHECK(faulty == 0);
  CHECK(seen.size() == everybody().size());
}

TEST_CASE("lives hold together: children are younger than their mothers, nobody lives after death, twins share a day") {
  const Model& model = example_model();
  const auto chunk = people_of_chunk(model, 3);
  std::size_t children = 0;
  for (const auto& life : chunk) {
    CHECK_FALSE(life.addresses.empty());
    CHECK(life.birth <= life.exits);
    CHECK(life.enters <= life.exits);
    if (life.death) CHECK(life.birth <= *life.death);
    for (const auto& registration : life.registrations) CHECK(registration.from >= life.birth);
    if (life.mother < 0) continue;
    ++children;
    const Life& mother = chunk[static_cast<std::size_t>(life.mother)];
    CHECK(mother.sex == Sex::female);
    CHECK(age_in_years(mother.birth, life.birth) >= 17);
  }
  CHECK(children > 150);
}

TEST_CASE("a person's life does not depend on how many people were asked for before theirs") {
  const Model& model = example_model();
  const auto once = people_of_chunk(model, 5), again = people_of_chunk(model, 5);
  REQUIRE(once.size() == again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    CHECK(once[i].given == again[i].given);
    CHECK(once[i].birth == again[i].birth);
    CHECK(once[i].onset == again[i].onset);
  }
}

TEST_CASE("a million residents need more numbers than the 999 range holds: the rest are valid and of 998") {
  const LoadedModel large = load_model(std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk", 1'000'000, 7);
  REQUIRE_FALSE(has_errors(large.diagnostics));
  const std::uint64_t people = counts_before(large.model, chunk_count(large.model)).all();
  CHECK(people > 909'091);
  CHECK(nhs_number(large.model, 0).digits / 10'000'000 == 999);
  const NhsNumber last = nhs_number(large.model, people - 1);
  CHECK(last.digits / 10'000'000 == 998);
  CHECK(read_nhs_number(to_digits(last)).fault == NhsNumberFault::none);
}
