// Published files that hold inputs, or results of a kind that other files hold too: each is run, and what it embeds is asked for.
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "published.h"

using namespace catchment;
using namespace catchment::stats;
using namespace catchment::stats::testing;

namespace {

/// Weighted least squares on the middle of each group's share of the population: what the slope index is by its definition.
double slope_by_definition(const std::vector<QuantilePoint>& points) {
  double all = 0, below = 0, mean_x = 0, mean_y = 0, xy = 0, xx = 0;
  for (const auto& point : points) all += point.population;
  std::vector<double> x;
  for (const auto& point : points) {
    x.push_back((below + point.population / 2) / all);
    below += point.population;
    mean_x += x.back() * point.population / all, mean_y += point.value * point.population / all;
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    xy += points[i].population * (x[i] - mean_x) * (points[i].value - mean_y);
    xx += points[i].population * (x[i] - mean_x) * (x[i] - mean_x);
  }
  return xy / xx;
}

void check_slopes(const std::map<std::string, std::vector<QuantilePoint>>& groups, std::size_t count) {
  const std::vector<double> one{0.95};
  CHECK(groups.size() == count);
  for (const auto& [name, points] : groups) {
    INFO(name);
    InequalityOptions options;
    options.repetitions = 1000;
    const Inequality s = slope_index(points, options, one);
    CHECK(s.refused.empty());
    CHECK(close(s.slope, slope_by_definition(points), 1e-9));
    CHECK(s.slope_intervals[0].low < s.slope);
    CHECK(s.slope < s.slope_intervals[0].high);
  }
}

/// Both files have the same cells.
void check_same(const Published& one, const Published& other) { CHECK(one.table.rows == other.table.rows); }

}  // namespace

TEST_CASE("proportions and rates of groups are the published ones") {
  for (const bool shares : {true, false}) {
    const Published p(shares ? "phe/proportion_grouped_expected.csv" : "phe/rate_grouped_expected.csv");
    for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
      INFO("row ", r);
      const auto x = p.number(r, "Numerator"), n = p.number(r, "Denominator");
      if (!x || !n) {
        CHECK_FALSE(p.number(r, "value"));
        continue;
      }
      const double multiplier = p.number(r, "multiplier").value();
      const Estimate e = shares ? proportion(*x, *n, multiplier, both) : rate(*x, *n, multiplier, both);
      CHECK(close(e.value, p.number(r, "value"), 1e-9));
      CHECK(close(low(e, 0), p.number(r, "lowercl"), 1e-9));
      CHECK(close(high(e, 0), p.number(r, "uppercl"), 1e-9));
      CHECK(std::string(e.method) == p.text(r, "method"));
    }
  }
}

TEST_CASE("the published standard population is the one held here") {
  const Published p("phe/example_esp2013.csv");
  if (!p.found) return;
  REQUIRE(p.table.rows.size() == european_standard_2013.size());
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) CHECK(p.number(r, "esp2013") == european_standard_2013[r]);
}

TEST_CASE("indirect standardisation against reference data of its own, and against totals, is the published one") {
  const Published reference("phe/dsr_isr__refdata.csv"), input("phe/dsr_isr__testdata_multiarea.csv"), totals("phe/dsr_isr__testdata_multiarea_lookup.csv"),
      expected("phe/dsr_isr__testresults_ISR.csv");
  if (!reference.found || !input.found) return;
  std::map<std::string, std::vector<IndirectStratum>> areas;
  std::map<std::string, double> counts;
  for (std::size_t r = 0; r < input.table.rows.size(); ++r) {
    auto& strata = areas[input.text(r, "area")];
    REQUIRE(strata.size() < reference.table.rows.size());
    strata.push_back({input.number(r, "count").value_or(0), input.number(r, "pop").value_or(0), reference.number(strata.size(), "refcount").value(),
                      reference.number(strata.size(), "refpop").value()});
    counts[input.text(r, "area")] += strata.back().count;
  }
  REQUIRE(totals.table.rows.size() == 3);
  for (std::size_t r = 0; r < totals.table.rows.size(); ++r) CHECK(counts.at(totals.text(r, "area")) == totals.number(r, "total_count"));
  int checked = 0;
  for (std::size_t r = 0; r < expected.table.rows.size(); ++r) {
    const auto area = areas.find(expected.text(r, "area"));
    if (area == areas.end()) continue;
    const std::string& statistic = expected.text(r, "statistic");
    const double multiplier = std::strtod(statistic.c_str() + statistic.find_last_of(' '), nullptr);
    INFO(area->first, " ", statistic);
    const bool is_rate = statistic.find("rate") != std::string::npos;
    const Indirect e = is_rate ? indirect_rate(area->second, multiplier, both) : indirect_ratio(area->second, multiplier, both);
    CHECK(e.observed == counts.at(area->first));
    CHECK(close(e.estimate.value, expected.number(r, "value"), 1e-9));
    CHECK(close(low(e.estimate, 0), expected.number(r, "lower95_0cl"), 1e-9));
    CHECK(close(high(e.estimate, 1), expected.number(r, "upper99_8cl"), 1e-9));
    ++checked;
  }
  CHECK(checked > 3);
}

