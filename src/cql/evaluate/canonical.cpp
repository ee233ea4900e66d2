#include "cql/evaluate/canonical.h"

#include <algorithm>

#include "cql/operators/bounds.h"

namespace catchment::cql {

namespace {

Value shown(const Value& value) {
  if (!value.is(Kind::uncertain)) return value;
  return Value::interval(value.as_uncertain().first, value.as_uncertain().second, true, true);
}

bool same_temporal(Context& context, Temporal a, Temporal b) {
  if (a.kind == TemporalKind::datetime && a.has(Precision::hour)) {
    if (a.offset_minutes == Temporal::no_offset) a.offset_minutes = context.default_offset();
    if (b.offset_minutes == Temporal::no_offset) b.offset_minutes = context.default_offset();
  } else {
    a.offset_minutes = b.offset_minutes = Temporal::no_offset;
  }
  return a == b;
}

bool same_list(Context& context, const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Value& x, const Value& y) { return is_same_value(context, x, y); });
}

bool same_tuple(Context& context, const TuplePayload& a, const TuplePayload& b) {
  if (a.elements.size() != b.elements.size()) return false;
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    const Value* other = b.find((*a.names)[i]);
    if (other == nullptr || !is_same_value(context, a.elements[i], *other)) return false;
  }
  return true;
}

/// By the points they begin and end with, or by the bounds as written when those are not known.
bool same_interval(Context& context, const Value& a, const Value& b) {
  const IntervalPayload &left = a.as_interval(), &right = b.as_interval();
  const auto side = [&](const Value& x, bool x_closed, const Value& y, bool y_closed, const Value& x_end, const Value& y_end) {
    if (x.is_null() || y.is_null()) return x.is_null() && y.is_null() && x_closed == y_closed;
    return is_same_value(context, x_end, y_end);
  };
  return side(left.low, left.low_closed, right.low, right.low_closed, interval_start(context, a), interval_start(context, b)) &&
      side(left.high, left.high_closed, right.high, right.high_closed, interval_end(context, a), interval_end(context, b));
}

bool same_unit(const std::string& a, const std::string& b) { return a == b || (calendar_unit(a) != Precision::none && calendar_unit(a) == calendar_unit(b)); }

bool same_code(const CodePayload& a, const CodePayload& b) {
  return a.code == b.code && a.system == b.system && a.version == b.version && a.display == b.display;
}

}  // namespace

bool is_same_value(Context& context, const Value& actual, const Value& expected) {
  const Value a = shown(actual), b = shown(expected);
  if (a.is(Kind::decimal) && (b.is(Kind::integer) || b.is(Kind::long_integer))) return a.as_decimal() == Decimal::of(b.as_long());
  if (a.is(Kind::datetime) && b.is(Kind::date)) {
    Temporal date = b.as_temporal();
    date.kind = TemporalKind::datetime;
    return same_temporal(context, a.as_temporal(), date);
  }
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null: return true;
    case Kind::boolean:
    case Kind::integer:
    case Kind::long_integer: return a.as_long() == b.as_long();
    case Kind::decimal: return a.as_decimal() == b.as_decimal();
    case Kind::date:
    case Kind::datetime:
    case Kind::time: return same_temporal(context, a.as_temporal(), b.as_temporal());
    case Kind::string: return a.as_string() == b.as_string();
    case Kind::quantity: return a.as_quantity().value == b.as_quantity().value && same_unit(a.as_quantity().unit, b.as_quantity().unit);
    case Kind::ratio:
      return is_same_value(context, a.as_ratio().numerator, b.as_ratio().numerator) &&
          is_same_value(context, a.as_ratio().denominator, b.as_ratio().denominator);
    case Kind::code: return same_code(a.as_code(), b.as_code());
    case Kind::concept_: return a.as_concept().display == b.as_concept().display && same_list(context, a.as_concept().codes, b.as_concept().codes);
    case Kind::value_set:
    case Kind::code_system: return a.as_vocabulary().id == b.as_vocabulary().id && a.as_vocabulary().version == b.as_vocabulary().version;
    case Kind::interval: return same_interval(context, a, b);
    case Kind::list: return same_list(context, a.as_list(), b.as_list());
    case Kind::tuple: return same_tuple(context, a.as_tuple(), b.as_tuple());
    case Kind::object: return a.as_object().equals(b.as_object());
    case Kind::uncertain: return false;  // shown as an interval above
  }
  return false;
}

}  // namespace catchment::cql
