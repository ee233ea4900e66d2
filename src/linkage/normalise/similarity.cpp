#include "linkage/normalise/similarity.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

namespace catchment::linkage {
namespace {

constexpr std::size_t longest = 64;

std::string_view cut(std::string_view text) { return text.substr(0, longest); }

// The next word of `rest`, which shrinks; "" at the end.
std::string_view next_word(std::string_view& rest) {
  const std::size_t from = rest.find_first_not_of(' ');
  if (from == std::string_view::npos) return rest = {};
  std::size_t to = rest.find(' ', from);
  if (to == std::string_view::npos) to = rest.size();
  const std::string_view word = rest.substr(from, to - from);
  rest.remove_prefix(to);
  return word;
}

bool has_word(std::string_view text, std::string_view wanted) {
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text))
    if (word == wanted) return true;
  return false;
}

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b) {
  a = cut(a), b = cut(b);
  if (a == b) return 1.0;
  if (a.empty() || b.empty()) return 0.0;
  const std::size_t longer = std::max(a.size(), b.size());
  const std::size_t window = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::uint64_t taken_a = 0, taken_b = 0;
  int matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t from = i > window ? i - window : 0;
    const std::size_t to = std::min(b.size(), i + window + 1);
    for (std::size_t j = from; j < to; ++j) {
      if (a[i] != b[j] || ((taken_b >> j) & 1U)) continue;
      taken_a |= 1ULL << i, taken_b |= 1ULL << j;
      ++matches;
      break;
    }
  }
  if (matches == 0) return 0.0;
  int moved = 0;
  for (std::uint64_t left_a = taken_a, left_b = taken_b; left_a != 0; left_a &= left_a - 1, left_b &= left_b - 1)
    moved += a[static_cast<std::size_t>(std::countr_zero(left_a))] != b[static_cast<std::size_t>(std::countr_zero(left_b))];
  const double m = matches;
  const int transposed = moved / 2;
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) + (m - transposed) / m) / 3.0;
  std::size_t prefix = 0;
  while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1.0 - jaro);
}

int edit_distance(std::string_view a, std::string_view b, int limit) {
  a = cut(a), b = cut(b);
  while (!a.empty() && !b.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && !b.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  const int na = static_cast<int>(a.size()), nb = static_cast<int>(b.size());
  if (std::abs(na - nb) > limit) return limit + 1;
  if (na == 0 || nb == 0) return std::max(na, nb);
  // Only cells within `limit` of the diagonal can matter; those beside them say so.
  const int far = limit + 1;
  std::array<std::array<int, longest + 2>, 3> rows;
  for (int j = 0; j <= std::min(nb, far); ++j) rows[0][static_cast<std::size_t>(j)] = j;
  for (int i = 1; i <= na; ++i) {
    auto& now = rows[static_cast<std::size_t>(i % 3)];
    const auto& before = rows[static_cast<std::size_t>((i + 2) % 3)];
    const auto& two_before = rows[static_cast<std::size_t>((i + 1) % 3)];
    const int from = std::max(1, i - limit), to = std::min(nb, i + limit);
    now[static_cast<std::size_t>(from - 1)] = from == 1 ? std::min(i, far) : far;
    int best = far;
    for (int j = from; j <= to; ++j) {
      const auto ai = static_cast<std::size_t>(i - 1), bj = static_cast<std::size_t>(j - 1), at = static_cast<std::size_t>(j);
      int cost = std::min({before[at] + 1, now[at - 1] + 1, before[at - 1] + (a[ai] != b[bj])});
      if (i > 1 && j > 1 && a[ai] == b[bj - 1] && a[ai - 1] == b[bj]) cost = std::min(cost, two_before[at - 2] + 1);
      now[at] = std::min(cost, far);
      best = std::min(best, now[at]);
    }
    if (to < nb) now[static_cast<std::size_t>(to) + 1] = far;
    if (best >= far) return far;
  }
  return std::min(rows[static_cast<std::size_t>(na % 3)][static_cast<std::size_t>(nb)], far);
}

std::string soundex(std::string_view name) {
  static constexpr std::string_view codes = "01230120022455012623010202";
  const std::size_t end = std::min(name.find(' '), name.size());
  std::string out;
  char last = '0';
  for (std::size_t i = 0; i < end && out.size() < 4; ++i) {
    const char c = name[i];
    if (c < 'a' || c > 'z') continue;
    const char code = codes[static_cast<std::size_t>(c - 'a')];
    if (out.empty()) {
      out.push_back(c);
    } else if (code != '0' && code != last) {
      out.push_back(code);
    }
    if (c != 'h' && c != 'w') last = code;
  }
  if (out.empty()) return std::string(name.substr(0, 8));
  out.resize(4, '0');
  return out;
}

std::string phonetic(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 22> spellings{
      {{"szcz", "s"}, {"tsch", "s"}, {"sch", "s"}, {"cz", "c"}, {"sz", "s"}, {"sh", "s"}, {"ch", "c"}, {"ck", "k"}, {"kh", "k"}, {"gh", "g"}, {"ph", "f"},
       {"th", "t"},   {"dh", "d"},   {"bh", "b"},  {"zh", "j"}, {"ks", "x"}, {"w", "v"},  {"q", "k"},  {"z", "s"},  {"c", "k"},  {"j", "j"},  {"y", "i"}}};
  std::string closed;
  for (const char c : name.substr(0, longest))
    if (c != ' ') closed.push_back(c);
  std::string out;
  for (std::size_t i = 0; i < closed.size();) {
    std::string_view written = std::string_view(closed).substr(i, 1);
    std::size_t used = 1;
    for (const auto& [from, to] : spellings)
      if (closed.compare(i, from.size(), from) == 0) {
        written = to, used = from.size();
        break;
      }
    i += used;
    const char c = written[0];
    const bool vowel = c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'h';
    if (vowel) {
      if (out.empty()) out.push_back('a');
      continue;
    }
    if (out.empty() || out.back() != c) out.push_back(c);
  }
  return out.substr(0, 6);
}

double word_overlap(std::string_view a, std::string_view b) {
  int shared = 0, in_a = 0, in_b = 0;
  std::string_view rest = cut(a);
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) ++in_a, shared += has_word(cut(b), word);
  rest = cut(b);
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) ++in_b;
  const int either = in_a + in_b - shared;
  return either == 0 ? 0.0 : static_cast<double>(shared) / either;
}

bool words_contained(std::string_view a, std::string_view b) {
  a = cut(a), b = cut(b);
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return false;
  std::string_view rest = a;
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
    if (has_word(b, word)) continue;
    if (word.size() > 1) return false;
    bool initial = false;
    std::string_view others = b;
    for (std::string_view other = next_word(others); !other.empty(); other = next_word(others)) initial = initial || other[0] == word[0];
    if (!initial) return false;
  }
  return true;
}

bool same_numbers(std::string_view a, std::string_view b) {
  const auto next_number = [](std::string_view& rest) {
    const std::size_t from = rest.find_first_of("0123456789");
    if (from == std::string_view::npos) return rest = {};
    std::size_t to = from;
    while (to < rest.size() && rest[to] >= '0' && rest[to] <= '9') ++to;
    const std::string_view number = rest.substr(from, to - from);
    rest.remove_prefix(to);
    return number;
  };
  bool any = false;
  while (true) {
    const std::string_view x = next_number(a), y = next_number(b);
    if (x != y) return false;
    if (x.empty()) return any;
    any = true;
  }
}

}  // namespace catchment::linkage
