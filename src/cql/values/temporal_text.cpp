// Reading and writing dates and times: the literal forms of CQL and of ToDate, ToDateTime, ToTime, ToString.
#include <fmt/core.h>

#include "cql/values/temporal.h"

namespace catchment::cql {

namespace {

/// Reads from the front of a text; every step says whether it found what it wanted.
struct Reader {
  std::string_view rest;

  bool character(char c) {
    if (rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool digits(std::size_t count, int& value) {
    if (rest.size() < count) return false;
    int result = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest[i] < '0' || rest[i] > '9') return false;
      result = result * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    value = result;
    return true;
  }
};

/// ".f", ".ff", ".fff" or more digits, of which the first three count.
bool fraction(Reader& in, int& milliseconds) {
  std::size_t count = 0;
  int value = 0, digit = 0;
  while (in.digits(1, digit)) {
    if (count < 3) value = value * 10 + digit;
    ++count;
  }
  if (count == 0) return false;
  for (; count < 3; ++count) value *= 10;
  milliseconds = value;
  return true;
}

bool date_part(Reader& in, TemporalFields& f, Precision& precision) {
  if (!in.digits(4, f.year)) return false;
  precision = Precision::year;
  if (!in.character('-')) return true;
  if (!in.digits(2, f.month)) return false;
  precision = Precision::month;
  if (!in.character('-')) return true;
  if (!in.digits(2, f.day)) return false;
  precision = Precision::day;
  return true;
}

bool time_part(Reader& in, TemporalFields& f, Precision& precision) {
  if (!in.digits(2, f.hour)) return false;
  precision = Precision::hour;
  if (!in.character(':')) return true;
  if (!in.digits(2, f.minute)) return false;
  precision = Precision::minute;
  if (!in.character(':')) return true;
  if (!in.digits(2, f.second)) return false;
  precision = Precision::second;
  if (!in.character('.')) return true;
  precision = Precision::millisecond;
  return fraction(in, f.millisecond);
}

/// "Z", "+hh:mm", "-hh:mm" or nothing; offsets run from -14:00 to +14:00.
bool offset_part(Reader& in, std::int16_t& offset) {
  if (in.rest.empty()) return true;
  if (in.character('Z')) {
    offset = 0;
    return true;
  }
  const bool negative = in.rest[0] == '-';
  if (!in.character('-') && !in.character('+')) return false;
  int hours = 0, minutes = 0;
  if (!in.digits(2, hours) || !in.character(':') || !in.digits(2, minutes) || minutes > 59) return false;
  const int total = hours * 60 + minutes;
  if (total > 14 * 60) return false;
  offset = static_cast<std::int16_t>(negative ? -total : total);
  return true;
}

}  // namespace

std::optional<Temporal> Temporal::parse_date(std::string_view text) {
  Reader in{text};
  TemporalFields f;
  Precision precision = Precision::year;
  if (!date_part(in, f, precision) || !in.rest.empty()) return std::nullopt;
  return of(TemporalKind::date, f, precision);
}

std::optional<Temporal> Temporal::parse_datetime(std::string_view text) {
  Reader in{text};
  TemporalFields f;
  Precision precision = Precision::year;
  std::int16_t offset = no_offset;
  if (!date_part(in, f, precision)) return std::nullopt;
  if (in.character('T') && !in.rest.empty()) {
    if (precision != Precision::day || !time_part(in, f, precision) || !offset_part(in, offset)) return std::nullopt;
  }
  if (!in.rest.empty()) return std::nullopt;
  return of(TemporalKind::datetime, f, precision, offset);
}

std::optional<Temporal> Temporal::parse_time(std::string_view text) {
  Reader in{text};
  in.character('T');
  TemporalFields f;
  Precision precision = Precision::hour;
  if (!time_part(in, f, precision) || !in.rest.empty()) return std::nullopt;
  return of(TemporalKind::time, f, precision);
}

std::string Temporal::text() const {
  const TemporalFields f = fields();
  std::string result;
  if (kind != TemporalKind::time) {
    result = fmt::format("{:04}", f.year);
    if (has(Precision::month)) result += fmt::format("-{:02}", f.month);
    if (has(Precision::day)) result += fmt::format("-{:02}", f.day);
    if (!has(Precision::hour)) return result;
    result += 'T';
  }
  result += fmt::format("{:02}", f.hour);
  if (has(Precision::minute)) result += fmt::format(":{:02}", f.minute);
  if (has(Precision::second)) result += fmt::format(":{:02}", f.second);
  if (has(Precision::millisecond)) result += fmt::format(".{:03}", f.millisecond);
  if (kind == TemporalKind::datetime && offset_minutes != no_offset) {
    const int magnitude = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    result += fmt::format("{}{:02}:{:02}", offset_minutes < 0 ? '-' : '+', magnitude / 60, magnitude % 60);
  }
  return result;
}

}  // namespace catchment::cql
