// Rows of the operator table: lists.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"Contains", "List<T>, T", "Boolean", own, list_contains, "contains-1"},
    {"In", "T, List<T>", "Boolean", own, in_list, "in-1"},
    {"Includes", "List<T>, List<T>", "Boolean", propagates, list_includes, "includes-1"},
    {"Includes", "List<T>, T", "Boolean", own, list_contains, "includes-1"},
    {"IncludedIn", "List<T>, List<T>", "Boolean", propagates, list_included_in, "included-in-1"},
    {"IncludedIn", "T, List<T>", "Boolean", own, in_list, "included-in-1"},
    {"ProperContains", "List<T>, T", "Boolean", own, list_properly_contains, "properly-includes-1"},
    {"ProperIn", "T, List<T>", "Boolean", own, properly_in_list, "properly-included-in-1"},
    {"ProperlyIncludes", "List<T>, T", "Boolean", own, list_properly_contains, "properly-includes-1"},
    {"ProperlyIncludes", "List<T>, List<T>", "Boolean", propagates, list_properly_includes, "properly-includes-1"},
    {"ProperlyIncludedIn", "T, List<T>", "Boolean", own, properly_in_list, "properly-included-in-1"},
    {"ProperlyIncludedIn", "List<T>, List<T>", "Boolean", propagates, list_properly_included_in, "properly-included-in-1"},
    {"Distinct", "List<T>", "List<T>", propagates, distinct, "distinct"},
    {"Exists", "List<T>", "Boolean", own, exists, "exists"},
    {"Union", "List<T>, List<T>", "List<T>", own, list_union, "union-1"},
    {"Intersect", "List<T>, List<T>", "List<T>", propagates, list_intersect, "intersect-1"},
    {"Except", "List<T>, List<T>", "List<T>", own, list_except, "except-1"},
    {"Flatten", "List<List<T>>", "List<T>", propagates, flatten, "flatten"},
    {"First", "List<T>", "T", propagates, first, "first"},
    {"Last", "List<T>", "T", propagates, last, "last"},
    {"IndexOf", "List<T>, T", "Integer", propagates, index_of, "indexof"},
    {"Indexer", "List<T>, Integer", "T", propagates, list_indexer, "indexer-1"},
    {"Length", "List<T>", "Integer", own, list_length, "length-1"},
    {"SingletonFrom", "List<T>", "T", propagates, singleton_from, "singleton-from"},
    {"Skip", "List<T>, Integer", "List<T>", own, skip, "skip"},
    {"Take", "List<T>, Integer", "List<T>", own, take, "take"},
    {"Tail", "List<T>", "List<T>", propagates, tail, "tail"},
    {"Slice", "List<T>", "List<T>", own, slice, "slice"},
    {"Slice", "List<T>, Integer", "List<T>", own, slice, "slice"},
    {"Slice", "List<T>, Integer, Integer", "List<T>", own, slice, "slice"},
    {"Children", "Any", "List<Any>", propagates, children, "children"},
    {"Descendents", "Any", "List<Any>", propagates, descendants, "descendants"},
    {"Descendants", "Any", "List<Any>", propagates, descendants, "descendants"},
};

}  // namespace

std::span<const Row> list_rows() { return rows; }

}  // namespace catchment::cql
