// Regular expressions in the PCRE dialect (CQL reference, Matches), with limits on work so that a hostile pattern
// ends in an error instead of an endless match.
// In: UTF-8 subject and pattern. Out: matches, replacements, pieces. A malformed pattern or one that runs into the
// limits throws EvaluationError.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::cql {

struct CompiledPattern;

class PatternCache {
 public:
  PatternCache();
  ~PatternCache();
  PatternCache(const PatternCache&) = delete;
  PatternCache& operator=(const PatternCache&) = delete;

  bool matches(const std::string& subject, const std::string& pattern);
  bool matches_full(const std::string& subject, const std::string& pattern);
  /// `$1`, `${name}` and `$0` refer to groups; `\$` and `\\` are those characters themselves.
  std::string replace(const std::string& subject, const std::string& pattern, const std::string& substitution);
  std::vector<std::string> split(const std::string& subject, const std::string& pattern);

 private:
  const CompiledPattern& compiled(const std::string& pattern, bool anchored);
  std::map<std::string, std::unique_ptr<CompiledPattern>, std::less<>> known_;
};

}  // namespace catchment::cql
