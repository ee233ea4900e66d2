#include "fhir/data/parameters.h"

#include <fmt/core.h>

#include <array>
#include <tuple>

#include "fhir/data/json_object.h"
#include "json/json.h"

namespace catchment::fhir {

using cql::Kind;
using cql::Value;

namespace {

constexpr std::string_view type_url = "http://hl7.org/fhir/StructureDefinition/cqf-cqlType";
constexpr std::string_view ucum = "http://unitsofmeasure.org";

std::string system_name(Kind kind) {
  if (kind == Kind::null) return "System.Any";
  return "System." + std::string(cql::kind_name(kind));
}

Kind point_of(const cql::IntervalPayload& interval) {
  if (!interval.low.is_null()) return interval.low.kind();
  return interval.high.is_null() ? interval.point : interval.high.kind();
}

class ParametersWriter {
 public:
  ParametersWriter(cql::Context& context, std::size_t most_bytes) : context_(context), most_bytes_(most_bytes) {}

  std::string text_of(const Value& value) {
    out_.begin_object().key("resourceType").string("Parameters").key("parameter").begin_array();
    parameters("return", value);
    out_.end_array().end_object();
    return out_.take();
  }

 private:
  /// A list is one parameter an element; a list within it is the parts of its element.
  void parameters(std::string_view name, const Value& value) {
    if (!value.is(Kind::list)) return parameter(name, value, {});
    if (value.as_list().empty()) return absent(name, "http://hl7.org/fhir/StructureDefinition/cqf-isEmptyList", false, "List<System.Any>");
    const std::string type = cql_type_of(value);
    for (const Value& element : value.as_list()) parameter(name, element, type);
  }

  /// `list_type`: of the list that this is an element of.
  void parameter(std::string_view name, const Value& value, const std::string& list_type) {
    if (out_.text().size() > most_bytes_) throw cql::EvaluationError(fmt::format("the answer is longer than {} bytes", most_bytes_), "ask for less");
    if (value.is_null()) return absent(name, "http://hl7.org/fhir/StructureDefinition/data-absent-reason", true, list_type.empty() ? "System.Any" : list_type);
    if (value.is(Kind::tuple) && value.as_tuple().elements.empty())
      return absent(name, "http://hl7.org/fhir/StructureDefinition/cqf-isEmptyTuple", false, "System.Any");
    out_.begin_object();
    if (!list_type.empty()) write_type(list_type);
    else if (value.is(Kind::long_integer) || value.is(Kind::interval) || value.is(Kind::uncertain)) write_type(cql_type_of(value));
    out_.key("name").string(name);
    if (value.is(Kind::list)) {
      out_.key("part").begin_array();
      parameters("element", value);
      out_.end_array();
    } else if (value.is(Kind::tuple)) {
      out_.key("part").begin_array();
      for (std::size_t i = 0; i < value.as_tuple().elements.size(); ++i) parameters((*value.as_tuple().names)[i], value.as_tuple().elements[i]);
      out_.end_array();
    } else {
      single(value);
    }
    out_.end_object();
  }

  void absent(std::string_view name, std::string_view url, bool unknown, const std::string& type) {
    out_.begin_object();
    write_type(type);
    out_.key("name").string(name).key("_valueBoolean").begin_object().key("extension").begin_array().begin_object().key("url").string(url);
    if (unknown) out_.key("valueCode").string("unknown");
    else out_.key("valueBoolean").boolean(true);
    out_.end_object().end_array().end_object().end_object();
  }

  void write_type(const std::string& type) {
    out_.key("extension").begin_array().begin_object().key("url").string(type_url).key("valueString").string(type).end_object().end_array();
  }

  void single(const Value& value) {
    switch (value.kind()) {
      case Kind::boolean: out_.key("valueBoolean").boolean(value.as_boolean()); return;
      case Kind::integer: out_.key("valueInteger").integer(value.as_integer()); return;
      case Kind::long_integer: out_.key("valueString").string(std::to_string(value.as_long())); return;
      case Kind::decimal: out_.key("valueDecimal").number_text(cql::to_cql(value)); return;
      case Kind::date: out_.key("valueDate").string(value.as_temporal().text()); return;
      case Kind::datetime: out_.key("valueDateTime").string(value.as_temporal().text()); return;
      case Kind::time: out_.key("valueTime").string(value.as_temporal().text()); return;
      case Kind::string: out_.key("valueString").string(value.as_string()); return;
      case Kind::quantity:
        out_.key("valueQuantity");
        quantity(value);
        return;
      case Kind::ratio:
        out_.key("valueRatio").begin_object().key("numerator");
        quantity(value.as_ratio().numerator);
        out_.key("denominator");
        quantity(value.as_ratio().denominator);
        out_.end_object();
        return;
      case Kind::code:
        out_.key("valueCoding");
        coding(value.as_code());
        return;
      case Kind::concept_:
        out_.key("valueCodeableConcept").begin_object();
        if (!value.as_concept().codes.empty()) {
          out_.key("coding").begin_array();
          for (const Value& code : value.as_concept().codes)
            if (!code.is_null()) coding(code.as_code());
          out_.end_array();
        }
        if (!value.as_concept().display.empty()) out_.key("text").string(value.as_concept().display);
        out_.end_object();
        return;
      case Kind::value_set:
      case Kind::code_system: {
        const cql::VocabularyPayload& vocabulary = value.as_vocabulary();
        out_.key("valueCanonical").string(vocabulary.version.empty() ? vocabulary.id : vocabulary.id + "|" + vocabulary.version);
        return;
      }
      case Kind::interval:
      case Kind::uncertain: interval(value); return;
      case Kind::object: object(value.as_object()); return;
      default: out_.key("valueString").string(cql::to_cql(value)); return;
    }
  }

