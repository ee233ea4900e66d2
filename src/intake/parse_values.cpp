#include "intake/parse_values.h"

#include <array>
#include <charconv>
#include <cstring>

#include "base/snomed.h"

namespace catchment::intake {

namespace {

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool upper(char c) { return c >= 'A' && c <= 'Z'; }

/// Two digits of t at p, or -1.
int two(std::string_view t, std::size_t p) { return digit(t[p]) && digit(t[p + 1]) ? (t[p] - '0') * 10 + (t[p + 1] - '0') : -1; }
int four(std::string_view t, std::size_t p) {
  const int a = two(t, p);
  const int b = two(t, p + 2);
  return a < 0 || b < 0 ? -1 : a * 100 + b;
}

std::optional<DateValue> made(int year, int month, int day, Precision precision) {
  if (year < 1 || !Date::is_real(year, month, day)) return std::nullopt;
  return DateValue{Date::from_ymd(year, month, day).days, precision, -1};
}

constexpr std::string_view months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

}  // namespace

std::optional<DateValue> parse_iso_date(std::string_view t) {
  if (t.size() >= 10 && t[4] == '-' && t[7] == '-') {
    if (t.size() > 10 && t[10] != 'T' && t[10] != ' ') return std::nullopt;
    return made(four(t, 0), two(t, 5), two(t, 8), Precision::day);
  }
  if (t.size() == 8) return made(four(t, 0), two(t, 4), two(t, 6), Precision::day);
  if (t.size() == 7 && t[4] == '-') return made(four(t, 0), two(t, 5), 1, Precision::month);
  if (t.size() == 4) return made(four(t, 0), 1, 1, Precision::year);
  return std::nullopt;
}

std::optional<DateValue> DatePattern::parse(std::string_view t) const {
  int year = -1;
  int month = -1;
  int day = -1;
  int hour = -1;
  int minute = 0;
  int second = 0;
  std::size_t at = 0;
  const auto number = [&](std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t n = 0;
    while (n < most && at < t.size() && digit(t[at])) value = value * 10 + (t[at++] - '0'), ++n;
    return n < least ? -1 : value;
  };
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] != '%' || i + 1 == pattern_.size()) {
      if (at >= t.size() || t[at] != pattern_[i]) return std::nullopt;
      ++at;
      continue;
    }
    switch (pattern_[++i]) {
      case 'Y': year = number(4, 4); break;
      case 'm': month = number(1, 2); break;
      case 'd': day = number(1, 2); break;
      case 'H': hour = number(1, 2); break;
      case 'M': minute = number(2, 2); break;
      case 'S': second = number(2, 2); break;
      case 'b': {
        if (at + 3 > t.size()) return std::nullopt;
        char name[3];
        for (std::size_t k = 0; k < 3; ++k) name[k] = static_cast<char>(t[at + k] & ~0x20);
        const auto found = months.find(std::string_view(name, 3));
        if (found == std::string_view::npos || found % 3 != 0) return std::nullopt;
        month = static_cast<int>(found / 3) + 1;
        at += 3;
        break;
      }
      default: return std::nullopt;
    }
  }
  if (at < t.size() && (hour >= 0 || (t[at] != ' ' && t[at] != 'T'))) return std::nullopt;
  if (year < 0) return std::nullopt;
  const bool has_month = pattern_.find("%m") != std::string::npos || pattern_.find("%b") != std::string::npos;
  const bool has_day = pattern_.find("%d") != std::string::npos;
  if ((has_month && month < 0) || (has_day && day < 0) || minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  auto value = made(year, has_month ? month : 1, has_day ? day : 1, !has_month ? Precision::year : !has_day ? Precision::month : Precision::day);
  if (value && hour >= 0) value->second_of_day = hour * 3600 + minute * 60 + second;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view t) {
  if (!t.empty() && t[0] == '+') t.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(t.data(), t.data() + t.size(), value);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view rest(end, static_cast<std::size_t>(t.data() + t.size() - end));
  if (!rest.empty() && (rest[0] != '.' || rest.find_first_not_of('0', 1) != std::string_view::npos)) return std::nullopt;  // "5.0"
  return value;
}

