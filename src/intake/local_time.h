// Local wall-clock time of the system's zone to UTC.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace catchment::intake {

class LocalTime {
 public:
  /// A zone of the time zone database ("Europe/London"). Throws Error when there is no such zone.
  explicit LocalTime(const std::string& zone);
  /// UTC milliseconds of a local second; of an hour that happens twice, the first; of one that is left out, as if the clocks had not changed.
  std::int64_t utc_ms(std::int32_t days, std::int32_t second_of_day) const;
  /// True of a local second that happens twice (clocks go back) or never (clocks go forward).
  bool uncertain(std::int32_t days, std::int32_t second_of_day) const;
  /// The calendar day of an instant in this zone.
  std::int32_t local_day(std::int64_t utc_ms) const;

 private:
  struct Change {
    std::int64_t utc_second;    // from this second on
    std::int64_t local_second;  // and from this local second on
    std::int32_t offset;        // seconds east of UTC
    std::int32_t jump;          // by how much the clocks changed, either way
  };
  std::vector<Change> changes_;
};

}  // namespace catchment::intake
