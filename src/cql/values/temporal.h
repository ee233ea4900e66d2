// CQL Date, DateTime and Time: a calendar point known to a precision, with the offset it was written with.
//
// In: fields or ISO 8601 text. Out: comparison outcomes (a set, because an imprecise value may lie on either
// side), arithmetic by calendar rules, whole periods and boundary counts between two values.
// Always: fields finer than the precision hold their lowest value; years run from 1 to 9999.
// A DateTime without an offset means the offset of the evaluation request, which callers pass in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cql/values/precision.h"

namespace catchment::cql {

/// "year", "month", ... ; `none` for anything else. Accepts the plural.
Precision precision_named(std::string_view name);
std::string_view precision_name(Precision precision);

enum class TemporalKind : std::uint8_t { date, datetime, time };

/// The outcomes a comparison may have: a set of less, equal, greater. Empty: not comparable.
enum Outcomes : std::uint8_t { incomparable = 0, less = 1, equal = 2, greater = 4, any_outcome = 7 };

struct TemporalFields {
  int year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
};

struct Temporal {
  static constexpr std::int16_t no_offset = INT16_MIN;

  std::int64_t local_ms = 0;  // since 1970-01-01T00:00 on the value's own clock; since midnight for a Time
  std::int16_t offset_minutes = no_offset;
  Precision precision = Precision::day;
  TemporalKind kind = TemporalKind::date;

  bool operator==(const Temporal&) const = default;

  /// Nothing when a field is out of range or the year is not in 1..9999.
  static std::optional<Temporal> of(TemporalKind kind, const TemporalFields& fields, Precision precision, std::int16_t offset_minutes = no_offset);
  /// CQL literal text without the '@', also the forms ToDate, ToDateTime and ToTime take.
  static std::optional<Temporal> parse_date(std::string_view text);
  static std::optional<Temporal> parse_datetime(std::string_view text);
  static std::optional<Temporal> parse_time(std::string_view text);  // a leading 'T' is allowed

  static Temporal minimum(TemporalKind kind);  // earliest, at the finest precision
  static Temporal maximum(TemporalKind kind);

  TemporalFields fields() const;
  std::optional<int> component(Precision of) const;
  Precision finest() const { return kind == TemporalKind::date ? Precision::day : Precision::millisecond; }
  bool has(Precision p) const { return p <= precision; }
  /// UTC milliseconds (a Time or Date: its own clock).
  std::int64_t instant(std::int16_t default_offset) const;
  /// The same moment on another clock. Only for DateTimes known to the hour or finer; others are unchanged.
  Temporal at_offset(std::int16_t offset, std::int16_t default_offset) const;
  Temporal truncated(Precision to) const;  // no change when already coarser
  Temporal lowest() const;                 // at the finest precision, every unknown field at its lowest
  Temporal highest() const;                // and at its highest

  /// "2014-01-01T08", "2014", "10:30:00.000" (times without T); offset only when written.
  std::string text() const;
};

/// Outcomes of comparing up to `precision` (none: to the finest either has).
std::uint8_t compare(const Temporal& a, const Temporal& b, Precision precision, std::int16_t default_offset);

/// Adds `count` calendar units (negative to subtract). `week` is seven days. When the value is known less
/// finely than the unit, the amount is first converted to the value's precision, towards zero.
/// Nothing when the result leaves the years 1..9999. Times wrap round midnight.
std::optional<Temporal> add(const Temporal& value, std::int64_t count, Precision unit);

struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};
/// Whole periods from a to b (negative when b is before a), as the range that imprecision allows.
Range duration_between(const Temporal& a, const Temporal& b, Precision unit, std::int16_t default_offset);
/// Boundaries crossed from a to b; weeks begin on Sunday.
Range difference_between(const Temporal& a, const Temporal& b, Precision unit, std::int16_t default_offset);

/// Next or previous value at its own precision; nothing past the end of the range.
std::optional<Temporal> successor(const Temporal& value);
std::optional<Temporal> predecessor(const Temporal& value);

}  // namespace catchment::cql
