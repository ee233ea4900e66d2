#include "cli/stats_table.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "base/error.h"

namespace catchment::cli {

bool same_name(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view t) {
    std::string out;
    for (const char c : t)
      if (c != ' ' && c != '_' && c != '-' && c != '.' && c != '\n') out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return out;
  };
  return plain(a) == plain(b);
}

int StatsTable::find(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names)
    for (std::size_t i = 0; i < table_.header.size(); ++i)
      if (same_name(table_.header[i], name)) return static_cast<int>(i);
  return -1;
}

int StatsTable::need(std::initializer_list<std::string_view> names) const {
  const int at = find(names);
  if (at >= 0) return at;
  std::string wanted, there;
  for (const std::string_view name : names) wanted += (wanted.empty() ? "" : " or ") + std::string(name);
  for (const std::string& name : table_.header) there += (there.empty() ? "" : ", ") + name;
  throw Error(ErrorKind::user, fmt::format("standard input, line 1: no column named {}", wanted),
              fmt::format("the columns are: {}; `catchment stats list` says what each method reads", there));
}

std::optional<double> StatsTable::number(std::size_t row, int column) const {
  std::string_view text = cell(row, column);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty() || text == "NA" || text == "NaN" || text == "NULL") return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    throw Error(ErrorKind::user,
                fmt::format("standard input, line {}: column {} does not hold a number", line(row), header()[static_cast<std::size_t>(column)]),
                "write numbers without thousands separators, and leave the cell empty or NA when there is none");
  return value;
}

std::vector<StatsTable::Group> StatsTable::groups(const std::vector<std::string>& by) const {
  std::vector<int> columns;
  for (const std::string& name : by) columns.push_back(need({name}));
  std::vector<Group> out;
  std::map<std::vector<std::string>, std::size_t> seen;
  for (std::size_t r = 0; r < rows(); ++r) {
    std::vector<std::string> key;
    for (const int c : columns) key.push_back(cell(r, c));
    const auto [at, added] = seen.emplace(key, out.size());
    if (added) out.push_back({key, {}});
    out[at->second].rows.push_back(r);
  }
  return out;
}

std::string shown(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return "";
  return fmt::format("{}", *value);
}

}  // namespace catchment::cli
