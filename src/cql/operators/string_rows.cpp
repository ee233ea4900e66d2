// Rows of the operator table: strings.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Combine", "List<String>", "String", own, combine, "combine"},
    {"Combine", "List<String>, String", "String", own, combine, "combine"},
    {"Concatenate", "String, String", "String", propagates, concatenate, "concatenate"},
    {"ConcatenateOrEmpty", "String, String", "String", own, concatenate_or_empty, "concatenate"},
    {"EndsWith", "String, String", "Boolean", propagates, ends_with, "endswith"},
    {"Indexer", "String, Integer", "String", propagates, string_indexer, "indexer"},
    {"LastPositionOf", "String, String", "Integer", propagates, last_position_of, "lastpositionof"},
    {"Length", "String", "Integer", propagates, string_length, "length"},
    {"Lower", "String", "String", propagates, lower, "lower"},
    {"Matches", "String, String", "Boolean", propagates, matches, "matches"},
    {"MatchesFull", "String, String", "Boolean", propagates, matches_full, "matchesfull"},
    {"PositionOf", "String, String", "Integer", propagates, position_of, "positionof"},
    {"ReplaceMatches", "String, String, String", "String", propagates, replace_matches, "replacematches"},
    {"Split", "String, String", "List<String>", own, split, "split"},
    {"SplitOnMatches", "String, String", "List<String>", own, split_on_matches, "splitonmatches"},
    {"StartsWith", "String, String", "Boolean", propagates, starts_with, "startswith"},
    {"Substring", "String, Integer", "String", propagates, substring, "substring"},
    {"Substring", "String, Integer, Integer", "String", own, substring, "substring"},
    {"Upper", "String", "String", propagates, upper, "upper"},
};

}  // namespace

std::span<const Row> string_rows() { return rows; }

}  // namespace catchment::cql
