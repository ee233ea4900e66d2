#include "records/summary_rows.h"

#include "records/sql.h"

namespace catchment::records {

std::vector<PersonSummary> read_summaries(db::Duck& population) {
  std::vector<PersonSummary> persons;
  db::Connection connection = population.connect();
  db::Rows rows = connection.stream(sql::person_read);
  db::Chunk chunk;
  constexpr char precisions[] = {'d', 'm', 'y'};
  const auto id = [&](std::size_t column, std::size_t row) { return static_cast<std::int32_t>(chunk.integer(column, row)); };
  while (rows.next(chunk)) {
    for (std::size_t row = 0; row < chunk.rows(); ++row) {
      PersonSummary& s = persons.emplace_back();
      s.person.value = chunk.integer(0, row);
      if (!chunk.is_null(1, row)) s.birth_date = chunk.date(1, row);
      s.birth_precision = precisions[chunk.is_null(2, row) ? 0 : chunk.integer(2, row)];
      s.sex = static_cast<Sex>(chunk.integer(3, row));
      s.ethnicity.value = id(4, row);
      s.ethnic_group = static_cast<EthnicGroup>(chunk.integer(5, row));
      if (!chunk.is_null(6, row)) s.death_date = chunk.date(6, row);
      s.area = id(7, row);
      s.place = id(8, row);
      s.practice.value = id(9, row);
      s.resident = chunk.integer(10, row) != 0;
      s.registered = chunk.integer(11, row) != 0;
      s.restricted = chunk.integer(12, row) != 0;
      s.deprivation_fifth = id(13, row);
      s.identity_rows = id(14, row);
    }
  }
  return persons;
}

}  // namespace catchment::records
