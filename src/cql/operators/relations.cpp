#include "cql/operators/relations.h"

#include <algorithm>
#include <functional>

#include "cql/operators/bounds.h"

namespace catchment::cql {

namespace {

bool is_number(Kind kind) { return kind == Kind::integer || kind == Kind::long_integer || kind == Kind::decimal; }

Decimal number_of(const Value& value) { return value.is(Kind::decimal) ? value.as_decimal() : Decimal::of(value.as_long()); }

std::uint8_t outcome_of(std::strong_ordering order) { return order < 0 ? Outcomes::less : order > 0 ? Outcomes::greater : Outcomes::equal; }

/// A value that lies between two others: which outcomes the bounds leave open.
std::uint8_t uncertain_outcomes(Context& context, const Value& a, const Value& b, Precision precision) {
  const Value& a_low = a.is(Kind::uncertain) ? a.as_uncertain().first : a;
  const Value& a_high = a.is(Kind::uncertain) ? a.as_uncertain().second : a;
  const Value& b_low = b.is(Kind::uncertain) ? b.as_uncertain().first : b;
  const Value& b_high = b.is(Kind::uncertain) ? b.as_uncertain().second : b;
  const std::uint8_t first = outcomes(context, a_low, b_high, precision);
  const std::uint8_t last = outcomes(context, a_high, b_low, precision);
  if (first == incomparable || last == incomparable) return incomparable;
  std::uint8_t possible = 0;
  if (first & Outcomes::less) possible |= Outcomes::less;
  if (last & Outcomes::greater) possible |= Outcomes::greater;
  if ((first & (Outcomes::less | Outcomes::equal)) && (last & (Outcomes::greater | Outcomes::equal))) possible |= Outcomes::equal;
  return possible;
}

std::uint8_t temporal_outcomes(Context& context, const Value& a, const Value& b, Precision precision) {
  if (a.is_day() && b.is_day() && (precision == Precision::none || precision == Precision::day)) return outcome_of(a.local_ms() <=> b.local_ms());
  Temporal left = a.as_temporal(), right = b.as_temporal();
  if (left.kind != right.kind) {
    if (left.kind == TemporalKind::time || right.kind == TemporalKind::time) return incomparable;
    left.kind = right.kind = TemporalKind::datetime;  // a Date is a DateTime known to the day
  }
  return compare(left, right, precision, context.default_offset());
}

}  // namespace

std::uint8_t outcomes(Context& context, const Value& a, const Value& b, Precision precision) {
  if (a.is(Kind::uncertain) || b.is(Kind::uncertain)) {
    if (a.is_null() || b.is_null()) return incomparable;
    return uncertain_outcomes(context, a, b, precision);
  }
  if (is_number(a.kind()) && is_number(b.kind())) {
    if (!a.is(Kind::decimal) && !b.is(Kind::decimal)) return outcome_of(a.as_long() <=> b.as_long());
    return outcome_of(number_of(a) <=> number_of(b));
  }
  if (a.is_temporal() && b.is_temporal()) return temporal_outcomes(context, a, b, precision);
  if (a.is(Kind::string) && b.is(Kind::string)) return outcome_of(a.as_string().compare(b.as_string()) <=> 0);
  if (a.is(Kind::quantity) && b.is(Kind::quantity)) {
    const auto order = compare_quantities(context, a.as_quantity(), b.as_quantity());
    return order ? outcome_of(*order) : static_cast<std::uint8_t>(incomparable);
  }
  return incomparable;
}

Truth certainty(std::uint8_t possible, std::uint8_t wanted) {
  if (possible == incomparable) return Truth::unknown;
  if ((possible & static_cast<std::uint8_t>(~wanted)) == 0) return Truth::yes;
  return (possible & wanted) == 0 ? Truth::no : Truth::unknown;
}

namespace {

Truth texts_equal(const std::string& a, const std::string& b) {  // empty text is null
  if (a.empty() && b.empty()) return Truth::yes;
  if (a.empty() || b.empty()) return Truth::unknown;
  return a == b ? Truth::yes : Truth::no;
}

Truth lists_equal(Context& context, const std::vector<Value>& a, const std::vector<Value>& b) {
  if (a.size() != b.size()) return Truth::no;
  Truth result = Truth::yes;
  for (std::size_t i = 0; i < a.size() && result != Truth::no; ++i) {
    if (a[i].is_null() && b[i].is_null()) continue;
    result = truth_and(result, is_equal(context, a[i], b[i]));
  }
  return result;
}

/// Element by element in name order; the first that is not certainly equal decides, as the conformance suite has it
/// (TupleEqDifferentNamesWithOneNullId: a null element before an unequal one leaves the answer open).
Truth tuples_equal(Context& context, const TuplePayload& a, const TuplePayload& b) {
  if (a.elements.size() != b.elements.size()) return Truth::no;
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    const Value* other = a.names == b.names ? &b.elements[i] : b.find((*a.names)[i]);
    if (other == nullptr) return Truth::no;
    if (a.elements[i].is_null() && other->is_null()) continue;
    const Truth same = is_equal(context, a.elements[i], *other);
    if (same != Truth::yes) return same;
  }
  return Truth::yes;
}

Truth codes_equal(const CodePayload& a, const CodePayload& b) {
  return truth_and(truth_and(texts_equal(a.code, b.code), texts_equal(a.system, b.system)),
                   truth_and(texts_equal(a.version, b.version), texts_equal(a.display, b.display)));
}

/// Values of two kinds are unequal, save numbers and uncertain ones, which compare.
Truth compared_equal(Context& context, const Value& a, const Value& b) {
  const bool comparable_kinds = a.kind() == b.kind() || (is_number(a.kind()) && is_number(b.kind())) || a.is(Kind::uncertain) || b.is(Kind::uncertain) ||
      (a.is_temporal() && b.is_temporal());
  if (!comparable_kinds) return Truth::no;
  return certainty(outcomes(context, a, b), Outcomes::equal);
}

}  // namespace

