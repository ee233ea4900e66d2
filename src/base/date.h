// Calendar dates and instants. A clinical date is a calendar date in the system's declared zone;
// an instant is UTC milliseconds plus the offset it was written with.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catchment {

/// Days since 1970-01-01 in the proleptic Gregorian calendar. Valid from 0001-01-01 to 9999-12-31.
struct Date {
  std::int32_t days = 0;

  static Date from_ymd(int year, int month, int day);           // precondition: a real date
  static bool is_real(int year, int month, int day);
  /// "YYYY-MM-DD" or "YYYYMMDD"; nothing when it is not a real date.
  static std::optional<Date> parse(std::string_view text);
  /// With a pattern of %Y %m %d %b (Jan) and literal characters, such as "%d/%m/%Y".
  static std::optional<Date> parse(std::string_view text, std::string_view pattern);

  int year() const;
  int month() const;
  int day() const;
  /// Same day n months later; the last day of the month when that day does not exist.
  Date plus_months(int months) const;
  Date plus_days(int n) const { return Date{days + n}; }

  auto operator<=>(const Date&) const = default;
};

/// "YYYY-MM-DD".
std::string to_string(Date date);
/// "14 March 2026".
std::string to_long_string(Date date);
/// Whole years from birth to `on`; a 29 February birthday falls on 1 March in other years.
int age_in_years(Date birth, Date on);

/// UTC milliseconds since 1970 and the offset in minutes it was written with.
struct Instant {
  std::int64_t utc_ms = 0;
  std::int16_t offset_minutes = 0;

  /// ISO 8601 date-time with seconds optional and an offset or Z; without one `default_offset` applies.
  static std::optional<Instant> parse(std::string_view text, std::int16_t default_offset = 0);

  auto operator<=>(const Instant&) const = default;
};

/// "YYYY-MM-DDThh:mm:ss.mmm+hh:mm" (milliseconds left out when zero).
std::string to_string(Instant instant);

}  // namespace catchment
