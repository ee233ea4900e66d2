// Rows of the operator table: three-valued logic, nulls and messages.
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

constexpr NullRule propagates = NullRule::propagates;
constexpr NullRule own = NullRule::own;

constexpr Row rows[] = {
    {"And", "Boolean, Boolean", "Boolean", own, nullptr, "and"},
    {"Or", "Boolean, Boolean", "Boolean", own, nullptr, "or"},
    {"Xor", "Boolean, Boolean", "Boolean", own, nullptr, "xor"},
    {"Implies", "Boolean, Boolean", "Boolean", own, nullptr, "implies"},
    {"Not", "Boolean", "Boolean", propagates, nullptr, "not"},
    {"IsNull", "Any", "Boolean", own, nullptr, "isnull"},
    {"IsTrue", "Boolean", "Boolean", own, nullptr, "istrue"},
    {"IsFalse", "Boolean", "Boolean", own, nullptr, "isfalse"},
    {"Coalesce", "T, T", "T", own, nullptr, "coalesce"},
    {"Coalesce", "T, T, T", "T", own, nullptr, "coalesce"},
    {"Coalesce", "T, T, T, T", "T", own, nullptr, "coalesce"},
    {"Coalesce", "T, T, T, T, T", "T", own, nullptr, "coalesce"},
    {"Coalesce", "List<T>", "T", own, nullptr, "coalesce"},
    {"Message", "T, Boolean, String, String, String", "T", own, nullptr, "message"},
};

}  // namespace

std::span<const Row> logical_rows() { return rows; }

}  // namespace catchment::cql
