#include "base/date.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace catchment {
namespace {

// Howard Hinnant, "chrono-compatible low-level date algorithms": civil date <-> day number.
std::int32_t days_from_civil(int y, int m, int d) {
  y -= m <= 2;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const unsigned yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153u * static_cast<unsigned>(m + (m > 2 ? -3 : 9)) + 2u) / 5u + static_cast<unsigned>(d) - 1u;
  const unsigned doe = yoe * 365u + yoe / 4u - yoe / 100u + doy;
  return era * 146097 + static_cast<int>(doe) - 719468;
}

struct Civil {
  int year, month, day;
};

Civil civil_from_days(std::int32_t z) {
  z += 719468;
  const int era = (z >= 0 ? z : z - 146096) / 146097;
  const unsigned doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const int day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {static_cast<int>(yoe) + era * 400 + (month <= 2), month, day};
}

int days_in_month(int year, int month) {
  static constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : lengths[static_cast<std::size_t>(month - 1)];
}

constexpr std::array<std::string_view, 12> month_names{"January", "February", "March",     "April",   "May",      "June",
                                                       "July",    "August",   "September", "October", "November", "December"};

// Reads exactly `width` digits at `at`; -1 when they are not there.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool same_letters(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  return true;
}

}  // namespace

bool Date::is_real(int year, int month, int day) {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

Date Date::from_ymd(int year, int month, int day) { return Date{days_from_civil(year, month, day)}; }

std::optional<Date> Date::parse(std::string_view t) {
  int y = -1, m = -1, d = -1;
  if (t.size() == 10 && t[4] == '-' && t[7] == '-') {
    y = digits(t, 0, 4), m = digits(t, 5, 2), d = digits(t, 8, 2);
  } else if (t.size() == 8) {
    y = digits(t, 0, 4), m = digits(t, 4, 2), d = digits(t, 6, 2);
  }
  if (!is_real(y, m, d)) return std::nullopt;
  return from_ymd(y, m, d);
}

std::optional<Date> Date::parse(std::string_view text, std::string_view pattern) {
  int y = -1, m = -1, d = -1;
  std::size_t at = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      if (at >= text.size() || text[at] != pattern[i]) return std::nullopt;
      ++at;
      continue;
    }
    switch (pattern[++i]) {
      case 'Y': y = digits(text, at, 4), at += 4; break;
      case 'm': m = digits(text, at, 2), at += 2; break;
      case 'd': d = digits(text, at, 2), at += 2; break;
      case 'b':
        for (std::size_t k = 0; k < 12; ++k)
          if (same_letters(text.substr(at < text.size() ? at : text.size(), 3), month_names[k].substr(0, 3))) m = static_cast<int>(k) + 1;
        at += 3;
        break;
      default: return std::nullopt;
    }
  }
  if (at != text.size() || !is_real(y, m, d)) return std::nullopt;
  return from_ymd(y, m, d);
}

int Date::year() const { return civil_from_days(days).year; }
int Date::month() const { return civil_from_days(days).month; }
int Date::day() const { return civil_from_days(days).day; }

Date Date::plus_months(int months) const {
  const Civil c = civil_from_days(days);
  const int total = c.year * 12 + (c.month - 1) + months;
  const int year = total / 12, month = total % 12 + 1;
  return from_ymd(year, month, std::min(c.day, days_in_month(year, month)));
}

std::string to_string(Date date) {
  const Civil c = civil_from_days(date.days);
  return fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
}

std::string to_long_string(Date date) {
  const Civil c = civil_from_days(date.days);
  return fmt::format("{} {} {}", c.day, month_names[static_cast<std::size_t>(c.month - 1)], c.year);
}

int age_in_years(Date birth, Date on) {
  const Civil b = civil_from_days(birth.days), o = civil_from_days(on.days);
  const bool had_birthday = o.month > b.month || (o.month == b.month && o.day >= b.day);
  return o.year - b.year - (had_birthday ? 0 : 1);
}

std::optional<Instant> Instant::parse(std::string_view t, std::int16_t default_offset) {
  if (t.size() < 16 || (t[10] != 'T' && t[10] != ' ')) return std::nullopt;
  const auto date = Date::parse(t.substr(0, 10));
  const int hour = digits(t, 11, 2), minute = digits(t, 14, 2);
  if (!date || t[13] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  std::size_t at = 16;
  std::int64_t ms = 0;
  if (at < t.size() && t[at] == ':') {
    const int second = digits(t, at + 1, 2);
    if (second < 0 || second > 59) return std::nullopt;
    ms = second * 1000;
    at += 3;
    if (at < t.size() && t[at] == '.') {
      int scale = 100;
      for (++at; at < t.size() && t[at] >= '0' && t[at] <= '9'; ++at, scale /= 10) ms += (t[at] - '0') * scale;
    }
  }
  int offset = default_offset;
  if (at < t.size() && t[at] == 'Z' && at + 1 == t.size()) {
    offset = 0;
  } else if (at < t.size()) {
    const int h = digits(t, at + 1, 2);
    const bool colon = at + 3 < t.size() && t[at + 3] == ':';
    const int m = digits(t, at + (colon ? 4 : 3), 2);
    if ((t[at] != '+' && t[at] != '-') || h < 0 || h > 14 || m < 0 || m > 59 || at + (colon ? 6 : 5) != t.size()) return std::nullopt;
    offset = (t[at] == '-' ? -1 : 1) * (h * 60 + m);
  }
  Instant result;
  result.offset_minutes = static_cast<std::int16_t>(offset);
  result.utc_ms = (std::int64_t{date->days} * 1440 + hour * 60 + minute - offset) * 60000 + ms;
  return result;
}

std::string to_string(Instant instant) {
  const std::int64_t local = instant.utc_ms + std::int64_t{instant.offset_minutes} * 60000;
  std::int64_t day = local / 86400000, rest = local % 86400000;
  if (rest < 0) --day, rest += 86400000;
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_string(Date{static_cast<std::int32_t>(day)}), rest / 3600000, rest / 60000 % 60, rest / 1000 % 60);
  if (rest % 1000 != 0) text += fmt::format(".{:03}", rest % 1000);
  if (instant.offset_minutes == 0) return text + "Z";
  const int o = instant.offset_minutes < 0 ? -instant.offset_minutes : instant.offset_minutes;
  return text + fmt::format("{}{:02}:{:02}", instant.offset_minutes < 0 ? '-' : '+', o / 60, o % 60);
}

}  // namespace catchment
