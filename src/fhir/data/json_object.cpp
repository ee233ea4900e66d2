#include "fhir/data/json_object.h"

#include <array>
#include <charconv>

namespace catchment::fhir {

using cql::Decimal;
using cql::Kind;
using cql::Temporal;
using cql::TemporalKind;
using cql::Value;

std::string_view TypeNames::keep(std::string_view name) const {
  const auto found = names_.find(name);
  return found != names_.end() ? std::string_view(*found) : std::string_view(*names_.emplace(name).first);
}

namespace {

std::string_view last_part(std::string_view type) {
  const std::size_t dot = type.rfind('.');
  return dot == std::string_view::npos ? type : type.substr(dot + 1);
}

bool is_model_type(std::string_view type) {
  return type.find('.') != std::string_view::npos && !type.starts_with("System.") && type.find('<') == std::string_view::npos;
}

Value temporal(std::string_view text, TemporalKind kind) {
  if (kind == TemporalKind::time) {
    const auto parsed = Temporal::parse_time(text);
    return parsed ? Value::temporal(*parsed) : Value();
  }
  const std::size_t time = text.find('T');
  if (kind == TemporalKind::date || time == std::string_view::npos) {
    auto parsed = Temporal::parse_date(text.substr(0, time));
    if (!parsed) return {};
    parsed->kind = kind;
    return Value::temporal(*parsed);
  }
  // More than milliseconds are cut off.
  std::string shortened;
  const std::size_t point = text.find('.', time);
  if (point != std::string_view::npos) {
    std::size_t end = point + 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (end - point > 4) {
      shortened = std::string(text.substr(0, point + 4)) + std::string(text.substr(end));
      text = shortened;
    }
  }
  const auto parsed = Temporal::parse_datetime(text);
  return parsed ? Value::temporal(*parsed) : Value();
}

Value number(json::Value json, bool decimal) {
  const std::string_view text = json.number_text();
  if (!decimal && text.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t whole = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (fault != std::errc() || end != text.data() + text.size()) return {};
    if (whole >= INT32_MIN && whole <= INT32_MAX) return Value::integer(static_cast<std::int32_t>(whole));
    return Value::long_integer(whole);
  }
  int places = 0;
  if (text.find_first_of("eE") != std::string_view::npos) {
    const auto approximate = json.number();
    if (!approximate) return {};
    std::array<char, 64> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *approximate, std::chars_format::fixed);
    const auto parsed = Decimal::parse(std::string_view(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())), &places);
    return parsed ? Value::decimal(*parsed) : Value();
  }
  const auto parsed = Decimal::parse(text, &places);
  return parsed ? Value::decimal(*parsed, places) : Value();
}

/// A JSON string, number or boolean under the local name of its FHIR type.
Value primitive(json::Value json, std::string_view type) {
  if (json.is_boolean()) return Value::boolean(json.boolean());
  if (json.is_number()) return number(json, type == "decimal" || type == "Decimal");
  const std::string_view text = json.string();
  if (type == "date" || type == "Date") return temporal(text, TemporalKind::date);
  if (type == "dateTime" || type == "instant" || type == "DateTime") return temporal(text, TemporalKind::datetime);
  if (type == "time" || type == "Time") return temporal(text, TemporalKind::time);
  return Value::string(std::string(text));
}

std::string text_of(json::Value json) { return std::string(json.string()); }

Value code_of(json::Value json) {
  if (json.is_string()) return Value::code(text_of(json), "");
  return Value::code(text_of(json["code"]), text_of(json["system"]), text_of(json["version"]), text_of(json["display"]));
}

Value concept_of(json::Value json) {
  std::vector<Value> codes;
  if (json.is_string() || json.has("code")) {
    codes.push_back(code_of(json));
  } else {
    for (const json::Value coding : json["coding"]) codes.push_back(code_of(coding));
    if (codes.empty() && !json.has("text")) return {};
  }
  return Value::concept_(std::move(codes), text_of(json["text"]));
}

/// FHIRHelpers.ToCalendarUnit.
std::string calendar_unit(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::string_view> units[] = {{"ms", "millisecond"}, {"s", "second"}, {"min", "minute"}, {"h", "hour"},
                                                                            {"d", "day"},          {"wk", "week"},  {"mo", "month"},   {"a", "year"}};
  for (const auto& [ucum, word] : units) {
    if (unit == ucum) return std::string(word);
  }
  return std::string(unit);
}

