#include "disclosure/disclosure.h"

#include <algorithm>

#include "base/error.h"

namespace catchment::disclosure {

namespace {
bool small(std::int64_t count, const Rules& rules) { return count >= 1 && count <= rules.hidden_up_to; }
}  // namespace

std::string hidden_note(const Rules& rules) { return "1 to " + std::to_string(rules.hidden_up_to) + ", hidden to protect people"; }

std::string in_words(const Rules& rules) {
  return "Counts of 1 to " + std::to_string(rules.hidden_up_to) + " are hidden, and shares whose remainder is one; the rest are rounded to " +
         std::to_string(rules.rounded_to) + ", and shares are computed from what is shown.";
}

Count protect(std::int64_t exact, const Rules& rules) {
  if (exact < 0) throw Error(ErrorKind::bug, "a count of persons is negative");
  if (small(exact, rules)) return {};
  return {(exact + rules.rounded_to / 2) / rules.rounded_to * rules.rounded_to};
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
