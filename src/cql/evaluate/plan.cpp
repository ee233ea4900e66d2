#include "cql/evaluate/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "cql/evaluate/dependence.h"
#include "cql/evaluate/planner.h"
#include "cql/types/node_as.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

/// Nothing is gained by remembering these.
bool is_trivial(const Node& node) {
  switch (node.kind) {
    case NodeKind::literal:
    case NodeKind::null_literal:
    case NodeKind::slot_ref:
    case NodeKind::parameter_ref:
    case NodeKind::context_subject:
    case NodeKind::code_literal:
    case NodeKind::concept_literal: return true;
    case NodeKind::definition_ref: return !as<DefinitionRef>(node).for_everyone;
    default: return false;
  }
}

}  // namespace

Planner::Planner(Plan& plan, bool evidence) : plan_(plan), program_(plan.program_), evidence_(evidence), needs_(plan.program_), asked_(plan.program_, {}) {}

/// The likeness of a node that stands alone. Large ones, and all when each clause is to be reported, are only
/// ever like themselves.
std::string Planner::key_of(const Node& node) {
  constexpr std::uint32_t largest = 2000;
  const auto known = keys_.find(&node);
  if (known != keys_.end()) return known->second;
  return keys_[&node] = evidence_ || needs_.of(node).size > largest ? fmt::format("#{}", reinterpret_cast<std::uintptr_t>(&node)) : likeness(node);
}

void Planner::count(const Node& body) {
  visit_nodes(body, [this](const Node& node) {
    if (!is_trivial(node) && needs_.of(node).stands_alone()) ++uses_[key_of(node)];
  });
}

std::size_t Planner::cell_for(const Node& node) {
  const std::string& key = key_of(node);
  const auto known = cells_by_key_.find(key);
  if (known != cells_by_key_.end()) return known->second;
  const std::size_t index = plan_.cells_.size();
  cells_by_key_.emplace(key, index);
  plan_.cells_.emplace_back();
  cell_nodes_.resize(plan_.cells_.size());
  cell_nodes_[index] = &node;
  const Needs& needs = needs_.of(node);
  const Loop* loop = std::exchange(loop_, nullptr);
  StepPtr step = compile_here(node);
  loop_ = loop;
  Plan::Cell& cell = plan_.cells_[index];
  cell.step = std::move(step);
  cell.slot_count = needs.binds ? slot_count_ : 0;
  cell.once_a_run = !needs.subject;
  cell.description = {node.at, library_name_, node.kind, uses_[key], !needs.subject};
  return index;
}

/// A node that stands alone gets a cell when it is used more than once, when what is around it may run it
/// often, or when it needs no subject while what is around it does.
StepPtr Planner::compile(const Node& node, const Needs* around) {
  const Needs& needs = needs_.of(node);
  if (!is_trivial(node) && stands_still(node)) {
    const std::size_t place = std::exchange(slot_count_, slot_count_ + 2);
    loop_->kept->push_back(place);
    const Loop* loop = std::exchange(loop_, nullptr);
    StepPtr step = compile_here(node);
    loop_ = loop;
    return kept_step(place, std::move(step));
  }
  if (is_trivial(node) || !needs.stands_alone()) return compile_here(node);
  const bool runs_often = around == nullptr || !around->stands_alone() || (around->subject && !needs.subject);
  return runs_often || uses_[key_of(node)] > 1 ? use_of(cell_for(node), node) : compile_here(node);
}

StepPtr Planner::use_of(std::size_t cell, const Node& node) { return cell_step(cell, !needs_.of(node).subject && asked_.of(node).request); }

/// The retrieve that only `exists` asks for: its rows need not be made to be told there are some.
const Retrieve* Planner::asked_alone(const OperatorCall& call) {
  if (call.overload->name != "Exists" || call.operands.size() != 1 || call.operands.front()->kind != NodeKind::retrieve) return nullptr;
  const auto& retrieve = as<Retrieve>(*call.operands.front());
  const bool known =
      !retrieve.context && (!retrieve.terminology || (needs_.of(*retrieve.terminology).stands_alone() && !needs_.of(*retrieve.terminology).subject));
  return known && uses_[key_of(retrieve)] < 2 && !evidence_ ? &retrieve : nullptr;
}

StepPtr Planner::child(const NodePtr& node, const Node& parent) { return node ? compile(*node, &needs_.of(parent)) : nullptr; }

