// SQLite: what people author, the audit chain and the person blocks. One Sqlite is one connection,
// used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::db {

enum class SqliteMode : std::uint8_t { read_only, read_write, create };

class Statement {
 public:
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  Statement& bind(std::int64_t value);
  Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(double value);
  Statement& bind(std::string_view text);
  Statement& bind(const char* text) { return bind(std::string_view(text)); }
  Statement& bind_blob(std::string_view bytes);
  Statement& bind_null();
  template <typename T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// Moves to the next row; false at the end.
  bool step();
  /// Runs to the end and makes the statement ready for new values.
  void run();
  /// Ready for new values from the first `?`.
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string_view text(int column) const;  // valid until the next step
  std::string_view blob(int column) const;
  int columns() const;
  std::string name(int column) const;

 private:
  friend class Sqlite;
  struct State;
  explicit Statement(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class Sqlite {
 public:
  /// WAL, foreign keys on, synchronous FULL, 5 s busy timeout; ":memory:" for none.
  Sqlite(const std::filesystem::path& file, SqliteMode mode);
  Sqlite(Sqlite&&) noexcept;
  Sqlite& operator=(Sqlite&&) noexcept;
  ~Sqlite();

  Statement prepare(std::string_view sql);
  void execute(std::string_view sql);  // one or several statements without values
  std::int64_t last_row_id() const;
  std::int64_t changes() const;
  /// A consistent copy of the whole database while it is in use (SQLite's backup interface).
  void backup_to(const std::filesystem::path& file);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Sqlite& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Sqlite& database_;
  bool open_ = true;
};

/// One step of a schema: its number (1, 2, ...) and the statements that make it.
struct Migration {
  int version = 0;
  std::string_view sql;
};

/// Brings a database to the newest version, each step in one transaction, after copying an existing file
/// to "<file>.before-<version>". A newer database than the program knows is refused.
void migrate(Sqlite& database, const std::filesystem::path& file, std::span<const Migration> steps);

/// The same for a file that several modules share (authored.sqlite): each module owns a named part with
/// its own numbering, kept in table schema_part. A module touches only its own part's tables.
void migrate_part(Sqlite& database, const std::filesystem::path& file, std::string_view part, std::span<const Migration> steps);

}  // namespace catchment::db
