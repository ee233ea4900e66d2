#include "schema_check.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "base/date.h"

namespace catchment::api {

namespace {

bool is_type(std::string_view type, json::Value value) {
  if (type == "null") return value.is_null();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_number() && value.integer().has_value();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return false;
}

bool same(json::Value a, json::Value b) {
  if (a.kind() != b.kind()) return false;
  return a.is_null() || (a.is_string() && a.string() == b.string()) || (a.is_number() && a.number_text() == b.number_text());
}

}  // namespace

std::vector<std::string> SchemaCheck::check(std::string_view schema_name, json::Value value) {
  faults_.clear();
  const json::Value schema = contract_["components"]["schemas"][schema_name];
  if (!schema.is_object()) return {"there is no schema " + std::string(schema_name)};
  fit(schema, value, std::string(schema_name));
  return faults_;
}

bool SchemaCheck::fits(json::Value schema, json::Value value) {
  SchemaCheck inner(contract_);
  inner.fit(schema, value, "");
  return inner.faults_.empty();
}

void SchemaCheck::fit(json::Value schema, json::Value value, const std::string& where) {
  for (const json::Value word : schema) {
    const std::string_view name = word.key();
    constexpr std::array<std::string_view, 17> known = {"$ref",    "oneOf",       "type",    "enum",    "required",  "properties", "additionalProperties",
                                                        "items",   "description", "format",  "pattern", "minLength", "maxLength",  "minimum",
                                                        "maximum", "title",       "examples"};
    if (std::find(known.begin(), known.end(), name) == known.end())
      faults_.push_back(where + ": the contract uses " + std::string(name) + ", which this check does not know");
  }
  if (schema.has("$ref")) {
    const std::string_view ref = schema["$ref"].string();
    const json::Value target = contract_["components"]["schemas"][ref.substr(ref.rfind('/') + 1)];
    if (!target.is_object()) faults_.push_back(where + ": unresolved " + std::string(ref));
    else fit(target, value, where);
  }
  if (schema.has("oneOf")) {
    int fitting = 0;
    for (const json::Value option : schema["oneOf"]) fitting += fits(option, value) ? 1 : 0;
    if (fitting != 1) {
      faults_.push_back(where + ": fits " + std::to_string(fitting) + " of the shapes allowed");
      if (!value.is_null()) fit(schema["oneOf"].at(0), value, where);  // says what is wrong
    }
  }
  if (schema.has("type")) fit_type(schema["type"], value, where);
  if (schema.has("enum")) {
    bool listed = false;
    for (const json::Value option : schema["enum"]) listed = listed || same(option, value);
    if (!listed) faults_.push_back(where + ": '" + std::string(value.string()) + "' is not one of the words allowed");
  }
  if (value.is_object()) fit_object(schema, value, where);
  if (value.is_array() && schema.has("items"))
    for (std::size_t i = 0; i < value.size(); ++i) fit(schema["items"], value.at(i), where + "[" + std::to_string(i) + "]");
  if (value.is_string()) fit_text(schema, value, where);
  if (value.is_number() &&
      ((schema.has("minimum") && *value.number() < *schema["minimum"].number()) || (schema.has("maximum") && *value.number() > *schema["maximum"].number())))
    faults_.push_back(where + ": out of range");
}

void SchemaCheck::fit_type(json::Value type, json::Value value, const std::string& where) {
  bool good = type.is_string() && is_type(type.string(), value);
  if (type.is_array())
    for (const json::Value option : type) good = good || is_type(option.string(), value);
  if (!good) faults_.push_back(where + ": another type than the contract's");
}

void SchemaCheck::fit_object(json::Value schema, json::Value value, const std::string& where) {
  for (const json::Value name : schema["required"]) {
    bool there = false;
    for (const json::Value member : value) there = there || member.key() == name.string();
    if (!there) faults_.push_back(where + ": lacks " + std::string(name.string()));
  }
  for (const json::Value member : value) {
    bool described = false;
    for (const json::Value property : schema["properties"])
      if (property.key() == member.key()) {
        described = true;
        fit(property, member, where + "." + std::string(member.key()));
      }
    if (!described && schema["additionalProperties"].is_boolean() && !schema["additionalProperties"].boolean())
      faults_.push_back(where + ": has " + std::string(member.key()) + ", which the contract does not know");
  }
}

void SchemaCheck::fit_text(json::Value schema, json::Value value, const std::string& where) {
  const std::string_view text = value.string();
  if (schema["format"].string() == "date" && (text.size() != 10 || !Date::parse(text))) faults_.push_back(where + ": not a date");
  if (schema["format"].string() == "date-time" && (text.size() < 20 || !Instant::parse(text))) faults_.push_back(where + ": not a date and time");
  if (schema["pattern"].string() == "^[A-Za-z0-9_-]{22}$") {
    if (text.size() != 22 || text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != std::string_view::npos)
      faults_.push_back(where + ": does not fit its pattern");
  } else if (schema.has("pattern")) {
    faults_.push_back(where + ": the contract has a pattern this check does not know");
  }
}

json::Value contract() {
  static const json::Document document = [] {
    std::ifstream in(CATCHMENT_SOURCE_DIR "/api/openapi.json", std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    json::Parser parser;
    json::Fault fault;
    return std::move(*parser.parse(bytes, fault));
  }();
  return document.root();
}

}  // namespace catchment::api
