#include "measures/record_parts.h"

#include <array>
#include <charconv>
#include <cmath>

#include "records/records.h"

namespace catchment::measures {

using cql::Kind;
using cql::Value;

namespace {

std::string_view system_name(std::string_view type) {
  if (type.starts_with("System.")) type.remove_prefix(7);
  return type;
}

Value text_value(const std::string& text) { return text.empty() ? Value() : Value::string(text); }

/// Shared by elements: equality element by element.
class Part : public cql::Object {
 public:
  bool equals(const cql::Object& other) const override {
    if (other.type_name() != type_name()) return false;
    const std::vector<Value> a = elements(), b = other.elements();
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (a[i].is(Kind::object) && b[i].is(Kind::object) ? !a[i].as_object().equals(b[i].as_object()) : cql::to_cql(a[i]) != cql::to_cql(b[i])) return false;
    return true;
  }
  std::string label() const override {
    const std::string_view type = type_name();
    return std::string(type.substr(type.rfind('.') + 1));
  }
};

class CodingObject final : public Part {
 public:
  explicit CodingObject(Value code) : code_(std::move(code)) {}
  std::string_view type_name() const override { return "FHIR.Coding"; }
  Value element(std::string_view key, std::string_view) const override {
    const cql::CodePayload& code = code_.as_code();
    if (key == "code") return kept(code_text_, code.code);
    if (key == "system") return kept(system_text_, code.system);
    return key == "display" ? text_value(code.display) : Value();
  }
  Value converted(std::string_view type) const override {
    type = system_name(type);
    return type == "Code" ? code_ : type == "Concept" ? Value::concept_({code_}, code_.as_code().display) : Value();
  }
  std::vector<Value> elements() const override { return {element("system", {}), element("code", {}), element("display", {})}; }
  void set_frozen(bool frozen) const override {
    Part::set_frozen(frozen);
    frozen ? code_.freeze() : code_.thaw();
  }

 private:
  /// Asked for row after row: made once.
  static Value kept(Value& text, const std::string& of) {
    if (text.is_null()) text = text_value(of);
    return text;
  }
  Value code_;
  mutable Value code_text_, system_text_;
};

class ConceptObject final : public Part {
 public:
  explicit ConceptObject(Value concept_value) : concept_(std::move(concept_value)) {}
  std::string_view type_name() const override { return "FHIR.CodeableConcept"; }
  Value element(std::string_view key, std::string_view) const override {
    if (key == "text") return text_value(concept_.as_concept().display);
    if (key != "coding") return {};
    std::vector<Value> codings;
    for (const Value& code : concept_.as_concept().codes) codings.push_back(coding_object(code));
    return Value::list(std::move(codings));
  }
  Value converted(std::string_view type) const override { return system_name(type) == "Concept" ? concept_ : Value(); }
  std::vector<Value> elements() const override {
    std::vector<Value> all;
    for (const Value& code : concept_.as_concept().codes) all.push_back(coding_object(code));
    if (Value text = element("text", {}); !text.is_null()) all.push_back(std::move(text));
    return all;
  }
  void set_frozen(bool frozen) const override {
    Part::set_frozen(frozen);
    frozen ? concept_.freeze() : concept_.thaw();
  }

 private:
  Value concept_;
};

/// FHIRHelpers.ToCalendarUnit.
std::string_view calendar_name(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::string_view> units[] = {{"ms", "millisecond"}, {"s", "second"}, {"min", "minute"}, {"h", "hour"},
                                                                            {"d", "day"},          {"wk", "week"},  {"mo", "month"},   {"a", "year"}};
  for (const auto& [ucum, word] : units)
    if (unit == ucum) return word;
  return unit;
}

class QuantityObject final : public Part {
 public:
  QuantityObject(cql::Decimal value, std::string_view unit, std::string_view comparator, std::string_view type)
      : value_(value), unit_(unit), comparator_(comparator), type_(type) {}
  std::string_view type_name() const override { return type_; }
  Value element(std::string_view key, std::string_view) const override {
    if (key == "value") return Value::decimal(value_);
    if (key == "unit" || key == "code") return unit_.empty() ? Value() : Value::string(std::string(unit_));
    if (key == "system") return unit_.empty() ? Value() : Value::string("http://unitsofmeasure.org");
    if (key == "comparator") return comparator_.empty() ? Value() : Value::string(std::string(comparator_));
    return {};
  }
  Value converted(std::string_view type) const override {
    if (system_name(type) != "Quantity" || !comparator_.empty()) return {};
    return Value::quantity(value_, std::string(calendar_name(unit_)));
  }
  std::vector<Value> elements() const override {
    std::vector<Value> all{Value::decimal(value_)};
    for (const char* key : {"comparator", "unit", "system", "code"})
      if (Value value = element(key, {}); !value.is_null()) all.push_back(std::move(value));
    return all;
  }

