#include "cql/evaluate/steps.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cql/operators/relations.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

struct Constant final : Step {
  explicit Constant(Value v) : value(std::move(v)) {}
  Value run(PlannedRun&, Frame&) const override { return value; }
  Value value;
};

struct Slot final : Step {
  explicit Slot(std::size_t s) : slot(s) {}
  Value run(PlannedRun&, Frame& frame) const override { return frame[slot]; }
  std::size_t slot;
};

struct CellUse final : Step {
  explicit CellUse(std::size_t c) : cell(c) {}
  Value run(PlannedRun& run, Frame&) const override { return Reach::cell(run, cell); }
  std::size_t cell;
};

struct Subject final : Step {
  Value run(PlannedRun& run, Frame&) const override {
    return Reach::data(run) == nullptr ? Value() : Reach::data(run)->subject();
  }
};

struct Everyone final : Step {
  explicit Everyone(const DefinitionRef& n) : node(n) {}
  Value run(PlannedRun& run, Frame&) const override {
    const auto everyone = Reach::data(run) == nullptr ? std::vector<const DataProvider*>() : Reach::data(run)->everyone();
    if (everyone.empty()) throw no_one_at_hand(node);
    Context context;
    context.request_time = Reach::context(run).request_time;
    PlannedRun each(Reach::plan(run), Reach::request(run), context);
    std::vector<Value> answers;
    answers.reserve(everyone.size());
    for (const DataProvider* one : everyone) {
      each.begin(one);
      answers.push_back(each.definition(node.library, node.index));
    }
    return Value::list(std::move(answers));
  }
  const DefinitionRef& node;
};

template <typename Declared, Value (*make)(const Declared&, const ValueSets*)>
struct Vocabulary final : Step {
  explicit Vocabulary(const Declared& d) : declared(d) {}
  Value run(PlannedRun& run, Frame&) const override { return make(declared, Reach::request(run).value_sets); }
  const Declared& declared;
};

std::vector<Value> values_of(const std::vector<StepPtr>& steps, PlannedRun& run, Frame& frame) {
  std::vector<Value> values;
  values.reserve(steps.size());
  for (const StepPtr& step : steps) values.push_back(step->run(run, frame));
  return values;
}

struct Operator final : Step {
  Operator(const OperatorCall& n, std::vector<StepPtr> o)
      : node(n), operands(std::move(o)), settling(settles(*n.overload)), strict(n.overload->null_rule == NullRule::propagates) {}

  Value run(PlannedRun& run, Frame& frame) const override {
    if (operands.size() > 3) {
      const std::vector<Value> values = values_with_settling(run, frame);
      return values.size() < operands.size() ? values.back() : call(run, values);
    }
    std::array<Value, 3> values;
    bool has_null = false;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      values[i] = operands[i]->run(run, frame);
      has_null = has_null || values[i].is_null();
      if (settling != Settles::never && i + 1 < operands.size())
        if (auto result = settled(settling, values[i])) return *result;
    }
    if (strict && has_null) return {};
    return call(run, std::span<const Value>(values).first(operands.size()));
  }

  /// All operands; fewer, ending with the answer, when one of them settled the call.
  std::vector<Value> values_with_settling(PlannedRun& run, Frame& frame) const {
    std::vector<Value> values;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      values.push_back(operands[i]->run(run, frame));
      if (settling == Settles::never || i + 1 == operands.size()) continue;
      if (auto result = settled(settling, values.back())) {
        values.back() = *result;
        break;
      }
    }
    return values;
  }

  Value call(PlannedRun& run, std::span<const Value> values) const {
    try {
      return call_operator(Reach::context(run), *node.overload, node.precision, node.type, values);
    } catch (const EvaluationError& error) {
      fail_at(node.at, error);
    }
  }

  const OperatorCall& node;
  std::vector<StepPtr> operands;
  Settles settling;
  bool strict;
};

struct ConvertStep final : Step {
  ConvertStep(const Convert& n, StepPtr o) : node(n), operand(std::move(o)), to(to_string(n.conversion.to)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    Value value = operand->run(run, frame);
    if (value.is_null() || node.conversion.kind == ConversionKind::none) return value;
    if (node.conversion.kind == ConversionKind::model && value.is(Kind::object)) return value.as_object().converted(to);
    const auto call = [&run](std::int32_t library, std::int32_t index, const Value& argument) {
      return Reach::function(run, library, index, {argument});
    };
    try {
      return converted(Reach::context(run), value, node.conversion, call);
    } catch (const EvaluationError& error) {
      fail_at(node.at, error);
    }
  }
  const Convert& node;
  StepPtr operand;
  std::string to;  // written out once
};