std::vector<StepPtr> Planner::children(const std::vector<NodePtr>& nodes, const Node& parent) {
  std::vector<StepPtr> steps;
  steps.reserve(nodes.size());
  for (const NodePtr& node : nodes) steps.push_back(child(node, parent));
  return steps;
}

/// Whether the loop around it does not change it and remembering it is worth a place: reading an element is not.
bool Planner::stands_still(const Node& node) const {
  if (loop_ == nullptr || evidence_ || node.kind == NodeKind::property) return false;
  const std::vector<std::int32_t>& slots = needs_.of(node).free_slots;
  return !slots.empty() && std::includes(loop_->fixed.begin(), loop_->fixed.end(), slots.begin(), slots.end());
}

StepPtr Planner::compile_looped(const NodePtr& node, std::vector<std::int32_t> fixed, std::vector<std::size_t>& kept) {
  if (!node) return nullptr;
  const Loop loop{std::move(fixed), &kept};
  const Loop* outer = std::exchange(loop_, &loop);
  StepPtr step = compile(*node, nullptr);
  loop_ = outer;
  return step;
}

StepPtr Planner::compile_query(const Query& query) {
  QuerySteps steps;
  const auto looped = [&](const NodePtr& node) { return compile_looped(node, needs_.of(query).free_slots, steps.kept_a_run); };
  for (const QuerySource& source : query.sources) steps.sources.push_back(child(source.source, query));
  for (const QueryLet& let : query.lets) steps.lets.push_back(looped(let.value));
  for (const QueryRelation& relation : query.relations) {
    steps.relation_sources.push_back(looped(relation.source.source));
    std::vector<std::int32_t> of_row = relation.such_that ? needs_.of(*relation.such_that).free_slots : std::vector<std::int32_t>();
    std::erase(of_row, relation.source.slot);
    steps.relation_tests.push_back(compile_looped(relation.such_that, std::move(of_row), steps.kept_a_row));
  }
  for (const QuerySort& sort : query.sort) steps.sort_keys.push_back(looped(sort.key));
  steps.where = looped(query.where);
  steps.result = looped(query.result);
  steps.starting = child(query.starting, query);
  steps.aggregate = looped(query.aggregate);
  return query_step(query, std::move(steps));
}

StepPtr Planner::compile_iteration(const Iteration& iteration) {
  StepPtr source = child(iteration.source, iteration);
  return iteration_step(iteration, std::move(source), iteration.body ? compile(*iteration.body, nullptr) : nullptr);
}

/// A function called with what differs between requests is compiled for just that: then its operators see
/// what they compare with, and can say for which requests the result is the same.
StepPtr Planner::compile_call(const FunctionCall& call) {
  std::vector<StepPtr> arguments = children(call.arguments, call);
  Bindings bindings;
  if (!evidence_ && program_.libraries[at(call.library)].functions[at(call.index)].body) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::size_t cell = arguments[i]->constant_cell();
      if (cell == nowhere) continue;
      bindings.emplace(static_cast<std::int32_t>(i), cell);
      arguments[i] = nullptr;
    }
  }
  return function_step(call, std::move(arguments), bindings.empty() ? nowhere : bound_function(call, bindings));
}

std::size_t Planner::bound_function(const FunctionCall& call, const Bindings& bindings) {
  const auto [known, is_new] = bound_functions_.try_emplace({call.library, call.index, bindings}, plan_.bound_functions_.size());
  const std::size_t place = known->second;
  if (!is_new) return place;
  plan_.bound_functions_.emplace_back();  // before its body, which may call it
  const TypedFunction& function = program_.libraries[at(call.library)].functions[at(call.index)];
  const std::size_t outer_slots = std::exchange(slot_count_, at(function.slot_count));
  const Bindings outer = std::exchange(bindings_, bindings);
  const Loop* loop = std::exchange(loop_, nullptr);
  StepPtr step = compile(*function.body, nullptr);
  plan_.bound_functions_[place] = {std::move(step), slot_count_};
  loop_ = loop;
  bindings_ = outer;
  slot_count_ = outer_slots;
  return place;
}

