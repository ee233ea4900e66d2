// Every statement under src/<module>/sql prepares against the schema it is for: the schema that the statements themselves make, in the
// databases the product opens them in. A CREATE is run as soon as it prepares, so the order is found and not kept by hand.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "db/db.h"
#include "intake/intake.h"
#include "records/records.h"

namespace fs = std::filesystem;
using namespace catchment;

namespace {

const fs::path root = CATCHMENT_SOURCE_DIR;

struct Sql {
  std::string name;  // module/file
  std::string text;
};

std::vector<Sql> every_statement() {
  std::vector<Sql> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / "src")) {
    if (entry.path().extension() != ".sql") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string file = fs::relative(entry.path(), root / "src");
    found.push_back(
        {file.substr(0, file.find('/') + 1) + entry.path().stem().string(), {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
  }
  std::sort(found.begin(), found.end(), [](const Sql& a, const Sql& b) { return a.name < b.name; });
  return found;
}

/// Which database each statement is run in; the first fitting beginning decides.
enum class Where { staged, population, identity, authored, people, figures };
const std::vector<std::pair<std::string, Where>> homes{
    {"intake/", Where::staged},
    {"records/people_", Where::people},
    {"records/identity_read", Where::identity},
    {"records/identity_row_read", Where::identity},
    {"records/name_index_read", Where::identity},
    {"records/number_index_read", Where::identity},
    {"records/quarantine_read", Where::identity},
    {"records/resources_read", Where::identity},
    {"records/", Where::population},
    {"indicators/figure_", Where::figures},
    {"indicators/head_count_people", Where::population},
    {"indicators/head_count_", Where::figures},
    {"indicators/publication_", Where::figures},
    {"indicators/measure_", Where::figures},
    {"indicators/", Where::population},
    {"measures/", Where::population},
    {"cohort/person_groups", Where::population},
    {"cohort/", Where::authored},
    {"build/receipt_", Where::population},
    {"build/accuracy", Where::staged},
    {"build/truth_", Where::staged},
    {"build/queue_", Where::identity},
    {"build/lookup_", Where::people},
    {"build/link_groups", Where::staged},
    {"build/link_row_", Where::staged},
    {"build/person_of_subject_", Where::staged},
    {"build/person_index_hash", Where::staged},
    {"build/subject_count", Where::staged},
    {"build/", Where::authored},
    {"access/", Where::authored},
    {"api/relinked_since", Where::authored},
    {"api/", Where::population},
};

const Where* home_of(const std::string& name) {
  for (const auto& [beginning, where] : homes)
    if (name.rfind(beginning, 0) == 0) return &where;
  return nullptr;
}

std::vector<Sql> those_of(Where where) {
  std::vector<Sql> found;
  for (auto& sql : every_statement()) {
    const Where* home = home_of(sql.name);
    if (home != nullptr && *home == where) found.push_back(std::move(sql));
  }
  return found;
}

/// Without comments at the ends of lines, so that words and question marks are the statement's own.
std::string bare(const std::string& sql) {
  std::string out;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql.compare(i, 2, "--") == 0) i = std::min(sql.find('\n', i), sql.size() - 1);
    out += sql[i];
  }
  out.erase(0, out.find_first_not_of(" \n"));
  return out;
}

bool creates(const std::string& sql) { return bare(sql).rfind("CREATE", 0) == 0; }

/// The table a CREATE makes: two statements may make the same one, in turn.
std::string created(const std::string& sql) {
  const std::string text = bare(sql);
  const std::size_t at = text.find("TABLE ");
  if (at == std::string::npos) return text;
  return text.substr(at + 6, text.find_first_of(" (", at + 6) - at - 6);
}

std::size_t parameters(const std::string& sql) {
  const std::string text = bare(sql);
  std::size_t most = static_cast<std::size_t>(std::count(text.begin(), text.end(), '?'));
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1))
    most = std::max(most, static_cast<std::size_t>(text[at + 1] - '0'));
  return most;
}

/// Tries every statement until a whole round brings nothing new; whatever is left does not fit the schema.
void all_prepare(std::vector<Sql> open, const std::function<void(const Sql&)>& try_one) {
  REQUIRE(!open.empty());
  std::map<std::string, std::string> why;
  for (bool moved = true; moved && !open.empty();) {
    moved = false;
    std::vector<Sql> left;
    for (auto& sql : open) {
      try {
        try_one(sql);
        moved = true;
      } catch (const Error& error) {
        why[sql.name] = error.what();
        left.push_back(std::move(sql));
      }
    }
    open = std::move(left);
  }
  for (const auto& sql : open) FAIL_CHECK(sql.name << ": " << why[sql.name]);
}

void all_prepare(db::Connection& connection, Where where, const std::map<std::string, std::vector<db::Cell>>& bound = {}) {
  std::set<std::string> made;
  all_prepare(those_of(where), [&](const Sql& sql) {
    const auto given = bound.find(sql.name);
    if (given == bound.end()) connection.prepare_only(sql.text);
    if (!creates(sql.text) || !made.insert(created(sql.text)).second) return;
    try {
      connection.query(sql.text, given == bound.end() ? std::vector<db::Cell>(parameters(sql.text)) : given->second).all();
    } catch (...) {
      made.erase(created(sql.text));
      throw;
    }
  });
}

