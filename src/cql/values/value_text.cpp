// A value as CQL source, iteratively bounded by the depth of the value itself.
#include <fmt/core.h>

#include "cql/values/value.h"

namespace catchment::cql {

namespace {

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    switch (c) {
      case '\'': result += "\\'"; break;
      case '\\': result += "\\\\"; break;
      case '\n': result += "\\n"; break;
      case '\r': result += "\\r"; break;
      case '\t': result += "\\t"; break;
      case '\f': result += "\\f"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else result += c;
    }
  }
  return result + "'";
}

std::string name_of_element(const std::string& name) {
  bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  for (const char c : name) plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
  return plain ? name : "\"" + name + "\"";
}

std::string quantity_text(const QuantityPayload& quantity) {
  const std::string number = quantity.value.text(quantity.value.significant_places());
  if (calendar_unit(quantity.unit) != Precision::none) return number + " " + quantity.unit;
  return number + " " + quoted(quantity.unit);
}

std::string code_text(const CodePayload& code) {
  std::string result = "Code { code: " + quoted(code.code);
  if (!code.system.empty()) result += ", system: " + quoted(code.system);
  if (!code.version.empty()) result += ", version: " + quoted(code.version);
  if (!code.display.empty()) result += ", display: " + quoted(code.display);
  return result + " }";
}

std::string joined(const std::vector<Value>& values) {
  std::string result;
  for (const Value& value : values) result += (result.empty() ? "" : ", ") + to_cql(value);
  return result;
}

std::string tuple_text(const TuplePayload& tuple) {
  if (tuple.elements.empty()) return "Tuple { : }";
  std::string result = "Tuple { ";
  for (std::size_t i = 0; i < tuple.elements.size(); ++i)
    result += (i == 0 ? "" : ", ") + name_of_element((*tuple.names)[i]) + ": " + to_cql(tuple.elements[i]);
  return result + " }";
}

std::string vocabulary_text(const VocabularyPayload& vocabulary) {
  std::string result = fmt::format("{} {{ id: {}", kind_name(vocabulary.kind()), quoted(vocabulary.id));
  if (!vocabulary.version.empty()) result += ", version: " + quoted(vocabulary.version);
  return result + " }";
}

std::string temporal_literal(const Temporal& value) {
  const std::string text = value.text();
  if (value.kind == TemporalKind::time) return "@T" + text;
  // A DateTime known to the day or less is written with a trailing T.
  return value.kind == TemporalKind::datetime && !value.has(Precision::hour) ? "@" + text + "T" : "@" + text;
}

}  // namespace

std::string to_cql(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return "null";
    case Kind::boolean: return value.as_boolean() ? "true" : "false";
    case Kind::integer: return std::to_string(value.as_integer());
    case Kind::long_integer: return std::to_string(value.as_long()) + "L";
    case Kind::decimal: {
      const int places = std::max(value.written_places(), value.as_decimal().significant_places());
      return value.as_decimal().text(places < 1 ? 1 : places);
    }
    case Kind::date:
    case Kind::datetime:
    case Kind::time: return temporal_literal(value.as_temporal());
    case Kind::string: return quoted(value.as_string());
    case Kind::quantity: return quantity_text(value.as_quantity());
    case Kind::ratio: return to_cql(value.as_ratio().numerator) + ":" + to_cql(value.as_ratio().denominator);
    case Kind::code: return code_text(value.as_code());
    case Kind::concept_: {
      const ConceptPayload& payload = value.as_concept();
      std::string result = "Concept { codes: { " + joined(payload.codes) + " }";
      if (!payload.display.empty()) result += ", display: " + quoted(payload.display);
      return result + " }";
    }
    case Kind::value_set:
    case Kind::code_system: return vocabulary_text(value.as_vocabulary());
    case Kind::interval: {
      const IntervalPayload& payload = value.as_interval();
      return fmt::format("Interval{}{}, {}{}", payload.low_closed ? '[' : '(', to_cql(payload.low), to_cql(payload.high), payload.high_closed ? ']' : ')');
    }
    case Kind::list: return value.as_list().empty() ? "{ }" : "{ " + joined(value.as_list()) + " }";
    case Kind::tuple: return tuple_text(value.as_tuple());
    case Kind::uncertain: return fmt::format("Interval[{}, {}]", to_cql(value.as_uncertain().first), to_cql(value.as_uncertain().second));
    case Kind::object: return value.as_object().label();
  }
  return {};
}

}  // namespace catchment::cql
