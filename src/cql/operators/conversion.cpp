// Conversions between system types (CQL reference, Type Operators). What cannot be converted is null.
#include <fmt/core.h>

#include <algorithm>

#include "cql/operators/context.h"
#include "cql/operators/implementations.h"
#include "cql/operators/relations.h"

namespace catchment::cql::implementations {

namespace {

std::optional<std::int64_t> parse_whole(std::string_view text) {
  const auto value = text.find('.') == std::string_view::npos ? Decimal::parse(text) : std::nullopt;
  return value ? value->to_long() : std::nullopt;
}

Decimal number_of(const Value& value) { return value.is(Kind::decimal) ? value.as_decimal() : Decimal::of(value.as_long()); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// "5.5 'mg'", "4 days", "12": nothing when malformed.
Value parse_quantity(std::string_view text) {
  text = trimmed(text);
  const std::size_t end = text.find_first_not_of("+-0123456789.");
  const auto number = Decimal::parse(text.substr(0, end));
  if (!number) return {};
  if (end == std::string_view::npos) return Value::quantity(*number, "1");
  std::string_view unit = trimmed(text.substr(end));
  if (unit.size() > 2 && unit.front() == '\'' && unit.back() == '\'') return Value::quantity(*number, std::string(unit.substr(1, unit.size() - 2)));
  return calendar_unit(unit) != Precision::none ? Value::quantity(*number, std::string(unit)) : Value();
}

Value parse_ratio(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (text[i] != ':' || quoted) continue;
    Value numerator = parse_quantity(text.substr(0, i)), denominator = parse_quantity(text.substr(i + 1));
    if (numerator.is_null() || denominator.is_null()) return {};
    return Value::ratio(std::move(numerator), std::move(denominator));
  }
  return {};
}

Value temporal_or_null(const std::optional<Temporal>& value) { return value ? Value::temporal(*value) : Value(); }

/// A time of day; an offset is allowed and says nothing about a time of day.
std::optional<Temporal> parse_time_with_offset(std::string_view text) {
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  else if (const auto sign = text.find_last_of("+-"); sign != std::string_view::npos && text.size() - sign == 6 && text[sign + 3] == ':')
    text = text.substr(0, sign);
  return Temporal::parse_time(text);
}

}  // namespace

Value to_boolean(const Call&, Operands o) {
  if (o[0].is(Kind::boolean)) return o[0];
  if (!o[0].is(Kind::string)) {
    const Decimal number = number_of(o[0]);
    return number == Decimal::of(1) ? Value::boolean(true) : number.is_zero() ? Value::boolean(false) : Value();
  }
  std::string text = o[0].as_string();
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const char* yes : {"true", "t", "yes", "y", "1"})
    if (text == yes) return Value::boolean(true);
  for (const char* no : {"false", "f", "no", "n", "0"})
    if (text == no) return Value::boolean(false);
  return {};
}

namespace {

std::optional<std::int64_t> whole_of(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean: return value.as_boolean() ? 1 : 0;
    case Kind::string: return parse_whole(value.as_string());
    case Kind::decimal: return value.as_decimal().to_long();
    default: return value.as_long();
  }
}

}  // namespace

Value to_integer(const Call&, Operands o) {
  if (o[0].is(Kind::uncertain)) return o[0];
  const auto value = whole_of(o[0]);
  return value && *value >= INT32_MIN && *value <= INT32_MAX ? Value::integer(static_cast<std::int32_t>(*value)) : Value();
}

Value to_long(const Call&, Operands o) {
  if (o[0].is(Kind::uncertain)) return o[0];
  const auto value = whole_of(o[0]);
  return value ? Value::long_integer(*value) : Value();
}

Value to_decimal(const Call&, Operands o) {
  switch (o[0].kind()) {
    case Kind::decimal:
    case Kind::uncertain: return o[0];
    case Kind::boolean: return Value::decimal(Decimal::of(o[0].as_boolean() ? 1 : 0));
    case Kind::string: {
      int places = 0;
      const auto value = Decimal::parse(o[0].as_string(), &places);
      return value ? Value::decimal(*value, places) : Value();
    }
    default: return Value::decimal(Decimal::of(o[0].as_long()));
  }
}

Value to_quantity(const Call&, Operands o) {
  switch (o[0].kind()) {
    case Kind::quantity: return o[0];
    case Kind::string: return parse_quantity(o[0].as_string());
    case Kind::ratio: {
      const auto& ratio = o[0].as_ratio();
      if (!ratio.numerator.is(Kind::quantity) || !ratio.denominator.is(Kind::quantity)) return {};
      const auto value = ratio.numerator.as_quantity().value.divided_by(ratio.denominator.as_quantity().value);
      return value ? Value::quantity(*value, ratio.numerator.as_quantity().unit) : Value();
    }
    case Kind::uncertain: throw EvaluationError("an uncertain duration cannot become a quantity");
    default: return Value::quantity(number_of(o[0]), "1");
  }
}

