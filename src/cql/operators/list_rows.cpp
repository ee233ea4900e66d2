// Rows of the operator table: lists.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Contains", "List<T>, T", "Boolean", own, nullptr, "contains-1"},
    {"In", "T, List<T>", "Boolean", own, nullptr, "in-1"},
    {"Includes", "List<T>, List<T>", "Boolean", propagates, nullptr, "includes-1"},
    {"Includes", "List<T>, T", "Boolean", own, nullptr, "includes-1"},
    {"IncludedIn", "List<T>, List<T>", "Boolean", propagates, nullptr, "included-in-1"},
    {"IncludedIn", "T, List<T>", "Boolean", own, nullptr, "included-in-1"},
    {"ProperContains", "List<T>, T", "Boolean", own, nullptr, "properly-includes-1"},
    {"ProperIn", "T, List<T>", "Boolean", own, nullptr, "properly-included-in-1"},
    {"ProperlyIncludes", "List<T>, T", "Boolean", own, nullptr, "properly-includes-1"},
    {"ProperlyIncludes", "List<T>, List<T>", "Boolean", propagates, nullptr, "properly-includes-1"},
    {"ProperlyIncludedIn", "T, List<T>", "Boolean", own, nullptr, "properly-included-in-1"},
    {"ProperlyIncludedIn", "List<T>, List<T>", "Boolean", propagates, nullptr, "properly-included-in-1"},
    {"Distinct", "List<T>", "List<T>", propagates, nullptr, "distinct"},
    {"Exists", "List<T>", "Boolean", own, nullptr, "exists"},
    {"Union", "List<T>, List<T>", "List<T>", own, nullptr, "union-1"},
    {"Intersect", "List<T>, List<T>", "List<T>", propagates, nullptr, "intersect-1"},
    {"Except", "List<T>, List<T>", "List<T>", own, nullptr, "except-1"},
    {"Flatten", "List<List<T>>", "List<T>", propagates, nullptr, "flatten"},
    {"First", "List<T>", "T", propagates, nullptr, "first"},
    {"Last", "List<T>", "T", propagates, nullptr, "last"},
    {"IndexOf", "List<T>, T", "Integer", propagates, nullptr, "indexof"},
    {"Indexer", "List<T>, Integer", "T", propagates, nullptr, "indexer-1"},
    {"Length", "List<T>", "Integer", own, nullptr, "length-1"},
    {"SingletonFrom", "List<T>", "T", propagates, nullptr, "singleton-from"},
    {"Skip", "List<T>, Integer", "List<T>", own, nullptr, "skip"},
    {"Take", "List<T>, Integer", "List<T>", own, nullptr, "take"},
    {"Tail", "List<T>", "List<T>", propagates, nullptr, "tail"},
    {"Slice", "List<T>", "List<T>", own, nullptr, "slice"},
    {"Slice", "List<T>, Integer", "List<T>", own, nullptr, "slice"},
    {"Slice", "List<T>, Integer, Integer", "List<T>", own, nullptr, "slice"},
    {"Children", "Any", "List<Any>", propagates, nullptr, "children"},
    {"Descendents", "Any", "List<Any>", propagates, nullptr, "descendants"},
    {"Descendants", "Any", "List<Any>", propagates, nullptr, "descendants"},
};

}  // namespace

std::span<const Row> list_rows() { return rows; }

}  // namespace catchment::cql
