// Operators, conversions and conditions.
#include <fmt/core.h>

#include <algorithm>

#include "cql/types/checking.h"

namespace catchment::cql {

using syntax::Expression;

NodePtr Body::apply(NodePtr node, Conversion conversion) {
  if (conversion.kind == ConversionKind::none) return node;
  if (node->kind == NodeKind::null_literal) {
    node->type = conversion.to;
    return node;
  }
  if (conversion.kind == ConversionKind::cast && node->kind == NodeKind::list_selector && conversion.to.is_list()) {
    node->type = conversion.to;
    return node;
  }
  auto convert = make<Convert>(node->at, conversion.to);
  convert->operand = std::move(node);
  convert->conversion = std::move(conversion);
  return convert;
}

NodePtr Body::converted(NodePtr node, const Type& to, const std::string& what) {
  if (!node) return nullptr;
  auto found = c_.types.convert(node->type, to);
  if (!found) {
    std::string fix;
    if (node->type.is_list() && !to.is_list()) {
      fix = to.is(TypeKind::boolean) ? "ask whether there is any: exists (...)" : "take one element, as in First(...) or singleton from (...)";
    } else if (to.is_list() && !node->type.is_list()) {
      fix = "make a list of it: { ... }";
    } else if (node->type.is_interval() && to.is_temporal()) {
      fix = "take a bound: start of (...) or end of (...)";
    } else if (to.is(TypeKind::string)) {
      fix = "convert it: ToString(...)";
    } else if (to.is(TypeKind::boolean)) {
      fix = "compare it with something, as in ... = 'finished' or ... is not null";
    } else if (node->type.is_choice()) {
      fix = "say which alternative is meant: ... as " + to_string(to);
    }
    return error(node->at, fmt::format("{} must be {} and is {}", what, to_string(to), to_string(node->type)), fix);
  }
  return apply(std::move(node), std::move(found->conversion));
}

namespace {

std::string list_types(const std::vector<NodePtr>& operands) {
  std::string text;
  for (std::size_t i = 0; i < operands.size(); ++i) { text += (i == 0 ? "" : i + 1 == operands.size() ? " and " : ", ") + to_string(operands[i]->type); }
  return text;
}

std::string signatures(std::span<const Overload> overloads) {
  std::string text;
  int shown = 0;
  for (const Overload& overload : overloads) {
    if (++shown > 4) return text + ", ...";
    std::string one;
    for (const Type& parameter : overload.parameters) one += (one.empty() ? "" : ", ") + to_string(parameter);
    text += (text.empty() ? "(" : ", (") + one + ")";
  }
  return text;
}

bool is_model_class(const TypeSystem& types, const Type& type) {
  const ModelClass* item = types.find_class(type);
  return item != nullptr && item->retrievable;
}

std::string likely_fix(const TypeSystem& types, std::string_view name, const std::vector<NodePtr>& operands) {
  const bool pair = operands.size() == 2;
  auto form = [&types](const NodePtr& node) { return types.system_form(node->type).value_or(node->type); };
  const Type a = operands.empty() ? Type::any() : form(operands[0]);
  const Type b = pair ? form(operands[1]) : Type::any();
  for (const NodePtr& operand : operands) {
    if (is_model_class(types, operand->type)) return "name the element that is meant, as in X.code, X.status or X.period";
  }
  if (name == "And" || name == "Or" || name == "Xor" || name == "Implies" || name == "Not") {
    for (const NodePtr& operand : operands) {
      if (operand->type.is_list()) return "ask whether the list holds anything: exists (...)";
    }
    return "each side must be true or false: compare the value with something";
  }
  if (!pair && a.is_list() && name != "Exists") return "take one element first: First(...), Last(...) or singleton from (...)";
  if (!pair && a.is_interval()) return "take a bound of the interval: start of (...) or end of (...)";
  if (pair && a.is_list() != b.is_list() && !a.is_any() && !b.is_any() && name != "In" && name != "Contains") {
    return "one side is a list: take one element with First(...) or singleton from (...), or use 'in'";
  }
  if (pair && a.is_interval() != b.is_interval() && (a.is_temporal() || b.is_temporal()))
    return "take a bound of the interval (start of ..., end of ...) or use 'during'";
  if (pair && (a.is(TypeKind::string) != b.is(TypeKind::string)) && (a.is_numeric() || b.is_numeric())) {
    return "convert one side: ToString(...), ToInteger(...) or ToDecimal(...)";
  }
  if (pair && (a.is(TypeKind::quantity) || b.is(TypeKind::quantity)) && (a.is_temporal() || b.is_temporal())) {
    return "add or subtract an amount of time (X + 3 days), or compare two dates";
  }
  if (pair && name == "Subtract" && a.is_temporal() && b.is_temporal()) return "count the time between them: days between X and Y";
  if (pair && (b.is(TypeKind::value_set) || a.is(TypeKind::value_set)) && name.starts_with("Eq")) return "test membership: X.code in \"Value set\"";
  if (name == "Exists" && !operands.empty() && !a.is_list()) return "exists asks about a list: for one value write 'is not null'";
  return {};
}

}  // namespace

NodePtr Body::no_overload(std::string_view name, const std::vector<NodePtr>& operands, const SourcePosition& at, const std::string& written) {
  const std::string shown = written.empty() ? std::string(name) : written;
  const auto overloads = overloads_of(name);
  std::string fix = likely_fix(c_.types, name, operands);
  if (fix.empty()) fix = "it takes " + signatures(overloads);
  if (operands.empty()) return error(at, fmt::format("{} takes operands", shown), fix);
  return error(at, fmt::format("{} does not take {}", shown, list_types(operands)), fix);
}

NodePtr Body::call(std::string_view name, std::vector<NodePtr> operands, const SourcePosition& at, Precision precision, const std::string& written) {
  std::vector<Type> types;
  for (const NodePtr& operand : operands) {
    if (!operand) return nullptr;
    types.push_back(operand->type);
  }
  auto resolved = c_.types.resolve(overloads_of(name), types);
  if (!resolved) return no_overload(name, operands, at, written);
  auto node = make<OperatorCall>(at, resolved->result);
  node->overload = resolved->overload;
  node->precision = precision;
  for (std::size_t i = 0; i < operands.size(); ++i) { node->operands.push_back(apply(std::move(operands[i]), std::move(resolved->conversions[i]))); }
  return node;
}

namespace {
struct UnaryName {
  std::string_view text;
  std::string_view name;
};
constexpr UnaryName unary_names[] = {{"-", "Negate"},
                                     {"not", "Not"},
                                     {"exists", "Exists"},
                                     {"distinct", "Distinct"},
                                     {"flatten", "Flatten"},
                                     {"start of", "Start"},
                                     {"end of", "End"},
                                     {"width of", "Width"},
                                     {"successor of", "Successor"},
                                     {"predecessor of", "Predecessor"},
                                     {"singleton from", "SingletonFrom"},
                                     {"point from", "PointFrom"},
                                     {"is null", "IsNull"},
                                     {"is true", "IsTrue"},
                                     {"is false", "IsFalse"}};
}  // namespace

NodePtr Body::unary(const Expression& e) {
  using K = syntax::Kind;
  const Expression& operand = *e.operands[0];
  if (e.text == "-" && (operand.kind == K::number || operand.kind == K::long_number)) return literal(operand, true);
  if (e.text == "-" && operand.kind == K::quantity) return quantity(operand, true);
  NodePtr value = check(operand);
  if (!value) return nullptr;
  if (e.text == "+") {
    const Type type = c_.types.system_form(value->type).value_or(value->type);
    if (!type.is_numeric() && !type.is(TypeKind::quantity) && !type.is_any()) {
      return error(e.at, "+ does not take " + to_string(value->type), "it takes a number or a quantity");
    }
    return value;
  }
  std::string text = e.text;
  const bool negated = text.starts_with("is not ");
  if (negated) text = "is " + text.substr(7);
  for (const UnaryName& entry : unary_names) {
    if (entry.text != text) continue;
    std::vector<NodePtr> operands;
    operands.push_back(std::move(value));
    NodePtr node = call(entry.name, std::move(operands), e.at, Precision::none, "'" + e.text + "'");
    if (!negated || !node) return node;
    std::vector<NodePtr> inner;
    inner.push_back(std::move(node));
    return call("Not", std::move(inner), e.at);
  }
  return error(e.at, "unknown operator " + e.text);
}

namespace {
constexpr UnaryName binary_names[] = {{"+", "Add"},
                                      {"-", "Subtract"},
                                      {"*", "Multiply"},
                                      {"/", "Divide"},
                                      {"div", "TruncatedDivide"},
                                      {"mod", "Modulo"},
                                      {"^", "Power"},
                                      {"&", "ConcatenateOrEmpty"},
                                      {"=", "Equal"},
                                      {"!=", "NotEqual"},
                                      {"~", "Equivalent"},
                                      {"!~", "NotEquivalent"},
                                      {"<", "Less"},
                                      {"<=", "LessOrEqual"},
                                      {">", "Greater"},
                                      {">=", "GreaterOrEqual"},
                                      {"and", "And"},
                                      {"or", "Or"},
                                      {"xor", "Xor"},
                                      {"implies", "Implies"},
                                      {"union", "Union"},
                                      {"intersect", "Intersect"},
                                      {"except", "Except"},
                                      {"in", "In"},
                                      {"contains", "Contains"}};
}  // namespace

NodePtr Body::binary(const Expression& e) {
  std::vector<NodePtr> operands;
  if (!check_all(e, operands)) return nullptr;
  for (const UnaryName& entry : binary_names) {
    if (entry.text != e.text) continue;
    if (entry.name == "Equal" || entry.name == "Equivalent" || entry.name == "NotEqual" || entry.name == "NotEquivalent") {
      const Type& a = operands[0]->type;
      const Type& b = operands[1]->type;
      const bool vocabulary = a.is(TypeKind::value_set) != b.is(TypeKind::value_set);
      if (vocabulary && !a.is_any() && !b.is_any()) return no_overload(entry.name, operands, e.at, "'" + e.text + "'");
    }
    return call(entry.name, std::move(operands), e.at, e.precision, "'" + e.text + "'");
  }
  return error(e.at, "unknown operator " + e.text);
}

NodePtr Body::with_value(NodePtr value, const std::function<NodePtr(const std::function<NodePtr()>&)>& use) {
  auto node = make<Query>(value->at, Type::any());
  const Type type = value->type;
  const SourcePosition at = value->at;
  QuerySource source;
  source.slot = new_slot();
  source.is_list = false;
  source.source = std::move(value);
  const std::int32_t held = source.slot;
  node->sources.push_back(std::move(source));
  node->is_list = false;
  const auto held_value = [this, at, type, held]() -> NodePtr {
    auto ref = make<SlotRef>(at, type);
    ref->slot = held;
    return ref;
  };
  std::vector<NodePtr> tested;
  tested.push_back(held_value());
  std::vector<NodePtr> negated;
  negated.push_back(call("IsNull", std::move(tested), at));
  node->where = call("Not", std::move(negated), at);
  node->result = use(held_value);
  if (!node->result || !node->where) return nullptr;
  node->type = node->result->type;
  return node;
}

NodePtr Body::between(const Expression& e) {
  std::vector<NodePtr> operands;
  if (!check_all(e, operands)) return nullptr;
  NodePtr low = std::move(operands[1]);
  NodePtr high = std::move(operands[2]);
  return with_value(std::move(operands[0]), [&](const std::function<NodePtr()>& value) -> NodePtr {
    auto compare = [&](const char* name, NodePtr bound) {
      std::vector<NodePtr> pair;
      pair.push_back(value());
      pair.push_back(std::move(bound));
      return call(name, std::move(pair), e.at, Precision::none, "'between'");
    };
    std::vector<NodePtr> both;
    both.push_back(compare(e.properly ? "Greater" : "GreaterOrEqual", std::move(low)));
    both.push_back(compare(e.properly ? "Less" : "LessOrEqual", std::move(high)));
    return call("And", std::move(both), e.at);
  });
}

NodePtr Body::component(const Expression& e) {
  std::vector<NodePtr> operands;
  if (!check_all(e, operands)) return nullptr;
  const std::string written = "'" + e.text + " from'";
  if (e.text == "date") return call("DateFrom", std::move(operands), e.at, Precision::none, written);
  if (e.text == "time") return call("TimeFrom", std::move(operands), e.at, Precision::none, written);
  if (e.text == "timezoneoffset") return call("TimezoneOffsetFrom", std::move(operands), e.at, Precision::none, written);
  const Precision precision = syntax::precision_of(e.text);
  if (precision == Precision::week) return error(e.at, "a date has no week component", "use year, month, day, hour, minute, second or millisecond from");
  return call("DateTimeComponentFrom", std::move(operands), e.at, precision, written);
}

NodePtr Body::duration(const Expression& e) {
  std::vector<NodePtr> operands;
  if (!check_all(e, operands)) return nullptr;
  const bool difference = e.text == "difference";
  const std::string written = fmt::format("'{}{}'", difference ? "difference in " : "", syntax::to_word(e.precision, true));
  const char* name = difference ? "DifferenceBetween" : "DurationBetween";
  if (e.kind == syntax::Kind::duration_between) return call(name, std::move(operands), e.at, e.precision, written + " between");
  return with_value(std::move(operands[0]), [&](const std::function<NodePtr()>& value) -> NodePtr {
    auto bound = [&](const char* which) {
      std::vector<NodePtr> one;
      one.push_back(value());
      return call(which, std::move(one), e.at, Precision::none, written + " of");
    };
    std::vector<NodePtr> pair;
    pair.push_back(bound("Start"));
    if (!pair[0]) return nullptr;
    pair.push_back(bound("End"));
    return call(name, std::move(pair), e.at, e.precision, written + " of");
  });
}

NodePtr Body::precision_quantity(Precision precision, const SourcePosition& at) {
  return quantity_literal(at, "1", std::string(syntax::to_word(precision)), true);
}

NodePtr Body::expand_collapse(const Expression& e) {
  std::vector<NodePtr> operands;
  if (!check_all(e, operands)) return nullptr;
  if (e.precision != Precision::none) operands.push_back(precision_quantity(e.precision, e.at));
  return call(e.text == "expand" ? "Expand" : "Collapse", std::move(operands), e.at, Precision::none, "'" + e.text + "'");
}

NodePtr Body::convert(const Expression& e) {
  NodePtr value = check(*e.operands[0]);
  if (!value) return nullptr;
  std::vector<NodePtr> operands;
  if (!e.type) {
    operands.push_back(std::move(value));
    auto unit = make<Literal>(e.at, Type::string());
    unit->text = e.unit;
    operands.push_back(std::move(unit));
    return call("ConvertQuantity", std::move(operands), e.at, Precision::none, "'convert ... to'");
  }
  const auto type = c_.resolve_type(library_, *e.type);
  if (!type) return nullptr;
  if (auto found = c_.types.convert(value->type, *type); found && found->cost < cost_compatible) return apply(std::move(value), std::move(found->conversion));
  const std::string name = type->is_list() && type->element().is(TypeKind::code) ? "ToCodes" : "To" + to_string(*type);
  if (!overloads_of(name).empty()) {
    operands.push_back(std::move(value));
    return call(name, std::move(operands), e.at, Precision::none, "'convert ... to " + to_string(*type) + "'");
  }
  return converted(std::move(value), *type, "the operand of convert");
}

NodePtr Body::type_test(const Expression& e) {
  NodePtr value = check(*e.operands[0]);
  const auto type = c_.resolve_type(library_, *e.type);
  if (!value || !type) return nullptr;
  auto node = make<IsType>(e.at, Type::boolean());
  node->operand = std::move(value);
  node->tested = *type;
  node->accepted = c_.types.with_subtypes(*type);
  return node;
}

NodePtr Body::type_as(const Expression& e) {
  NodePtr value = check(*e.operands[0]);
  const auto type = c_.resolve_type(library_, *e.type);
  if (!value || !type) return nullptr;
  if (value->kind == NodeKind::null_literal) {
    value->type = *type;
    return value;
  }
  const Type& from = value->type;
  const auto conversion = c_.types.convert(from, *type);
  const bool related = from.is_any() || c_.types.is_subtype(from, *type) || c_.types.is_subtype(*type, from);
  bool holds = related;
  if (!holds && from.is_choice()) {
    holds = std::any_of(from.alternatives().begin(), from.alternatives().end(),
                        [&](const Type& t) { return c_.types.is_subtype(t, *type) || c_.types.is_subtype(*type, t); });
    // X.value as System.Quantity where the alternative is FHIR.Quantity: its conversion is meant.
    if (!holds && conversion) return apply(std::move(value), conversion->conversion);
  }
  if (!holds && type->is_choice()) holds = conversion.has_value();
  if (!holds && from.is_list() && type->is_list()) holds = conversion.has_value() || c_.types.is_subtype(type->element(), from.element());
  if (!holds && from.is_interval() && type->is_interval()) holds = conversion.has_value() || from.element().is_any();
  if (!holds && conversion && from.is_named()) return apply(std::move(value), conversion->conversion);
  // A profile seen as the class it is based on or as its sibling: the same stored resource.
  if (!holds && from.is_named() && type->is_named()) {
    const ModelClass* a = c_.types.find_class(from);
    const ModelClass* b = c_.types.find_class(*type);
    holds = a != nullptr && b != nullptr && !a->resource.empty() && a->resource == b->resource;
  }
  if (!holds) {
    return error(e.at, fmt::format("{} can never be {}", to_string(from), to_string(*type)),
                 conversion           ? "it is converted without 'as'"
                     : from.is_list() ? "take one element first"
                                      : "convert it instead: convert ... to " + to_string(*type));
  }
  auto node = make<AsType>(e.at, *type);
  node->operand = std::move(value);
  node->strict = e.kind == syntax::Kind::cast;
  node->accepted = c_.types.with_subtypes(*type);
  return node;
}

NodePtr Body::extent(const Expression& e) {
  const auto type = c_.resolve_type(library_, *e.type);
  if (!type) return nullptr;
  if (!type->is_numeric() && !type->is_temporal() && !type->is(TypeKind::quantity)) {
    return error(e.at, to_string(*type) + " has no " + e.text, "use Integer, Long, Decimal, Quantity, Date, DateTime or Time");
  }
  auto node = make<OperatorCall>(e.at, *type);
  const auto rows = overloads_of(e.text == "minimum" ? "MinValue" : "MaxValue");
  if (rows.empty()) return error(e.at, e.text + " is not in the operator table");
  node->overload = &rows.front();
  return node;
}

NodePtr Body::if_then_else(const Expression& e) {
  NodePtr condition = converted(check(*e.operands[0]), Type::boolean(), "the condition of if");
  NodePtr then_value = check(*e.operands[1]);
  NodePtr else_value = check(*e.operands[2]);
  if (!condition || !then_value || !else_value) return nullptr;
  const Type type = c_.types.common_type(then_value->type, else_value->type);
  auto node = make<IfThenElse>(e.at, type);
  node->condition = std::move(condition);
  node->then_value = converted(std::move(then_value), type, "the value after then");
  node->else_value = converted(std::move(else_value), type, "the value after else");
  return node->then_value && node->else_value ? std::move(node) : nullptr;
}

NodePtr Body::case_when(const Expression& e) {
  std::vector<NodePtr> parts;
  if (!check_all(e, parts)) return nullptr;
  auto node = make<CaseWhen>(e.at, Type::any());
  std::size_t first = 0;
  Type compared = Type::any();
  if (e.has_target) {
    first = 1;
    compared = c_.types.system_form(parts[0]->type).value_or(parts[0]->type);
    for (std::size_t i = first; i + 1 < parts.size(); i += 2) {
      const Type next = c_.types.common_type(compared, parts[i]->type);
      if (next.is_choice() && !compared.is_choice() && !parts[i]->type.is_choice()) {
        return error(parts[i]->at, fmt::format("the case compares {} with {}", to_string(compared), to_string(parts[i]->type)),
                     "give each when a value of the type after case");
      }
      if (!compared.is_choice()) compared = next;
    }
    node->comparand = converted(std::move(parts[0]), compared, "the value after case");
    const auto equal = c_.types.resolve(overloads_of("Equal"), {compared, compared});
    if (!node->comparand || !equal) return nullptr;
    node->equal = equal->overload;
  }
  Type type = parts.back()->type;
  for (std::size_t i = first; i + 1 < parts.size(); i += 2) type = c_.types.common_type(type, parts[i + 1]->type);
  for (std::size_t i = first; i + 1 < parts.size(); i += 2) {
    CaseItem item;
    item.when = e.has_target ? converted(std::move(parts[i]), compared, "the value after when")
                             : converted(std::move(parts[i]), Type::boolean(), "the condition after when");
    item.then = converted(std::move(parts[i + 1]), type, "the value after then");
    if (!item.when || !item.then) return nullptr;
    node->items.push_back(std::move(item));
  }
  node->else_value = converted(std::move(parts.back()), type, "the value after else");
  if (!node->else_value) return nullptr;
  node->type = type;
  return node;
}

}  // namespace catchment::cql
