// Exp, Ln and Power in fixed point: numbers as multiples of 2^-116, so that eight places of a 28-digit
// result are right. Series and range reduction as in any table-free implementation of exp and log.
#include "cql/values/decimal.h"

namespace catchment::cql {

namespace {

constexpr int fraction_bits = 116;
const UInt128 fixed_one = static_cast<UInt128>(1) << fraction_bits;

UInt128 fixed_times(UInt128 a, UInt128 b) { return (Wide::product(a, b) >> fraction_bits).low; }
UInt128 fixed_divide(UInt128 a, UInt128 b) { return divide(Wide::of(a) << fraction_bits, Wide::of(b)).quotient.low; }

/// 2 atanh(z) = ln((1+z)/(1-z)) for small z >= 0.
UInt128 twice_atanh(UInt128 z) {
  const UInt128 square = fixed_times(z, z);
  UInt128 power = z, sum = 0;
  for (unsigned n = 1; power != 0; n += 2, power = fixed_times(power, square)) sum += power / n;
  return 2 * sum;
}

UInt128 fixed_ln2() { return twice_atanh(fixed_one / 3); }  // ln 2 = 2 atanh(1/3)

struct FixedLog {  // value = (negative ? -1 : 1) * magnitude * 2^-116
  bool negative = false;
  UInt128 magnitude = 0;
};

/// Natural logarithm of scaled / 10^8, scaled > 0. Its magnitude is under 90: 7 bits before the point, 116 after.
FixedLog fixed_log(UInt128 scaled) {
  // scaled / 10^8 = m * 2^k with m in [1, 2)
  const UInt128 unit = static_cast<UInt128>(Decimal::unit);
  int k = Wide::of(scaled).bits() - Wide::of(unit).bits();
  auto ratio = [&](int shift) {
    const Wide top = Wide::of(scaled) << fraction_bits;
    return shift >= 0 ? divide(top, Wide::of(unit) << shift).quotient : divide(top << -shift, Wide::of(unit)).quotient;
  };
  Wide m = ratio(k);
  if (m < Wide::of(fixed_one)) m = ratio(--k);
  const UInt128 z = fixed_divide(m.low - fixed_one, m.low + fixed_one);
  const UInt128 part = twice_atanh(z);
  const UInt128 whole = fixed_ln2() * static_cast<UInt128>(k < 0 ? -k : k);
  if (k >= 0) return {false, whole + part};
  return whole >= part ? FixedLog{true, whole - part} : FixedLog{false, part - whole};
}

/// e^(+-x) for x in fixed point, as scaled decimal.
std::optional<Decimal> fixed_exp(bool negative, const Wide& x) {
  const UInt128 ln2 = fixed_ln2();
  const WideDivision reduced = divide(x, Wide::of(ln2));
  if (!reduced.quotient.fits() || reduced.quotient.low > 130) return negative ? std::optional<Decimal>(Decimal()) : std::nullopt;
  const int k = static_cast<int>(reduced.quotient.low);
  const UInt128 r = reduced.remainder.low;
  UInt128 sum = fixed_one, term = fixed_one;
  for (unsigned n = 1; term != 0; ++n) {
    term = fixed_times(term, r) / n;
    sum += term;
  }
  if (!negative) {
    if (k > 102) return std::nullopt;
    Wide scaled = Wide::product(sum, static_cast<UInt128>(Decimal::unit)) << k;
    scaled = (scaled + (Wide::of(1) << (fraction_bits - 1))) >> fraction_bits;
    return decimal_from_magnitude(false, scaled);
  }
  const Wide top = Wide::product(fixed_one, static_cast<UInt128>(Decimal::unit));
  if (k > 100) return Decimal();
  return decimal_from_magnitude(false, divide_rounded(top, Wide::of(sum) << k));
}

UInt128 magnitude_of(Int128 value) { return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value); }

/// Exact product of whole numbers, nothing when it leaves the range.
std::optional<Decimal> whole_power(Decimal base, std::int64_t exponent) {
  Decimal result = Decimal::of(1);
  std::optional<Decimal> square = base;
  while (exponent > 0) {
    if (exponent & 1) {
      if (!square) return std::nullopt;
      const auto next = result.times(*square);
      if (!next) return std::nullopt;
      result = *next;
    }
    exponent >>= 1;
    if (exponent > 0 && square) square = square->times(*square);
    if (result.is_zero()) return result;
  }
  return result;
}

}  // namespace

std::optional<Decimal> Decimal::exponential() const {
  const Wide x = divide(Wide::product(magnitude_of(scaled_), fixed_one), Wide::of(unit)).quotient;
  return fixed_exp(scaled_ < 0, x);
}

std::optional<Decimal> Decimal::natural_logarithm() const {
  if (scaled_ <= 0) return std::nullopt;
  const FixedLog log = fixed_log(magnitude_of(scaled_));
  Wide scaled = Wide::product(log.magnitude, static_cast<UInt128>(unit));
  scaled = (scaled + (Wide::of(1) << (fraction_bits - 1))) >> fraction_bits;
  return decimal_from_magnitude(log.negative, scaled);
}

std::optional<Decimal> Decimal::power(Decimal exponent) const {
  if (exponent.is_zero()) return of(1);
  if (is_zero()) return exponent.is_negative() ? std::nullopt : std::optional<Decimal>(Decimal());
  const auto whole = exponent.to_long();
  if (scaled_ < 0 && !whole) return std::nullopt;
  const bool negative = scaled_ < 0 && whole && (*whole % 2 != 0);
  const Decimal base = magnitude();
  if (base == of(1)) return of(negative ? -1 : 1);
  std::optional<Decimal> result;
  if (whole && *whole > 0 && base.is_whole()) {
    result = whole_power(base, *whole);
  } else {
    const FixedLog log = fixed_log(magnitude_of(base.scaled_));
    const Wide x = divide(Wide::product(log.magnitude, magnitude_of(exponent.scaled_)), Wide::of(unit)).quotient;
    result = fixed_exp(log.negative != exponent.is_negative(), x);
  }
  if (!result) return std::nullopt;
  return negative ? result->negated() : *result;
}

}  // namespace catchment::cql
