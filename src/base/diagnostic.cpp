#include "base/diagnostic.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace catchment {

std::string to_string(const Diagnostic& d) {
  const char* word = d.severity == Severity::error ? "error" : d.severity == Severity::warning ? "warning" : "note";
  std::string text = d.file.empty() ? "input" : d.file;
  if (d.line > 0) text += fmt::format(":{}", d.line);
  if (d.line > 0 && d.column > 0) text += fmt::format(":{}", d.column);
  text += fmt::format(": {}: {}", word, d.message);
  if (!d.fix.empty()) text += fmt::format("\n  fix: {}", d.fix);
  return text;
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
}

namespace {
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) == std::tolower(static_cast<unsigned char>(b[j - 1]));
      const std::size_t next = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (same ? 0 : 1)});
      diagonal = row[j];
      row[j] = next;
    }
  }
  return row[b.size()];
}
}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

}  // namespace catchment