TEST_CASE("a band with events and nobody in it is refused, for its area alone") {
  const Published p("phe/dsr_isr__testdata_err2.csv");
  if (!p.found) return;
  std::map<std::string, std::vector<Stratum>> areas;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    auto& strata = areas[p.text(r, "area")];
    strata.push_back({p.number(r, "count").value(), p.number(r, "pop").value(), european_standard_2013.at(strata.size()), 0});
  }
  CHECK_FALSE(direct_rate(areas.at("Area1"), 100000, false, both).value);
  CHECK(direct_rate(areas.at("Area2"), 100000, false, both).value);
}

TEST_CASE("repeat events counted by how often they came give the published rates") {
  const Published p("phe/dsr_isr__testdata_nonindepe.csv"), expected("phe/dsr_isr__testresults_DSR.csv");
  if (!p.found || !expected.found) return;
  std::map<std::string, std::vector<Stratum>> areas;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    auto& strata = areas[p.text(r, "area")];
    Stratum s{0, p.number(r, "pop").value(), european_standard_2013.at(strata.size()), 0};
    for (int times = 1; times <= 4; ++times) {
      const double people = p.number(r, ("f" + std::to_string(times)).c_str()).value_or(0);
      s.count += times * people, s.squared_events += times * times * people;
    }
    INFO(p.text(r, "area"), " ", p.text(r, "ageband"));
    CHECK(s.count == p.number(r, "count"));
    strata.push_back(s);
  }
  int checked = 0;
  for (std::size_t r = 0; r < expected.table.rows.size(); ++r) {
    const auto area = areas.find(expected.text(r, "area"));
    if (area == areas.end()) continue;
    INFO(area->first);
    const double multiplier = expected.text(r, "statistic") == "dsr per 10000" ? 10000 : 100000;
    const Estimate e = direct_rate(area->second, multiplier, true, both);
    CHECK(close(e.value, expected.number(r, "value"), 1e-9));
    CHECK(close(low(e, 0), expected.number(r, "lower95_0cl"), 1e-9));
    CHECK(close(high(e, 1), expected.number(r, "upper99_8cl"), 1e-9));
    ++checked;
  }
  CHECK(checked >= 3);
}

TEST_CASE("slopes of the published standardised rates, by year") {
  for (const char* name : {"phe/DSR_testdata.csv", "phe/example_DSR_data.csv"}) {
    const Published p(name);
    if (!p.found) return;
    std::map<std::string, std::vector<QuantilePoint>> years;
    for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
      const double error = (p.number(r, "uppercl").value() - p.number(r, "lowercl").value()) / (2 * two_sided_z(0.95));
      years[p.text(r, "Period")].push_back({p.number(r, "total_pop").value(), p.number(r, "value").value(), error});
    }
    check_slopes(years, 6);
  }
  check_same(Published("phe/DSR_testdata.csv"), Published("phe/example_DSR_data.csv"));
}

TEST_CASE("slopes of the published life expectancies, by place and sex") {
  const Published p("phe/LE_testdata.csv");
  if (!p.found) return;
  std::map<std::string, std::vector<QuantilePoint>> places;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    const auto value = p.number(r, "LifeExp"), error = p.number(r, "SE");
    if (value && error) places[p.text(r, "Sex") + " " + p.text(r, "GeoCode")].push_back({p.number(r, "Pop").value(), *value, *error});
  }
  std::erase_if(places, [](const auto& place) { return place.second.size() < 10; });
  check_slopes(places, places.size());
  CHECK(places.size() > 300);
  check_same(p, Published("phe/example_LE_data.csv"));
}

TEST_CASE("the published prevalences have the limits they are published with, and slopes by place") {
  const Published p("phe/NCMP_testdata.csv");
  if (!p.found) return;
  std::map<std::string, std::vector<QuantilePoint>> places;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    INFO("row ", r);
    const double x = p.number(r, "Count").value(), n = p.number(r, "Measured").value();
    const Estimate e = proportion(x, n, 100, both);
    CHECK(close(e.value, p.number(r, "Rate"), 1e-9));
    CHECK(close(low(e, 0), p.number(r, "LCL"), 1e-9));
    CHECK(close(high(e, 0), p.number(r, "UCL"), 1e-9));
    places[p.text(r, "Period") + " " + p.text(r, "SchoolYear") + " " + p.text(r, "AreaCode")].push_back({n, *e.value, p.number(r, "SE").value()});
  }
  check_slopes(places, p.table.rows.size() / 10);
  check_same(p, Published("phe/example_prevalence_data.csv"));
}