std::optional<double> parse_number(std::string_view t) {
  if (t.empty() || t.size() > 64) return std::nullopt;
  const bool negative = t[0] == '-';
  if (negative || t[0] == '+') t.remove_prefix(1);
  std::uint64_t mantissa = 0;
  int scale = 0;
  std::size_t digits = 0;
  bool point = false;
  bool comma = false;
  for (std::size_t i = 0; i < t.size(); ++i) {
    const char c = t[i];
    if (digit(c)) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(c - '0');
      ++digits;
      if (point) ++scale;
    } else if (c == '.' && !point) {
      point = true;
    } else if (c == ',' && !point && i > 0) {
      comma = true;
    } else {
      digits = 99;  // an exponent, or nothing we know
      break;
    }
  }
  if (digits == 0) return std::nullopt;
  static constexpr double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  if (digits <= 15) {  // exact: both parts are
    const double value = static_cast<double>(mantissa) / powers[scale];
    return negative ? -value : value;
  }
  if (comma) return std::nullopt;
  double value = 0;
  if (!digit(t[0]) && t[0] != '.') return std::nullopt;
  const auto [end, error] = std::from_chars(t.data(), t.data() + t.size(), value);
  if (error != std::errc{} || end != t.data() + t.size()) return std::nullopt;
  return negative ? -value : value;
}

