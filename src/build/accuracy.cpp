#include "build/accuracy.h"

#include "build/sql.h"

namespace catchment::build {

double LinkageAccuracy::precision() const {
  const std::int64_t said = pairs_right + pairs_wrong;
  return said == 0 ? 1 : static_cast<double>(pairs_right) / static_cast<double>(said);
}
double LinkageAccuracy::recall() const {
  const std::int64_t are = pairs_right + pairs_missed;
  return are == 0 ? 1 : static_cast<double>(pairs_right) / static_cast<double>(are);
}
double LinkageAccuracy::f1() const {
  const double p = precision(), r = recall();
  return p + r == 0 ? 0 : 2 * p * r / (p + r);
}

std::optional<LinkageAccuracy> measure_accuracy(const std::filesystem::path& workspace, const std::filesystem::path& staged,
                                                const db::DuckOptions& options) {
  const std::filesystem::path csv = workspace / "truth" / "keys.csv", parquet = workspace / "truth" / "keys.parquet";
  const bool is_csv = std::filesystem::exists(csv);
  if (!is_csv && !std::filesystem::exists(parquet)) return {};
  db::DuckOptions reading = options;
  reading.read_only = true;
  const db::Duck duck(staged, reading);
  db::Connection connection = duck.connect();
  connection.query(is_csv ? sql::truth_from_csv : sql::truth_from_parquet, {(is_csv ? csv : parquet).string()});
  db::Rows rows = connection.query(sql::accuracy);
  db::Chunk chunk;
  if (!rows.next(chunk)) return {};
  LinkageAccuracy accuracy;
  accuracy.rows = chunk.integer(0, 0);
  accuracy.true_persons = chunk.integer(1, 0);
  accuracy.persons = chunk.integer(2, 0);
  const std::int64_t both = chunk.integer(3, 0), truly = chunk.integer(4, 0), said = chunk.integer(5, 0);
  accuracy.pairs_right = both;
  accuracy.pairs_missed = truly - both;
  accuracy.pairs_wrong = said - both;
  return accuracy;
}

}  // namespace catchment::build
