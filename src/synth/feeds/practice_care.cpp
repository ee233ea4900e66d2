#include "synth/feeds/practice_care.h"

#include <algorithm>
#include <cmath>

namespace catchment::synth {
namespace {

constexpr std::string_view flu_code = "822851000000102";
constexpr std::string_view covid_codes[] = {"1324681000000101", "1324691000000104", "1362591000000103"};

std::size_t needed(const Model& model, std::string_view condition) {
  const int found = model.condition(condition);
  return found < 0 ? max_conditions : static_cast<std::size_t>(found);
}

bool has(const Life& life, std::size_t condition, Date on) { return condition < max_conditions && life.has(condition, on); }

}  // namespace

std::vector<Vaccination> vaccinations(const Model& model, const Life& life) {
  Random random = person_stream(model, life, Purpose::prevention);
  std::vector<Vaccination> all;
  const AreaModel& area = model.areas[life.addresses.back().area];
  // One leaning for each person: who misses one vaccine misses more.
  const double leaning = random.normal(0, 1);
  const auto takes = [&](double share) {
    const double z = 0.8 * leaning + 0.6 * random.normal(0, 1);
    return 0.5 * std::erfc(z / std::sqrt(2.0)) < share;
  };
  bool missed_before = false;
  Date before = life.birth;  // the dose before
  for (std::size_t v = 0; v < model.vaccines.size(); ++v) {
    const Vaccine& vaccine = model.vaccines[v];
    double share = coverage(vaccine, area.place, area.fifth);
    const bool follows = vaccine.dose > 1 && v > 0 && model.vaccines[v - 1].dose == vaccine.dose - 1;
    if (follows) share = missed_before ? 0 : std::min(0.995, share / coverage(model.vaccines[v - 1], area.place, area.fifth));
    const bool given = takes(share);
    missed_before = !given;
    Date on = life.birth.plus_days(vaccine.due_days + static_cast<int>(random.exponential(vaccine.late_days)));
    if (follows && on < before.plus_days(vaccine.gap_days)) on = before.plus_days(vaccine.gap_days);
    before = on;
    const Date introduced = life.sex == Sex::male ? vaccine.introduced_men : vaccine.introduced;
    if (given && on < life.exits && on >= life.birth && on >= introduced) all.push_back({on, v, vaccine.snomed, vaccine.dose});
  }
  const std::size_t none = model.vaccines.size();
  const std::size_t diabetes = needed(model, "diabetes"), copd = needed(model, "copd");
  for (int year = model.from.year(); year <= model.as_of.year(); ++year) {
    const Date on = Date::from_ymd(year, 9, 15).plus_days(static_cast<int>(random.below(90)));
    const int age = life.age(on);
    const bool risk = has(life, diabetes, on) || has(life, copd, on);
    const double share = age >= 65 ? model.rates["flu_65"] : risk ? model.rates["flu_risk"] : age >= 2 && age <= 10 ? model.rates["flu_child"] : 0.02;
    if (takes(share - (3 - area.fifth) * 0.03) && life.here(on) && on <= model.as_of) all.push_back({on, none, flu_code, 1});
  }
  Date on = Date::from_ymd(2021, 1, 10).plus_days(std::max(0, 85 - life.age(Date::from_ymd(2021, 1, 1))) * 3 + static_cast<int>(random.below(50)));
  if (life.age(on) >= 16 && takes(model.rates["covid_uptake"] - (3 - area.fifth) * 0.06))
    for (int dose = 1; dose <= 3; ++dose, on = on.plus_days(75 + static_cast<int>(random.below(30))))
      if (life.here(on)) all.push_back({on, none + 1, covid_codes[dose - 1], dose});
  for (int year = 2022; year <= model.as_of.year(); ++year) {
    const Date autumn = Date::from_ymd(year, 10, 1).plus_days(static_cast<int>(random.below(70)));
    const bool given = takes(model.rates["covid_75"] - (3 - area.fifth) * 0.03);
    if (given && life.age(autumn) >= 75 && life.here(autumn) && autumn <= model.as_of) all.push_back({autumn, none + 1, covid_codes[2], 4});
  }
  return all;
}

int smoking_on(const Model& model, const Life& life, Date on) {
  if (life.smoking != 1) return life.smoking;
  // As many stop in each year: those who have smoked are the quitters of so many years.
  const double years = model.rates["smoking_past"] / (model.rates["smoking_now"] * model.rates["smoking_stopped"]);
  Random random = person_stream(model, life, Purpose::gp, 78);
  const Date stopped = model.as_of.plus_days(-static_cast<int>(random.uniform() * years * 365.25));
  return on < stopped ? 2 : 1;
}

PracticeRates::PracticeRates(const Model& model)
    : model_(model),
      appointments_(model.rates["appointments"]),
      dna_(model.rates["did_not_attend"]),
      same_day_(model.rates["same_day"]),
      face_(model.rates["face_to_face"]),
      gp_(model.rates["with_gp"]),
      per_contact_(model.rates["observations_per_contact"]),
      review_(model.rates["review_coverage"]),
      controlled_bp_(model.rates["hypertension_controlled"]),
      controlled_sugar_(model.rates["diabetes_controlled"]),
      smi_(model.rates["smi_all_checks"]),
      acute_(model.rates["acute_issues"]),
      medicines_(model.rates["medicines_level"]),
      prevention_(model.rates["diabetes_prevention_referred"]),
      systolic_(model.measurement("systolic")),
      diastolic_(model.measurement("diastolic")),
      bmi_(model.measurement("bmi")),
      weight_(model.measurement("weight")),
      height_(model.measurement("height")),
      hba1c_(model.measurement("hba1c")),
      cholesterol_(model.measurement("cholesterol")),
      hdl_(model.measurement("hdl")),
      ldl_(model.measurement("ldl")),
      egfr_(model.measurement("egfr")),
      creatinine_(model.measurement("creatinine")),
      acr_(model.measurement("urine-acr")),
      qrisk_(model.measurement("qrisk")),
      pulse_(model.measurement("heart-rate")),
      haemoglobin_(model.measurement("haemoglobin")),
      smoker_(model.measurement("smoker")),
      ex_(model.measurement("ex-smoker")),
      never_(model.measurement("never-smoked")),
      foot_(model.measurement("foot-check")),
      plan_(model.measurement("care-plan")),
      review_code_(model.measurement("medication-review")),
      prevention_referral_(model.measurement("diabetes-prevention-referral")),
      diabetes_(model.condition("diabetes")),
      hypertension_(model.condition("hypertension")),
      ckd_(model.condition("chronic_kidney_disease")),
      smi_condition_(model.condition("severe_mental_illness")),
      pre_diabetes_(model.condition("pre_diabetes")) {
  std::vector<double> shares;
  for (std::size_t m = 0; m < model.medicines.size(); ++m)
    if (model.medicines[m].condition < 0) acute_medicines_.push_back(m), shares.push_back(model.medicines[m].share);
  if (!shares.empty()) acute_draw_ = Draw(shares);
}

void PracticeRates::observe(PracticeCare& care, Date on, int measurement, double value, int places) const {
  if (measurement < 0) return;
  care.observations.push_back({on, &model_.measurements[static_cast<std::size_t>(measurement)], value, places});
}

void PracticeRates::ask_smoking(const Life& life, Date on, PracticeCare& care) const {
  const int smoking = smoking_on(model_, life, on);
  observe(care, on, smoking == 2 ? smoker_ : smoking == 1 ? ex_ : never_, 0, 0);
}

PracticeRates::Control PracticeRates::control_of(const Life& life) const {
  Random random = person_stream(model_, life, Purpose::gp, 77);
  const AreaModel& area = model_.areas[life.addresses.back().area];
  const double unfair = (area.fifth - 3) * 0.025;
  Control control;
  const bool pressure = hypertension_ >= 0 && life.onset[static_cast<std::size_t>(hypertension_)] != Life::never;
  const bool sugar = diabetes_ >= 0 && life.onset[static_cast<std::size_t>(diabetes_)] != Life::never;
  const bool near = pre_diabetes_ >= 0 && life.onset[static_cast<std::size_t>(pre_diabetes_)] != Life::never;
  control.systolic = pressure ? (random.chance(controlled_bp_ + unfair) ? 127 : 153) : 122 + random.normal(0, 6);
  control.hba1c = sugar ? (random.chance(controlled_sugar_ + unfair) ? 49 : 74) : near ? 44 : 36 + random.normal(0, 2);
  control.cholesterol = 4.9 + random.normal(0, 0.8);
  return control;
}

double PracticeRates::appointment_rate(const Life& life, Date on) const {
  const int age = life.age(on);
  double rate = age < 1 ? 1.9 : age < 5 ? 1.1 : age < 18 ? 0.5 : age < 40 ? 0.7 : age < 65 ? 0.9 : age < 75 ? 1.2 : 1.5;
  if (age >= 18 && age < 65 && life.sex == Sex::female) rate *= 1.35;
  int illnesses = 0;
  for (std::size_t c = 0; c < model_.conditions.size(); ++c) illnesses += life.has(c, on);
  rate *= (0.75 + 0.18 * illnesses) * std::exp(0.25 * life.frailty);
  return appointments_ * rate;
}

void PracticeRates::review(const Life& life, const Control& control, Date on, Random& random, PracticeCare& care) const {
  const bool sugar = diabetes_ >= 0 && life.has(static_cast<std::size_t>(diabetes_), on);
  const bool mind = smi_condition_ >= 0 && life.has(static_cast<std::size_t>(smi_condition_), on);
  const double height = (life.sex == Sex::female ? 162 : 175) + std::clamp(life.engagement, -2.0, 2.0) * 4;
  const bool complete = !mind || random.chance(smi_);
  const double systolic = std::clamp(control.systolic + random.normal(0, 6), 84.0, 210.0);
  observe(care, on, systolic_, std::round(systolic), 0);
  observe(care, on, diastolic_, std::round(std::clamp(systolic * 0.6 + random.normal(0, 5), 45.0, std::min(115.0, systolic - 15))), 0);
  if (complete) {
    const double bmi = std::clamp(life.bmi + random.normal(0, 0.6), 13.0, 70.0);
    observe(care, on, bmi_, bmi, 1);
    observe(care, on, weight_, bmi * height * height / 10'000, 1);
    observe(care, on, height_, height, 0);
    ask_smoking(life, on, care);
    observe(care, on, hba1c_, std::round(std::clamp(control.hba1c + random.normal(0, sugar ? 5 : 2), 20.0, 150.0)), 0);
  }
  const Date bloods = on.plus_days(-3);
  observe(care, bloods, cholesterol_, std::clamp(control.cholesterol + random.normal(0, 0.3), 2.0, 11.0), 1);
  observe(care, bloods, hdl_, std::clamp(1.35 + random.normal(0, 0.3), 0.5, 3.5), 1);
  observe(care, bloods, ldl_, std::clamp(control.cholesterol - 2.1 + random.normal(0, 0.3), 0.5, 8.0), 1);
  const bool kidneys = ckd_ >= 0 && life.has(static_cast<std::size_t>(ckd_), on);
  const double egfr = std::clamp((kidneys ? 46.0 : 92 - std::max(0, life.age(on) - 40) * 0.6) + random.normal(0, 6), 8.0, 120.0);
  observe(care, bloods, egfr_, std::round(egfr), 0);
  observe(care, bloods, creatinine_, std::round(std::clamp(6600 / egfr, 40.0, 700.0)), 0);
  observe(care, bloods, haemoglobin_, std::round(std::clamp(138 + random.normal(0, 12), 70.0, 190.0)), 0);
  if (sugar) {
    if (random.chance(0.72)) observe(care, bloods, acr_, std::exp(random.normal(0.7, 1.0)), 1);
    if (random.chance(0.8)) observe(care, on, foot_, 0, 0);
  }
  if (!sugar && pre_diabetes_ >= 0 && life.has(static_cast<std::size_t>(pre_diabetes_), on) && random.chance(prevention_))
    observe(care, on, prevention_referral_, 0, 0);
  if (mind && random.chance(0.63)) observe(care, on, plan_, 0, 0);
  if (random.chance(0.3)) observe(care, on, qrisk_, std::clamp(std::exp(random.normal(1.2 + life.age(on) / 60.0, 0.5)), 0.1, 60.0), 1);
  observe(care, on, review_code_, 0, 0);
}

void PracticeRates::passing_measurement(const Life& life, const Control& control, Date on, Random& random, PracticeCare& care) const {
  if (life.age(on) < 16) {
    observe(care, on, random.chance(0.5) ? pulse_ : weight_, random.chance(0.5) ? 96 : 30, 0);
    return;
  }
  const double which = random.uniform();
  if (which < 0.5) {
    const double systolic = std::round(std::clamp(control.systolic + random.normal(0, 6), 84.0, 210.0));
    observe(care, on, systolic_, systolic, 0);
    observe(care, on, diastolic_, std::round(std::clamp(systolic * 0.6 + random.normal(0, 5), 45.0, systolic - 15)), 0);
  } else if (which < 0.75) {
    observe(care, on, pulse_, std::round(std::clamp(74 + random.normal(0, 10), 40.0, 150.0)), 0);
  } else if (which < 0.9) {
    observe(care, on, weight_, std::clamp(life.bmi * (life.sex == Sex::female ? 2.62 : 3.06) + random.normal(0, 1), 30.0, 220.0), 1);
  } else {
    ask_smoking(life, on, care);
  }
}

void PracticeRates::medicines(const Life& life, Date from, Date to, Random& random, PracticeCare& care) const {
  for (const auto& medicine : model_.medicines) {
    if (medicine.condition < 0 || life.onset[static_cast<std::size_t>(medicine.condition)] >= to.days) continue;
    if (!random.chance(std::min(1.0, medicine.share * medicines_))) continue;
    const int step = std::max(7, 365 / std::max(1, medicine.issues_a_year));
    Date on{std::max(from.days, life.onset[static_cast<std::size_t>(medicine.condition)] + 20)};
    on = on.plus_days(static_cast<int>(random.below(static_cast<std::uint64_t>(step))));
    for (; on < to; on = on.plus_days(step - 2 + static_cast<int>(random.below(5))))
      if (!random.chance(0.04)) care.issues.push_back({on, &medicine});
  }
}

void PracticeRates::care_for(const Life& life, Date from, Date to, Random& random, PracticeCare& care) const {
  care.clear();
  if (to <= from) return;
  const Control control = control_of(life);
  const AreaModel& area = model_.areas[life.addresses.back().area];
  const double dna = dna_ * std::pow(1.5, (3 - area.fifth) / 2.0) * (life.engagement < -1 ? 2 : 0.9);
  for (Date start = from; start < to;) {
    const Date end = to.days - start.days < 400 ? to : start.plus_days(365);
    const auto days = static_cast<std::uint64_t>(end.days - start.days);
    const double years = static_cast<double>(days) / 365.0;
    const Date middle = start.plus_days(static_cast<int>(days / 2));
    for (int n = random.poisson(appointment_rate(life, middle) * years); n > 0; --n) {
      PracticeAppointment one{};
      one.on = start.plus_days(static_cast<int>(random.below(days)));
      one.minute = static_cast<std::int16_t>(480 + random.below(60) * 10);
      one.status = random.chance(dna) ? 1 : random.chance(0.03) ? 2 : 0;
      const double mode = random.uniform();
      one.mode = mode < face_ ? 0 : mode < face_ + 0.25 ? 1 : mode < face_ + 0.28 ? 2 : 3;
      one.clinician = random.chance(gp_) ? 0 : 1;
      one.same_day = random.chance(same_day_);
      care.appointments.push_back(one);
      if (one.status != 0) continue;
      for (int k = random.poisson(per_contact_ * 0.42); k > 0; --k) passing_measurement(life, control, one.on, random, care);
      if (random.chance(acute_ / 6.0) && !acute_draw_.empty()) care.issues.push_back({one.on, &model_.medicines[acute_medicines_[acute_draw_(random)]]});
    }
    int illnesses = 0;
    for (std::size_t c = 0; c < model_.conditions.size(); ++c) illnesses += life.has(c, middle);
    const double reviewed = life.age(middle) < 17 ? 0 : illnesses > 0 ? review_ + 0.04 * std::clamp(life.engagement, -2.0, 1.5) : 0.12;
    if (random.chance(reviewed)) review(life, control, start.plus_days(static_cast<int>(random.below(days))), random, care);
    start = end;
  }
  medicines(life, from, to, random, care);
}

}  // namespace catchment::synth
