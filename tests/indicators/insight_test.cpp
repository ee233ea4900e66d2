// Planted gradients, seasons and steps are found; where nothing was planted, no more alarms than stated.
#include "indicators/insight.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/random.h"

using namespace catchment;
using namespace catchment::indicators;

namespace {

struct Twin {
  GroupLists lists;
  PersonGroups groups;
  Random random{7};

  /// `persons` people over two places, ten practices, five fifths and all ages; everyone registered and resident.
  explicit Twin(std::size_t persons, std::uint64_t seed = 7) : random(seed) {
    lists.places = {"unknown", "north", "south"};
    lists.networks = {"unknown", "one", "two"};
    lists.neighbourhoods = {"unknown", "harbour", "sands"};
    lists.index_versions = {"2025", "2019"};
    lists.practices = {"unknown"}, lists.areas = {"unknown"};
    lists.practice_place = lists.practice_network = lists.area_place = lists.area_neighbourhood = {0};
    lists.area_fifth = {{0}, {0}};
    for (int i = 0; i < 10; ++i) {
      lists.practices.push_back("P" + std::to_string(i));
      lists.practice_place.push_back(i < 5 ? 1 : 2), lists.practice_network.push_back(i < 5 ? 1 : 2);
      lists.areas.push_back("A" + std::to_string(i));
      lists.area_place.push_back(i < 5 ? 1 : 2), lists.area_neighbourhood.push_back(i < 5 ? 1 : 2);
      lists.area_fifth[0].push_back(static_cast<std::uint8_t>(i % 5 + 1)), lists.area_fifth[1].push_back(static_cast<std::uint8_t>(5 - i % 5));
    }
    groups.lists = lists;
    for (std::size_t i = 0; i < persons; ++i) {
      const auto at = static_cast<std::uint16_t>(1 + random.below(10));
      const CellParts parts{lists.area_place[at], random.below(2), random.below(5), lists.area_fifth[0][at]};
      for (auto& cells : groups.cells) cells.push_back(cell_of(parts));
      groups.practices.push_back(at), groups.areas.push_back(at);
      groups.born.push_back(static_cast<std::int32_t>(1930 + random.below(95)) * 10000 + 615);
      groups.left_out.push_back(0);
    }
  }

  std::size_t fifth(std::size_t person) const { return parts_of(groups.cells[0][person]).fifth; }
  std::size_t place(std::size_t person) const { return parts_of(groups.cells[0][person]).place; }

  /// Everyone is in the denominator; in the numerator by the chance given.
  template <typename Chance>
  std::vector<MeasureFigure> month(Date month, Chance chance, bool every_split = true) {
    measures::MonthMembers members;
    std::vector<std::uint32_t> everyone, hits;
    for (std::uint32_t i = 0; i < groups.persons(); ++i) {
      everyone.push_back(i);
      if (random.uniform() < chance(i)) hits.push_back(i);
    }
    members.denominator.add(everyone);
    members.numerator.add(hits);
    disclosure::Policy policy;
    policy.secondary = false;  // nobody is to be protected here
    return figures_of(tally_members(groups, members, month), lists, {}, month, every_split, policy);
  }
};

std::vector<MeasureFigure> split(const std::vector<MeasureFigure>& figures, Split by, const std::string& place = "", const std::string& variant = "") {
  std::vector<MeasureFigure> found;
  for (const auto& f : figures)
    if (f.basis == Basis::registered && f.split == by && f.place == place && (variant.empty() || f.variant == variant)) found.push_back(f);
  return found;
}

const Date march = Date::from_ymd(2026, 3, 1);

}  // namespace

