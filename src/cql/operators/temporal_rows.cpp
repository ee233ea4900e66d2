// Rows of the operator table: dates and times.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Date", "Integer", "Date", own, make_date, "date-1"},
    {"Date", "Integer, Integer", "Date", own, make_date, "date-1"},
    {"Date", "Integer, Integer, Integer", "Date", own, make_date, "date-1"},
    {"DateTime", "Integer", "DateTime", own, make_datetime, "datetime-1"},
    {"DateTime", "Integer, Integer", "DateTime", own, make_datetime, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer", "DateTime", own, make_datetime, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer", "DateTime", own, make_datetime, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer", "DateTime", own, make_datetime, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer", "DateTime", own, make_datetime, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer, Integer", "DateTime", own, make_datetime, "datetime-1"},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer, Integer, Decimal", "DateTime", own, make_datetime, "datetime-1"},
    {"Time", "Integer", "Time", own, make_time, "time-1"},
    {"Time", "Integer, Integer", "Time", own, make_time, "time-1"},
    {"Time", "Integer, Integer, Integer", "Time", own, make_time, "time-1"},
    {"Time", "Integer, Integer, Integer, Integer", "Time", own, make_time, "time-1"},
    {"Now", "", "DateTime", own, now, "now"},
    {"Today", "", "Date", own, today, "today"},
    {"TimeOfDay", "", "Time", own, time_of_day, "timeofday"},
    {"DurationBetween", "Date, Date", "Integer", propagates, duration, "duration"},
    {"DurationBetween", "DateTime, DateTime", "Integer", propagates, duration, "duration"},
    {"DurationBetween", "Time, Time", "Integer", propagates, duration, "duration"},
    {"DifferenceBetween", "Date, Date", "Integer", propagates, difference, "difference"},
    {"DifferenceBetween", "DateTime, DateTime", "Integer", propagates, difference, "difference"},
    {"DifferenceBetween", "Time, Time", "Integer", propagates, difference, "difference"},
    {"DateTimeComponentFrom", "Date", "Integer", propagates, component_from, "datetime-component-from"},
    {"DateTimeComponentFrom", "DateTime", "Integer", propagates, component_from, "datetime-component-from"},
    {"DateTimeComponentFrom", "Time", "Integer", propagates, component_from, "datetime-component-from"},
    {"DateFrom", "DateTime", "Date", propagates, date_from, "datetime-component-from"},
    {"DateFrom", "Date", "Date", propagates, date_from, "datetime-component-from"},
    {"TimeFrom", "DateTime", "Time", propagates, time_from, "datetime-component-from"},
    {"TimezoneOffsetFrom", "DateTime", "Decimal", propagates, offset_from, "datetime-component-from"},
    {"Before", "Date, Date", "Boolean", propagates, before_point, "before"},
    {"Before", "DateTime, DateTime", "Boolean", propagates, before_point, "before"},
    {"Before", "Time, Time", "Boolean", propagates, before_point, "before"},
    {"After", "Date, Date", "Boolean", propagates, after_point, "after"},
    {"After", "DateTime, DateTime", "Boolean", propagates, after_point, "after"},
    {"After", "Time, Time", "Boolean", propagates, after_point, "after"},
    {"SameAs", "Date, Date", "Boolean", propagates, same_point, "same-as-1"},
    {"SameAs", "DateTime, DateTime", "Boolean", propagates, same_point, "same-as-1"},
    {"SameAs", "Time, Time", "Boolean", propagates, same_point, "same-as-1"},
    {"SameOrBefore", "Date, Date", "Boolean", propagates, same_or_before_point, "same-or-before-1"},
    {"SameOrBefore", "DateTime, DateTime", "Boolean", propagates, same_or_before_point, "same-or-before-1"},
    {"SameOrBefore", "Time, Time", "Boolean", propagates, same_or_before_point, "same-or-before-1"},
    {"SameOrAfter", "Date, Date", "Boolean", propagates, same_or_after_point, "same-or-after-1"},
    {"SameOrAfter", "DateTime, DateTime", "Boolean", propagates, same_or_after_point, "same-or-after-1"},
    {"SameOrAfter", "Time, Time", "Boolean", propagates, same_or_after_point, "same-or-after-1"},
};

}  // namespace

std::span<const Row> temporal_rows() { return rows; }

}  // namespace catchment::cql
