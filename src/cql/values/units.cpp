#include "cql/values/units.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace catchment::cql {

namespace {

struct Prefix {
  std::string_view code;
  UInt128 factor;
  int exponent;
};
constexpr std::array<Prefix, 24> prefixes{{{"da", 1, 1},  {"Ki", 1024, 0}, {"Mi", 1048576, 0}, {"Gi", 1073741824, 0}, {"Y", 1, 24},  {"Z", 1, 21},
                                           {"E", 1, 18},  {"P", 1, 15},    {"T", 1, 12},       {"G", 1, 9},           {"M", 1, 6},   {"k", 1, 3},
                                           {"h", 1, 2},   {"d", 1, -1},    {"c", 1, -2},       {"m", 1, -3},          {"u", 1, -6},  {"n", 1, -9},
                                           {"p", 1, -12}, {"f", 1, -15},   {"a", 1, -18},      {"z", 1, -21},         {"y", 1, -24}, {"Ti", 1099511627776, 0}}};

UInt128 greatest_common_divisor(UInt128 a, UInt128 b) {
  while (b != 0) {
    const UInt128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// Takes tens out of the fraction so that products stay small, and reduces it.
void reduce(Unit& unit) {
  const UInt128 common = greatest_common_divisor(unit.numerator, unit.denominator);
  unit.numerator /= common;
  unit.denominator /= common;
  while (unit.numerator % 10 == 0) {
    unit.numerator /= 10;
    ++unit.exponent;
  }
  while (unit.denominator % 10 == 0) {
    unit.denominator /= 10;
    --unit.exponent;
  }
}

void add_dimension(Unit& unit, std::string_view name, int exponent) {
  for (auto at = unit.dimensions.begin(); at != unit.dimensions.end(); ++at) {
    if (at->first != name) continue;
    at->second += exponent;
    if (at->second == 0) unit.dimensions.erase(at);
    return;
  }
  unit.dimensions.emplace_back(name, exponent);
  std::sort(unit.dimensions.begin(), unit.dimensions.end());
}

bool safe_product(UInt128& a, UInt128 b) {
  const Wide product = Wide::product(a, b);
  if (!product.fits() || (product.low >> 126) != 0) return false;
  a = product.low;
  return true;
}

/// unit *= other ^ power. False when the factor becomes too large or a special unit takes part.
bool multiply(Unit& unit, const Unit& other, int power) {
  if (other.special != Unit::Special::none) return false;
  const int count = power < 0 ? -power : power;
  for (int i = 0; i < count; ++i) {
    if (!safe_product(unit.numerator, power > 0 ? other.numerator : other.denominator)) return false;
    if (!safe_product(unit.denominator, power > 0 ? other.denominator : other.numerator)) return false;
    reduce(unit);
  }
  unit.exponent += power * other.exponent;
  for (const auto& [name, exponent] : other.dimensions) add_dimension(unit, name, exponent * power);
  return true;
}

/// Recursive-descent reader of the UCUM grammar; definitions of atoms are read the same way.
class Reader {
 public:
  explicit Reader(std::string_view text, int depth) : rest_(text), depth_(depth) {}

  bool whole(Unit& unit) { return term(unit, 1) && rest_.empty(); }

 private:
  static constexpr int max_depth = 40;

  bool term(Unit& unit, int sign) {
    if (++depth_ > max_depth) return false;
    int direction = 1;
    if (!rest_.empty() && rest_[0] == '/') {
      direction = -1;
      rest_.remove_prefix(1);
    }
    for (;;) {
      if (!component(unit, sign * direction)) return false;
      if (rest_.empty() || rest_[0] == ')') break;
      if (rest_[0] != '.' && rest_[0] != '/') return false;
      direction = rest_[0] == '/' ? -1 : 1;
      rest_.remove_prefix(1);
    }
    --depth_;
    return true;
  }

  bool component(Unit& unit, int power) {
    if (rest_.empty()) return false;
    if (rest_[0] == '(') {
      rest_.remove_prefix(1);
      if (!term(unit, power) || rest_.empty() || rest_[0] != ')') return false;
      rest_.remove_prefix(1);
      return true;
    }
    if (rest_[0] == '{') return annotation();
    if (rest_[0] >= '0' && rest_[0] <= '9' && !is_power_of_ten()) return factor(unit, power);
    const std::string_view symbol = read_symbol();
    if (symbol.empty()) return false;
    int exponent = 1;
    if (!read_exponent(exponent)) return false;
    if (!rest_.empty() && rest_[0] == '{' && !annotation()) return false;
    Unit atom;
    if (!read_atom(symbol, atom)) return false;
    unit.terms.emplace_back(std::string(symbol), exponent * power);
    if (atom.special != Unit::Special::none) {
      if (exponent != 1 || power != 1 || !unit.dimensions.empty() || unit.terms.size() != 1) return false;
      auto terms = std::move(unit.terms);
      unit = atom;
      unit.terms = std::move(terms);
      return true;
    }
    return multiply(unit, atom, exponent * power);
  }

  bool annotation() {
    const auto close = rest_.find('}');
    if (close == std::string_view::npos) return false;
    rest_.remove_prefix(close + 1);
    return true;
  }

  bool is_power_of_ten() const { return rest_.substr(0, 3) == "10*" || rest_.substr(0, 3) == "10^"; }

  bool factor(Unit& unit, int power) {
    std::uint64_t value = 0;
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') {
      if (length > 17) return false;
      value = value * 10 + static_cast<unsigned>(rest_[length++] - '0');
    }
    if (value == 0) return false;
    if (value != 1) unit.terms.emplace_back(std::string(rest_.substr(0, length)), power);
    rest_.remove_prefix(length);
    Unit number;
    number.numerator = value;
    reduce(number);
    return (rest_.empty() || rest_[0] != '{' || annotation()) && multiply(unit, number, power);
  }

  /// Up to an exponent, operator or annotation; anything in brackets belongs to the symbol.
  std::string_view read_symbol() {
    std::size_t length = 0;
    if (is_power_of_ten()) length = 3;
    for (; length < rest_.size() && !(length == 3 && is_power_of_ten()); ++length) {
      const char c = rest_[length];
      if (c == '[') {
        const auto close = rest_.find(']', length);
        if (close == std::string_view::npos) return {};
        length = close;
        continue;
      }
      if (c == '.' || c == '/' || c == '(' || c == ')' || c == '{' || c == '+' || c == '-' || (c >= '0' && c <= '9')) break;
    }
    const std::string_view symbol = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return symbol;
  }

  bool read_exponent(int& exponent) {
    bool negative = false;
    std::string_view digits = rest_;
    if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
      negative = digits[0] == '-';
      digits.remove_prefix(1);
      if (digits.empty() || digits[0] < '0' || digits[0] > '9') return false;
    }
    int value = 0;
    std::size_t length = 0;
    while (length < digits.size() && digits[length] >= '0' && digits[length] <= '9') {
      value = value * 10 + (digits[length++] - '0');
      if (value > 99) return false;
    }
    if (length == 0) return true;
    digits.remove_prefix(length);
    rest_ = digits;
    exponent = negative ? -value : value;
    return true;
  }

  bool read_atom(std::string_view symbol, Unit& unit) {
    if (const UnitAtom* atom = unit_atom(symbol)) return define(*atom, unit);
    for (const Prefix& prefix : prefixes) {
      if (symbol.substr(0, prefix.code.size()) != prefix.code) continue;
      const UnitAtom* atom = unit_atom(symbol.substr(prefix.code.size()));
      if (atom == nullptr || !atom->metric || !define(*atom, unit)) continue;
      if (unit.special != Unit::Special::none) {
        unit.special = Unit::Special::other;
        unit.dimensions = {{atom->code, 1}};
        return true;
      }
      unit.numerator *= prefix.factor;
      unit.exponent += prefix.exponent;
      return true;
    }
    return false;
  }

  bool define(const UnitAtom& atom, Unit& unit) {
    unit = Unit{};
    if (atom.unit.empty()) {
      add_dimension(unit, atom.code, 1);
      return true;
    }
    if (atom.value == "special") {
      unit.special = atom.code == "Cel" ? Unit::Special::celsius : atom.code == "[degF]" ? Unit::Special::fahrenheit : Unit::Special::other;
      unit.dimensions = {{unit.special == Unit::Special::other ? atom.code : std::string_view("K"), 1}};
      return true;
    }
    unit.numerator = 0;
    for (const char c : atom.value)
      if (c != '.') unit.numerator = unit.numerator * 10 + static_cast<unsigned>(c - '0');
    const auto point = atom.value.find('.');
    if (point != std::string_view::npos) unit.exponent -= static_cast<int>(atom.value.size() - point - 1);
    reduce(unit);
    Unit rest;
    return Reader(atom.unit, depth_ + 1).whole(rest) && multiply(unit, rest, 1);
  }

  std::string_view rest_;
  int depth_ = 0;
};

/// Celsius and Fahrenheit to kelvin and back, exactly in hundred-millionths.
std::optional<Decimal> to_kelvin(Decimal value, Unit::Special special) {
  if (special == Unit::Special::celsius) return value.plus(*Decimal::parse("273.15"));
  if (special == Unit::Special::fahrenheit) {
    const auto shifted = value.plus(*Decimal::parse("459.67"));
    return shifted ? shifted->scaled_by(5, 9, 0) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Decimal> from_kelvin(Decimal value, Unit::Special special) {
  if (special == Unit::Special::celsius) return value.minus(*Decimal::parse("273.15"));
  if (special == Unit::Special::fahrenheit) {
    const auto stretched = value.scaled_by(9, 5, 0);
    return stretched ? stretched->minus(*Decimal::parse("459.67")) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Decimal> convert_units(Decimal value, const Unit& from, const Unit& to) {
  if (from.special != Unit::Special::none) {
    if (from.special == Unit::Special::celsius && to.special == Unit::Special::fahrenheit) {
      const auto stretched = value.scaled_by(9, 5, 0);  // without the trip through kelvin, so 37 is exactly 98.6
      return stretched ? stretched->plus(Decimal::of(32)) : std::nullopt;
    }
    if (from.special == Unit::Special::fahrenheit && to.special == Unit::Special::celsius) {
      const auto shifted = value.minus(Decimal::of(32));
      return shifted ? shifted->scaled_by(5, 9, 0) : std::nullopt;
    }
    const auto kelvin = to_kelvin(value, from.special);
    if (!kelvin || to.special != Unit::Special::none) return std::nullopt;
    return kelvin->scaled_by(to.denominator, to.numerator, -to.exponent);
  }
  if (to.special != Unit::Special::none) {
    const auto kelvin = value.scaled_by(from.numerator, from.denominator, from.exponent);
    return kelvin ? from_kelvin(*kelvin, to.special) : std::nullopt;
  }
  Unit factor = from;
  factor.dimensions.clear();
  Unit target = to;
  target.dimensions.clear();
  if (!multiply(factor, target, -1)) return std::nullopt;
  return value.scaled_by(factor.numerator, factor.denominator, factor.exponent);
}

UInt128 magnitude_of(Int128 value) { return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value); }

}  // namespace

std::shared_ptr<const Unit> UnitReader::find(const std::string& code) {
  const auto known = known_.find(code);
  if (known != known_.end()) return known->second;
  constexpr std::size_t longest_unit = 500, most_units = 100'000;
  if (code.size() > longest_unit) return nullptr;
  if (known_.size() > most_units) known_.clear();
  auto unit = std::make_shared<Unit>();
  const bool read = code.empty() || code == "1" ? true : Reader(code, 0).whole(*unit);
  if (!read) unit.reset();
  return known_[code] = std::move(unit);
}

bool UnitReader::commensurable(const std::string& from, const std::string& to) {
  if (from == to) return true;
  const auto a = find(from), b = find(to);
  return a != nullptr && b != nullptr && a->dimensions == b->dimensions;
}

std::optional<Decimal> UnitReader::convert(Decimal value, const std::string& from, const std::string& to) {
  if (from == to) return value;
  if (!commensurable(from, to)) return std::nullopt;
  return convert_units(value, *find(from), *find(to));
}

std::optional<std::strong_ordering> UnitReader::compare(Decimal a, const std::string& a_unit, Decimal b, const std::string& b_unit) {
  if (a_unit == b_unit) return a <=> b;
  if (!commensurable(a_unit, b_unit)) return std::nullopt;
  const auto left_unit = find(a_unit), right_unit = find(b_unit);
  const Unit &left = *left_unit, &right = *right_unit;
  if (left.special != Unit::Special::none || right.special != Unit::Special::none) {
    const auto converted = convert_units(b, right, left);
    return converted ? std::optional(a <=> *converted) : std::nullopt;
  }
  if (a.is_negative() != b.is_negative() || a.is_zero() || b.is_zero()) return a <=> b;
  Unit factor;  // left unit in right units; compare |a| * factor with |b|
  factor.numerator = left.numerator;
  factor.denominator = left.denominator;
  factor.exponent = left.exponent;
  Unit divisor;
  divisor.numerator = right.numerator;
  divisor.denominator = right.denominator;
  divisor.exponent = right.exponent;
  if (!multiply(factor, divisor, -1)) return std::nullopt;
  Wide x = Wide::product(magnitude_of(a.scaled()), factor.numerator);
  Wide y = Wide::product(magnitude_of(b.scaled()), factor.denominator);
  bool overflow = false;
  for (int i = 0; i < factor.exponent && !overflow; ++i) x = times(x, 10, overflow);
  const bool x_is_huge = overflow;
  for (int i = 0; i > factor.exponent && !overflow; --i) y = times(y, 10, overflow);
  const auto order = overflow ? (x_is_huge ? std::strong_ordering::greater : std::strong_ordering::less)
      : x == y                ? std::strong_ordering::equal
      : x < y                 ? std::strong_ordering::less
                              : std::strong_ordering::greater;
  return !a.is_negative() || order == 0 ? order : order < 0 ? std::strong_ordering::greater : std::strong_ordering::less;
}

bool UnitReader::is_smaller(const std::string& a, const std::string& b) {
  const auto order = compare(Decimal::of(1), a, Decimal::of(1), b);
  return order && *order == std::strong_ordering::less;
}

std::optional<std::string> UnitReader::combine(const std::string& a, const std::string& b, bool divide) {
  const auto left = find(a), right = find(b);
  if (left == nullptr || right == nullptr) return std::nullopt;
  if (b == "1") return a;
  if (left->special != Unit::Special::none || right->special != Unit::Special::none) return std::nullopt;
  std::vector<std::pair<std::string, int>> terms = left->terms;
  for (const auto& [symbol, exponent] : right->terms) {
    const int power = divide ? -exponent : exponent;
    const auto same = std::find_if(terms.begin(), terms.end(), [&s = symbol](const auto& t) { return t.first == s; });
    if (same == terms.end()) terms.emplace_back(symbol, power);
    else same->second += power;
  }
  const auto shown = [](const std::string& symbol, int power) { return power == 1 ? symbol : symbol + std::to_string(power); };
  std::string above, below;
  for (const auto& [symbol, power] : terms) {
    if (power > 0) above += (above.empty() ? "" : ".") + shown(symbol, power);
    if (power < 0) below += "/" + shown(symbol, -power);
  }
  const std::string result = above + below;
  return result.empty() ? "1" : result;
}

}  // namespace catchment::cql
