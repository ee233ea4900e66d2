// What measures count that is easily forgotten: the population holds it, as often as the figures beside its rates say.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "base/csv.h"
#include "example.h"
#include "synth/feeds/hospital_care.h"
#include "synth/feeds/partner.h"
#include "synth/feeds/practice_care.h"
#include "written.h"

using namespace catchment;
using namespace catchment::synth;

namespace {

/// What hospitals did for one person within the ten years.
HospitalCare care_of(const Life& life) {
  static const HospitalRates rates(example_model());
  HospitalCare care;
  const Date from = std::max(example_model().from, life.enters), to = std::min(example_model().as_of.plus_days(1), life.exits);
  if (from < to) rates.care_for(life, from, to, care);
  return care;
}

}  // namespace

TEST_CASE("smokers stop as often as surveys find") {
  const Model& model = example_model();
  double smoked = 0, stopped = 0;
  for (const auto& life : everybody()) {
    if (life.standing != Standing::resident || life.age(model.as_of) < 18 || smoking_on(model, life, model.as_of.plus_days(-365)) != 2) continue;
    ++smoked;
    stopped += smoking_on(model, life, model.as_of) == 1;
    CHECK(smoking_on(model, life, model.as_of) == life.smoking);
  }
  INFO("of " << smoked << " smokers " << 100 * stopped / smoked << " per cent have stopped within a year");
  CHECK(smoked > 1'000);
  CHECK(std::abs(stopped / smoked - model.rates["smoking_stopped"]) < 0.015);
}

TEST_CASE("who is 75 or over has a COVID-19 vaccine in the autumn") {
  const Model& model = example_model();
  double old = 0, given = 0;
  for (const auto& life : everybody()) {
    if (life.standing != Standing::resident || life.age(model.as_of) < 76) continue;
    ++old;
    const auto all = vaccinations(model, life);
    given +=
        std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.vaccine == model.vaccines.size() + 1 && one.on > model.as_of.plus_days(-365); });
  }
  INFO("of " << old << " people " << 100 * given / old << " per cent");
  CHECK(old > 500);
  CHECK(std::abs(given / old - model.rates["covid_75"]) < 0.05);
}

TEST_CASE("the young are admitted for asthma as often as published") {
  const Model& model = example_model();
  double years = 0, admissions = 0;
  for (const auto& life : everybody()) {
    const Date nineteen = life.birth.plus_days(19 * 365 + 5);
    years += std::max(0, std::min({model.as_of.plus_days(1), life.exits, nineteen}).days - std::max(model.from, life.enters).days) / 365.25;
    if (life.birth.plus_days(19 * 365) <= model.from) continue;
    for (const auto& stay : care_of(life).stays) admissions += stay.kind == 1 && stay.icd10.starts_with("J45") && life.age(stay.admitted) < 19;
  }
  const double rate = 100'000 * admissions / years;
  INFO("admissions a year for each 100,000 under 19: " << rate);
  CHECK(rate > 203 * 0.75);
  CHECK(rate < 203 * 1.25);
}

TEST_CASE("of people who die as many as published have three or more emergency stays in their last 90 days") {
  double deaths = 0, three = 0;
  for (const auto& life : everybody()) {
    if (!life.death || *life.death > example_model().as_of || *life.death < example_model().from.plus_days(90)) continue;
    std::set<std::int32_t> days;
    for (const auto& stay : care_of(life).stays)
      if (stay.kind == 1 && stay.admitted >= life.death->plus_days(-90)) days.insert(stay.admitted.days);
    ++deaths;
    three += days.size() >= 3;
  }
  INFO("of " << deaths << " deaths " << 100 * three / deaths << " per cent");
  CHECK(deaths > 500);
  CHECK(std::abs(100 * three / deaths - 6.2) < 1.5);
}

TEST_CASE("some adults with a learning disability are in a mental health hospital, and not many more than published") {
  const Model& model = example_model();
  const Written mind(mental_health_feed);
  const CsvTable spells = mind.table("MHS501HospProvSpell");
  const auto at = [&](std::string_view name) { return static_cast<std::size_t>(spells.column(name)); };
  std::map<std::uint64_t, const Life*> people;
  double adult_days = 0;
  for (const auto& life : everybody()) {
    people[life.id] = &life;
    const Date eighteen = life.birth.plus_days(18 * 365 + 5);
    if (life.standing == Standing::outside) continue;
    adult_days += std::max(0, std::min(model.as_of.plus_days(1), life.exits).days - std::max({model.from, life.enters, eighteen}).days);
  }
  const auto learning = static_cast<std::size_t>(model.condition("learning_disability"));
  double days = 0, stays = 0;
  for (const auto& row : spells.rows) {
    const std::string& local = row[at("LocalPatientId")];
    const Life& life = *people.at((std::stoull(local.substr(local.size() - 8)) - 3) / 7);  // the provider's number of a person
    const Date in = *Date::parse(row[at("StartDateHospProvSpell")]);
    if (life.age(in) < 18 || !life.has(learning, in)) continue;
    const auto out = Date::parse(row[at("DischDateHospProvSpell")]);
    ++stays;
    days += (out ? *out : model.as_of.plus_days(1)).days - in.days;
  }
  const double rate = 1'000'000 * days / adult_days;
  INFO(stays << " stays; on any day " << rate << " of a million adults; the Long Term Plan has 30");
  CHECK(stays > 0);
  CHECK(rate > 5);
  CHECK(rate < 120);
}
