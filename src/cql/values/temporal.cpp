#include "cql/values/temporal.h"

#include <algorithm>
#include <array>

#include "base/date.h"

namespace catchment::cql {

namespace {

constexpr std::int64_t ms_second = 1000, ms_minute = 60 * ms_second, ms_hour = 60 * ms_minute, ms_day = 24 * ms_hour;

constexpr std::array<std::string_view, 9> names{"", "year", "month", "week", "day", "hour", "minute", "second", "millisecond"};

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

Date date_of(std::int64_t local_ms) { return Date{static_cast<std::int32_t>(floor_divide(local_ms, ms_day))}; }

std::int64_t time_of(std::int64_t local_ms) { return local_ms - floor_divide(local_ms, ms_day) * ms_day; }

struct Civil {
  int year, month, day;
};
/// One pass over the days count (Howard Hinnant's civil_from_days) in place of three.
Civil civil_of(std::int32_t days) {
  const int z = days + 719468;
  const int era = (z >= 0 ? z : z - 146096) / 146097;
  const int day_of_era = z - era * 146097;
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = (5 * day_of_year + 2) / 153;
  const int month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

std::int64_t ms_of(Precision unit) {
  switch (unit) {
    case Precision::week: return 7 * ms_day;
    case Precision::day: return ms_day;
    case Precision::hour: return ms_hour;
    case Precision::minute: return ms_minute;
    case Precision::second: return ms_second;
    default: return 1;
  }
}

int days_in_month(int year, int month) {
  const int next_year = month == 12 ? year + 1 : year;
  const int next_month = month == 12 ? 1 : month + 1;
  return Date::from_ymd(next_year, next_month, 1).days - Date::from_ymd(year, month, 1).days;
}

/// Comparison needs one clock only when hours or finer are looked at on both sides.
bool needs_one_clock(const Temporal& a, const Temporal& b, Precision precision) {
  return a.kind == TemporalKind::datetime && b.kind == TemporalKind::datetime && a.has(Precision::hour) && b.has(Precision::hour) &&
      (precision == Precision::none || precision >= Precision::hour) && a.offset_minutes != b.offset_minutes;
}

}  // namespace

Precision precision_named(std::string_view name) {
  if (name.size() > 1 && name.back() == 's') name.remove_suffix(1);
  for (std::size_t i = 1; i < names.size(); ++i)
    if (names[i] == name) return static_cast<Precision>(i);
  return Precision::none;
}

std::string_view precision_name(Precision precision) { return names[static_cast<std::size_t>(precision)]; }

std::optional<Temporal> Temporal::of(TemporalKind kind, const TemporalFields& f, Precision precision, std::int16_t offset_minutes) {
  Temporal result{0, offset_minutes, precision, kind};
  if (f.hour < 0 || f.hour > 23 || f.minute < 0 || f.minute > 59 || f.second < 0 || f.second > 59 || f.millisecond < 0 || f.millisecond > 999)
    return std::nullopt;
  if (kind != TemporalKind::time) {
    if (f.year < 1 || f.year > 9999 || !Date::is_real(f.year, f.month, f.day)) return std::nullopt;
    result.local_ms = static_cast<std::int64_t>(Date::from_ymd(f.year, f.month, f.day).days) * ms_day;
  }
  result.local_ms += f.hour * ms_hour + f.minute * ms_minute + f.second * ms_second + f.millisecond;
  return result;
}

TemporalFields Temporal::fields() const {
  TemporalFields f;
  if (kind != TemporalKind::time) {
    const Civil civil = civil_of(date_of(local_ms).days);
    f.year = civil.year;
    f.month = civil.month;
    f.day = civil.day;
  }
  const std::int64_t time = time_of(local_ms);
  f.hour = static_cast<int>(time / ms_hour);
  f.minute = static_cast<int>(time / ms_minute % 60);
  f.second = static_cast<int>(time / ms_second % 60);
  f.millisecond = static_cast<int>(time % ms_second);
  return f;
}

std::optional<int> Temporal::component(Precision p) const {
  if (!has(p) || (kind == TemporalKind::time && p < Precision::hour)) return std::nullopt;
  const TemporalFields f = fields();
  switch (p) {
    case Precision::year: return f.year;
    case Precision::month: return f.month;
    case Precision::day: return f.day;
    case Precision::hour: return f.hour;
    case Precision::minute: return f.minute;
    case Precision::second: return f.second;
    case Precision::millisecond: return f.millisecond;
    default: return std::nullopt;
  }
}

Temporal Temporal::minimum(TemporalKind kind) {
  Temporal result{0, no_offset, Precision::millisecond, kind};
  if (kind == TemporalKind::date) result.precision = Precision::day;
  if (kind != TemporalKind::time) result.local_ms = Date::from_ymd(1, 1, 1).days * ms_day;
  if (kind == TemporalKind::datetime) result.offset_minutes = 0;
  return result;
}

Temporal Temporal::maximum(TemporalKind kind) {
  Temporal result = minimum(kind);
  if (kind != TemporalKind::time) result.local_ms = Date::from_ymd(9999, 12, 31).days * ms_day;
  if (kind != TemporalKind::date) result.local_ms += ms_day - 1;
  return result;
}

std::int64_t Temporal::instant(std::int16_t default_offset) const {
  if (kind != TemporalKind::datetime) return local_ms;
  return local_ms - (offset_minutes == no_offset ? default_offset : offset_minutes) * ms_minute;
}

Temporal Temporal::at_offset(std::int16_t offset, std::int16_t default_offset) const {
  if (kind != TemporalKind::datetime || !has(Precision::hour)) return *this;
  Temporal result = *this;
  result.local_ms = instant(default_offset) + offset * ms_minute;
  result.offset_minutes = offset;
  return result;
}

Temporal Temporal::truncated(Precision to) const {
  if (to >= precision || to == Precision::none) return *this;
  Temporal result = *this;
  result.precision = to;
  if (to >= Precision::day) {
    result.local_ms = floor_divide(local_ms, ms_of(to)) * ms_of(to);
    return result;
  }
  const Civil civil = civil_of(date_of(local_ms).days);
  result.local_ms = Date::from_ymd(civil.year, to == Precision::year ? 1 : civil.month, 1).days * ms_day;
  return result;
}

Temporal Temporal::lowest() const {
  Temporal result = *this;
  result.precision = finest();
  return result;
}

Temporal Temporal::highest() const {
  if (precision == finest()) return *this;
  Temporal result = *this;
  result.precision = finest();
  if (precision >= Precision::day) {
    if (kind != TemporalKind::date) result.local_ms += ms_of(precision) - 1;
    return result;
  }
  const Civil civil = civil_of(date_of(local_ms).days);
  const int month = precision == Precision::year ? 12 : civil.month;
  result.local_ms = Date::from_ymd(civil.year, month, days_in_month(civil.year, month)).days * ms_day;
  if (kind != TemporalKind::date) result.local_ms += ms_day - 1;
  return result;
}

std::uint8_t compare(const Temporal& a, const Temporal& b, Precision precision, std::int16_t default_offset) {
  std::int64_t left = a.local_ms, right = b.local_ms;
  if (needs_one_clock(a, b, precision)) {
    left = a.instant(default_offset);
    right = b.instant(default_offset);
    if (precision != Precision::none) {  // fields are read on the request's clock
      left += default_offset * ms_minute;
      right += default_offset * ms_minute;
    }
  }
  const Precision common = std::min(a.precision, b.precision);
  const Precision limit = precision == Precision::none ? std::max(a.precision, b.precision) : precision;
  const Precision shown = std::min(common, limit);
  if (left != right) {
    // What is finer than the precision holds its lowest: nothing is to be cut off.
    const bool whole = a.precision == b.precision && a.precision == shown && left == a.local_ms && right == b.local_ms;
    if (whole) return left < right ? less : greater;
    const auto at = [&](std::int64_t ms) {
      Temporal t{ms, Temporal::no_offset, Precision::millisecond, a.kind};
      return t.truncated(shown).local_ms;
    };
    const std::int64_t l = at(left), r = at(right);
    if (l != r) return l < r ? less : greater;
  }
  return common >= limit ? equal : any_outcome;
}

namespace {

std::optional<Temporal> add_months(const Temporal& value, std::int64_t months) {
  const Civil civil = civil_of(date_of(value.local_ms).days);
  const std::int64_t total = civil.year * 12LL + civil.month - 1 + months;
  const std::int64_t year = floor_divide(total, 12);
  if (year < 1 || year > 9999) return std::nullopt;
  const int month = static_cast<int>(total - year * 12) + 1;
  const int day = std::min(civil.day, days_in_month(static_cast<int>(year), month));
  Temporal result = value;
  result.local_ms = Date::from_ymd(static_cast<int>(year), month, day).days * ms_day + time_of(value.local_ms);
  return result;
}

std::optional<Temporal> in_range(Temporal value) {
  const auto low = Temporal::minimum(value.kind).local_ms, high = Temporal::maximum(TemporalKind::datetime).local_ms;
  if (value.local_ms < low || value.local_ms > high) return std::nullopt;
  return value;
}

/// An amount in `unit` as whole units of a coarser precision, towards zero: 735 days are 2 years.
std::int64_t coarsen(std::int64_t count, Precision unit, Precision to) {
  if (unit == Precision::week) return coarsen(count * 7, Precision::day, to);
  if (unit == Precision::month) return count / 12;
  const std::int64_t ms = ms_of(unit);
  const std::int64_t per = to == Precision::year ? 365 * ms_day : to == Precision::month ? 30 * ms_day : ms_of(to);
  return count / (per / ms);
}

}  // namespace

std::optional<Temporal> add(const Temporal& value, std::int64_t count, Precision unit) {
  constexpr std::int64_t limit = 400'000'000'000'000;  // milliseconds in more than 9999 years
  if (count > limit || count < -limit) return std::nullopt;
  const bool finer = unit == Precision::week ? value.precision < Precision::day : unit > value.precision;
  if (finer) return add(value, coarsen(count, unit, value.precision), value.precision);
  if (unit == Precision::year) return count > 20000 || count < -20000 ? std::nullopt : add_months(value, count * 12);
  if (unit == Precision::month) return add_months(value, count);
  const std::int64_t ms = ms_of(unit);
  if (count > limit / ms || count < -limit / ms) return std::nullopt;
  Temporal result = value;
  result.local_ms += count * ms;
  if (value.kind == TemporalKind::time) {
    result.local_ms = time_of(result.local_ms);
    return result;
  }
  return in_range(result);
}

namespace {

/// Whole periods between two finest-precision values on one clock.
std::int64_t whole_periods(const Temporal& a, const Temporal& b, Precision unit) {
  if (unit > Precision::month) return (b.local_ms - a.local_ms) / ms_of(unit);
  const Civil from = civil_of(date_of(a.local_ms).days), to = civil_of(date_of(b.local_ms).days);
  std::int64_t months = (to.year - from.year) * 12LL + to.month - from.month;
  const auto rest_from = from.day * ms_day + time_of(a.local_ms), rest_to = to.day * ms_day + time_of(b.local_ms);
  if (months > 0 && rest_to < rest_from) --months;
  if (months < 0 && rest_to > rest_from) ++months;
  return unit == Precision::year ? months / 12 : months;
}

std::int64_t boundaries(const Temporal& a, const Temporal& b, Precision unit) {
  const Civil from = civil_of(date_of(a.local_ms).days), to = civil_of(date_of(b.local_ms).days);
  if (unit == Precision::year) return to.year - from.year;
  if (unit == Precision::month) return (to.year - from.year) * 12LL + to.month - from.month;
  if (unit == Precision::week) {  // 1970-01-01 was a Thursday; the Sunday before it is day -4
    const auto week = [](const Temporal& t) { return floor_divide(date_of(t.local_ms).days + 4, 7); };
    return week(b) - week(a);
  }
  return floor_divide(b.local_ms, ms_of(unit)) - floor_divide(a.local_ms, ms_of(unit));
}

Range ordered(std::int64_t low, std::int64_t high) { return {std::min(low, high), std::max(low, high)}; }

}  // namespace

Range duration_between(const Temporal& a, const Temporal& b, Precision unit, std::int16_t default_offset) {
  Temporal left = a, right = b;
  if (needs_one_clock(a, b, Precision::none)) {
    const std::int16_t offset = a.offset_minutes == Temporal::no_offset ? default_offset : a.offset_minutes;
    left = a.at_offset(offset, default_offset);
    right = b.at_offset(offset, default_offset);
  }
  // Seconds and milliseconds are one precision in durations: no milliseconds are none.
  if (left.has(Precision::second)) left.precision = left.finest();
  if (right.has(Precision::second)) right.precision = right.finest();
  if (left.precision == left.finest() && right.precision == right.finest()) {
    const std::int64_t exact = whole_periods(left, right, unit);
    return {exact, exact};
  }
  return ordered(whole_periods(left.highest(), right.lowest(), unit), whole_periods(left.lowest(), right.highest(), unit));
}

Range difference_between(const Temporal& a, const Temporal& b, Precision unit, std::int16_t default_offset) {
  Temporal left = a, right = b;
  if (unit >= Precision::hour && needs_one_clock(a, b, unit)) {
    left = a.at_offset(default_offset, default_offset);
    right = b.at_offset(default_offset, default_offset);
  }
  if (left.has(Precision::second)) left.precision = left.finest();
  if (right.has(Precision::second)) right.precision = right.finest();
  return ordered(boundaries(left.highest(), right.lowest(), unit), boundaries(left.lowest(), right.highest(), unit));
}

std::optional<Temporal> successor(const Temporal& value) {
  if (value.kind == TemporalKind::time) {
    const std::int64_t next = value.local_ms + ms_of(value.precision);
    if (next >= ms_day) return std::nullopt;
    Temporal result = value;
    result.local_ms = next;
    return result;
  }
  return add(value, 1, value.precision);
}

std::optional<Temporal> predecessor(const Temporal& value) {
  if (value.kind == TemporalKind::time) {
    if (value.local_ms < ms_of(value.precision)) return std::nullopt;
    Temporal result = value;
    result.local_ms -= ms_of(value.precision);
    return result;
  }
  return add(value, -1, value.precision);
}

}  // namespace catchment::cql
