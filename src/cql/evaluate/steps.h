// The compiled form of each kind of node. Private to evaluate/.
#pragma once

#include "cql/evaluate/plan.h"
#include "cql/evaluate/semantics.h"

namespace catchment::cql {

using Frame = std::vector<Value>;

struct Step {
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;
  virtual Value run(PlannedRun& run, Frame& frame) const = 0;
};
using StepPtr = std::unique_ptr<Step>;

/// What steps may reach of a run.
struct Reach {
  static Context& context(PlannedRun& run) { return run.context_; }
  static const Request& request(PlannedRun& run) { return run.request_; }
  static const DataProvider* data(PlannedRun& run) { return run.data_; }
  static Trace* trace(PlannedRun& run) { return run.trace_; }
  static const Plan& plan(PlannedRun& run) { return run.plan_; }
  static Value cell(PlannedRun& run, std::size_t index) { return run.cell(index); }
  /// Slots a call of the function needs, arguments included.
  static std::size_t slots(PlannedRun& run, std::int32_t library, std::int32_t index);
  static Value function(PlannedRun& run, std::int32_t library, std::int32_t index, Frame arguments);
};

StepPtr constant_step(Value value);
StepPtr slot_step(std::int32_t slot);
StepPtr cell_step(std::size_t cell);
StepPtr subject_step();
StepPtr everyone_step(const DefinitionRef& node);
StepPtr value_set_step(const TypedValueSet& declared);
StepPtr code_system_step(const TypedCodeSystem& declared);
StepPtr operator_step(const OperatorCall& node, std::vector<StepPtr> operands);
StepPtr convert_step(const Convert& node, StepPtr operand);
StepPtr tuple_step(const TupleSelector& node, std::vector<StepPtr> values);
StepPtr list_step(std::vector<StepPtr> values);
StepPtr interval_step(const IntervalSelector& node, StepPtr low, StepPtr high);
StepPtr instance_step(const InstanceSelector& node, std::vector<StepPtr> values);
StepPtr property_step(const Property& node, StepPtr source);
StepPtr function_step(const FunctionCall& node, std::vector<StepPtr> arguments);
StepPtr if_step(StepPtr condition, StepPtr then_value, StepPtr else_value);
StepPtr is_step(const IsType& node, StepPtr operand);
StepPtr as_step(const AsType& node, StepPtr operand);
StepPtr retrieve_step(const Retrieve& node, StepPtr terminology, StepPtr context);
StepPtr parameter_step(const TypedLibrary& library, const TypedParameter& parameter, bool of_main, StepPtr default_value);
StepPtr traced_step(const Node& node, StepPtr step);

struct CaseStepItem {
  StepPtr when, then;
};
StepPtr case_step(StepPtr comparand, std::vector<CaseStepItem> items, StepPtr else_value);

/// Children of an iteration and of a query, in the shape of the node.
StepPtr iteration_step(const Iteration& node, StepPtr source, StepPtr body);

struct QuerySteps {
  std::vector<StepPtr> sources, lets, relation_sources, relation_tests, sort_keys;
  StepPtr where, result, starting, aggregate;
};
StepPtr query_step(const Query& node, QuerySteps steps);

}  // namespace catchment::cql
