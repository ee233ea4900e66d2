// Kept cohorts: versions in authored.sqlite.
#include "base/hash.h"
#include "cohort/cohort.h"
#include "cohort/sql.h"

namespace catchment::cohort {

namespace {

constexpr db::Migration migrations[] = {{1, sql::cohort_1}};

SavedCohort read(const db::Statement& row) {
  SavedCohort saved;
  saved.id = row.text(0);
  saved.version = static_cast<int>(row.integer(1));
  saved.title = row.text(2);
  saved.form = row.text(3);
  saved.cql = row.text(4);
  saved.hash = row.text(5);
  saved.saved_by = row.text(6);
  saved.saved_at = Instant{row.integer(7), static_cast<std::int16_t>(row.integer(8))};
  return saved;
}

}  // namespace

CohortStore::CohortStore(const std::filesystem::path& authored) : database_(authored, db::SqliteMode::create) {
  std::filesystem::permissions(authored, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  db::migrate_part(database_, authored, "cohort", migrations);
}

SavedCohort CohortStore::save(const Cohort& cohort, const Known& known, const std::string& by, Instant at) {
  return keep({cohort.id, cohort.title, to_json(cohort), to_cql(cohort, known), "", by, 0, at});
}

SavedCohort CohortStore::save_cql(const std::string& id, const std::string& title, const std::string& cql, const std::string& by, Instant at) {
  return keep({id, title, "", cql, "", by, 0, at});
}

SavedCohort CohortStore::keep(SavedCohort saved) {
  saved.hash = to_hex(sha256(saved.form + "\n" + saved.cql));
  db::Transaction transaction(database_);
  const auto newest = find(saved.id);
  if (newest && newest->hash == saved.hash) return *newest;
  saved.version = newest ? newest->version + 1 : 1;
  database_.prepare(sql::version_add)
      .bind(saved.id)
      .bind(std::int64_t{saved.version})
      .bind(saved.title)
      .bind(saved.form)
      .bind(saved.cql)
      .bind(saved.hash)
      .bind(saved.saved_by)
      .bind(saved.saved_at.utc_ms)
      .bind(std::int64_t{saved.saved_at.offset_minutes})
      .run();
  transaction.commit();
  return saved;
}

std::vector<SavedCohort> CohortStore::versions(std::string_view id) {
  std::vector<SavedCohort> all;
  db::Statement rows = database_.prepare(sql::version_all);
  rows.bind(id);
  while (rows.step()) all.push_back(read(rows));
  return all;
}

std::vector<SavedCohort> CohortStore::list() {
  std::vector<SavedCohort> all;
  db::Statement rows = database_.prepare(sql::version_newest);
  while (rows.step()) all.push_back(read(rows));
  return all;
}

std::optional<SavedCohort> CohortStore::find(std::string_view id, int version) {
  db::Statement row = database_.prepare(sql::version_find);
  row.bind(id).bind(std::int64_t{version});
  if (!row.step()) return std::nullopt;
  return read(row);
}

}  // namespace catchment::cohort