TEST_CASE("funnel limits on other axes are the published ones") {
  const Published shares("phe/testdata_funnel_prop_outputs_with_axis_variation.csv");
  for (std::size_t r = 0; r < shares.table.rows.size(); ++r) {
    INFO("row ", r);
    const auto limits = proportion_funnel(shares.number(r, "Baseline").value() / 100, std::strtod(shares.table.rows[r][0].c_str(), nullptr));
    REQUIRE(limits);
    CHECK(limits->inner.low * 100 == doctest::Approx(shares.number(r, "Lower2s0025limit").value()).epsilon(1e-5));
    CHECK(limits->inner.high * 100 == doctest::Approx(shares.number(r, "Upper2s0025limit").value()).epsilon(1e-5));
    CHECK(limits->outer.low * 100 == doctest::Approx(shares.number(r, "Lower3s0001limit").value()).epsilon(1e-5));
    CHECK(limits->outer.high * 100 == doctest::Approx(shares.number(r, "Upper3s0001limit").value()).epsilon(1e-5));
  }
  constexpr double years = 3;
  for (const char* name : {"phe/testdata_funnel_rate_outputs.csv", "phe/testdata_funnel_rate_outputs_2.csv", "phe/testdata_funnel_rate_outputs_3.csv"}) {
    const Published rates(name);
    for (std::size_t r = 0; r < rates.table.rows.size(); ++r) {
      const double o = std::strtod(rates.table.rows[r][0].c_str(), nullptr), baseline = rates.number(r, "baseline").value();
      INFO(name, " events ", o);
      const auto limits = ratio_funnel(o);
      const auto expected = funnel_expected(o);
      REQUIRE(limits);
      REQUIRE(expected);
      const auto near = [&](double got, const char* column) { CHECK(got == doctest::Approx(rates.number(r, column).value()).epsilon(5e-5)); };
      near(limits->inner.low * baseline, "lower_2s_limit"), near(limits->inner.high * baseline, "upper_2s_limit");
      near(limits->outer.low * baseline, "lower_3s_limit"), near(limits->outer.high * baseline, "upper_3s_limit");
      const auto population = [&](double events) { return events / baseline * 100000 / years; };
      near(population(expected->inner_low), "lower_2s_population_1_year"), near(population(expected->inner_high), "upper_2s_population_1_year");
      near(population(expected->outer_low), "lower_3s_population_1_year"), near(population(expected->outer_high), "upper_3s_population_1_year");
    }
  }
}

TEST_CASE("areas are called high and low in a funnel of rates as they are published") {
  const Published p("phe/testdata_funnel_rate_dsr_inputs.csv");
  if (!p.found) return;
  for (const bool standardised : {true, false}) {
    for (const bool with_none : {true, false}) {
      // A standardised rate has no population of its own: events over the rate stand for it.
      const auto at_risk = [&](std::size_t r) {
        const double events = p.number(r, "count").value();
        return standardised && events > 0 ? events / p.number(r, "rate_dsr").value() : p.number(r, "pop").value() / 100000;
      };
      double events = 0, all = 0;
      for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
        const double o = p.number(r, "count").value();
        if (o > 0 || (with_none && !standardised)) events += o, all += at_risk(r);
      }
      const std::string column = std::string(standardised ? "dsr" : "crude") + "_per_100000_" + (with_none ? "with_0" : "without_0");
      for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
        const double o = p.number(r, "count").value(), expected = events / all * at_risk(r);
        if (!(o > 0)) continue;
        INFO(column, " row ", r);
        CHECK(std::string(funnel_significance(o / expected, *ratio_funnel(o))) == p.text(r, column.c_str()));
        CHECK(p.text(r, column.c_str()) ==
              p.text(r, ((standardised ? "dsr_per_100_" : "crude_per_100_") + std::string(with_none ? "with_0" : "without_0")).c_str()));
      }
    }
  }
}

TEST_CASE("where areas stand on the axis of a funnel of rates is published") {
  const Published p("phe/testdata_funnel_rate_input_funnels.csv");
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    INFO("row ", r);
    const double events = p.number(r, "ev").value();
    if (!p.number(r, "rate_chart")) {  // one area of the file has no rate: it stands at its population
      CHECK(close(p.number(r, "denominator_derived_crude_with_denom"), *p.number(r, "pop") / 5, 1e-9));
      continue;
    }
    for (const auto& [value, population, years] : {std::tuple{"rate_chart", "denominator_derived", 3.0},
                                                   {"rate_chart_crude", "denominator_derived_crude", 3.0},
                                                   {"rate_chart_crude_with_denom", "denominator_derived_crude_with_denom", 5.0}}) {
      CHECK(p.number(r, value) == p.number(r, "rate"));
      const Estimate e = rate(events, p.number(r, population).value() * years, 100000, both);
      REQUIRE(e.value);
      CHECK(*e.value == doctest::Approx(p.number(r, value).value()).epsilon(1e-6));
    }
  }
}