 private:
  cql::Decimal value_;
  std::string_view unit_, comparator_, type_;
};

class PeriodObject final : public Part {
 public:
  PeriodObject(Value start, Value end) : start_(std::move(start)), end_(std::move(end)) {}
  std::string_view type_name() const override { return "FHIR.Period"; }
  Value element(std::string_view key, std::string_view) const override { return key == "start" ? start_ : key == "end" ? end_ : Value(); }
  Value converted(std::string_view type) const override {
    if (!type.starts_with("Interval<") && !type.starts_with("System.Interval<")) return {};
    if (interval_.is_null()) interval_ = Value::interval(start_, end_, !start_.is_null(), true, Kind::datetime);
    return interval_;
  }
  std::vector<Value> elements() const override { return {start_, end_}; }

 private:
  Value start_, end_;
  mutable Value interval_;  // once asked for
};

class PartObject final : public Part {
 public:
  PartObject(std::string_view type, std::vector<std::pair<std::string_view, Value>> elements) : type_(type), elements_(std::move(elements)) {}
  std::string_view type_name() const override { return type_; }
  Value element(std::string_view key, std::string_view type) const override {
    for (const auto& [name, value] : elements_)
      if (name == key) return as_asked(value, type);
    return {};
  }
  Value converted(std::string_view type) const override {
    return type_ == "FHIR.Reference" && system_name(type) == "String" ? element("reference", {}) : Value();
  }
  std::vector<Value> elements() const override {
    std::vector<Value> all;
    all.reserve(elements_.size());
    for (const auto& [name, value] : elements_) all.push_back(value);
    return all;
  }

 private:
  std::string_view type_;
  std::vector<std::pair<std::string_view, Value>> elements_;
};

}  // namespace

Value concept_object(Value concept_value) { return Value::object(new ConceptObject(std::move(concept_value))); }
Value coding_object(Value code) { return Value::object(new CodingObject(std::move(code))); }
Value quantity_object(cql::Decimal value, std::string_view unit, std::string_view comparator, std::string_view type) {
  return Value::object(new QuantityObject(value, unit, comparator, type));
}
Value period_object(Value start, Value end) {
  return start.is_null() && end.is_null() ? Value() : Value::object(new PeriodObject(std::move(start), std::move(end)));
}
Value part_object(std::string_view type, std::vector<std::pair<std::string_view, Value>> elements) {
  std::erase_if(elements, [](const auto& element) { return element.second.is_null(); });
  return elements.empty() ? Value() : Value::object(new PartObject(type, std::move(elements)));
}
Value reference_object(std::string reference) { return part_object("FHIR.Reference", {{"reference", Value::string(std::move(reference))}}); }

cql::Decimal decimal_of(double number) {
  constexpr double exact = 9e15;  // below this a whole number of 10^-8 is itself in a double
  const double scaled = number * 1e8;
  if (std::abs(scaled) < exact) return cql::Decimal::of_scaled(std::llround(scaled));
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  const auto parsed = cql::Decimal::parse(std::string_view(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())));
  return parsed.value_or(cql::Decimal());
}

namespace {

constexpr std::int64_t day_ms = 86'400'000, hour_ms = 3'600'000;

}  // namespace

Value day_value(std::int64_t days, cql::TemporalKind kind, cql::Precision precision) {
  if (days == records::no_value) return {};
  return Value::temporal({days * day_ms, cql::Temporal::no_offset, precision, kind});
}

Value moment_value(std::int64_t utc_ms, std::int64_t days) {
  std::int64_t offset_hours = 0;
  if (days != records::no_value) {
    const std::int64_t start = days * day_ms;
    if (utc_ms < start) offset_hours = (start - utc_ms + hour_ms - 1) / hour_ms;
    if (utc_ms >= start + day_ms) offset_hours = -((utc_ms - start - day_ms) / hour_ms + 1);
    if (offset_hours < -14 || offset_hours > 14) return day_value(days);  // the two contradict: the date stands
  }
  return Value::temporal(
      {utc_ms + offset_hours * hour_ms, static_cast<std::int16_t>(offset_hours * 60), cql::Precision::millisecond, cql::TemporalKind::datetime});
}

Value as_asked(Value value, std::string_view type) {
  if (!value.is(Kind::object)) return value;
  const bool model = type.empty() || (type.find('.') != std::string_view::npos && !type.starts_with("System.") && type.find('<') == std::string_view::npos);
  return model ? value : value.as_object().converted(type);
}

}  // namespace catchment::measures