Truth is_equal(Context& context, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Truth::unknown;
  context.spend();
  if (a.kind() != b.kind()) return compared_equal(context, a, b);
  switch (a.kind()) {
    case Kind::boolean: return a.as_boolean() == b.as_boolean() ? Truth::yes : Truth::no;
    case Kind::integer:
    case Kind::long_integer: return a.as_long() == b.as_long() ? Truth::yes : Truth::no;
    case Kind::list: return lists_equal(context, a.as_list(), b.as_list());
    case Kind::tuple: return tuples_equal(context, a.as_tuple(), b.as_tuple());
    case Kind::ratio:
      return truth_and(is_equal(context, a.as_ratio().numerator, b.as_ratio().numerator),
                       is_equal(context, a.as_ratio().denominator, b.as_ratio().denominator));
    case Kind::code: return codes_equal(a.as_code(), b.as_code());
    case Kind::concept_:
      return truth_and(lists_equal(context, a.as_concept().codes, b.as_concept().codes), texts_equal(a.as_concept().display, b.as_concept().display));
    case Kind::value_set:
    case Kind::code_system:
      return truth_and(texts_equal(a.as_vocabulary().id, b.as_vocabulary().id), texts_equal(a.as_vocabulary().version, b.as_vocabulary().version));
    case Kind::interval: {
      const Value a_start = interval_start(context, a), b_start = interval_start(context, b);
      const Value a_end = interval_end(context, a), b_end = interval_end(context, b);
      return truth_and(is_equal(context, a_start, b_start), is_equal(context, a_end, b_end));
    }
    case Kind::object: return a.as_object().equals(b.as_object()) ? Truth::yes : Truth::no;
    default: return certainty(outcomes(context, a, b), Outcomes::equal);
  }
}

Truth is_same_element(Context& context, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null() ? Truth::yes : Truth::no;
  return is_equal(context, a, b);
}

int sort_order(Context& context, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return static_cast<int>(b.is_null()) - static_cast<int>(a.is_null()) == 0 ? 0 : a.is_null() ? -1 : 1;
  if (a.is(Kind::boolean) && b.is(Kind::boolean)) return static_cast<int>(a.as_boolean()) - static_cast<int>(b.as_boolean());
  const std::uint8_t possible = outcomes(context, a, b);
  if (possible == Outcomes::less) return -1;
  if (possible == Outcomes::greater) return 1;
  if (possible != Outcomes::equal && a.is_temporal() && b.is_temporal())
    return static_cast<int>(a.as_temporal().precision) - static_cast<int>(b.as_temporal().precision);
  return 0;
}

namespace {

std::size_t mix(std::size_t seed, std::size_t value) { return (seed ^ value) * 0x9E3779B97F4A7C15ULL + (seed >> 29); }

}  // namespace

std::size_t hash_of(Context& context, const Value& value) {
  context.spend();
  const std::hash<std::string_view> text_hash;
  switch (value.kind()) {
    case Kind::boolean: return value.as_boolean() ? 3 : 5;
    case Kind::integer:
    case Kind::long_integer:
    case Kind::decimal: return mix(7, static_cast<std::size_t>(number_of(value).scaled()));
    case Kind::string: return text_hash(value.as_string());
    case Kind::date:
    case Kind::datetime:
    case Kind::time: {
      const Temporal t = value.as_temporal();
      return mix(11, static_cast<std::size_t>(t.has(Precision::hour) ? t.instant(context.default_offset()) : t.local_ms));
    }
    case Kind::code: return text_hash(value.as_code().code);
    case Kind::list: {
      std::size_t seed = value.as_list().size();
      for (const Value& element : value.as_list()) seed = mix(seed, hash_of(context, element));
      return seed;
    }
    case Kind::tuple: {
      std::size_t sum = value.as_tuple().elements.size();  // names may come in another order
      for (const Value& element : value.as_tuple().elements) sum += hash_of(context, element);
      return sum;
    }
    case Kind::object: return value.as_object().hash();
    default: return static_cast<std::size_t>(value.kind());
  }
}

}  // namespace catchment::cql
