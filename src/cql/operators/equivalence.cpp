// The `~` operator (CQL reference, Equivalent): always true or false.
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "cql/operators/bounds.h"
#include "cql/operators/relations.h"

namespace catchment::cql {

namespace {

bool is_plain_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Lower case, every white-space character a blank. Unicode text is case-folded as a whole.
std::string normalised(const std::string& text) {
  std::string result;
  if (is_plain_ascii(text)) {
    result = text;
    for (char& c : result) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  } else {
    utf8proc_uint8_t* folded = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &folded,
                                   static_cast<utf8proc_option_t>(UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owner(folded, std::free);
    result = size < 0 ? text : std::string(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size));
    for (const char* space : {"\xC2\xA0", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE3\x80\x80"}) {
      for (auto at = result.find(space); at != std::string::npos; at = result.find(space, at)) result.replace(at, std::string_view(space).size(), " ");
    }
  }
  for (char& c : result) {
    if (is_space(c)) c = ' ';
  }
  return result;
}

bool decimals_equivalent(Decimal a, Decimal b) {
  const int places = std::min(a.significant_places(), b.significant_places());
  return a.rounded(places) == b.rounded(places);
}

bool lists_equivalent(Context& context, const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Value& x, const Value& y) { return is_equivalent(context, x, y); });
}

bool tuples_equivalent(Context& context, const TuplePayload& a, const TuplePayload& b) {
  if (a.elements.size() != b.elements.size()) return false;
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    const Value* other = b.find((*a.names)[i]);
    if (other == nullptr || !is_equivalent(context, a.elements[i], *other)) return false;
  }
  return true;
}

bool codes_equivalent(const CodePayload& a, const CodePayload& b) { return a.code == b.code && a.system == b.system; }

bool concepts_share_code(const std::vector<Value>& a, const std::vector<Value>& b) {
  for (const Value& x : a)
    for (const Value& y : b)
      if (x.is_null() ? y.is_null() : !y.is_null() && codes_equivalent(x.as_code(), y.as_code())) return true;
  return false;
}

std::vector<Value> codes_of(const Value& value) { return value.is(Kind::code) ? std::vector<Value>{value} : value.as_concept().codes; }

/// Days in a calendar year or month, and their definite namesakes as calendar units (1 year ~ 1 'a').
std::string calendar_namesake(const std::string& unit) { return unit == "a" ? "year" : unit == "mo" ? "month" : unit; }

bool quantities_equivalent(Context& context, QuantityPayload const& a, QuantityPayload const& b) {
  const auto is_long = [](const std::string& unit) {
    const Precision calendar = calendar_unit(unit);
    return calendar == Precision::year || calendar == Precision::month;
  };
  if (!is_long(a.unit) && !is_long(b.unit)) {
    if (a.unit == b.unit) return decimals_equivalent(a.value, b.value);
    if (const auto converted = quantity_in(context, b, a.unit); converted && decimals_equivalent(a.value, *converted)) return true;
    const auto order = compare_quantities(context, a, b);
    return order && *order == 0;
  }
  const QuantityPayload left(a.value, calendar_namesake(a.unit)), right(b.value, calendar_namesake(b.unit));
  if (const auto order = compare_quantities(context, left, right)) return *order == 0;
  const auto days = [&](const QuantityPayload& q) -> std::optional<Decimal> {
    const Precision calendar = calendar_unit(q.unit);
    if (calendar == Precision::year) return q.value.times(Decimal::of(365));
    if (calendar == Precision::month) return q.value.times(Decimal::of(30));
    return quantity_in(context, q, "d");
  };
  const auto left_days = days(left), right_days = days(right);
  return left_days && right_days && decimals_equivalent(*left_days, *right_days);
}

/// 1:100 ~ 10:1000, cross-multiplied after conversion to the same units.
bool ratios_equivalent(Context& context, const RatioPayload& a, const RatioPayload& b) {
  if (!a.numerator.is(Kind::quantity) || !a.denominator.is(Kind::quantity) || !b.numerator.is(Kind::quantity) || !b.denominator.is(Kind::quantity))
    return false;
  const auto numerator = quantity_in(context, b.numerator.as_quantity(), a.numerator.as_quantity().unit);
  const auto denominator = quantity_in(context, b.denominator.as_quantity(), a.denominator.as_quantity().unit);
  if (!numerator || !denominator) return false;
  const auto left = a.numerator.as_quantity().value.times(*denominator);
  const auto right = a.denominator.as_quantity().value.times(*numerator);
  return left && right && *left == *right;
}

bool is_number(Kind kind) { return kind == Kind::integer || kind == Kind::long_integer || kind == Kind::decimal; }

Decimal number_of(const Value& value) { return value.is(Kind::decimal) ? value.as_decimal() : Decimal::of(value.as_long()); }

}  // namespace

bool is_equivalent(Context& context, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  context.spend();
  if (is_number(a.kind()) && is_number(b.kind())) return decimals_equivalent(number_of(a), number_of(b));
  const bool coded = (a.is(Kind::code) || a.is(Kind::concept_)) && (b.is(Kind::code) || b.is(Kind::concept_));
  if (coded && !(a.is(Kind::code) && b.is(Kind::code))) return concepts_share_code(codes_of(a), codes_of(b));
  if (a.kind() != b.kind()) return is_equal(context, a, b) == Truth::yes;
  switch (a.kind()) {
    case Kind::string: return normalised(a.as_string()) == normalised(b.as_string());
    case Kind::quantity: return quantities_equivalent(context, a.as_quantity(), b.as_quantity());
    case Kind::ratio: return ratios_equivalent(context, a.as_ratio(), b.as_ratio());
    case Kind::code: return codes_equivalent(a.as_code(), b.as_code());
    case Kind::list: return lists_equivalent(context, a.as_list(), b.as_list());
    case Kind::tuple: return tuples_equivalent(context, a.as_tuple(), b.as_tuple());
    case Kind::interval:
      return is_equivalent(context, interval_start(context, a), interval_start(context, b)) &&
          is_equivalent(context, interval_end(context, a), interval_end(context, b));
    case Kind::value_set:
    case Kind::code_system: return a.as_vocabulary().id == b.as_vocabulary().id;
    case Kind::uncertain:
      return is_equivalent(context, a.as_uncertain().first, b.as_uncertain().first) && is_equivalent(context, a.as_uncertain().second, b.as_uncertain().second);
    default: return is_equal(context, a, b) == Truth::yes;
  }
}

}  // namespace catchment::cql