/// FHIRHelpers.ToQuantity; a quantity with a comparator has no one value and gives null.
Value quantity_of(json::Value json) {
  const json::Value value = json["value"];
  if (!value.is_number() || json.has("comparator")) return {};
  const Value amount = number(value, true);
  if (amount.is_null()) return {};
  std::string_view unit = json["code"].string();
  if (unit.empty()) unit = json["unit"].string();
  return Value::quantity(amount.as_decimal(), unit.empty() ? "1" : calendar_unit(unit));
}

Value ratio_of(json::Value json) {
  Value numerator = quantity_of(json["numerator"]);
  Value denominator = quantity_of(json["denominator"]);
  if (numerator.is_null() || denominator.is_null()) return {};
  return Value::ratio(std::move(numerator), std::move(denominator));
}

Value interval_of(json::Value json) {
  if (json.has("low") || json.has("high")) return Value::interval(quantity_of(json["low"]), quantity_of(json["high"]), true, true, Kind::quantity);
  Value low = temporal(json["start"].string(), TemporalKind::datetime);
  Value high = temporal(json["end"].string(), TemporalKind::datetime);
  const bool known = !low.is_null();
  return Value::interval(std::move(low), std::move(high), known, true, Kind::datetime);
}

/// The JSON seen as a system type named without "System.".
Value to_system(json::Value json, std::string_view type, const TypeNames& names) {
  if (type == "Concept") return concept_of(json);
  if (type == "Code") return code_of(json);
  if (json.is_object()) {
    if (type == "Quantity") return quantity_of(json);
    if (type == "Ratio") return ratio_of(json);
    if (type.starts_with("Interval<")) return interval_of(json);
    if (type == "Any") return Value::object(new JsonObject(json, "FHIR.Element", names));
    // A primitive written as an object never stands in JSON; a Reference asked as text is its reference.
    if (type == "String" && json.has("reference")) return Value::string(text_of(json["reference"]));
    return {};
  }
  if (type == "Quantity" && json.is_number()) return Value::quantity(number(json, true).as_decimal(), "1");
  if (type == "ValueSet" && json.is_string()) return Value::value_set(text_of(json), "", "", nullptr);
  Value value = primitive(json, type);
  if (type == "Integer" && value.is(Kind::string)) {
    std::int32_t whole = 0;
    const std::string& text = value.as_string();
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), whole);
    return fault == std::errc() && end == text.data() + text.size() ? Value::integer(whole) : Value();
  }
  return value;
}

}  // namespace

Value to_single_value(json::Value json, std::string_view type, const TypeNames& names) {
  if (json.is_null()) return {};
  if (!is_model_type(type)) {
    if (type.starts_with("System.")) type.remove_prefix(7);
    return to_system(json, type, names);
  }
  if (!json.is_object()) return primitive(json, last_part(type));
  // A contained or referenced resource is what it says it is.
  const std::string_view resource = json["resourceType"].string();
  const std::string_view local = last_part(type);
  if (!resource.empty() && (local == "Resource" || local == "DomainResource")) {
    const std::string name = std::string(type.substr(0, type.find('.') + 1)) + std::string(resource);
    return Value::object(new JsonObject(json, name, names));
  }
  return Value::object(new JsonObject(json, type, names));
}

Value to_value(json::Value json, std::string_view type, const TypeNames& names) {
  if (!json.is_array()) return to_single_value(json, type, names);
  std::vector<Value> values;
  values.reserve(json.size());
  for (const json::Value item : json) {
    Value value = to_single_value(item, type, names);
    if (!value.is_null()) values.push_back(std::move(value));
  }
  return Value::list(std::move(values));
}

