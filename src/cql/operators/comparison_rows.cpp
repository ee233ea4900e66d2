// Rows of the operator table: comparison.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Equal", "T, T", "Boolean", propagates, equal_values, "equal"},
    {"NotEqual", "T, T", "Boolean", propagates, not_equal_values, "not-equal"},
    {"Equivalent", "T, T", "Boolean", own, equivalent_values, "equivalent"},
    {"NotEquivalent", "T, T", "Boolean", own, not_equivalent_values, "not-equivalent"},
    {"Less", "Integer, Integer", "Boolean", propagates, less_than, "less"},
    {"Less", "Long, Long", "Boolean", propagates, less_than, "less"},
    {"Less", "Decimal, Decimal", "Boolean", propagates, less_than, "less"},
    {"Less", "Quantity, Quantity", "Boolean", propagates, less_than, "less"},
    {"Less", "Date, Date", "Boolean", propagates, less_than, "less"},
    {"Less", "DateTime, DateTime", "Boolean", propagates, less_than, "less"},
    {"Less", "Time, Time", "Boolean", propagates, less_than, "less"},
    {"Less", "String, String", "Boolean", propagates, less_than, "less"},
    {"LessOrEqual", "Integer, Integer", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"LessOrEqual", "Long, Long", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"LessOrEqual", "Decimal, Decimal", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"LessOrEqual", "Quantity, Quantity", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"LessOrEqual", "Date, Date", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"LessOrEqual", "DateTime, DateTime", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"LessOrEqual", "Time, Time", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"LessOrEqual", "String, String", "Boolean", propagates, less_or_equal, "less-or-equal"},
    {"Greater", "Integer, Integer", "Boolean", propagates, greater_than, "greater"},
    {"Greater", "Long, Long", "Boolean", propagates, greater_than, "greater"},
    {"Greater", "Decimal, Decimal", "Boolean", propagates, greater_than, "greater"},
    {"Greater", "Quantity, Quantity", "Boolean", propagates, greater_than, "greater"},
    {"Greater", "Date, Date", "Boolean", propagates, greater_than, "greater"},
    {"Greater", "DateTime, DateTime", "Boolean", propagates, greater_than, "greater"},
    {"Greater", "Time, Time", "Boolean", propagates, greater_than, "greater"},
    {"Greater", "String, String", "Boolean", propagates, greater_than, "greater"},
    {"GreaterOrEqual", "Integer, Integer", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"GreaterOrEqual", "Long, Long", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"GreaterOrEqual", "Decimal, Decimal", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"GreaterOrEqual", "Quantity, Quantity", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"GreaterOrEqual", "Date, Date", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"GreaterOrEqual", "DateTime, DateTime", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"GreaterOrEqual", "Time, Time", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"GreaterOrEqual", "String, String", "Boolean", propagates, greater_or_equal, "greater-or-equal"},
    {"Comparable", "Quantity, Quantity", "Boolean", propagates, comparable, "comparable"},
};

}  // namespace

std::span<const Row> comparison_rows() { return rows; }

}  // namespace catchment::cql
