// Each statistic as a filter: columns in, columns out. Column names follow the PHE fixtures.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "cli/stats_table.h"
#include "stats/stats.h"

namespace catchment::cli {
namespace {

using stats::Interval;

std::vector<double> confidences(const StatsOptions& o) { return o.confidences.empty() ? std::vector<double>{0.95, 0.998} : o.confidences; }

// lowercl/uppercl for one confidence, lower95_0cl/upper95_0cl, ... for several.
void add_limit_names(std::vector<std::string>& header, const StatsOptions& o) {
  const auto wanted = confidences(o);
  for (const double c : wanted) {
    std::string mark = wanted.size() == 1 ? "" : fmt::format("{:.1f}", c * 100);
    std::replace(mark.begin(), mark.end(), '.', '_');
    header.push_back(fmt::format("lower{}cl", mark));
    header.push_back(fmt::format("upper{}cl", mark));
  }
}

void add_limits(std::vector<std::string>& row, const std::vector<std::optional<Interval>>& intervals) {
  for (const auto& i : intervals) {
    row.push_back(i ? shown(i->low) : "");
    row.push_back(i ? shown(i->high) : "");
  }
}

std::vector<std::string> grouping(const StatsTable& t, const StatsOptions& o, std::initializer_list<std::string_view> usual) {
  if (!o.by.empty()) return o.by;
  const int at = t.find(usual);
  return at < 0 ? std::vector<std::string>{} : std::vector<std::string>{t.header()[static_cast<std::size_t>(at)]};
}

StatsResult count_over(const StatsTable& t, const StatsOptions& o, bool is_proportion) {
  const int x = t.need({"numerator", "x", "count"}), n = t.need({"denominator", "n", "population", "pop"}), m = t.find({"multiplier"});
  StatsResult out;
  const double usual = o.multiplier.value_or(is_proportion ? 1 : 100000);
  const auto wanted = confidences(o);
  const auto one = [&](std::vector<std::string> row, std::optional<double> num, std::optional<double> den, double multiplier) {
    stats::Estimate e;
    if (!num || !den) {
      e.intervals.resize(wanted.size());
      e.method = is_proportion ? "Wilson" : !num ? "" : *num < 10 ? "Exact" : "Byars";
    } else {
      e = is_proportion ? stats::proportion(*num, *den, multiplier, wanted) : stats::rate(*num, *den, multiplier, wanted);
    }
    row.push_back(shown(e.value));
    add_limits(row, e.intervals);
    row.push_back(is_proportion ? multiplier == 100 ? "percentage" : fmt::format("proportion of {}", multiplier) : fmt::format("rate per {:.0f}", multiplier));
    row.emplace_back(e.method);
    out.rows.push_back(std::move(row));
  };
  if (o.by.empty()) {
    out.header = t.header();
    for (std::size_t r = 0; r < t.rows(); ++r) one(t.cells(r), t.number(r, x), t.number(r, n), m < 0 || o.multiplier ? usual : t.number(r, m).value_or(usual));
  } else {
    out.header = o.by;
    out.header.insert(out.header.end(), {t.header()[static_cast<std::size_t>(x)], t.header()[static_cast<std::size_t>(n)]});
    for (const auto& group : t.groups(o.by)) {
      std::optional<double> num = 0.0, den = 0.0;
      for (const std::size_t r : group.rows) {
        const auto a = t.number(r, x), b = t.number(r, n);
        num = num && a ? std::optional(*num + *a) : std::nullopt;
        den = den && b ? std::optional(*den + *b) : std::nullopt;
      }
      std::vector<std::string> row = group.key;
      row.push_back(shown(num));
      row.push_back(shown(den));
      one(std::move(row), num, den, usual);
    }
  }
  out.header.push_back("value");
  add_limit_names(out.header, o);
  out.header.insert(out.header.end(), {"statistic", "method"});
  return out;
}

StatsResult proportion(const StatsTable& t, const StatsOptions& o) { return count_over(t, o, true); }
StatsResult rate(const StatsTable& t, const StatsOptions& o) { return count_over(t, o, false); }

StatsResult intervals_only(const StatsTable& t, const StatsOptions& o, bool wilson) {
  const int x = t.need({"x", "numerator", "count"}), n = wilson ? t.need({"n", "denominator"}) : -1;
  const int confidence = t.find({"confidence"});
  StatsResult out{t.header(), {}};
  const bool own = confidence >= 0 && o.confidences.empty();
  if (own) out.header.insert(out.header.end(), {"lower", "upper"});
  else add_limit_names(out.header, o);
  for (std::size_t r = 0; r < t.rows(); ++r) {
    auto row = t.cells(r);
    std::vector<double> wanted = confidences(o);
    if (own) {
      std::string text = t.cell(r, confidence);
      const bool percent = !text.empty() && text.back() == '%';
      if (percent) text.pop_back();
      const double value = std::strtod(text.c_str(), nullptr);
      wanted = {percent || value > 1 ? value / 100 : value};
    }
    const auto a = t.number(r, x);
    const auto b = wilson ? t.number(r, n) : std::optional(0.0);
    std::vector<std::optional<Interval>> intervals;
    for (const double c : wanted) intervals.push_back(!a || !b ? std::nullopt : wilson ? stats::wilson(*a, *b, c) : stats::byars(*a, c));
    add_limits(row, intervals);
    out.rows.push_back(std::move(row));
  }
  return out;
}

StatsResult wilson(const StatsTable& t, const StatsOptions& o) { return intervals_only(t, o, true); }
StatsResult byars(const StatsTable& t, const StatsOptions& o) { return intervals_only(t, o, false); }

// Rows of one age band that differ only in how many events a person had become one stratum.
std::vector<stats::Stratum> strata_of(const StatsTable& t, const std::vector<std::size_t>& rows, bool& repeat) {
  const int pop = t.need({"pop", "population"}), standard = t.find({"stdpop", "esp2013", "esp1976", "standard"});
  const int frequency = t.find({"freq", "eventfreq", "frequency"}), persons = t.find({"persons", "people"});
  const int count = t.find({"count", "x", "events"}), band = t.find({"ageband", "age band", "age"});
  std::vector<stats::Stratum> out;
  std::map<std::string, std::size_t> by_band;
  const bool by_frequency = frequency >= 0 && persons >= 0;
  repeat = by_frequency;
  std::vector<int> repeats;  // f1, f2, ...: people with that many events
  for (int k = 1; t.find({fmt::format("f{}", k)}) >= 0; ++k) repeats.push_back(t.find({fmt::format("f{}", k)}));
  if (!by_frequency && count < 0) t.need({"count"});
  for (const std::size_t r : rows) {
    std::size_t at = out.size();
    if (by_frequency && band >= 0) at = by_band.emplace(t.cell(r, band), out.size()).first->second;
    if (at == out.size()) {
      stats::Stratum s;
      s.population = t.number(r, pop).value_or(0);
      if (standard >= 0) s.standard = t.number(r, standard).value_or(0);
      else if (at < stats::european_standard_2013.size()) s.standard = stats::european_standard_2013[at];
      else
        throw Error(ErrorKind::user, fmt::format("standard input, line {}: more than 19 age bands and no standard population", t.line(r)),
                    "add a column stdpop, or give the 19 bands of the European Standard Population 2013");
      out.push_back(s);
    }
    stats::Stratum& s = out[at];
    if (by_frequency) {
      const double f = t.number(r, frequency).value_or(0), people = t.number(r, persons).value_or(0);
      s.count += f * people;
      s.squared_events += f * f * people;
    } else {
      s.count = t.number(r, count).value_or(0);
      s.squared_events = s.count;
      if (!repeats.empty()) {
        repeat = true;
        s.squared_events = 0;
        for (std::size_t k = 0; k < repeats.size(); ++k) s.squared_events += static_cast<double>((k + 1) * (k + 1)) * t.number(r, repeats[k]).value_or(0);
      }
    }
    if (s.count < 0) throw Error(ErrorKind::user, fmt::format("standard input, line {}: a count is negative", t.line(r)), "counts are zero or more");
    if (!(s.population > 0))
      throw Error(ErrorKind::user, fmt::format("standard input, line {}: a population is not positive", t.line(r)), "give every age band a population");
    if (s.standard < 0)
      throw Error(ErrorKind::user, fmt::format("standard input, line {}: a standard population is negative", t.line(r)), "weights are zero or more");
  }
  return out;
}

StatsResult direct(const StatsTable& t, const StatsOptions& o) {
  const auto by = grouping(t, o, {"area", "areacode", "geocode"});
  const double multiplier = o.multiplier.value_or(100000);
  StatsResult out{by, {}};
  out.header.insert(out.header.end(), {"total_count", "total_pop", "value"});
  add_limit_names(out.header, o);
  out.header.insert(out.header.end(), {"statistic", "method"});
  for (const auto& group : t.groups(by)) {
    bool repeat = false;
    const auto strata = strata_of(t, group.rows, repeat);
    double count = 0, pop = 0;
    for (const auto& s : strata) count += s.count, pop += s.population;
    const auto e = stats::direct_rate(strata, multiplier, repeat, confidences(o));
    auto row = group.key;
    row.insert(row.end(), {shown(count), shown(pop), shown(e.value)});
    add_limits(row, e.intervals);
    row.push_back(count < 10 ? "dsr NA for total count < 10" : fmt::format("dsr per {:.0f}", multiplier));
    row.emplace_back(e.method);
    out.rows.push_back(std::move(row));
  }
  return out;
}

StatsResult indirect(const StatsTable& t, const StatsOptions& o, bool as_rate) {
  const auto by = grouping(t, o, {"area", "areacode", "geocode"});
  const int count = t.need({"count", "x"}), pop = t.need({"pop", "population", "n"}), rc = t.need({"refcount", "x_ref"}), rp = t.need({"refpop", "n_ref"});
  const double multiplier = o.multiplier.value_or(as_rate ? 100000 : 1);
  StatsResult out{by, {}};
  out.header.insert(out.header.end(), {"observed", "expected", "ref_rate", "value"});
  add_limit_names(out.header, o);
  out.header.insert(out.header.end(), {"statistic", "method"});
  for (const auto& group : t.groups(by)) {
    std::vector<stats::IndirectStratum> strata;
    for (const std::size_t r : group.rows) {
      stats::IndirectStratum s{t.number(r, count).value_or(0), t.number(r, pop).value_or(0), t.number(r, rc).value_or(0), t.number(r, rp).value_or(0)};
      if (s.count < 0 || s.population < 0 || s.reference_count < 0 || !(s.reference_population > 0))
        throw Error(ErrorKind::user,
                    fmt::format("standard input, line {}: counts and populations are not negative and the reference population is positive", t.line(r)),
                    "correct the row");
      strata.push_back(s);
    }
    const auto e = as_rate ? stats::indirect_rate(strata, multiplier, confidences(o)) : stats::indirect_ratio(strata, multiplier, confidences(o));
    auto row = group.key;
    row.insert(row.end(), {shown(e.observed), shown(e.expected), as_rate ? shown(e.reference_rate) : "", shown(e.estimate.value)});
    add_limits(row, e.estimate.intervals);
    row.push_back(as_rate ? fmt::format("indirectly standardised rate per {:.0f}", multiplier)
                          : fmt::format("indirectly standardised ratio x {:.0f}", multiplier));
    row.emplace_back(e.estimate.method);
    out.rows.push_back(std::move(row));
  }
  return out;
}

StatsResult indirect_rate(const StatsTable& t, const StatsOptions& o) { return indirect(t, o, true); }
StatsResult indirect_ratio(const StatsTable& t, const StatsOptions& o) { return indirect(t, o, false); }

StatsResult mean(const StatsTable& t, const StatsOptions& o) {
  const auto by = grouping(t, o, {"area", "areacode"});
  const int column = t.need({"values", "value", "x"});
  StatsResult out{by, {}};
  out.header.insert(out.header.end(), {"value_sum", "value_count", "stdev", "value"});
  add_limit_names(out.header, o);
  out.header.insert(out.header.end(), {"statistic", "method"});
  for (const auto& group : t.groups(by)) {
    std::vector<double> values;
    for (const std::size_t r : group.rows)
      if (const auto v = t.number(r, column)) values.push_back(*v);
    const auto m = stats::mean(values, confidences(o));
    auto row = group.key;
    row.insert(row.end(), {shown(m.sum), shown(m.count), values.size() > 1 ? shown(m.standard_deviation) : "", shown(m.estimate.value)});
    add_limits(row, m.estimate.intervals);
    row.insert(row.end(), {"mean", std::string(m.estimate.method)});
    out.rows.push_back(std::move(row));
  }
  return out;
}

// Whether band 1 is to hold the highest values: PHE's invert, or Fingertips' polarity.
bool turned(const std::string& polarity) { return same_name(polarity, "TRUE") || polarity.find("ow is good") != std::string::npos; }

StatsResult quantile(const StatsTable& t, const StatsOptions& o) {
  const int column = t.need({"value", "values"}), polarity = t.find({"polarity", "invert"});
  StatsResult out{t.header(), std::vector<std::vector<std::string>>(t.rows())};
  out.header.insert(out.header.end(), {"quantile", "groupvals", "qinverted"});
  for (const auto& group : t.groups(o.by)) {
    std::vector<std::optional<double>> values;
    std::optional<bool> highest_first = o.highest_first;
    bool mixed = false;
    for (const std::size_t r : group.rows) {
      values.push_back(t.number(r, column));
      if (o.highest_first || polarity < 0) continue;
      const bool here = turned(t.cell(r, polarity));
      mixed = mixed || (highest_first && *highest_first != here);
      highest_first = here;
    }
    std::vector<std::optional<int>> bands(values.size());
    if (!mixed) bands = stats::quantiles(values, o.quantiles, highest_first.value_or(true));
    std::string name;
    for (const auto& part : group.key) name += (name.empty() ? "" : ", ") + part;
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
      auto& row = out.rows[group.rows[i]] = t.cells(group.rows[i]);
      row.push_back(bands[i] ? std::to_string(*bands[i]) : "");
      row.push_back(name);
      row.push_back(mixed ? "polarity differs within the group" : highest_first.value_or(true) ? "highest to lowest" : "lowest to highest");
    }
  }
  return out;
}

StatsResult life_expectancy(const StatsTable& t, const StatsOptions& o) {
  const auto by = grouping(t, o, {"area", "areacode", "geocode"});
  const int age = t.need({"startage", "age", "ageband"}), pop = t.need({"pops", "pop", "population"}), deaths = t.need({"deaths", "dths"});
  StatsResult out{by, {}};
  StatsOptions one = o;
  if (one.confidences.empty()) one.confidences = {0.95};
  out.header.insert(out.header.end(), {"startage", "pops", "deaths", "pops_used", "dths_used", "value"});
  add_limit_names(out.header, one);
  out.header.push_back("note");
  for (const auto& group : t.groups(by)) {
    std::vector<stats::LifeBand> bands;
    for (const std::size_t r : group.rows) {
      // "5-9", "90+" and "<1" name their band by its first age.
      const std::string& text = t.cell(r, age);
      const std::string digits = text.substr(0, text.find_first_not_of("0123456789"));
      if (digits.empty() || digits.size() > 3)
        throw Error(ErrorKind::user, fmt::format("standard input, line {}: no starting age", t.line(r)), "give the first age of the band: 0, 1, 5, 10, ... 90");
      bands.push_back({std::stoi(digits), t.number(r, pop), t.number(r, deaths)});
    }
    std::stable_sort(bands.begin(), bands.end(), [](const auto& a, const auto& b) { return a.start_age < b.start_age; });
    const auto table = stats::life_expectancy(bands, one.confidences);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto& e = table.rows[i];
      auto row = group.key;
      row.insert(
          row.end(),
          {std::to_string(e.start_age), shown(bands[i].population), shown(bands[i].deaths), shown(e.population_used), shown(e.deaths_used), shown(e.value)});
      add_limits(row, e.intervals);
      row.emplace_back(!table.refused.empty() ? table.refused : e.value ? "" : "the interval is wider than 20 years");
      out.rows.push_back(std::move(row));
    }
  }
  return out;
}

