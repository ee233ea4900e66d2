// The compiled form of each kind of node. Private to evaluate/.
#pragma once

#include "cql/evaluate/plan.h"
#include "cql/evaluate/semantics.h"

namespace catchment::cql {

/// The values of a body's slots.
using Frame = std::vector<Value>;

struct Step {
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;
  virtual Value run(PlannedRun& run, Frame& frame) const = 0;
  /// The cell it gives, when that needs no subject but differs between requests.
  virtual std::size_t constant_cell() const { return nowhere; }
};
using StepPtr = std::unique_ptr<Step>;

/// What steps may reach of a run.
struct Reach {
  static Context& context(PlannedRun& run) { return run.context_; }
  static const Request& request(PlannedRun& run) { return *run.requests_[run.request_]; }
  static const DataProvider* data(PlannedRun& run) { return run.data_; }
  static Trace* trace(PlannedRun& run) { return run.trace_; }
  static const Plan& plan(PlannedRun& run) { return run.plan_; }
  static Value cell(PlannedRun& run, std::size_t index) { return run.cell(index); }
  /// Slots a call of the function needs, arguments included.
  static std::size_t slots(PlannedRun& run, std::int32_t library, std::int32_t index);
  static Value function(PlannedRun& run, std::int32_t library, std::int32_t index, Frame& arguments);
  static std::size_t bound_slots(PlannedRun& run, std::size_t place);
  static Value bound_function(PlannedRun& run, std::size_t place, Frame& arguments);
  /// The same, when `object` is the only argument that is not known beforehand.
  static Value function_of(PlannedRun& run, std::int32_t library, std::int32_t index, const Value& object, Frame& arguments);
  static Value bound_function_of(PlannedRun& run, std::size_t place, const Value& object, Frame& arguments);

  /// Where there are several requests, a step that reads what differs between them says for which its result
  /// is the same: those among `others` (bits, the request asked not among them).
  static std::size_t request_place(PlannedRun& run) { return run.request_; }
  static bool has_several(PlannedRun& run) { return run.requests_.size() > 1; }
  static std::uint64_t others(PlannedRun& run) { return run.alike_ & ~run.bit_; }
  static void keep_alike(PlannedRun& run, std::uint64_t others) { run.alike_ &= others | run.bit_; }
  static const Value& constant(PlannedRun& run, std::size_t cell, std::size_t request) { return run.constant(cell, request); }
  static const DayRange* day_ranges(PlannedRun& run, std::size_t cell) { return run.day_ranges(cell); }

  static Frame& open_frame(PlannedRun& run, std::size_t slots) {
    if (run.frames_in_use_ == run.frames_.size()) run.frames_.emplace_back();
    Frame& frame = run.frames_[run.frames_in_use_++];
    frame.resize(slots);
    return frame;
  }
  static void close_frame(PlannedRun& run) { run.frames_[--run.frames_in_use_].clear(); }
};

/// A frame for as long as a body is worked out; its memory is used again.
struct OwnFrame {
  OwnFrame(PlannedRun& r, std::size_t slots) : run(r), frame(Reach::open_frame(r, slots)) {}
  ~OwnFrame() { Reach::close_frame(run); }
  OwnFrame(const OwnFrame&) = delete;
  OwnFrame& operator=(const OwnFrame&) = delete;
  PlannedRun& run;
  Frame& frame;
};

StepPtr constant_step(Value value);
StepPtr slot_step(std::int32_t slot);
/// `differs`: needs no subject but differs between requests.
StepPtr cell_step(std::size_t cell, bool differs = false);
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
/// `bound`: its place among the functions with known arguments, which are null here.
StepPtr function_step(const FunctionCall& node, std::vector<StepPtr> arguments, std::size_t bound = nowhere);
StepPtr if_step(StepPtr condition, StepPtr then_value, StepPtr else_value);
StepPtr is_step(const IsType& node, StepPtr operand);
StepPtr as_step(const AsType& node, StepPtr operand);
/// Whether a retrieve finds rows; `retrieve` is the step that makes them.
StepPtr exists_step(const Retrieve& node, StepPtr retrieve);
StepPtr retrieve_step(const Retrieve& node, StepPtr terminology, StepPtr context);
StepPtr parameter_step(const TypedLibrary& library, const TypedParameter& parameter, bool of_main, StepPtr default_value);
/// Works `step` out once and remembers it in two slots of the frame, `place` and the one after it, until the
/// first of them is made null.
StepPtr kept_step(std::size_t place, StepPtr step);
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
  std::vector<std::size_t> kept_a_run;  // places of kept steps to forget as the query begins
  std::vector<std::size_t> kept_a_row;  // and as each row of its sources is considered
};
StepPtr query_step(const Query& node, QuerySteps steps);

}  // namespace catchment::cql
