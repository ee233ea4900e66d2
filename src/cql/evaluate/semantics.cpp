#include "cql/evaluate/semantics.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cql/operators/bounds.h"
#include "cql/operators/relations.h"

namespace catchment::cql {

void fail_at(const SourcePosition& at, const EvaluationError& error) {
  throw EvaluationError(fmt::format("{}:{}: {}", at.line, at.column, error.what()), error.fix());
}

EvaluationError no_one_at_hand(const DefinitionRef& ref) {
  return EvaluationError(fmt::format("{}:{}: a definition about one patient is asked for everyone, and only one is at hand", ref.at.line, ref.at.column),
                         "evaluate over FHIR files, or count the answers afterwards");
}

void check_depth(const Value& value, const SourcePosition& at) {
  if (value.depth() > deepest_value) throw EvaluationError(fmt::format("{}:{}: the value is nested too deeply", at.line, at.column));
}

Value code_value(const CodeValue& code) { return Value::code(code.code, code.system, code.version, code.display); }

Value concept_value(const ConceptLiteral& literal) {
  std::vector<Value> codes;
  codes.reserve(literal.codes.size());
  for (const CodeValue& code : literal.codes) codes.push_back(code_value(code));
  return Value::concept_(std::move(codes), literal.display);
}

Value value_set_value(const TypedValueSet& declared, const ValueSets* members) {
  return Value::value_set(declared.url, declared.version, declared.name, members == nullptr ? nullptr : members->value_set(declared.url, declared.version));
}

Value code_system_value(const TypedCodeSystem& declared, const ValueSets* members) {
  return Value::code_system(declared.url, declared.version, declared.name, members == nullptr ? nullptr : members->code_system(declared.url, declared.version));
}

namespace {

Value quantity_literal(const std::string& number, const std::string& unit) { return Value::quantity(Decimal::parse(number).value_or(Decimal()), unit); }

Value temporal_literal(const std::optional<Temporal>& value) {
  if (!value) throw Error(ErrorKind::bug, "a date or time literal passed the checker that cannot be read");
  return Value::temporal(*value);
}

std::int64_t whole_literal(const std::string& text) {
  const auto value = Decimal::parse(text);
  const auto whole = value ? value->to_long() : std::nullopt;
  if (!whole) throw Error(ErrorKind::bug, "a whole number literal passed the checker that cannot be read");
  return *whole;
}

}  // namespace

Value literal_value(const Literal& literal) {
  switch (literal.type.kind()) {
    case TypeKind::boolean: return Value::boolean(literal.text == "true");
    case TypeKind::integer: return Value::integer(static_cast<std::int32_t>(whole_literal(literal.text)));
    case TypeKind::long_integer: return Value::long_integer(whole_literal(literal.text));
    case TypeKind::decimal: {
      int places = 0;
      const auto value = Decimal::parse(literal.text, &places);
      return Value::decimal(value.value_or(Decimal()), places);
    }
    case TypeKind::string: return Value::string(literal.text);
    case TypeKind::date: return temporal_literal(Temporal::parse_date(literal.text));
    case TypeKind::date_time: return temporal_literal(Temporal::parse_datetime(literal.text));
    case TypeKind::time: return temporal_literal(Temporal::parse_time(literal.text));
    case TypeKind::quantity: return quantity_literal(literal.text, literal.unit);
    case TypeKind::ratio: return Value::ratio(quantity_literal(literal.text, literal.unit), quantity_literal(literal.text2, literal.unit2));
    default: throw Error(ErrorKind::bug, "a literal of type " + to_string(literal.type));
  }
}

Kind point_kind_of(const Type& type) {
  if (!type.is_interval()) return Kind::null;
  switch (type.element().kind()) {
    case TypeKind::integer: return Kind::integer;
    case TypeKind::long_integer: return Kind::long_integer;
    case TypeKind::decimal: return Kind::decimal;
    case TypeKind::quantity: return Kind::quantity;
    case TypeKind::date: return Kind::date;
    case TypeKind::date_time: return Kind::datetime;
    case TypeKind::time: return Kind::time;
    default: return Kind::null;
  }
}

Value interval_value(Context& context, const IntervalSelector& node, Value low, Value high, const Value& low_closed, const Value& high_closed) {
  const bool from = low_closed.is_null() ? node.low_closed : low_closed.is_true();
  const bool to = high_closed.is_null() ? node.high_closed : high_closed.is_true();
  return checked_interval(context, std::move(low), std::move(high), from, to, point_kind_of(node.type));
}

namespace {

Value element_named(const InstanceSelector& node, std::span<const Value> values, std::string_view name) {
  for (std::size_t i = 0; i < node.names.size(); ++i)
    if (node.names[i] == name) return values[i];
  return {};
}

std::string text_or_empty(const Value& value) { return value.is(Kind::string) ? value.as_string() : std::string(); }

}  // namespace

Value instance_value(const InstanceSelector& node, std::span<const Value> values) {
  const auto element = [&](std::string_view name) { return element_named(node, values, name); };
  const auto text = [&](std::string_view name) { return text_or_empty(element(name)); };
  switch (node.type.kind()) {
    case TypeKind::quantity: {
      const Value value = element("value");
      return value.is_null() ? Value() : Value::quantity(value.as_decimal(), text("unit"));
    }
    case TypeKind::ratio: return Value::ratio(element("numerator"), element("denominator"));
    case TypeKind::code: return Value::code(text("code"), text("system"), text("version"), text("display"));
    case TypeKind::concept_: {
      const Value codes = element("codes");
      return Value::concept_(codes.is(Kind::list) ? codes.as_list() : std::vector<Value>{}, text("display"));
    }
    case TypeKind::value_set:
    case TypeKind::vocabulary: return Value::value_set(text("id"), text("version"), text("name"), nullptr);
    case TypeKind::code_system: return Value::code_system(text("id"), text("version"), text("name"));
    default: {
      // An instance of a model class made in the library itself is held as a tuple of its elements.
      return Value::tuple(std::make_shared<const std::vector<std::string>>(node.names), {values.begin(), values.end()});
    }
  }
}

namespace {

Value text_value(const std::string& text) { return text.empty() ? Value() : Value::string(text); }

Value code_property(const CodePayload& code, std::string_view name) {
  if (name == "code") return text_value(code.code);
  if (name == "system") return text_value(code.system);
  if (name == "version") return text_value(code.version);
  return name == "display" ? text_value(code.display) : Value();
}

Value interval_property(const IntervalPayload& interval, std::string_view name) {
  if (name == "low") return interval.low;
  if (name == "high") return interval.high;
  if (name == "lowClosed") return Value::boolean(interval.low_closed);
  return name == "highClosed" ? Value::boolean(interval.high_closed) : Value();
}

Value object_property(const Object& object, const Property& node) {
  for (const PropertyAlternative& alternative : node.alternatives) {
    Value value = object.element(alternative.key, to_string(alternative.type));
    if (!value.is_null()) return as_stored(std::move(value), node.repeats);
  }
  return {};
}

}  // namespace

/// A repeating element is a list, another is one value, however the provider holds it.
Value as_stored(Value value, bool repeats) {
  if (repeats && !value.is(Kind::list)) return Value::list({std::move(value)});
  if (!repeats && value.is(Kind::list)) return value.as_list().empty() ? Value() : value.as_list().front();
  return value;
}

Value property_value(const Value& source, const Property& node) {
  switch (source.kind()) {
    case Kind::null: return {};
    case Kind::object: return object_property(source.as_object(), node);
    case Kind::tuple: {
      const Value* element = source.as_tuple().find(node.name);
      return element == nullptr ? Value() : *element;
    }
    case Kind::interval: return interval_property(source.as_interval(), node.name);
    case Kind::code: return code_property(source.as_code(), node.name);
    case Kind::quantity: return node.name == "value" ? Value::decimal(source.as_quantity().value) : Value::string(source.as_quantity().unit);
    case Kind::ratio: return node.name == "numerator" ? source.as_ratio().numerator : source.as_ratio().denominator;
    case Kind::concept_: return node.name == "codes" ? Value::list(source.as_concept().codes) : text_value(source.as_concept().display);
    case Kind::value_set:
    case Kind::code_system: {
      const VocabularyPayload& vocabulary = source.as_vocabulary();
      return text_value(node.name == "id" ? vocabulary.id : node.name == "version" ? vocabulary.version : vocabulary.name);
    }
    default:
      // A primitive the provider gave as a system value: its `value` is itself.
      return node.name == "value" ? source : Value();
  }
}

namespace {

bool is_interval_of(const Value& value, const Type& type) {
  const IntervalPayload& interval = value.as_interval();
  const Kind wanted = point_kind_of(type);
  return type.element().is_any() || interval.point == Kind::null || interval.point == wanted || (interval.point == Kind::uncertain && wanted == Kind::integer);
}

bool is_tuple_of(const TuplePayload& tuple, const Type& type) {
  const auto& elements = type.elements();
  if (elements.size() != tuple.elements.size()) return false;
  return std::all_of(elements.begin(), elements.end(), [&](const TupleElement& element) {
    const Value* value = tuple.find(element.name);
    return value != nullptr && (value->is_null() || has_type(*value, element.type));
  });
}

bool is_kind_of(const Value& value, const Type& type) {
  switch (type.kind()) {
    case TypeKind::any: return true;
    case TypeKind::boolean: return value.is(Kind::boolean);
    case TypeKind::integer: return value.is(Kind::integer) || value.is(Kind::uncertain);
    case TypeKind::long_integer: return value.is(Kind::long_integer);
    case TypeKind::decimal: return value.is(Kind::decimal);
    case TypeKind::string: return value.is(Kind::string);
    case TypeKind::date: return value.is(Kind::date);
    case TypeKind::date_time: return value.is(Kind::datetime);
    case TypeKind::time: return value.is(Kind::time);
    case TypeKind::quantity: return value.is(Kind::quantity);
    case TypeKind::ratio: return value.is(Kind::ratio);
    case TypeKind::code: return value.is(Kind::code);
    case TypeKind::concept_: return value.is(Kind::concept_);
    case TypeKind::vocabulary: return value.is(Kind::value_set) || value.is(Kind::code_system);
    case TypeKind::value_set: return value.is(Kind::value_set);
    case TypeKind::code_system: return value.is(Kind::code_system);
    default: return false;
  }
}

}  // namespace

namespace {

/// A FHIR primitive that the provider gave as a system value: "FHIR.dateTime", "FHIR.string",
/// "FHIR.EncounterStatus".
bool is_primitive_of(const Value& value, std::string_view type) {
  const std::string_view name = type.substr(type.rfind('.') + 1);
  switch (value.kind()) {
    case Kind::boolean: return name == "boolean";
    case Kind::integer: return name == "integer" || name == "positiveInt" || name == "unsignedInt" || name == "decimal";
    case Kind::long_integer: return name == "integer64" || name == "decimal";
    case Kind::decimal: return name == "decimal";
    case Kind::date: return name == "date";
    case Kind::datetime: return name == "dateTime" || name == "instant";
    case Kind::time: return name == "time";
    case Kind::string:
      return name != "boolean" && name != "integer" && name != "decimal" && name != "date" && name != "dateTime" && name != "instant" && name != "time" &&
          name != "Quantity" && name != "CodeableConcept" && name != "Coding" && name != "Period" && name != "Range" && name != "Ratio" &&
          name != "Reference" && name != "positiveInt" && name != "unsignedInt" && name != "Age" && name != "Timing";
    default: return false;
  }
}

}  // namespace

bool has_type(const Value& value, const Type& type, const std::vector<Type>& accepted) {
  if (value.is_null()) return false;
  switch (type.kind()) {
    case TypeKind::list:
      return value.is(Kind::list) && std::all_of(value.as_list().begin(), value.as_list().end(), [&](const Value& element) {
               return element.is_null() || has_type(element, type.element());
             });
    case TypeKind::interval: return value.is(Kind::interval) && is_interval_of(value, type);
    case TypeKind::tuple: return value.is(Kind::tuple) && is_tuple_of(value.as_tuple(), type);
    case TypeKind::choice:
      return std::any_of(type.alternatives().begin(), type.alternatives().end(), [&](const Type& alternative) { return has_type(value, alternative); });
    case TypeKind::named: {
      if (!value.is(Kind::object)) return is_primitive_of(value, type.name());
      const std::string_view name = value.as_object().type_name();
      return name == type.name() || std::any_of(accepted.begin(), accepted.end(), [&](const Type& t) { return t.is_named() ? t.name() == name : false; });
    }
    default: return is_kind_of(value, type);
  }
}

Value as_value(const Value& value, const AsType& node) {
  if (value.is_null()) return value;
  if (has_type(value, node.type, node.accepted)) {
    if (!value.is(Kind::interval) || value.as_interval().point != Kind::null) return value;
    const IntervalPayload& interval = value.as_interval();  // without bounds: from now on of this type
    return Value::interval({}, {}, interval.low_closed, interval.high_closed, point_kind_of(node.type));
  }
  if (node.strict)
    throw EvaluationError(fmt::format("cast: the value is {}, not {}", kind_name(value.kind()), to_string(node.type)), "use `as` to get null instead");
  return {};
}

Value call_operator(Context& context, const Overload& overload, Precision precision, const Type& result, std::span<const Value> operands) {
  if (overload.null_rule == NullRule::propagates)
    for (const Value& operand : operands)
      if (operand.is_null()) return {};
  return overload.evaluate(Call{context, result, precision}, operands);
}

bool reads_clock(const Overload& overload) {
  const std::string_view name = overload.name;
  if (name == "Now" || name == "Today" || name == "TimeOfDay" || name == "Message") return true;
  return (name.starts_with("AgeIn") || name.starts_with("CalculateAgeIn")) && !name.ends_with("At");
}

Settles settles(const Overload& overload) {
  if (overload.name == "And") return Settles::on_false;
  if (overload.name == "Or") return Settles::on_true;
  if (overload.name == "Implies") return Settles::on_false_to_true;
  if (overload.name == "Coalesce" && overload.parameters.size() > 1) return Settles::on_value;
  return Settles::never;
}

std::optional<Value> settled(Settles how, const Value& first) {
  switch (how) {
    case Settles::on_false: return first.is_false() ? std::optional(first) : std::nullopt;
    case Settles::on_true: return first.is_true() ? std::optional(first) : std::nullopt;
    case Settles::on_false_to_true: return first.is_false() ? std::optional(Value::boolean(true)) : std::nullopt;
    case Settles::on_value: return first.is_null() ? std::nullopt : std::optional(first);
    case Settles::never: break;
  }
  return std::nullopt;
}

Value filtered_rows(Context& context, const Retrieve& node, const Value& rows, const Value& terminology) {
  if (node.comparison == CodeComparison::none || rows.is_null()) return rows;
  std::vector<Value> kept;
  const auto matches = [&](const Value& coded) {
    if (terminology.is_null() || coded.is_null()) return false;
    const auto row = terminology.is(Kind::value_set) ? overloads_of("AnyInValueSet")
        : terminology.is(Kind::code_system)          ? overloads_of("AnyInCodeSystem")
                                                     : std::span<const Overload>{};
    if (!row.empty()) {
      const std::array<Value, 2> operands{coded, terminology};
      return row.front().evaluate(Call{context, node.type, Precision::none}, operands).is_true();
    }
    const std::vector<Value> wanted = terminology.is(Kind::list) ? terminology.as_list() : std::vector<Value>{terminology};
    const std::vector<Value> found = coded.is(Kind::list) ? coded.as_list() : std::vector<Value>{coded};
    return std::any_of(wanted.begin(), wanted.end(), [&](const Value& w) {
      return !w.is_null() && std::any_of(found.begin(), found.end(), [&](const Value& f) { return is_equivalent(context, f, w); });
    });
  };
  for (const Value& row : rows.as_list()) {
    const bool keep = std::any_of(node.code_alternatives.begin(), node.code_alternatives.end(),
                                  [&](const PropertyAlternative& a) { return row.is(Kind::object) && matches(row.as_object().element(a.key, "Concept")); });
    if (keep) kept.push_back(row);
  }
  return Value::list(std::move(kept));
}

std::vector<Value> distinct_values(Context& context, std::vector<Value> values) {
  const std::array<Value, 1> operand{Value::list(std::move(values))};
  static const Type list = Type::list(Type::any());
  return overloads_of("Distinct").front().evaluate(Call{context, list, Precision::none}, operand).as_list();
}

int compare_keys(Context& context, std::span<const Value> a, std::span<const Value> b, std::span<const SortKey> keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const int order = sort_order(context, a[i], b[i]);
    if (order != 0) return keys[i].descending ? -order : order;
  }
  return 0;
}

}  // namespace catchment::cql
