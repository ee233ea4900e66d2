#include "cql/evaluate/steps.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>

#include "cql/evaluate/day_relation.h"
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
  CellUse(std::size_t c, bool d) : cell(c), differs(d) {}
  Value run(PlannedRun& run, Frame&) const override { return Reach::cell(run, cell); }
  std::size_t constant_cell() const override { return differs ? cell : nowhere; }
  std::size_t cell;
  bool differs;
};

struct Subject final : Step {
  Value run(PlannedRun& run, Frame&) const override { return Reach::data(run) == nullptr ? Value() : Reach::data(run)->subject(); }
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

/// An operator of the table over its operands.
struct OperatorStep : Step {
  OperatorStep(const OperatorCall& n, std::vector<StepPtr> o)
      : node(n),
        operands(std::move(o)),
        settling(settles(*n.overload)),
        strict(n.overload->null_rule == NullRule::propagates),
        clock(reads_clock(*n.overload)) {
    if (operands.size() > few || settling != Settles::never) return;
    for (std::size_t i = 0; i < operands.size(); ++i)
      if (const std::size_t cell = operands[i]->constant_cell(); cell != nowhere) constants.emplace_back(i, cell);
    if (operands.size() == 2 && constants.size() == 1 && constants.front().first == 1) relation = day_relation(*n.overload, n.precision);
  }

  /// Whether run_with_constants is to be taken; notes what reads the clock.
  bool takes_constants(PlannedRun& run) const {
    const bool several = Reach::has_several(run);
    if (several && clock) Reach::keep_alike(run, 0);
    return !constants.empty() && (several || relation != DayRelation::none);
  }

  /// Some operands need no subject but differ between requests: asks as well of which the result is the same.
  Value run_with_constants(PlannedRun& run, Frame& frame) const {
    std::array<Value, few> values;
    bool has_null = false;
    auto next = constants.begin();
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (next != constants.end() && next->first == i) {
        ++next;
        continue;
      }
      values[i] = operands[i]->run(run, frame);
      has_null = has_null || values[i].is_null();
    }
    if (relation != DayRelation::none && (values[0].is_null() || values[0].is_day()))
      if (const DayRange* days = Reach::day_ranges(run, constants.front().second))
        return values[0].is_null() ? Value() : day_holds(run, values[0].local_ms(), days);
    if (strict && has_null) return {};
    const auto of_request = [&](std::size_t request) -> Value {
      for (const auto& [operand, cell] : constants) values[operand] = Reach::constant(run, cell, request);
      if (strict && std::any_of(constants.begin(), constants.end(), [&](const auto& one) { return values[one.first].is_null(); })) return {};
      return call(run, std::span<const Value>(values).first(operands.size()));
    };
    Value result = of_request(Reach::request_place(run));
    std::uint64_t same = 0;
    for (std::uint64_t others = Reach::others(run); others != 0; others &= others - 1) {
      try {
        if (of_request(static_cast<std::size_t>(std::countr_zero(others))).same_as(result)) same |= others & (~others + 1);
      } catch (const EvaluationError&) {  // that request is asked by itself, and says so
        continue;
      }
    }
    Reach::keep_alike(run, same);
    return result;
  }

  Value day_holds(PlannedRun& run, std::int64_t day_ms, const DayRange* days) const {
    const bool result = holds(relation, day_ms, days[Reach::request_place(run)]);
    std::uint64_t same = 0;
    for (std::uint64_t others = Reach::others(run); others != 0; others &= others - 1)
      if (holds(relation, day_ms, days[std::countr_zero(others)]) == result) same |= others & (~others + 1);
    Reach::keep_alike(run, same);
    return Value::boolean(result);
  }

  /// Nulls are minded already.
  Value call(PlannedRun& run, std::span<const Value> values) const {
    try {
      return node.overload->evaluate(Call{Reach::context(run), node.type, node.precision}, values);
    } catch (const EvaluationError& error) { fail_at(node.at, error); }
  }

  static constexpr std::size_t few = 3;
  const OperatorCall& node;
  std::vector<StepPtr> operands;
  Settles settling;
  bool strict, clock;
  DayRelation relation = DayRelation::none;                    // of a day to the one constant
  std::vector<std::pair<std::size_t, std::size_t>> constants;  // operand, cell
};