StepPtr Planner::compile_here(const Node& node) {
  const auto constant = [this](Value value) {
    value.freeze();
    plan_.constants_.push_back(value);
    return constant_step(std::move(value));
  };
  const auto library = [this](std::int32_t index) -> const TypedLibrary& { return program_.libraries[at(index)]; };
  StepPtr step;
  switch (node.kind) {
    case NodeKind::literal: return constant(literal_value(as<Literal>(node)));
    case NodeKind::null_literal: return constant_step({});
    case NodeKind::code_literal: return constant(code_value(as<CodeLiteral>(node).value));
    case NodeKind::concept_literal: return constant(concept_value(as<ConceptLiteral>(node)));
    case NodeKind::slot_ref: {
      const auto bound = bindings_.find(as<SlotRef>(node).slot);
      return bound == bindings_.end() ? slot_step(as<SlotRef>(node).slot) : cell_step(bound->second, true);
    }
    case NodeKind::context_subject: return subject_step();
    case NodeKind::definition_ref: {
      const auto& ref = as<DefinitionRef>(node);
      step = ref.for_everyone ? everyone_step(ref) : use_of(plan_.definition_cells_[at(ref.library)][at(ref.index)], node);
      break;
    }
    case NodeKind::parameter_ref: {
      const auto& ref = as<ParameterRef>(node);
      return cell_step(plan_.parameter_cells_[at(ref.library)][at(ref.index)], true);
    }
    case NodeKind::value_set_ref: return value_set_step(library(as<ValueSetRef>(node).library).value_sets[at(as<ValueSetRef>(node).index)]);
    case NodeKind::code_system_ref: return code_system_step(library(as<CodeSystemRef>(node).library).code_systems[at(as<CodeSystemRef>(node).index)]);
    case NodeKind::operator_call: {
      const auto& call = as<OperatorCall>(node);
      if (const Retrieve* asked = asked_alone(call)) step = exists_step(*asked, child(call.operands.front(), node));
      else step = operator_step(call, children(call.operands, node));
      break;
    }
    case NodeKind::convert: step = convert_step(as<Convert>(node), child(as<Convert>(node).operand, node)); break;
    case NodeKind::tuple_selector: step = tuple_step(as<TupleSelector>(node), children(as<TupleSelector>(node).values, node)); break;
    case NodeKind::list_selector: step = list_step(children(as<ListSelector>(node).values, node)); break;
    case NodeKind::interval_selector: {
      StepPtr low = child(as<IntervalSelector>(node).low, node);
      step = interval_step(as<IntervalSelector>(node), std::move(low), child(as<IntervalSelector>(node).high, node));
      break;
    }
    case NodeKind::instance_selector: step = instance_step(as<InstanceSelector>(node), children(as<InstanceSelector>(node).values, node)); break;
    case NodeKind::function_call: step = compile_call(as<FunctionCall>(node)); break;
    case NodeKind::property: step = property_step(as<Property>(node), child(as<Property>(node).source, node)); break;
    case NodeKind::retrieve: {
      const auto& retrieve = as<Retrieve>(node);
      StepPtr terminology = child(retrieve.terminology, node);
      step = retrieve_step(retrieve, std::move(terminology), child(retrieve.context, node));
      break;
    }
    case NodeKind::query: step = compile_query(as<Query>(node)); break;
    case NodeKind::if_then_else: {
      const auto& choice = as<IfThenElse>(node);
      StepPtr condition = child(choice.condition, node), then_value = child(choice.then_value, node);
      step = if_step(std::move(condition), std::move(then_value), child(choice.else_value, node));
      break;
    }
    case NodeKind::case_when: {
      const auto& choice = as<CaseWhen>(node);
      StepPtr comparand = child(choice.comparand, node);
      std::vector<CaseStepItem> items;
      for (const CaseItem& item : choice.items) {
        StepPtr when = child(item.when, node);
        items.push_back({std::move(when), child(item.then, node)});
      }
      step = case_step(std::move(comparand), std::move(items), child(choice.else_value, node));
      break;
    }
    case NodeKind::is_type: step = is_step(as<IsType>(node), child(as<IsType>(node).operand, node)); break;
    case NodeKind::as_type: step = as_step(as<AsType>(node), child(as<AsType>(node).operand, node)); break;
    case NodeKind::iteration: step = compile_iteration(as<Iteration>(node)); break;
  }
  return evidence_ ? traced_step(node, std::move(step)) : std::move(step);
}

