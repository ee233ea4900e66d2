#include "linkage/tables/cluster_lines.h"

#include <algorithm>
#include <charconv>

#include "base/csv.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// 2 before 10: digits compare as numbers.
bool natural_before(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      std::size_t ie = i, je = j;
      while (ie < a.size() && digit(a[ie])) ++ie;
      while (je < b.size() && digit(b[je])) ++je;
      std::string_view x = a.substr(i, ie - i), y = b.substr(j, je - j);
      while (x.size() > 1 && x[0] == '0') x.remove_prefix(1);
      while (y.size() > 1 && y[0] == '0') y.remove_prefix(1);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      i = ie, j = je;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  if (a.size() - i != b.size() - j) return a.size() - i < b.size() - j;
  return a < b;
}

// A row name that is a plain number, as that number plus one; else 0.
std::uint64_t plain_number(std::string_view text) {
  if (text.empty() || text.size() > 18 || (text[0] == '0' && text.size() > 1)) return 0;
  std::uint64_t out = 0;
  for (const char c : text) {
    if (!digit(c)) return 0;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out + 1;
}

struct Line {
  std::uint64_t number;
  std::uint32_t row;
  std::uint16_t source;
};

std::vector<Line> lines_in_order(const Tables& tables, const std::vector<std::uint32_t>& cluster, unsigned threads) {
  std::vector<Line> lines(tables.rows());
  share_range(lines.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) lines[row] = {plain_number(tables.row_key(row)), static_cast<std::uint32_t>(row), tables.source(row)};
  });
  const auto before = [&](const Line& a, const Line& b) {
    if (a.source != b.source) return a.source < b.source;
    if (a.number != b.number && a.number != 0 && b.number != 0) return a.number < b.number;
    if (a.number == 0 || b.number == 0) {
      const std::string_view x = tables.row_key(a.row), y = tables.row_key(b.row);
      if (x != y) return natural_before(x, y);
    }
    return cluster[a.row] != cluster[b.row] ? cluster[a.row] < cluster[b.row] : a.row < b.row;
  };
  if (!std::is_sorted(lines.begin(), lines.end(), before)) sort_shared(lines, threads, before);
  return lines;
}

}  // namespace

void write_clusters(const Tables& tables, const std::vector<std::uint32_t>& cluster, unsigned threads, const std::function<void(std::string_view)>& write) {
  constexpr std::size_t worth_writing = 1U << 20;
  const std::vector<Line> lines = lines_in_order(tables, cluster, threads);
  std::vector<std::string> sources;
  for (const std::string& name : tables.source_names()) sources.push_back(csv_cell(name) + ",");
  std::string text = "source,row,cluster\n";
  for (const Line& line : lines) {
    text += sources[line.source];
    const std::string_view key = tables.row_key(line.row);
    if (line.number != 0) text += key;
    else text += csv_cell(key);
    text += ',';
    char digits[16];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, cluster[line.row]).ptr);
    text += '\n';
    if (text.size() < worth_writing) continue;
    write(text);
    text.clear();
  }
  write(text);
}

}  // namespace catchment::linkage
