#include <fmt/core.h>

#include <map>

#include "base/error.h"
#include "indicators/indicators.h"
#include "indicators/sql.h"
#include "stats/stats.h"

namespace catchment::indicators {
namespace {

constexpr double confidence = 0.95;

// The codes of the snapshot that belong to a codelist, in table codelist_code.
void add_codes(db::Connection& population, const std::vector<Indicator>& indicators, const terminology::Codelists& codelists) {
  population.query(sql::codelist_code);
  db::Appender appender = population.appender("codelist_code");
  db::Rows rows = population.query(sql::codes);
  db::Chunk chunk;
  std::map<std::string, const terminology::Codelist*> used;
  for (const Indicator& indicator : indicators)
    if (!indicator.codelist.empty()) used[indicator.codelist] = terminology::find_codelist(codelists, indicator.codelist);
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      std::string_view system = terminology::system_short_name(chunk.text(1, r));
      if (system.empty()) system = chunk.text(1, r);
      for (const auto& [id, list] : used)
        if (list != nullptr && terminology::contains(*list, system, chunk.text(2, r))) appender.text(id).integer(chunk.integer(0, r)).end_row();
    }
  }
  appender.close();
}

class Store {
 public:
  explicit Store(db::Connection& population) : appender_(population.appender("result")) {}

  void add(const std::string& indicator, const db::Chunk& chunk, std::size_t row, bool share) {
    Result result;
    result.indicator = indicator;
    result.place = chunk.text(0, row);
    result.dimension = chunk.text(1, row);
    result.group = chunk.text(2, row);
    const std::int64_t hits = chunk.integer(4, row), everyone = chunk.integer(5, row);
    if (share) {
      const disclosure::Proportion shown = disclosure::protect_share(hits, everyone);
      result.unit = "percent";
      result.numerator = shown.numerator.shown;
      result.denominator = shown.denominator.shown;
      result.suppressed = shown.numerator.hidden() || shown.denominator.hidden();
      if (shown.share) {
        result.value = *shown.share * 100;
        const auto interval = stats::wilson(static_cast<double>(*result.numerator), static_cast<double>(*result.denominator), confidence);
        if (interval) result.low = interval->low * 100, result.high = interval->high * 100;
      }
    } else {
      const disclosure::Count shown = disclosure::protect(everyone);
      result.unit = "people";
      result.numerator = shown.shown;
      result.suppressed = shown.hidden();
      if (shown.shown) result.value = static_cast<double>(*shown.shown);
    }
    write(result, chunk.integer(3, row));
  }

  Computed close() {
    appender_.close();
    return computed_;
  }

 private:
  void write(const Result& r, std::int64_t position) {
    const auto number = [&](const std::optional<double>& v) { v ? appender_.number(*v) : appender_.null(); };
    const auto whole = [&](const std::optional<std::int64_t>& v) { v ? appender_.integer(*v) : appender_.null(); };
    appender_.text(r.indicator).text(r.place).text(r.dimension).text(r.group).integer(position).text(r.unit);
    whole(r.numerator), whole(r.denominator);
    number(r.value), number(r.low), number(r.high);
    appender_.boolean(r.suppressed).integer(r.rounded_to).end_row();
    ++computed_.results;
    computed_.suppressed += r.suppressed ? 1 : 0;
  }
  db::Appender appender_;
  Computed computed_;
};

void write_indicators(db::Connection& population, const std::vector<Indicator>& indicators) {
  db::Appender appender = population.appender("indicator");
  const auto age = [&](const std::optional<int>& v) { v ? appender.integer(*v) : appender.null(); };
  std::int64_t position = 0;
  static constexpr std::string_view kinds[] = {"population", "condition", "doses_by_age"};
  for (const Indicator& i : indicators) {
    appender.text(i.id).integer(position++).text(i.title).text(kinds[static_cast<std::size_t>(i.kind)]).text(i.codelist);
    age(i.from_age), age(i.to_age);
    appender.integer(i.doses).text(i.good_direction);
    i.goal_percent ? appender.number(*i.goal_percent) : appender.null();
    appender.text(i.purpose).text(i.rule).text(i.numerator).text(i.denominator).text(i.version).end_row();
  }
  appender.close();
}

db::Cell cell_of(const std::optional<int>& age) {
  db::Cell cell;
  if (age) cell = std::int64_t{*age};
  return cell;
}

// Fills table `member`: whom the indicator is about, and who of them counts.
void choose_members(db::Connection& population, const Indicator& indicator, Date as_of) {
  if (indicator.id == not_met) {
    population.query(sql::member_not_met, {as_of});
  } else if (indicator.id == opted_out) {
    population.query(sql::member_opted_out);
  } else if (indicator.kind == IndicatorKind::population) {
    population.query(indicator.id == "residents" ? sql::member_resident : indicator.id == "registered" ? sql::member_registered : sql::member_either);
  } else if (indicator.kind == IndicatorKind::condition) {
    population.query(sql::member_condition, {as_of, indicator.codelist, cell_of(indicator.from_age), cell_of(indicator.to_age)});
  } else {
    population.query(sql::member_doses, {indicator.codelist, cell_of(indicator.from_age), cell_of(indicator.to_age), std::int64_t{indicator.doses}});
  }
}

}  // namespace

Computed compute(db::Connection& population, const std::vector<Indicator>& indicators, const terminology::Codelists& codelists, Date as_of,
                 Progress& progress) {
  progress.step("computing indicators", indicators.size(), "indicators");
  for (const std::string_view statement :
       {sql::result_drop, sql::result_create, sql::indicator_drop, sql::indicator_create, sql::standing_drop, sql::member_drop, sql::shared_source})
    population.query(statement);
  write_indicators(population, indicators);
  add_codes(population, indicators, codelists);
  population.query(sql::standing, {as_of});
  Store store(population);
  for (const Indicator& indicator : indicators) {
    choose_members(population, indicator, as_of);
    const bool share = indicator.kind != IndicatorKind::population || indicator.id == not_met || indicator.id == opted_out;
    const auto add = [&](std::string_view statement) {
      db::Rows rows = population.query(statement);
      db::Chunk chunk;
      while (rows.next(chunk))
        for (std::size_t r = 0; r < chunk.rows(); ++r) store.add(indicator.id, chunk, r, share);
    };
    add(indicator.id == basis ? sql::summary_basis : sql::summary);
    if (indicator.kind != IndicatorKind::population) add(sql::summary_area);
    population.query(sql::member_drop);
    progress.advance(1);
  }
  const Computed computed = store.close();
  population.query(sql::standing_drop);
  population.query(sql::codelist_code_drop);
  population.query(sql::shared_source_drop);
  progress.done();
  return computed;
}

}  // namespace catchment::indicators
