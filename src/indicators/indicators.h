// indicators: from records to published figures.
//
// In:     population.duckdb of the snapshot being built, indicator definitions (indicators.csv), codelists, the as-of date.
// Out:    tables `indicator` and `result` in it, replaced whole; read back by indicator and place.
// Always: who opted out of planning and research, and rows of feeds not shared for population health, are in no condition and no
//         coverage, above or below the line; head counts hold everyone. Every figure passed `disclosure`: what is stored may be shown. A share and its Wilson 95% interval are computed
//         from the shown counts. Unknown place, age, sex, ethnicity and deprivation are groups of their own. The same
//         inputs give the same rows in the same order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/diagnostic.h"
#include "base/progress.h"
#include "db/db.h"
#include "disclosure/disclosure.h"
#include "indicators/figure_store.h"
#include "indicators/inequalities_pack.h"
#include "indicators/insight.h"
#include "system/definitions.h"
#include "terminology/terminology.h"

namespace catchment::indicators {

enum class IndicatorKind : std::uint8_t {
  population,  // residents, registered, how the two overlap, whom no partner has met, who opted out: always there
  condition,  // share of people with a condition of the codelist, resolved ones left out
  doses_by_age,  // share of children who had `doses` vaccinations of the codelist before their birthday of `to_age`
};

/// The indicators that every system has beside `residents` and `registered`.
inline constexpr std::string_view basis = "registered-against-resident", not_met = "residents-not-met", opted_out = "opted-out";

struct Indicator {
  std::string id, title;
  IndicatorKind kind = IndicatorKind::condition;
  std::string codelist;  // id
  std::optional<int> from_age, to_age;  // on the as-of date, inclusive
  int doses = 0;
  std::string good_direction;  // higher | lower | neither
  std::optional<double> goal_percent;
  std::string purpose;
  std::string rule, numerator, denominator;  // in plain words, made from the above
  std::string version;  // short hash of the definition and its codelist
};

/// Reads indicators.csv; a folder without one has the population only. Codelists must exist.
std::vector<Indicator> load_indicators(system::Definitions& definitions, const terminology::Codelists& codelists);

/// One figure. Percent values are 0 to 100.
struct Result {
  std::string indicator;
  std::string place;  // place id; empty = the whole area; "unknown" = outside or not known
  std::string dimension;  // empty = everyone; else age | sex | ethnicity | deprivation | basis | neighbourhood | area
  std::string group;  // "5-9", "female", "asian", "1" (most deprived) ... "5", "unknown"
  std::string unit;  // people | percent
  std::optional<std::int64_t> numerator, denominator;  // as they may be shown
  std::optional<double> value, low, high;
  bool suppressed = false;
  int rounded_to = 5;
  bool operator==(const Result&) const = default;
};

struct Computed {
  std::int64_t results = 0, suppressed = 0;
};

/// The stage. Replaces its own tables.
Computed compute(db::Connection& population, const std::vector<Indicator>& indicators, const terminology::Codelists& codelists, Date as_of, Progress& progress);

struct Query {
  std::optional<std::string> indicator, place, dimension;  // nothing = any
};
/// Published figures, ordered by indicator, place, dimension and the natural order of groups.
std::vector<Result> read_results(db::Connection& population, const Query& query);
std::vector<Indicator> read_indicators(db::Connection& population);

}  // namespace catchment::indicators
