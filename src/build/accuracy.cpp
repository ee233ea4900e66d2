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

namespace {

using std::filesystem::path;

// A truth file that is there, as CSV or Parquet.
bool read_truth(db::Connection& connection, const path& stem, std::string_view from_csv, std::string_view from_parquet) {
  for (const auto& [ending, statement] : {std::pair(".csv", from_csv), std::pair(".parquet", from_parquet)}) {
    const path file = stem.string() + ending;
    if (!std::filesystem::exists(file)) continue;
    connection.query(statement, {file.string()});
    return true;
  }
  return false;
}

void measure_strata(db::Connection& connection, const path& truth, LinkageAccuracy& accuracy) {
  connection.query(sql::accuracy_cells);
  db::Chunk chunk;
  db::Rows strata = connection.query(sql::accuracy_strata);
  if (strata.next(chunk)) {
    const auto stratum = [&](std::string_view name, std::int64_t found, std::int64_t truly, std::int64_t said) {
      accuracy.groups.push_back({"subjects", std::string(name), found, truly - found, said - found});
    };
    const auto at = [&](std::size_t column) { return chunk.integer(column, 0); };
    stratum("both hold a number", at(0), at(1), at(2));
    stratum("a number, or name with date of birth and home postcode", at(3), at(4), at(5));
    stratum("no number but name with date of birth and home postcode", at(3) - at(0), at(4) - at(1), at(5) - at(2));
  }
  if (!read_truth(connection, truth / "people", sql::truth_people_from_csv, sql::truth_people_from_parquet)) return;
  db::Rows groups = connection.query(sql::accuracy_groups);
  while (groups.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r)
      accuracy.groups.push_back(
          {std::string(chunk.text(0, r)), std::string(chunk.text(1, r)), chunk.integer(2, r), chunk.integer(3, r) - chunk.integer(2, r), 0});
}

}  // namespace

std::optional<LinkageAccuracy> measure_accuracy(const std::filesystem::path& workspace, const std::filesystem::path& staged, const db::DuckOptions& options) {
  const std::filesystem::path truth = workspace / "truth";
  if (!std::filesystem::exists(truth / "keys.csv") && !std::filesystem::exists(truth / "keys.parquet")) return {};
  db::DuckOptions reading = options;
  reading.read_only = true;
  const db::Duck duck(staged, reading);
  db::Connection connection = duck.connect();
  read_truth(connection, truth / "keys", sql::truth_from_csv, sql::truth_from_parquet);
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
  measure_strata(connection, truth, accuracy);
  return accuracy;
}

}  // namespace catchment::build