struct TupleStep final : Step {
  TupleStep(const TupleSelector& node, std::vector<StepPtr> v)
      : names(std::make_shared<const std::vector<std::string>>(node.names)), values(std::move(v)) {}
  Value run(PlannedRun& run, Frame& frame) const override { return Value::tuple(names, values_of(values, run, frame)); }
  TupleNames names;
  std::vector<StepPtr> values;
};

struct ListStep final : Step {
  explicit ListStep(std::vector<StepPtr> v) : values(std::move(v)) {}
  Value run(PlannedRun& run, Frame& frame) const override { return Value::list(values_of(values, run, frame)); }
  std::vector<StepPtr> values;
};

struct IntervalStep final : Step {
  IntervalStep(const IntervalSelector& n, StepPtr l, StepPtr h) : node(n), low(std::move(l)), high(std::move(h)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    Value from = low->run(run, frame), to = high->run(run, frame);
    try {
      return interval_value(Reach::context(run), node, std::move(from), std::move(to));
    } catch (const EvaluationError& error) {
      fail_at(node.at, error);
    }
  }
  const IntervalSelector& node;
  StepPtr low, high;
};

struct InstanceStep final : Step {
  InstanceStep(const InstanceSelector& n, std::vector<StepPtr> v) : node(n), values(std::move(v)) {}
  Value run(PlannedRun& run, Frame& frame) const override { return instance_value(node, values_of(values, run, frame)); }
  const InstanceSelector& node;
  std::vector<StepPtr> values;
};

/// The types of a property's alternatives are written out once.
struct PropertyStep final : Step {
  PropertyStep(const Property& n, StepPtr s) : node(n), source(std::move(s)) {
    for (const PropertyAlternative& alternative : n.alternatives) alternatives.emplace_back(alternative.key, to_string(alternative.type));
  }
  Value run(PlannedRun& run, Frame& frame) const override {
    const Value value = source->run(run, frame);
    if (!value.is(Kind::object)) return property_value(value, node);
    const Object& object = value.as_object();
    for (const auto& [key, type] : alternatives) {
      Value element = object.element(key, type);
      if (!element.is_null()) return as_stored(std::move(element), node.repeats);
    }
    return {};
  }
  const Property& node;
  StepPtr source;
  std::vector<std::pair<std::string, std::string>> alternatives;
};

struct FunctionStep final : Step {
  FunctionStep(const FunctionCall& n, std::vector<StepPtr> a) : node(n), arguments(std::move(a)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    Frame values;
    values.reserve(std::max(arguments.size(), Reach::slots(run, node.library, node.index)));
    for (const StepPtr& argument : arguments) values.push_back(argument->run(run, frame));
    return Reach::function(run, node.library, node.index, std::move(values));
  }
  const FunctionCall& node;
  std::vector<StepPtr> arguments;
};

struct IfStep final : Step {
  IfStep(StepPtr c, StepPtr t, StepPtr e) : condition(std::move(c)), then_value(std::move(t)), else_value(std::move(e)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    return (condition->run(run, frame).is_true() ? then_value : else_value)->run(run, frame);
  }
  StepPtr condition, then_value, else_value;
};

struct CaseStep final : Step {
  CaseStep(StepPtr c, std::vector<CaseStepItem> i, StepPtr e) : comparand(std::move(c)), items(std::move(i)), else_value(std::move(e)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    const Value compared = comparand ? comparand->run(run, frame) : Value();
    for (const CaseStepItem& item : items) {
      const Value when = item.when->run(run, frame);
      const bool chosen = comparand ? is_equal(Reach::context(run), compared, when) == Truth::yes : when.is_true();
      if (chosen) return item.then->run(run, frame);
    }
    return else_value ? else_value->run(run, frame) : Value();
  }
  StepPtr comparand;
  std::vector<CaseStepItem> items;
  StepPtr else_value;
};

struct IsStep final : Step {
  IsStep(const IsType& n, StepPtr o) : node(n), operand(std::move(o)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    return Value::boolean(has_type(operand->run(run, frame), node.tested, node.accepted));
  }
  const IsType& node;
  StepPtr operand;
};

struct AsStep final : Step {
  AsStep(const AsType& n, StepPtr o) : node(n), operand(std::move(o)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    const Value value = operand->run(run, frame);
    try {
      return as_value(value, node);
    } catch (const EvaluationError& error) {
      fail_at(node.at, error);
    }
  }
  const AsType& node;
  StepPtr operand;
};

