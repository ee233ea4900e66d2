#include "linkage/compare/sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "linkage/compare/compare.h"

namespace catchment::linkage {
namespace {

constexpr unsigned classes = 14;
constexpr Sketch counts_mask = (1ULL << (4 * classes)) - 1, one_word = 1ULL << 56, nicknames = 1ULL << 57;
constexpr unsigned sound_at = 58;
constexpr Sketch low_nibbles = 0x0f0f0f0f0f0f0f0fULL, high_bits = 0x8080808080808080ULL, ones = 0x0101010101010101ULL;

int sum_of_bytes(Sketch bytes) { return static_cast<int>((bytes * ones) >> 56); }

// |a - b| in each byte, where bytes hold at most fifteen.
Sketch byte_differences(Sketch a, Sketch b) {
  const Sketch more = (a | high_bits) - b, less = (b | high_bits) - a;
  const Sketch not_less = ((more >> 7) & ones) * 255;
  return ((more ^ high_bits) & not_less) | ((less ^ high_bits) & ~not_less);
}

// What two texts' counts say: their lengths, and how many characters they do not share.
struct Counted {
  int a, b, apart;
  bool nothing_shared, either_within;

  Counted(Sketch x, Sketch y) {
    x &= counts_mask, y &= counts_mask;
    const Sketch xl = x & low_nibbles, xh = (x >> 4) & low_nibbles, yl = y & low_nibbles, yh = (y >> 4) & low_nibbles;
    a = sum_of_bytes(xl + xh), b = sum_of_bytes(yl + yh);
    apart = sum_of_bytes(byte_differences(xl, yl) + byte_differences(xh, yh));
    const auto there = [](Sketch s) { return (s | s >> 1 | s >> 2 | s >> 3) & 0x1111111111111111ULL; };
    const Sketch px = there(x), py = there(y);
    nothing_shared = (px & py) == 0;
    constexpr Sketch blanks = 1ULL << (4 * (' ' % classes));  // part words and are in none
    either_within = (px & ~py & ~blanks) == 0 || (py & ~px & ~blanks) == 0;
  }
  // At most what Jaro is of the two texts.
  double jaro() {
    if (jaro_ < 0) {
      const double shared = (a + b - apart) * 0.5;
      jaro_ = shared <= 0 ? 0 : (shared / a + shared / b + 1) / 3;
    }
    return jaro_;
  }

 private:
  double jaro_ = -1;
};

// Jaro-Winkler of at least `least` needs a Jaro that is at most 0.4 of the way to 1 below it.
double least_jaro(double least) { return (least - 0.4) / 0.6 - 1e-9; }

bool may_hold(Test test, double value, Sketch x, Sketch y, Counted& counted) {
  switch (test) {
    case Test::nickname: return (x & y & nicknames) != 0;
    case Test::contained: return (x & y & one_word) == 0 && counted.either_within;
    case Test::overlap: return (x & y & one_word) == 0 && !counted.nothing_shared;
    // One edit in a longer name counts as likeness too.
    case Test::jaro_winkler: return counted.apart <= 2 || (counted.apart < counted.a + counted.b && counted.jaro() >= value);
    case Test::edit: return counted.apart <= 2 * static_cast<int>(value);
    case Test::phonetic: return x >> sound_at != 0 && x >> sound_at == y >> sound_at;
    case Test::prefix: return !counted.nothing_shared;
    default: return true;
  }
}

DateValue date_of(Sketch text) {
  if (text == 0) return {};
  std::array<char, 8> c{};
  std::memcpy(c.data(), &text, 8);
  const auto two = [&c](std::size_t at) { return (c[at] - '0') * 10 + (c[at + 1] - '0'); };
  return {text, two(0) * 100 + two(2), two(4), two(6)};
}

bool postcode_may_hold(Test test, double value, Sketch x, Sketch y) {
  if (x == 0 || y == 0) return true;  // too long to be held
  const int length_x = 8 - std::countl_zero(x) / 8, length_y = 8 - std::countl_zero(y) / 8;
  const int same_start = std::countr_zero(x ^ y) / 8;
  if (test == Test::postcode_part) return same_start >= static_cast<int>(value);
  if (test == Test::edit && static_cast<int>(value) == 1) {
    const int same_end = std::countl_zero((x << (8 * (8 - length_x))) ^ (y << (8 * (8 - length_y)))) / 8;
    return same_start + same_end >= std::max(length_x, length_y) - 2;
  }
  return true;
}

}  // namespace

SketchBounds::SketchBounds(const std::vector<Level>& levels, const std::vector<float>& bounds) {
  for (std::size_t l = 0; l < levels.size(); ++l) {
    const Test test = l + 1 == levels.size() ? Test::otherwise : levels[l].test;  // what fits none is the last
    if (test >= Test::date_swapped && test <= Test::date_years) kind_ = Kind::date;
    if (test == Test::postcode_part && kind_ == Kind::text) kind_ = Kind::postcode;
    if (test != Test::exact) steps_.push_back({test, test == Test::jaro_winkler ? least_jaro(levels[l].value) : levels[l].value, bounds[l]});
  }
  std::stable_sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) { return a.bound > b.bound; });
}

Sketch SketchBounds::of(std::string_view text, bool has_nicknames, std::uint32_t sound) const {
  if (text.empty()) return 0;
  if (kind_ == Kind::date) return date_value(text).text;
  if (kind_ == Kind::postcode) {
    Sketch out = 0;
    if (text.size() <= 8) std::memcpy(&out, text.data(), text.size());
    return out;
  }
  if (text.size() > 60) return 0;
  std::array<std::uint8_t, classes> count{};
  for (const char c : text) ++count[static_cast<unsigned char>(c) % classes];
  Sketch out = 0;
  for (std::size_t k = 0; k < classes; ++k) {
    if (count[k] > 15) return 0;
    out |= static_cast<Sketch>(count[k]) << (4 * k);
  }
  if (text.size() > 1 && text.find(' ') == std::string_view::npos) out |= one_word;
  if (has_nicknames) out |= nicknames;
  if (sound != 0) out |= (static_cast<Sketch>(sound % 63) + 1) << sound_at;
  return out;
}

float SketchBounds::at_most(Sketch a, Sketch b) const {
  if (steps_.empty()) return 0;
  if (kind_ == Kind::date) {
    const DateValue x = date_of(a), y = date_of(b);
    for (const Step& step : steps_)
      if (step.test < Test::date_swapped || step.test > Test::date_years || date_agrees(step.test, step.value, x, y)) return step.bound;
  } else if (kind_ == Kind::postcode) {
    for (const Step& step : steps_)
      if (postcode_may_hold(step.test, step.value, a, b)) return step.bound;
  } else {
    if (a == 0 || b == 0) return steps_.front().bound;
    Counted counted(a, b);
    for (const Step& step : steps_)
      if (may_hold(step.test, step.value, a, b, counted)) return step.bound;
  }
  return steps_.back().bound;
}

}  // namespace catchment::linkage
