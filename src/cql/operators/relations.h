// Equality, equivalence and order of values (CQL reference, Comparison Operators), as three-valued truths.
// In: two values of any kinds. Out: truths, sets of possible outcomes, and one total order for sorting.
#pragma once

#include "cql/operators/context.h"

namespace catchment::cql {

/// The outcomes a comparison may have; empty when the values cannot be compared or one is null.
std::uint8_t outcomes(Context& context, const Value& a, const Value& b, Precision precision = Precision::none);

/// Whether an outcome within `wanted` is certain, impossible or open.
Truth certainty(std::uint8_t possible, std::uint8_t wanted);

Truth is_equal(Context& context, const Value& a, const Value& b);
bool is_equivalent(Context& context, const Value& a, const Value& b);
/// Equality for membership and sets: null equals null, and what is not known to be equal is unknown.
Truth is_same_element(Context& context, const Value& a, const Value& b);

/// Negative, zero, positive. Nulls first, coarser dates before finer ones that begin alike.
int sort_order(Context& context, const Value& a, const Value& b);

/// Equal values (Truth::yes) have equal hashes.
std::size_t hash_of(Context& context, const Value& value);

inline Truth truth_not(Truth a) { return a == Truth::unknown ? a : a == Truth::yes ? Truth::no : Truth::yes; }
inline Truth truth_and(Truth a, Truth b) {
  return a == Truth::no || b == Truth::no ? Truth::no : a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
}
inline Truth truth_or(Truth a, Truth b) { return truth_not(truth_and(truth_not(a), truth_not(b))); }

/// Quantities: the order of a and b, or nothing (different dimensions; calendar against definite months and years).
std::optional<std::strong_ordering> compare_quantities(Context& context, const QuantityPayload& a, const QuantityPayload& b);
/// The amount of `quantity` in `unit`, or nothing. Calendar units up to weeks stand for their definite namesakes.
std::optional<Decimal> quantity_in(Context& context, const QuantityPayload& quantity, const std::string& unit);

}  // namespace catchment::cql
