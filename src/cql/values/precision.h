// The precisions of dates and times, coarsest first; also the units of durations and differences.
#pragma once

#include <cstdint>

namespace catchment::cql {

enum class Precision : std::uint8_t { none, year, month, week, day, hour, minute, second, millisecond };

}  // namespace catchment::cql