stats::Scale scale_of(const std::string& text) {
  if (same_name(text, "log") || text == "1") return stats::Scale::log;
  if (same_name(text, "logit") || text == "2") return stats::Scale::logit;
  return stats::Scale::identity;
}

StatsResult slope_index(const StatsTable& t, const StatsOptions& o) {
  const auto by = grouping(t, o, {"area", "areacode", "geocode"});
  const int rank = t.need({"quantile", "decile", "quintile"}), pop = t.need({"population", "pop"}), value = t.need({"value"});
  const int error = t.find({"standarderror", "se"}), low = t.find({"lowercl", "lower95_0cl", "lower"}), high = t.find({"uppercl", "upper95_0cl", "upper"});
  const int type = t.find({"valuetype"});
  StatsOptions one = o;
  if (one.confidences.empty()) one.confidences = {0.95};
  StatsResult out{by, {}};
  out.header.insert(out.header.end(), {"sii", "rii", "intercept"});
  for (const char* name : {"sii", "rii"})
    for (const double c : one.confidences) {
      std::string mark = one.confidences.size() == 1 ? "" : fmt::format("{:.1f}", c * 100);
      std::replace(mark.begin(), mark.end(), '.', '_');
      out.header.push_back(fmt::format("{}_lower{}cl", name, mark));
      out.header.push_back(fmt::format("{}_upper{}cl", name, mark));
    }
  out.header.push_back("note");
  for (const auto& group : t.groups(by)) {
    stats::InequalityOptions options;
    options.scale = scale_of(o.scale != "none" || type < 0 ? o.scale : t.cell(group.rows.front(), type));
    options.transform = o.transform;
    options.multiplier = o.multiplier.value_or(1);
    options.repetitions = o.repetitions;
    options.seed = o.seed;
    std::vector<std::pair<double, stats::QuantilePoint>> points;
    std::string note;
    for (const std::size_t r : group.rows) {
      const auto q = t.number(r, rank), p = t.number(r, pop), v = t.number(r, value);
      std::optional<double> e = error < 0 ? std::nullopt : t.number(r, error);
      if (!e && low >= 0 && high >= 0) {
        const auto a = t.number(r, low), b = t.number(r, high);
        if (a && b) e = stats::standard_error(*a, *b, 0.95, options.scale);
      }
      if (!q || !p || !v) note = "a quantile, population or value is missing";
      points.push_back({q.value_or(0), {p.value_or(0), v.value_or(NAN), e.value_or(NAN)}});
    }
    std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<stats::QuantilePoint> ordered;
    for (const auto& [q, p] : points) ordered.push_back(p);
    const auto s = stats::slope_index(ordered, options, one.confidences);
    auto row = group.key;
    const bool given = s.refused.empty() && note.empty();
    row.insert(row.end(), {given ? shown(s.slope) : "", given ? shown(s.relative) : "", given ? shown(s.intercept) : ""});
    for (const auto* intervals : {&s.slope_intervals, &s.relative_intervals})
      for (std::size_t c = 0; c < one.confidences.size(); ++c) {
        row.push_back(given ? shown((*intervals)[c].low) : "");
        row.push_back(given ? shown((*intervals)[c].high) : "");
      }
    row.push_back(note.empty() ? std::string(s.refused) : note);
    out.rows.push_back(std::move(row));
  }
  return out;
}