TEST_CASE("a planted gradient by deprivation is found as a gap and as a slope, under the index it was planted in") {
  Twin twin(20000);
  const auto figures = twin.month(march, [&](std::uint32_t i) { return 0.30 - 0.03 * static_cast<double>(twin.fifth(i)); });
  const auto fifths_2025 = split(figures, Split::deprivation, "", "2025"), fifths_2019 = split(figures, Split::deprivation, "", "2019");
  const auto gap = deprivation_gap(fifths_2025);
  REQUIRE(gap);
  CHECK(gap->high->group == "1");
  CHECK(gap->difference.beyond_chance());
  CHECK(gap->difference.low < 12);
  CHECK(gap->difference.high > 12);
  const auto slope = deprivation_slope(fifths_2025);
  REQUIRE(slope);
  CHECK(slope->beyond_chance());
  CHECK(slope->index < -10);  // falls towards the least deprived end
  const auto other = deprivation_slope(fifths_2019);
  REQUIRE(other);
  CHECK(other->index > 10);  // the other version of the index ranks the same areas the other way round
}

TEST_CASE("a place that differs stands out, and what its mix of fifths explains is told apart") {
  Twin twin(40000);
  const auto by_place = twin.month(march, [&](std::uint32_t i) { return twin.place(i) == 1 ? 0.30 : 0.24; });
  const auto here = split(by_place, Split::none, "north"), whole = split(by_place, Split::none);
  REQUIRE(here.size() == 1);
  CHECK(difference(*estimate_of(here[0]), *estimate_of(whole[0]), 0.998).beyond_chance());
  const auto mix = explained_by_mix(whole[0], split(by_place, Split::deprivation, "north", "2025"), split(by_place, Split::deprivation, "", "2025"));
  REQUIRE(mix);
  CHECK(std::abs(mix->explained) < 0.5);  // both places have the same mix of fifths
}

TEST_CASE("where nothing was planted, gaps, differences and practices are called no more often than stated") {
  int deprivation_alarms = 0, ethnicity_alarms = 0, place_alarms = 0, practice_alarms = 0, practices = 0;
  constexpr int trials = 300;
  Twin twin(6000, 11);
  for (int t = 0; t < trials; ++t) {
    const auto figures = twin.month(march, [](std::uint32_t) { return 0.25; });
    const auto whole = split(figures, Split::none);
    if (const auto gap = deprivation_gap(split(figures, Split::deprivation, "", "2025"))) deprivation_alarms += gap->difference.beyond_chance();
    if (const auto gap = widest_gap(split(figures, Split::ethnicity))) ethnicity_alarms += gap->difference.beyond_chance();
    place_alarms += difference(*estimate_of(split(figures, Split::none, "north")[0]), *estimate_of(whole[0]), 0.998).beyond_chance();
    const auto each = split(figures, Split::practice);
    const auto funnel = funnel_of(each, whole[0], false, 100);
    REQUIRE(funnel);
    for (const auto& point : funnel->points) practice_alarms += std::abs(point.outside) == 2, ++practices;
  }
  // Four standard errors above the stated rate.
  const auto most = [](double rate, double n) { return rate * n + 4 * std::sqrt(rate * (1 - rate) * n); };
  CHECK(deprivation_alarms <= most(0.05, trials));
  CHECK(ethnicity_alarms <= most(0.05, trials));
  CHECK(place_alarms <= most(0.002, trials));
  CHECK(practice_alarms <= most(0.002, practices));
  CHECK(deprivation_alarms > 0);  // and the test can tell: some are raised
}

namespace {

std::vector<MeasureFigure> series(Twin& twin, int months, double (*chance)(int)) {
  std::vector<MeasureFigure> all;
  for (int m = 0; m < months; ++m)
    all.push_back(split(twin.month(march.plus_months(m - months + 1), [&](std::uint32_t) { return chance(m); }, false), Split::none)[0]);
  return all;
}

}  // namespace

TEST_CASE("a planted step is a special cause in the right direction, and the year's change is beyond chance") {
  Twin twin(8000);
  const auto months = series(twin, 24, [](int m) { return m < 18 ? 0.20 : 0.26; });
  CHECK(variation_of(chart_of(months, "higher", std::nullopt)) == Variation::improvement_high);
  CHECK(variation_of(chart_of(months, "lower", std::nullopt)) == Variation::concern_high);
  CHECK(variation_of(chart_of(months, "neither", std::nullopt)) == Variation::neutral_high);
  const auto change = change_over_year(months);
  REQUIRE(change);
  CHECK(change->low > 0);
}

