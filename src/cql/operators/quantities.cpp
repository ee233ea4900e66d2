// Comparison of quantities: UCUM units, and calendar durations by the rules of CQL (reference, Equal).
#include "cql/operators/relations.h"

namespace catchment::cql {

namespace {

/// The definite unit a calendar unit up to weeks stands for; a year or month has none.
std::string definite(const std::string& unit) {
  switch (calendar_unit(unit)) {
    case Precision::week: return "wk";
    case Precision::day: return "d";
    case Precision::hour: return "h";
    case Precision::minute: return "min";
    case Precision::second: return "s";
    case Precision::millisecond: return "ms";
    default: return unit;
  }
}

/// Months in a calendar year or month; 0 for any other unit.
int calendar_months(const std::string& unit) {
  const Precision calendar = calendar_unit(unit);
  return calendar == Precision::year ? 12 : calendar == Precision::month ? 1 : 0;
}

}  // namespace

std::optional<Decimal> quantity_in(Context& context, const QuantityPayload& quantity, const std::string& unit) {
  if (quantity.unit == unit) return quantity.value;
  const int from = calendar_months(quantity.unit), to = calendar_months(unit);
  if (from != 0 || to != 0) {
    if (from == 0 || to == 0) return std::nullopt;
    return quantity.value.scaled_by(static_cast<unsigned>(from), static_cast<unsigned>(to), 0);
  }
  return context.units.convert(quantity.value, definite(quantity.unit), definite(unit));
}

std::optional<std::strong_ordering> compare_quantities(Context& context, const QuantityPayload& a, const QuantityPayload& b) {
  if (a.unit == b.unit) return a.value <=> b.value;
  const int a_months = calendar_months(a.unit), b_months = calendar_months(b.unit);
  if (a_months != 0 || b_months != 0) {
    if (a_months == 0 || b_months == 0) return std::nullopt;
    const auto left = a.value.times(Decimal::of(a_months)), right = b.value.times(Decimal::of(b_months));
    if (!left || !right) return std::nullopt;
    return *left <=> *right;
  }
  return context.units.compare(a.value, definite(a.unit), b.value, definite(b.unit));
}

}  // namespace catchment::cql