Value to_quantity_with_unit(const Call&, Operands o) { return Value::quantity(number_of(o[0]), o[1].as_string()); }

Value to_ratio(const Call&, Operands o) { return o[0].is(Kind::ratio) ? o[0] : parse_ratio(o[0].as_string()); }

Value to_string_value(const Call&, Operands o) {
  switch (o[0].kind()) {
    case Kind::string: return o[0];
    case Kind::long_integer: return Value::string(std::to_string(o[0].as_long()));
    case Kind::date:
    case Kind::datetime:
    case Kind::time: return Value::string(o[0].as_temporal().text());
    default: return Value::string(to_cql(o[0]));
  }
}

Value to_date(const Call& call, Operands o) {
  if (o[0].is(Kind::date)) return o[0];
  if (o[0].is(Kind::datetime)) return date_from(call, o);
  const std::string& text = o[0].as_string();
  return temporal_or_null(Temporal::parse_date(text.substr(0, text.find('T'))));
}

Value to_datetime(const Call&, Operands o) {
  if (o[0].is(Kind::datetime)) return o[0];
  if (o[0].is(Kind::string)) return temporal_or_null(Temporal::parse_datetime(o[0].as_string()));
  Temporal t = o[0].as_temporal();  // a Date: the time of day stays unknown
  t.kind = TemporalKind::datetime;
  return Value::temporal(t);
}

Value to_time(const Call& call, Operands o) {
  if (o[0].is(Kind::time)) return o[0];
  if (o[0].is(Kind::datetime)) return time_from(call, o);
  return temporal_or_null(parse_time_with_offset(o[0].as_string()));
}

Value to_concept(const Call&, Operands o) {
  if (o[0].is(Kind::concept_)) return o[0];
  if (o[0].is(Kind::code)) return Value::concept_({o[0]}, o[0].as_code().display);
  return Value::concept_(o[0].as_list());
}

Value to_codes(const Call&, Operands o) { return Value::list(o[0].as_concept().codes); }

namespace {

using Conversion = Value (*)(const Call&, Operands);

/// Whether `conversion` takes this kind and gives a value.
Value converts(const Call& call, Operands o, Conversion conversion, std::initializer_list<Kind> kinds) {
  if (std::find(kinds.begin(), kinds.end(), o[0].kind()) == kinds.end()) return Value::boolean(false);
  return Value::boolean(!conversion(call, o).is_null());
}

}  // namespace

Value converts_to_boolean(const Call& call, Operands o) {
  return converts(call, o, to_boolean, {Kind::boolean, Kind::integer, Kind::long_integer, Kind::decimal, Kind::string});
}
Value converts_to_integer(const Call& call, Operands o) {
  return converts(call, o, to_integer, {Kind::boolean, Kind::integer, Kind::long_integer, Kind::string});
}
Value converts_to_long(const Call& call, Operands o) { return converts(call, o, to_long, {Kind::boolean, Kind::integer, Kind::long_integer, Kind::string}); }
Value converts_to_decimal(const Call& call, Operands o) {
  return converts(call, o, to_decimal, {Kind::boolean, Kind::integer, Kind::long_integer, Kind::decimal, Kind::string});
}
Value converts_to_quantity(const Call& call, Operands o) {
  return converts(call, o, to_quantity, {Kind::quantity, Kind::integer, Kind::long_integer, Kind::decimal, Kind::string, Kind::ratio});
}
Value converts_to_ratio(const Call& call, Operands o) { return converts(call, o, to_ratio, {Kind::ratio, Kind::string}); }
Value converts_to_string(const Call& call, Operands o) {
  return converts(
      call, o, to_string_value,
      {Kind::boolean, Kind::integer, Kind::long_integer, Kind::decimal, Kind::quantity, Kind::ratio, Kind::date, Kind::datetime, Kind::time, Kind::string});
}
Value converts_to_date(const Call& call, Operands o) { return converts(call, o, to_date, {Kind::date, Kind::datetime, Kind::string}); }
Value converts_to_datetime(const Call& call, Operands o) { return converts(call, o, to_datetime, {Kind::datetime, Kind::date, Kind::string}); }
Value converts_to_time(const Call& call, Operands o) { return converts(call, o, to_time, {Kind::time, Kind::datetime, Kind::string}); }

Value convert_quantity(const Call& call, Operands o) {
  const auto value = quantity_in(call.context, o[0].as_quantity(), o[1].as_string());
  return value ? Value::quantity(*value, o[1].as_string()) : Value();
}

Value can_convert_quantity(const Call& call, Operands o) { return Value::boolean(quantity_in(call.context, o[0].as_quantity(), o[1].as_string()).has_value()); }

}  // namespace catchment::cql::implementations
