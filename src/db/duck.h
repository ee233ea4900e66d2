// DuckDB: questions about populations. A Duck is one open database file; a Connection is used by
// one thread at a time; rows come back column by column in chunks of at most 2,048.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"

namespace catchment::db {

struct DuckOptions {
  bool read_only = false;
  std::string memory_limit = "4GB";
  int threads = 2;
  std::filesystem::path temporary_directory;  // where larger-than-memory work spills; required on disk
};

/// A value bound to a `?` or read back: null, boolean, integer, number, text or date.
using Cell = std::variant<std::monostate, bool, std::int64_t, double, std::string, Date>;

/// Column types the wrapper reads and appends without conversion.
enum class ColumnType : std::uint8_t { boolean, tinyint, smallint, integer, bigint, number, text, date, timestamp, other };

class Connection;

/// A read-only look at one chunk of a result: `rows()` rows, columns by position.
class Chunk {
 public:
  std::size_t rows() const { return rows_; }
  bool is_null(std::size_t column, std::size_t row) const;
  std::int64_t integer(std::size_t column, std::size_t row) const;   // any integer type, boolean, date (days), timestamp (us)
  double number(std::size_t column, std::size_t row) const;          // DOUBLE, FLOAT, DECIMAL or any integer type
  std::string_view text(std::size_t column, std::size_t row) const;  // VARCHAR or BLOB; valid while the chunk is
  Date date(std::size_t column, std::size_t row) const { return Date{static_cast<std::int32_t>(integer(column, row))}; }

  Chunk();
  ~Chunk();
  Chunk(Chunk&&) noexcept;
  Chunk& operator=(Chunk&&) noexcept;

 private:
  friend class Rows;
  struct State;
  std::unique_ptr<State> state_;
  std::size_t rows_ = 0;
};

/// A result. Streams: only the chunk in hand is in memory when the query was run with `stream`.
class Rows {
 public:
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();
  std::vector<std::string> names() const;
  ColumnType type(std::size_t column) const;
  std::size_t columns() const;
  bool next(Chunk& chunk);       // false at the end
  std::uint64_t changed() const;  // rows changed by an INSERT, UPDATE or DELETE
  /// The single value of the first row; null when there is none.
  Cell single();
  /// Everything as cells, for small answers.
  std::vector<std::vector<Cell>> all();

 private:
  friend class Connection;
  struct State;
  explicit Rows(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Appends rows to one table, column by column within a row. Fast path for bulk loads (about 2 million
/// narrow rows a second); `close` flushes and throws when a row broke a constraint.
class Appender {
 public:
  Appender(Appender&&) noexcept;
  Appender& operator=(Appender&&) noexcept;
  ~Appender();  // rows since the last flush may or may not arrive: call close()
  Appender& null();
  Appender& boolean(bool value);
  Appender& integer(std::int64_t value);  // into any integer column
  Appender& number(double value);
  Appender& text(std::string_view value);
  Appender& date(Date value);
  Appender& timestamp_ms(std::int64_t utc_ms);
  void end_row();
  void flush();
  void close();

 private:
  friend class AppendThread;
  friend class Connection;
  struct State;
  explicit Appender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A thread of its own that carries the full chunks of any number of appenders into the store while the caller
/// fills the next ones. (The store keeps no order of appended rows, with or without a thread.) A failure is thrown by the next flush or close of any of
/// them. While chunks are under way the connection is the thread's: `close` every appender before asking anything.
class AppendThread {
 public:
  AppendThread();
  ~AppendThread();
  AppendThread(const AppendThread&) = delete;
  AppendThread& operator=(const AppendThread&) = delete;

 private:
  friend class Appender;
  friend class Connection;
  struct State;
  std::shared_ptr<State> state_;
};

class Duck {
 public:
  /// Opens or creates a database file; ":memory:" for none.
  Duck(const std::filesystem::path& file, const DuckOptions& options);
  Duck(Duck&&) noexcept;
  Duck& operator=(Duck&&) noexcept;
  ~Duck();
  Connection connect() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

class Connection {
 public:
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs one statement with bound values.
  Rows query(std::string_view sql, const std::vector<Cell>& values = {});
  /// As query, but chunks are produced as they are asked for.
  Rows stream(std::string_view sql, const std::vector<Cell>& values = {});
  /// Runs one or several statements without values; for statements that return nothing.
  void execute(std::string_view sql);
  /// Throws when the statement does not prepare.
  void prepare_only(std::string_view sql);
  /// With a `thread`, full chunks are carried into the store by it.
  Appender appender(const std::string& table, AppendThread* thread = nullptr);
  /// Stops a running query of this connection, from another thread.
  void interrupt();

 private:
  friend class Duck;
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The value as text for messages and tests: "NULL", "true", "12", "2026-03-14", "text".
std::string to_string(const Cell& cell);

/// An identifier quoted for SQL. Only for names that come from definitions, never for values.
std::string quoted_name(std::string_view name);

}  // namespace catchment::db
