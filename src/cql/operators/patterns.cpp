#define PCRE2_CODE_UNIT_WIDTH 8
#include "cql/operators/patterns.h"

#include <fmt/core.h>
#include <pcre2.h>

#include <array>

#include "cql/operators/context.h"

namespace catchment::cql {

struct CompiledPattern {
  pcre2_code* code = nullptr;
  pcre2_match_data* match = nullptr;
  pcre2_match_context* limits = nullptr;
  CompiledPattern() = default;
  CompiledPattern(const CompiledPattern&) = delete;
  CompiledPattern& operator=(const CompiledPattern&) = delete;
  ~CompiledPattern() {
    pcre2_match_context_free(limits);
    pcre2_match_data_free(match);
    pcre2_code_free(code);
  }

  /// Next match at or after `from`; false when there is none.
  bool find(const std::string& subject, std::size_t from, std::uint32_t options = 0) const {
    const int outcome = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from, options, match, limits);
    if (outcome == PCRE2_ERROR_NOMATCH) return false;
    if (outcome < 0) {
      std::array<PCRE2_UCHAR, 128> text{};
      pcre2_get_error_message(outcome, text.data(), text.size());
      throw EvaluationError(fmt::format("a regular expression could not be matched: {}", reinterpret_cast<const char*>(text.data())),
                            "simplify the pattern: nested repetition can take unbounded work");
    }
    return true;
  }
  std::size_t begin(std::size_t group = 0) const { return pcre2_get_ovector_pointer(match)[2 * group]; }
  std::size_t end(std::size_t group = 0) const { return pcre2_get_ovector_pointer(match)[2 * group + 1]; }
  std::size_t groups() const { return pcre2_get_ovector_count(match); }
};

PatternCache::PatternCache() = default;
PatternCache::~PatternCache() = default;

const CompiledPattern& PatternCache::compiled(const std::string& pattern, bool anchored) {
  const std::string key = (anchored ? "=" : "~") + pattern;
  const auto known = known_.find(key);
  if (known != known_.end()) return *known->second;
  constexpr std::size_t most_patterns = 1000;
  constexpr std::uint32_t match_limit = 1'000'000, depth_limit = 10'000, heap_limit_kib = 20'000;
  if (known_.size() >= most_patterns) known_.clear();
  auto result = std::make_unique<CompiledPattern>();
  int error = 0;
  PCRE2_SIZE at = 0;
  const std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C | (anchored ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0U);
  result->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &at, nullptr);
  if (result->code == nullptr) {
    std::array<PCRE2_UCHAR, 128> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    throw EvaluationError(fmt::format("'{}' is not a regular expression: {} at character {}", pattern, reinterpret_cast<const char*>(text.data()), at + 1));
  }
  result->match = pcre2_match_data_create_from_pattern(result->code, nullptr);
  result->limits = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(result->limits, match_limit);
  pcre2_set_depth_limit(result->limits, depth_limit);
  pcre2_set_heap_limit(result->limits, heap_limit_kib);
  return *(known_[key] = std::move(result));
}

bool PatternCache::matches(const std::string& subject, const std::string& pattern) { return compiled(pattern, false).find(subject, 0); }

bool PatternCache::matches_full(const std::string& subject, const std::string& pattern) { return compiled(pattern, true).find(subject, 0); }

namespace {

std::size_t next_character(const std::string& text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  return at;
}

/// Group number of "$1", "${1}" or "${name}" at `at` (just after the `$`), moving past it; -1 when it is not one.
int group_at(const CompiledPattern& pattern, const std::string& text, std::size_t& at) {
  std::size_t start = at;
  const bool braced = start < text.size() && text[start] == '{';
  if (braced) ++start;
  std::size_t end = start;
  const auto is_word = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  while (end < text.size() && (braced ? is_word(text[end]) : (text[end] >= '0' && text[end] <= '9')) && end - start < 32) ++end;
  if (end == start || (braced && (end >= text.size() || text[end] != '}'))) return -1;
  const std::string name = text.substr(start, end - start);
  int group = 0;
  if (name.find_first_not_of("0123456789") == std::string::npos) group = name.size() > 3 ? -1 : std::stoi(name);
  else group = pcre2_substring_number_from_name(pattern.code, reinterpret_cast<PCRE2_SPTR>(name.c_str()));
  if (group < 0 || static_cast<std::size_t>(group) >= pattern.groups())
    throw EvaluationError(fmt::format("the substitution refers to group '{}', which the pattern does not have", name));
  at = end + (braced ? 1 : 0);
  return group;
}

void append_substitution(const CompiledPattern& pattern, const std::string& subject, const std::string& substitution, std::string& result) {
  for (std::size_t at = 0; at < substitution.size();) {
    const char c = substitution[at++];
    if (c == '\\' && at < substitution.size()) {
      result += substitution[at++];
    } else if (c == '$') {
      const int group = group_at(pattern, substitution, at);
      if (group < 0) result += '$';
      else if (const auto g = static_cast<std::size_t>(group); pattern.begin(g) != PCRE2_UNSET)
        result.append(subject, pattern.begin(g), pattern.end(g) - pattern.begin(g));
    } else {
      result += c;
    }
  }
}

}  // namespace

std::string PatternCache::replace(const std::string& subject, const std::string& pattern, const std::string& substitution) {
  constexpr std::size_t longest_result = 50'000'000;
  const CompiledPattern& regex = compiled(pattern, false);
  std::string result;
  std::size_t copied = 0, from = 0;
  while (from <= subject.size() && regex.find(subject, from)) {
    const std::size_t begin = regex.begin(), end = regex.end();
    result.append(subject, copied, begin - copied);
    append_substitution(regex, subject, substitution, result);
    if (result.size() > longest_result) throw EvaluationError("ReplaceMatches would make a text of over 50 MB");
    copied = end;
    from = end > begin ? end : next_character(subject, end);
  }
  if (copied < subject.size()) result.append(subject, copied, std::string::npos);
  return result;
}

std::vector<std::string> PatternCache::split(const std::string& subject, const std::string& pattern) {
  const CompiledPattern& regex = compiled(pattern, false);
  std::vector<std::string> result;
  std::size_t copied = 0, from = 0;
  while (from < subject.size() && regex.find(subject, from)) {
    const std::size_t begin = regex.begin(), end = regex.end();
    if (end == begin) {  // an empty match separates nothing
      from = next_character(subject, end);
      continue;
    }
    result.push_back(subject.substr(copied, begin - copied));
    copied = from = end;
  }
  result.push_back(subject.substr(copied));
  return result;
}

}  // namespace catchment::cql
