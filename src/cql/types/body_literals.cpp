// Literals and selectors.
#include <fmt/core.h>

#include <algorithm>

#include "cql/types/checking.h"
#include "cql/values/decimal.h"
#include "cql/values/temporal.h"

namespace catchment::cql {

using syntax::Expression;

namespace {

/// Whether `text` (digits) is at most the positive or negative limit of the type.
bool fits(std::string text, bool negative, const char* limit, const char* negative_limit) {
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  const std::string most = negative ? negative_limit : limit;
  return text.size() < most.size() || (text.size() == most.size() && text <= most);
}

}  // namespace

NodePtr Body::literal(const Expression& e, bool negative) {
  using K = syntax::Kind;
  Type type = Type::string();
  switch (e.kind) {
    case K::boolean: type = Type::boolean(); break;
    case K::string: break;
    case K::number: type = e.text.find('.') == std::string::npos ? Type::integer() : Type::decimal(); break;
    case K::long_number: type = Type::long_integer(); break;
    case K::date: type = Type::date(); break;
    case K::date_time: type = Type::date_time(); break;
    case K::time: type = Type::time(); break;
    default: return make<NullLiteral>(e.at, Type::any());
  }
  const std::string shown = (negative ? "-" : "") + e.text;
  if (type.is(TypeKind::integer) && !fits(e.text, negative, "2147483647", "2147483648")) {
    return error(e.at, shown + " is beyond the range of Integer", "write " + shown + "L for a Long, or " + shown + ".0 for a Decimal");
  }
  if (type.is(TypeKind::long_integer) && !fits(e.text, negative, "9223372036854775807", "9223372036854775808")) {
    return error(e.at, shown + "L is beyond the range of Long", "write " + shown + ".0 for a Decimal");
  }
  if (type.is(TypeKind::decimal) && !Decimal::parse(e.text)) {
    return error(e.at, shown + " is beyond the range of Decimal (28 digits before the point, 8 after it)", "use fewer digits");
  }
  if (type.is(TypeKind::date) && !Temporal::parse_date(e.text)) {
    return error(e.at, "@" + e.text + " is not a real date", "write year, month and day as in @2026-03-14");
  }
  if (type.is(TypeKind::date_time) && !Temporal::parse_datetime(e.text)) {
    return error(e.at, "@" + e.text + " is not a real date and time", "write it as in @2026-03-14T09:30:00.000+01:00");
  }
  if (type.is(TypeKind::time) && !Temporal::parse_time(e.text)) {
    return error(e.at, "@T" + e.text + " is not a real time of day", "write it as in @T09:30:00.000");
  }
  auto node = make<Literal>(e.at, type);
  node->text = (negative ? "-" : "") + e.text;
  return node;
}

NodePtr Body::quantity_literal(const SourcePosition& at, const std::string& amount, const std::string& unit, bool calendar) {
  if (!Decimal::parse(amount)) { return error(at, amount + " is beyond the range of Decimal (28 digits before the point, 8 after it)", "use fewer digits"); }
  auto node = make<Literal>(at, Type::quantity());
  node->text = amount;
  node->unit = unit.empty() ? "1" : unit;
  node->calendar_unit = calendar;
  if (!calendar && syntax::precision_of(unit) != Precision::none) {
    c_.warn(library_, at, fmt::format("'{}' in quotes is no UCUM unit", unit), fmt::format("write {} {} without quotes", amount, unit));
    node->calendar_unit = true;
  } else if (!calendar && c_.units.find(node->unit) == nullptr) {
    c_.warn(library_, at, fmt::format("'{}' is no unit of UCUM: comparing or converting it gives null", unit),
            "check its spelling, as in 'mg', 'mmol/L' or 'mm[Hg]'");
  }
  return node;
}

NodePtr Body::quantity(const Expression& e, bool negative) { return quantity_literal(e.at, (negative ? "-" : "") + e.text, e.unit, e.calendar); }

NodePtr Body::ratio(const Expression& e) {
  auto node = make<Literal>(e.at, Type::ratio());
  const Expression& a = *e.operands[0];
  const Expression& b = *e.operands[1];
  if (!Decimal::parse(a.text) || !Decimal::parse(b.text)) return error(e.at, "a number of the ratio is beyond the range of Decimal");
  node->text = a.text;
  node->unit = a.unit.empty() ? "1" : a.unit;
  node->calendar_unit = a.calendar;
  node->text2 = b.text;
  node->unit2 = b.unit.empty() ? "1" : b.unit;
  node->calendar_unit2 = b.calendar;
  return node;
}

namespace {
bool is_point(const Type& type) { return type.is_numeric() || type.is_temporal() || type.is(TypeKind::quantity); }
}  // namespace

NodePtr Body::interval_of_choice(const Expression& e, NodePtr low, NodePtr high, const std::vector<Type>& points) {
  std::vector<Type> intervals;
  intervals.reserve(points.size());
  for (const Type& point : points) intervals.push_back(Type::interval(point));
  auto node = make<IntervalSelector>(e.at, Type::choice(intervals));
  node->low = converted(std::move(low), Type::choice(points), "the lower bound of the interval");
  node->high = converted(std::move(high), Type::choice(points), "the upper bound of the interval");
  if (!node->low || !node->high) return nullptr;
  node->low_closed = e.low_closed;
  node->high_closed = e.high_closed;
  return node;
}

NodePtr Body::interval(const Expression& e) {
  NodePtr low = check(*e.operands[0]);
  NodePtr high = check(*e.operands[1]);
  if (!low || !high) return nullptr;
  Type point = c_.types.common_type(low->type, high->type);
  if (const auto form = c_.types.system_form(point)) point = *form;
  if (point.is_choice() && (low->type.is_choice() != high->type.is_choice())) {
    // One bound is a choice (X.value): the other says which alternative is meant.
    const Type& plain = low->type.is_choice() ? high->type : low->type;
    point = c_.types.system_form(plain).value_or(plain);
  }
  if (point.is_choice() && low->type.is_choice() && high->type.is_choice()) {
    // Both bounds are choices (onset.low, onset.high): an interval of whichever ordered alternative they hold.
    std::vector<Type> points;
    for (const Type& alternative : point.alternatives()) {
      const Type form = c_.types.system_form(alternative).value_or(alternative);
      if (is_point(form) && std::find(points.begin(), points.end(), form) == points.end()) points.push_back(form);
    }
    if (points.size() == 1) point = points.front();
    if (points.size() > 1) return interval_of_choice(e, std::move(low), std::move(high), points);
  }
  const bool ordered = point.is_any() || point.is_numeric() || point.is_temporal() || point.is(TypeKind::quantity) || point.is(TypeKind::string);
  if (!ordered) {
    const bool lists = point.is_list() || (point.is_choice() && (low->type.is_list() || high->type.is_list()));
    const bool intervals = low->type.is_interval() || high->type.is_interval();
    return error(e.at, fmt::format("an interval cannot run from {} to {}", to_string(low->type), to_string(high->type)),
                 lists           ? "take one element, as in First(...)"
                     : intervals ? "take a bound, as in start of X or end of X"
                                 : "give both bounds the same ordered type (numbers, quantities, dates or times)");
  }
  auto node = make<IntervalSelector>(e.at, Type::interval(point));
  node->low = converted(std::move(low), point, "the lower bound of the interval");
  node->high = converted(std::move(high), point, "the upper bound of the interval");
  if (!node->low || !node->high) return nullptr;
  node->low_closed = e.low_closed;
  node->high_closed = e.high_closed;
  return node;
}

NodePtr Body::tuple(const Expression& e) {
  auto node = make<TupleSelector>(e.at, Type::any());
  std::vector<TupleElement> elements;
  bool good = true;
  for (std::size_t i = 0; i < e.names.size(); ++i) {
    NodePtr value = check(*e.operands[i]);
    if (std::find(node->names.begin(), node->names.end(), e.names[i]) != node->names.end()) {
      error(e.operands[i]->at, fmt::format("the tuple has two elements named '{}'", e.names[i]), "rename one of them");
      good = false;
    }
    good = good && value;
    if (!good) continue;
    elements.push_back({e.names[i], value->type});
    node->names.push_back(e.names[i]);
    node->values.push_back(std::move(value));
  }
  if (!good) return nullptr;
  node->type = Type::tuple(std::move(elements));
  return node;
}

NodePtr Body::list(const Expression& e) {
  std::vector<NodePtr> values;
  if (!check_all(e, values)) return nullptr;
  Type element = Type::any();
  if (e.type) {
    const auto type = c_.resolve_type(library_, *e.type);
    if (!type) return nullptr;
    element = *type;
  } else {
    for (const NodePtr& value : values) element = c_.types.common_type(element, value->type);
  }
  auto node = make<ListSelector>(e.at, Type::list(element));
  for (NodePtr& value : values) {
    NodePtr item = converted(std::move(value), element, "an element of the list");
    if (!item) return nullptr;
    node->values.push_back(std::move(item));
  }
  return node;
}

namespace {
std::vector<TupleElement> system_elements(const Type& type) {
  switch (type.kind()) {
    case TypeKind::quantity: return {{"value", Type::decimal()}, {"unit", Type::string()}};
    case TypeKind::ratio: return {{"numerator", Type::quantity()}, {"denominator", Type::quantity()}};
    case TypeKind::code: return {{"code", Type::string()}, {"system", Type::string()}, {"version", Type::string()}, {"display", Type::string()}};
    case TypeKind::concept_: return {{"codes", Type::list(Type::code())}, {"display", Type::string()}};
    case TypeKind::value_set:
    case TypeKind::code_system:
    case TypeKind::vocabulary: return {{"id", Type::string()}, {"version", Type::string()}, {"name", Type::string()}};
    default: return {};
  }
}
}  // namespace

NodePtr Body::instance(const Expression& e) {
  const auto type = c_.resolve_type(library_, *e.type);
  std::vector<NodePtr> values;
  const bool good = check_all(e, values);
  if (!type || !good) return nullptr;
  auto node = make<InstanceSelector>(e.at, *type);
  const std::vector<TupleElement> known = type->is_tuple() ? type->elements() : system_elements(*type);
  if (!type->is_named() && known.empty()) { return error(e.at, to_string(*type) + " has no elements to give", "write a literal, as in 5 'mg' or @2026-01-01"); }
  for (std::size_t i = 0; i < e.names.size(); ++i) {
    std::optional<Type> element;
    if (type->is_named()) {
      if (const ModelElement* found = c_.types.find_element(*type, e.names[i])) element = found->type;
    } else {
      for (const TupleElement& k : known) {
        if (k.name == e.names[i]) element = k.type;
      }
    }
    if (!element) return unknown_property(*type, e.names[i], e.operands[i]->at);
    // One value where a list is stored: `codes: Code ...`.
    if (element->is_list() && !values[i]->type.is_list() && !values[i]->type.is_any() && c_.types.convert(values[i]->type, element->element())) {
      auto list = make<ListSelector>(values[i]->at, *element);
      NodePtr item = converted(std::move(values[i]), element->element(), "the element '" + e.names[i] + "'");
      if (!item) return nullptr;
      list->values.push_back(std::move(item));
      values[i] = std::move(list);
    }
    NodePtr value = converted(std::move(values[i]), *element, "the element '" + e.names[i] + "'");
    if (!value) return nullptr;
    node->names.push_back(e.names[i]);
    node->values.push_back(std::move(value));
  }
  return node;
}

std::optional<CodeValue> Body::code_value(const Expression& e) {
  std::int32_t library = library_;
  std::string name = e.names.back();
  if (e.names.size() > 1) {
    const auto found = c_.state(library_).symbols.find(e.names[0]);
    if (found == c_.state(library_).symbols.end() || found->second.kind != Symbol::Kind::include) {
      unknown_name(e.names[0], e.at);
      return std::nullopt;
    }
    library = c_.state(library_).include_targets[static_cast<std::size_t>(found->second.index)];
    if (library < 0) return std::nullopt;
  }
  for (const TypedCodeSystem& system : c_.typed(library).code_systems) {
    if (system.name == name) return CodeValue{e.text, system.url, system.version, e.display};
  }
  std::vector<std::string> names;
  for (const TypedCodeSystem& system : c_.typed(library).code_systems) names.push_back(system.name);
  const std::string near = nearest(name, names);
  error(e.at, fmt::format("there is no code system \"{}\"", name),
        near.empty() ? fmt::format("declare it: codesystem \"{}\": 'its URL'", name) : fmt::format("did you mean \"{}\"?", near));
  return std::nullopt;
}

NodePtr Body::code(const Expression& e) {
  const auto value = code_value(e);
  if (!value) return nullptr;
  auto node = make<CodeLiteral>(e.at, Type::code());
  node->value = *value;
  return node;
}

NodePtr Body::concept_literal(const Expression& e) {
  auto node = make<ConceptLiteral>(e.at, Type::concept_());
  node->display = e.display;
  for (const auto& operand : e.operands) {
    const auto value = code_value(*operand);
    if (!value) return nullptr;
    node->codes.push_back(*value);
  }
  return node;
}

}  // namespace catchment::cql
