// Rows of the operator table: comparison.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Equal", "T, T", "Boolean", propagates, nullptr, "equal"},
    {"NotEqual", "T, T", "Boolean", propagates, nullptr, "not-equal"},
    {"Equivalent", "T, T", "Boolean", own, nullptr, "equivalent"},
    {"NotEquivalent", "T, T", "Boolean", own, nullptr, "not-equivalent"},
    {"Less", "Integer, Integer", "Boolean", propagates, nullptr, "less"},
    {"Less", "Long, Long", "Boolean", propagates, nullptr, "less"},
    {"Less", "Decimal, Decimal", "Boolean", propagates, nullptr, "less"},
    {"Less", "Quantity, Quantity", "Boolean", propagates, nullptr, "less"},
    {"Less", "Date, Date", "Boolean", propagates, nullptr, "less"},
    {"Less", "DateTime, DateTime", "Boolean", propagates, nullptr, "less"},
    {"Less", "Time, Time", "Boolean", propagates, nullptr, "less"},
    {"Less", "String, String", "Boolean", propagates, nullptr, "less"},
    {"LessOrEqual", "Integer, Integer", "Boolean", propagates, nullptr, "less-or-equal"},
    {"LessOrEqual", "Long, Long", "Boolean", propagates, nullptr, "less-or-equal"},
    {"LessOrEqual", "Decimal, Decimal", "Boolean", propagates, nullptr, "less-or-equal"},
    {"LessOrEqual", "Quantity, Quantity", "Boolean", propagates, nullptr, "less-or-equal"},
    {"LessOrEqual", "Date, Date", "Boolean", propagates, nullptr, "less-or-equal"},
    {"LessOrEqual", "DateTime, DateTime", "Boolean", propagates, nullptr, "less-or-equal"},
    {"LessOrEqual", "Time, Time", "Boolean", propagates, nullptr, "less-or-equal"},
    {"LessOrEqual", "String, String", "Boolean", propagates, nullptr, "less-or-equal"},
    {"Greater", "Integer, Integer", "Boolean", propagates, nullptr, "greater"},
    {"Greater", "Long, Long", "Boolean", propagates, nullptr, "greater"},
    {"Greater", "Decimal, Decimal", "Boolean", propagates, nullptr, "greater"},
    {"Greater", "Quantity, Quantity", "Boolean", propagates, nullptr, "greater"},
    {"Greater", "Date, Date", "Boolean", propagates, nullptr, "greater"},
    {"Greater", "DateTime, DateTime", "Boolean", propagates, nullptr, "greater"},
    {"Greater", "Time, Time", "Boolean", propagates, nullptr, "greater"},
    {"Greater", "String, String", "Boolean", propagates, nullptr, "greater"},
    {"GreaterOrEqual", "Integer, Integer", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"GreaterOrEqual", "Long, Long", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"GreaterOrEqual", "Decimal, Decimal", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"GreaterOrEqual", "Quantity, Quantity", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"GreaterOrEqual", "Date, Date", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"GreaterOrEqual", "DateTime, DateTime", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"GreaterOrEqual", "Time, Time", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"GreaterOrEqual", "String, String", "Boolean", propagates, nullptr, "greater-or-equal"},
    {"Comparable", "Quantity, Quantity", "Boolean", propagates, nullptr, "comparable"},
};

}  // namespace

std::span<const Row> comparison_rows() { return rows; }

}  // namespace catchment::cql
