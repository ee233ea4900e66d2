// Units of measure: a reader and converter for UCUM (ucum.org, version 2.1) as clinical data uses it.
//
// In: a case-sensitive UCUM unit such as "mg/dL", "10*9/L", "mm[Hg]", "{score}". Out: whether two units measure
// the same thing, exact conversion between them, and products and quotients of units.
// Always: factors are exact fractions (pi to 21 digits); Cel and [degF] convert with their offsets but take no part
// in arithmetic; other special units ([pH], B, ...) are only ever equal to themselves. Arbitrary units ([iU]) are
// their own dimension. Not a calendar: "year" and "days" are the caller's to handle.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cql/values/decimal.h"

namespace catchment::cql {

/// One base dimension (or arbitrary unit) and its exponent.
using Dimension = std::pair<std::string_view, int>;

struct Unit {
  UInt128 numerator = 1;    // value in base units = number * numerator / denominator * 10^exponent
  UInt128 denominator = 1;
  int exponent = 0;
  std::vector<Dimension> dimensions;  // by name, no zero exponents
  enum class Special : std::uint8_t { none, celsius, fahrenheit, other } special = Special::none;
  std::vector<std::pair<std::string, int>> terms;  // as written: ("mg", 1), ("dL", -1)
};

class UnitReader {
 public:
  /// The unit, or null when the text is not a unit this reader knows.
  std::shared_ptr<const Unit> find(const std::string& code);

  bool commensurable(const std::string& from, const std::string& to);
  /// Nothing when the units measure different things or the result cannot be represented.
  std::optional<Decimal> convert(Decimal value, const std::string& from, const std::string& to);
  /// Less than, equal or greater, exactly; nothing when the units measure different things.
  std::optional<std::strong_ordering> compare(Decimal a, const std::string& a_unit, Decimal b, const std::string& b_unit);
  /// True when one `a` is a smaller amount than one `b` ("cm" against "m"). Precondition: commensurable.
  bool is_smaller(const std::string& a, const std::string& b);
  /// "cm" by "cm2" is "cm3"; with `divide`, "mg" by "mL" is "mg/mL". Nothing for an unknown or special unit.
  std::optional<std::string> combine(const std::string& a, const std::string& b, bool divide);

 private:
  std::map<std::string, std::shared_ptr<const Unit>, std::less<>> known_;
};

/// One atom of UCUM: `definition` is a number and a unit ("0.3048 m"), or empty for a base or arbitrary unit.
struct UnitAtom {
  std::string_view code;
  bool metric;  // takes prefixes
  std::string_view value;
  std::string_view unit;
};
const UnitAtom* unit_atom(std::string_view code);

}  // namespace catchment::cql
