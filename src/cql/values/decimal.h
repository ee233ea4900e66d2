// CQL Decimal: a whole number of 10^-8 in 128 bits, never a binary fraction.
//
// In: literals of up to 28 digits before and 8 after the point (CQL 1.5 section 2.3.3 asks for 28 digits in
// all; the wider range is what its conformance cases use). Out: exact sums, products rounded half away from
// zero at the eighth place through 256 bits; nothing where a result cannot be represented or is undefined.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cql/values/wide.h"

namespace catchment::cql {

class Decimal {
 public:
  static constexpr int places = 8;
  static constexpr std::int64_t unit = 100'000'000;

  constexpr Decimal() = default;
  static constexpr Decimal of_scaled(Int128 scaled) { return Decimal(scaled); }
  static constexpr Decimal of(std::int64_t whole) { return Decimal(static_cast<Int128>(whole) * unit); }

  /// "-12.50": optional sign, digits, at most one point with digits on both sides. Nothing when malformed,
  /// when there are more than 28 digits before the point, or when a non-zero text would become zero.
  /// Digits after the eighth place are rounded away. `written_places` gets the digits after the point (at most 8).
  static std::optional<Decimal> parse(std::string_view text, int* written_places = nullptr);

  /// The largest and smallest value of the language's own range (28 digits, 8 of them after the point).
  static Decimal maximum();
  static Decimal minimum();

  constexpr Int128 scaled() const { return scaled_; }
  bool is_negative() const { return scaled_ < 0; }
  bool is_zero() const { return scaled_ == 0; }
  bool is_whole() const { return scaled_ % unit == 0; }
  /// Digits needed after the point: 0 for 2.0, 2 for 1.25.
  int significant_places() const;

  Decimal negated() const { return Decimal(-scaled_); }
  Decimal magnitude() const { return Decimal(scaled_ < 0 ? -scaled_ : scaled_); }

  std::optional<Decimal> plus(Decimal other) const;
  std::optional<Decimal> minus(Decimal other) const;
  std::optional<Decimal> times(Decimal other) const;
  std::optional<Decimal> divided_by(Decimal other) const;            // nothing for a zero divisor
  std::optional<Decimal> truncated_divided_by(Decimal other) const;  // whole result, towards zero
  std::optional<Decimal> modulo(Decimal other) const;                // sign of the dividend
  /// this * numerator / denominator, rounded once.
  std::optional<Decimal> scaled_by(UInt128 numerator, UInt128 denominator, int power_of_ten) const;

  /// Half away from zero at `digits` places after the point (0 to 8).
  Decimal rounded(int digits) const;
  Decimal truncated(int digits) const;  // towards zero
  Decimal floor() const;
  Decimal ceiling() const;

  std::optional<Decimal> exponential() const;
  std::optional<Decimal> natural_logarithm() const;  // nothing for zero and below
  std::optional<Decimal> power(Decimal exponent) const;
  std::optional<Decimal> square_root() const;

  std::optional<std::int32_t> to_integer() const;  // nothing when not whole or out of range
  std::optional<std::int64_t> to_long() const;

  /// Plain digits: at least one after the point, no trailing zeros beyond it; "-0.5", "12.0".
  std::string text() const;
  /// With exactly `digits` places after the point; none and no point for 0.
  std::string text(int digits) const;

  friend constexpr bool operator==(Decimal a, Decimal b) { return a.scaled_ == b.scaled_; }
  friend constexpr std::strong_ordering operator<=>(Decimal a, Decimal b) {
    return a.scaled_ < b.scaled_ ? std::strong_ordering::less : a.scaled_ > b.scaled_ ? std::strong_ordering::greater : std::strong_ordering::equal;
  }

 private:
  constexpr explicit Decimal(Int128 scaled) : scaled_(scaled) {}
  Int128 scaled_ = 0;
};

/// The number from its sign and magnitude in units of 10^-8; nothing beyond 30 digits before the point.
std::optional<Decimal> decimal_from_magnitude(bool negative, const Wide& magnitude);

}  // namespace catchment::cql
