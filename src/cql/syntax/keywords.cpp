#include <algorithm>
#include <array>

#include "cql/syntax/syntax.h"

namespace catchment::cql::syntax {

namespace {
constexpr std::string_view reserved[] = {
    "Code",         "Concept",  "Interval", "List",    "Tuple",   "after",   "aggregate",  "all",      "and",      "as",     "before",  "between",
    "case",         "cast",     "collapse", "convert", "day",     "days",    "difference", "distinct", "duration", "during", "else",    "exists",
    "expand",       "false",    "flatten",  "from",    "hour",    "hours",   "if",         "in",       "is",       "let",    "maximum", "millisecond",
    "milliseconds", "minimum",  "minute",   "minutes", "month",   "months",  "not",        "null",     "occurs",   "of",     "or",      "per",
    "point",        "properly", "return",   "same",    "second",  "seconds", "singleton",  "sort",     "then",     "to",     "true",    "week",
    "weeks",        "when",     "with",     "within",  "without", "year",    "years"};
constexpr std::string_view referable[] = {
    "asc",      "ascending", "by",         "called",         "code",  "codesystem", "codesystems", "concept",     "contains", "context",  "date",    "default",
    "define",   "desc",      "descending", "display",        "div",   "end",        "ends",        "except",      "fluent",   "function", "implies", "include",
    "includes", "intersect", "library",    "meets",          "mod",   "overlaps",   "parameter",   "predecessor", "private",  "public",   "start",   "starting",
    "starts",   "successor", "time",       "timezoneoffset", "union", "using",      "valueset",    "version",     "where",    "width",    "xor"};
constexpr std::string_view singular[] = {"", "year", "month", "week", "day", "hour", "minute", "second", "millisecond"};
constexpr std::string_view plural[] = {"", "years", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"};

template <std::size_t N>
bool among(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}
}  // namespace

bool is_reserved(std::string_view word) { return among(reserved, word); }
bool is_keyword(std::string_view word) { return is_reserved(word) || among(referable, word); }

Precision precision_of(std::string_view word) {
  for (std::size_t i = 1; i < std::size(singular); ++i) {
    if (word == singular[i] || word == plural[i]) return static_cast<Precision>(i);
  }
  return Precision::none;
}

bool is_plural_precision(std::string_view word) { return !word.empty() && among(plural, word); }

std::string_view to_word(Precision precision, bool as_plural) {
  return as_plural ? plural[static_cast<std::size_t>(precision)] : singular[static_cast<std::size_t>(precision)];
}

}  // namespace catchment::cql::syntax
