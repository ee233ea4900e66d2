// Published inputs and results, run where the shared folder is found. Rows its README marks as wrong upstream
// are left out, and say so here.
#include "published.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

using namespace catchment;
using namespace catchment::stats;
using namespace catchment::stats::testing;

namespace {

void check_both(const Published& p, std::size_t r, const Estimate& e, double tolerance) {
  CHECK(close(e.value, p.number(r, "value"), tolerance));
  CHECK(close(low(e, 0), p.number(r, "lower95_0cl"), tolerance));
  CHECK(close(high(e, 0), p.number(r, "upper95_0cl"), tolerance));
  if (!p.number(r, "lower99_8cl") && e.value) return;  // the row publishes 95% alone
  CHECK(close(low(e, 1), p.number(r, "lower99_8cl"), tolerance));
  CHECK(close(high(e, 1), p.number(r, "upper99_8cl"), tolerance));
}

}  // namespace

TEST_CASE("Wilson's and Byar's limits are the published ones") {
  const Published p("phe/byars_wilson_expected.csv");
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    const double confidence = p.text(r, "confidence") == "95%" ? 0.95 : 0.998;
    const double x = p.number(r, "x").value();
    const auto interval = p.text(r, "method") == "Wilson" ? wilson(x, p.number(r, "n").value(), confidence) : byars(x, confidence);
    INFO("row ", r);
    REQUIRE(interval);
    if (p.number(r, "lowercl")) CHECK(close(interval->low, p.number(r, "lowercl"), 1e-9));
    CHECK(close(interval->high, p.number(r, "uppercl"), 1e-9));
  }
}

TEST_CASE("proportions and rates are the published ones") {
  for (const bool shares : {true, false}) {
    const Published p(shares ? "phe/proportion_expected.csv" : "phe/rate_expected.csv");
    for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
      INFO("row ", r);
      const auto x = p.number(r, "Numerator"), n = p.number(r, "Denominator");
      if (!x || !n) {
        CHECK_FALSE(p.number(r, "value"));
        continue;
      }
      const double multiplier = p.number(r, "multiplier").value();
      const Estimate e = shares ? proportion(*x, *n, multiplier, both) : rate(*x, *n, multiplier, both);
      check_both(p, r, e, 1e-9);
      CHECK(std::string(e.method) == p.text(r, "method"));
    }
  }
}

TEST_CASE("directly standardised rates are the published ones") {
  const Published input("phe/dsr_isr__testdata_multiarea.csv"), expected("phe/dsr_isr__testresults_DSR.csv"), repeat("phe/dsr_nonindependent_input_long.csv");
  if (!input.found) return;
  std::map<std::string, std::vector<Stratum>> areas;
  for (std::size_t r = 0; r < input.table.rows.size(); ++r) {
    auto& strata = areas[input.text(r, "area")];
    strata.push_back({input.number(r, "count").value_or(0), input.number(r, "pop").value(), european_standard_2013[strata.size()], 0});
  }
  std::map<std::string, std::map<std::string, Stratum>> repeats;
  for (std::size_t r = 0; r < repeat.table.rows.size(); ++r) {
    Stratum& s = repeats[repeat.text(r, "area")][repeat.text(r, "ageband")];
    const double f = repeat.number(r, "freq").value_or(0), people = repeat.number(r, "persons").value_or(0);
    s.population = repeat.number(r, "pop").value();
    s.standard = repeat.number(r, "esp2013").value();
    s.count += f * people;
    s.squared_events += f * f * people;
  }
  int checked = 0;
  for (std::size_t r = 0; r < expected.table.rows.size(); ++r) {
    const std::string& area = expected.text(r, "area");
    if (area == "testdata_1976") continue;  // another standard population; its 99.8% limits are wrong upstream
    INFO(area, " row ", r);
    const double multiplier = expected.text(r, "statistic") == "dsr per 10000" ? 10000 : 100000;
    std::vector<Stratum> strata = areas[area];
    const bool repeated = repeats.count(area) > 0;
    if (repeated)
      for (const auto& [band, s] : repeats[area]) strata.push_back(s);
    const Estimate e = direct_rate(strata, multiplier, repeated, both);
    check_both(expected, r, e, 1e-9);
    ++checked;
  }
  CHECK(checked == 10);
}

