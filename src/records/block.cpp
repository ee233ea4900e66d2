#include "records/block.h"

#include <bit>

#include "base/error.h"

namespace catchment::records {

std::string_view to_string(Sex sex) {
  static constexpr std::string_view words[] = {"female", "male", "other", "unknown"};
  return words[static_cast<std::size_t>(sex)];
}

std::string_view to_string(EthnicGroup group) {
  static constexpr std::string_view words[] = {"asian", "black", "mixed", "white", "other", "unknown"};
  return words[static_cast<std::size_t>(group)];
}

std::vector<std::string_view> words_of(const Column& column) {
  std::vector<std::string_view> words;
  std::string_view rest = column.note;
  while (!rest.empty()) {
    const std::size_t bar = rest.find('|');
    words.push_back(rest.substr(0, bar));
    rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
  }
  return words;
}

std::string word_type(const Column& column) {
  std::string type = "ENUM (";
  for (const std::string_view word : words_of(column)) (type += type.back() == '(' ? "'" : ", '").append(word) += '\'';
  return type + ")";
}

void BlockTable::start(const Table& of) {
  table = &of;
  sources.clear();
  lines.clear();
  organisations.clear();
  cells.resize(of.columns.size());
  for (std::vector<std::int64_t>& column : cells) column.clear();
  texts.clear();
}

double BlockTable::number(std::size_t column, std::size_t row) const { return std::bit_cast<double>(cells[column][row]); }

std::string_view BlockTable::text(std::size_t column, std::size_t row) const {
  if (is_null(column, row)) return {};
  return texts[static_cast<std::size_t>(cells[column][row])];
}

std::string_view BlockTable::word(std::size_t column, std::size_t row) const {
  if (is_null(column, row)) return {};
  std::string_view rest = table->columns[column].note;
  for (std::int64_t skip = cells[column][row]; skip > 0; --skip) {
    const std::size_t bar = rest.find('|');
    if (bar == std::string_view::npos) return {};
    rest = rest.substr(bar + 1);
  }
  return rest.substr(0, rest.find('|'));
}

std::optional<Date> BlockTable::date(std::size_t column, std::size_t row) const {
  if (is_null(column, row)) return {};
  return Date{static_cast<std::int32_t>(cells[column][row])};
}

CodeId BlockTable::code(std::size_t column, std::size_t row) const {
  return is_null(column, row) ? CodeId{0} : CodeId{static_cast<std::int32_t>(cells[column][row])};
}

std::size_t BlockTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < table->columns.size(); ++i)
    if (table->columns[i].name == name) return i;
  throw Error(ErrorKind::bug, "table " + std::string(table->name) + " has no column " + std::string(name));
}

bool BlockTable::operator==(const BlockTable& other) const {
  return table == other.table && sources == other.sources && lines == other.lines && organisations == other.organisations && cells == other.cells &&
      texts == other.texts;
}

const BlockTable* PersonBlock::find(std::string_view name) const {
  for (const BlockTable& table : tables)
    if (table.table->name == name) return &table;
  return nullptr;
}

}  // namespace catchment::records