void all_prepare(db::Sqlite& database, Where where) {
  all_prepare(those_of(where), [&](const Sql& sql) {
    if (creates(sql.text)) database.execute(sql.text);
    else (void)database.prepare(sql.text);
  });
}

/// Empty databases of a workspace, made by the product itself.
struct Made {
  fs::path folder = fs::temp_directory_path() / ("catchment-statements-" + std::to_string(::getpid()));
  db::DuckOptions options;
  Made() {
    for (const char* name : {"extracts", "product", "tried"}) fs::create_directories(folder / name);
    options.memory_limit = "512MB";
    options.temporary_directory = folder / "spill";
    intake::IntakeSettings intake;
    intake.extracts = folder / "extracts";
    intake.snapshot = folder / "product";
    intake.memory_limit = "512MB";
    intake.as_of = *Date::parse("2026-04-01");
    SilentProgress progress;
    (void)intake::stage_extracts({}, intake, progress);
  }
  ~Made() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;

  void assemble() const {
    {
      db::Duck staged(folder / "product" / "staged.duckdb", options);
      staged.connect().execute("CREATE TABLE person_of_subject (subject BIGINT, person BIGINT)");
    }
    records::AssembleSettings settings;
    settings.folder = folder / "product";
    settings.temporary_directory = folder / "spill";
    settings.memory_limit = "512MB";
    settings.as_of = *Date::parse("2026-04-01");
    SilentProgress progress;
    (void)records::assemble({}, settings, progress);
  }
};

}  // namespace

TEST_CASE("every statement has a database it is prepared in") {
  std::set<std::string> modules;
  for (const auto& sql : every_statement()) {
    modules.insert(sql.name.substr(0, sql.name.find('/')));
    INFO(sql.name);
    CHECK(home_of(sql.name) != nullptr);
  }
  CHECK(modules.size() >= 5);
}

TEST_CASE("every statement on staged rows prepares") {
  const Made made;
  db::Duck duck(":memory:", made.options);
  auto connection = duck.connect();
  connection.execute("ATTACH '" + (made.folder / "product" / "staged.duckdb").string() + "' AS product (READ_ONLY)");
  // Staged rows have their tables from the schema in code, not by a statement of a file.
  for (const auto& table : records::tables)
    connection.execute("CREATE TABLE staged_" + std::string(table.name) + " AS FROM product.staged_" + std::string(table.name));
  const std::string csv = made.folder / "keys.csv", parquet = made.folder / "keys.parquet";
  std::ofstream(csv) << "domain,key,person\ngp,1,1\n";
  connection.query("COPY (SELECT 'gp' AS domain, '1' AS key, 1 AS person) TO '" + parquet + "' (FORMAT parquet)").all();
  const std::string people = made.folder / "people.csv", people_parquet = made.folder / "people.parquet";
  std::ofstream(people) << "person,place,ethnicity,deprivation_fifth,sex,birth\n1,luton,A,3,female,1980-01-02\n";
  connection.query("COPY (SELECT * FROM read_csv('" + people + "', all_varchar = true)) TO '" + people_parquet + "' (FORMAT parquet)").all();
  all_prepare(connection, Where::staged,
              {{"build/truth_from_csv", {csv}},
               {"build/truth_from_parquet", {parquet}},
               {"build/truth_people_from_csv", {people}},
               {"build/truth_people_from_parquet", {people_parquet}}});
}

TEST_CASE("every statement on the population and on identities prepares") {
  const Made made;
  made.assemble();
  {
    db::Duck duck(made.folder / "tried" / "population.duckdb", made.options);
    auto connection = duck.connect();
    connection.execute("ATTACH '" + (made.folder / "product" / "staged.duckdb").string() + "' AS staged (READ_ONLY)");
    connection.execute("ATTACH '" + (made.folder / "product" / "population.duckdb").string() + "' AS product (READ_ONLY)");
    connection.execute("ATTACH '" + (made.folder / "tried" / "identity.duckdb").string() + "' AS identity");
    // The clinical tables are made from the schema in code, not by a statement of a file.
    for (const auto& table : records::tables) connection.execute("CREATE TABLE " + std::string(table.name) + " AS FROM product." + std::string(table.name));
    all_prepare(connection, Where::population);
  }
  db::Duck duck(made.folder / "tried" / "identity.duckdb", made.options);
  auto connection = duck.connect();
  all_prepare(connection, Where::identity);
}

TEST_CASE("every statement on authored data, the audit, person blocks and kept figures prepares") {
  db::Sqlite authored(":memory:", db::SqliteMode::create);
  all_prepare(authored, Where::authored);
  db::Sqlite people(":memory:", db::SqliteMode::create);
  all_prepare(people, Where::people);
  db::Sqlite figures(":memory:", db::SqliteMode::create);
  all_prepare(figures, Where::figures);
}

TEST_CASE("a statement that asks for what is not there does not prepare") {
  const Made made;
  db::Duck duck(":memory:", made.options);
  auto connection = duck.connect();
  CHECK_THROWS_AS(connection.prepare_only("SELECT misspelt FROM subject"), Error);
  db::Sqlite authored(":memory:", db::SqliteMode::create);
  CHECK_THROWS_AS((void)authored.prepare("SELECT misspelt FROM account"), Error);
}
