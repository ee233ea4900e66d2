// One count or share on its own: small ones hidden, the others rounded. See disclosure.h.
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

bool small(std::int64_t count, const Rules& rules = {});
/// The nearest multiple of `rounded_to`, halves up.
std::int64_t rounded(std::int64_t exact, const Rules& rules = {});
Count protect(std::int64_t exact, const Rules& rules = {});

struct Proportion {
  Count numerator, denominator;
  /// Shown numerator over shown denominator; nothing when either is hidden or the denominator is zero.
  /// Nothing here: no rate, interval or chart point may be drawn from it either.
  std::optional<double> share;
  bool operator==(const Proportion&) const = default;
};

/// Numerator is part of the denominator. The share is computed from what is shown, so that a reader who
/// checks it gets the same answer and nobody gets more.
Proportion protect_share(std::int64_t numerator, std::int64_t denominator, const Rules& rules = {});

}  // namespace catchment::disclosure
