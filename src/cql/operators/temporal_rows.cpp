// Rows of the operator table: dates and times.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Date", "Integer", "Date", own, nullptr, "date-1"},
    {"Date", "Integer, Integer", "Date", own, nullptr, "date-1"},
    {"Date", "Integer, Integer, Integer", "Date", own, nullptr, "date-1"},
    {"DateTime", "Integer", "DateTime", own, nullptr, "datetime-1"},
    {"DateTime", "Integer, Integer", "DateTime", own, nullptr, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer", "DateTime", own, nullptr, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer", "DateTime", own, nullptr, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer", "DateTime", own, nullptr, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer", "DateTime", own, nullptr, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer, Integer", "DateTime", own, nullptr, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer, Integer, Decimal", "DateTime", own, nullptr, "datetime-1"},
    {"Time", "Integer", "Time", own, nullptr, "time-1"},
    {"Time", "Integer, Integer", "Time", own, nullptr, "time-1"},
    {"Time", "Integer, Integer, Integer", "Time", own, nullptr, "time-1"},
    {"Time", "Integer, Integer, Integer, Integer", "Time", own, nullptr, "time-1"},
    {"Now", "", "DateTime", own, nullptr, "now"},
    {"Today", "", "Date", own, nullptr, "today"},
    {"TimeOfDay", "", "Time", own, nullptr, "timeofday"},
    {"DurationBetween", "Date, Date", "Integer", propagates, nullptr, "duration"},
    {"DurationBetween", "DateTime, DateTime", "Integer", propagates, nullptr, "duration"},
    {"DurationBetween", "Time, Time", "Integer", propagates, nullptr, "duration"},
    {"DifferenceBetween", "Date, Date", "Integer", propagates, nullptr, "difference"},
    {"DifferenceBetween", "DateTime, DateTime", "Integer", propagates, nullptr, "difference"},
    {"DifferenceBetween", "Time, Time", "Integer", propagates, nullptr, "difference"},
    {"DateTimeComponentFrom", "Date", "Integer", propagates, nullptr, "datetime-component-from"},
    {"DateTimeComponentFrom", "DateTime", "Integer", propagates, nullptr, "datetime-component-from"},
    {"DateTimeComponentFrom", "Time", "Integer", propagates, nullptr, "datetime-component-from"},
    {"DateFrom", "DateTime", "Date", propagates, nullptr, "datetime-component-from"},
    {"DateFrom", "Date", "Date", propagates, nullptr, "datetime-component-from"},
    {"TimeFrom", "DateTime", "Time", propagates, nullptr, "datetime-component-from"},
    {"TimezoneOffsetFrom", "DateTime", "Decimal", propagates, nullptr, "datetime-component-from"},
    {"Before", "Date, Date", "Boolean", propagates, nullptr, "before"},
    {"Before", "DateTime, DateTime", "Boolean", propagates, nullptr, "before"},
    {"Before", "Time, Time", "Boolean", propagates, nullptr, "before"},
    {"After", "Date, Date", "Boolean", propagates, nullptr, "after"},
    {"After", "DateTime, DateTime", "Boolean", propagates, nullptr, "after"},
    {"After", "Time, Time", "Boolean", propagates, nullptr, "after"},
    {"SameAs", "Date, Date", "Boolean", propagates, nullptr, "same-as-1"},
    {"SameAs", "DateTime, DateTime", "Boolean", propagates, nullptr, "same-as-1"},
    {"SameAs", "Time, Time", "Boolean", propagates, nullptr, "same-as-1"},
    {"SameOrBefore", "Date, Date", "Boolean", propagates, nullptr, "same-or-before-1"},
    {"SameOrBefore", "DateTime, DateTime", "Boolean", propagates, nullptr, "same-or-before-1"},
    {"SameOrBefore", "Time, Time", "Boolean", propagates, nullptr, "same-or-before-1"},
    {"SameOrAfter", "Date, Date", "Boolean", propagates, nullptr, "same-or-after-1"},
    {"SameOrAfter", "DateTime, DateTime", "Boolean", propagates, nullptr, "same-or-after-1"},
    {"SameOrAfter", "Time, Time", "Boolean", propagates, nullptr, "same-or-after-1"},
};

}  // namespace

std::span<const Row> temporal_rows() { return rows; }

}  // namespace catchment::cql
