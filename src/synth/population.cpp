// Ages, sexes, places and households of one chunk.
#include "synth/population.h"

#include <algorithm>
#include <cmath>

namespace catchment::synth {
namespace {

/// Points spread evenly over the unit square (Roberts' R2 sequence), so that small populations have the
/// published shares nearly exactly.
double spread(std::uint64_t index, int axis) {
  constexpr std::array<double, 2> steps = {0.7548776662466927, 0.5698402909980532};
  const double at = 0.5 + steps[static_cast<std::size_t>(axis)] * static_cast<double>(index + 1);
  return at - std::floor(at);
}

class ChunkBuilder {
 public:
  ChunkBuilder(const Model& model, std::uint64_t chunk) : model_(model), random_(Random::stream(model.seed, 0x636875, chunk)), chunk_(chunk) {}

  std::vector<Life> build() {
    const Counts before = counts_before(model_, chunk_), after = counts_before(model_, chunk_ + 1);
    next_id_ = before.all();
    next_household_ = before.all();
    fifth_start_ = random_.uniform();
    age_start_ = random_.uniform();
    lives_.reserve(after.all() - before.all());
    for (std::uint64_t i = before.residents; i < after.residents; ++i) add_resident(i);
    settle_residents();
    for (std::uint64_t i = before.died; i < after.died; ++i) add_dead();
    for (std::uint64_t i = before.left; i < after.left; ++i) add_leaver();
    for (std::uint64_t i = before.outside; i < after.outside; ++i) add_outsider();
    give_identities(model_, lives_, random_);
    register_with_practices(model_, lives_, random_);
    for (auto& life : lives_) fall_ill(model_, life);
    return std::move(lives_);
  }

 private:
  Date born_at_age(int age, Date on) {
    const Date first = on.plus_months(-12 * (age + 1)).plus_days(1);
    const Date last = on.plus_months(-12 * age);
    return first.plus_days(static_cast<int>(random_.below(static_cast<std::uint64_t>(last.days - first.days) + 1)));
  }

  Life& add(Standing standing, std::size_t place, int age, Sex sex, Date on) {
    Life& life = lives_.emplace_back();
    life.id = next_id_++;
    life.standing = standing;
    life.place = static_cast<std::uint8_t>(place);
    life.sex = sex;
    life.birth = born_at_age(age, on);
    life.enters = std::max(model_.from, life.birth);
    life.exits = model_.as_of.plus_days(1);
    return life;
  }

  void add_resident(std::uint64_t index) {
    const std::size_t place = model_.place.at(spread(index, 0));
    const double point = age_start_ + 0.6180339887498949 * static_cast<double>(++residents_of_place_[place]);
    const auto age = static_cast<int>(model_.places[place].age.at(point - std::floor(point)));
    const double women = age < 60 ? 0.5 : age < 80 ? 0.52 : 0.61;
    add(Standing::resident, place, age, spread(index, 1) < women ? Sex::female : Sex::male, model_.as_of);
  }

  int age(std::size_t i) const { return lives_[i].age(model_.as_of); }

  // Households: each is a home with an ethnicity and an area; people are put into homes.
  struct Home {
    std::uint64_t number;
    std::size_t fifth, ethnicity;
    std::vector<Address> addresses;
    Date arrived;
  };