template <std::size_t count>
struct FewOperands final : OperatorStep {
  using OperatorStep::OperatorStep;
  Value run(PlannedRun& run, Frame& frame) const override {
    if (takes_constants(run)) return run_with_constants(run, frame);
    std::array<Value, count> values;
    bool has_null = false;
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = operands[i]->run(run, frame);
      if (values[i].is_null()) has_null = true;
      else if (settling != Settles::never && i + 1 < count)
        if (auto result = settled(settling, values[i])) return *std::move(result);
    }
    if (strict && has_null) return {};
    return call(run, values);
  }
};

struct ManyOperands final : OperatorStep {
  using OperatorStep::OperatorStep;
  Value run(PlannedRun& run, Frame& frame) const override {
    if (takes_constants(run)) return run_with_constants(run, frame);
    std::vector<Value> values;
    bool has_null = false;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      values.push_back(operands[i]->run(run, frame));
      has_null = has_null || values.back().is_null();
      if (settling == Settles::never || i + 1 == operands.size()) continue;
      if (auto result = settled(settling, values.back())) return *std::move(result);
    }
    if (strict && has_null) return {};
    return call(run, values);
  }
};

struct ConvertStep final : Step {
  ConvertStep(const Convert& n, StepPtr o) : node(n), operand(std::move(o)), to(to_string(n.conversion.to)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    Value value = operand->run(run, frame);
    if (value.is_null() || node.conversion.kind == ConversionKind::none) return value;
    if (node.conversion.kind == ConversionKind::model && value.is(Kind::object)) return value.as_object().converted(to);
    const auto call = [&run](std::int32_t library, std::int32_t index, const Value& argument) {
      const OwnFrame own(run, std::max<std::size_t>(1, Reach::slots(run, library, index)));
      own.frame.front() = argument;
      return Reach::function(run, library, index, own.frame);
    };
    try {
      return converted(Reach::context(run), value, node.conversion, call);
    } catch (const EvaluationError& error) { fail_at(node.at, error); }
  }
  const Convert& node;
  StepPtr operand;
  std::string to;  // written out once
};

struct TupleStep final : Step {
  TupleStep(const TupleSelector& node, std::vector<StepPtr> v) : names(std::make_shared<const std::vector<std::string>>(node.names)), values(std::move(v)) {}
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
    } catch (const EvaluationError& error) { fail_at(node.at, error); }
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
  FunctionStep(const FunctionCall& n, std::vector<StepPtr> a, std::size_t b) : node(n), arguments(std::move(a)), bound(b) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (arguments[i]) only = only == nowhere ? i : arguments.size();
  }
  Value run(PlannedRun& run, Frame& frame) const override {
    const OwnFrame own(run, std::max(arguments.size(), bound == nowhere ? Reach::slots(run, node.library, node.index) : Reach::bound_slots(run, bound)));
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (arguments[i]) own.frame[i] = arguments[i]->run(run, frame);
    if (only < arguments.size()) {
      const Value object = own.frame[only];
      return bound == nowhere ? Reach::function_of(run, node.library, node.index, object, own.frame) : Reach::bound_function_of(run, bound, object, own.frame);
    }
    return bound == nowhere ? Reach::function(run, node.library, node.index, own.frame) : Reach::bound_function(run, bound, own.frame);
  }
  const FunctionCall& node;
  std::vector<StepPtr> arguments;
  std::size_t bound;
  std::size_t only = nowhere;  // the one argument that is not known beforehand; the number of arguments when there are more
};

struct IfStep final : Step {
  IfStep(StepPtr c, StepPtr t, StepPtr e) : condition(std::move(c)), then_value(std::move(t)), else_value(std::move(e)) {}
  Value run(PlannedRun& run, Frame& frame) const override { return (condition->run(run, frame).is_true() ? then_value : else_value)->run(run, frame); }
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
  Value run(PlannedRun& run, Frame& frame) const override { return Value::boolean(has_type(operand->run(run, frame), node.tested, node.accepted)); }
  const IsType& node;
  StepPtr operand;
};

struct AsStep final : Step {
  AsStep(const AsType& n, StepPtr o) : node(n), operand(std::move(o)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    const Value value = operand->run(run, frame);
    try {
      return as_value(value, node);
    } catch (const EvaluationError& error) { fail_at(node.at, error); }
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
    } catch (const EvaluationError& error) { fail_at(node.at, error); }
  }
  const Retrieve& node;
  StepPtr terminology, context;
};

