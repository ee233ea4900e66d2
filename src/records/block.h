// One person's whole record as one block of bytes, and the block opened.
//
// In:     a summary and the person's rows of every table of schema.h.
// Out:    bytes (format 1, before compression) or a PersonBlock whose cells are read by position.
// Always: unpack(pack(x)) == x; bytes that are damaged or of another format throw, never crash.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/ids.h"
#include "records/schema.h"

namespace catchment::records {

inline constexpr int block_format = 1;
inline constexpr std::size_t table_count = std::size(tables);
/// The integer that stands for "no value" in a cell.
inline constexpr std::int64_t no_value = INT64_MIN;

enum class Sex : std::uint8_t { female, male, other, unknown };
enum class EthnicGroup : std::uint8_t { asian, black, mixed, white, other, unknown };
std::string_view to_string(Sex sex);
std::string_view to_string(EthnicGroup group);

/// The person table's row: nothing that names the person.
struct PersonSummary {
  PersonId person;
  std::optional<Date> birth_date;
  char birth_precision = 'd';  // d day, m month, y year
  Sex sex = Sex::unknown;
  CodeId ethnicity;            // 0 = unknown
  EthnicGroup ethnic_group = EthnicGroup::unknown;
  std::optional<Date> death_date;
  std::int32_t area = 0;       // small area of residence; 0 = unknown
  std::int32_t place = 0;      // 0 = outside or unknown
  OrganisationId practice;     // 0 = none
  bool resident = false;       // alive and living in one of the system's small areas (rule: person_create.sql)
  bool registered = false;     // has a current registration with a practice of the system
  bool restricted = false;     // protected location
  std::int32_t deprivation_fifth = 0;  // 1 = most deprived; 0 = unknown
  std::int32_t identity_rows = 0;      // rows of partners that became this person
  bool operator==(const PersonSummary&) const = default;
};

/// One table's rows of one person, column by column. Columns are those of schema.h, in order; every
/// integer-like cell is an integer (ids, days since 1970, milliseconds, pence, 0/1, position in the
/// closed list of words), `no_value` when missing.
struct BlockTable {
  const Table* table = nullptr;
  std::vector<std::int64_t> sources, lines, organisations;
  std::vector<std::vector<std::int64_t>> cells;  // numbers as the bits of the double; texts as index in `texts`
  std::vector<std::string> texts;

  /// Empty, for rows of `of`; keeps its buffers.
  void start(const Table& of);
  std::size_t rows() const { return sources.size(); }
  SourceId source(std::size_t row) const { return {static_cast<std::int32_t>(sources[row])}; }
  std::int64_t line(std::size_t row) const { return lines[row]; }
  OrganisationId organisation(std::size_t row) const { return {static_cast<std::int32_t>(organisations[row])}; }
  bool is_null(std::size_t column, std::size_t row) const { return cells[column][row] == no_value; }
  std::int64_t integer(std::size_t column, std::size_t row) const { return cells[column][row]; }
  double number(std::size_t column, std::size_t row) const;
  std::string_view text(std::size_t column, std::size_t row) const;  // a local_id
  std::string_view word(std::size_t column, std::size_t row) const;  // a word of the closed list
  std::optional<Date> date(std::size_t column, std::size_t row) const;
  CodeId code(std::size_t column, std::size_t row) const;            // {0} when missing
  /// Position of a column by name; throws a bug Error when the table has none.
  std::size_t column(std::string_view name) const;
  bool operator==(const BlockTable&) const;
};

struct PersonBlock {
  PersonSummary summary;
  std::vector<BlockTable> tables;  // in the order of schema.h; tables without rows are left out
  const BlockTable* find(std::string_view table) const;
};

std::string pack(const PersonBlock& block);
PersonBlock unpack(std::string_view bytes);
/// Only the summary at the head of a packed block.
PersonSummary unpack_summary(std::string_view bytes);

/// The words of a closed list ("a|b|c"), in order.
std::vector<std::string_view> words_of(const Column& column);

/// The SQL type of a `word` column: an ENUM of its closed list, in the list's order.
std::string word_type(const Column& column);

}  // namespace catchment::records
