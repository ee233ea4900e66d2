#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "cql/evaluate/day_relation.h"
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

PlannedRun::PlannedRun(const Plan& plan, const Request& request, Context& context) : PlannedRun(plan, std::vector<const Request*>{&request}, context) {}

PlannedRun::PlannedRun(const Plan& plan, std::span<const Request* const> requests, Context& context)
    : plan_(plan),
      requests_(requests.begin(), requests.end()),
      context_(context),
      memory_(plan.cells_.size()),
      constants_(plan.cells_.size()),
      resting_(plan.cells_.size()) {
  if (requests_.empty() || requests_.size() > most_requests) throw Error(ErrorKind::bug, fmt::format("a run of {} requests", requests_.size()));
  every_ = ~std::uint64_t{0} >> (most_requests - requests_.size());
  alike_ = every_;
}

PlannedRun::~PlannedRun() { context_.birth_date = nullptr; }

void PlannedRun::begin(const DataProvider* data, std::span<const std::uint64_t> found) {
  for (const std::size_t index : touched_) memory_[index].forget();
  touched_.clear();
  for (const std::size_t place : called_places_) called_[place] = {};
  called_places_.clear();
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

void PlannedRun::turn_to(std::size_t request) {
  request_ = request;
  bit_ = std::uint64_t{1} << request;
  alike_ = every_;
  if (requests_.size() > 1) context_.request_time = requests_[request]->time;
}

const Value* PlannedRun::remembered(const Memory& memory) {
  const Answer* answer = &memory.first;
  if ((answer->requests & bit_) == 0) {
    const auto found = std::find_if(memory.others.begin(), memory.others.end(), [this](const Answer& other) { return (other.requests & bit_) != 0; });
    if (found == memory.others.end()) return nullptr;
    answer = &*found;
  }
  alike_ &= answer->requests;
  return &answer->value;
}

Value PlannedRun::cell(std::size_t index) {
  if (const Value* known = remembered(memory_[index])) return *known;
  const Plan::Cell& cell = plan_.cells_[index];
  if (cell.once_a_run && cell.of_request && requests_.size() > 1) {
    if (!among_constants_) alike_ &= alike_constants(index);
    return constant(index, request_);
  }
  const bool resting = !found_.empty() && rests(index);
  Memory& memory = resting ? resting_[index] : memory_[index];
  if (resting)
    if (const Value* known = remembered(memory)) return *known;
  const std::uint64_t around = alike_;
  alike_ = every_;
  Answer answer{work_out(index), alike_};
  alike_ &= around;
  if (!resting && !cell.once_a_run && memory.first.requests == 0) touched_.push_back(index);
  if (memory.first.requests == 0) return (memory.first = std::move(answer)).value;
  return memory.others.emplace_back(std::move(answer)).value;
}

namespace {

/// What it does at the end of its scope, however that is reached.
template <typename Action>
struct AtEnd {
  explicit AtEnd(Action a) : action(std::move(a)) {}
  ~AtEnd() { action(); }
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  Action action;
};

}  // namespace

const Value& PlannedRun::constant(std::size_t index, std::size_t request) {
  Constant& constant = constants_[index];
  constant.answers.resize(requests_.size());
  const std::uint64_t bit = std::uint64_t{1} << request;
  if ((constant.known & bit) == 0) {
    const AtEnd back([this, asked = request_, alike = alike_, among = among_constants_] {
      turn_to(asked);
      alike_ = alike;
      among_constants_ = among;
    });
    turn_to(request);
    alike_ = bit_;  // nothing is asked of other requests on the way
    among_constants_ = true;
    constant.answers[request].value = work_out(index);
    constant.known |= bit;
  }
  return constant.answers[request].value;
}

std::uint64_t PlannedRun::alike_constants(std::size_t index) {
  const Value mine = constant(index, request_);
  std::uint64_t& alike = constants_[index].answers[request_].requests;
  if (alike != 0) return alike;
  for (std::size_t request = 0; request < requests_.size(); ++request) {
    try {
      if (constant(index, request).same_as(mine)) alike |= std::uint64_t{1} << request;
    } catch (const EvaluationError&) {  // an error is nothing's like
      continue;
    }
  }
  return alike;
}

const DayRange* PlannedRun::day_ranges(std::size_t index) {
  if (among_constants_) return nullptr;
  Constant& constants = constants_[index];
  if (!constants.has_days) {
    constants.has_days = true;
    std::vector<DayRange> days;
    for (std::size_t request = 0; request < requests_.size(); ++request) {
      try {
        if (const auto one = day_range(constant(index, request))) days.push_back(*one);
      } catch (const EvaluationError&) {  // told where it is asked
        break;
      }
    }
    if (days.size() == requests_.size()) constants.days = std::move(days);
  }
  return constants.days.empty() ? nullptr : constants.days.data();
}

Value PlannedRun::work_out(std::size_t index) {
  const Plan::Cell& cell = plan_.cells_[index];
  Memory& memory = memory_[index];
  if (!cell.step) throw EvaluationError("a definition with an error cannot be evaluated");
  if (memory.running) throw EvaluationError("a definition refers to itself");
  if (const auto known = known_errors_.find(index); known != known_errors_.end() && known->second[request_]) throw EvaluationError(*known->second[request_]);
  const Entered entered(depth_);
  const Running running(memory.running);
  const OwnFrame own(*this, cell.slot_count);
  return cell.step->run(*this, own.frame);
}

std::size_t Reach::slots(PlannedRun& run, std::int32_t library, std::int32_t index) { return run.plan_.functions_[at(library)][at(index)].slot_count; }
std::size_t Reach::bound_slots(PlannedRun& run, std::size_t place) { return run.plan_.bound_functions_[place].slot_count; }

namespace {

/// Objects and functions that are remembered at once; a power of two.
constexpr std::size_t calls_kept = 1024;

std::size_t call_place(const void* function, const Value& object) {
  const auto mixed = (reinterpret_cast<std::uintptr_t>(&object.as_object()) ^ (reinterpret_cast<std::uintptr_t>(function) << 7)) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::size_t>(mixed >> 32) % calls_kept;
}

}  // namespace

Value PlannedRun::enter(const Plan::Function& function, Frame& arguments) {
  const Entered entered(depth_);
  arguments.resize(std::max(function.slot_count, arguments.size()));
  return function.step->run(*this, arguments);
}

Value PlannedRun::call(const Plan::Function& function, const Value& object, Frame& arguments) {
  if (!object.is(Kind::object) || trace_ != nullptr || among_constants_) return enter(function, arguments);
  if (called_.empty()) called_.resize(calls_kept);
  const std::size_t place = call_place(&function, object);
  if (const Called& known = called_[place]; known.function == &function && known.object.same_as(object) && (known.answer.requests & bit_) != 0) {
    alike_ &= known.answer.requests;
    return known.answer.value;
  }
  const std::uint64_t around = alike_;
  alike_ = every_;
  Answer answer{enter(function, arguments), alike_};
  alike_ &= around;
  Called& kept = called_[place];
  if (kept.function == nullptr) called_places_.push_back(place);
  kept = {&function, object, std::move(answer)};
  return kept.answer.value;
}

Value Reach::bound_function(PlannedRun& run, std::size_t place, Frame& arguments) { return run.enter(run.plan_.bound_functions_[place], arguments); }

Value Reach::bound_function_of(PlannedRun& run, std::size_t place, const Value& object, Frame& arguments) {
  return run.call(run.plan_.bound_functions_[place], object, arguments);
}

namespace {

void check_written(bool written, const Plan& plan, std::int32_t library, std::int32_t index) {
  if (!written)
    throw EvaluationError(
        fmt::format("function '{}' is external or in error and cannot be called", plan.program().libraries[at(library)].functions[at(index)].name));
}

}  // namespace

Value Reach::function(PlannedRun& run, std::int32_t library, std::int32_t index, Frame& arguments) {
  const Plan::Function& function = run.plan_.functions_[at(library)][at(index)];
  check_written(function.step != nullptr, run.plan_, library, index);
  return run.enter(function, arguments);
}

Value Reach::function_of(PlannedRun& run, std::int32_t library, std::int32_t index, const Value& object, Frame& arguments) {
  const Plan::Function& function = run.plan_.functions_[at(library)][at(index)];
  check_written(function.step != nullptr, run.plan_, library, index);
  return run.call(function, object, arguments);
}

Value PlannedRun::function(std::int32_t library, std::int32_t index, std::vector<Value> arguments) { return Reach::function(*this, library, index, arguments); }

Value PlannedRun::terminology_of(const PlannedRetrieve& retrieve) {
  if (!retrieve.terminology_is_known || !retrieve.node->terminology) return {};
  return cell(retrieve.terminology_cell);
}

void PlannedRun::know(std::int32_t library, std::int32_t index, std::span<const KnownAnswer> answers) {
  const std::size_t cell_index = plan_.definition_cells_[at(library)][at(index)];
  const Plan::Cell& cell = plan_.cells_[cell_index];
  std::vector<std::optional<EvaluationError>> errors(requests_.size());
  constants_[cell_index].answers.resize(requests_.size());
  for (std::size_t request = 0; request < requests_.size(); ++request) {
    const KnownAnswer& answer = answers[request];
    errors[request] = answer.error;
    if (answer.error) continue;
    const std::uint64_t bit = std::uint64_t{1} << request;
    constants_[cell_index].answers[request].value = answer.value;
    constants_[cell_index].known |= bit;
    if (!cell.of_request || requests_.size() == 1) memory_[cell_index].first = {answer.value, every_};
    else if (!cell.once_a_run) memory_[cell_index].others.push_back({answer.value, bit});
  }
  if (std::any_of(errors.begin(), errors.end(), [](const auto& error) { return error.has_value(); })) known_errors_[cell_index] = std::move(errors);
}

Value PlannedRun::definition(std::int32_t library, std::int32_t index) { return cell(plan_.definition_cells_[at(library)][at(index)]); }

Value PlannedRun::definition(std::string_view name) {
  const auto& definitions = plan_.program().main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i)
    if (definitions[i].name == name) return definition(plan_.program().main, static_cast<std::int32_t>(i));
  throw Error(ErrorKind::user, fmt::format("library {} has no definition '{}'", plan_.program().main_library().name, name));
}

}  // namespace catchment::cql
