// Whether two values are the same value: type, precision and every field, stricter than `=` and `~`. What the
// conformance suite and the comparison of evaluators mean by "the same".
#pragma once

#include "cql/operators/context.h"

namespace catchment::cql {

/// An uncertain value is the closed interval of what it may be. The expected value may need the language's implicit
/// conversion to the type of the actual one: a whole number to a Decimal, a Date to a DateTime. A DateTime without
/// offset has the request's.
bool is_same_value(Context& context, const Value& actual, const Value& expected);

}  // namespace catchment::cql