StatsResult funnel(const StatsTable& t, const StatsOptions& o) {
  StatsResult out{t.header(), {}};
  const bool proportions = o.kind == "proportion", ratios = o.kind == "ratio";
  if (!proportions && !ratios && o.kind != "rate") throw Error(ErrorKind::user, "no such kind of funnel: " + o.kind, "use proportion, ratio or rate");
  const double multiplier = o.multiplier.value_or(proportions || ratios ? 100 : 100000);
  const int numerator =
      proportions ? t.find({"numerator", "count", "obs"}) : t.need({"numerator", "obs", "observed", "observed_events", "events", "count", "ev"});
  const int denominator = proportions ? t.need({"denominator", "population", "pop", "n"}) : t.find({"denominator", "expected", "exp", "pop", "population"});
  const int value = t.find({"rate", "value"});
  double sum_n = 0, sum_d = 0;
  const auto derived = [&](std::size_t r) -> std::optional<double> {  // the denominator that gives the rate shown
    if (o.kind == "rate" && value >= 0) {
      const auto v = t.number(r, value), x = t.number(r, numerator);
      if (v && x && *v > 0) return *x / *v * multiplier;
    }
    return denominator < 0 ? std::nullopt : t.number(r, denominator);
  };
  for (std::size_t r = 0; r < t.rows(); ++r) {
    sum_n += numerator < 0 ? 0 : t.number(r, numerator).value_or(0);
    sum_d += derived(r).value_or(0);
  }
  const double baseline = o.baseline ? *o.baseline / multiplier : ratios ? 1 : sum_d > 0 ? sum_n / sum_d : NAN;
  out.header.insert(out.header.end(),
                    {"baseline", "value_shown", "lower_2s_limit", "upper_2s_limit", "lower_3s_limit", "upper_3s_limit", "significance_found"});
  if (!proportions) out.header.insert(out.header.end(), {"lower_2s_exp_events", "upper_2s_exp_events", "lower_3s_exp_events", "upper_3s_exp_events"});
  if (o.kind == "rate")
    out.header.insert(out.header.end(),
                      {"lower_2s_population_1_year", "upper_2s_population_1_year", "lower_3s_population_1_year", "upper_3s_population_1_year"});
  for (std::size_t r = 0; r < t.rows(); ++r) {
    auto row = t.cells(r);
    const double events = numerator < 0 ? NAN : t.number(r, numerator).value_or(NAN), at_risk = derived(r).value_or(NAN);
    const double ratio = at_risk > 0 ? events / at_risk : NAN;
    const auto limits = proportions ? stats::proportion_funnel(baseline, at_risk) : stats::ratio_funnel(events);
    const double scale = proportions ? multiplier : baseline * multiplier;
    row.push_back(shown(baseline * multiplier));
    row.push_back(shown(ratio * multiplier));
    if (limits)
      row.insert(row.end(),
                 {shown(limits->inner.low * scale), shown(limits->inner.high * scale), shown(limits->outer.low * scale), shown(limits->outer.high * scale)});
    else row.insert(row.end(), 4, "");
    row.push_back(!std::isfinite(ratio) || !limits ? "" : std::string(stats::funnel_significance(proportions ? ratio : ratio / baseline, *limits)));
    if (!proportions) {
      const auto e = stats::funnel_expected(events);
      const std::vector<double> at = e ? std::vector<double>{e->inner_low, e->inner_high, e->outer_low, e->outer_high} : std::vector<double>(4, NAN);
      for (const double a : at) row.push_back(shown(a));
      if (o.kind == "rate")
        for (const double a : at) row.push_back(shown(a / baseline / o.years));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

StatsResult dispersion(const StatsTable& t, const StatsOptions& o) {
  const auto by = grouping(t, o, {"set"});
  const int num = t.need({"num", "numerator", "obs", "observed"}), den = t.need({"den", "denominator", "expected"});
  StatsResult out{t.header(), std::vector<std::vector<std::string>>(t.rows())};
  out.header.insert(out.header.end(), {"target", "phi", "tau2", "y", "s_e", "z_score", "od_lower_95", "od_upper_95", "od_lower_998", "od_upper_998"});
  const bool proportions = o.kind == "proportion";
  for (const auto& group : t.groups(by)) {
    std::vector<stats::FunnelUnit> units;
    for (const std::size_t r : group.rows) units.push_back({t.number(r, num).value_or(0), t.number(r, den).value_or(0)});
    const auto d = stats::overdispersion(units, proportions, o.rules == "cqc" || proportions ? stats::DispersionMethod::cqc : stats::DispersionMethod::shmi);
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
      auto& row = out.rows[group.rows[i]] = t.cells(group.rows[i]);
      const auto& u = d.units[i];
      row.insert(row.end(), {shown(d.target), shown(d.phi), shown(d.tau2), shown(u.y), shown(u.s), shown(u.z)});
      if (proportions) row.insert(row.end(), 4, "");
      else row.insert(row.end(), {shown(u.inner.low), shown(u.inner.high), shown(u.outer.low), shown(u.outer.high)});
    }
  }
  return out;
}

StatsResult trend(const StatsTable& t, const StatsOptions& o) {
  const auto by = grouping(t, o, {"series", "area", "areacode"});
  const int when = t.need({"period_end", "period", "year", "date"}), value = t.need({"value"}), low = t.find({"lower95", "lowercl", "lower95_0cl"}),
            high = t.find({"upper95", "uppercl", "upper95_0cl"});
  const int type = t.find({"value_type", "valuetype", "kind"}), polarity = t.find({"polarity"});
  StatsResult out{by, {}};
  out.header.insert(out.header.end(), {"points", "trend"});
  for (const auto& group : t.groups(by)) {
    auto rows = group.rows;
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return t.cell(a, when) < t.cell(b, when); });
    std::vector<stats::TrendPoint> points;
    for (const std::size_t r : rows) {
      const auto v = t.number(r, value);
      if (!v) continue;
      const auto a = low < 0 ? std::nullopt : t.number(r, low), b = high < 0 ? std::nullopt : t.number(r, high);
      points.push_back({*v, a && b ? std::optional(Interval{*a, *b}) : std::nullopt});
    }
    const std::string kind = type < 0 ? "Proportion" : t.cell(rows.front(), type);
    const auto known = kind == "Proportion"    ? stats::TrendKind::proportion
        : kind == "Crude rate"                 ? stats::TrendKind::crude_rate
        : kind == "Directly standardised rate" ? stats::TrendKind::direct_rate
                                               : stats::TrendKind::other;
    const std::string good = polarity < 0 ? "" : t.cell(rows.front(), polarity);
    const auto direction = good.find("High is good") != std::string::npos ? stats::Direction::high_is_good
        : good.find("Low is good") != std::string::npos                   ? stats::Direction::low_is_good
                                                                          : stats::Direction::no_judgement;
    auto row = group.key;
    row.push_back(std::to_string(points.size()));
    row.emplace_back(stats::trend_words(stats::recent_trend(points, known), direction));
    out.rows.push_back(std::move(row));
  }
  return out;
}

