// Rows of the operator table: three-valued logic, nulls and messages.
#include "cql/operators/implementations.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

using namespace implementations;

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"And", "Boolean, Boolean", "Boolean", own, logical_and, "and"},
    {"Or", "Boolean, Boolean", "Boolean", own, logical_or, "or"},
    {"Xor", "Boolean, Boolean", "Boolean", own, logical_xor, "xor"},
    {"Implies", "Boolean, Boolean", "Boolean", own, logical_implies, "implies"},
    {"Not", "Boolean", "Boolean", propagates, logical_not, "not"},
    {"IsNull", "Any", "Boolean", own, is_null, "isnull"},
    {"IsTrue", "Boolean", "Boolean", own, is_true, "istrue"},
    {"IsFalse", "Boolean", "Boolean", own, is_false, "isfalse"},
    {"Coalesce", "T, T", "T", own, coalesce, "coalesce"},
    {"Coalesce", "T, T, T", "T", own, coalesce, "coalesce"},
    {"Coalesce", "T, T, T, T", "T", own, coalesce, "coalesce"},
    {"Coalesce", "T, T, T, T, T", "T", own, coalesce, "coalesce"},
    {"Coalesce", "List<T>", "T", own, coalesce_list, "coalesce"},
    {"Message", "T, Boolean, String, String, String", "T", own, message, "message"},
};

}  // namespace

std::span<const Row> logical_rows() { return rows; }

}  // namespace catchment::cql
