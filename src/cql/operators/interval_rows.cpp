// Rows of the operator table: intervals.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Before", "Interval<T>, Interval<T>", "Boolean", propagates, before_interval, "before-1"},
    {"Before", "T, Interval<T>", "Boolean", propagates, before_interval, "before-1"},
    {"Before", "Interval<T>, T", "Boolean", propagates, before_interval, "before-1"},
    {"After", "Interval<T>, Interval<T>", "Boolean", propagates, after_interval, "after-1"},
    {"After", "T, Interval<T>", "Boolean", propagates, after_interval, "after-1"},
    {"After", "Interval<T>, T", "Boolean", propagates, after_interval, "after-1"},
    {"SameOrBefore", "Interval<T>, Interval<T>", "Boolean", propagates, same_or_before_interval, "same-or-before-2"},
    {"SameOrBefore", "T, Interval<T>", "Boolean", propagates, same_or_before_interval, "same-or-before-2"},
    {"SameOrBefore", "Interval<T>, T", "Boolean", propagates, same_or_before_interval, "same-or-before-2"},
    {"SameOrAfter", "Interval<T>, Interval<T>", "Boolean", propagates, same_or_after_interval, "same-or-after-2"},
    {"SameOrAfter", "T, Interval<T>", "Boolean", propagates, same_or_after_interval, "same-or-after-2"},
    {"SameOrAfter", "Interval<T>, T", "Boolean", propagates, same_or_after_interval, "same-or-after-2"},
    {"SameAs", "Interval<T>, Interval<T>", "Boolean", propagates, same_interval, "same-as-2"},
    {"Collapse", "List<Interval<T>>", "List<Interval<T>>", own, collapse, "collapse"},
    {"Collapse", "List<Interval<T>>, Quantity", "List<Interval<T>>", own, collapse, "collapse"},
    {"Expand", "List<Interval<T>>", "List<Interval<T>>", own, expand, "expand"},
    {"Expand", "List<Interval<T>>, Quantity", "List<Interval<T>>", own, expand, "expand"},
    {"Expand", "Interval<T>", "List<T>", own, expand, "expand"},
    {"Expand", "Interval<T>, Quantity", "List<T>", own, expand, "expand"},
    {"Contains", "Interval<T>, T", "Boolean", own, interval_contains, "contains"},
    {"In", "T, Interval<T>", "Boolean", own, in_interval, "in"},
    {"Includes", "Interval<T>, Interval<T>", "Boolean", propagates, interval_includes, "includes"},
    {"Includes", "Interval<T>, T", "Boolean", own, interval_contains, "includes"},
    {"IncludedIn", "Interval<T>, Interval<T>", "Boolean", propagates, interval_included_in, "included-in"},
    {"IncludedIn", "T, Interval<T>", "Boolean", own, in_interval, "included-in"},
    {"ProperContains", "Interval<T>, T", "Boolean", own, interval_properly_contains, "properly-includes"},
    {"ProperIn", "T, Interval<T>", "Boolean", own, properly_in_interval, "properly-included-in"},
    {"ProperlyIncludes", "Interval<T>, Interval<T>", "Boolean", propagates, interval_properly_includes, "properly-includes"},
    {"ProperlyIncludes", "Interval<T>, T", "Boolean", own, interval_properly_contains, "properly-includes"},
    {"ProperlyIncludedIn", "Interval<T>, Interval<T>", "Boolean", propagates, interval_properly_included_in, "properly-included-in"},
    {"ProperlyIncludedIn", "T, Interval<T>", "Boolean", own, properly_in_interval, "properly-included-in"},
    {"Starts", "Interval<T>, Interval<T>", "Boolean", propagates, starts, "starts"},
    {"Ends", "Interval<T>, Interval<T>", "Boolean", propagates, ends, "ends"},
    {"Meets", "Interval<T>, Interval<T>", "Boolean", propagates, meets, "meets"},
    {"MeetsBefore", "Interval<T>, Interval<T>", "Boolean", propagates, meets_before, "meets"},
    {"MeetsAfter", "Interval<T>, Interval<T>", "Boolean", propagates, meets_after, "meets"},
    {"Overlaps", "Interval<T>, Interval<T>", "Boolean", propagates, overlaps, "overlaps"},
    {"OverlapsBefore", "Interval<T>, Interval<T>", "Boolean", propagates, overlaps_before, "overlaps"},
    {"OverlapsAfter", "Interval<T>, Interval<T>", "Boolean", propagates, overlaps_after, "overlaps"},
    {"Start", "Interval<T>", "T", propagates, start_of, "start"},
    {"End", "Interval<T>", "T", propagates, end_of, "end"},
    {"PointFrom", "Interval<T>", "T", propagates, point_from, "point-from"},
    {"Width", "Interval<Integer>", "Integer", propagates, width, "width"},
    {"Width", "Interval<Long>", "Long", propagates, width, "width"},
    {"Width", "Interval<Decimal>", "Decimal", propagates, width, "width"},
    {"Width", "Interval<Quantity>", "Quantity", propagates, width, "width"},
    {"Width", "Interval<T>", "T", propagates, width, "width"},
    {"Size", "Interval<Integer>", "Integer", propagates, size, "size"},
    {"Size", "Interval<Long>", "Long", propagates, size, "size"},
    {"Size", "Interval<Decimal>", "Decimal", propagates, size, "size"},
    {"Size", "Interval<Quantity>", "Quantity", propagates, size, "size"},
    {"Size", "Interval<T>", "T", propagates, size, "size"},
    {"Union", "Interval<T>, Interval<T>", "Interval<T>", propagates, interval_union, "union"},
    {"Intersect", "Interval<T>, Interval<T>", "Interval<T>", propagates, interval_intersect, "intersect"},
    {"Except", "Interval<T>, Interval<T>", "Interval<T>", propagates, interval_except, "except"},
};

}  // namespace

std::span<const Row> interval_rows() { return rows; }

}  // namespace catchment::cql