StatsResult spc(const StatsTable& t, const StatsOptions& o) {
  const auto by = grouping(t, o, {"series", "area"});
  const int value = t.need({"y", "value"}), direction = t.find({"direction"}), target = t.find({"target"}), fix = t.find({"fix_after"}),
            rebase = t.find({"rebase_group"}), screen = t.find({"screen_outliers"});
  StatsResult out{t.header(), std::vector<std::vector<std::string>>(t.rows())};
  out.header.insert(out.header.end(), {"mean", "lpl", "upl", "outside", "relative", "close", "special_cause", "point_type", "provisional", "assurance"});
  for (const auto& group : t.groups(by)) {
    stats::ChartOptions options;
    options.rules = o.rules == "making-data-count" ? stats::making_data_count() : stats::plot_the_dots_package();
    const std::size_t first = group.rows.front();
    const std::string way = direction < 0 ? o.direction : t.cell(first, direction);
    options.improvement = way == "decrease" ? stats::Improvement::decrease : way == "neutral" ? stats::Improvement::neutral : stats::Improvement::increase;
    options.target = target < 0 ? o.target : t.number(first, target);
    options.rebase_at = o.rebase_at;
    options.fix_after = o.fix_after;
    if (fix >= 0)
      if (const auto n = t.number(first, fix)) options.fix_after = static_cast<std::size_t>(*n);
    if (screen >= 0) options.rules.screen_moving_ranges = same_name(t.cell(first, screen), "TRUE");
    else if (o.screen) options.rules.screen_moving_ranges = true;
    std::vector<double> values;
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
      const auto v = t.number(group.rows[i], value);
      if (!v) throw Error(ErrorKind::user, fmt::format("standard input, line {}: no value", t.line(group.rows[i])), "leave out points that were not measured");
      values.push_back(*v);
      if (rebase >= 0 && i > 0 && t.cell(group.rows[i], rebase) != t.cell(group.rows[i - 1], rebase)) options.rebase_at.push_back(i);
    }
    const auto chart = stats::control_chart(values, options);
    static constexpr const char* words[] = {"", "consistent_pass", "consistent_fail", "inconsistent"};
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
      auto& row = out.rows[group.rows[i]] = t.cells(group.rows[i]);
      const auto& p = chart.points[i];
      const bool high = p.cause == stats::SpecialCause::above_limit || p.cause == stats::SpecialCause::shift_high || p.cause == stats::SpecialCause::trend_up ||
          p.cause == stats::SpecialCause::two_of_three_high;
      const char* kind = p.cause == stats::SpecialCause::none ? "common_cause"
          : p.improvement                                     ? "special_cause_improvement"
          : p.concern                                         ? "special_cause_concern"
          : high                                              ? "special_cause_neutral_high"
                                                              : "special_cause_neutral_low";
      row.insert(row.end(),
                 {shown(p.mean), shown(p.lower), shown(p.upper), p.outside ? "TRUE" : "FALSE", std::to_string(p.side), p.near ? "TRUE" : "FALSE",
                  stats::cause_words(p.cause, options.rules), kind, p.provisional ? "TRUE" : "FALSE", words[static_cast<int>(chart.assurance)]});
    }
  }
  return out;
}

}  // namespace

