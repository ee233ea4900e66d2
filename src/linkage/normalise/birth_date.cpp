// Dates of birth as people write them.
#include <array>
#include <cstdint>
#include <string_view>

#include "base/date.h"
#include "linkage/normalise/normalise.h"

namespace catchment::linkage {
namespace {

struct Part {
  int value = 0;
  int width = 0;
  bool word = false;  // a month written as a word
};

int month_word(std::string_view word) {
  static constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  if (word.size() < 3) return 0;
  for (std::size_t m = 0; m < names.size(); ++m) {
    bool same = true;
    for (std::size_t k = 0; k < 3; ++k) same = same && (word[k] | 0x20) == names[m][k];
    if (same) return static_cast<int>(m) + 1;
  }
  return 0;
}

// Up to three numbers or month words; a time after the date is left alone.
int parts_of(std::string_view text, std::array<Part, 3>& parts) {
  int count = 0;
  std::size_t i = 0;
  while (i < text.size() && count < 3) {
    const char c = text[i];
    std::size_t end = i;
    if (c >= '0' && c <= '9') {
      Part part;
      while (end < text.size() && text[end] >= '0' && text[end] <= '9' && end - i < 9) part.value = part.value * 10 + (text[end++] - '0');
      part.width = static_cast<int>(end - i);
      parts[static_cast<std::size_t>(count++)] = part;
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
      while (end < text.size() && (text[end] | 0x20) >= 'a' && (text[end] | 0x20) <= 'z') ++end;
      if (end - i == 1 && (c == 'T' || c == 't')) break;
      if (const int month = month_word(text.substr(i, end - i))) parts[static_cast<std::size_t>(count++)] = {month, 2, true};
    } else {
      ++end;
    }
    i = end;
  }
  return count;
}

}  // namespace

// Tables of people long dead are linked too; what cannot be a year at all is a slip.
bool possible_year(int year) { return year >= 1000 && year <= 2150; }

namespace {

BirthDate keep_possible(int year, int month, int day) {
  BirthDate out;
  if (possible_year(year)) out.year = static_cast<std::uint16_t>(year);
  if (month >= 1 && month <= 12) out.month = static_cast<std::uint8_t>(month);
  if (day >= 1 && day <= 31) out.day = static_cast<std::uint8_t>(day);
  return out;
}

int whole_year(const Part& part) {
  if (part.width != 2) return part.value;
  return part.value + (part.value <= 29 ? 2000 : 1900);
}

}  // namespace

BirthDate read_birth_date(std::string_view text, DateOrder order) {
  std::array<Part, 3> parts{};
  const int count = parts_of(text.substr(0, 40), parts);
  if (count == 0) return {};
  if (count == 1) {
    const Part& p = parts[0];
    if (p.width == 8) {
      const BirthDate year_first = keep_possible(p.value / 10000, p.value / 100 % 100, p.value % 100);
      // "12051984" is no day of the year 1205.
      if (year_first.whole() || year_first.year >= 1850) return year_first;
      const int a = p.value / 1000000, b = p.value / 10000 % 100, y = p.value % 10000;
      return order == DateOrder::month_first ? keep_possible(y, a, b) : keep_possible(y, b, a);
    }
    if (p.width == 6) return keep_possible(p.value / 100, p.value % 100, 0);
    if (p.width == 4) return keep_possible(p.value, 0, 0);
    return {};
  }
  if (count == 2) {
    if (parts[0].width == 4) return keep_possible(parts[0].value, parts[1].value, 0);
    if (parts[1].width == 4) return keep_possible(parts[1].value, parts[0].value, 0);
    return {};
  }
  if (parts[0].width >= 3) return keep_possible(parts[0].value, parts[1].value, parts[2].value);
  if (parts[0].word) return keep_possible(whole_year(parts[2]), parts[0].value, parts[1].value);
  if (parts[1].word) return keep_possible(whole_year(parts[2]), parts[1].value, parts[0].value);
  if (order == DateOrder::year_first && parts[2].width <= 2) return keep_possible(whole_year(parts[0]), parts[1].value, parts[2].value);
  const int year = whole_year(parts[2]);
  return order == DateOrder::month_first ? keep_possible(year, parts[0].value, parts[1].value) : keep_possible(year, parts[1].value, parts[0].value);
}

void DateOrderGuess::see(std::string_view text) {
  std::array<Part, 3> parts{};
  if (parts_of(text.substr(0, 40), parts) != 3 || parts[0].width >= 3 || parts[0].word || parts[1].word) return;
  if (parts[0].value > 12 && parts[1].value <= 12) ++day_first_;
  if (parts[1].value > 12 && parts[0].value <= 12) ++month_first_;
}

DateOrder DateOrderGuess::best() const { return month_first_ > day_first_ ? DateOrder::month_first : DateOrder::day_first; }

}  // namespace catchment::linkage
