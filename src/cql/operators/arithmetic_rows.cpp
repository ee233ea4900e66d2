// Rows of the operator table: arithmetic.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Abs", "Integer", "Integer", propagates, abs_value, "abs"},
    {"Abs", "Long", "Long", propagates, abs_value, "abs"},
    {"Abs", "Decimal", "Decimal", propagates, abs_value, "abs"},
    {"Abs", "Quantity", "Quantity", propagates, abs_value, "abs"},
    {"Add", "Integer, Integer", "Integer", propagates, add, "add"},
    {"Add", "Long, Long", "Long", propagates, add, "add"},
    {"Add", "Decimal, Decimal", "Decimal", propagates, add, "add"},
    {"Add", "Quantity, Quantity", "Quantity", propagates, add, "add"},
    {"Add", "String, String", "String", propagates, concatenate, "concatenate"},
    {"Add", "Date, Quantity", "Date", propagates, add_to_temporal, "add-1"},
    {"Add", "DateTime, Quantity", "DateTime", propagates, add_to_temporal, "add-1"},
    {"Add", "Time, Quantity", "Time", propagates, add_to_temporal, "add-1"},
    {"Ceiling", "Decimal", "Integer", propagates, ceiling, "ceiling"},
    {"Divide", "Decimal, Decimal", "Decimal", propagates, divide_values, "divide"},
    {"Divide", "Quantity, Quantity", "Quantity", propagates, divide_values, "divide"},
    {"Exp", "Decimal", "Decimal", propagates, exponential, "exp"},
    {"Floor", "Decimal", "Integer", propagates, floor_value, "floor"},
    {"HighBoundary", "Decimal, Integer", "Decimal", own, high_boundary, "highboundary"},
    {"HighBoundary", "Decimal", "Decimal", own, high_boundary, "highboundary"},
    {"HighBoundary", "Date, Integer", "Date", own, high_boundary, "highboundary"},
    {"HighBoundary", "Date", "Date", own, high_boundary, "highboundary"},
    {"HighBoundary", "DateTime, Integer", "DateTime", own, high_boundary, "highboundary"},
    {"HighBoundary", "DateTime", "DateTime", own, high_boundary, "highboundary"},
    {"HighBoundary", "Time, Integer", "Time", own, high_boundary, "highboundary"},
    {"HighBoundary", "Time", "Time", own, high_boundary, "highboundary"},
    {"LowBoundary", "Decimal, Integer", "Decimal", own, low_boundary, "lowboundary"},
    {"LowBoundary", "Decimal", "Decimal", own, low_boundary, "lowboundary"},
    {"LowBoundary", "Date, Integer", "Date", own, low_boundary, "lowboundary"},
    {"LowBoundary", "Date", "Date", own, low_boundary, "lowboundary"},
    {"LowBoundary", "DateTime, Integer", "DateTime", own, low_boundary, "lowboundary"},
    {"LowBoundary", "DateTime", "DateTime", own, low_boundary, "lowboundary"},
    {"LowBoundary", "Time, Integer", "Time", own, low_boundary, "lowboundary"},
    {"LowBoundary", "Time", "Time", own, low_boundary, "lowboundary"},
    {"Ln", "Decimal", "Decimal", propagates, natural_logarithm, "ln"},
    {"Log", "Decimal, Decimal", "Decimal", propagates, logarithm, "log"},
    {"MaxValue", "", "T", own, maximum_value, "maximum"},
    {"MinValue", "", "T", own, minimum_value, "minimum"},
    {"Modulo", "Integer, Integer", "Integer", propagates, modulo, "modulo"},
    {"Modulo", "Long, Long", "Long", propagates, modulo, "modulo"},
    {"Modulo", "Decimal, Decimal", "Decimal", propagates, modulo, "modulo"},
    {"Modulo", "Quantity, Quantity", "Quantity", propagates, modulo, "modulo"},
    {"Multiply", "Integer, Integer", "Integer", propagates, multiply, "multiply"},
    {"Multiply", "Long, Long", "Long", propagates, multiply, "multiply"},
    {"Multiply", "Decimal, Decimal", "Decimal", propagates, multiply, "multiply"},
    {"Multiply", "Quantity, Quantity", "Quantity", propagates, multiply, "multiply"},
    {"Negate", "Integer", "Integer", propagates, negate, "negate"},
    {"Negate", "Long", "Long", propagates, negate, "negate"},
    {"Negate", "Decimal", "Decimal", propagates, negate, "negate"},
    {"Negate", "Quantity", "Quantity", propagates, negate, "negate"},
    {"Power", "Integer, Integer", "Integer", propagates, power, "power"},
    {"Power", "Long, Long", "Long", propagates, power, "power"},
    {"Power", "Decimal, Decimal", "Decimal", propagates, power, "power"},
    {"Precision", "Decimal", "Integer", propagates, precision_of, "precision"},
    {"Precision", "Date", "Integer", propagates, precision_of, "precision"},
    {"Precision", "DateTime", "Integer", propagates, precision_of, "precision"},
    {"Precision", "Time", "Integer", propagates, precision_of, "precision"},
    {"Predecessor", "Integer", "Integer", propagates, predecessor_of, "predecessor"},
    {"Predecessor", "Long", "Long", propagates, predecessor_of, "predecessor"},
    {"Predecessor", "Decimal", "Decimal", propagates, predecessor_of, "predecessor"},
    {"Predecessor", "Quantity", "Quantity", propagates, predecessor_of, "predecessor"},
    {"Predecessor", "Date", "Date", propagates, predecessor_of, "predecessor"},
    {"Predecessor", "DateTime", "DateTime", propagates, predecessor_of, "predecessor"},
    {"Predecessor", "Time", "Time", propagates, predecessor_of, "predecessor"},
    {"Round", "Decimal", "Decimal", own, round_value, "round"},
    {"Round", "Decimal, Integer", "Decimal", own, round_value, "round"},
    {"Round", "Quantity", "Quantity", own, round_value, "round"},
    {"Round", "Quantity, Integer", "Quantity", own, round_value, "round"},
    {"Subtract", "Integer, Integer", "Integer", propagates, subtract, "subtract"},
    {"Subtract", "Long, Long", "Long", propagates, subtract, "subtract"},
    {"Subtract", "Decimal, Decimal", "Decimal", propagates, subtract, "subtract"},
    {"Subtract", "Quantity, Quantity", "Quantity", propagates, subtract, "subtract"},
    {"Subtract", "Date, Quantity", "Date", propagates, subtract_from_temporal, "subtract-1"},
    {"Subtract", "DateTime, Quantity", "DateTime", propagates, subtract_from_temporal, "subtract-1"},
    {"Subtract", "Time, Quantity", "Time", propagates, subtract_from_temporal, "subtract-1"},
    {"Successor", "Integer", "Integer", propagates, successor_of, "successor"},
    {"Successor", "Long", "Long", propagates, successor_of, "successor"},
    {"Successor", "Decimal", "Decimal", propagates, successor_of, "successor"},
    {"Successor", "Quantity", "Quantity", propagates, successor_of, "successor"},
    {"Successor", "Date", "Date", propagates, successor_of, "successor"},
    {"Successor", "DateTime", "DateTime", propagates, successor_of, "successor"},
    {"Successor", "Time", "Time", propagates, successor_of, "successor"},
    {"Truncate", "Decimal", "Integer", propagates, truncate_value, "truncate"},
    {"TruncatedDivide", "Integer, Integer", "Integer", propagates, truncated_divide, "truncated-divide"},
    {"TruncatedDivide", "Long, Long", "Long", propagates, truncated_divide, "truncated-divide"},
    {"TruncatedDivide", "Decimal, Decimal", "Decimal", propagates, truncated_divide, "truncated-divide"},
    {"TruncatedDivide", "Quantity, Quantity", "Quantity", propagates, truncated_divide, "truncated-divide"},
};

}  // namespace

std::span<const Row> arithmetic_rows() { return rows; }

}  // namespace catchment::cql
