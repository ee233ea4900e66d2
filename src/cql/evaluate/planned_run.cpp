#include <fmt/core.h>

#include <algorithm>

#include "cql/evaluate/plan.h"
#include "cql/evaluate/steps.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

/// Bodies entered one from another: definitions, shared expressions, functions.
constexpr int deepest_bodies = 500;

struct Entered {
  explicit Entered(int& d) : depth(++d) {
    if (depth > deepest_bodies) {
      --depth;
      throw EvaluationError("the expression is nested too deeply or recurses without end");
    }
  }
  ~Entered() { --depth; }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;
  int& depth;
};

struct Running {
  explicit Running(bool& f) : flag(f) { flag = true; }
  ~Running() { flag = false; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  bool& flag;
};

}  // namespace

PlannedRun::PlannedRun(const Plan& plan, const Request& request, Context& context)
    : plan_(plan), request_(request), context_(context), memory_(plan.cells_.size()), resting_(plan.cells_.size()) {}

PlannedRun::~PlannedRun() { context_.birth_date = nullptr; }

void PlannedRun::begin(const DataProvider* data, std::span<const std::uint64_t> found) {
  for (const std::size_t index : touched_) memory_[index] = {};
  touched_.clear();
  data_ = data;
  found_ = trace_ == nullptr ? found : std::span<const std::uint64_t>{};  // a trace is of what this subject reached
  context_.birth_date = [data]() -> Value {
    const Value subject = data == nullptr ? Value() : data->subject();
    return subject.is(Kind::object) ? subject.as_object().element("birthDate", "Date") : Value();
  };
}

bool PlannedRun::rests(std::size_t index) const {
  const Plan::Cell& cell = plan_.cells_[index];
  if (cell.own || cell.once_a_run) return false;
  for (std::size_t i = 0; i < found_.size(); ++i)
    if ((cell.retrieves[i] & found_[i]) != 0) return false;
  return true;
}

Value PlannedRun::cell(std::size_t index) {
  Memory& memory = memory_[index];
  if (memory.known) return memory.value;
  if (first_ != nullptr && trace_ == nullptr && !plan_.cells_[index].of_request) return first_->cell(index);
  if (!found_.empty() && rests(index)) {
    Memory& resting = resting_[index];
    if (!resting.known) {
      resting.value = work_out(index);
      resting.known = true;
    }
    return resting.value;
  }
  memory.value = work_out(index);
  memory.known = true;
  if (!plan_.cells_[index].once_a_run) touched_.push_back(index);
  return memory.value;
}

Value PlannedRun::work_out(std::size_t index) {
  const Plan::Cell& cell = plan_.cells_[index];
  Memory& memory = memory_[index];
  if (!cell.step) throw EvaluationError("a definition with an error cannot be evaluated");
  if (memory.running) throw EvaluationError("a definition refers to itself");
  const Entered entered(depth_);
  const Running running(memory.running);
  Frame frame(cell.slot_count);
  return cell.step->run(*this, frame);
}

std::size_t Reach::slots(PlannedRun& run, std::int32_t library, std::int32_t index) { return run.plan_.functions_[at(library)][at(index)].slot_count; }

Value Reach::function(PlannedRun& run, std::int32_t library, std::int32_t index, Frame arguments) {
  const Plan::Function& function = run.plan_.functions_[at(library)][at(index)];
  if (!function.step)
    throw EvaluationError(fmt::format("function '{}' is external or in error and cannot be called",
                                      run.plan_.program().libraries[at(library)].functions[at(index)].name));
  const Entered entered(run.depth_);
  arguments.resize(std::max(function.slot_count, arguments.size()));
  return function.step->run(run, arguments);
}

Value PlannedRun::function(std::int32_t library, std::int32_t index, std::vector<Value> arguments) {
  return Reach::function(*this, library, index, std::move(arguments));
}

Value PlannedRun::terminology_of(const PlannedRetrieve& retrieve) {
  if (!retrieve.terminology_is_known || !retrieve.node->terminology) return {};
  return cell(retrieve.terminology_cell);
}

Value PlannedRun::definition(std::int32_t library, std::int32_t index) {
  return cell(plan_.definition_cells_[at(library)][at(index)]);
}

Value PlannedRun::definition(std::string_view name) {
  const auto& definitions = plan_.program().main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i)
    if (definitions[i].name == name) return definition(plan_.program().main, static_cast<std::int32_t>(i));
  throw Error(ErrorKind::user, fmt::format("library {} has no definition '{}'", plan_.program().main_library().name, name));
}

}  // namespace catchment::cql