  Home make_home(std::size_t place, int head_age) {
    Home home;
    home.number = next_household_++;
    const double spread_point = fifth_start_ + 0.6180339887498949 * static_cast<double>(++homes_of_place_[place]);
    const PlaceModel& where = model_.places[place];
    home.fifth = where.fifth.at(spread_point - std::floor(spread_point));
    home.ethnicity = where.ethnicity[home.fifth][head_age >= 65](random_);
    const double moves = model_.rates[head_age < 40 ? "moves_per_year_young" : head_age < 65 ? "moves_per_year_middle" : "moves_per_year_old"];
    home.arrived = model_.from;
    const double arrived = model_.rates["households_arrived"] * (head_age < 40 ? 1.6 : head_age < 65 ? 0.8 : 0.3);
    if (random_.chance(arrived)) home.arrived = model_.from.plus_days(1 + static_cast<int>(random_.below(3600)));
    std::vector<Date> moved;
    const double days = model_.as_of.days - home.arrived.days;
    for (int n = random_.poisson(moves * days / 365.25); n > 0; --n)
      moved.push_back(home.arrived.plus_days(1 + static_cast<int>(random_.below(static_cast<std::uint64_t>(days)))));
    std::sort(moved.begin(), moved.end());
    // The home they came from (what a stale hospital record still shows), homes between, the present one.
    const Date settled = home.arrived > model_.from ? home.arrived : model_.from.plus_days(-400 - static_cast<int>(random_.below(2500)));
    std::vector<Date> starts = {model_.from.plus_days(-7300), settled};
    starts.insert(starts.end(), moved.begin(), moved.end());
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const bool present = i + 1 == starts.size();
      const bool other = !present && random_.chance(model_.rates["moves_other_place"]);
      const std::size_t p = other ? model_.place(random_) : place;
      const std::size_t f = present ? home.fifth : model_.places[p].fifth(random_);
      home.addresses.push_back(address_in(model_.places[p].areas_of_fifth[f][model_.places[p].area[f](random_)], starts[i]));
    }
    return home;
  }

  Address address_in(std::uint32_t area, Date from) {
    const AreaModel& where = model_.areas[area];
    return {from, area, where.first_postcode + static_cast<std::uint32_t>(random_.below(where.postcodes)),
            static_cast<std::uint16_t>(random_.below(model_.streets.size())), static_cast<std::uint16_t>(1 + random_.below(140))};
  }

  void move_in(std::size_t i, const Home& home) {
    Life& life = lives_[i];
    life.household = home.number;
    life.ethnicity = static_cast<std::uint8_t>(home.ethnicity);
    life.addresses = home.addresses;
    life.enters = std::max({model_.from, life.birth, home.arrived});
    while (life.addresses.size() > 1 && life.addresses[1].from <= life.birth) life.addresses.erase(life.addresses.begin());
  }

  void settle_residents() {
    std::vector<std::vector<std::size_t>> women(model_.places.size()), men(model_.places.size()), children(model_.places.size());
    for (std::size_t i = 0; i < lives_.size(); ++i) {
      auto& groups = age(i) < 18 ? children : lives_[i].sex == Sex::female ? women : men;
      groups[lives_[i].place].push_back(i);
    }
    for (std::size_t place = 0; place < model_.places.size(); ++place) settle_place(place, women[place], men[place], children[place]);
  }

  bool to_care_home(std::size_t i) {
    const int years = age(i);
    if (years < 65 || !random_.chance(model_.rates[years < 75 ? "care_home_65" : years < 85 ? "care_home_75" : "care_home_85"])) return false;
    Home home = make_home(lives_[i].place, years);
    move_in(i, home);
    lives_[i].care_home = true;
    Address& now = lives_[i].addresses.back();
    now.street = 0, now.number = 1;  // one home a small area
    now.postcode = model_.areas[now.area].first_postcode;
    return true;
  }

