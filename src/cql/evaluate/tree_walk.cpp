#include "cql/evaluate/tree_walk.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cql/evaluate/semantics.h"
#include "cql/operators/relations.h"
#include "cql/types/node_as.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

}  // namespace

namespace {

struct Deeper {
  explicit Deeper(int& d) : depth(++d) {}
  ~Deeper() { --depth; }
  int& depth;
};

struct Running {
  explicit Running(bool& f) : flag(f) { flag = true; }
  ~Running() { flag = false; }
  bool& flag;
};

}  // namespace

TreeWalk::TreeWalk(const Program& program, const Request& request, const DataProvider* data, Context& context, Trace* trace)
    : program_(program), request_(request), data_(data), context_(context), trace_(trace) {
  context_.birth_date = [data]() -> Value {
    const Value subject = data == nullptr ? Value() : data->subject();
    return subject.is(Kind::object) ? subject.as_object().element("birthDate", "Date") : Value();
  };
  for (const TypedLibrary& library : program.libraries) {
    definitions_.emplace_back(library.definitions.size());
    parameters_.emplace_back(library.parameters.size());
  }
}

Value TreeWalk::definition(std::string_view name) {
  const auto& definitions = program_.main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i)
    if (definitions[i].name == name) return definition(program_.main, static_cast<std::int32_t>(i));
  throw Error(ErrorKind::user, fmt::format("library {} has no definition '{}'", program_.main_library().name, name));
}

Value TreeWalk::definition(std::int32_t library, std::int32_t index) {
  Remembered& remembered = definitions_[at(library)][at(index)];
  if (remembered.known) return remembered.value;
  const TypedDefinition& definition = program_.libraries[at(library)].definitions[at(index)];
  if (!definition.body) throw EvaluationError(fmt::format("definition '{}' has an error and cannot be evaluated", definition.name));
  if (remembered.running) throw EvaluationError(fmt::format("definition '{}' refers to itself", definition.name));
  const Running running(remembered.running);
  Frame frame(at(definition.slot_count));
  remembered.value = evaluate(*definition.body, frame);
  remembered.known = true;
  return remembered.value;
}

/// The answers of everyone to a definition about one patient, in their order.
Value TreeWalk::definition_for_everyone(const DefinitionRef& ref) {
  const auto everyone = data_ == nullptr ? std::vector<const DataProvider*>() : data_->everyone();
  if (everyone.empty()) throw no_one_at_hand(ref);
  std::vector<Value> answers;
  for (const DataProvider* one : everyone) {
    Context context;
    context.request_time = context_.request_time;
    answers.push_back(TreeWalk(program_, request_, one, context).definition(ref.library, ref.index));
  }
  return Value::list(std::move(answers));
}

Value TreeWalk::parameter(std::int32_t library, std::int32_t index) {
  Remembered& remembered = parameters_[at(library)][at(index)];
  if (remembered.known) return remembered.value;
  const TypedLibrary& owner = program_.libraries[at(library)];
  const TypedParameter& parameter = owner.parameters[at(index)];
  auto given = request_.parameters.find(owner.name + "." + parameter.name);
  if (given == request_.parameters.end() && library == program_.main) given = request_.parameters.find(parameter.name);
  Value value;
  if (given != request_.parameters.end()) {
    value = given->second;
  } else if (parameter.default_value) {
    Frame frame(at(parameter.slot_count));
    value = evaluate(*parameter.default_value, frame);
  }
  remembered = {true, false, value};
  return value;
}

Value TreeWalk::evaluate(const Node& node, Frame& frame) {
  const Deeper deeper(depth_);
  if (depth_ > deepest_evaluation)
    throw EvaluationError(fmt::format("{}:{}: the expression is nested too deeply or recurses without end", node.at.line, node.at.column));
  context_.spend();
  Value value = dispatch(node, frame);
  if (trace_ != nullptr) trace_->record(node, value);
  return value;
}

