// A hand-made staged.duckdb, with the tables intake writes, and a small system to stand it in.
#pragma once

#include <filesystem>
#include <string>

#include "db/db.h"
#include "records/assemble.h"
#include "records/records.h"

namespace catchment::access {
// The tests' own maker of filters; in the product it belongs to module access.
class FilterMaker {
 public:
  static records::RowFilter make(records::FilterTerms terms) { return records::RowFilter(std::move(terms)); }
};
}  // namespace catchment::access

namespace catchment::records::testing {

inline RowFilter filter(FilterTerms terms) { return access::FilterMaker::make(std::move(terms)); }
inline RowFilter everything() {
  FilterTerms terms;
  terms.everyone = terms.counts = terms.identity = terms.restricted_addresses = terms.quarantine = true;
  return filter(terms);
}

/// A folder that goes away.
struct Folder {
  std::filesystem::path path;
  explicit Folder(const std::string& name) : path(std::filesystem::temp_directory_path() / ("catchment-test-" + name + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

inline std::string staged_type(const Column& column) {
  switch (column.kind) {
    case Kind::code:
    case Kind::unit:
    case Kind::organisation:
    case Kind::area: return "INTEGER";
    case Kind::date: return "DATE";
    case Kind::instant: return "TIMESTAMP";
    case Kind::integer:
    case Kind::pence: return "BIGINT";
    case Kind::number: return "DOUBLE";
    case Kind::flag: return "BOOLEAN";
    case Kind::word:
    case Kind::local_id: return "VARCHAR";
  }
  return "VARCHAR";
}

class Staged {
 public:
  explicit Staged(const std::filesystem::path& folder) : duck_(folder / "staged.duckdb", {}), connection_(duck_.connect()) {
    run("CREATE TABLE source (id INTEGER, file VARCHAR, feed VARCHAR, partner VARCHAR, period VARCHAR, delivery VARCHAR, setting VARCHAR, key_kind VARCHAR, "
        "key_domain VARCHAR, purposes VARCHAR, format VARCHAR, status VARCHAR, sha256 VARCHAR, bytes BIGINT, rows_read BIGINT, rows_accepted BIGINT, "
        "rows_quarantined BIGINT, rows_staged BIGINT, first_event DATE, latest_event DATE, frequency VARCHAR, tolerance DOUBLE, one_row_per_person BOOLEAN, "
        "postcode_is_incident BOOLEAN, synthetic BOOLEAN)");
    run("CREATE TABLE source_field (source INTEGER, column_name VARCHAR, present BIGINT, bad BIGINT)");
    run("CREATE TABLE source_table (source INTEGER, table_name VARCHAR, rows BIGINT)");
    run("CREATE TABLE finding (source INTEGER, line BIGINT, column_name VARCHAR, rule VARCHAR, severity VARCHAR, value_class VARCHAR)");
    run("CREATE TABLE finding_count (source INTEGER, column_name VARCHAR, rule VARCHAR, severity VARCHAR, rows BIGINT)");
    run("CREATE TABLE quarantine (source INTEGER, line BIGINT, column_name VARCHAR, rule VARCHAR, raw VARCHAR)");
    run("CREATE TABLE drift (source INTEGER, previous INTEGER, measure VARCHAR, column_name VARCHAR, before DOUBLE, now DOUBLE, severity VARCHAR)");
    run("CREATE TABLE code (id INTEGER, system VARCHAR, code VARCHAR, display VARCHAR)");
    run("CREATE TABLE unit (id INTEGER, code VARCHAR)");
    run("CREATE TABLE organisation (id INTEGER, code VARCHAR, name VARCHAR)");
    run("CREATE TABLE area (id INTEGER, code VARCHAR)");
    run("CREATE TABLE subject (id BIGINT, kind VARCHAR, domain VARCHAR, organisation INTEGER, key VARCHAR, source INTEGER, line BIGINT)");
    run("CREATE TABLE subject_identity (subject BIGINT, source INTEGER, line BIGINT, organisation INTEGER, nhs_number VARCHAR, number_status VARCHAR, local_id "
        "VARCHAR, "
        "given VARCHAR, family VARCHAR, previous_family VARCHAR, birth_date DATE, birth_precision VARCHAR, sex VARCHAR, ethnicity VARCHAR, postcode VARCHAR, "
        "address VARCHAR, telephone VARCHAR, email VARCHAR, practice INTEGER, language VARCHAR, death_date DATE, restricted BOOLEAN, updated_date DATE, area "
        "INTEGER)");
    run("CREATE TABLE resource (subject BIGINT, source INTEGER, line BIGINT, type VARCHAR, id VARCHAR, json VARCHAR)");
    run("CREATE TABLE person_of_subject (subject BIGINT, person BIGINT)");
    for (const Table& table : tables) {
      std::string sql = "CREATE TABLE staged_" + std::string(table.name) + " (subject BIGINT, source INTEGER, line BIGINT, organisation INTEGER";
      for (const Column& column : table.columns) sql += ", " + db::quoted_name(column.name) + " " + staged_type(column);
      run(sql + ")");
    }
    for (const Table& table : reference_tables) {
      std::string sql = "CREATE TABLE staged_" + std::string(table.name) + " (source INTEGER, line BIGINT, organisation INTEGER";
      for (const Column& column : table.columns) sql += ", " + db::quoted_name(column.name) + " " + staged_type(column);
      run(sql + ")");
    }
  }

  Staged& run(std::string_view sql) { return connection_.execute(sql), *this; }

 private:
  db::Duck duck_;
  db::Connection connection_;
};

/// Two places, three small areas, two practices.
inline Reference small_reference() {
  Reference reference;
  reference.places = {{"north", "North"}, {"south", "South"}};
  reference.areas = {{"A1", "North 1", "Riverside", "north", 1, {{"2025", 2}}},
                     {"A2", "North 2", "Riverside", "north", 5, {{"2025", 10}}},
                     {"A3", "South 1", "Hill", "south", 3, {{"2025", 5}}}};
  reference.postcodes = {{"AA1 1AA", "A1"}, {"AA2 2AA", "A2"}, {"AA3 3AA", "A3"}};
  reference.organisations = {{"P1", "First Practice", "practice"}, {"P2", "Second Practice", "practice"}, {"H1", "Hospital", "hospital_trust"}};
  reference.ethnicities = {{"A", "White British", "white"}, {"H", "Indian", "asian"}, {"Z", "Not stated", "unknown"}};
  return reference;
}

inline AssembleSettings settings_for(const std::filesystem::path& folder, unsigned threads = 2) {
  AssembleSettings settings;
  settings.folder = folder;
  settings.temporary_directory = folder;
  settings.as_of = Date::from_ymd(2026, 3, 31);
  settings.threads = threads;
  settings.memory_limit = "1GB";
  return settings;
}

inline void write_manifest(const std::filesystem::path& folder, int format = snapshot_format) {
  Manifest manifest;
  manifest.format = format;
  manifest.id = folder.filename();
  manifest.as_of = Date::from_ymd(2026, 3, 31);
  const std::string json = to_json(manifest);
  FILE* file = std::fopen((folder / "manifest.json").c_str(), "wb");
  std::fwrite(json.data(), 1, json.size(), file);
  std::fclose(file);
}

}  // namespace catchment::records::testing
