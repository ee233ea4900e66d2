// The ends of intervals: Start and End with null, open and unknown boundaries, successors and predecessors, and the
// least and greatest value of a point type.
#pragma once

#include "cql/operators/context.h"

namespace catchment::cql {

/// The least or greatest value; null for a kind that has none. `like` gives a quantity its unit.
Value minimum_of(Kind kind, const Value& like = {});
Value maximum_of(Kind kind, const Value& like = {});

/// Null past the end of the range or for a kind without order.
Value successor_or_null(const Value& value);
Value predecessor_or_null(const Value& value);

/// Start and End of a non-null interval. Unknown ends are uncertain values; null when the point type is not known.
Value interval_start(Context& context, const Value& interval);
Value interval_end(Context& context, const Value& interval);

/// An interval whose bounds are in order; EvaluationError when its end is certainly before its start.
Value checked_interval(Context& context, Value low, Value high, bool low_closed, bool high_closed, Kind point);

}  // namespace catchment::cql
