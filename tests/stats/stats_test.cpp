#include "stats/stats.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace catchment::stats;

TEST_CASE("nothing is claimed where nothing can be known") {
  const std::vector<double> one{0.95};
  CHECK_FALSE(proportion(1, 0, 1, one).value);
  CHECK_FALSE(proportion(3, 2, 1, one).value);
  CHECK_FALSE(rate(-1, 10, 1, one).value);
  CHECK_FALSE(direct_rate(std::vector<Stratum>{{9, 100, 1, 9}}, 1, false, one).value);
  CHECK_FALSE(mean({}, one).estimate.value);
  CHECK_FALSE(ratio_funnel(0));
}

TEST_CASE("an interval holds its own value and narrows with more people") {
  for (const double n : {10.0, 100.0, 1000.0}) {
    const auto wide = wilson(n * 0.3, n, 0.95), narrow = wilson(n * 3, n * 10, 0.95);
    CHECK(wide->low < 0.3);
    CHECK(wide->high > 0.3);
    CHECK(narrow->high - narrow->low < wide->high - wide->low);
  }
}

TEST_CASE("no events still have an upper limit") {
  CHECK(exact_poisson(0, 0.95)->low == 0);
  CHECK(exact_poisson(0, 0.95)->high == doctest::Approx(-std::log(0.025)));
}

TEST_CASE("the standard population sums to one hundred thousand") {
  double total = 0;
  for (const double w : european_standard_2013) total += w;
  CHECK(total == 100000);
}

TEST_CASE("a process that does not vary raises no alarm") {
  const std::vector<double> flat(20, 5.0);
  for (const auto& p : control_chart(flat, {}).points) CHECK(p.cause == SpecialCause::none);
}

TEST_CASE("six rising points are a trend under Making Data Count and not under the package's seven") {
  const std::vector<double> values{50, 48, 52, 49, 51, 50, 48, 51, 46, 48, 49, 50, 51, 52, 49, 50};
  ChartOptions package;
  package.rules = plot_the_dots_package();
  int ours = 0, theirs = 0;
  for (const auto& p : control_chart(values, {}).points) ours += p.cause == SpecialCause::trend_up ? 1 : 0;
  for (const auto& p : control_chart(values, package).points) theirs += p.cause == SpecialCause::trend_up ? 1 : 0;
  CHECK(ours == 6);
  CHECK(theirs == 0);
}

TEST_CASE("the simulation of an inequality index repeats for a seed") {
  const std::vector<QuantilePoint> points{{100, 5, 0.2}, {100, 6, 0.2}, {100, 7, 0.2}, {100, 8, 0.2}, {100, 9, 0.2}};
  InequalityOptions options;
  options.repetitions = 2000;
  const std::vector<double> one{0.95};
  const auto a = slope_index(points, options, one), b = slope_index(points, options, one);
  CHECK(a.slope == doctest::Approx(5));
  CHECK(a.slope_intervals[0].low == b.slope_intervals[0].low);
  options.multiplier = -1;
  CHECK(slope_index(points, options, one).slope == doctest::Approx(-5));
  CHECK(*slope_index(points, options, one).relative == doctest::Approx(1 / *a.relative));
}
