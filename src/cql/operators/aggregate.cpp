// Aggregates over lists: nulls are passed over; a list without values gives null (CQL reference, Aggregate Functions).
#include <algorithm>
#include <array>
#include <unordered_map>

#include "cql/operators/context.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

namespace {

std::vector<Value> known(const Value& list) {
  std::vector<Value> result;
  for (const Value& value : list.as_list())
    if (!value.is_null()) result.push_back(value);
  return result;
}

using Operation = Value (*)(const Call&, Operands);

Value fold(const Call& call, const Value& list, Operation operation) {
  const std::vector<Value> values = known(list);
  if (values.empty()) return {};
  Value result = values.front();
  for (std::size_t i = 1; i < values.size(); ++i) {
    const std::array<Value, 2> operands{result, values[i]};
    result = operation(call, operands);
    if (result.is_null()) return {};
  }
  return result;
}

/// The amounts of decimals, or of quantities in the unit of the first; nothing when units do not agree.
struct Amounts {
  std::vector<Decimal> values;
  std::string unit;  // empty for decimals
};
std::optional<Amounts> amounts(const Call& call, const Value& list) {
  Amounts result;
  for (const Value& value : known(list)) {
    if (value.is(Kind::quantity)) {
      if (result.unit.empty()) result.unit = value.as_quantity().unit;
      const auto amount = quantity_in(call.context, value.as_quantity(), result.unit);
      if (!amount) return std::nullopt;
      result.values.push_back(*amount);
    } else {
      result.values.push_back(value.is(Kind::decimal) ? value.as_decimal() : Decimal::of(value.as_long()));
    }
  }
  if (result.values.empty()) return std::nullopt;
  return result;
}

Value amount(const std::optional<Decimal>& value, const std::string& unit) {
  if (!value) return {};
  return unit.empty() ? Value::decimal(*value) : Value::quantity(*value, unit);
}

std::optional<Decimal> total(const std::vector<Decimal>& values) {
  std::optional<Decimal> sum = Decimal();
  for (const Decimal value : values) sum = sum ? sum->plus(value) : sum;
  return sum;
}

/// Squares summed exactly: (n * sum of squares - square of sum) / (n * divisor), in units of 10^-16.
std::optional<Decimal> variance_of(const std::vector<Decimal>& values, std::size_t divisor) {
  if (divisor == 0) return std::nullopt;
  const auto sum = total(values);
  if (!sum) return std::nullopt;
  const auto n = static_cast<std::uint64_t>(values.size());
  Wide squares;
  bool overflow = false;
  for (const Decimal value : values) {
    const auto m = static_cast<UInt128>(value.magnitude().scaled());
    const Wide next = squares + Wide::product(m, m);
    overflow = overflow || next < squares;
    squares = next;
  }
  squares = times(squares, n, overflow);
  const auto s = static_cast<UInt128>(sum->magnitude().scaled());
  const Wide square_of_sum = Wide::product(s, s);
  if (overflow || squares < square_of_sum) return std::nullopt;
  const Wide denominator = Wide::product(Wide::product(n, static_cast<UInt128>(divisor)).low, static_cast<UInt128>(Decimal::unit));
  return decimal_from_magnitude(false, divide_rounded(squares - square_of_sum, denominator));
}

Value spread(const Call& call, const Value& list, bool population, bool root) {
  const auto values = amounts(call, list);
  if (!values) return {};
  const auto variance = variance_of(values->values, population ? values->values.size() : values->values.size() - 1);
  return amount(variance && root ? variance->square_root() : variance, values->unit);
}

Value extreme(const Call& call, const Value& list, std::uint8_t wanted) {
  Value best;
  for (const Value& value : list.as_list()) {
    if (value.is_null()) continue;
    if (best.is_null() || certainty(outcomes(call.context, value, best), wanted) == Truth::yes) best = value;
  }
  return best;
}

}  // namespace

Value all_true(const Call&, Operands o) {
  if (o[0].is_null()) return Value::boolean(true);
  const std::vector<Value>& list = o[0].as_list();
  return Value::boolean(std::none_of(list.begin(), list.end(), [](const Value& v) { return v.is_false(); }));
}