struct ExistsStep final : Step {
  ExistsStep(const Retrieve& n, StepPtr r) : node(n), retrieve(std::move(r)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    const DataProvider* data = Reach::data(run);
    if (const auto some = data == nullptr ? std::nullopt : data->finds(node)) return Value::boolean(*some);
    const Value rows = retrieve->run(run, frame);
    return Value::boolean(rows.is(Kind::list) && !rows.as_list().empty());
  }
  const Retrieve& node;
  StepPtr retrieve;
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

struct KeptStep final : Step {
  KeptStep(std::size_t p, StepPtr s) : place(p), step(std::move(s)) {}
  Value run(PlannedRun& run, Frame& frame) const override {
    if (frame[place].is_null()) {
      frame[place + 1] = step->run(run, frame);
      frame[place] = Value::boolean(true);
    }
    return frame[place + 1];
  }
  std::size_t place;
  StepPtr step;
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
StepPtr cell_step(std::size_t cell, bool differs) { return std::make_unique<CellUse>(cell, differs); }
StepPtr everyone_step(const DefinitionRef& node) { return std::make_unique<Everyone>(node); }
StepPtr subject_step() { return std::make_unique<Subject>(); }
StepPtr value_set_step(const TypedValueSet& declared) { return std::make_unique<Vocabulary<TypedValueSet, value_set_value>>(declared); }
StepPtr code_system_step(const TypedCodeSystem& declared) { return std::make_unique<Vocabulary<TypedCodeSystem, code_system_value>>(declared); }
StepPtr operator_step(const OperatorCall& node, std::vector<StepPtr> operands) {
  switch (operands.size()) {
    case 0: return std::make_unique<FewOperands<0>>(node, std::move(operands));
    case 1: return std::make_unique<FewOperands<1>>(node, std::move(operands));
    case 2: return std::make_unique<FewOperands<2>>(node, std::move(operands));
    case 3: return std::make_unique<FewOperands<3>>(node, std::move(operands));
    default: return std::make_unique<ManyOperands>(node, std::move(operands));
  }
}
StepPtr convert_step(const Convert& node, StepPtr operand) { return std::make_unique<ConvertStep>(node, std::move(operand)); }
StepPtr tuple_step(const TupleSelector& node, std::vector<StepPtr> values) { return std::make_unique<TupleStep>(node, std::move(values)); }
StepPtr list_step(std::vector<StepPtr> values) { return std::make_unique<ListStep>(std::move(values)); }
StepPtr interval_step(const IntervalSelector& node, StepPtr low, StepPtr high) { return std::make_unique<IntervalStep>(node, std::move(low), std::move(high)); }
StepPtr instance_step(const InstanceSelector& node, std::vector<StepPtr> values) { return std::make_unique<InstanceStep>(node, std::move(values)); }
StepPtr property_step(const Property& node, StepPtr source) { return std::make_unique<PropertyStep>(node, std::move(source)); }
StepPtr function_step(const FunctionCall& node, std::vector<StepPtr> arguments, std::size_t bound) {
  return std::make_unique<FunctionStep>(node, std::move(arguments), bound);
}
StepPtr if_step(StepPtr condition, StepPtr then_value, StepPtr else_value) {
  return std::make_unique<IfStep>(std::move(condition), std::move(then_value), std::move(else_value));
}
StepPtr is_step(const IsType& node, StepPtr operand) { return std::make_unique<IsStep>(node, std::move(operand)); }
StepPtr as_step(const AsType& node, StepPtr operand) { return std::make_unique<AsStep>(node, std::move(operand)); }
StepPtr retrieve_step(const Retrieve& node, StepPtr terminology, StepPtr context) {
  return std::make_unique<RetrieveStep>(node, std::move(terminology), std::move(context));
}
StepPtr exists_step(const Retrieve& node, StepPtr retrieve) { return std::make_unique<ExistsStep>(node, std::move(retrieve)); }
StepPtr parameter_step(const TypedLibrary& library, const TypedParameter& parameter, bool of_main, StepPtr default_value) {
  return std::make_unique<ParameterStep>(library, parameter, of_main, std::move(default_value));
}
StepPtr kept_step(std::size_t place, StepPtr step) { return std::make_unique<KeptStep>(place, std::move(step)); }
StepPtr traced_step(const Node& node, StepPtr step) { return std::make_unique<Traced>(node, std::move(step)); }
StepPtr case_step(StepPtr comparand, std::vector<CaseStepItem> items, StepPtr else_value) {
  return std::make_unique<CaseStep>(std::move(comparand), std::move(items), std::move(else_value));
}

}  // namespace catchment::cql
