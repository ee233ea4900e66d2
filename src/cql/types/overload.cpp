// The choice of an operator's overload for operands of given types.
#include <algorithm>

#include "cql/types/type_system.h"

namespace catchment::cql {

namespace {

constexpr std::size_t max_forms = 40;

void add(std::vector<Type>& types, const Type& type) {
  if (types.size() < max_forms && std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
}

bool unites(std::string_view name) { return name == "Union" || name == "Intersect" || name == "Except" || name == "Coalesce"; }

}  // namespace

/// What a value of this type may be seen as when a variable is bound: itself, its system form, and for a choice
/// its alternatives; the same under List and Interval.
void TypeSystem::add_forms(const Type& type, std::vector<Type>& forms) const {
  add(forms, type);
  if (type.is_list() || type.is_interval()) {
    std::vector<Type> inner;
    add_forms(type.element(), inner);
    for (const Type& t : inner) add(forms, type.is_list() ? Type::list(t) : Type::interval(t));
    return;
  }
  if (type.is_choice()) {
    for (const Type& alternative : type.alternatives()) add_forms(alternative, forms);
    return;
  }
  if (const auto form = system_form(type)) add_forms(*form, forms);
  if (type.is(TypeKind::code)) add(forms, Type::concept_());
  if (type.is(TypeKind::value_set)) add(forms, Type::list(Type::code()));
  if (type.is(TypeKind::date)) add(forms, Type::date_time());
}

/// Adds what the parameter's variable would be for one form of the operand.
void TypeSystem::bind(const Type& parameter, const Type& operand, std::vector<Type>& candidates) const {
  if (parameter.is_variable()) return add(candidates, operand);
  if ((parameter.is_list() && operand.is_list()) || (parameter.is_interval() && operand.is_interval())) {
    bind(parameter.element(), operand.element(), candidates);
  }
}

std::optional<ResolvedOverload> TypeSystem::apply(const Overload& overload, const std::vector<Type>& operands, const Type& variable) const {
  ResolvedOverload resolved;
  resolved.overload = &overload;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Type parameter = substitute(overload.parameters[i], variable);
    auto found = convert(operands[i], parameter);
    if (!found) return std::nullopt;
    // A variable bound to Any accepts everything: that is no match unless an operand is Any itself.
    resolved.cost += found->cost;
    resolved.conversions.push_back(std::move(found->conversion));
  }
  resolved.result = substitute(overload.result, variable);
  return resolved;
}

std::optional<ResolvedOverload> TypeSystem::resolve(std::span<const Overload> overloads, const std::vector<Type>& operands) const {
  std::optional<ResolvedOverload> best;
  auto consider = [&best](std::optional<ResolvedOverload> found) {
    if (found && (!best || found->cost < best->cost)) best = std::move(found);
  };
  for (const Overload& overload : overloads) {
    if (overload.parameters.size() != operands.size()) continue;
    const bool generic = std::any_of(overload.parameters.begin(), overload.parameters.end(), [](const Type& t) { return t.is_generic(); });
    if (!generic) {
      consider(apply(overload, operands, Type::any()));
      continue;
    }
    std::vector<Type> candidates;
    bool all_any = true;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      std::vector<Type> forms;
      add_forms(operands[i], forms);
      for (const Type& form : forms) bind(overload.parameters[i], form, candidates);
    }
    for (const Type& candidate : candidates) all_any = all_any && candidate.is_any();
    std::optional<ResolvedOverload> own;
    for (const Type& candidate : candidates) {
      if (candidate.is_any() && !all_any) continue;
      auto found = apply(overload, operands, candidate);
      if (found && (!own || found->cost < own->cost)) own = std::move(found);
    }
    if (candidates.empty()) own = apply(overload, operands, Type::any());
    if (!own && unites(overload.name)) {
      std::vector<Type> types;
      for (std::size_t i = 0; i < operands.size(); ++i) {
        std::vector<Type> exact;
        bind(overload.parameters[i], operands[i], exact);
        types.insert(types.end(), exact.begin(), exact.end());
      }
      if (types.size() >= operands.size()) own = apply(overload, operands, Type::choice(types));
      if (own) own->cost += cost_complex;
    }
    consider(std::move(own));
  }
  return best;
}

}  // namespace catchment::cql
