// Which calendar step a quantity's unit means in date arithmetic. Private to operators/.
#pragma once

#include "cql/operators/context.h"

namespace catchment::cql {

/// "days", "d", "wk", ... ; EvaluationError for a unit that is no step of the calendar, and for the definite year
/// and month ('a', 'mo'), which CQL does not add to dates.
Precision calendar_step(const std::string& unit);

/// value + count * quantity; nothing past the end of the calendar. Fractions count for seconds only.
std::optional<Temporal> add_quantity(const Temporal& value, const QuantityPayload& quantity, int count);

}  // namespace catchment::cql
