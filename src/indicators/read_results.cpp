#include "indicators/indicators.h"
#include "indicators/sql.h"

namespace catchment::indicators {
namespace {

db::Cell cell_of(const std::optional<std::string>& text) {
  db::Cell cell;
  if (text) cell = *text;
  return cell;
}

}  // namespace

std::vector<Result> read_results(db::Connection& population, const Query& query) {
  std::vector<Result> results;
  db::Rows rows = population.query(sql::result_read, {cell_of(query.indicator), cell_of(query.place), cell_of(query.dimension)});
  db::Chunk chunk;
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      Result& result = results.emplace_back();
      result.indicator = chunk.text(0, r);
      result.place = chunk.text(1, r);
      result.dimension = chunk.text(2, r);
      result.group = chunk.text(3, r);
      result.unit = chunk.text(4, r);
      if (!chunk.is_null(5, r)) result.numerator = chunk.integer(5, r);
      if (!chunk.is_null(6, r)) result.denominator = chunk.integer(6, r);
      if (!chunk.is_null(7, r)) result.value = chunk.number(7, r);
      if (!chunk.is_null(8, r)) result.low = chunk.number(8, r);
      if (!chunk.is_null(9, r)) result.high = chunk.number(9, r);
      result.suppressed = chunk.integer(10, r) != 0;
      result.rounded_to = static_cast<int>(chunk.integer(11, r));
    }
  }
  return results;
}

std::vector<Indicator> read_indicators(db::Connection& population) {
  std::vector<Indicator> found;
  db::Rows rows = population.query(sql::indicator_read);
  db::Chunk chunk;
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      Indicator& i = found.emplace_back();
      i.id = chunk.text(0, r);
      i.title = chunk.text(1, r);
      const std::string_view kind = chunk.text(2, r);
      i.kind = kind == "population" ? IndicatorKind::population : kind == "condition" ? IndicatorKind::condition : IndicatorKind::doses_by_age;
      i.codelist = chunk.text(3, r);
      if (!chunk.is_null(4, r)) i.from_age = static_cast<int>(chunk.integer(4, r));
      if (!chunk.is_null(5, r)) i.to_age = static_cast<int>(chunk.integer(5, r));
      i.doses = static_cast<int>(chunk.integer(6, r));
      i.good_direction = chunk.text(7, r);
      if (!chunk.is_null(8, r)) i.goal_percent = chunk.number(8, r);
      i.purpose = chunk.text(9, r);
      i.rule = chunk.text(10, r);
      i.numerator = chunk.text(11, r);
      i.denominator = chunk.text(12, r);
      i.version = chunk.text(13, r);
    }
  }
  return found;
}

}  // namespace catchment::indicators