  void settle_place(std::size_t place, std::vector<std::size_t>& women, std::vector<std::size_t>& men, std::vector<std::size_t>& children) {
    std::vector<std::size_t> singles;
    std::vector<Home> homes;
    std::vector<std::pair<std::size_t, std::size_t>> mothers;  // woman, her home
    std::vector<bool> taken(lives_.size());
    for (auto* group : {&women, &men}) std::erase_if(*group, [&](std::size_t i) { return to_care_home(i); });
    for (const std::size_t woman : women) {
      const int years = age(woman);
      const double partnered = years < 20 ? 0.02 : years < 25 ? 0.24 : years < 35 ? 0.6 : years < 65 ? 0.75 : years < 75 ? 0.66 : 0.38;
      std::size_t best = lives_.size();
      int distance = 9;
      if (random_.chance(partnered)) {
        const int wanted = years + 2 + static_cast<int>(random_.below(5)) - 2;
        for (const std::size_t man : men)
          if (!taken[man] && std::abs(age(man) - wanted) < distance) distance = std::abs(age(man) - wanted), best = man;
      }
      if (best == lives_.size()) {
        singles.push_back(woman);
        continue;
      }
      taken[best] = true;
      homes.push_back(make_home(place, std::max(years, age(best))));
      move_in(woman, homes.back());
      move_in(best, homes.back());
      lives_[woman].partner = static_cast<std::int64_t>(best);
      lives_[best].partner = static_cast<std::int64_t>(woman);
      if (random_.chance(model_.rates["mixed_couples"]))
        lives_[best].ethnicity = static_cast<std::uint8_t>(model_.places[place].ethnicity[homes.back().fifth][age(best) >= 65](random_));
      mothers.emplace_back(woman, homes.size() - 1);
    }
    for (const std::size_t man : men)
      if (!taken[man]) singles.push_back(man);
    settle_singles(place, singles, homes, mothers);
    settle_children(children, homes, mothers);
  }

  void settle_singles(std::size_t place, std::vector<std::size_t>& singles, std::vector<Home>& homes,
                      std::vector<std::pair<std::size_t, std::size_t>>& mothers) {
    std::sort(singles.begin(), singles.end(), [&](std::size_t a, std::size_t b) { return lives_[a].birth < lives_[b].birth; });
    for (const std::size_t i : singles) {
      const int years = age(i);
      if (years < 30 && random_.chance(years < 24 ? 0.75 : 0.5) && live_with_mother(i, homes, mothers)) continue;
      if (years < 60 && !homes.empty() && random_.chance(0.2)) {  // shares with others
        move_in(i, homes[homes.size() - 1 - random_.below(std::min<std::uint64_t>(homes.size(), 25))]);
        continue;
      }
      homes.push_back(make_home(place, years));
      move_in(i, homes.back());
      lives_[i].lives_alone = years >= 30;
      lives_[i].homeless = random_.chance(model_.rates["homeless"]);
      if (lives_[i].sex == Sex::female && years < 62 && years > 18) mothers.emplace_back(i, homes.size() - 1);
    }
  }

  double mother_weight(std::size_t woman, const Life& child) const {
    const Life& mother = lives_[woman];
    const int at_birth = age_in_years(mother.birth, child.birth);
    if (at_birth < 17 || at_birth > 44) return 0;
    for (const Date born : mother.births)
      if (std::abs(born.days - child.birth.days) < 330) return 0;
    const double bell = std::exp(-0.5 * std::pow((at_birth - 30.5) / 5.6, 2));
    constexpr std::array<double, 7> by_size = {1.0, 1.5, 0.7, 0.3, 0.15, 0.06, 0};
    const double ethnic = model_.ethnicities[mother.ethnicity].fifth_one > 1.8 ? 1.25 : 1.0;
    return bell * by_size[std::min<std::size_t>(mother.births.size(), 6)] * (mother.partner >= 0 ? 3 : 1) * ethnic;
  }

  bool live_with_mother(std::size_t i, const std::vector<Home>& homes, const std::vector<std::pair<std::size_t, std::size_t>>& mothers) {
    std::vector<double> weights;
    double total = 0;
    for (const auto& [woman, home] : mothers) {
      weights.push_back(woman == i ? 0 : mother_weight(woman, lives_[i]));
      total += weights.back();
    }
    if (total <= 0) return false;
    const auto& [woman, home] = mothers[random_.pick(weights)];
    Life& child = lives_[i];
    move_in(i, homes[home]);
    Life& mother = lives_[woman];
    child.mother = static_cast<std::int64_t>(woman);
    mother.lives_alone = false;
    mother.births.push_back(child.birth);
    child.ethnicity = mother.ethnicity;
    if (mother.partner >= 0) {
      const std::size_t father = lives_[static_cast<std::size_t>(mother.partner)].ethnicity;
      if (model_.ethnicities[father].group != model_.ethnicities[mother.ethnicity].group)
        for (std::size_t e = 0; e < model_.ethnicities.size(); ++e)
          if (model_.ethnicities[e].group == "mixed") child.ethnicity = static_cast<std::uint8_t>(e);
    }
    return true;
  }