struct RetrieveStep final : Step {
  RetrieveStep(const Retrieve& n, StepPtr t, StepPtr c) : node(n), terminology(std::move(t)), context(std::move(c)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    const Value codes = terminology ? terminology->run(run, frame) : Value();
    const Value subject = context ? context->run(run, frame) : Value();
    if (Reach::data(run) == nullptr)
      throw EvaluationError(fmt::format("{}:{}: there is no data to retrieve from", node.at.line, node.at.column), "give --data");
    const Retrieved retrieved = Reach::data(run)->retrieve(node, codes, subject);
    try {
      return retrieved.filtered ? retrieved.rows : filtered_rows(Reach::context(run), node, retrieved.rows, codes);
    } catch (const EvaluationError& error) {
      fail_at(node.at, error);
    }
  }
  const Retrieve& node;
  StepPtr terminology, context;
};

struct ParameterStep final : Step {
  ParameterStep(const TypedLibrary& l, const TypedParameter& p, bool m, StepPtr d)
      : parameter(p), qualified(l.name + "." + p.name), of_main(m), default_value(std::move(d)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    const auto& given = Reach::request(run).parameters;
    auto found = given.find(qualified);
    if (found == given.end() && of_main) found = given.find(parameter.name);
    if (found != given.end()) return found->second;
    return default_value ? default_value->run(run, frame) : Value();
  }
  const TypedParameter& parameter;
  std::string qualified;
  bool of_main;
  StepPtr default_value;
};

struct Traced final : Step {
  Traced(const Node& n, StepPtr s) : node(n), step(std::move(s)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    Value value = step->run(run, frame);
    if (Trace* trace = Reach::trace(run)) trace->record(node, value);
    return value;
  }
  const Node& node;
  StepPtr step;
};

}  // namespace

StepPtr constant_step(Value value) { return std::make_unique<Constant>(std::move(value)); }
StepPtr slot_step(std::int32_t slot) { return std::make_unique<Slot>(at(slot)); }
StepPtr cell_step(std::size_t cell) { return std::make_unique<CellUse>(cell); }
StepPtr everyone_step(const DefinitionRef& node) { return std::make_unique<Everyone>(node); }
StepPtr subject_step() { return std::make_unique<Subject>(); }
StepPtr value_set_step(const TypedValueSet& declared) {
  return std::make_unique<Vocabulary<TypedValueSet, value_set_value>>(declared);
}
StepPtr code_system_step(const TypedCodeSystem& declared) {
  return std::make_unique<Vocabulary<TypedCodeSystem, code_system_value>>(declared);
}
StepPtr operator_step(const OperatorCall& node, std::vector<StepPtr> operands) {
  return std::make_unique<Operator>(node, std::move(operands));
}
StepPtr convert_step(const Convert& node, StepPtr operand) { return std::make_unique<ConvertStep>(node, std::move(operand)); }
StepPtr tuple_step(const TupleSelector& node, std::vector<StepPtr> values) {
  return std::make_unique<TupleStep>(node, std::move(values));
}
StepPtr list_step(std::vector<StepPtr> values) { return std::make_unique<ListStep>(std::move(values)); }
StepPtr interval_step(const IntervalSelector& node, StepPtr low, StepPtr high) {
  return std::make_unique<IntervalStep>(node, std::move(low), std::move(high));
}
StepPtr instance_step(const InstanceSelector& node, std::vector<StepPtr> values) {
  return std::make_unique<InstanceStep>(node, std::move(values));
}
StepPtr property_step(const Property& node, StepPtr source) { return std::make_unique<PropertyStep>(node, std::move(source)); }
StepPtr function_step(const FunctionCall& node, std::vector<StepPtr> arguments) {
  return std::make_unique<FunctionStep>(node, std::move(arguments));
}
StepPtr if_step(StepPtr condition, StepPtr then_value, StepPtr else_value) {
  return std::make_unique<IfStep>(std::move(condition), std::move(then_value), std::move(else_value));
}
StepPtr is_step(const IsType& node, StepPtr operand) { return std::make_unique<IsStep>(node, std::move(operand)); }
StepPtr as_step(const AsType& node, StepPtr operand) { return std::make_unique<AsStep>(node, std::move(operand)); }
StepPtr retrieve_step(const Retrieve& node, StepPtr terminology, StepPtr context) {
  return std::make_unique<RetrieveStep>(node, std::move(terminology), std::move(context));
}
StepPtr parameter_step(const TypedLibrary& library, const TypedParameter& parameter, bool of_main, StepPtr default_value) {
  return std::make_unique<ParameterStep>(library, parameter, of_main, std::move(default_value));
}
StepPtr traced_step(const Node& node, StepPtr step) { return std::make_unique<Traced>(node, std::move(step)); }
StepPtr case_step(StepPtr comparand, std::vector<CaseStepItem> items, StepPtr else_value) {
  return std::make_unique<CaseStep>(std::move(comparand), std::move(items), std::move(else_value));
}

}  // namespace catchment::cql