std::vector<Value> TreeWalk::evaluate_all(const std::vector<NodePtr>& nodes, Frame& frame) {
  std::vector<Value> values;
  values.reserve(nodes.size());
  for (const NodePtr& node : nodes) values.push_back(evaluate(*node, frame));
  return values;
}

Value TreeWalk::dispatch(const Node& node, Frame& frame) {
  const auto library_of = [&](std::int32_t index) -> const TypedLibrary& { return program_.libraries[at(index)]; };
  switch (node.kind) {
    case NodeKind::literal: return literal_value(as<Literal>(node));
    case NodeKind::null_literal: return {};
    case NodeKind::operator_call: return operator_call(as<OperatorCall>(node), frame);
    case NodeKind::convert: return convert(as<Convert>(node), frame);
    case NodeKind::tuple_selector:
      return Value::tuple(std::make_shared<const std::vector<std::string>>(as<TupleSelector>(node).names), evaluate_all(as<TupleSelector>(node).values, frame));
    case NodeKind::list_selector: return Value::list(evaluate_all(as<ListSelector>(node).values, frame));
    case NodeKind::interval_selector: {
      const auto& selector = as<IntervalSelector>(node);
      Value low = evaluate(*selector.low, frame), high = evaluate(*selector.high, frame);
      try {
        return interval_value(context_, selector, std::move(low), std::move(high));
      } catch (const EvaluationError& error) { fail_at(node.at, error); }
    }
    case NodeKind::instance_selector: return instance_value(as<InstanceSelector>(node), evaluate_all(as<InstanceSelector>(node).values, frame));
    case NodeKind::code_literal: return code_value(as<CodeLiteral>(node).value);
    case NodeKind::concept_literal: return concept_value(as<ConceptLiteral>(node));
    case NodeKind::value_set_ref: {
      const auto& ref = as<ValueSetRef>(node);
      return value_set_value(library_of(ref.library).value_sets[at(ref.index)], request_.value_sets);
    }
    case NodeKind::code_system_ref: {
      const auto& ref = as<CodeSystemRef>(node);
      return code_system_value(library_of(ref.library).code_systems[at(ref.index)], request_.value_sets);
    }
    case NodeKind::definition_ref: {
      const auto& ref = as<DefinitionRef>(node);
      return ref.for_everyone ? definition_for_everyone(ref) : definition(ref.library, ref.index);
    }
    case NodeKind::parameter_ref: return parameter(as<ParameterRef>(node).library, as<ParameterRef>(node).index);
    case NodeKind::function_call: {
      const auto& call = as<FunctionCall>(node);
      return function(call.library, call.index, evaluate_all(call.arguments, frame));
    }
    case NodeKind::slot_ref: return frame[at(as<SlotRef>(node).slot)];
    case NodeKind::context_subject: return data_ == nullptr ? Value() : data_->subject();
    case NodeKind::property: return property_value(evaluate(*as<Property>(node).source, frame), as<Property>(node));
    case NodeKind::retrieve: return retrieve(as<Retrieve>(node), frame);
    case NodeKind::query: return query(as<Query>(node), frame);
    case NodeKind::if_then_else: {
      const auto& choice = as<IfThenElse>(node);
      return evaluate(evaluate(*choice.condition, frame).is_true() ? *choice.then_value : *choice.else_value, frame);
    }
    case NodeKind::case_when: return case_when(as<CaseWhen>(node), frame);
    case NodeKind::is_type: {
      const auto& test = as<IsType>(node);
      return Value::boolean(has_type(evaluate(*test.operand, frame), test.tested, test.accepted));
    }
    case NodeKind::as_type: {
      Value value = evaluate(*as<AsType>(node).operand, frame);
      try {
        return as_value(value, as<AsType>(node));
      } catch (const EvaluationError& error) { fail_at(node.at, error); }
    }
    case NodeKind::iteration: return iteration(as<Iteration>(node), frame);
  }
  throw Error(ErrorKind::bug, "a node of unknown kind");
}