std::optional<std::int64_t> parse_pounds(std::string_view t) {
  bool negative = false;
  if (!t.empty() && t[0] == '-') negative = true, t.remove_prefix(1);
  if (t.starts_with("\xC2\xA3")) t.remove_prefix(2);
  std::int64_t pence = 0;
  int decimals = -1;
  std::size_t digits = 0;
  for (const char c : t) {
    if (digit(c)) {
      if (decimals >= 2) {
        if (c != '0') return std::nullopt;
        continue;
      }
      if (++digits > 15) return std::nullopt;
      pence = pence * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    } else if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (c != ',' || decimals >= 0) {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  for (int d = decimals < 0 ? 0 : decimals; d < 2; ++d) pence *= 10;
  return negative ? -pence : pence;
}

std::optional<std::int32_t> parse_time(std::string_view t) {
  int hour = -1;
  int minute = -1;
  int second = 0;
  if (t.size() == 4) hour = two(t, 0), minute = two(t, 2);
  else if (t.size() == 6) hour = two(t, 0), minute = two(t, 2), second = two(t, 4);
  else if (t.size() >= 5 && t[2] == ':') {
    hour = two(t, 0);
    minute = two(t, 3);
    if (t.size() >= 8 && t[5] == ':') second = two(t, 6);
    else if (t.size() != 5) return std::nullopt;
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  return hour * 3600 + minute * 60 + second;
}

std::optional<bool> parse_flag(std::string_view t) {
  if (t.size() == 1) {
    switch (t[0]) {
      case '1':
      case 'Y':
      case 'y':
      case 'T':
      case 't': return true;
      case '0':
      case 'N':
      case 'n':
      case 'F':
      case 'f': return false;
      default: return std::nullopt;
    }
  }
  char lower[6];
  if (t.size() > 5) return std::nullopt;
  for (std::size_t i = 0; i < t.size(); ++i) lower[i] = static_cast<char>(t[i] | 0x20);
  const std::string_view word(lower, t.size());
  if (word == "yes" || word == "true") return true;
  if (word == "no" || word == "false") return false;
  return std::nullopt;
}

std::string_view tidy_code(std::string_view system, std::string_view t, char* room) {
  const bool icd = system == "http://hl7.org/fhir/sid/icd-10";
  if ((!icd && system != "https://fhir.hl7.org.uk/CodeSystem/OPCS-4") || t.size() > 20) return t;
  std::size_t n = 0;
  for (char c : t) {
    if (c == '.') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
    room[n++] = c;
  }
  while (n > 0 && icd && (room[n - 1] == '-' || ((room[n - 1] == 'D' || room[n - 1] == 'A') && n == 5))) --n;
  if (icd && n == 4 && room[3] == 'X') --n;
  return {room, n};
}

bool code_shape(std::string_view system, std::string_view t) {
  if (t.empty() || t.size() > 64) return false;
  if (system == "http://snomed.info/sct" || system == "https://dmd.nhs.uk") return is_snomed_identifier(t);
  if (system == "http://hl7.org/fhir/sid/icd-10") {
    if (t.size() < 3 || t.size() > 5 || !upper(t[0]) || !digit(t[1]) || !digit(t[2])) return false;
    return t.size() < 4 || digit(t[3]) || t[3] == 'X';
  }
  if (system == "https://fhir.hl7.org.uk/CodeSystem/OPCS-4") {
    if (t.size() < 3 || t.size() > 4 || !upper(t[0]) || !digit(t[1]) || !digit(t[2])) return false;
    return t.size() == 3 || digit(t[3]);
  }
  for (const char c : t)
    if (c == '\t' || c == '\n' || c == '\r') return false;
  return true;
}

std::string_view tidy_postcode(std::string_view t, char* room) {
  std::size_t n = 0;
  for (char c : t) {
    if (c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
    if ((!upper(c) && !digit(c)) || n == 7) return {};
    room[n++] = c;
  }
  if (n < 5 || !upper(room[0]) || !digit(room[n - 3]) || !upper(room[n - 2]) || !upper(room[n - 1])) return {};
  for (std::size_t i = n; i > n - 3; --i) room[i] = room[i - 1];
  room[n - 3] = ' ';
  return {room, n + 1};
}

std::string_view trim(std::string_view t) {
  while (!t.empty() && (t.front() == ' ' || t.front() == '\t' || t.front() == '\r' || t.front() == '\n')) t.remove_prefix(1);
  while (!t.empty() && (t.back() == ' ' || t.back() == '\t' || t.back() == '\r' || t.back() == '\n')) t.remove_suffix(1);
  return t;
}

bool has_high_bytes(std::string_view t) {
  const char* p = t.data();
  std::size_t n = t.size();
  while (n >= 8) {
    if (load64(p) & 0x8080808080808080ULL) return true;
    p += 8;
    n -= 8;
  }
  for (; n > 0; --n, ++p)
    if (static_cast<unsigned char>(*p) >= 0x80) return true;
  return false;
}

bool valid_utf8(std::string_view t) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(t[i]); };
  for (std::size_t i = 0; i < t.size();) {
    const unsigned char c = byte(i);
    if (c < 0x80) {
      ++i;
      continue;
    }
    std::size_t n = 0;
    std::uint32_t code = 0;
    if (c >= 0xC2 && c < 0xE0) n = 1, code = c & 0x1F;
    else if (c >= 0xE0 && c < 0xF0) n = 2, code = c & 0x0F;
    else if (c >= 0xF0 && c < 0xF5) n = 3, code = c & 0x07;
    else return false;
    if (i + n >= t.size()) return false;
    for (std::size_t k = 1; k <= n; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
      code = code << 6 | (byte(i + k) & 0x3F);
    }
    if ((n == 2 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) || (n == 3 && (code < 0x10000 || code > 0x10FFFF))) return false;
    i += n + 1;
  }
  return true;
}

std::string_view from_windows_1252(std::string_view t, Arena& arena) {
  static constexpr std::array<std::uint16_t, 32> upper_half = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                               0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                               0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
  char* const room = arena.reserve(t.size() * 3);
  char* to = room;
  for (const char ch : t) {
    const auto c = static_cast<unsigned char>(ch);
    const std::uint32_t u = c >= 0x80 && c < 0xA0 ? upper_half[c - 0x80u] : c;
    if (u < 0x80) {
      *to++ = static_cast<char>(u);
    } else if (u < 0x800) {
      *to++ = static_cast<char>(0xC0 | (u >> 6));
      *to++ = static_cast<char>(0x80 | (u & 0x3F));
    } else {
      *to++ = static_cast<char>(0xE0 | (u >> 12));
      *to++ = static_cast<char>(0x80 | ((u >> 6) & 0x3F));
      *to++ = static_cast<char>(0x80 | (u & 0x3F));
    }
  }
  const auto size = static_cast<std::size_t>(to - room);
  arena.commit(size);
  return {room, size};
}

}  // namespace catchment::intake
