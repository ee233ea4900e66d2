// Names, NHS numbers, telephone numbers, practice registrations.
#include <fmt/format.h>

#include <algorithm>

#include "synth/population.h"

namespace catchment::synth {
namespace {

std::size_t era(Date birth) { return birth.year() < 1955 ? 0 : birth.year() < 1990 ? 1 : 2; }

const std::string& given_name(const Model& model, const Life& life, Random& random) {
  const NamePool& pool = model.pools[model.pool_of(life.ethnicity)];
  const auto sex = static_cast<std::size_t>(life.sex);
  const std::size_t when = era(life.birth);
  return pool.given[sex][when][pool.draw_given[sex][when](random)];
}

const std::string& family_name(const Model& model, std::size_t ethnicity, Sex sex, Random& random) {
  const NamePool& pool = model.pools[model.pool_of(ethnicity)];
  const auto s = static_cast<std::size_t>(sex);
  return pool.family[s][pool.draw_family[s](random)];
}

void name_couple(const Model& model, Life& woman, const Life& man, Random& random) {
  const std::string own = family_name(model, woman.ethnicity, Sex::female, random);
  const Ethnicity& ethnicity = model.ethnicities[woman.ethnicity];
  if (random.chance(ethnicity.wife_keeps_name)) {
    woman.family = own;
    return;
  }
  woman.family = man.family;
  if (random.chance(ethnicity.double_barrelled) && own.find('-') == std::string::npos) woman.family = own + "-" + man.family;
  const int years = woman.age(model.as_of);
  if (years < 21 || years > 50 || !random.chance(model.rates["renamed_couples"] * 1.3)) return;
  woman.family_before = own;
  woman.renamed = model.from.plus_days(100 + static_cast<int>(random.below(3300)));
}

void register_duplicate(const Model& model, Life& life, Random& random) {
  if (life.standing != Standing::resident || life.registrations.empty() || !random.chance(model.rates["registered_twice.gp"])) return;
  Registration second = life.registrations.back();
  const PlaceModel& place = model.places[life.place];
  second.practice = place.practices[place.practice(random)];
  second.from = second.from.plus_days(static_cast<int>(random.below(static_cast<std::uint64_t>(std::max(1, model.as_of.days - second.from.days - 60)))));
  second.duplicate = true;
  if (second.practice != life.registrations.back().practice) life.registrations.push_back(second);
}

}  // namespace

void give_identities(const Model& model, std::vector<Life>& lives, Random& random) {
  // Heads of households first, then partners, then those who take a mother's or a housemate's name.
  std::map<std::uint64_t, std::string> housed;
  for (auto& life : lives) {
    life.nhs = nhs_number(model, life.id);
    if (life.mother < 0 && (life.sex == Sex::male || life.partner < 0)) {
      life.family = family_name(model, life.ethnicity, life.sex, random);
      housed.emplace(life.household, life.family);
    }
  }
  for (auto& life : lives)
    if (life.mother < 0 && life.sex == Sex::female && life.partner >= 0) name_couple(model, life, lives[static_cast<std::size_t>(life.partner)], random);
  for (auto& life : lives) {
    if (life.mother >= 0) {
      const Life& mother = lives[static_cast<std::size_t>(life.mother)];
      life.family = mother.partner >= 0 ? lives[static_cast<std::size_t>(mother.partner)].family : mother.family;
      if (life.family.empty()) life.family = mother.family_before.empty() ? mother.family : mother.family_before;
    }
    if (life.mother < 0 && life.age(model.as_of) < 18 && housed.contains(life.household)) life.family = housed[life.household];
    if (life.family.empty()) life.family = family_name(model, life.ethnicity, life.sex, random);
  }
  for (auto& life : lives) {
    life.given = given_name(model, life, random);
    if (life.mother >= 0 && life.sex == Sex::male) {
      const std::int64_t father = lives[static_cast<std::size_t>(life.mother)].partner;
      if (father >= 0 && random.chance(model.rates["same_name_sons"])) life.given = lives[static_cast<std::size_t>(father)].given;
    }
    if (random.chance(0.6)) life.middle = given_name(model, life, random);
    // Names that need a second part among men of these groups: Mohammed Imran Khan.
    if (random.chance(model.rates["phone_known"])) life.phone = fmt::format("07700 900{:03}", random.below(1000));
    const std::string& group = model.ethnicities[life.ethnicity].code;
    life.language_other = group != "A" && group != "B" && random.chance(model.rates["other_language"] * 1.6);
  }
}

void register_with_practices(const Model& model, std::vector<Life>& lives, Random& random) {
  std::map<std::uint64_t, std::uint64_t> choices;  // a household mostly chooses together
  for (auto& life : lives) {
    std::uint64_t& choice = choices[life.household];
    if (choice == 0) choice = random.next() | 1;
    Random shared(choice);
    const auto practice_for = [&](const Address& address, std::size_t n) {
      const AreaModel& area = model.areas[address.area];
      Random own = Random::stream(choice, n);
      if (!own.chance(model.rates["choose_other_practice"])) return area.practice;
      return own.chance(0.7) ? area.second_practice : model.places[area.place].practices[model.places[area.place].practice(own)];
    };
    if (life.standing == Standing::resident && !random.chance(model.rates["residents_registered"])) continue;
    const Date first = std::max(life.birth.plus_days(static_cast<int>(random.below(30))),
                                life.enters == model.from ? life.enters.plus_days(-static_cast<int>(random.below(6000))) : life.enters);
    Registration now;
    now.from = std::max(first, life.birth);
    if (now.from >= life.exits) continue;
    std::size_t n = 0;
    now.practice = practice_for(life.address(now.from), n);
    for (const auto& address : life.addresses) {
      ++n;
      if (address.from <= now.from || address.from >= life.exits) continue;
      const std::uint32_t wanted = practice_for(address, n);
      if (wanted == now.practice || !shared.chance(model.rates["moves_change_practice"])) continue;
      const Date changed = address.from.plus_days(static_cast<int>(random.below(60)));
      if (changed >= life.exits) continue;
      now.to = changed;
      life.registrations.push_back(now);
      now.practice = wanted;
      now.from = changed;
      now.to.reset();
    }
    if (life.standing == Standing::left || life.standing == Standing::died) {
      const double stays = model.rates[life.standing == Standing::left ? "leavers_still_registered" : "dead_still_registered"];
      now.ghost = random.chance(stays);
      if (!now.ghost) now.to = life.exits.plus_days(static_cast<int>(random.below(40)));
    }
    life.registrations.push_back(now);
    register_duplicate(model, life, random);
    for (auto& registration : life.registrations)
      registration.serial = static_cast<std::uint32_t>(life.id * 16 + static_cast<std::uint64_t>(&registration - life.registrations.data()));
    const double reluctant = life.engagement < 0 ? 1.3 : 0.8;
    if (life.age(model.as_of) >= 16 || life.death) {
      if (random.chance(model.rates["type1_opt_out"] * reluctant))
        life.type1_opt_out = Date::from_ymd(2021, 6, 1).plus_days(static_cast<int>(random.below(400)));
      if (random.chance(model.rates["national_opt_out"] * reluctant))
        life.national_opt_out = Date::from_ymd(2018, 5, 25).plus_days(static_cast<int>(random.below(1800)));
    }
  }
}

}  // namespace catchment::synth
