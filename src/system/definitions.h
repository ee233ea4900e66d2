// The reader of definition files (CSV for rows, TOML for settings), used by every module that loads
// definitions of its own. In: a folder edited by people. Out: typed cells, and one diagnostic for
// every fault with file, line, column and a likely fix; reading goes on after a fault.
// Always holds: no file outside the folder is read, none above `max_definition_bytes` is, and
// nothing here throws for what a person wrote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/csv.h"
#include "base/date.h"
#include "base/diagnostic.h"

namespace catchment::system {

inline constexpr std::size_t max_definition_bytes = std::size_t{64} << 20;

/// Where definition files are, and everything found wrong in them.
class Definitions {
 public:
  explicit Definitions(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// A folder in memory: file name -> bytes.
  explicit Definitions(std::map<std::string, std::string> files) : memory_(std::move(files)) {}

  const std::filesystem::path& folder() const { return folder_; }
  bool has(const std::string& file) const;
  /// The bytes of a file of the folder; nothing and a diagnostic when it cannot be read.
  std::optional<std::string> bytes(const std::string& file);
  /// Names (relative to the folder, sorted) of the files of `subfolder` that end in `extension`.
  std::vector<std::string> files(const std::string& subfolder, const std::string& extension) const;

  void error(const std::string& file, int line, int column, std::string message, std::string fix = {});
  void warning(const std::string& file, int line, int column, std::string message, std::string fix = {});
  const Diagnostics& diagnostics() const { return diagnostics_; }
  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  std::string named(const std::string& file) const;

  std::filesystem::path folder_;
  std::optional<std::map<std::string, std::string>> memory_;
  Diagnostics diagnostics_;
};

/// What a table may hold. A column that is neither required nor optional is warned about, with the
/// nearest known name; a required one that is absent is an error and the table reads as empty.
struct Columns {
  std::vector<std::string> required;
  std::vector<std::string> optional = {};
};

class Row;

/// One CSV definition file in memory.
class Table {
 public:
  /// Reads `file`; when it is absent and not `required`, the table is empty without a fault.
  Table(Definitions& definitions, std::string file, const Columns& columns, bool required = true);

  std::size_t size() const { return csv_.rows.size(); }
  /// False when the file or some of its rows could not be read.
  bool whole() const { return whole_; }
  Row operator[](std::size_t index);
  const std::string& file() const { return file_; }

  class Iterator {
   public:
    Iterator(Table* table, std::size_t at) : table_(table), at_(at) {}
    Row operator*() const;
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    Table* table_;
    std::size_t at_;
  };
  Iterator begin() { return {this, 0}; }
  Iterator end() { return {this, size()}; }

 private:
  friend class Row;
  int column_of(std::size_t row, int cell) const;

  Definitions& definitions_;
  std::string file_;
  std::string bytes_;
  CsvTable csv_;
  bool whole_ = false;
};

/// Ids seen so far in some table (with the row of each), for references and for naming the nearest when one
/// is wrong. Not complete: some row or the whole file could not be read, so that what refers to it is not
/// reported as well.
struct KnownIds : std::map<std::string, std::size_t, std::less<>> {
  using map::map;
  bool complete = true;
};

/// One row; every accessor reports what is wrong and returns a harmless value.
class Row {
 public:
  Row(Table& table, std::size_t index) : table_(table), index_(index) {}

  int line() const;
  bool has(std::string_view column) const;  // present and not empty
  /// The cell's text; an error when empty.
  std::string text(std::string_view column);
  /// The cell's text, or empty when the cell or the column is absent.
  std::string optional_text(std::string_view column) const;
  /// A lower-case id of letters, digits, '-' and '_' that no earlier row of this table has.
  std::string id(std::string_view column, KnownIds& known);
  /// Any text that no earlier row of this table has (a code, for example).
  std::string unique(std::string_view column, KnownIds& known);
  std::int64_t integer(std::string_view column, std::int64_t low, std::int64_t high);
  std::optional<double> number(std::string_view column, double low, double high);
  std::optional<Date> date(std::string_view column);  // nothing when empty
  bool yes_no(std::string_view column, bool otherwise);
  /// Index of the cell's word among `words`, or 0 after an error.
  std::size_t one_of(std::string_view column, std::initializer_list<std::string_view> words);
  /// The cell's id, which must be among `known` (the rows of `what`). Empty after an error.
  std::string reference(std::string_view column, const KnownIds& known, std::string_view what);
  /// As `reference`, but an empty cell is allowed.
  std::string optional_reference(std::string_view column, const KnownIds& known, std::string_view what);
  /// Cells that hold several words apart by ';' (blanks trimmed, empty ones left out).
  std::vector<std::string> list(std::string_view column) const;

  void error(std::string_view column, std::string message, std::string fix = {});
  void warning(std::string_view column, std::string message, std::string fix = {});

 private:
  int cell_of(std::string_view column) const;
  const std::string* cell(std::string_view column) const;

  Table& table_;
  std::size_t index_;
};

/// A TOML value with the place it was written. Tables keep the order of their keys' names.
struct TomlValue {
  using List = std::vector<TomlValue>;
  using Entries = std::map<std::string, TomlValue, std::less<>>;
  std::variant<std::monostate, std::string, std::int64_t, double, bool, Date, List, Entries> value;
  int line = 0;
  int column = 0;
};

/// Reads a TOML file into values; nothing and diagnostics when it cannot be parsed.
std::optional<TomlValue> read_toml(Definitions& definitions, const std::string& file);

/// A TOML table being read: accessors report what is wrong; `finish` warns of keys nobody asked for.
class TomlTable {
 public:
  TomlTable(Definitions& definitions, std::string file, const TomlValue& value);

  bool has(std::string_view key) const;
  std::string text(std::string_view key);  // required
  std::string optional_text(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high);  // required
  std::optional<double> number(std::string_view key, double low, double high);      // nothing when absent
  bool yes_no(std::string_view key, bool otherwise);
  std::optional<Date> date(std::string_view key);  // nothing when absent
  std::vector<std::string> texts(std::string_view key);
  /// The tables of [[key]], or the one table of [key]; none when absent.
  std::vector<TomlTable> tables(std::string_view key);
  void finish();

  void error(std::string_view key, std::string message, std::string fix = {});
  int line() const { return value_->line; }

 private:
  const TomlValue* find(std::string_view key);
  template <typename T>
  const T* typed(std::string_view key, std::string_view wanted, bool required);

  Definitions* definitions_;
  std::string file_;
  const TomlValue* value_;
  std::vector<std::string> asked_;
};

}  // namespace catchment::system
