// What the statutory inequalities pack counts is in the feeds as often as the published figures that synth/rates.csv
// names, and as unfairly.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
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

using ByFifth = std::array<double, 6>;  // 1 most deprived; 0: everybody

int fifth_of(const Life& life) { return example_model().areas[life.addresses.back().area].fifth; }
bool black(const Life& life) { return example_model().ethnicities[life.ethnicity].group == "black"; }
void count(ByFifth& into, const Life& life, double how_many = 1) { into[0] += how_many, into[static_cast<std::size_t>(fifth_of(life))] += how_many; }
double ratio(const ByFifth& top, const ByFifth& below, std::size_t fifth = 0) { return top[fifth] / std::max(1.0, below[fifth]); }

/// Years lived here by residents, in the ten years.
double years_of(const Life& life) {
  const Date from = std::max(example_model().from, life.enters), to = std::min(example_model().as_of.plus_days(1), life.exits);
  return std::max(0, to.days - from.days) / 365.25;
}

std::map<std::uint64_t, const Life*> by_id() {
  std::map<std::uint64_t, const Life*> all;
  for (const auto& life : everybody()) all[life.id] = &life;
  return all;
}

/// Whose row this is, from the provider's own number: the last eight digits are id * factor + offset.
const Life& whose(const std::map<std::uint64_t, const Life*>& people, const std::string& local, std::uint64_t factor, std::uint64_t offset) {
  const std::uint64_t number = std::stoull(local.substr(local.size() - 8));
  REQUIRE((number - offset) % factor == 0);
  return *people.at((number - offset) / factor);
}

std::size_t column(const CsvTable& table, std::string_view name) {
  const int at = table.column(name);
  REQUIRE(at >= 0);
  return static_cast<std::size_t>(at);
}

}  // namespace

TEST_CASE("detentions come as often as in England, more in the most deprived places and among Black people") {
  const Written mind(mental_health_feed);
  const CsvTable periods = mind.table("MHS401MHActPeriod"), stays = mind.table("MHS501HospProvSpell");
  const auto people = by_id();
  ByFifth detained{}, years{};
  double black_detained = 0, black_years = 0;
  const std::size_t local = column(periods, "LocalPatientId"), section = column(periods, "LegalStatusCode");
  for (const auto& row : periods.rows) {
    if (row[section] != "02" && row[section] != "03") continue;
    const Life& life = whose(people, row[local], 7, 3);
    count(detained, life), black_detained += black(life);
  }
  for (const auto& life : everybody())
    if (life.standing != Standing::outside) count(years, life, years_of(life)), black_years += black(life) ? years_of(life) : 0;
  const double rate = 100'000 * ratio(detained, years);
  INFO("detentions for each 100,000 in a year: " << rate << ", most deprived " << 100'000 * ratio(detained, years, 1) << ", least "
                                                 << 100'000 * ratio(detained, years, 5) << ", Black " << 100'000 * black_detained / black_years);
  CHECK(rate > 60);
  CHECK(rate < 150);
  CHECK(ratio(detained, years, 1) > 1.5 * ratio(detained, years, 5));
  CHECK(black_detained / black_years > 1.6 * detained[0] / years[0]);
  std::set<std::string> spells;
  for (const auto& row : stays.rows) spells.insert(row[column(stays, "HospProvSpellID")]);
  for (const auto& row : periods.rows) {  // the period's number is its stay's with a letter
    const std::string& id = row[column(periods, "MHActLegalStatusClassPeriodId")];
    CHECK(spells.contains(id.substr(0, id.size() - 1)));
  }
}

TEST_CASE("restrictive interventions happen within stays") {
  const Written mind(mental_health_feed);
  const CsvTable acts = mind.table("MHS515RestrictiveInterventType"), stays = mind.table("MHS501HospProvSpell");
  std::map<std::string, std::pair<std::string, std::string>> days;
  for (const auto& row : stays.rows)
    days[row[column(stays, "HospProvSpellID")]] = {row[column(stays, "StartDateHospProvSpell")], row[column(stays, "DischDateHospProvSpell")]};
  std::set<std::string> restrained;
  for (const auto& row : acts.rows) {
    const std::string& incident = row[column(acts, "RestrictiveIntIncID")];
    const std::string spell = incident.substr(0, incident.size() - 3), &on = row[column(acts, "StartDateRestrictiveIntType")];
    REQUIRE(days.contains(spell));
    CHECK(on >= days[spell].first);
    if (!days[spell].second.empty()) CHECK(on <= days[spell].second);
    restrained.insert(spell);
  }
  const double share = static_cast<double>(restrained.size()) / static_cast<double>(stays.rows.size());
  CHECK(share > 0.07);
  CHECK(share < 0.22);
}