  void settle_children(std::vector<std::size_t>& children, std::vector<Home>& homes, const std::vector<std::pair<std::size_t, std::size_t>>& mothers) {
    std::sort(children.begin(), children.end(), [&](std::size_t a, std::size_t b) { return lives_[a].birth < lives_[b].birth; });
    for (std::size_t at = 0; at < children.size(); ++at) {
      const std::size_t child = children[at];
      if (lives_[child].twin) continue;  // settled with the twin before
      if (!live_with_mother(child, homes, mothers)) {
        if (!homes.empty()) move_in(child, homes[random_.below(homes.size())]);
        else move_in(child, make_home(lives_[child].place, 40));
        continue;
      }
      if (at + 1 >= children.size() || !random_.chance(model_.rates["twins"])) continue;
      Life& first = lives_[child];
      Life& second = lives_[children[at + 1]];
      second.birth = first.birth;
      second.mother = first.mother;
      second.ethnicity = first.ethnicity;
      second.addresses = first.addresses;
      second.household = first.household;
      second.enters = first.enters;
      first.twin = second.twin = true;
      if (random_.chance(0.4)) second.sex = first.sex;
    }
  }

  void settle_alone(Life& life, int years) {
    const Home home = make_home(life.place, years);
    move_in(static_cast<std::size_t>(&life - lives_.data()), home);
    life.lives_alone = years >= 30;
  }

  void add_dead() {
    // Rejection: draw somebody of the population, keep them with the probability of dying this year.
    for (;;) {
      const std::size_t place = model_.place(random_);
      const PlaceModel& where = model_.places[place];
      const auto years = static_cast<int>(where.age(random_));
      const Sex sex = random_.chance(years < 60 ? 0.5 : years < 80 ? 0.52 : 0.61) ? Sex::female : Sex::male;
      const int fifth = static_cast<int>(where.fifth(random_));
      if (!random_.chance(mortality(model_, years, sex, place, fifth) / 0.6)) continue;
      const Date died = model_.from.plus_days(static_cast<int>(random_.below(static_cast<std::uint64_t>(model_.as_of.days - model_.from.days))));
      Life& life = add(Standing::died, place, years, sex, died);
      life.birth = std::max(life.birth, model_.from.plus_months(-12 * oldest_age));
      settle_alone(life, years);
      move_to_fifth(life, place, static_cast<std::size_t>(fifth), years);
      life.death = died;
      life.exits = died.plus_days(1);
      if (life.enters >= died) life.enters = std::max(model_.from, life.birth);
      std::erase_if(life.addresses, [&](const Address& a) { return a.from >= died && &a != &life.addresses.front(); });
      join_widowed(life);
      return;
    }
  }

  void move_to_fifth(Life& life, std::size_t place, std::size_t fifth, int years) {
    const PlaceModel& where = model_.places[place];
    const Date since = life.addresses.back().from;
    life.addresses.back() = address_in(where.areas_of_fifth[fifth][where.area[fifth](random_)], since);
    life.ethnicity = static_cast<std::uint8_t>(where.ethnicity[fifth][years >= 65](random_));
    life.care_home = years >= 75 && random_.chance(0.2);
  }

