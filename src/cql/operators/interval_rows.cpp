// Rows of the operator table: intervals.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Before", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "before-1"},
    {"Before", "T, Interval<T>", "Boolean", propagates, nullptr, "before-1"},
    {"Before", "Interval<T>, T", "Boolean", propagates, nullptr, "before-1"},
    {"After", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "after-1"},
    {"After", "T, Interval<T>", "Boolean", propagates, nullptr, "after-1"},
    {"After", "Interval<T>, T", "Boolean", propagates, nullptr, "after-1"},
    {"SameOrBefore", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "same-or-before-2"},
    {"SameOrBefore", "T, Interval<T>", "Boolean", propagates, nullptr, "same-or-before-2"},
    {"SameOrBefore", "Interval<T>, T", "Boolean", propagates, nullptr, "same-or-before-2"},
    {"SameOrAfter", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "same-or-after-2"},
    {"SameOrAfter", "T, Interval<T>", "Boolean", propagates, nullptr, "same-or-after-2"},
    {"SameOrAfter", "Interval<T>, T", "Boolean", propagates, nullptr, "same-or-after-2"},
    {"SameAs", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "same-as-2"},
    {"Collapse", "List<Interval<T>>", "List<Interval<T>>", own, nullptr, "collapse"},
    {"Collapse", "List<Interval<T>>, Quantity", "List<Interval<T>>", own, nullptr, "collapse"},
    {"Expand", "List<Interval<T>>", "List<Interval<T>>", own, nullptr, "expand"},
    {"Expand", "List<Interval<T>>, Quantity", "List<Interval<T>>", own, nullptr, "expand"},
    {"Expand", "Interval<T>", "List<T>", own, nullptr, "expand"},
    {"Expand", "Interval<T>, Quantity", "List<T>", own, nullptr, "expand"},
    {"Contains", "Interval<T>, T", "Boolean", own, nullptr, "contains"},
    {"In", "T, Interval<T>", "Boolean", own, nullptr, "in"},
    {"Includes", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "includes"},
    {"Includes", "Interval<T>, T", "Boolean", own, nullptr, "includes"},
    {"IncludedIn", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "included-in"},
    {"IncludedIn", "T, Interval<T>", "Boolean", own, nullptr, "included-in"},
    {"ProperContains", "Interval<T>, T", "Boolean", own, nullptr, "properly-includes"},
    {"ProperIn", "T, Interval<T>", "Boolean", own, nullptr, "properly-included-in"},
    {"ProperlyIncludes", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "properly-includes"},
    {"ProperlyIncludes", "Interval<T>, T", "Boolean", own, nullptr, "properly-includes"},
    {"ProperlyIncludedIn", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "properly-included-in"},
    {"ProperlyIncludedIn", "T, Interval<T>", "Boolean", own, nullptr, "properly-included-in"},
    {"Starts", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "starts"},
    {"Ends", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "ends"},
    {"Meets", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "meets"},
    {"MeetsBefore", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "meets"},
    {"MeetsAfter", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "meets"},
    {"Overlaps", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "overlaps"},
    {"OverlapsBefore", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "overlaps"},
    {"OverlapsAfter", "Interval<T>, Interval<T>", "Boolean", propagates, nullptr, "overlaps"},
    {"Start", "Interval<T>", "T", propagates, nullptr, "start"},
    {"End", "Interval<T>", "T", propagates, nullptr, "end"},
    {"PointFrom", "Interval<T>", "T", propagates, nullptr, "point-from"},
    {"Width", "Interval<Integer>", "Integer", propagates, nullptr, "width"},
    {"Width", "Interval<Long>", "Long", propagates, nullptr, "width"},
    {"Width", "Interval<Decimal>", "Decimal", propagates, nullptr, "width"},
    {"Width", "Interval<Quantity>", "Quantity", propagates, nullptr, "width"},
    {"Width", "Interval<T>", "T", propagates, nullptr, "width"},
    {"Size", "Interval<Integer>", "Integer", propagates, nullptr, "size"},
    {"Size", "Interval<Long>", "Long", propagates, nullptr, "size"},
    {"Size", "Interval<Decimal>", "Decimal", propagates, nullptr, "size"},
    {"Size", "Interval<Quantity>", "Quantity", propagates, nullptr, "size"},
    {"Size", "Interval<T>", "T", propagates, nullptr, "size"},
    {"Union", "Interval<T>, Interval<T>", "Interval<T>", propagates, nullptr, "union"},
    {"Intersect", "Interval<T>, Interval<T>", "Interval<T>", propagates, nullptr, "intersect"},
    {"Except", "Interval<T>, Interval<T>", "Interval<T>", propagates, nullptr, "except"},
};

}  // namespace

std::span<const Row> interval_rows() { return rows; }

}  // namespace catchment::cql
