// 256-bit unsigned integers, just enough for exact products, quotients and roots of 128-bit decimals.
//
// In: unsigned 128-bit numbers. Out: exact 256-bit results; `fits` says whether one goes back into 128 bits.
// Addition and multiplication that leave 256 bits are the caller's to rule out.
#pragma once

#include <array>
#include <cstdint>

namespace catchment::cql {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

struct Wide {
  UInt128 low = 0;
  UInt128 high = 0;

  static Wide of(UInt128 value) { return {value, 0}; }
  /// The exact product of two 128-bit numbers.
  static Wide product(UInt128 a, UInt128 b);

  bool is_zero() const { return low == 0 && high == 0; }
  bool fits() const { return high == 0; }
  int bits() const;  // position of the highest set bit plus one; 0 for zero

  friend bool operator==(const Wide&, const Wide&) = default;
  friend bool operator<(const Wide& a, const Wide& b) { return a.high != b.high ? a.high < b.high : a.low < b.low; }
  friend bool operator<=(const Wide& a, const Wide& b) { return !(b < a); }
};

Wide operator+(Wide a, Wide b);
Wide operator-(Wide a, Wide b);  // precondition: b <= a
Wide operator<<(Wide a, int count);
Wide operator>>(Wide a, int count);

struct WideDivision {
  Wide quotient;
  Wide remainder;
};
/// Precondition: divisor is not zero.
WideDivision divide(Wide dividend, Wide divisor);
/// Quotient rounded half up.
Wide divide_rounded(Wide dividend, Wide divisor);
/// Multiplies by a small number; sets `overflow` when the result leaves 256 bits.
Wide times(Wide a, std::uint64_t factor, bool& overflow);
/// The largest number whose square is at most `value`.
UInt128 square_root(Wide value);

/// 10 to the n, n from 0 to 38.
UInt128 power_of_ten(int n);

}  // namespace catchment::cql