  /// About half of those who died leave a partner: an older single resident of the place.
  void join_widowed(Life& life) {
    if (life.age(*life.death) < 55 || !random_.chance(0.55)) return;
    for (int tries = 0; tries < 60; ++tries) {
      const std::size_t i = random_.below(lives_.size() - 1);
      Life& other = lives_[i];
      if (other.standing != Standing::resident || other.place != life.place || other.sex == life.sex || other.partner >= 0 || other.care_home ||
          std::abs(other.birth.days - life.birth.days) > 3650 || !other.lives_alone)
        continue;
      life.household = other.household;
      life.addresses = other.addresses;
      life.ethnicity = other.ethnicity;
      life.lives_alone = false;
      life.care_home = false;
      life.partner = static_cast<std::int64_t>(i);
      other.partner = static_cast<std::int64_t>(&life - lives_.data());
      life.enters = std::max({model_.from, std::min(other.enters, life.death->plus_days(-200))});
      return;
    }
  }

  void add_leaver() {
    const std::size_t place = model_.place(random_);
    int years = static_cast<int>(model_.places[place].age(random_));
    if (years > 50 && random_.chance(0.7)) years = 20 + static_cast<int>(random_.below(25));  // mostly the young move on
    const Sex sex = random_.chance(0.5) ? Sex::female : Sex::male;
    const Date left = model_.from.plus_days(90 + static_cast<int>(random_.below(static_cast<std::uint64_t>(model_.as_of.days - model_.from.days - 100))));
    Life& life = add(Standing::left, place, years, sex, left);
    settle_alone(life, years);
    if (life.enters >= left.plus_days(-60)) life.enters = std::max(model_.from, life.birth);
    life.exits = left;
  }

  void add_outsider() {
    std::vector<double> weights;
    weights.reserve(model_.outside_areas.size());
    for (const std::uint32_t area : model_.outside_areas) weights.push_back(model_.areas[area].residents);
    const std::uint32_t area = model_.outside_areas[random_.pick(weights)];
    const std::size_t place = model_.areas[area].place;
    const auto years = static_cast<int>(model_.places[place].age(random_));
    Life& life = add(Standing::outside, place, years, random_.chance(0.505) ? Sex::female : Sex::male, model_.as_of);
    settle_alone(life, years);
    life.addresses = {address_in(area, model_.from.plus_days(-3652))};
  }

  const Model& model_;
  Random random_;
  std::uint64_t chunk_;
  std::vector<Life> lives_;
  std::uint64_t next_id_ = 0, next_household_ = 0;
  double fifth_start_ = 0, age_start_ = 0;
  std::map<std::size_t, std::uint64_t> homes_of_place_, residents_of_place_;
};

}  // namespace

Random person_stream(const Model& model, const Life& life, Purpose purpose, std::uint64_t source) {
  return Random::stream(model.seed, life.id, static_cast<std::uint64_t>(purpose) << 32 | source);
}

double deaths_per_resident(const Model& model) {
  double yearly = 0;
  for (std::size_t p = 0; p < model.places.size(); ++p)
    for (int age = 0; age <= oldest_age; ++age)
      for (int fifth = 1; fifth <= 5; ++fifth)
        for (const Sex sex : {Sex::female, Sex::male})
          yearly += 0.5 * model.places[p].share * model.places[p].ages[static_cast<std::size_t>(age)] *
              model.places[p].fifth_share[static_cast<std::size_t>(fifth)] * mortality(model, age, sex, p, fifth);
  return yearly * 10;
}

Counts counts_before(const Model& model, std::uint64_t chunk) {
  const std::uint64_t residents = std::min(model.people, chunk * residents_in_chunk);
  const auto share = [&](double rate) { return static_cast<std::uint64_t>(std::floor(static_cast<double>(residents) * rate)); };
  return {residents, share(model.deaths), share(model.rates["residents_leaving"]), share(model.rates["outside_registered"])};
}

std::uint64_t chunk_count(const Model& model) { return (model.people + residents_in_chunk - 1) / residents_in_chunk; }

std::vector<Life> people_of_chunk(const Model& model, std::uint64_t chunk) { return ChunkBuilder(model, chunk).build(); }

}  // namespace catchment::synth