const std::vector<StatsMethodEntry>& stats_methods() {
  static const std::vector<StatsMethodEntry> entries{
      {"proportion", "numerator, denominator, [multiplier]", "proportion with Wilson limits", proportion},
      {"rate", "numerator, denominator, [multiplier]", "crude rate; exact limits below ten events, Byar's from ten", rate},
      {"wilson", "x, n, [confidence]", "Wilson limits alone", wilson},
      {"byars", "x, [confidence]", "Byar's limits alone", byars},
      {"dsr", "[area], count, pop, [stdpop]; or ageband, freq, persons, pop for repeat events", "directly standardised rate, Dobson's limits", direct},
      {"isr", "[area], count, pop, refcount, refpop", "indirectly standardised rate", indirect_rate},
      {"isratio", "[area], count, pop, refcount, refpop", "indirectly standardised ratio", indirect_ratio},
      {"mean", "[area], values", "mean with Student's t limits", mean},
      {"quantile", "value, [polarity]", "quantile of each row within --by groups", quantile},
      {"life-expectancy", "[area], startage, pops, deaths", "abridged life table, Chiang II with Silcocks' variance", life_expectancy},
      {"sii", "[area], quantile, population, value, standarderror or lowercl and uppercl, [valuetype]", "slope and relative index of inequality", slope_index},
      {"funnel", "numerator, denominator (or observed, expected; or events and rate)", "funnel limits and significance; --kind proportion, ratio or rate",
       funnel},
      {"overdispersion", "[set], num, den", "phi, tau squared and overdispersed limits; --rules shmi or cqc", dispersion},
      {"trend", "[series], period_end, value, lower95, upper95, [value_type], [polarity]", "recent trend over five points", trend},
      {"spc", "[series], y, [direction], [target], [fix_after], [rebase_group], [screen_outliers]",
       "XmR control chart; --rules making-data-count or plot-the-dots-package", spc},
  };
  return entries;
}

}  // namespace catchment::cli