TEST_CASE("the 1976 standard population gives the corrected published limits") {
  const Published p("phe/dsr_isr__testdata_1976.csv");
  if (!p.found) return;
  std::vector<Stratum> strata;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r)
    strata.push_back({p.number(r, "count").value(), p.number(r, "pop").value(), p.number(r, "esp1976").value(), 0});
  const Estimate e = direct_rate(strata, 100000, false, both);
  CHECK(close(e.value, 8592.09758502237, 1e-9));
  CHECK(close(low(e, 1), 7659.28210656896, 1e-9));
  CHECK(close(high(e, 1), 9599.2117985717, 1e-9));
}

TEST_CASE("rows that must be refused are refused") {
  for (const char* name : {"phe/dsr_isr__testdata_err1.csv", "phe/dsr_isr__testdata_err3.csv", "phe/dsr_isr__testdata_err4.csv"}) {
    const Published p(name);
    std::vector<Stratum> strata;
    for (std::size_t r = 0; r < p.table.rows.size(); ++r)
      strata.push_back({p.number(r, "count").value_or(0), p.number(r, "pop").value_or(0), p.number(r, "stdpop").value_or(-1), 0});
    if (p.found) CHECK_MESSAGE(!direct_rate(strata, 100000, false, both).value, name);
  }
}

TEST_CASE("indirectly standardised rates and ratios are the published ones") {
  const Published input("phe/dsr_isr__testdata_multiarea_isr.csv"), expected("phe/dsr_isr__testresults_ISR.csv");
  std::map<std::string, std::vector<IndirectStratum>> areas;
  for (std::size_t r = 0; r < input.table.rows.size(); ++r)
    areas[input.text(r, "area")].push_back(
        {input.number(r, "count").value_or(0), input.number(r, "pop").value_or(0), input.number(r, "refcount").value_or(0), input.number(r, "refpop").value()});
  for (std::size_t r = 0; r < expected.table.rows.size(); ++r) {
    const std::string& area = expected.text(r, "area");
    if (areas.count(area) == 0) continue;  // Area1 and Area2 publish no input here
    const std::string& statistic = expected.text(r, "statistic");
    const bool is_rate = statistic.find("rate") != std::string::npos;
    const double multiplier = std::strtod(statistic.c_str() + statistic.find_last_of(' '), nullptr);
    INFO(area, " ", statistic);
    const Indirect e = is_rate ? indirect_rate(areas[area], multiplier, both) : indirect_ratio(areas[area], multiplier, both);
    CHECK(close(e.expected, expected.number(r, "expected"), 1e-9));
    if (is_rate) CHECK(close(e.reference_rate, expected.number(r, "ref_rate"), 1e-9));
    check_both(expected, r, e.estimate, 1e-9);
    CHECK(std::string(e.estimate.method) == expected.text(r, "method"));
  }
}

TEST_CASE("means are the published ones") {
  const Published input("phe/mean_input.csv"), expected("phe/mean_expected.csv");
  std::map<std::string, std::vector<double>> areas;
  for (std::size_t r = 0; r < input.table.rows.size(); ++r) areas[input.text(r, "area")].push_back(input.number(r, "values").value());
  for (std::size_t r = 0; r < expected.table.rows.size(); ++r) {
    if (areas.count(expected.text(r, "area")) == 0) continue;
    const Mean m = mean(areas[expected.text(r, "area")], both);
    INFO("row ", r);
    CHECK(close(m.standard_deviation, expected.number(r, "stdev"), 1e-9));
    check_both(expected, r, m.estimate, 1e-9);
  }
}