void Planner::build() {
  for (const TypedLibrary& library : program_.libraries) {  // every definition and parameter has its cell from the start
    auto& definitions = plan_.definition_cells_.emplace_back();
    for (std::size_t i = 0; i < library.definitions.size(); ++i) definitions.push_back(plan_.cells_.size()), plan_.cells_.emplace_back();
    auto& parameters = plan_.parameter_cells_.emplace_back();
    for (std::size_t i = 0; i < library.parameters.size(); ++i) parameters.push_back(plan_.cells_.size()), plan_.cells_.emplace_back();
    plan_.functions_.emplace_back(library.functions.size());
    for (const TypedDefinition& definition : library.definitions)
      if (definition.body) count(*definition.body);
    for (const TypedFunction& function : library.functions)
      if (function.body) count(*function.body);
  }
  cell_nodes_.resize(plan_.cells_.size());
  for (std::size_t l = 0; l < program_.libraries.size(); ++l) {
    const TypedLibrary& library = program_.libraries[l];
    library_name_ = library.name;
    for (std::size_t i = 0; i < library.parameters.size(); ++i) {
      const TypedParameter& parameter = library.parameters[i];
      slot_count_ = at(parameter.slot_count);
      const bool of_main = at(program_.main) == l;
      StepPtr step = parameter_step(library, parameter, of_main, parameter.default_value ? compile_here(*parameter.default_value) : nullptr);
      Plan::Cell& cell = plan_.cells_[plan_.parameter_cells_[l][i]];
      cell.step = std::move(step);
      cell.slot_count = slot_count_;
      cell.once_a_run = true;
    }
    for (std::size_t i = 0; i < library.definitions.size(); ++i) {
      const TypedDefinition& definition = library.definitions[i];
      if (!definition.body) continue;
      slot_count_ = at(definition.slot_count);
      StepPtr step = compile(*definition.body, &needs_.of(*definition.body));
      Plan::Cell& cell = plan_.cells_[plan_.definition_cells_[l][i]];
      cell_nodes_[plan_.definition_cells_[l][i]] = definition.body.get();
      cell.step = std::move(step);
      cell.slot_count = slot_count_;
      cell.once_a_run = !needs_.of(*definition.body).subject;
    }
    for (std::size_t i = 0; i < library.functions.size(); ++i) {
      const TypedFunction& function = library.functions[i];
      if (!function.body) continue;
      slot_count_ = at(function.slot_count);
      StepPtr step = compile(*function.body, nullptr);
      plan_.functions_[l][i] = {std::move(step), slot_count_};
    }
  }
  const auto note_retrieves = [this](const Node& body) {
    visit_nodes(body, [this](const Node& node) {
      if (node.kind != NodeKind::retrieve) return;
      const auto& retrieve = as<Retrieve>(node);
      const bool known = !retrieve.terminology || (needs_.of(*retrieve.terminology).stands_alone() && !needs_.of(*retrieve.terminology).subject);
      plan_.retrieves_.push_back({&retrieve, known, known && retrieve.terminology ? cell_for(*retrieve.terminology) : 0});
    });
  };
  for (const TypedLibrary& library : program_.libraries) {
    for (const TypedDefinition& definition : library.definitions)
      if (definition.body) note_retrieves(*definition.body);
    for (const TypedFunction& function : library.functions)
      if (function.body) note_retrieves(*function.body);
  }
  DependenceFinder dependence(program_, plan_.retrieves_);
  cell_nodes_.resize(plan_.cells_.size());
  for (std::size_t i = 0; i < plan_.cells_.size(); ++i) {
    if (cell_nodes_[i] == nullptr) continue;
    Dependence of_cell = dependence.of(*cell_nodes_[i]);
    plan_.cells_[i].own = of_cell.own;
    plan_.cells_[i].of_request = of_cell.request;
    plan_.cells_[i].retrieves = std::move(of_cell.retrieves);
  }
}

Plan::Plan(const Program& program, bool evidence) : program_(program) { Planner(*this, evidence).build(); }

Plan::~Plan() {
  // Steps hold copies of frozen constants without counting them: they go first, while the constants stand.
  cells_.clear();
  functions_.clear();
  bound_functions_.clear();
  retrieves_.clear();
  for (const Value& value : constants_) value.thaw();
}

Plan::Basis Plan::basis_of(std::int32_t library, std::int32_t index) const {
  const Cell& cell = cells_[definition_cells_[at(library)][at(index)]];
  return {cell.own, cell.retrieves};
}

std::vector<SharedExpression> Plan::shared() const {
  std::vector<SharedExpression> result;
  for (const Cell& cell : cells_)
    if (cell.description.uses > 1) result.push_back(cell.description);
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.uses > b.uses; });
  return result;
}

}  // namespace catchment::cql
