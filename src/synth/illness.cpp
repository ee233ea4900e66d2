// When each person falls ill. One threshold for each person and condition, drawn once: the person has
// the condition from the age at which the prevalence curve of people like them passes it. Thresholds
// share a cause (frailty), so illnesses come together as they do in life.
#include <algorithm>
#include <cmath>

#include "synth/population.h"

namespace catchment::synth {

void fall_ill(const Model& model, Life& life) {
  Random random = person_stream(model, life, Purpose::illness);
  life.frailty = random.normal(0, 1) + (life.death ? 0.9 : 0) + (life.care_home ? 0.9 : 0);
  life.engagement = random.normal(0, 1);
  const AreaModel& area = model.areas[life.addresses.back().area];
  const double poor = (3 - area.fifth) / 2.0;
  life.bmi = std::clamp(26.5 + 0.7 * poor + random.normal(0, 4.6), 15.5, 58.0);
  const double smoker = random.uniform();
  const double now = model.rates["smoking_now"] * std::pow(1.55, poor) * (life.sex == Sex::male ? 1.15 : 0.85);
  life.smoking = life.age(model.as_of) < 16 ? 0 : smoker < now ? 2 : smoker < now + model.rates["smoking_past"] ? 1 : 0;
  life.onset.fill(Life::never);
  for (std::size_t c = 0; c < model.conditions.size(); ++c) {
    const Condition& condition = model.conditions[c];
    const double own = random.normal(0, 1);

    const double z = -condition.shared_cause * life.frailty + std::sqrt(1 - condition.shared_cause * condition.shared_cause) * own;
    const double threshold = 0.5 * std::erfc(-z / std::sqrt(2.0));
    const auto at = onset_age(model, condition, threshold, life.sex, area.fifth, life.ethnicity);
    if (!at) continue;
    const Date onset = life.birth.plus_days(static_cast<int>(*at * 365.25));
    if (onset < life.exits) life.onset[c] = std::max(onset, life.birth).days;
  }
  const int obesity = model.condition("obesity");
  if (obesity >= 0 && life.has(static_cast<std::size_t>(obesity), model.as_of)) life.bmi = std::clamp(30.5 + std::abs(life.bmi - 26), 30.1, 58.0);
}

}  // namespace catchment::synth