TEST_CASE("a planted winter is seen as special cause in its months") {
  Twin twin(8000);
  const auto months = series(twin, 36, [](int m) { return m % 12 >= 9 ? 0.30 : 0.20; });
  const auto chart = chart_of(months, "lower", std::nullopt);
  int winters = 0;
  for (std::size_t m = 0; m < chart.months.size(); ++m) winters += m % 12 >= 9 && chart.chart.points[*chart.at[m]].concern;
  CHECK(winters >= 6);  // of nine
}

TEST_CASE("an unchanging series is called special cause in its latest month in at most one of twenty") {
  Twin twin(2000, 5);
  int alarms = 0;
  constexpr int trials = 120;
  for (int t = 0; t < trials; ++t)
    alarms += variation_of(chart_of(series(twin, 24, [](int) { return 0.25; }), "higher", std::nullopt)) != Variation::common_cause;
  CHECK(alarms <= 0.05 * trials + 4 * std::sqrt(0.05 * 0.95 * trials));
}

TEST_CASE("a series that never changes is common cause, whatever its value") {
  std::vector<MeasureFigure> months(14);
  for (std::size_t m = 0; m < months.size(); ++m) months[m].month = march.plus_months(static_cast<int>(m)), months[m].value = 100.0 * 20 / 45;
  CHECK(variation_of(chart_of(months, "higher", std::nullopt)) == Variation::common_cause);
}

TEST_CASE("too few months have no variation icon, and a hidden month is left out of the chart") {
  Twin twin(2000);
  auto months = series(twin, 12, [](int) { return 0.25; });
  CHECK(variation_of(chart_of(months, "higher", std::nullopt)) == Variation::none);
  months.back() = {};
  months.back().hidden = true;
  const auto chart = chart_of(months, "higher", std::nullopt);
  CHECK(chart.chart.points.size() == 11);
  CHECK_FALSE(chart.at.back());
}

namespace {

MeasureFigure yearly(int year, double value) {
  MeasureFigure figure;
  figure.month = Date::from_ymd(year, 3, 1);
  figure.value = value, figure.low = value - 1, figure.high = value + 1;
  return figure;
}

}  // namespace

TEST_CASE("the trend over years takes the same month of five years, and no months between") {
  std::vector<MeasureFigure> months;
  for (int year = 2022; year <= 2026; ++year) {
    months.push_back(yearly(year, 50 + 2.0 * (year - 2022)));
    MeasureFigure between = yearly(year, 10);
    between.month = Date::from_ymd(year, 6, 1);
    if (year < 2026) months.push_back(between);
  }
  const RecentTrend rising = recent_trend_of(months, false);
  CHECK(rising.trend == stats::Trend::increasing);
  REQUIRE(rising.used.size() == 5);
  CHECK(rising.used.front() == Date::from_ymd(2022, 3, 1));
  CHECK(rising.used.back() == Date::from_ymd(2026, 3, 1));
  months[0].hidden = true;  // one year is hidden
  const RecentTrend hidden = recent_trend_of(months, false);
  CHECK(hidden.trend == stats::Trend::cannot_be_calculated);
  CHECK(hidden.used.size() == 4);
  CHECK(recent_trend_of({}, false).trend == stats::Trend::cannot_be_calculated);
  std::vector<MeasureFigure> level;
  for (int year = 2022; year <= 2026; ++year) level.push_back(yearly(year, 50 + 0.2 * (year % 2)));
  CHECK(recent_trend_of(level, false).trend == stats::Trend::no_change);
}

TEST_CASE("a chart is drawn of the latest months without a gap") {
  std::vector<MeasureFigure> months;
  for (const Date month : {Date::from_ymd(2024, 3, 1), Date::from_ymd(2025, 12, 1), Date::from_ymd(2026, 1, 1), Date::from_ymd(2026, 2, 1)}) {
    months.push_back(yearly(2026, 1));
    months.back().month = month;
  }
  CHECK(latest_run(months).size() == 3);
  CHECK(latest_run(months).front().month == Date::from_ymd(2025, 12, 1));
  CHECK(latest_run({}).empty());
}
