#include "base/csv.h"

#include <fmt/core.h>

#include <algorithm>

namespace catchment {

int CsvTable::column(std::string_view name) const {
  const auto at = std::find(header.begin(), header.end(), name);
  return at == header.end() ? -1 : static_cast<int>(at - header.begin());
}

namespace {

struct Row {
  std::vector<std::string> cells;
  int line = 1;
  const char* fault = nullptr;
};

// Reads one record from bytes[at...]; moves `at` and `line` past it.
Row read_row(std::string_view bytes, std::size_t& at, int& line, char separator) {
  Row row;
  row.line = line;
  std::string cell;
  bool quoted = false, was_quoted = false;
  while (at < bytes.size()) {
    const char c = bytes[at];
    if (quoted) {
      if (c == '"' && at + 1 < bytes.size() && bytes[at + 1] == '"') {
        cell += '"';
        at += 2;
        continue;
      }
      if (c == '"') quoted = false;
      else cell += c;
      if (c == '\n') ++line;
      ++at;
      continue;
    }
    ++at;
    if (c == '"' && cell.empty() && !was_quoted) {
      quoted = was_quoted = true;
    } else if (c == separator) {
      row.cells.push_back(std::move(cell));
      cell.clear();
      was_quoted = false;
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && at < bytes.size() && bytes[at] == '\n') ++at;
      ++line;
      row.cells.push_back(std::move(cell));
      return row;
    } else {
      if (was_quoted) row.fault = "text follows a closing quote";
      cell += c;
    }
  }
  if (quoted) row.fault = "a quote is opened and never closed";
  row.cells.push_back(std::move(cell));
  return row;
}

}  // namespace

CsvTable read_csv(std::string_view bytes, std::vector<CsvFault>& faults, char separator) {
  CsvTable table;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::size_t at = 0;
  int line = 1;
  if (bytes.empty()) return table;
  table.header = read_row(bytes, at, line, separator).cells;
  while (at < bytes.size()) {
    Row row = read_row(bytes, at, line, separator);
    if (row.cells.size() == 1 && row.cells[0].empty() && table.header.size() > 1) continue;
    if (row.fault != nullptr) {
      faults.push_back({row.line, row.fault});
    } else if (row.cells.size() != table.header.size()) {
      faults.push_back({row.line, fmt::format("{} cells where the header has {}", row.cells.size(), table.header.size())});
    } else {
      table.rows.push_back(std::move(row.cells));
      table.lines.push_back(row.line);
    }
  }
  return table;
}

std::string csv_cell(std::string_view text) {
  const bool quote = text.find_first_of(",\"\r\n") != std::string_view::npos || (!text.empty() && (text.front() == ' ' || text.back() == ' '));
  if (!quote) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_cell(cells[i]);
  }
  return out + '\n';
}

}  // namespace catchment