  void quantity(const Value& value) {
    out_.begin_object();
    if (value.is(Kind::quantity)) {
      const cql::QuantityPayload& q = value.as_quantity();
      out_.key("value").number_text(cql::to_cql(Value::decimal(q.value))).key("unit").string(q.unit);
      if (cql::calendar_unit(q.unit) == cql::Precision::none) out_.key("system").string(ucum);
      out_.key("code").string(q.unit);
    }
    out_.end_object();
  }

  void coding(const cql::CodePayload& code) {
    out_.begin_object();
    if (!code.system.empty()) out_.key("system").string(code.system);
    if (!code.version.empty()) out_.key("version").string(code.version);
    out_.key("code").string(code.code);
    if (!code.display.empty()) out_.key("display").string(code.display);
    out_.end_object();
  }

  void interval(const Value& value) {
    Value low, high;
    Kind point = Kind::null;
    if (value.is(Kind::uncertain)) {
      std::tie(low, high) = value.as_uncertain();
      point = low.kind();
    } else {
      const cql::IntervalPayload& interval = value.as_interval();
      point = point_of(interval);
      low = closed(value, interval.low, interval.low_closed, "Start");
      high = closed(value, interval.high, interval.high_closed, "End");
    }
    const bool temporal = point == Kind::date || point == Kind::datetime || point == Kind::time;
    out_.key(temporal ? "valuePeriod" : "valueRange").begin_object();
    bound(temporal ? "start" : "low", low.is(Kind::uncertain) ? low.as_uncertain().first : low);
    bound(temporal ? "end" : "high", high.is(Kind::uncertain) ? high.as_uncertain().second : high);
    out_.end_object();
  }

  /// An open bound as the closed one; a bound that is not known, or without limit, stays away.
  Value closed(const Value& interval, const Value& bound, bool is_closed, std::string_view end) {
    if (bound.is_null() || is_closed) return bound;
    const std::array<Value, 1> operands{interval};
    const cql::Overload& overload = cql::overloads_of(end).front();
    return overload.evaluate(cql::Call{context_, overload.result, cql::Precision::none}, operands);
  }

  void bound(std::string_view key, const Value& value) {
    if (value.is_null()) return;
    if (value.is_temporal()) {
      const std::string text = value.as_temporal().text();
      out_.key(key).string(value.is(Kind::time) ? "0001-01-01T" + text : text);
      return;
    }
    out_.key(key);
    if (value.is(Kind::quantity)) return quantity(value);
    out_.begin_object().key("value").number_text(value.is(Kind::decimal) ? cql::to_cql(value) : std::to_string(value.as_long()));
    out_.key("unit").string("1").key("system").string(ucum).key("code").string("1").end_object();
  }

  void object(const cql::Object& object) {
    if (const auto* json = dynamic_cast<const JsonObject*>(&object); json != nullptr && json->json().has("resourceType")) {
      out_.key("resource").raw(json->json().raw());
      return;
    }
    out_.key("valueString").string(object.label());
  }

  cql::Context& context_;
  std::size_t most_bytes_;
  json::Writer out_;
};

}  // namespace

std::string cql_type_of(const Value& value) {
  switch (value.kind()) {
    case Kind::list: {
      std::string type = "System.Any";
      for (const Value& element : value.as_list()) {
        if (element.is_null()) continue;
        type = cql_type_of(element);
        break;
      }
      return "List<" + type + ">";
    }
    case Kind::interval: return "Interval<" + system_name(point_of(value.as_interval())) + ">";
    case Kind::uncertain: return "Interval<" + system_name(value.as_uncertain().first.kind()) + ">";
    case Kind::tuple: {
      std::string text;
      for (std::size_t i = 0; i < value.as_tuple().elements.size(); ++i)
        text += (text.empty() ? "" : ", ") + (*value.as_tuple().names)[i] + " " + cql_type_of(value.as_tuple().elements[i]);
      return "Tuple { " + text + " }";
    }
    case Kind::object: return std::string(value.as_object().type_name());
    default: return system_name(value.kind());
  }
}

std::string to_parameters(cql::Context& context, const Value& value, std::size_t most_bytes) { return ParametersWriter(context, most_bytes).text_of(value); }

}  // namespace catchment::fhir
