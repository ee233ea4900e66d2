// Queries and retrieves.
#include <fmt/core.h>

#include <algorithm>

#include "cql/types/checking.h"

namespace catchment::cql {

using syntax::Expression;

bool Body::query_source(const syntax::AliasedSource& source, QuerySource& out, Type& element) {
  NodePtr node = check(*source.source);
  if (!node) return false;
  // A value set or another thing that is a list only by conversion.
  if (node->type.is(TypeKind::value_set)) node = converted(std::move(node), Type::list(Type::code()), "the source of the query");
  if (!node) return false;
  out.alias = source.alias;
  out.is_list = node->type.is_list();
  element = out.is_list ? node->type.element() : node->type;
  out.slot = new_slot();
  out.source = std::move(node);
  return true;
}

NodePtr Body::query(const Expression& e) {
  const syntax::Query& q = *e.query;
  auto node = make<Query>(e.at, Type::any());
  const std::size_t scope_before = scope_.size();
  struct Restore {
    std::vector<Named>& scope;
    std::size_t size;
    ~Restore() { scope.resize(size); }
  } restore{scope_, scope_before};
  bool good = true;
  std::vector<Named> aliases;
  node->is_list = false;
  for (const syntax::AliasedSource& source : q.sources) {
    QuerySource item;
    Type element;
    if (!query_source(source, item, element)) {
      good = false;
      continue;
    }
    for (const Named& other : aliases) {
      if (other.name == source.alias) error(source.at, fmt::format("two sources are called \"{}\"", source.alias), "give each its own alias"), good = false;
    }
    node->is_list = node->is_list || item.is_list;
    aliases.push_back({source.alias, element, item.slot, false});
    node->sources.push_back(std::move(item));
  }
  if (!good) return nullptr;
  scope_.insert(scope_.end(), aliases.begin(), aliases.end());
  for (const syntax::LetItem& item : q.lets) {
    NodePtr value = check(*item.value);
    if (!value) return nullptr;
    QueryLet let;
    let.name = item.name;
    let.slot = new_slot();
    scope_.push_back({item.name, value->type, let.slot, false});
    let.value = std::move(value);
    node->lets.push_back(std::move(let));
  }
  for (const syntax::RelationClause& relation : q.relations) {
    QueryRelation item;
    Type element;
    item.without = relation.without;
    if (!query_source(relation.source, item.source, element)) {
      good = false;
      continue;
    }
    scope_.push_back({relation.source.alias, element, item.source.slot, false});
    item.such_that = converted(check(*relation.such_that), Type::boolean(), "the condition after such that");
    scope_.pop_back();
    good = good && item.such_that;
    node->relations.push_back(std::move(item));
  }
  if (q.where) {
    node->where = converted(check(*q.where), Type::boolean(), "the condition of where");
    good = good && node->where;
  }
  Type element = aliases.front().type;
  if (q.aggregate) {
    if (!query_aggregate(q, *node)) return nullptr;
    return good ? std::move(node) : nullptr;
  }
  if (q.result) {
    node->result = check(*q.result);
    if (!node->result) return nullptr;
    element = node->result->type;
    node->distinct = q.return_kind != syntax::Query::Return::all && node->is_list;
  } else if (aliases.size() > 1) {
    auto tuple = make<TupleSelector>(e.at, Type::any());
    std::vector<TupleElement> elements;
    for (const Named& alias : aliases) {
      elements.push_back({alias.name, alias.type});
      tuple->names.push_back(alias.name);
      tuple->values.push_back(slot(alias, e.at));
    }
    element = tuple->type = Type::tuple(std::move(elements));
    node->result = std::move(tuple);
  }
  node->type = node->is_list ? Type::list(element) : element;
  if (q.sorted) {
    if (!node->is_list) return error(q.sort_at, "there is one value and nothing to sort", "sort a list");
    scope_.resize(scope_before);
    if (!query_sort(q, *node, element)) return nullptr;
  }
  return good ? std::move(node) : nullptr;
}

bool Body::query_aggregate(const syntax::Query& q, Query& node) {
  node.has_aggregate = true;
  node.aggregate_distinct = q.aggregate_kind == syntax::Query::Return::distinct;
  node.is_list = false;
  Type type = Type::any();
  if (q.starting) {
    node.starting = check(*q.starting);
    if (!node.starting) return false;
    type = node.starting->type;
  }
  node.accumulator_slot = new_slot();
  // The accumulator's type is the starting value's; where the expression gives a wider one, that.
  for (int attempt = 0; attempt < 2; ++attempt) {
    scope_.push_back({q.accumulator, type, node.accumulator_slot, false});
    NodePtr body = check(*q.aggregate);
    scope_.pop_back();
    if (!body) return false;
    const auto fits = c_.types.convert(body->type, type);
    if (type.is_any() && !body->type.is_any() && attempt == 0) {
      type = body->type;
      continue;
    }
    if (fits && (type.is_any() || fits->cost < cost_untyped)) {
      node.aggregate = type.is_any() ? std::move(body) : converted(std::move(body), type, "the expression of aggregate");
      break;
    }
    if (attempt == 1) {
      error(body->at, fmt::format("the aggregate gives {} and its accumulator is {}", to_string(body->type), to_string(type)),
            "start it with a value of the same type: starting (...)");
      return false;
    }
    type = c_.types.common_type(type, body->type);
  }
  if (!node.aggregate) return false;
  if (node.starting) node.starting = converted(std::move(node.starting), type, "the starting value");
  node.type = type;
  return !q.starting || node.starting;
}

bool Body::query_sort(const syntax::Query& q, Query& node, const Type& element) {
  node.sort_slot = new_slot();
  for (const syntax::SortItem& item : q.sort) {
    QuerySort sort;
    sort.descending = item.descending;
    scope_.push_back({"$this", element, node.sort_slot, true});
    NodePtr key = item.key ? check(*item.key) : slot(scope_.back(), q.sort_at);
    scope_.pop_back();
    if (!key) return false;
    if (const auto form = c_.types.system_form(key->type)) key = converted(std::move(key), *form, "the sort key");
    if (!key) return false;
    if (key->type.is_choice()) {
      // The alternatives that have an order must have one order.
      Type ordered = Type::any();
      for (const Type& alternative : key->type.alternatives()) {
        const Type form = c_.types.system_form(alternative).value_or(alternative);
        if (form.is_temporal() || form.is_numeric() || form.is(TypeKind::quantity) || form.is(TypeKind::string)) {
          ordered = c_.types.common_type(ordered, form);
        }
      }
      if (!ordered.is_any() && !ordered.is_choice()) key = converted(std::move(key), ordered, "the sort key");
    }
    const Type& type = key->type;
    const bool ordered =
        type.is_numeric() || type.is_temporal() || type.is(TypeKind::quantity) || type.is(TypeKind::string) || type.is(TypeKind::boolean) || type.is_any();
    if (!ordered) {
      error(key->at, fmt::format("{} has no order to sort by", to_string(type)),
            type.is_interval() ? "sort by a bound: sort by start of ..."
                : item.key     ? "sort by an element that is a number, text, date or time"
                               : "name what to sort by: sort by ...");
      return false;
    }
    if (item.key || key->kind != NodeKind::slot_ref) sort.key = std::move(key);
    node.sort.push_back(std::move(sort));
  }
  return true;
}

NodePtr Body::retrieve(const Expression& e) {
  const syntax::Retrieve& r = *e.retrieve;
  auto node = make<Retrieve>(e.at, Type::any());
  if (c_.state(library_).model_missing && c_.state(library_).default_model == nullptr) return nullptr;
  if (c_.state(library_).default_model == nullptr) return error(e.at, "a retrieve needs a data model", "name it first: using FHIR version '4.0.1'");
  const auto type = c_.resolve_type(library_, r.type);
  if (!type) return nullptr;
  const ModelClass* item = c_.types.find_class(*type);
  if (item == nullptr || !item->retrievable) {
    return error(r.type.at, to_string(*type) + " cannot be retrieved", "retrieve a kind of record, as in [Condition] or [Observation]");
  }
  node->type = Type::list(*type);
  node->profile = item->identifier;
  node->negation = item->negation;
  node->unfiltered = context_ == EvaluationContext::unfiltered;
  const ModelClass* holder = item;
  for (int depth = 0; holder != nullptr && depth < 16 && node->resource_type.empty(); ++depth) {
    node->resource_type = holder->resource;
    if (node->resource_type.empty() && holder->qualified.starts_with("FHIR.")) node->resource_type = holder->name;
    holder = c_.types.find_class(holder->base);
  }
  if (node->resource_type.empty()) node->resource_type = item->name;
  other_profiles(*item, *node);
  if (r.context) {
    node->context = check(*r.context);
    if (!node->context) return nullptr;
  }
  if (r.terminology && !r.code_path.empty()) {
    // [Location: id in { '1', '2' }]: an element compared as text, which needs no terminology.
    const std::size_t before = c_.diagnostics.size();
    NodePtr terminology = check(*r.terminology);
    if (!terminology) return nullptr;
    const Type given = c_.types.system_form(terminology->type).value_or(terminology->type);
    const Type one = given.is_list() ? c_.types.system_form(given.element()).value_or(given.element()) : given;
    if (one.is(TypeKind::string)) return retrieve_by_value(r, std::move(node), std::move(terminology), e.at);
    c_.diagnostics.resize(before);  // checked again below, where its warnings belong
  }
  if (r.terminology && !retrieve_code(r, *item, *type, *node, e.at)) return nullptr;
  return node;
}

/// What else the model tells apart over the same resource.
void Body::other_profiles(const ModelClass& item, Retrieve& node) const {
  for (const Model* model : c_.types.models()) {
    if (!item.qualified.starts_with(model->name + ".")) continue;
    for (const auto& [name, other] : model->classes) {
      if (!other.retrievable || other.resource != node.resource_type || other.identifier.empty() || other.identifier == item.identifier) continue;
      node.other_profiles.push_back(other.identifier);
      node.affirmation = node.affirmation || (other.negation && !item.negation);
    }
  }
}

NodePtr Body::retrieve_by_value(const syntax::Retrieve& r, std::unique_ptr<Retrieve> rows, NodePtr terminology, const SourcePosition& at) {
  auto node = make<Query>(at, rows->type);
  const Type element = rows->type.element();
  QuerySource from;
  from.slot = new_slot();
  from.alias = "$this";
  from.source = std::move(rows);
  NodePtr value = slot({"$this", element, from.slot, false}, at);
  std::string_view path = r.code_path;
  while (value && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    value = property(std::move(value), std::string(path.substr(0, dot)), at);
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  if (!value) return nullptr;
  const bool list = c_.types.system_form(terminology->type).value_or(terminology->type).is_list();
  if (!c_.types.convert(value->type, Type::string()) || value->type.is_list()) {
    c_.warn(library_, at, fmt::format("the retrieve compares {} with text and never finds anything", to_string(value->type)),
            "compare an element that is text, or filter with where");
    auto never = make<Literal>(at, Type::boolean());
    never->text = "false";
    node->where = std::move(never);
  } else {
    std::vector<NodePtr> operands;
    operands.push_back(converted(std::move(value), Type::string(), "the element of the retrieve"));
    operands.push_back(converted(std::move(terminology), list ? Type::list(Type::string()) : Type::string(), "what the retrieve asks for"));
    if (!operands[0] || !operands[1]) return nullptr;
    node->where = call(list ? "In" : r.comparator == "~" ? "Equivalent" : "Equal", std::move(operands), at);
    if (!node->where) return nullptr;
  }
  node->sources.push_back(std::move(from));
  return node;
}

bool Body::retrieve_code(const syntax::Retrieve& r, const ModelClass& item, const Type& type, Retrieve& node, const SourcePosition& at) {
  node.code_path = r.code_path;
  const ModelClass* holder = &item;
  for (int depth = 0; holder != nullptr && depth < 16 && node.code_path.empty(); ++depth) {
    node.code_path = holder->code_path;
    holder = c_.types.find_class(holder->base);
  }
  if (node.code_path.empty()) {
    error(at, to_string(type) + " has no code it is usually asked for by", "name the element: [" + item.name + ": code in ...]");
    return false;
  }
  const ModelElement* element = c_.types.find_element(type, node.code_path.substr(0, node.code_path.find('.')));
  if (element == nullptr) {
    unknown_property(type, node.code_path, at);
    return false;
  }
  bool repeats = false;
  if (node.code_path.find('.') == std::string::npos) {
    node.code_alternatives = stored_as(c_.types, *element, repeats);
  } else {
    node.code_alternatives.push_back({node.code_path, Type::concept_()});
  }
  NodePtr terminology = check(*r.terminology);
  if (!terminology) return false;
  const Type given = c_.types.system_form(terminology->type).value_or(terminology->type);
  const bool set = given.is(TypeKind::value_set) || given.is(TypeKind::code_system) || given.is_list();
  if (r.comparator == "in" || (r.comparator.empty() && set)) node.comparison = CodeComparison::in;
  else node.comparison = r.comparator == "=" ? CodeComparison::equal : CodeComparison::equivalent;
  if (node.comparison == CodeComparison::in && !set && !given.is_any()) {
    if (given.is(TypeKind::code) || given.is(TypeKind::concept_)) {
      error(terminology->at, fmt::format("'in' asks for a value set or a list of codes and this is {}", to_string(given)), "write ~ for one code");
      return false;
    }
  }
  if (given.is_list()) {
    if (c_.types.convert(terminology->type, Type::list(Type::code()))) {
      node.terminology = converted(std::move(terminology), Type::list(Type::code()), "the terminology of the retrieve");
    } else {
      node.terminology = converted(std::move(terminology), Type::list(Type::concept_()), "the terminology of the retrieve");
    }
  } else if (given.is(TypeKind::value_set) || given.is(TypeKind::code_system) || given.is(TypeKind::code) || given.is(TypeKind::concept_)) {
    node.terminology = converted(std::move(terminology), given, "the terminology of the retrieve");
  } else {
    error(terminology->at, fmt::format("a retrieve is filtered by a value set or codes, not by {}", to_string(terminology->type)),
          given.is(TypeKind::string) ? "declare a code or a value set and name it" : "name a value set, a code or a list of codes");
    return false;
  }
  return node.terminology != nullptr;
}

}  // namespace catchment::cql
