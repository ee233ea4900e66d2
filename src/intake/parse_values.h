// Texts of cells to values. Pure functions; none allocates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "intake/batch.h"

namespace catchment::intake {

enum class Precision : std::uint8_t { day, month, year };

struct DateValue {
  std::int32_t days = 0;
  Precision precision = Precision::day;
  std::int32_t second_of_day = -1;  // when the pattern has a time
};

/// A compiled date pattern: %Y %m %d %b %H %M %S and literal characters; anything after the pattern that
/// looks like a time is passed over when the pattern has none.
class DatePattern {
 public:
  explicit DatePattern(const std::string& pattern) : pattern_(pattern) {}
  std::optional<DateValue> parse(std::string_view text) const;

 private:
  std::string pattern_;
};

/// "YYYY-MM-DD" fast, also "YYYYMMDD", "YYYY-MM" (month), "YYYY" (year); a time after a T or a blank is passed over.
std::optional<DateValue> parse_iso_date(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
/// Digits with one point and an optional exponent; a comma between thousands is passed over.
std::optional<double> parse_number(std::string_view text);
/// Pounds to pence; a pound sign and commas are passed over.
std::optional<std::int64_t> parse_pounds(std::string_view text);
/// "HHMM", "HH:MM", "HH:MM:SS" to seconds of the day.
std::optional<std::int32_t> parse_time(std::string_view text);
std::optional<bool> parse_flag(std::string_view text);

/// A code in the form its system has it: ICD-10 and OPCS-4 without dots and fillers. Uses `room` (at least 24 bytes).
std::string_view tidy_code(std::string_view system, std::string_view text, char* room);
/// True when the code has the shape its system asks for; systems without a known shape accept anything without blanks.
bool code_shape(std::string_view system, std::string_view code);
/// "AB12CD" and the like to "AB1 2CD" in `room` (at least 9 bytes); empty when it is no postcode.
std::string_view tidy_postcode(std::string_view text, char* room);

std::string_view trim(std::string_view text);
bool valid_utf8(std::string_view text);
bool has_high_bytes(std::string_view text);
/// Windows-1252 to UTF-8, kept in the arena.
std::string_view from_windows_1252(std::string_view text, Arena& arena);

}  // namespace catchment::intake
