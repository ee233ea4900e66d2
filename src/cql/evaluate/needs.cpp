// What each expression needs: slots bound around it, the subject, or nothing at all.
#include <algorithm>

#include "cql/evaluate/planner.h"
#include "cql/types/node_as.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

void add(Needs& needs, const Needs& part) {
  for (const std::int32_t slot : part.free_slots) {
    const auto place = std::lower_bound(needs.free_slots.begin(), needs.free_slots.end(), slot);
    if (place == needs.free_slots.end() || *place != slot) needs.free_slots.insert(place, slot);
  }
  needs.subject = needs.subject || part.subject;
  needs.binds = needs.binds || part.binds;
  needs.size += part.size;
}

void bind(Needs& needs, std::int32_t slot) {
  if (slot < 0) return;
  needs.binds = true;
  std::erase(needs.free_slots, slot);
}

/// Operators that read the subject, or that report something for each subject.
bool reads_subject(const Overload& overload) { return overload.name.starts_with("AgeIn") || overload.name == "Message"; }

}  // namespace

NeedsFinder::NeedsFinder(const Program& program) : program_(program) {
  for (const TypedLibrary& library : program.libraries) {
    definitions_.emplace_back(library.definitions.size(), State::unknown);
    functions_.emplace_back(library.functions.size(), State::unknown);
  }
  for (const TypedLibrary& library : program.libraries) {
    for (const TypedDefinition& definition : library.definitions)
      if (definition.body) find(*definition.body);
    for (const TypedFunction& function : library.functions)
      if (function.body) find(*function.body);
    for (const TypedParameter& parameter : library.parameters)
      if (parameter.default_value) find(*parameter.default_value);
  }
}

bool NeedsFinder::definition_needs_subject(std::int32_t library, std::int32_t index) {
  State& state = definitions_[at(library)][at(index)];
  if (state == State::unknown) {
    state = State::running;
    const TypedDefinition& definition = program_.libraries[at(library)].definitions[at(index)];
    const bool needs = !definition.body || find(*definition.body).subject;
    state = needs ? State::yes : State::no;
  }
  return state != State::no;  // one that is being looked at refers to itself and fails at run time anyway
}

bool NeedsFinder::function_needs_subject(std::int32_t library, std::int32_t index) {
  State& state = functions_[at(library)][at(index)];
  if (state == State::unknown) {
    state = State::running;
    const TypedFunction& function = program_.libraries[at(library)].functions[at(index)];
    const bool needs = !function.body || find(*function.body).subject;
    state = needs ? State::yes : State::no;
  }
  return state != State::no;
}

bool NeedsFinder::conversion_needs_subject(const Conversion& conversion) {
  if (conversion.kind == ConversionKind::function) return function_needs_subject(conversion.library, conversion.function);
  return std::any_of(conversion.parts.begin(), conversion.parts.end(), [this](const Conversion& part) { return conversion_needs_subject(part); });
}

Needs NeedsFinder::find_query(const Query& query) {
  Needs needs;
  const auto part = [&](const NodePtr& node) {
    if (node) add(needs, find(*node));
  };
  for (const QueryLet& let : query.lets) part(let.value);
  for (const QueryRelation& relation : query.relations) {
    part(relation.source.source);
    part(relation.such_that);
  }
  part(query.where);
  part(query.result);
  part(query.aggregate);
  for (const QuerySort& sort : query.sort) part(sort.key);
  for (const QuerySource& source : query.sources) bind(needs, source.slot);
  for (const QueryLet& let : query.lets) bind(needs, let.slot);
  for (const QueryRelation& relation : query.relations) bind(needs, relation.source.slot);
  bind(needs, query.accumulator_slot);
  bind(needs, query.sort_slot);
  for (const QuerySource& source : query.sources) part(source.source);  // outside the scope of its own aliases
  part(query.starting);
  return needs;
}

Needs NeedsFinder::find(const Node& node) {
  if (const auto known = needs_.find(&node); known != needs_.end()) return known->second;
  Needs needs;
  const auto part = [&](const NodePtr& child) {
    if (child) add(needs, find(*child));
  };
  const auto parts = [&](const std::vector<NodePtr>& children) {
    for (const NodePtr& child : children) part(child);
  };
  switch (node.kind) {
    case NodeKind::operator_call:
      parts(as<OperatorCall>(node).operands);
      needs.subject = needs.subject || reads_subject(*as<OperatorCall>(node).overload);
      break;
    case NodeKind::convert:
      part(as<Convert>(node).operand);
      needs.subject = needs.subject || conversion_needs_subject(as<Convert>(node).conversion);
      break;
    case NodeKind::tuple_selector: parts(as<TupleSelector>(node).values); break;
    case NodeKind::list_selector: parts(as<ListSelector>(node).values); break;
    case NodeKind::instance_selector: parts(as<InstanceSelector>(node).values); break;
    case NodeKind::interval_selector:
      part(as<IntervalSelector>(node).low);
      part(as<IntervalSelector>(node).high);
      break;
    case NodeKind::definition_ref:
      // Everyone's answers are the same whoever asks.
      needs.subject = !as<DefinitionRef>(node).for_everyone && definition_needs_subject(as<DefinitionRef>(node).library, as<DefinitionRef>(node).index);
      break;
    case NodeKind::function_call:
      parts(as<FunctionCall>(node).arguments);
      needs.subject = function_needs_subject(as<FunctionCall>(node).library, as<FunctionCall>(node).index) || needs.subject;
      break;
    case NodeKind::slot_ref: needs.free_slots = {as<SlotRef>(node).slot}; break;
    case NodeKind::context_subject: needs.subject = true; break;
    case NodeKind::property: part(as<Property>(node).source); break;
    case NodeKind::retrieve:
      part(as<Retrieve>(node).terminology);
      part(as<Retrieve>(node).context);
      needs.subject = needs.subject || !as<Retrieve>(node).unfiltered;
      break;
    case NodeKind::query: add(needs, find_query(as<Query>(node))); break;
    case NodeKind::if_then_else:
      part(as<IfThenElse>(node).condition);
      part(as<IfThenElse>(node).then_value);
      part(as<IfThenElse>(node).else_value);
      break;
    case NodeKind::case_when:
      part(as<CaseWhen>(node).comparand);
      for (const CaseItem& item : as<CaseWhen>(node).items) {
        part(item.when);
        part(item.then);
      }
      part(as<CaseWhen>(node).else_value);
      break;
    case NodeKind::is_type: part(as<IsType>(node).operand); break;
    case NodeKind::as_type: part(as<AsType>(node).operand); break;
    case NodeKind::iteration: {
      part(as<Iteration>(node).body);
      bind(needs, as<Iteration>(node).this_slot);
      bind(needs, as<Iteration>(node).index_slot);
      part(as<Iteration>(node).source);
      break;
    }
    default: break;
  }
  return needs_[&node] = needs;
}

}  // namespace catchment::cql
