#include "synth/model.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace catchment::synth {
namespace {

constexpr double cap = 0.92;  // no condition is universal

double raised(double poorest, int fifth) { return std::pow(poorest, (5 - fifth) / 4.0); }

double person_factor(const Model& model, const Condition& condition, Sex sex, int fifth, std::size_t ethnicity) {
  double factor = condition.level * raised(condition.poorest, fifth);
  if (sex == Sex::male) factor *= condition.men;
  const std::string& group = model.ethnicities[ethnicity].group;
  if (group == "asian") factor *= condition.asian;
  if (group == "black") factor *= condition.black;
  return factor;
}

double curve_at(const Condition& condition, double age) {
  const double position = std::clamp(age / 10.0, 0.0, 9.0);
  const auto low = std::min<std::size_t>(static_cast<std::size_t>(position), 8);
  const double along = position - static_cast<double>(low);
  return condition.curve[low] * (1 - along) + condition.curve[low + 1] * along;
}

}  // namespace

Draw::Draw(const std::vector<double>& weights) {
  double total = 0;
  for (const double weight : weights) cumulative_.push_back(total += weight);
  for (double& step : cumulative_) step /= total;
}

std::size_t Draw::at(double point) const {
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), point);
  return found == cumulative_.end() ? cumulative_.size() - 1 : static_cast<std::size_t>(found - cumulative_.begin());
}

std::size_t Draw::operator()(Random& random) const { return at(random.uniform()); }

double Rates::operator[](std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end())
    throw Error(ErrorKind::user, "the synthetic population needs the rate '" + std::string(name) + "'",
                "add it to synth/rates.csv or synth/faults.csv of the definition folder");
  return found->second;
}

int Model::condition(std::string_view id) const {
  for (std::size_t i = 0; i < conditions.size(); ++i)
    if (conditions[i].id == id) return static_cast<int>(i);
  return -1;
}

bool Model::sends_fhir(std::string_view organisation) const {
  for (const auto& sender : fhir_senders)
    if (sender == organisation) return true;
  return false;
}

int Model::measurement(std::string_view id) const {
  for (std::size_t i = 0; i < measurements.size(); ++i)
    if (measurements[i].id == id) return static_cast<int>(i);
  return -1;
}

double prevalence(const Model& model, const Condition& condition, double age, Sex sex, int fifth, std::size_t ethnicity) {
  return std::min(cap, person_factor(model, condition, sex, fifth, ethnicity) * curve_at(condition, age));
}

std::optional<double> onset_age(const Model& model, const Condition& condition, double threshold, Sex sex, int fifth, std::size_t ethnicity) {
  if (threshold >= cap) return std::nullopt;
  const double wanted = threshold / person_factor(model, condition, sex, fifth, ethnicity);
  if (wanted >= condition.curve.back()) return std::nullopt;
  for (std::size_t i = 0; i < condition.curve.size(); ++i) {
    if (condition.curve[i] <= wanted) continue;
    if (i == 0) return 0.0;
    const double low = condition.curve[i - 1];
    return 10.0 * (static_cast<double>(i - 1) + (wanted - low) / (condition.curve[i] - low));
  }
  return std::nullopt;
}

double coverage(const Vaccine& vaccine, std::size_t place, int fifth) {
  const double logit = vaccine.level + vaccine.poorest * (fifth - 3) / 2.0 - (static_cast<int>(place) == vaccine.place ? vaccine.place_gap : 0);
  return 1 / (1 + std::exp(-logit));
}

double mortality(const Model& model, int age, Sex sex, std::size_t place, int fifth) {
  const PlaceModel& where = model.places[place];
  double mean = 0;
  for (int f = 1; f <= 5; ++f) mean += where.fifth_share[static_cast<std::size_t>(f)] * raised(2.1, f);
  const double slope = sex == Sex::male ? 0.092 : 0.098;
  const double level = where.mortality_level[static_cast<std::size_t>(sex)];
  const double infancy = age == 0 ? 0.003 : 0;
  return std::min(0.6, level * raised(2.1, fifth) / mean * std::exp(slope * age) + infancy);
}

NhsNumber nhs_number(const Model& model, std::uint64_t person) {
  for (const auto& range : model.nhs_ranges) {
    if (person < range.size()) return {range[person]};
    person -= range.size();
  }
  throw Error(ErrorKind::bug, "more people than NHS numbers were set aside for");
}

}  // namespace catchment::synth
