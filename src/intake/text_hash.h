// Hashes of short texts for lookup tables: 128 bits by wide multiplication. Not for secrets or receipts.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace catchment::intake {

__extension__ typedef unsigned __int128 Wide;

inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t load64(const char* p) {
  std::uint64_t v;
  std::memcpy(&v, p, 8);
  return v;
}

inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  constexpr std::uint64_t k0 = 0x9E3779B97F4A7C15ULL;
  constexpr std::uint64_t k1 = 0xD6E8FEB86659FD93ULL;
  std::uint64_t h = seed ^ k0 ^ (static_cast<std::uint64_t>(text.size()) * k1);
  const char* p = text.data();
  std::size_t n = text.size();
  while (n >= 16) {
    h = fold(load64(p) ^ k1, load64(p + 8) ^ h);
    p += 16;
    n -= 16;
  }
  if (n >= 8) {
    h = fold(load64(p) ^ k0, h ^ k1);
    p += 8;
    n -= 8;
  }
  std::uint64_t tail = 0;
  if (n > 0) std::memcpy(&tail, p, n);
  h = fold(h ^ tail ^ k0, (h >> 7) ^ k1 ^ (static_cast<std::uint64_t>(n) << 56));
  return fold(h ^ k1, k0 ^ (h << 1));
}

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Hash128&) const = default;
};

inline Hash128 hash128(std::string_view text, std::uint64_t seed) { return {hash_text(text, seed), hash_text(text, ~seed ^ 0xA0761D6478BD642FULL)}; }

}  // namespace catchment::intake
