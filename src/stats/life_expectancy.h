// Abridged life tables (Chiang II) with Silcocks' variance.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "stats/intervals.h"

namespace catchment::stats {

/// One age band. Bands run from their starting age to the next band's; the last is open.
struct LifeBand {
  int start_age = 0;
  std::optional<double> population;
  std::optional<double> deaths;
};

struct LifeExpectancy {
  int start_age = 0;
  double population_used = 0;  // summed from this age up
  double deaths_used = 0;
  std::optional<double> value;
  std::vector<std::optional<Interval>> intervals;
};

struct LifeTable {
  std::vector<LifeExpectancy> rows;  // one a band, in age order
  std::string_view refused;          // why no value is given, or ""
};

/// The starting ages of the twenty bands: 0, 1, 5, 10, ... 90.
std::span<const int> life_table_ages();

/// Life expectancy at the start of each band (Chiang 1984, a = 0.1 in the first year and 0.5 after; Silcocks,
/// Jenner and Reza 2001 for the variance of the open band). Refused when a band is missing or repeated, total
/// population is 5,000 or fewer, a population is not positive, deaths are negative or exceed the population of
/// a band below the open one. A row whose interval at 95% is wider than twenty years has no value.
LifeTable life_expectancy(std::span<const LifeBand> bands, std::span<const double> confidences);

}  // namespace catchment::stats