Value any_true(const Call&, Operands o) {
  if (o[0].is_null()) return Value::boolean(false);
  const std::vector<Value>& list = o[0].as_list();
  return Value::boolean(std::any_of(list.begin(), list.end(), [](const Value& v) { return v.is_true(); }));
}

Value count(const Call&, Operands o) { return Value::integer(o[0].is_null() ? 0 : static_cast<std::int32_t>(known(o[0]).size())); }

Value sum(const Call& call, Operands o) { return fold(call, o[0], add); }
Value product(const Call& call, Operands o) { return fold(call, o[0], multiply); }
Value largest(const Call& call, Operands o) { return extreme(call, o[0], Outcomes::greater); }
Value smallest(const Call& call, Operands o) { return extreme(call, o[0], Outcomes::less); }

Value average(const Call& call, Operands o) {
  const auto values = amounts(call, o[0]);
  if (!values) return {};
  const auto sum_of_all = total(values->values);
  if (!sum_of_all) return {};
  return amount(sum_of_all->divided_by(Decimal::of(static_cast<std::int64_t>(values->values.size()))), values->unit);
}

Value median(const Call& call, Operands o) {
  auto values = amounts(call, o[0]);
  if (!values) return {};
  std::sort(values->values.begin(), values->values.end());
  const std::size_t middle = values->values.size() / 2;
  if (values->values.size() % 2 == 1) return amount(values->values[middle], values->unit);
  const auto both = values->values[middle - 1].plus(values->values[middle]);
  return both ? amount(both->divided_by(Decimal::of(2)), values->unit) : Value();
}

/// The most frequent value; among equally frequent ones the smallest, so that the answer does not hang on order.
Value mode(const Call& call, Operands o) {
  std::unordered_multimap<std::size_t, std::pair<Value, std::size_t>> counts;
  for (const Value& value : known(o[0])) {
    const std::size_t hash = hash_of(call.context, value);
    const auto [first, last] = counts.equal_range(hash);
    const auto same = std::find_if(first, last, [&](const auto& entry) { return is_equal(call.context, entry.second.first, value) == Truth::yes; });
    if (same == last) counts.emplace(hash, std::pair{value, std::size_t{1}});
    else ++same->second.second;
  }
  const std::pair<Value, std::size_t>* best = nullptr;
  for (const auto& [hash, entry] : counts) {
    if (best == nullptr || entry.second > best->second || (entry.second == best->second && sort_order(call.context, entry.first, best->first) < 0))
      best = &entry;
  }
  return best == nullptr ? Value() : best->first;
}

Value variance(const Call& call, Operands o) { return spread(call, o[0], false, false); }
Value population_variance(const Call& call, Operands o) { return spread(call, o[0], true, false); }
Value standard_deviation(const Call& call, Operands o) { return spread(call, o[0], false, true); }
Value population_standard_deviation(const Call& call, Operands o) { return spread(call, o[0], true, true); }

/// The n-th root of the product, through logarithms when the product leaves the range.
Value geometric_mean(const Call& call, Operands o) {
  const auto values = amounts(call, o[0]);
  if (!values) return {};
  const auto n = Decimal::of(static_cast<std::int64_t>(values->values.size()));
  std::optional<Decimal> logarithms = Decimal();
  for (const Decimal value : values->values) {
    if (value.is_negative()) return {};
    if (value.is_zero()) return Value::decimal(Decimal());
    const auto logarithm_of_value = value.natural_logarithm();
    logarithms = logarithms && logarithm_of_value ? logarithms->plus(*logarithm_of_value) : std::nullopt;
  }
  const auto mean = logarithms ? logarithms->divided_by(n) : std::nullopt;
  const auto result = mean ? mean->exponential() : std::nullopt;
  if (!result) return {};
  // Logarithms lose the last digit; a root that is exact to six places is taken as exact.
  const Decimal near = result->rounded(6);
  std::optional<Decimal> product_of_all = Decimal::of(1), power_of_near = near.power(n);
  for (const Decimal value : values->values) product_of_all = product_of_all ? product_of_all->times(value) : product_of_all;
  return Value::decimal(product_of_all && power_of_near && *product_of_all == *power_of_near ? near : *result);
}

}  // namespace catchment::cql::implementations
