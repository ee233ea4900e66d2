// Identifiers, elements and what they mean.
#include <fmt/core.h>

#include <algorithm>

#include "cql/types/checking.h"

namespace catchment::cql {

using syntax::Expression;

NodePtr Body::error(const SourcePosition& at, const std::string& message, const std::string& fix) {
  c_.error(library_, at, message, fix);
  return nullptr;
}

bool Body::check_all(const Expression& e, std::vector<NodePtr>& nodes, std::size_t from) {
  bool good = true;
  for (std::size_t i = from; i < e.operands.size(); ++i) {
    NodePtr node = check(*e.operands[i]);
    good = good && node;
    nodes.push_back(std::move(node));
  }
  return good;
}

NodePtr Body::check(const Expression& e) {
  struct Deeper {
    explicit Deeper(int& d) : depth(d) { ++depth; }
    ~Deeper() { --depth; }
    int& depth;
  } deeper(c_.depth);
  if (c_.depth > 1600) {
    return error(e.at, "definitions refer to one another too deeply", "declare what is used before what uses it, or split the expression");
  }
  return check_kind(e);
}

NodePtr Body::check_kind(const Expression& e) {
  using K = syntax::Kind;
  switch (e.kind) {
    case K::null_literal:
    case K::boolean:
    case K::string:
    case K::number:
    case K::long_number:
    case K::date:
    case K::date_time:
    case K::time: return literal(e, false);
    case K::quantity: return quantity(e, false);
    case K::ratio: return ratio(e);
    case K::identifier: return identifier(e);
    case K::special: return special(e);
    case K::external: return error(e.at, "%" + e.text + " is not known here", "external constants are not part of CQL; use a parameter");
    case K::member: return member(e);
    case K::invocation: return invocation(e);
    case K::indexer: {
      std::vector<NodePtr> operands;
      if (!check_all(e, operands)) return nullptr;
      return call("Indexer", std::move(operands), e.at, Precision::none, "'[ ]'");
    }
    case K::unary: return unary(e);
    case K::binary: return binary(e);
    case K::component: return component(e);
    case K::between: return between(e);
    case K::duration_between:
    case K::duration_of: return duration(e);
    case K::convert: return convert(e);
    case K::cast:
    case K::type_as: return type_as(e);
    case K::type_test: return type_test(e);
    case K::extent: return extent(e);
    case K::if_then_else: return if_then_else(e);
    case K::case_when: return case_when(e);
    case K::expand_collapse: return expand_collapse(e);
    case K::interval: return interval(e);
    case K::tuple: return tuple(e);
    case K::instance: return instance(e);
    case K::list: return list(e);
    case K::code: return code(e);
    case K::concept_: return concept_literal(e);
    case K::timing: return timing(e);
    case K::retrieve: return retrieve(e);
    case K::query: return query(e);
  }
  return nullptr;
}

NodePtr Body::slot(const Named& named, const SourcePosition& at) {
  auto node = make<SlotRef>(at, named.type);
  node->slot = named.slot;
  return node;
}

NodePtr Body::special(const Expression& e) {
  for (auto it = scope_.rbegin(); it != scope_.rend(); ++it) {
    if (it->name == e.text) return slot(*it, e.at);
  }
  return error(e.at, e.text + " has no meaning here", "it stands for the element inside sort by, .where(...) and .select(...)");
}

NodePtr Body::identifier(const Expression& e) {
  for (auto it = scope_.rbegin(); it != scope_.rend(); ++it) {
    if (it->name == e.text) return slot(*it, e.at);
    if (!it->implicit) continue;
    Type type;
    Property probe;
    if (property_type(it->type, e.text, type, probe)) return property(slot(*it, e.at), e.text, e.at);
  }
  bool found = false;
  NodePtr node = symbol(library_, e.text, e.at, found);
  if (found) return node;
  const Model* model = c_.state(library_).default_model;
  if (model != nullptr && (e.text == "Patient" || "" + model->name + "." + e.text == model->patient_class) && context_ == EvaluationContext::patient) {
    return make<ContextSubject>(e.at, Type::named(model->patient_class));
  }
  return unknown_name(e.text, e.at);
}

NodePtr Body::unknown_name(const std::string& name, const SourcePosition& at) {
  if (name == "Patient" && c_.state(library_).model_missing) return nullptr;
  std::vector<std::string> names = c_.names_of(library_);
  for (const Named& named : scope_) {
    if (!named.name.empty() && named.name[0] != '$') names.push_back(named.name);
  }
  const std::string near = nearest(name, names);
  std::string fix = near.empty() ? "declare it, or check its spelling; text takes single quotes: '" + name + "'" : "did you mean \"" + near + "\"?";
  if (near.empty()) {
    for (std::size_t i = 0; i < c_.state(library_).tree.includes.size(); ++i) {
      const std::int32_t target = c_.state(library_).include_targets[i];
      if (target < 0 || c_.state(target).symbols.count(name) == 0) continue;
      const auto& include = c_.state(library_).tree.includes[i];
      const std::string alias = include.alias.empty() ? include.name.substr(include.name.rfind('.') + 1) : include.alias;
      fix = fmt::format("it is declared in the included library: write {}.\"{}\"", syntax::print_name(alias), name);
    }
    if (name == "Patient" && c_.state(library_).default_model == nullptr) fix = "name the data model first: using FHIR version '4.0.1'";
  }
  return error(at, fmt::format("there is no \"{}\"", name), fix);
}

NodePtr Body::symbol(std::int32_t library, const std::string& name, const SourcePosition& at, bool& found) {
  const auto entry = c_.state(library).symbols.find(name);
  found = entry != c_.state(library).symbols.end();
  if (!found) return nullptr;
  const Symbol& s = entry->second;
  const auto i = static_cast<std::size_t>(s.index);
  auto allowed = [&](Access access) {
    if (library == library_ || access == Access::public_) return true;
    error(at, fmt::format("\"{}\" is private to the library {}", name, c_.typed(library).name), "make it public, or use a public definition");
    return false;
  };
  switch (s.kind) {
    case Symbol::Kind::include: return error(at, fmt::format("\"{}\" is a library, not a value", name), "name something in it: " + name + ".\"...\"");
    case Symbol::Kind::function: return error(at, fmt::format("\"{}\" is a function", name), "call it: " + syntax::print_name(name) + "(...)");
    case Symbol::Kind::code_system: {
      if (!allowed(c_.typed(library).code_systems[i].access)) return nullptr;
      auto node = make<CodeSystemRef>(at, Type::code_system());
      node->library = library;
      node->index = s.index;
      return node;
    }
    case Symbol::Kind::value_set: {
      if (!allowed(c_.typed(library).value_sets[i].access)) return nullptr;
      auto node = make<ValueSetRef>(at, Type::value_set());
      node->library = library;
      node->index = s.index;
      return node;
    }
    case Symbol::Kind::code: {
      const auto& tree = c_.state(library).tree.codes[i];
      if (!allowed(tree.access == syntax::AccessModifier::private_ ? Access::private_ : Access::public_)) return nullptr;
      if (c_.state(library).codes[i].system.empty()) return nullptr;  // reported where it is declared
      auto node = make<CodeLiteral>(at, Type::code());
      node->value = c_.state(library).codes[i];
      return node;
    }
    case Symbol::Kind::concept_: {
      auto node = make<ConceptLiteral>(at, Type::concept_());
      node->codes = c_.state(library).concepts[i];
      node->display = c_.state(library).tree.concepts[i].display;
      return node;
    }
    case Symbol::Kind::parameter: {
      if (!allowed(c_.typed(library).parameters[i].access)) return nullptr;
      c_.check_parameter(library, s.index);
      auto node = make<ParameterRef>(at, c_.typed(library).parameters[i].type);
      node->library = library;
      node->index = s.index;
      return node;
    }
    case Symbol::Kind::definition: {
      if (!allowed(c_.typed(library).definitions[i].access)) return nullptr;
      if (c_.state(library).definition_progress[i] == Progress::under_way) {
        return error(at, fmt::format("\"{}\" is defined by itself", name), "a definition cannot refer to itself, directly or through others");
      }
      c_.check_definition(library, s.index);
      const TypedDefinition& definition = c_.typed(library).definitions[i];
      if (!definition.body) return nullptr;
      const bool for_everyone = context_ == EvaluationContext::unfiltered && definition.context == EvaluationContext::patient;
      auto node = make<DefinitionRef>(at, for_everyone ? Type::list(definition.type) : definition.type);
      node->for_everyone = for_everyone;
      node->library = library;
      node->index = s.index;
      return node;
    }
  }
  return nullptr;
}

std::int32_t Body::include_named(const Expression& e) const {
  if (e.kind != syntax::Kind::identifier) return -2;
  for (const Named& named : scope_) {
    if (named.name == e.text) return -2;
  }
  const auto found = c_.state(library_).symbols.find(e.text);
  if (found == c_.state(library_).symbols.end() || found->second.kind != Symbol::Kind::include) return -2;
  return c_.state(library_).include_targets[static_cast<std::size_t>(found->second.index)];
}

NodePtr Body::member(const Expression& e) {
  const std::int32_t target = include_named(*e.operands[0]);
  if (target == -1) return nullptr;  // the include was reported as missing
  if (target >= 0) {
    bool found = false;
    NodePtr node = symbol(target, e.text, e.at, found);
    if (found) return node;
    const std::string near = nearest(e.text, c_.names_of(target));
    return error(e.at, fmt::format("the library {} has no \"{}\"", c_.typed(target).name, e.text),
                 near.empty() ? "check the name and the library's version" : "did you mean \"" + near + "\"?");
  }
  NodePtr source = check(*e.operands[0]);
  return source ? property(std::move(source), e.text, e.at) : nullptr;
}

bool Body::system_property(const Type& source, const std::string& name, Type& type) const {
  auto given = [&](const char* known, const Type& t) {
    if (name != known) return false;
    type = t;
    return true;
  };
  switch (source.kind()) {
    case TypeKind::interval:
      return given("low", source.element()) || given("high", source.element()) || given("lowClosed", Type::boolean()) || given("highClosed", Type::boolean());
    case TypeKind::quantity: return given("value", Type::decimal()) || given("unit", Type::string());
    case TypeKind::ratio: return given("numerator", Type::quantity()) || given("denominator", Type::quantity());
    case TypeKind::code:
      return given("code", Type::string()) || given("system", Type::string()) || given("version", Type::string()) || given("display", Type::string());
    case TypeKind::concept_: return given("codes", Type::list(Type::code())) || given("display", Type::string());
    case TypeKind::vocabulary:
    case TypeKind::value_set:
    case TypeKind::code_system: return given("id", Type::string()) || given("version", Type::string()) || given("name", Type::string());
    case TypeKind::tuple:
      if (const Type* element = source.element(name)) {
        type = *element;
        return true;
      }
      return false;
    default: return false;
  }
}

bool Body::property_type(const Type& source, const std::string& name, Type& type, Property& node) const {
  if (source.is_named()) {
    const ModelElement* element = c_.types.find_element(source, name);
    if (element == nullptr) return false;
    type = element->type;
    bool repeats = false;
    for (PropertyAlternative& alternative : stored_as(c_.types, *element, repeats)) {
      const bool known = std::any_of(node.alternatives.begin(), node.alternatives.end(),
                                     [&](const PropertyAlternative& a) { return a.key == alternative.key && a.type == alternative.type; });
      if (!known) node.alternatives.push_back(std::move(alternative));
    }
    node.repeats = node.repeats || repeats;
    return true;
  }
  if (source.is_choice()) {
    std::vector<Type> found;
    for (const Type& alternative : source.alternatives()) {
      Type one;
      if (property_type(alternative, name, one, node)) found.push_back(one);
    }
    if (found.empty()) return false;
    type = Type::choice(found);
    return true;
  }
  return system_property(source, name, type);
}

NodePtr Body::property(NodePtr source, const std::string& name, const SourcePosition& at) {
  if (source->kind == NodeKind::null_literal) return source;
  Type type;
  auto node = make<Property>(at, Type::any());
  if (source->type.is_list()) return list_property(std::move(source), name, at);
  if (!property_type(source->type, name, type, *node)) {
    // X.value of a system type that a FHIR primitive became is the value itself.
    if (name == "value" &&
        (source->type.is(TypeKind::string) || source->type.is(TypeKind::boolean) || source->type.is_numeric() || source->type.is_temporal()) &&
        c_.state(library_).default_model != nullptr) {
      return source;
    }
    return unknown_property(source->type, name, at);
  }
  node->type = type;
  node->name = name;
  node->source = std::move(source);
  return node;
}

/// `list.name`: the elements' values, nulls left out, lists of lists made one.
NodePtr Body::list_property(NodePtr source, const std::string& name, const SourcePosition& at) {
  const Type element = source->type.element();
  auto node = make<Query>(at, Type::any());
  QuerySource from;
  from.slot = new_slot();
  from.alias = "$this";
  from.source = std::move(source);
  auto value = [&]() -> NodePtr { return property(slot({"$this", element, from.slot, false}, at), name, at); };
  NodePtr result = value();
  if (!result) return nullptr;
  std::vector<NodePtr> one;
  one.push_back(value());
  std::vector<NodePtr> test;
  test.push_back(call("IsNull", std::move(one), at));
  node->where = call("Not", std::move(test), at);
  const Type type = result->type;
  node->result = std::move(result);
  node->sources.push_back(std::move(from));
  node->type = Type::list(type);
  if (!type.is_list()) return node;
  std::vector<NodePtr> lists;
  lists.push_back(std::move(node));
  return call("Flatten", std::move(lists), at);
}

NodePtr Body::unknown_property(const Type& type, const std::string& name, const SourcePosition& at) {
  std::vector<std::string> names = c_.types.element_names(type);
  if (type.is_tuple()) {
    for (const TupleElement& element : type.elements()) names.push_back(element.name);
  }
  if (type.is_interval()) names = {"low", "high", "lowClosed", "highClosed"};
  if (type.is(TypeKind::quantity)) names = {"value", "unit"};
  if (type.is(TypeKind::code)) names = {"code", "system", "version", "display"};
  if (type.is(TypeKind::concept_)) names = {"codes", "display"};
  const std::string near = nearest(name, names);
  std::string fix;
  if (!near.empty()) {
    fix = "did you mean '" + near + "'?";
  } else if (type.is_interval() && (name == "start" || name == "end")) {
    fix = name + " of (...) gives the bound of an interval";
  } else if (!names.empty()) {
    std::string some;
    for (std::size_t i = 0; i < names.size() && i < 8; ++i) some += (i > 0 ? ", " : "") + names[i];
    fix = "it has " + some + (names.size() > 8 ? ", ..." : "");
  }
  if (type.is_interval() && (name == "start" || name == "end")) fix = "write " + name + " of (...), or ." + (name == "start" ? "low" : "high");
  return error(at, fmt::format("{} has no element '{}'", to_string(type), name), fix);
}

}  // namespace catchment::cql
