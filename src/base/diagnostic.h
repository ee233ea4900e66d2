// Diagnostics: everything wrong with what a person wrote (CQL, codelists, definitions), all of it,
// not the first fault only. Each names file, line and column (1-based; 0 = not known) and a likely fix.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace catchment {

enum class Severity : std::uint8_t { error, warning, note };

struct Diagnostic {
  std::string file;
  int line = 0;
  int column = 0;
  Severity severity = Severity::error;
  std::string message;
  std::string fix;  // empty when no likely fix is known

  auto operator<=>(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// "file:line:column: error: message\n  fix: ..." without a trailing newline.
std::string to_string(const Diagnostic& diagnostic);

/// True when at least one diagnostic is an error.
bool has_errors(const Diagnostics& diagnostics);

/// The candidate nearest to `word` by edit distance (at most a third of its length), or "".
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace catchment
