// Rows of the operator table: aggregates.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"AllTrue", "List<Boolean>", "Boolean", own, all_true, "alltrue"},
    {"AnyTrue", "List<Boolean>", "Boolean", own, any_true, "anytrue"},
    {"Avg", "List<Decimal>", "Decimal", propagates, average, "avg"},
    {"Median", "List<Decimal>", "Decimal", propagates, median, "median"},
    {"PopulationStdDev", "List<Decimal>", "Decimal", propagates, population_standard_deviation, "populationstddev"},
    {"PopulationVariance", "List<Decimal>", "Decimal", propagates, population_variance, "populationvariance"},
    {"StdDev", "List<Decimal>", "Decimal", propagates, standard_deviation, "stddev"},
    {"Variance", "List<Decimal>", "Decimal", propagates, variance, "variance"},
    {"Avg", "List<Quantity>", "Quantity", propagates, average, "avg"},
    {"Median", "List<Quantity>", "Quantity", propagates, median, "median"},
    {"PopulationStdDev", "List<Quantity>", "Quantity", propagates, population_standard_deviation, "populationstddev"},
    {"PopulationVariance", "List<Quantity>", "Quantity", propagates, population_variance, "populationvariance"},
    {"StdDev", "List<Quantity>", "Quantity", propagates, standard_deviation, "stddev"},
    {"Variance", "List<Quantity>", "Quantity", propagates, variance, "variance"},
    {"GeometricMean", "List<Decimal>", "Decimal", propagates, geometric_mean, "geometricmean"},
    {"Count", "List<T>", "Integer", own, count, "count"},
    {"Mode", "List<T>", "T", propagates, mode, "mode"},
    {"Max", "List<Integer>", "Integer", propagates, largest, "max"},
    {"Max", "List<Long>", "Long", propagates, largest, "max"},
    {"Max", "List<Decimal>", "Decimal", propagates, largest, "max"},
    {"Max", "List<Quantity>", "Quantity", propagates, largest, "max"},
    {"Max", "List<Date>", "Date", propagates, largest, "max"},
    {"Max", "List<DateTime>", "DateTime", propagates, largest, "max"},
    {"Max", "List<Time>", "Time", propagates, largest, "max"},
    {"Max", "List<String>", "String", propagates, largest, "max"},
    {"Min", "List<Integer>", "Integer", propagates, smallest, "min"},
    {"Min", "List<Long>", "Long", propagates, smallest, "min"},
    {"Min", "List<Decimal>", "Decimal", propagates, smallest, "min"},
    {"Min", "List<Quantity>", "Quantity", propagates, smallest, "min"},
    {"Min", "List<Date>", "Date", propagates, smallest, "min"},
    {"Min", "List<DateTime>", "DateTime", propagates, smallest, "min"},
    {"Min", "List<Time>", "Time", propagates, smallest, "min"},
    {"Min", "List<String>", "String", propagates, smallest, "min"},
    {"Sum", "List<Integer>", "Integer", propagates, sum, "sum"},
    {"Sum", "List<Long>", "Long", propagates, sum, "sum"},
    {"Sum", "List<Decimal>", "Decimal", propagates, sum, "sum"},
    {"Sum", "List<Quantity>", "Quantity", propagates, sum, "sum"},
    {"Product", "List<Integer>", "Integer", propagates, product, "product"},
    {"Product", "List<Long>", "Long", propagates, product, "product"},
    {"Product", "List<Decimal>", "Decimal", propagates, product, "product"},
    {"Product", "List<Quantity>", "Quantity", propagates, product, "product"},
};

}  // namespace

std::span<const Row> aggregate_rows() { return rows; }

}  // namespace catchment::cql
