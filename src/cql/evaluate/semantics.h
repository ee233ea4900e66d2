// What both evaluators mean by each kind of node, apart from how they walk: literals, selectors, properties,
// type tests, conversions. Private to evaluate/.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "cql/evaluate/data.h"
#include "cql/operators/context.h"
#include "cql/operators/operators.h"

namespace catchment::cql {

/// Names the place an error happened; thrown on with the position in front of the message.
[[noreturn]] void fail_at(const SourcePosition& at, const EvaluationError& error);

/// The error of a definition about everyone where only one subject is at hand.
EvaluationError no_one_at_hand(const DefinitionRef& ref);

Value literal_value(const Literal& literal);
Value code_value(const CodeValue& code);
Value concept_value(const ConceptLiteral& literal);
Value value_set_value(const TypedValueSet& declared, const ValueSets* members);
Value code_system_value(const TypedCodeSystem& declared, const ValueSets* members);

/// Kind of the points of an Interval type; Kind::null when it is not one ordered type.
Kind point_kind_of(const Type& interval);
Value interval_value(Context& context, const IntervalSelector& node, Value low, Value high, const Value& low_closed = {}, const Value& high_closed = {});
Value instance_value(const InstanceSelector& node, std::span<const Value> values);
Value property_value(const Value& source, const Property& node);
/// A repeating element is a list, another is one value, however the provider holds it.
Value as_stored(Value value, bool repeats);

/// Run-time type test; null has no type.
bool has_type(const Value& value, const Type& type, const std::vector<Type>& accepted = {});
/// `as` and `cast`.
Value as_value(const Value& value, const AsType& node);

/// Calls a row of the table, minding its null rule.
Value call_operator(Context& context, const Overload& overload, Precision precision, const Type& result, std::span<const Value> operands);

/// Ages without a day are ages today; what is reported names its time.
bool reads_clock(const Overload& overload);

/// How an operator may settle on an operand and leave the rest unevaluated: And, Or, Implies, Coalesce.
enum class Settles : std::uint8_t { never, on_false, on_true, on_false_to_true, on_value };
Settles settles(const Overload& overload);
/// The settled value, when `first` settles the call.
std::optional<Value> settled(Settles how, const Value& first);

using FunctionCaller = std::function<Value(std::int32_t library, std::int32_t function, const Value& argument)>;
Value converted(Context& context, const Value& value, const Conversion& conversion, const FunctionCaller& call_function);

/// Keeps the rows whose code matches, for a provider that has not filtered.
Value filtered_rows(Context& context, const Retrieve& node, const Value& rows, const Value& terminology);

/// Equal rows once, in order of first appearance.
std::vector<Value> distinct_values(Context& context, std::vector<Value> values);

/// Order of two rows by their sort keys.
struct SortKey {
  bool descending = false;
};
int compare_keys(Context& context, std::span<const Value> a, std::span<const Value> b, std::span<const SortKey> keys);

inline constexpr int deepest_evaluation = 1500;
/// Lists and tuples within one another that a loop may build up.
inline constexpr std::size_t deepest_value = 1000;
void check_depth(const Value& value, const SourcePosition& at);
inline constexpr std::size_t most_rows = 10'000'000;

}  // namespace catchment::cql
