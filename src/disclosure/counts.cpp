#include "disclosure/counts.h"

#include <algorithm>

#include "base/error.h"

namespace catchment::disclosure {

bool small(std::int64_t count, const Rules& rules) { return count >= 1 && count <= rules.hidden_up_to; }

std::string hidden_note(const Rules& rules) {
  return "Hidden to protect people: a count of 1 to " + std::to_string(rules.hidden_up_to) + ", or one that would give such a count away";
}

std::string in_words(const Rules& rules) {
  return "Counts of 1 to " + std::to_string(rules.hidden_up_to) +
      " are hidden, shares whose remainder is one, and counts from which one could be worked out; the rest are rounded to " + std::to_string(rules.rounded_to) +
      ", and shares are computed from what is shown.";
}

std::int64_t rounded(std::int64_t exact, const Rules& rules) { return (exact + rules.rounded_to / 2) / rules.rounded_to * rules.rounded_to; }

Count protect(std::int64_t exact, const Rules& rules) {
  if (exact < 0) throw Error(ErrorKind::bug, "a count of persons is negative");
  if (small(exact, rules)) return {};
  return {rounded(exact, rules)};
}

Proportion protect_share(std::int64_t numerator, std::int64_t denominator, const Rules& rules) {
  if (numerator > denominator) throw Error(ErrorKind::bug, "a numerator is larger than its denominator");
  Proportion result{protect(numerator, rules), protect(denominator, rules), {}};
  if (small(denominator - numerator, rules)) result.numerator = {};
  if (result.denominator.hidden()) result.numerator = {};  // a share of a hidden group tells its size
  if (result.numerator.hidden() || result.denominator.hidden() || *result.denominator.shown == 0) return result;
  result.share = std::min(1.0, static_cast<double>(*result.numerator.shown) / static_cast<double>(*result.denominator.shown));
  return result;
}

}  // namespace catchment::disclosure
