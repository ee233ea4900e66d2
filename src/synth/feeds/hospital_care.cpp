#include "synth/feeds/hospital_care.h"

#include <algorithm>
#include <cmath>

#include "synth/feeds/partner.h"

namespace catchment::synth {

HospitalRates::HospitalRates(const Model& model)
    : model_(model),
      attendances_(model.rates["emergency_attendances"]),
      admitted_(model.rates["emergency_admitted"]),
      elective_(model.rates["admissions_elective"]),
      outpatients_(model.rates["outpatient_appointments"]),
      episodes_(model.rates["episodes_per_spell"]),
      level_(model.rates["inpatient_level"]),
      last_days_(model.rates["admissions_last_90_days"]) {
  if (!model.outside_shares.empty()) outside_ = Draw(model.outside_shares);
}

std::string_view HospitalRates::trust_for(const Life& life, Date on, Random& random, bool& outside) const {
  const AreaModel& area = model_.areas[life.address(on).area];
  outside = !outside_.empty() && random.chance(area.outside ? 0.6 : 0.07);
  return outside ? model_.outside_hospitals[outside_(random)] : model_.hospital[area.place];
}

const Specialty& HospitalRates::specialty(const Life& life, Date on, bool emergency, Random& random) const {
  std::vector<double> weights;
  weights.reserve(model_.specialties.size());
  const int age = life.age(on);
  const int fifth = model_.areas[life.addresses.back().area].fifth;
  for (const auto& one : model_.specialties) {
    double weight = age >= one.from_age && age <= one.to_age ? one.weight * (emergency ? one.emergency : one.elective) : 0.0001;
    if (one.condition >= 0) weight *= life.has(static_cast<std::size_t>(one.condition), on) ? 6 : 0.35;
    if (one.poorest != 1) weight *= std::pow(one.poorest, (3 - fifth) / 2.0);
    weights.push_back(weight);
  }
  return model_.specialties[random.pick(weights)];
}

void HospitalRates::add_stay(const Life& life, Date on, std::uint8_t kind, Random& random, HospitalCare& care) const {
  Stay stay;
  stay.admitted = on;
  stay.kind = kind;
  stay.trust = trust_for(life, on, random, stay.outside);
  stay.specialty = &specialty(life, on, kind == 1, random);
  stay.icd10 = stay.specialty->icd10, stay.opcs = stay.specialty->opcs, stay.hrg = stay.specialty->hrg;
  stay.pence = static_cast<int>(stay.specialty->pence * (0.85 + 0.3 * random.uniform()) * (kind == 1 ? 1.25 : 1));
  double length = kind == 1 ? random.exponential(std::max(1.5, stay.specialty->days))
      : random.chance(0.78) ? 0
                            : random.exponential(stay.specialty->days + 0.5);
  if (kind == 2) {
    stay.icd10 = "O80", stay.opcs = random.chance(0.32) ? "R18.2" : "R24.1", stay.hrg = "NZ30C", stay.pence = 310'000;
    length = 1 + random.exponential(1);
  } else if (kind == 3) {
    stay.icd10 = "Z38.0", stay.opcs = {}, stay.hrg = "PB03Z", stay.pence = 120'000;
    length = 1 + random.exponential(0.8);
  }
  stay.day_case = kind == 0 && length == 0;
  stay.discharged = on.plus_days(static_cast<int>(std::min(length * (life.age(on) > 80 ? 1.5 : 1), 180.0)));
  if (life.death && stay.discharged >= *life.death) stay.discharged = *life.death, stay.died = true;
  stay.discharged = std::max(stay.admitted, std::min(stay.discharged, model_.as_of));
  stay.episodes = static_cast<std::uint8_t>(1 + std::min(4, random.poisson(episodes_ - 1)));
  for (std::size_t c = 0; c < model_.conditions.size(); ++c) {
    if (!life.has(c, on)) continue;
    const auto& codes = model_.conditions[c].icd10;
    const std::string_view code = codes[mix64(life.id + c) % codes.size()];
    if (stay.second.empty()) stay.second = code;
    else if (stay.third.empty() && random.chance(0.6)) stay.third = code;
  }
  care.stays.push_back(stay);
}

void HospitalRates::emergencies(const Life& life, Date from, Date to, double years, Random& random, HospitalCare& care) const {
  const AreaModel& area = model_.areas[life.addresses.back().area];
  const Date middle{(from.days + to.days) / 2};
  const int age = life.age(middle);
  const double by_age = age < 5 ? 1.8 : age < 18 ? 0.85 : age < 30 ? 1.05 : age < 65 ? 0.8 : age < 80 ? 1.1 : 1.9;
  const double rate = attendances_ * by_age * std::pow(1.3, (3 - area.fifth) / 2.0) * std::exp(0.35 * life.frailty - 0.06) * (life.death ? 1.4 : 1);
  for (int n = random.poisson(rate * years); n > 0; --n) {
    Attendance one;
    one.on = from.plus_days(static_cast<int>(random.below(static_cast<std::uint64_t>(to.days - from.days))));
    one.minute = busy_minute(random);
    one.minutes = static_cast<int>(std::min(30 + random.exponential(170), 2000.0));
    one.trust = trust_for(life, one.on, random, one.outside);
    std::vector<double> weights;
    const int then = life.age(one.on);
    weights.reserve(model_.emergencies.size());
    for (const auto& reason : model_.emergencies) weights.push_back(then >= reason.from_age && then <= reason.to_age ? reason.weight : 0.0001);
    one.reason = &model_.emergencies[random.pick(weights)];
    one.ambulance = random.chance(then > 75 ? 0.5 : 0.18);
    one.admitted = random.chance(std::min(0.95, one.reason->admitted * admitted_ / 0.2 * (then > 75 ? 1.7 : then < 40 ? 0.6 : 1)));
    if (one.admitted) {
      add_stay(life, one.on, 1, random, care);
      care.stays.back().trust = one.trust, care.stays.back().outside = one.outside;
    }
    care.attendances.push_back(one);
  }
}

void HospitalRates::last_days(const Life& life, Date from, Date to, HospitalCare& care) const {
  if (!life.death || *life.death <= from || *life.death > to) return;
  Random random = person_stream(model_, life, Purpose::hospital, 1);
  for (int n = random.poisson(last_days_); n > 0; --n) {
    const Date on = life.death->plus_days(-1 - static_cast<int>(random.below(89)));
    if (on >= from) add_stay(life, on, 1, random, care);
  }
}

void HospitalRates::care_for(const Life& life, Date from, Date to, HospitalCare& care) const {
  care.stays.clear(), care.attendances.clear(), care.outpatients.clear();
  if (to <= from) return;
  Random random = person_stream(model_, life, Purpose::hospital);
  const double years = (to.days - from.days) / 365.25;
  const Date middle{(from.days + to.days) / 2};
  const int age = life.age(middle);
  emergencies(life, from, to, years, random, care);
  int illnesses = 0;
  for (std::size_t c = 0; c < model_.conditions.size(); ++c) illnesses += life.has(c, middle);
  const double planned = (age < 18 ? 0.25 : age < 45 ? 0.55 : age < 65 ? 1.1 : age < 80 ? 1.9 : 1.7) * (0.8 + 0.12 * illnesses) * std::exp(0.2 * life.frailty);
  for (int n = random.poisson(elective_ * level_ * planned * years); n > 0; --n)
    add_stay(life, from.plus_days(static_cast<int>(random.below(static_cast<std::uint64_t>(to.days - from.days)))), 0, random, care);
  for (const Date born : life.births)
    if (born >= from && born < to) add_stay(life, born, 2, random, care);
  if (life.birth >= from && life.birth < to) add_stay(life, life.birth, 3, random, care);
  for (int n = random.poisson(outpatients_ * 0.36 * planned * years); n > 0; --n) {
    Outpatient one;
    one.on = from.plus_days(static_cast<int>(random.below(static_cast<std::uint64_t>(to.days - from.days))));
    one.specialty = &specialty(life, one.on, false, random);
    one.trust = trust_for(life, one.on, random, one.outside);
    one.first = true;
    for (int visit = 0; visit < 8 && one.on < to; ++visit) {
      one.status = random.chance(0.075) ? 3 : random.chance(0.08) ? 2 : 5;
      care.outpatients.push_back(one);
      one.first = false;
      one.on = one.on.plus_days(40 + static_cast<int>(random.below(120)));
      if (!random.chance(0.64)) break;
    }
  }
  last_days(life, from, to, care);
  std::sort(care.stays.begin(), care.stays.end(), [](const Stay& a, const Stay& b) { return a.admitted < b.admitted; });
}

}  // namespace catchment::synth
