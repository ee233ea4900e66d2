#include "cql/evaluate/day_relation.h"

#include <array>
#include <string_view>
#include <utility>

namespace catchment::cql {

DayRelation day_relation(const Overload& overload, Precision precision) {
  if (precision != Precision::none && precision != Precision::day) return DayRelation::none;
  using R = DayRelation;
  static constexpr std::array<std::pair<std::string_view, DayRelation>, 10> relations{{{"Before", R::before},
                                                                                       {"Less", R::before},
                                                                                       {"SameOrBefore", R::same_or_before},
                                                                                       {"LessOrEqual", R::same_or_before},
                                                                                       {"In", R::within},
                                                                                       {"IncludedIn", R::within},
                                                                                       {"SameOrAfter", R::same_or_after},
                                                                                       {"GreaterOrEqual", R::same_or_after},
                                                                                       {"After", R::after},
                                                                                       {"Greater", R::after}}};
  for (const auto& [name, relation] : relations)
    if (name == overload.name) return relation;
  return R::none;
}

std::optional<DayRange> day_range(const Value& value) {
  if (value.is_day()) return DayRange{value.local_ms(), value.local_ms()};
  if (!value.is(Kind::interval)) return std::nullopt;
  constexpr std::int64_t ms_day = 86'400'000;
  const IntervalPayload& interval = value.as_interval();
  if (!interval.low.is_day() || !interval.high.is_day()) return std::nullopt;
  return DayRange{interval.low.local_ms() + (interval.low_closed ? 0 : ms_day), interval.high.local_ms() - (interval.high_closed ? 0 : ms_day)};
}

}  // namespace catchment::cql