Value TreeWalk::operator_call(const OperatorCall& node, Frame& frame) {
  const Settles how = settles(*node.overload);
  std::vector<Value> operands;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    operands.push_back(evaluate(*node.operands[i], frame));
    if (i + 1 == node.operands.size()) break;
    if (const auto answer = settled(how, operands.back())) return *answer;
  }
  try {
    return call_operator(context_, *node.overload, node.precision, node.type, operands);
  } catch (const EvaluationError& error) { fail_at(node.at, error); }
}

Value TreeWalk::convert(const Convert& node, Frame& frame) {
  const Value value = evaluate(*node.operand, frame);
  const auto call = [this](std::int32_t library, std::int32_t index, const Value& argument) { return function(library, index, {argument}); };
  try {
    return converted(context_, value, node.conversion, call);
  } catch (const EvaluationError& error) { fail_at(node.at, error); }
}

Value TreeWalk::function(std::int32_t library, std::int32_t index, std::vector<Value> arguments) {
  const TypedFunction& function = program_.libraries[at(library)].functions[at(index)];
  if (!function.body)
    throw EvaluationError(fmt::format("function '{}' is {} and cannot be called", function.name, function.external ? "external" : "in error"));
  Frame frame = std::move(arguments);
  frame.resize(std::max(at(function.slot_count), frame.size()));
  return evaluate(*function.body, frame);
}

Value TreeWalk::case_when(const CaseWhen& node, Frame& frame) {
  const Value comparand = node.comparand ? evaluate(*node.comparand, frame) : Value();
  for (const CaseItem& item : node.items) {
    const Value when = evaluate(*item.when, frame);
    const bool chosen = node.comparand ? is_equal(context_, comparand, when) == Truth::yes : when.is_true();
    if (chosen) return evaluate(*item.then, frame);
  }
  return node.else_value ? evaluate(*node.else_value, frame) : Value();
}

Value TreeWalk::retrieve(const Retrieve& node, Frame& frame) {
  const Value terminology = node.terminology ? evaluate(*node.terminology, frame) : Value();
  const Value subject = node.context ? evaluate(*node.context, frame) : Value();
  if (data_ == nullptr) throw EvaluationError(fmt::format("{}:{}: there is no data to retrieve from", node.at.line, node.at.column), "give --data");
  Retrieved retrieved = data_->retrieve(node, terminology, subject);
  try {
    return retrieved.filtered ? retrieved.rows : filtered_rows(context_, node, retrieved.rows, terminology);
  } catch (const EvaluationError& error) { fail_at(node.at, error); }
}

Value TreeWalk::iteration(const Iteration& node, Frame& frame) {
  const Value source = evaluate(*node.source, frame);
  if (source.is_null()) return node.iteration == IterationKind::exists ? Value::boolean(false) : Value();
  const std::vector<Value> elements = source.is(Kind::list) ? source.as_list() : std::vector<Value>{source};
  std::vector<Value> result;
  bool some = false, every = true;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (node.this_slot >= 0) frame[at(node.this_slot)] = elements[i];
    if (node.index_slot >= 0) frame[at(node.index_slot)] = Value::integer(static_cast<std::int32_t>(i));
    Value value = node.body ? evaluate(*node.body, frame) : Value::boolean(!elements[i].is_null());
    some = some || value.is_true();
    every = every && value.is_true();
    if (node.iteration == IterationKind::where && value.is_true()) result.push_back(elements[i]);
    if (node.iteration == IterationKind::select) {
      if (value.is(Kind::list)) result.insert(result.end(), value.as_list().begin(), value.as_list().end());
      else if (!value.is_null()) result.push_back(value);
    }
  }
  if (node.iteration == IterationKind::exists) return Value::boolean(some);
  if (node.iteration == IterationKind::all) return Value::boolean(every);
  return Value::list(std::move(result));
}

}  // namespace catchment::cql
