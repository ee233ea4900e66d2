#include "stats/life_expectancy.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace catchment::stats {
namespace {

constexpr std::array<int, 20> ages{0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90};

std::string_view refusal(const std::vector<LifeBand>& bands) {
  if (bands.size() != ages.size()) return "a band is missing or repeated";
  double total = 0;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const LifeBand& b = bands[i];
    if (b.start_age != ages[i]) return "a band is missing or repeated";
    if (!b.population || !(*b.population > 0)) return "a population is missing or not positive";
    if (b.deaths && *b.deaths < 0) return "deaths are negative";
    if (b.deaths.value_or(0) > *b.population) return "deaths exceed the population";
    total += *b.population;
  }
  if (total <= 5000) return "the population is 5,000 or fewer";
  return "";
}

}  // namespace

std::span<const int> life_table_ages() { return ages; }

LifeTable life_expectancy(std::span<const LifeBand> given, std::span<const double> confidences) {
  std::vector<LifeBand> bands(given.begin(), given.end());
  std::stable_sort(bands.begin(), bands.end(), [](const LifeBand& a, const LifeBand& b) { return a.start_age < b.start_age; });
  LifeTable table;
  table.refused = refusal(bands);
  table.rows.resize(bands.size());
  double population = 0, deaths = 0;
  for (std::size_t i = bands.size(); i-- > 0;) {
    population += bands[i].population.value_or(0);
    deaths += bands[i].deaths.value_or(0);
    table.rows[i] = LifeExpectancy{bands[i].start_age, population, deaths, std::nullopt, std::vector<std::optional<Interval>>(confidences.size())};
  }
  if (!table.refused.empty()) return table;

  const std::size_t last = bands.size() - 1;
  std::vector<double> width(bands.size()), mortality(bands.size()), a(bands.size(), 0.5), q(bands.size()), alive(bands.size()), years(bands.size());
  a[0] = 0.1;
  for (std::size_t i = 0; i <= last; ++i) {
    mortality[i] = bands[i].deaths.value_or(0) / *bands[i].population;
    width[i] = i < last ? ages[i + 1] - ages[i] : 2 / mortality[i];
    const double exposed = mortality[i] * width[i];
    // More deaths than the band can hold means that nobody reaches the next.
    q[i] = i == last || bands[i].deaths.value_or(0) > *bands[i].population / width[i] / a[i] ? 1 : exposed / (1 + exposed * (1 - a[i]));
    alive[i] = i == 0 ? 100000 : alive[i - 1] * (1 - q[i - 1]);
  }
  for (std::size_t i = 0; i <= last; ++i) years[i] = i == last ? alive[i] / mortality[i] : width[i] * (alive[i + 1] + a[i] * (alive[i] - alive[i + 1]));

  std::vector<double> expectancy(bands.size() + 1, 0), variance(bands.size(), 0);
  double total = 0;
  for (std::size_t i = bands.size(); i-- > 0;) {
    total += years[i];
    expectancy[i] = alive[i] > 0 ? total / alive[i] : 0;
  }
  double spread = 0;
  for (std::size_t i = bands.size(); i-- > 0;) {
    const double d = bands[i].deaths.value_or(0);
    if (i == last) {
      spread += alive[i] * alive[i] / (d * mortality[i] * mortality[i]);
    } else if (d > 0) {
      const double of_q = q[i] * q[i] * (1 - q[i]) / d;
      const double weight = (1 - a[i]) * width[i] + expectancy[i + 1];
      spread += of_q * alive[i] * alive[i] * weight * weight;
    }
    variance[i] = spread / (alive[i] * alive[i]);
  }
  for (std::size_t i = 0; i <= last; ++i) {
    const double error = std::sqrt(variance[i]);
    if (!std::isfinite(error) || !std::isfinite(expectancy[i])) continue;
    for (std::size_t c = 0; c < confidences.size(); ++c) {
      const double half = two_sided_z(confidences[c]) * error;
      table.rows[i].intervals[c] = Interval{expectancy[i] - half, expectancy[i] + half};
    }
    if (2 * two_sided_z(0.95) * error <= 20) table.rows[i].value = expectancy[i];
  }
  return table;
}

}  // namespace catchment::stats
