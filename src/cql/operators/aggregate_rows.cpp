// Rows of the operator table: aggregates.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"AllTrue", "List<Boolean>", "Boolean", own, nullptr, "alltrue"},
    {"AnyTrue", "List<Boolean>", "Boolean", own, nullptr, "anytrue"},
    {"Avg", "List<Decimal>", "Decimal", propagates, nullptr, "avg"},
    {"Median", "List<Decimal>", "Decimal", propagates, nullptr, "median"},
    {"PopulationStdDev", "List<Decimal>", "Decimal", propagates, nullptr, "populationstddev"},
    {"PopulationVariance", "List<Decimal>", "Decimal", propagates, nullptr, "populationvariance"},
    {"StdDev", "List<Decimal>", "Decimal", propagates, nullptr, "stddev"},
    {"Variance", "List<Decimal>", "Decimal", propagates, nullptr, "variance"},
    {"Avg", "List<Quantity>", "Quantity", propagates, nullptr, "avg"},
    {"Median", "List<Quantity>", "Quantity", propagates, nullptr, "median"},
    {"PopulationStdDev", "List<Quantity>", "Quantity", propagates, nullptr, "populationstddev"},
    {"PopulationVariance", "List<Quantity>", "Quantity", propagates, nullptr, "populationvariance"},
    {"StdDev", "List<Quantity>", "Quantity", propagates, nullptr, "stddev"},
    {"Variance", "List<Quantity>", "Quantity", propagates, nullptr, "variance"},
    {"GeometricMean", "List<Decimal>", "Decimal", propagates, nullptr, "geometricmean"},
    {"Count", "List<T>", "Integer", own, nullptr, "count"},
    {"Mode", "List<T>", "T", propagates, nullptr, "mode"},
    {"Max", "List<Integer>", "Integer", propagates, nullptr, "max"},
    {"Max", "List<Long>", "Long", propagates, nullptr, "max"},
    {"Max", "List<Decimal>", "Decimal", propagates, nullptr, "max"},
    {"Max", "List<Quantity>", "Quantity", propagates, nullptr, "max"},
    {"Max", "List<Date>", "Date", propagates, nullptr, "max"},
    {"Max", "List<DateTime>", "DateTime", propagates, nullptr, "max"},
    {"Max", "List<Time>", "Time", propagates, nullptr, "max"},
    {"Max", "List<String>", "String", propagates, nullptr, "max"},
    {"Min", "List<Integer>", "Integer", propagates, nullptr, "min"},
    {"Min", "List<Long>", "Long", propagates, nullptr, "min"},
    {"Min", "List<Decimal>", "Decimal", propagates, nullptr, "min"},
    {"Min", "List<Quantity>", "Quantity", propagates, nullptr, "min"},
    {"Min", "List<Date>", "Date", propagates, nullptr, "min"},
    {"Min", "List<DateTime>", "DateTime", propagates, nullptr, "min"},
    {"Min", "List<Time>", "Time", propagates, nullptr, "min"},
    {"Min", "List<String>", "String", propagates, nullptr, "min"},
    {"Sum", "List<Integer>", "Integer", propagates, nullptr, "sum"},
    {"Sum", "List<Long>", "Long", propagates, nullptr, "sum"},
    {"Sum", "List<Decimal>", "Decimal", propagates, nullptr, "sum"},
    {"Sum", "List<Quantity>", "Quantity", propagates, nullptr, "sum"},
    {"Product", "List<Integer>", "Integer", propagates, nullptr, "product"},
    {"Product", "List<Long>", "Long", propagates, nullptr, "product"},
    {"Product", "List<Decimal>", "Decimal", propagates, nullptr, "product"},
    {"Product", "List<Quantity>", "Quantity", propagates, nullptr, "product"},
};

}  // namespace

std::span<const Row> aggregate_rows() { return rows; }

}  // namespace catchment::cql
