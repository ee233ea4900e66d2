#include <fmt/core.h>

#include "base/error.h"
#include "records/read_cells.h"

namespace catchment::records {
namespace {

// Each dimension as an expression over person p, area a, place l and organisation o. Nothing here comes from a caller's text.
std::string_view expression(Dimension dimension) {
  switch (dimension) {
    case Dimension::place: return "coalesce(l.code, 'unknown')";
    case Dimension::neighbourhood: return "coalesce(nullif(a.neighbourhood, ''), 'unknown')";
    case Dimension::area: return "coalesce(a.code, 'unknown')";
    case Dimension::practice: return "coalesce(o.code, 'unknown')";
    case Dimension::age_band:
      return "CASE WHEN p.birth_date IS NULL OR p.birth_date > $1 THEN 'unknown' WHEN age >= 90 THEN '90+' "
             "ELSE (age // 5 * 5)::VARCHAR || '-' || (age // 5 * 5 + 4)::VARCHAR END";
    case Dimension::sex: return "p.sex::VARCHAR";
    case Dimension::ethnic_group: return "p.ethnic_group::VARCHAR";
    case Dimension::deprivation_fifth: return "CASE WHEN p.deprivation_fifth = 0 THEN 'unknown' ELSE p.deprivation_fifth::VARCHAR END";
  }
  return "''";
}

std::string_view condition(Population population) {
  switch (population) {
    case Population::resident: return "p.resident";
    case Population::registered: return "p.registered";
    case Population::resident_and_registered: return "p.resident AND p.registered";
    case Population::known: return "true";
  }
  return "false";
}

}  // namespace

std::string_view to_string(Dimension dimension) {
  switch (dimension) {
    case Dimension::place: return "place";
    case Dimension::neighbourhood: return "neighbourhood";
    case Dimension::area: return "area";
    case Dimension::practice: return "practice";
    case Dimension::age_band: return "age_band";
    case Dimension::sex: return "sex";
    case Dimension::ethnic_group: return "ethnic_group";
    case Dimension::deprivation_fifth: return "deprivation_fifth";
  }
  return "";
}

std::vector<CountRow> count_population(db::Connection& connection, const CountQuery& query, Date as_of) {
  if (query.by.size() > 4) throw Error(ErrorKind::user, "a count can be split at most four ways", "ask for fewer dimensions");
  std::string keys, positions;
  for (std::size_t i = 0; i < query.by.size(); ++i) {
    keys += fmt::format("{}{} AS k{}", i == 0 ? "" : ", ", expression(query.by[i]), i);
    positions += fmt::format("{}{}", i == 0 ? "" : ", ", i + 1);
  }
  std::string sql = fmt::format(
      "SELECT {}count(*) FROM (SELECT *, date_diff('year', birth_date, $1) - (strftime(birth_date, '%m%d') > strftime($1, '%m%d'))::INTEGER AS age "
      "FROM person) p LEFT JOIN area a ON a.id = p.area LEFT JOIN place l ON l.id = p.place LEFT JOIN organisation o ON o.id = p.practice "
      "WHERE {} AND ($2::INTEGER IS NULL OR p.place = $2) AND ($3::VARCHAR IS NULL OR a.neighbourhood = $3)",
      keys.empty() ? "" : keys + ", ", condition(query.population));
  if (!positions.empty()) sql += " GROUP BY " + positions + " ORDER BY " + positions;
  db::Cell place, neighbourhood;
  if (query.place) place = std::int64_t{*query.place};
  if (query.neighbourhood) neighbourhood = *query.neighbourhood;
  db::Rows rows = connection.query(sql, {as_of, place, neighbourhood});
  std::vector<CountRow> counts;
  db::Chunk chunk;
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      CountRow& row = counts.emplace_back();
      for (std::size_t k = 0; k < query.by.size(); ++k) row.keys.emplace_back(chunk.text(k, r));
      row.persons = chunk.integer(query.by.size(), r);
    }
  }
  return counts;
}

}  // namespace catchment::records
