#include "cql/values/wide.h"

#include <array>
#include <bit>

namespace catchment::cql {

namespace {

int bits_of(UInt128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const auto low = static_cast<std::uint64_t>(value);
  return high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(low);
}

}  // namespace

Wide Wide::product(UInt128 a, UInt128 b) {
  const UInt128 mask = ~std::uint64_t{0};
  const UInt128 a0 = a & mask, a1 = a >> 64, b0 = b & mask, b1 = b >> 64;
  const UInt128 p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
  const UInt128 middle = (p00 >> 64) + (p01 & mask) + (p10 & mask);
  return {(middle << 64) | (p00 & mask), p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64)};
}

int Wide::bits() const { return high != 0 ? 128 + bits_of(high) : bits_of(low); }

Wide operator+(Wide a, Wide b) {
  Wide sum{a.low + b.low, a.high + b.high};
  if (sum.low < a.low) ++sum.high;
  return sum;
}

Wide operator-(Wide a, Wide b) {
  Wide difference{a.low - b.low, a.high - b.high};
  if (a.low < b.low) --difference.high;
  return difference;
}

Wide operator<<(Wide a, int count) {
  if (count == 0) return a;
  if (count >= 256) return {};
  if (count >= 128) return {0, a.low << (count - 128)};
  return {a.low << count, (a.high << count) | (a.low >> (128 - count))};
}

Wide operator>>(Wide a, int count) {
  if (count == 0) return a;
  if (count >= 256) return {};
  if (count >= 128) return {a.high >> (count - 128), 0};
  return {(a.low >> count) | (a.high << (128 - count)), a.high >> count};
}

WideDivision divide(Wide dividend, Wide divisor) {
  if (dividend < divisor) return {{}, dividend};
  if (dividend.fits()) return {Wide::of(dividend.low / divisor.low), Wide::of(dividend.low % divisor.low)};
  if (divisor.fits() && (divisor.low >> 64) == 0) {  // schoolbook by 64-bit limbs
    const UInt128 d = divisor.low;
    const std::array<std::uint64_t, 4> limbs{static_cast<std::uint64_t>(dividend.high >> 64), static_cast<std::uint64_t>(dividend.high),
                                             static_cast<std::uint64_t>(dividend.low >> 64), static_cast<std::uint64_t>(dividend.low)};
    std::array<UInt128, 4> quotient{};
    UInt128 rest = 0;
    for (std::size_t i = 0; i < limbs.size(); ++i) {
      const UInt128 current = (rest << 64) | limbs[i];
      quotient[i] = current / d;
      rest = current % d;
    }
    return {{(quotient[2] << 64) | quotient[3], (quotient[0] << 64) | quotient[1]}, Wide::of(rest)};
  }
  int shift = dividend.bits() - divisor.bits();
  Wide step = divisor << shift;
  Wide quotient;
  for (; shift >= 0; --shift, step = step >> 1) {
    if (step <= dividend) {
      dividend = dividend - step;
      quotient = quotient + (Wide::of(1) << shift);
    }
  }
  return {quotient, dividend};
}

Wide divide_rounded(Wide dividend, Wide divisor) {
  const WideDivision division = divide(dividend, divisor);
  const bool up = division.remainder.bits() < 256 && divisor <= (division.remainder << 1);
  return up ? division.quotient + Wide::of(1) : division.quotient;
}

Wide times(Wide a, std::uint64_t factor, bool& overflow) {
  const Wide low = Wide::product(a.low, factor);
  const Wide high = Wide::product(a.high, factor);
  if (!high.fits()) overflow = true;
  const Wide sum = low + Wide{0, high.low};
  if (sum.high < low.high) overflow = true;
  return sum;
}

UInt128 square_root(Wide value) {
  UInt128 root = 0;
  for (int bit = (value.bits() + 1) / 2; bit >= 0; --bit) {
    if (bit > 127) continue;
    const UInt128 candidate = root | (static_cast<UInt128>(1) << bit);
    if (Wide::product(candidate, candidate) <= value) root = candidate;
  }
  return root;
}

UInt128 power_of_ten(int n) {
  static constexpr std::array<UInt128, 39> powers = [] {
    std::array<UInt128, 39> all{1};
    for (std::size_t i = 1; i < all.size(); ++i) all[i] = all[i - 1] * 10;
    return all;
  }();
  return n < 0 ? 1 : powers.at(static_cast<std::size_t>(n));
}

}  // namespace catchment::cql
