#include "db/sqlite.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include "base/error.h"

namespace catchment::db {

struct Statement::State {
  sqlite3_stmt* statement = nullptr;
  int next = 1;
  ~State() { sqlite3_finalize(statement); }
};

struct Sqlite::State {
  sqlite3* database = nullptr;
  std::filesystem::path file;
  ~State() { sqlite3_close_v2(database); }
};

namespace {

[[noreturn]] void fail(sqlite3* database, const std::string& what) {
  const int code = sqlite3_errcode(database) & 0xFF;
  const std::string reason = sqlite3_errmsg(database);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    throw Error(ErrorKind::environment, what + ": another process is using the database", "wait for it to finish, then try again");
  if (code == SQLITE_FULL) throw Error(ErrorKind::environment, what + ": the disk is full", "free space, then try again; nothing was lost");
  if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM)
    throw Error(ErrorKind::environment, what + ": " + reason, "check that the workspace exists and may be written");
  throw Error(code == SQLITE_ERROR || code == SQLITE_MISUSE || code == SQLITE_RANGE ? ErrorKind::bug : ErrorKind::environment, what + ": " + reason);
}

void check(int code, sqlite3_stmt* statement, const char* what) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement), what);
}

}  // namespace

Statement::Statement(std::unique_ptr<State> state) : state_(std::move(state)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

Statement& Statement::bind(std::int64_t value) {
  return check(sqlite3_bind_int64(state_->statement, state_->next++, value), state_->statement, "a value was not bound"), *this;
}
Statement& Statement::bind(double value) {
  return check(sqlite3_bind_double(state_->statement, state_->next++, value), state_->statement, "a value was not bound"), *this;
}
Statement& Statement::bind(std::string_view text) {
  return check(sqlite3_bind_text64(state_->statement, state_->next++, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8),
               state_->statement, "a value was not bound"),
         *this;
}
Statement& Statement::bind_blob(std::string_view bytes) {
  return check(sqlite3_bind_blob64(state_->statement, state_->next++, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT),
               state_->statement, "a value was not bound"),
         *this;
}
Statement& Statement::bind_null() { return check(sqlite3_bind_null(state_->statement, state_->next++), state_->statement, "a value was not bound"), *this; }

bool Statement::step() {
  const int code = sqlite3_step(state_->statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(state_->statement);
  fail(database, "a statement did not run");
}

void Statement::run() {
  while (step()) {}
  reset();
}

void Statement::reset() {
  sqlite3_reset(state_->statement);
  sqlite3_clear_bindings(state_->statement);
  state_->next = 1;
}

bool Statement::is_null(int column) const { return sqlite3_column_type(state_->statement, column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(state_->statement, column); }
double Statement::number(int column) const { return sqlite3_column_double(state_->statement, column); }

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(state_->statement, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(state_->statement, column))};
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(state_->statement, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(state_->statement, column))};
}

int Statement::columns() const { return sqlite3_column_count(state_->statement); }
std::string Statement::name(int column) const { return sqlite3_column_name(state_->statement, column); }

Sqlite::Sqlite(const std::filesystem::path& file, SqliteMode mode) : state_(std::make_unique<State>()) {
  state_->file = file;
  const int flags = mode == SqliteMode::read_only ? SQLITE_OPEN_READONLY
      : mode == SqliteMode::create                ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                  : SQLITE_OPEN_READWRITE;
  if (sqlite3_open_v2(file.c_str(), &state_->database, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
    fail(state_->database, file.filename().string() + " could not be opened");
  sqlite3_extended_result_codes(state_->database, 1);
  sqlite3_busy_timeout(state_->database, 5000);
  if (mode != SqliteMode::read_only) execute("PRAGMA journal_mode = WAL");
  execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF");
}
Sqlite::Sqlite(Sqlite&&) noexcept = default;
Sqlite& Sqlite::operator=(Sqlite&&) noexcept = default;
Sqlite::~Sqlite() = default;

Statement Sqlite::prepare(std::string_view sql) {
  auto state = std::make_unique<Statement::State>();
  if (sqlite3_prepare_v3(state_->database, sql.data(), static_cast<int>(sql.size()), 0, &state->statement, nullptr) != SQLITE_OK)
    fail(state_->database, "a statement did not prepare");
  return Statement(std::move(state));
}

void Sqlite::execute(std::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(state_->database, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(state_->database, "a statement did not run on " + state_->file.filename().string());
}

std::int64_t Sqlite::last_row_id() const { return sqlite3_last_insert_rowid(state_->database); }
std::int64_t Sqlite::changes() const { return sqlite3_changes64(state_->database); }

void Sqlite::backup_to(const std::filesystem::path& file) {
  sqlite3* target = nullptr;
  if (sqlite3_open_v2(file.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) != SQLITE_OK) {
    sqlite3_close_v2(target);
    throw Error(ErrorKind::environment, "the backup file could not be created", "check that its folder exists and may be written");
  }
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", state_->database, "main");
  const int code = backup == nullptr ? SQLITE_ERROR : sqlite3_backup_step(backup, -1);
  if (backup != nullptr) sqlite3_backup_finish(backup);
  const std::string reason = sqlite3_errmsg(target);
  sqlite3_close_v2(target);
  if (code != SQLITE_DONE) throw Error(ErrorKind::environment, "the backup did not finish: " + reason);
}

Transaction::Transaction(Sqlite& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
    // The connection is already out of the transaction: nothing was kept, which is what a rollback means.
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

namespace {

// Brings one numbered schema from `version` to the newest step; `remember` keeps the number reached.
template <typename Remember>
void climb(Sqlite& database, const std::filesystem::path& file, const std::string& name, std::int64_t version, std::span<const Migration> steps,
           const Remember& remember) {
  const int newest = steps.empty() ? 0 : steps.back().version;
  if (version > newest)
    throw Error(ErrorKind::user, fmt::format("{} has schema {}, newer than this program's {}", name, version, newest),
                "run a newer catchment, or restore a backup made before the upgrade");
  if (version == newest) return;
  if (version > 0 && file != ":memory:") database.backup_to(file.string() + fmt::format(".before-{}", newest));
  for (const Migration& step : steps) {
    if (step.version <= version) continue;
    Transaction transaction(database);
    database.execute(step.sql);
    remember(step.version);
    transaction.commit();
  }
}

}  // namespace

void migrate(Sqlite& database, const std::filesystem::path& file, std::span<const Migration> steps) {
  std::int64_t version = 0;
  {
    Statement current = database.prepare("PRAGMA user_version");
    if (current.step()) version = current.integer(0);
  }
  climb(database, file, file.filename().string(), version, steps, [&](int reached) { database.execute(fmt::format("PRAGMA user_version = {}", reached)); });
}

void migrate_part(Sqlite& database, const std::filesystem::path& file, std::string_view part, std::span<const Migration> steps) {
  database.execute("CREATE TABLE IF NOT EXISTS schema_part (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT");
  std::int64_t version = 0;
  {
    Statement current = database.prepare("SELECT version FROM schema_part WHERE part = ?");
    if (current.bind(part).step()) version = current.integer(0);
  }
  climb(database, file, fmt::format("the {} part of {}", part, file.filename().string()), version, steps, [&](int reached) {
    database.prepare("INSERT INTO schema_part (part, version) VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET version = excluded.version")
        .bind(part)
        .bind(reached)
        .run();
  });
}

}  // namespace catchment::db