TEST_CASE("just under half of those who finish talking therapy recover, fewer in the most deprived places") {
  const Written therapies(talking_therapies_feed);
  const CsvTable scores = therapies.table("IDS606CodedScoreAssessmentRefer");
  const auto people = by_id();
  struct Course {
    std::map<std::string, std::array<int, 2>> days;  // by day: depression, anxiety
    const Life* life = nullptr;
  };
  std::map<std::string, Course> courses;
  for (const auto& row : scores.rows) {
    Course& course = courses[row[column(scores, "ServiceRequestId")]];
    course.life = &whose(people, row[column(scores, "LocalPatientId")], 11, 5);
    course.days[row[column(scores, "AssToolCompDate")]][row[column(scores, "CodedAssToolType")] == "445455005"] = std::stoi(row[column(scores, "PersScore")]);
  }
  ByFifth finished{}, recovered{};
  for (const auto& [id, course] : courses) {
    if (course.days.size() < 2) continue;
    const auto &first = course.days.begin()->second, &last = course.days.rbegin()->second;
    if (first[0] < 10 && first[1] < 8) continue;
    count(finished, *course.life);
    if (last[0] < 10 && last[1] < 8) count(recovered, *course.life);
  }
  REQUIRE(finished[0] > 300);
  INFO("recovered " << ratio(recovered, finished) << ", most deprived " << ratio(recovered, finished, 1) << ", least " << ratio(recovered, finished, 5));
  CHECK(ratio(recovered, finished) > 0.40);
  CHECK(ratio(recovered, finished) < 0.53);
  CHECK(ratio(recovered, finished, 1) < ratio(recovered, finished, 5));
}

TEST_CASE("one baby in thirteen or so comes before 37 weeks, most twins do, and the early ones are light") {
  const Written mothers(maternity_feed);
  const CsvTable babies = mothers.table("MSD401BabyDemographics");
  double all = 0, early = 0, light = 0, heavy = 0, early_weight = 0, weight = 0;
  for (const auto& row : babies.rows) {
    const int days = std::stoi(row[column(babies, "GestationLengthBirth")]), grams = std::stoi(row[column(babies, "BirthWeight")]);
    CHECK(days >= 161);
    CHECK(days <= 300);
    ++all, weight += grams;
    if (days < 259) ++early, early_weight += grams;
    light += days < 259 && grams < 2500, heavy += days >= 259 && grams < 2500;
  }
  INFO(early << " of " << all);
  CHECK(early / all > 0.05);
  CHECK(early / all < 0.095);
  CHECK(early_weight / early < weight / all - 400);
  CHECK(light / early > 4 * heavy / (all - early));
}

TEST_CASE("heart attacks, strokes and teeth taken out bring as many people to hospital as in England") {
  const HospitalRates rates(example_model());
  HospitalCare care;
  ByFifth children{}, teeth{};
  double years = 0, hearts = 0, strokes = 0;
  for (const auto& life : everybody()) {
    if (life.standing == Standing::outside || years_of(life) == 0) continue;
    const Date from = std::max(example_model().from, life.enters), to = std::min(example_model().as_of.plus_days(1), life.exits);
    rates.care_for(life, from, to, care);
    years += years_of(life);
    for (Date on = from; on < to; on = on.plus_days(365))
      if (life.age(on) <= 10) count(children, life, std::min(365, to.days - on.days) / 365.25);
    for (const auto& stay : care.stays) {
      hearts += stay.kind == 1 && stay.icd10.starts_with("I21");
      strokes += stay.kind == 1 && stay.icd10.starts_with("I63");
      if (!stay.icd10.starts_with("K02")) continue;
      CHECK(stay.opcs == "F10.4");
      CHECK(stay.kind == 0);
      CHECK(life.age(stay.admitted) <= 10);
      count(teeth, life);
    }
  }
  INFO("for each 100,000 in a year: heart attacks " << 1e5 * hearts / years << ", strokes " << 1e5 * strokes / years << ", teeth "
                                                    << 1e5 * ratio(teeth, children) << ", most deprived " << 1e5 * ratio(teeth, children, 1) << ", least "
                                                    << 1e5 * ratio(teeth, children, 5));
  CHECK(1e5 * hearts / years > 70);
  CHECK(1e5 * hearts / years < 300);
  CHECK(1e5 * strokes / years > 70);
  CHECK(1e5 * strokes / years < 300);
  CHECK(1e5 * ratio(teeth, children) > 100);
  CHECK(1e5 * ratio(teeth, children) < 500);
  CHECK(ratio(teeth, children, 1) > 1.5 * ratio(teeth, children, 5));
}

TEST_CASE("only people with raised blood sugar and no diabetes are referred to prevent it") {
  const PracticeRates rates(example_model());
  const auto raised = static_cast<std::size_t>(example_model().condition("pre_diabetes")),
             diabetes = static_cast<std::size_t>(example_model().condition("diabetes"));
  PracticeCare care;
  double referred = 0, wrongly = 0, at_risk = 0;
  for (const auto& life : chunks()[0]) {
    const Registration* registration = life.registration(example_model().as_of);
    if (registration == nullptr) continue;
    Random random = person_stream(example_model(), life, Purpose::gp, registration->serial);
    const Date to = std::min(example_model().as_of.plus_days(1), life.exits), from = std::max({example_model().from, registration->from, to.plus_days(-365)});
    rates.care_for(life, from, to, random, care);
    at_risk += life.has(raised, from) && !life.has(diabetes, to);
    for (const auto& one : care.observations) {
      if (one.what->id != "diabetes-prevention-referral") continue;
      ++referred, wrongly += !life.has(raised, one.on) || life.has(diabetes, one.on);
    }
  }
  CHECK(wrongly == 0);
  CHECK(referred > 0.02 * at_risk);
  CHECK(referred < 0.25 * at_risk);
}