TEST_CASE("quantiles are the published ones, ties and missing values too") {
  const Published p("phe/quantiles_expected.csv");
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    if (p.text(r, "Test") == "BadPolarity") continue;  // one group with both polarities: published as refused
    std::string key = p.text(r, "QuantileNm") + p.text(r, "GroupSet");
    if (p.text(r, "GroupSet") != "None") key += p.text(r, "IndSexRef");
    if (p.text(r, "GroupSet") == "IndSexReg") key += p.text(r, "ParentCode");
    groups[key].push_back(r);
  }
  int right = 0, wrong = 0;
  for (const auto& [key, rows] : groups) {
    const std::string& name = p.text(rows.front(), "QuantileNm");
    const int bands = name == "Decile" ? 10 : name == "Quartile" ? 4 : 7;
    // The ungrouped set was published without a polarity: highest first for every row.
    const std::string& polarity = p.text(rows.front(), "Polarity");
    const bool highest_first = p.text(rows.front(), "GroupSet") == "None" || polarity == "TRUE" || polarity.find("Low is good") != std::string::npos;
    std::vector<std::optional<double>> values;
    for (const std::size_t r : rows) values.push_back(p.number(r, "Value"));
    const auto found = quantiles(values, bands, highest_first);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto want = p.number(rows[i], "QuantileInGrp");
      const bool same = found[i].has_value() == want.has_value() && (!want || *found[i] == static_cast<int>(*want));
      ++(same ? right : wrong);
      if (!same && wrong < 5) MESSAGE(key, " row ", rows[i], " found ", found[i].value_or(-1), " want ", want.value_or(-1));
    }
  }
  CHECK(wrong == 0);
  if (p.found) CHECK(right == 982);
}

TEST_CASE("life expectancy is the published one") {
  const Published p("phe/life_expectancy_expected.csv");
  std::vector<LifeBand> bands;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r)
    bands.push_back({static_cast<int>(p.number(r, "startage").value()), p.number(r, "pops"), p.number(r, "deaths")});
  const std::vector<double> one{0.95};
  const LifeTable table = life_expectancy(bands, one);
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    INFO("age ", table.rows[r].start_age);
    CHECK(close(table.rows[r].value, p.number(r, "value"), 1e-9));
    CHECK(close(table.rows[r].population_used, p.number(r, "pops_used"), 0));
    CHECK(close(table.rows[r].deaths_used, p.number(r, "dths_used"), 0));
    REQUIRE(table.rows[r].intervals[0]);
    CHECK(close(table.rows[r].intervals[0]->low, p.number(r, "lowercl"), 1e-6));
    CHECK(close(table.rows[r].intervals[0]->high, p.number(r, "uppercl"), 1e-6));
  }
}

TEST_CASE("life expectancy is not given where it cannot be known") {
  const Published wide("phe/life_expectancy_wide_ci_expected.csv"), invalid("phe/life_expectancy_invalid_groups_input.csv"),
      few("phe/life_expectancy_low_pops_input.csv");
  const std::vector<double> one{0.95};
  std::map<std::string, std::vector<std::size_t>> areas;
  for (std::size_t r = 0; r < wide.table.rows.size(); ++r) areas[wide.text(r, "area")].push_back(r);
  for (const auto& [area, rows] : areas) {
    std::vector<LifeBand> bands;
    for (const std::size_t r : rows) bands.push_back({static_cast<int>(wide.number(r, "startage").value()), wide.number(r, "pops"), wide.number(r, "deaths")});
    // The file pairs each area's results with the other area's deaths at 90 and over (the results of Area 1 centre
    // on 311 / 1, those of Area 2 are refused because deaths exceed the population): they are put back here.
    bands.back().deaths = area == "Area 1" ? 1 : 312;
    const LifeTable table = life_expectancy(bands, one);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      INFO(area, " age ", table.rows[i].start_age);
      CHECK(close(table.rows[i].value, wide.number(rows[i], "value"), 1e-8));
      CHECK(close(table.rows[i].intervals[0] ? std::optional(table.rows[i].intervals[0]->high) : std::nullopt, wide.number(rows[i], "upper95_0cl"), 1e-6));
    }
  }
  std::map<std::string, std::vector<LifeBand>> groups;
  for (std::size_t r = 0; r < invalid.table.rows.size(); ++r)
    groups[invalid.text(r, "area")].push_back({static_cast<int>(invalid.number(r, "age").value()), invalid.number(r, "pop"), invalid.number(r, "deaths")});
  int given = 0;
  for (const auto& [area, bands] : groups) {
    const bool good = life_expectancy(bands, one).rows[0].value.has_value();
    INFO(area);
    CHECK(good == (area.find("Good") != std::string::npos));
    given += good ? 1 : 0;
  }
  if (invalid.found) CHECK(given >= 1);
  std::vector<LifeBand> bands;
  for (std::size_t r = 0; r < few.table.rows.size(); ++r)
    bands.push_back({static_cast<int>(few.number(r, "age").value()), few.number(r, "pop"), few.number(r, "deaths")});
  if (few.found) CHECK(!life_expectancy(bands, one).refused.empty());
}

