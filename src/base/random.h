// Seeded random numbers that are the same on every machine. std:: distributions differ between
// libraries, so the few we need are here.
#pragma once

#include <cstdint>
#include <span>

namespace catchment {

/// splitmix64 (Steele, Lea and Flood 2014): one step of a 64-bit mix; also a good integer hash.
std::uint64_t mix64(std::uint64_t x);

/// xoshiro256** 1.0 (Blackman and Vigna), seeded through splitmix64.
class Random {
 public:
  explicit Random(std::uint64_t seed);
  /// A stream of its own for (seed, a, b): person 17's events do not move when person 16's change.
  static Random stream(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0);

  std::uint64_t next();
  double uniform();                                  // [0, 1)
  std::uint64_t below(std::uint64_t n);              // [0, n), unbiased; n > 0
  bool chance(double probability);
  double normal(double mean, double deviation);      // Marsaglia polar
  double exponential(double mean);
  int poisson(double mean);
  /// Index with probability proportional to its weight; weights are not negative and not all zero.
  std::size_t pick(std::span<const double> weights);

 private:
  std::uint64_t state_[4];
};

}  // namespace catchment
