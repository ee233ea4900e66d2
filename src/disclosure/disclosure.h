// disclosure: what may be shown of a count.
// In: exact counts. Out: counts as they may leave: small ones hidden, the others rounded.
// Always holds: a count of 1 to `hidden_up_to` is never shown, nor is a proportion whose numerator or whose
// remainder is such a count; every shown count is a multiple of `rounded_to`. Zero is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace catchment::disclosure {

struct Rules {
  std::int64_t hidden_up_to = 7;  // counts of 1 to this are hidden
  std::int64_t rounded_to = 5;
};

/// What a reader is told in place of a hidden figure, and of the rules as a whole.
std::string hidden_note(const Rules& rules = {});
std::string in_words(const Rules& rules = {});

struct Count {
  std::optional<std::int64_t> shown;  // nothing when hidden
  bool hidden() const { return !shown; }
  bool operator==(const Count&) const = default;
};

Count protect(std::int64_t exact, const Rules& rules = {});

struct Proportion {
  Count numerator, denominator;
  /// Shown numerator over shown denominator; nothing when either is hidden or the denominator is zero.
  std::optional<double> share;
};

/// Numerator is part of the denominator. The share is computed from what is shown, so that a reader who
/// checks it gets the same answer and nobody gets more.
Proportion protect_share(std::int64_t numerator, std::int64_t denominator, const Rules& rules = {});

}  // namespace catchment::disclosure