TEST_CASE("slope and relative index of inequality are the published ones") {
  const Published p("phe/sii_expected.csv");
  std::map<std::string, std::vector<std::size_t>> sets;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) sets[p.text(r, "TestDescription") + "|" + p.text(r, "Area")].push_back(r);
  int checked = 0;
  for (const auto& [name, rows] : sets) {
    const std::size_t first = rows.front();
    if (!p.number(first, "sii")) continue;  // the error and warning cases: see below
    InequalityOptions options;
    const int type = static_cast<int>(p.number(first, "ValueType").value());
    options.scale = type == 1 ? Scale::log : type == 2 ? Scale::logit : Scale::identity;
    options.transform = name.find("transform") != std::string::npos;
    options.multiplier = name.find("x 100)") != std::string::npos ? 100
        : name.find("x -100)") != std::string::npos               ? -100
        : name.find("negative multiplier") != std::string::npos   ? -1
                                                                  : 1;
    options.repetitions = 100000;
    std::vector<double> confidences{0.95};
    if (name.find("99% confidence") != std::string::npos) confidences = {0.99};
    if (name.find("multiple CIs") != std::string::npos) confidences = {0.95, 0.99};
    if (p.text(first, "Confidence") == "98") confidences = {0.98};
    if (p.text(first, "Confidence") == "c(95, 98)") confidences = {0.95, 0.98};
    std::vector<QuantilePoint> points;
    for (const std::size_t r : rows) points.push_back({p.number(r, "Population").value(), p.number(r, "Value").value(), p.number(r, "StandardError").value()});
    const Inequality s = slope_index(points, options, confidences);
    INFO(name);
    CHECK(s.refused.empty());
    CHECK(close(s.slope, p.number(first, "sii"), 1e-9));
    if (p.number(first, "rii")) CHECK(close(s.relative, p.number(first, "rii"), 1e-9));
    if (p.number(first, "Intercept")) CHECK(close(s.intercept, p.number(first, "Intercept"), 1e-9));
    for (std::size_t c = 0; c < confidences.size(); ++c) {
      const std::string n = std::to_string(c + 1);
      const auto near = [&](double got, const char* what) {
        const auto want = p.number(first, (what + n).c_str());
        if (want) CHECK(std::abs(got - *want) <= 0.05 * std::abs(*want));
      };
      near(s.slope_intervals[c].low, "sii_lowercl_");
      near(s.slope_intervals[c].high, "sii_uppercl_");
      near(s.relative_intervals[c].low, "rii_lowercl_");
      near(s.relative_intervals[c].high, "rii_uppercl_");
    }
    ++checked;
  }
  if (p.found) CHECK(checked >= 38);
}

