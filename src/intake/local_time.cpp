#include "intake/local_time.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "base/error.h"

namespace catchment::intake {

LocalTime::LocalTime(const std::string& zone) {
  using namespace std::chrono;
  try {
    const auto* found = date::locate_zone(zone);
    auto at = date::sys_seconds(date::sys_days(date::year{1900} / 1 / 1));
    const auto end = date::sys_seconds(date::sys_days(date::year{2100} / 1 / 1));
    while (at < end) {
      const auto info = found->get_info(at);
      const auto offset = static_cast<std::int32_t>(info.offset.count());
      // A local time before the clocks go back belongs to the first of its two hours.
      const std::int32_t before = changes_.empty() ? offset : changes_.back().offset;
      changes_.push_back({at.time_since_epoch().count(), at.time_since_epoch().count() + std::max(offset, before), offset, std::abs(offset - before)});
      at = info.end;
    }
  } catch (const std::runtime_error&) {
    throw Error(ErrorKind::user, "the time zone " + zone + " is not in the time zone database", "a name such as Europe/London; install the package tzdata");
  }
}

std::int64_t LocalTime::utc_ms(std::int32_t days, std::int32_t second_of_day) const {
  const std::int64_t local = std::int64_t{days} * 86400 + second_of_day;
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), local, [](std::int64_t t, const Change& c) { return t < c.local_second; });
  const std::int32_t offset = after == changes_.begin() ? changes_.front().offset : std::prev(after)->offset;
  return (local - offset) * 1000;
}

bool LocalTime::uncertain(std::int32_t days, std::int32_t second_of_day) const {
  const std::int64_t local = std::int64_t{days} * 86400 + second_of_day;
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), local, [](std::int64_t t, const Change& c) { return t < c.local_second; });
  return after != changes_.end() && after != changes_.begin() && local >= after->local_second - after->jump;
}

std::int32_t LocalTime::local_day(std::int64_t utc_ms) const {
  const std::int64_t second = utc_ms >= 0 ? utc_ms / 1000 : (utc_ms - 999) / 1000;
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), second, [](std::int64_t t, const Change& c) { return t < c.utc_second; });
  const std::int64_t local = second + (after == changes_.begin() ? changes_.front().offset : std::prev(after)->offset);
  return static_cast<std::int32_t>(local >= 0 ? local / 86400 : (local - 86399) / 86400);
}

}  // namespace catchment::intake
