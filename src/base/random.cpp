#include "base/random.h"

#include <cmath>

namespace catchment {

std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) word = mix64(seed), seed += 0x9e3779b97f4a7c15ULL;
}

Random Random::stream(std::uint64_t seed, std::uint64_t a, std::uint64_t b) { return Random(mix64(mix64(seed ^ mix64(a)) ^ b)); }

std::uint64_t Random::next() {
  auto rotate = [](std::uint64_t v, int k) { return (v << k) | (v >> (64 - k)); };
  const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate(state_[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Random::below(std::uint64_t n) {
  const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % n;
  std::uint64_t value = next();
  while (value >= limit) value = next();
  return value % n;
}

bool Random::chance(double probability) { return uniform() < probability; }

double Random::normal(double mean, double deviation) {
  double u = 0, v = 0, s = 0;
  do {
    u = 2 * uniform() - 1;
    v = 2 * uniform() - 1;
    s = u * u + v * v;
  } while (s >= 1 || s == 0);
  return mean + deviation * u * std::sqrt(-2 * std::log(s) / s);
}

double Random::exponential(double mean) { return -mean * std::log1p(-uniform()); }

int Random::poisson(double mean) {
  if (mean <= 0) return 0;
  if (mean > 30) {
    const double drawn = normal(mean, std::sqrt(mean));
    return drawn < 0 ? 0 : static_cast<int>(std::floor(drawn + 0.5));
  }
  const double limit = std::exp(-mean);
  int count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) ++count;
  return count;
}

std::size_t Random::pick(std::span<const double> weights) {
  double total = 0;
  for (const double w : weights) total += w;
  double at = uniform() * total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    at -= weights[i];
    if (at < 0) return i;
  }
  return weights.size() - 1;
}

}  // namespace catchment