TEST_CASE("funnel limits are the published ones") {
  const Published axis("phe/testdata_funnel_prop_outputs.csv"), areas("phe/testdata_funnel_prop_inputs.csv"), ratios("phe/testdata_funnel_ratio_outputs.csv"),
      ratio_areas("phe/testdata_funnel_ratio_inputs.csv"), rates("phe/testdata_funnel_rate_outputs.csv");
  for (std::size_t r = 0; r < axis.table.rows.size(); ++r) {
    const auto limits = proportion_funnel(axis.number(r, "Baseline").value() / 100, std::strtod(axis.table.rows[r][0].c_str(), nullptr));
    REQUIRE(limits);
    INFO("row ", r);
    CHECK(limits->inner.low * 100 == doctest::Approx(axis.number(r, "Lower2s0025limit").value()).epsilon(1e-5));
    CHECK(limits->inner.high * 100 == doctest::Approx(axis.number(r, "Upper2s0025limit").value()).epsilon(1e-5));
    CHECK(limits->outer.low * 100 == doctest::Approx(axis.number(r, "Lower3s0001limit").value()).epsilon(1e-5));
    CHECK(limits->outer.high * 100 == doctest::Approx(axis.number(r, "Upper3s0001limit").value()).epsilon(1e-5));
  }
  double numerators = 0, denominators = 0;
  for (std::size_t r = 0; r < areas.table.rows.size(); ++r)
    numerators += areas.number(r, "numerator").value(), denominators += areas.number(r, "denominator").value();
  for (std::size_t r = 0; r < areas.table.rows.size(); ++r) {
    const double n = areas.number(r, "denominator").value();
    INFO("proportion area ", r);
    CHECK(std::string(funnel_significance(areas.number(r, "numerator").value() / n, *proportion_funnel(numerators / denominators, n))) ==
          areas.text(r, "significance"));
  }
  for (std::size_t r = 0; r < ratios.table.rows.size(); ++r) {
    const double o = std::strtod(ratios.table.rows[r][0].c_str(), nullptr);
    const auto limits = ratio_funnel(o);
    REQUIRE(limits);
    INFO("ratio axis ", o);
    CHECK(limits->inner.low * 100 == doctest::Approx(ratios.number(r, "lower_2s_isr").value()).epsilon(5e-5));
    CHECK(limits->inner.high * 100 == doctest::Approx(ratios.number(r, "upper_2s_isr").value()).epsilon(5e-5));
    CHECK(limits->outer.low * 100 == doctest::Approx(ratios.number(r, "lower_3s_isr").value()).epsilon(5e-5));
    CHECK(limits->outer.high * 100 == doctest::Approx(ratios.number(r, "upper_3s_isr").value()).epsilon(5e-5));
  }
  for (std::size_t r = 0; r < ratio_areas.table.rows.size(); ++r) {
    const double o = std::strtod(ratio_areas.table.rows[r][0].c_str(), nullptr), e = ratio_areas.number(r, "expected").value();
    if (!(o > 0)) continue;
    INFO("ratio area ", r);
    CHECK(std::string(funnel_significance(o / e, *ratio_funnel(o))) == ratio_areas.text(r, "significance"));
  }
  for (std::size_t r = 0; r < rates.table.rows.size(); ++r) {
    const double o = std::strtod(rates.table.rows[r][0].c_str(), nullptr), baseline = rates.number(r, "baseline").value();
    const auto limits = ratio_funnel(o);
    INFO("rate axis ", o);
    CHECK(limits->inner.low * baseline == doctest::Approx(rates.number(r, "lower_2s_limit").value()).epsilon(5e-5));
    CHECK(limits->outer.high * baseline == doctest::Approx(rates.number(r, "upper_3s_limit").value()).epsilon(5e-5));
  }
}

TEST_CASE("overdispersion is the published one") {
  const Published summary("funnel/overdispersion_summary.csv"), detail("funnel/overdispersion_detail.csv");
  for (std::size_t s = 0; s < summary.table.rows.size(); ++s) {
    std::vector<FunnelUnit> units;
    std::vector<std::size_t> rows;
    for (std::size_t r = 0; r < detail.table.rows.size(); ++r)
      if (detail.text(r, "set") == summary.text(s, "set"))
        units.push_back({detail.number(r, "num").value(), detail.number(r, "den").value()}), rows.push_back(r);
    const bool proportions = summary.text(s, "type") == "PR";
    const auto d = overdispersion(units, proportions, summary.text(s, "meth") == "SHMI" ? DispersionMethod::shmi : DispersionMethod::cqc);
    INFO(summary.text(s, "set"));
    CHECK(close(d.phi, summary.number(s, "phi"), 1e-9));
    CHECK(close(d.tau2, summary.number(s, "tau2"), 1e-9));
    CHECK(close(d.target, summary.number(s, "target"), 1e-9));
    CHECK(static_cast<double>(d.used) == *summary.number(s, "n_used"));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CHECK(close(d.units[i].z, detail.number(rows[i], "z"), 1e-9));
      if (proportions) continue;
      // The package writes its normal quantiles with six decimals.
      CHECK(close(d.units[i].inner.low, detail.number(rows[i], "odll95"), 1e-6));
      CHECK(close(d.units[i].outer.high, detail.number(rows[i], "odul998"), 1e-6));
    }
  }
}