namespace {

struct Condition {
  std::string_view path;
  std::string_view value;
};

void add_child(json::Value from, std::string_view key, std::vector<json::Value>& out) {
  if (!from.is_object()) {
    if (key == "value" && !from.is_null()) out.push_back(from);  // a primitive's own value
    return;
  }
  json::Value child = from[key];
  if (child.is_null()) {
    // `value` of an extension, `effective`, ...: stored with its type at the end of the name.
    for (const json::Value member : from) {
      const std::string_view name = member.key();
      if (name.size() > key.size() && name.starts_with(key) && name[key.size()] >= 'A' && name[key.size()] <= 'Z') {
        child = member;
        break;
      }
    }
  }
  if (child.is_array()) {
    for (const json::Value item : child) out.push_back(item);
  } else if (!child.is_null()) {
    out.push_back(child);
  }
}

bool holds(json::Value at, const Condition& condition) {
  for (const json::Value found : at_path(at, condition.path)) {
    if (found.string() == condition.value) return true;
  }
  return false;
}

/// One step "name[a='x',b.c='y']" from the front of the path.
std::string_view take_step(std::string_view& path, std::vector<Condition>& conditions) {
  std::size_t end = path.find_first_of(".[");
  const std::string_view name = path.substr(0, end);
  if (end == std::string_view::npos) {
    path = {};
    return name;
  }
  if (path[end] == '[') {
    const std::size_t begin = end + 1;
    std::size_t close = begin;
    bool quoted = false;
    while (close < path.size() && (quoted || path[close] != ']')) {
      if (path[close] == '\'') quoted = !quoted;
      ++close;
    }
    std::string_view inside = path.substr(begin, close - begin);
    while (!inside.empty()) {
      const std::size_t equals = inside.find("='");
      if (equals == std::string_view::npos) break;
      const std::size_t stop = inside.find('\'', equals + 2);
      if (stop == std::string_view::npos) break;
      conditions.push_back({inside.substr(0, equals), inside.substr(equals + 2, stop - equals - 2)});
      inside.remove_prefix(stop + 1);
      while (!inside.empty() && (inside[0] == ',' || inside[0] == ' ')) inside.remove_prefix(1);
    }
    end = std::min(close + 1, path.size());
  }
  path.remove_prefix(end);
  if (!path.empty() && path[0] == '.') path.remove_prefix(1);
  return name;
}

}  // namespace

std::vector<json::Value> at_path(json::Value from, std::string_view path) {
  std::vector<json::Value> current{from};
  for (int steps = 0; !path.empty() && steps < 32; ++steps) {
    std::vector<Condition> conditions;
    const std::string_view name = take_step(path, conditions);
    std::vector<json::Value> next;
    for (const json::Value value : current) add_child(value, name, next);
    if (!conditions.empty()) {
      std::erase_if(next, [&conditions](json::Value value) {
        for (const Condition& condition : conditions) {
          if (!holds(value, condition)) return true;
        }
        return false;
      });
    }
    current = std::move(next);
  }
  return current;
}

Value JsonObject::element(std::string_view key, std::string_view type) const {
  if (key.find_first_of(".[") == std::string_view::npos) return to_value(json_[key], type, names_);
  std::vector<Value> values;
  for (const json::Value found : at_path(json_, key)) {
    Value value = to_single_value(found, type, names_);
    if (!value.is_null()) values.push_back(std::move(value));
  }
  if (values.empty()) return {};
  return values.size() == 1 ? std::move(values.front()) : Value::list(std::move(values));
}

Value JsonObject::converted(std::string_view system_type) const {
  if (system_type.starts_with("System.")) system_type.remove_prefix(7);
  return to_system(json_, system_type, names_);
}

std::vector<Value> JsonObject::elements() const {
  std::vector<Value> values;
  for (const json::Value member : json_) {
    if (member.is_array()) {
      for (const json::Value item : member) values.push_back(to_single_value(item, "FHIR.Element", names_));
    } else {
      values.push_back(to_single_value(member, "FHIR.Element", names_));
    }
  }
  return values;
}

bool JsonObject::equals(const cql::Object& other) const {
  const auto* object = dynamic_cast<const JsonObject*>(&other);
  if (object == nullptr) return false;
  const std::string_view a = json_.raw();
  const std::string_view b = object->json_.raw();
  return a.data() == b.data() || a == b;
}

std::string JsonObject::label() const {
  const std::string_view resource = json_["resourceType"].string();
  if (resource.empty()) return std::string(last_part(type_));
  return std::string(resource) + "/" + std::string(json_["id"].string());
}

}  // namespace catchment::fhir
