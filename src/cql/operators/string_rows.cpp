// Rows of the operator table: strings.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Combine", "List<String>", "String", own, nullptr, "combine"},
    {"Combine", "List<String>, String", "String", own, nullptr, "combine"},
    {"Concatenate", "String, String", "String", propagates, nullptr, "concatenate"},
    {"ConcatenateOrEmpty", "String, String", "String", own, nullptr, "concatenate"},
    {"EndsWith", "String, String", "Boolean", propagates, nullptr, "endswith"},
    {"Indexer", "String, Integer", "String", propagates, nullptr, "indexer"},
    {"LastPositionOf", "String, String", "Integer", propagates, nullptr, "lastpositionof"},
    {"Length", "String", "Integer", propagates, nullptr, "length"},
    {"Lower", "String", "String", propagates, nullptr, "lower"},
    {"Matches", "String, String", "Boolean", propagates, nullptr, "matches"},
    {"MatchesFull", "String, String", "Boolean", propagates, nullptr, "matchesfull"},
    {"PositionOf", "String, String", "Integer", propagates, nullptr, "positionof"},
    {"ReplaceMatches", "String, String, String", "String", propagates, nullptr, "replacematches"},
    {"Split", "String, String", "List<String>", own, nullptr, "split"},
    {"SplitOnMatches", "String, String", "List<String>", own, nullptr, "splitonmatches"},
    {"StartsWith", "String, String", "Boolean", propagates, nullptr, "startswith"},
    {"Substring", "String, Integer", "String", propagates, nullptr, "substring"},
    {"Substring", "String, Integer, Integer", "String", own, nullptr, "substring"},
    {"Upper", "String", "String", propagates, nullptr, "upper"},
};

}  // namespace

std::span<const Row> string_rows() { return rows; }

}  // namespace catchment::cql