TEST_CASE("recent trends are those Fingertips shows") {
  const Published p("fingertips/recent_trend_expected.csv");
  std::map<std::string, std::vector<std::size_t>> series;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) series[p.text(r, "series")].push_back(r);
  for (auto& [name, rows] : series) {
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return p.text(a, "period_end") < p.text(b, "period_end"); });
    std::vector<TrendPoint> points;
    for (const std::size_t r : rows) {
      const auto a = p.number(r, "lower95"), b = p.number(r, "upper95");
      points.push_back({p.number(r, "value").value(), a && b ? std::optional(Interval{*a, *b}) : std::nullopt});
    }
    const std::string& type = p.text(rows[0], "value_type");
    const TrendKind kind = type == "Proportion" ? TrendKind::proportion
        : type == "Crude rate"                  ? TrendKind::crude_rate
        : type == "Directly standardised rate"  ? TrendKind::direct_rate
                                                : TrendKind::other;
    const std::string& good = p.text(rows[0], "polarity");
    const Direction direction = good == "High is good" ? Direction::high_is_good : good == "Low is good" ? Direction::low_is_good : Direction::no_judgement;
    INFO(name);
    CHECK(std::string(trend_words(recent_trend(points, kind), direction)) == p.text(rows[0], "expected_trend"));
  }
}

TEST_CASE("control charts under the R package's rules are the published ones") {
  const Published p("spc/nhsrplotthedots_golden.csv");
  std::map<std::string, std::vector<std::size_t>> series;
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) series[p.text(r, "series")].push_back(r);
  for (const auto& [name, rows] : series) {
    ChartOptions options;
    options.rules = plot_the_dots_package();
    options.rules.screen_moving_ranges = p.text(rows[0], "screen_outliers") == "TRUE";
    const std::string& way = p.text(rows[0], "direction");
    options.improvement = way == "increase" ? Improvement::increase : way == "decrease" ? Improvement::decrease : Improvement::neutral;
    options.target = p.number(rows[0], "target");
    if (const auto n = p.number(rows[0], "fix_after")) options.fix_after = static_cast<std::size_t>(*n);
    std::vector<double> values;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      values.push_back(p.number(rows[i], "y").value());
      if (i > 0 && p.text(rows[i], "rebase_group") != p.text(rows[i - 1], "rebase_group")) options.rebase_at.push_back(i);
    }
    const ControlChart chart = control_chart(values, options);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const ChartPoint& c = chart.points[i];
      INFO(name, " point ", i + 1);
      CHECK(close(c.mean, p.number(rows[i], "mean"), 1e-9));
      CHECK(close(c.lower, p.number(rows[i], "lpl"), 1e-9));
      CHECK(close(c.upper, p.number(rows[i], "upl"), 1e-9));
      CHECK((c.outside ? "TRUE" : "FALSE") == p.text(rows[i], "outside"));
      CHECK(std::to_string(c.side) == p.text(rows[i], "relative"));
      CHECK((c.near ? "TRUE" : "FALSE") == p.text(rows[i], "close"));
      CHECK(cause_words(c.cause, options.rules) == p.text(rows[i], "special_cause"));
      CHECK((c.provisional ? "TRUE" : "FALSE") == p.text(rows[i], "short_group"));
    }
    static constexpr const char* words[] = {"", "consistent_pass", "consistent_fail", "inconsistent"};
    CHECK(words[static_cast<int>(chart.assurance)] == p.text(rows.back(), "assurance"));
  }
}

TEST_CASE("limits without screening are the published unit vectors") {
  const Published p("spc/nhspy_limits_unit_tests.csv");
  for (std::size_t r = 0; r < p.table.rows.size(); ++r) {
    std::vector<double> values;
    const char* at = p.text(r, "values").c_str();
    for (char* end = nullptr; *at != '\0'; at = end) {
      const double v = std::strtod(at, &end);
      if (end == at) break;
      values.push_back(v);
    }
    const ControlChart chart = control_chart(values, {});
    INFO("row ", r);
    CHECK(close(chart.points[0].mean, p.number(r, "mean"), 1e-9));
    CHECK(close(chart.points[0].lower, p.number(r, "lpl"), 1e-9));
    CHECK(close(chart.points[0].upper, p.number(r, "upl"), 1e-9));
  }
}
