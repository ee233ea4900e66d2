// A Date known to the day against days that are the same for every subject: the comparison that measures make
// most, told without the general rules for imprecise and unknown values. Private to evaluate/.
#pragma once

#include <cstdint>
#include <optional>

#include "cql/evaluate/plan.h"
#include "cql/operators/operators.h"

namespace catchment::cql {

enum class DayRelation : std::uint8_t { none, before, same_or_before, within, same_or_after, after };

/// What the operator says of its left operand, a Date to the day; none when it needs the general rules.
DayRelation day_relation(const Overload& overload, Precision precision);

/// A Date to the day, or an interval between two of them; nothing for any other value.
std::optional<DayRange> day_range(const Value& value);

inline bool holds(DayRelation relation, std::int64_t day_ms, const DayRange& days) {
  switch (relation) {
    case DayRelation::before: return day_ms < days.low_ms;
    case DayRelation::same_or_before: return day_ms <= days.low_ms;
    case DayRelation::within: return days.low_ms <= day_ms && day_ms <= days.high_ms;
    case DayRelation::same_or_after: return day_ms >= days.high_ms;
    case DayRelation::after: return day_ms > days.high_ms;
    case DayRelation::none: break;
  }
  return false;
}

}  // namespace catchment::cql
