#include "cql/types/type_system.h"

#include <algorithm>

namespace catchment::cql {

namespace {

constexpr int max_depth = 24;

FoundConversion same(const Type& from, const Type& to, int cost) {
  FoundConversion found;
  found.conversion.kind = ConversionKind::none;
  found.conversion.from = from;
  found.conversion.to = to;
  found.cost = cost;
  return found;
}

const Overload* conversion_row(std::string_view name, const Type& from) {
  for (const Overload& overload : overloads_of(name)) {
    if (overload.parameters.size() == 1 && overload.parameters[0] == from) return &overload;
  }
  return nullptr;
}

struct SimpleRule {
  TypeKind from;
  TypeKind to;
  std::string_view name;
  int cost;
};
constexpr SimpleRule simple_rules[] = {
    {TypeKind::integer, TypeKind::long_integer, "ToLong", cost_simple},
    {TypeKind::integer, TypeKind::decimal, "ToDecimal", cost_simple + 1},
    {TypeKind::long_integer, TypeKind::decimal, "ToDecimal", cost_simple},
    {TypeKind::integer, TypeKind::quantity, "ToQuantity", cost_complex + 2},
    {TypeKind::long_integer, TypeKind::quantity, "ToQuantity", cost_complex + 2},
    {TypeKind::decimal, TypeKind::quantity, "ToQuantity", cost_complex + 1},
    {TypeKind::date, TypeKind::date_time, "ToDateTime", cost_simple},
    {TypeKind::code, TypeKind::concept_, "ToConcept", cost_complex},
};

bool is_simple(const Type& type) { return type.is_numeric() || type.is_temporal() || type.is(TypeKind::boolean) || type.is(TypeKind::string); }

}  // namespace

Type substitute(const Type& parameter, const Type& variable) {
  switch (parameter.kind()) {
    case TypeKind::variable: return variable;
    case TypeKind::list: return Type::list(substitute(parameter.element(), variable));
    case TypeKind::interval: return Type::interval(substitute(parameter.element(), variable));
    default: return parameter;
  }
}

void TypeSystem::use(const Model* model) {
  if (std::find(models_.begin(), models_.end(), model) == models_.end()) models_.push_back(model);
}

const ModelClass* TypeSystem::find_class(const Type& type) const {
  if (!type.is_named()) return nullptr;
  const std::string_view name = type.name();
  for (const Model* model : models_) {
    if (name.size() > model->name.size() && name.starts_with(model->name) && name[model->name.size()] == '.') {
      const auto found = model->classes.find(name.substr(model->name.size() + 1));
      if (found != model->classes.end()) return &found->second;
    }
  }
  return nullptr;
}

const ModelElement* TypeSystem::find_element(const Type& type, std::string_view name) const {
  const ModelClass* item = find_class(type);
  for (int depth = 0; item != nullptr && depth < max_depth; ++depth) {
    for (const ModelElement& element : item->elements) {
      if (element.name == name) return &element;
    }
    item = find_class(item->base);
  }
  return nullptr;
}

std::vector<std::string> TypeSystem::element_names(const Type& type) const {
  std::vector<std::string> names;
  const ModelClass* item = find_class(type);
  for (int depth = 0; item != nullptr && depth < max_depth; ++depth) {
    for (const ModelElement& element : item->elements) names.push_back(element.name);
    item = find_class(item->base);
  }
  return names;
}

std::vector<Type> TypeSystem::with_subtypes(const Type& type) const {
  std::vector<Type> result{type};
  if (!type.is_named()) return result;
  for (const Model* model : models_) {
    for (const auto& [name, item] : model->classes) {
      const Type candidate = Type::named(item.qualified);
      if (!(candidate == type) && is_subtype(candidate, type)) result.push_back(candidate);
    }
  }
  return result;
}

bool TypeSystem::is_subtype(const Type& type, const Type& of) const {
  if (type == of || of.is_any()) return true;
  if (of.is_choice() && !type.is_choice()) {
    return std::any_of(of.alternatives().begin(), of.alternatives().end(), [&](const Type& t) { return is_subtype(type, t); });
  }
  switch (type.kind()) {
    case TypeKind::value_set:
    case TypeKind::code_system: return of.is(TypeKind::vocabulary);
    case TypeKind::list:
    case TypeKind::interval: return type.kind() == of.kind() && is_subtype(type.element(), of.element());
    case TypeKind::choice: return std::all_of(type.alternatives().begin(), type.alternatives().end(), [&](const Type& t) { return is_subtype(t, of); });
    case TypeKind::tuple: {
      if (!of.is_tuple() || of.elements().size() != type.elements().size()) return false;
      for (const TupleElement& element : of.elements()) {
        const Type* own = type.element(element.name);
        if (own == nullptr || !is_subtype(*own, element.type)) return false;
      }
      return true;
    }
    case TypeKind::named: {
      const ModelClass* item = find_class(type);
      for (int depth = 0; item != nullptr && depth < max_depth; ++depth) {
        if (item->base == of) return true;
        item = find_class(item->base);
      }
      return false;
    }
    default: return false;
  }
}

const ModelConversionRule* TypeSystem::model_rule(const Type& from, const Type* to) const {
  Type type = from;
  for (int depth = 0; type.is_named() && depth < max_depth; ++depth) {
    for (const Model* model : models_) {
      const auto [begin, end] = model->conversions.equal_range(type.name());
      for (auto rule = begin; rule != end; ++rule) {
        if (to == nullptr || rule->second.to == *to) return &rule->second;
      }
    }
    const ModelClass* item = find_class(type);
    if (item == nullptr) return nullptr;
    type = item->base;
  }
  return nullptr;
}

std::optional<Type> TypeSystem::system_form(const Type& type) const {
  if (!type.is_named()) return std::nullopt;
  const ModelConversionRule* rule = model_rule(type, nullptr);
  return rule == nullptr ? std::nullopt : std::optional<Type>(rule->to);
}

std::optional<FoundConversion> TypeSystem::convert(const Type& from, const Type& to) const { return convert(from, to, 0); }

std::optional<FoundConversion> TypeSystem::convert(const Type& from, const Type& to, int depth) const {
  if (depth > max_depth) return std::nullopt;
  if (from == to) return same(from, to, cost_exact);
  if (to.is_any()) return same(from, to, cost_untyped);
  if (from.is_any()) {
    FoundConversion found = same(from, to, cost_compatible);
    found.conversion.kind = ConversionKind::cast;
    return found;
  }
  if (is_subtype(from, to)) return same(from, to, cost_subtype);
  if (from.is_choice()) return convert_choice(from, to, depth);
  if (to.is_choice()) return convert_to_choice(from, to, depth);
  if (auto found = convert_simple(from, to)) return found;
  if (from.is_named()) return convert_model(from, to);
  return convert_elements(from, to, depth);
}

std::optional<FoundConversion> TypeSystem::convert_simple(const Type& from, const Type& to) const {
  for (const SimpleRule& rule : simple_rules) {
    if (!from.is(rule.from) || !to.is(rule.to)) continue;
    FoundConversion found = same(from, to, rule.cost);
    found.conversion.kind = ConversionKind::system;
    found.conversion.overload = conversion_row(rule.name, from);
    return found;
  }
  if (from.is(TypeKind::value_set) && to.is_list() && to.element().is(TypeKind::code)) {
    FoundConversion found = same(from, to, cost_complex);
    found.conversion.kind = ConversionKind::system;
    found.conversion.overload = conversion_row("ExpandValueSet", from);
    return found;
  }
  return std::nullopt;
}

std::optional<FoundConversion> TypeSystem::convert_model(const Type& from, const Type& to) const {
  if (const ModelConversionRule* rule = model_rule(from, &to)) {
    FoundConversion found = same(from, to, is_simple(to) ? cost_simple : cost_complex);
    found.conversion.kind = ConversionKind::model;
    found.conversion.model = rule->conversion;
    return found;
  }
  // FHIR.date where DateTime is asked for, FHIR.integer where Decimal, FHIR.Coding where Concept: two steps.
  const ModelConversionRule* first = model_rule(from, nullptr);
  if (first == nullptr) return std::nullopt;
  auto second = convert(first->to, to, max_depth);
  if (!second) second = convert_simple(first->to, to);
  if (!second && first->to.is_interval() && to.is_interval()) second = convert_elements(first->to, to, max_depth - 2);
  if (!second || second->cost >= cost_untyped) return std::nullopt;
  FoundConversion found = same(from, to, cost_complex + second->cost);
  found.conversion.kind = ConversionKind::sequence;
  Conversion step;
  step.kind = ConversionKind::model;
  step.from = from;
  step.to = first->to;
  step.model = first->conversion;
  found.conversion.parts.push_back(std::move(step));
  found.conversion.parts.push_back(std::move(second->conversion));
  return found;
}

std::optional<FoundConversion> TypeSystem::convert_choice(const Type& from, const Type& to, int depth) const {
  FoundConversion found = same(from, to, cost_cast);
  found.conversion.kind = ConversionKind::choice;
  int best = -1;
  for (const Type& alternative : from.alternatives()) {
    auto part = convert(alternative, to, depth + 1);
    if (!part) continue;
    if (best < 0 || part->cost < best) best = part->cost;
    found.conversion.parts.push_back(std::move(part->conversion));
  }
  if (best < 0) return std::nullopt;
  found.cost += best;
  return found;
}

std::optional<FoundConversion> TypeSystem::convert_to_choice(const Type& from, const Type& to, int depth) const {
  std::optional<FoundConversion> best;
  for (const Type& alternative : to.alternatives()) {
    auto found = convert(from, alternative, depth + 1);
    if (found && (!best || found->cost < best->cost)) best = std::move(found);
  }
  if (!best) return std::nullopt;
  best->conversion.to = to;
  best->cost += cost_subtype;
  return best;
}

std::optional<FoundConversion> TypeSystem::convert_elements(const Type& from, const Type& to, int depth) const {
  if ((from.is_list() && to.is_list()) || (from.is_interval() && to.is_interval())) {
    auto part = convert(from.element(), to.element(), depth + 1);
    if (!part) return std::nullopt;
    FoundConversion found = same(from, to, part->cost);
    found.conversion.kind = from.is_list() ? ConversionKind::list_elements : ConversionKind::interval_points;
    found.conversion.parts.push_back(std::move(part->conversion));
    return found;
  }
  if (from.is_tuple() && to.is_tuple()) {
    FoundConversion found = same(from, to, cost_exact);
    found.conversion.kind = ConversionKind::tuple_elements;
    for (const TupleElement& element : to.elements()) {
      const Type* own = from.element(element.name);
      if (own == nullptr) return std::nullopt;
      auto part = convert(*own, element.type, depth + 1);
      if (!part) return std::nullopt;
      found.cost = std::max(found.cost, part->cost);
      found.conversion.names.push_back(element.name);
      found.conversion.parts.push_back(std::move(part->conversion));
    }
    if (found.conversion.parts.size() != from.elements().size()) return std::nullopt;
    found.cost = std::max(found.cost, static_cast<int>(cost_subtype));
    return found;
  }
  return std::nullopt;
}

Type TypeSystem::common_type(const Type& a, const Type& b) const {
  if (a == b || b.is_any()) return a;
  if (a.is_any()) return b;
  if (is_subtype(a, b)) return b;
  if (is_subtype(b, a)) return a;
  if (!a.is_choice() && !b.is_choice()) {
    // Only conversions that lose nothing and stay among like things; a model class becomes its system form.
    if (auto found = convert(a, b); found && found->cost < cost_untyped) return b;
    if (auto found = convert(b, a); found && found->cost < cost_untyped) return a;
    const auto form_a = system_form(a);
    const auto form_b = system_form(b);
    if (form_a && form_b && *form_a == *form_b) return *form_a;
    if (a.is_list() && b.is_list()) return Type::list(common_type(a.element(), b.element()));
  }
  return Type::choice({a, b});
}

}  // namespace catchment::cql
