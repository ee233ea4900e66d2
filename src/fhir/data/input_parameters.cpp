// FHIR Parameters as CQL expressions, by the type mapping of "Using CQL with FHIR".
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "fhir/data/parameters.h"

namespace catchment::fhir {

namespace {

/// What stops a parameter from being given to CQL.
struct Unmapped {
  std::string what;
};

std::string quoted(std::string_view text) { return cql::to_cql(cql::Value::string(std::string(text))); }

std::string only(std::string_view text, std::string_view allowed, std::string_view what) {
  const bool fits =
      !text.empty() && std::all_of(text.begin(), text.end(), [allowed](char c) { return (c >= '0' && c <= '9') || allowed.find(c) != std::string_view::npos; });
  if (!fits) throw Unmapped{std::string(what)};
  return std::string(text);
}

std::string decimal(json::Value value) {
  std::string text = only(value.number_text(), "-.", "a number with an exponent, or none");
  if (text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string datetime(std::string_view text) {
  std::string moment = "@" + only(text, "T:+-.Z", "a date and time that is none");
  if (moment.find('T') == std::string::npos) moment += 'T';
  return moment;
}

std::string quantity(json::Value value) {
  if (value.has("comparator")) throw Unmapped{"a quantity with a comparator"};
  const std::string_view unit = value.has("code") ? value["code"].string() : value["unit"].string();
  return decimal(value["value"]) + " " + quoted(unit.empty() ? "1" : unit);
}

std::string coding(json::Value value) {
  if (value["code"].string().empty()) throw Unmapped{"a coding without a code"};
  std::string text = "System.Code { code: " + quoted(value["code"].string());
  for (const char* key : {"system", "version", "display"})
    if (value.has(key)) text += fmt::format(", {}: {}", key, quoted(value[key].string()));
  return text + " }";
}

std::string concept_text(json::Value value) {
  std::string codes;
  for (const json::Value one : value["coding"]) codes += (codes.empty() ? "" : ", ") + coding(one);
  if (codes.empty()) throw Unmapped{"a concept without codes"};
  return "System.Concept { codes: { " + codes + " }" + (value.has("text") ? ", display: " + quoted(value["text"].string()) : "") + " }";
}

std::string interval(json::Value low, json::Value high, std::string (*point)(json::Value), std::string_view type) {
  if (low.is_null() && high.is_null()) throw Unmapped{"an interval without bounds"};
  const auto bound = [&](json::Value value) { return value.is_null() ? fmt::format("(null as {})", type) : point(value); };
  return "Interval[" + bound(low) + ", " + bound(high) + "]";
}

std::string single(json::Value parameter);

/// Name by name, what each is.
void collect(json::Value parameters, std::map<std::string, std::vector<std::string>>& values, std::vector<std::string>& order) {
  for (const json::Value parameter : parameters) {
    const std::string name(parameter["name"].string());
    const bool plain = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == '"' || c == '\\' || c == '`'; });
    if (name.empty() || !plain) throw Unmapped{"a name that is empty or has quotation marks"};
    if (!values.contains(name)) order.push_back(name);
    values[name].push_back(single(parameter));
  }
}

std::string together(const std::vector<std::string>& values) {
  if (values.size() == 1) return values.front();
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "{ " : ", ") + value;
  return list + " }";
}

std::string parts(json::Value part) {
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> order;
  collect(part, values, order);
  std::string tuple;
  for (const std::string& name : order) tuple += fmt::format("{}\"{}\": {}", tuple.empty() ? "Tuple { " : ", ", name, together(values[name]));
  return tuple + " }";
}

std::string single(json::Value parameter) {
  if (parameter["part"].size() > 0) return parts(parameter["part"]);
  for (const json::Value member : parameter) {
    const std::string_view key = member.key();
    if (!key.starts_with("value")) continue;
    const std::string_view type = key.substr(5);
    if (type == "Boolean") return member.boolean() ? "true" : "false";
    if (type == "Integer" || type == "PositiveInt" || type == "UnsignedInt") return only(member.number_text(), "-", "an integer that is none");
    if (type == "Decimal") return decimal(member);
    if (type == "String" || type == "Code" || type == "Uri" || type == "Url" || type == "Canonical" || type == "Id" || type == "Markdown")
      return quoted(member.string());
    if (type == "Date") return "@" + only(member.string(), "-", "a date that is none");
    if (type == "DateTime" || type == "Instant") return datetime(member.string());
    if (type == "Time") return "@T" + only(member.string(), ":.", "a time that is none");
    if (type == "Quantity" || type == "Age" || type == "Duration") return quantity(member);
    if (type == "Ratio") return quantity(member["numerator"]) + ":" + quantity(member["denominator"]);
    if (type == "Coding") return coding(member);
    if (type == "CodeableConcept") return concept_text(member);
    if (type == "Period") return interval(member["start"], member["end"], [](json::Value v) { return datetime(v.string()); }, "DateTime");
    if (type == "Range") return interval(member["low"], member["high"], quantity, "Quantity");
  }
  throw Unmapped{"a value of a kind that CQL is not given here"};
}

}  // namespace

std::optional<std::vector<InputParameter>> input_parameters(json::Value parameters, std::string& fault) {
  try {
    std::map<std::string, std::vector<std::string>> values;
    std::vector<std::string> order;
    collect(parameters["parameter"], values, order);
    std::vector<InputParameter> inputs;
    inputs.reserve(order.size());
    for (const std::string& name : order) inputs.push_back({name, together(values[name])});
    return inputs;
  } catch (const Unmapped& unmapped) {
    fault = unmapped.what;
    return std::nullopt;
  }
}

}  // namespace catchment::fhir
