// The planned evaluator: a program compiled once, then run for one person after another.
//
// In: a checked program. Out: a plan that every thread may share, and per thread a PlannedRun that answers
// definitions for one subject at a time. Always: the answers are those of TreeWalk. What the plan adds:
//  - literals are values already, properties know their keys, operators their implementations;
//  - an expression that needs nothing of a query around it is worked out once a subject, however often and in
//    however many definitions and libraries it is written (alike up to the names of aliases);
//  - of those, what needs nothing of the subject either is worked out once a run;
//  - the retrieves are known in advance, so that a provider can fetch them together;
//  - what a function gives for an object of the subject is kept for the next who asks it of the same object;
//  - asked for several requests (the months of a year), it works out once what comes out the same for them;
//  - what rests on retrieves alone is worked out once a run for all the subjects for whom they find nothing.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cql/evaluate/data.h"
#include "cql/evaluate/evidence.h"
#include "cql/operators/context.h"

namespace catchment::cql {

struct Step;
class PlannedRun;

/// No cell, no function: the place of what is not there.
inline constexpr std::size_t nowhere = SIZE_MAX;

/// From day to day, both included, as local_ms of a Temporal.
struct DayRange {
  std::int64_t low_ms = 0, high_ms = 0;
};

/// A retrieve the program may make.
struct PlannedRetrieve {
  const Retrieve* node = nullptr;
  /// Its code filter needs nothing of the subject: PlannedRun::terminology_of gives its value beforehand.
  bool terminology_is_known = false;
  std::size_t terminology_cell = 0;
};

/// An expression worked out once and used in several places.
struct SharedExpression {
  SourcePosition at;
  std::string library;
  NodeKind kind = NodeKind::literal;
  int uses = 0;
  bool once_a_run = false;
};

class Plan {
 public:
  /// `program` must outlive the plan.
  /// With `evidence`, runs can report to a Trace; without, nothing is spent on it.
  explicit Plan(const Program& program, bool evidence = false);
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  const Program& program() const { return program_; }
  const std::vector<PlannedRetrieve>& retrieves() const { return retrieves_; }
  /// What a definition's value rests on: bits in the order of retrieves(), and whether on anything else of
  /// the subject.
  struct Basis {
    bool own = true;
    std::span<const std::uint64_t> retrieves;
  };
  Basis basis_of(std::int32_t library, std::int32_t index) const;
  /// What is used more than once, most used first.
  std::vector<SharedExpression> shared() const;

 private:
  friend class PlannedRun;
  friend class Planner;
  friend struct Reach;

  /// One expression worked out at most once a subject or once a run.
  struct Cell {
    std::unique_ptr<Step> step;
    std::size_t slot_count = 0;
    bool once_a_run = false;
    bool of_request = true;                // reads a parameter or the clock
    bool own = true;                       // reads more of the subject than what `retrieves` find
    std::vector<std::uint64_t> retrieves;  // bits, in the order of Plan::retrieves()
    SharedExpression description;
  };
  struct Function {
    std::unique_ptr<Step> step;
    std::size_t slot_count = 0;
  };

  const Program& program_;
  std::vector<Cell> cells_;
  std::vector<std::vector<std::size_t>> definition_cells_, parameter_cells_;  // by library, index
  std::vector<std::vector<Function>> functions_;
  std::vector<Function> bound_functions_;  // with arguments that differ between requests known, wherever they are called so
  std::vector<PlannedRetrieve> retrieves_;
  std::vector<Value> constants_;  // frozen: shared by every thread
};

/// What a definition came to: a value, or the error it ended in.
struct KnownAnswer {
  Value value;
  std::optional<EvaluationError> error;
};

/// One thread's evaluation. Results of a subject must not be kept beyond `begin` of the next in another
/// thread.
class PlannedRun {
 public:
  static constexpr std::size_t most_requests = 64;

  PlannedRun(const Plan& plan, const Request& request, Context& context);
  /// For several requests, which differ in time and parameters only: their value sets and offset are the
  /// same. Throws Error (bug) for more than `most_requests`.
  PlannedRun(const Plan& plan, std::span<const Request* const> requests, Context& context);
  ~PlannedRun();
  PlannedRun(const PlannedRun&) = delete;
  PlannedRun& operator=(const PlannedRun&) = delete;

  /// Starts a subject (null: no data) and forgets the one before. `found`: bits, in the order of
  /// Plan::retrieves(), of those that may find rows for this subject; empty when that is not known. It must
  /// stand as long as the subject.
  void begin(const DataProvider* data, std::span<const std::uint64_t> found = {});
  /// What is asked from now on is asked of this request; at first it is the first.
  void turn_to(std::size_t request);
  std::size_t requests() const { return requests_.size(); }
  /// The requests, as bits, of which all that was asked of this subject since turn_to has the same answers.
  std::uint64_t alike() const { return alike_; }
  Value definition(std::int32_t library, std::int32_t index);
  /// Of the main library. Throws Error (user) when there is none.
  Value definition(std::string_view name);
  /// Calls a function of a library for the current subject (the observation function of a measure).
  Value function(std::int32_t library, std::int32_t index, std::vector<Value> arguments);
  /// The value of a retrieve's code filter that is known in advance (`terminology_is_known`).
  Value terminology_of(const PlannedRetrieve& retrieve);
  /// As given to begin.
  std::span<const std::uint64_t> found() const { return found_; }
  /// What a definition about everyone came to, by request: it is not worked out here. Values with a payload must be
  /// this thread's.
  void know(std::int32_t library, std::int32_t index, std::span<const KnownAnswer> answers);
  /// Reports each operator, query, retrieve and definition once it is worked out; null switches it off.
  void set_trace(Trace* trace) { trace_ = trace; }

 private:
  friend struct Step;
  friend struct Reach;
  struct Answer {
    Value value;
    std::uint64_t requests = 0;  // bits: of which it is the answer
  };
  struct Memory {
    Answer first;
    std::vector<Answer> others;
    bool running = false;
    void forget() {
      first = {};
      others.clear();
    }
  };
  /// What needs no subject but differs between requests.
  struct Constant {
    std::vector<Answer> answers;              // by request; `requests`: those of the same answer, none before that was asked
    std::uint64_t known = 0;  // bits
    std::vector<DayRange> days;  // by request, when every answer is a day or days
    bool has_days = false;       // `days` was looked for
  };

  /// What a function gave for one object.
  struct Called {
    const Plan::Function* function = nullptr;
    Value object;
    Answer answer;
  };

  Value cell(std::size_t index);
  /// The function of a frame whose only argument that is not known beforehand is `object`.
  Value call(const Plan::Function& function, const Value& object, std::vector<Value>& arguments);
  Value enter(const Plan::Function& function, std::vector<Value>& arguments);
  Value work_out(std::size_t index);
  const Value* remembered(const Memory& memory);
  /// Of the request; throws as its expression does.
  const Value& constant(std::size_t index, std::size_t request);
  std::uint64_t alike_constants(std::size_t index);
  /// By request; null when it is not days for every request.
  const DayRange* day_ranges(std::size_t index);
  /// Whether nothing was found that the cell's value could rest on.
  bool rests(std::size_t index) const;

  const Plan& plan_;
  std::vector<const Request*> requests_;
  Context& context_;
  std::size_t request_ = 0;
  std::uint64_t bit_ = 1, every_ = 1;  // the request's; all requests'
  std::uint64_t alike_ = 1;  // the requests of which all that was worked out so far comes out the same
  const DataProvider* data_ = nullptr;
  Trace* trace_ = nullptr;
  int depth_ = 0;
  bool among_constants_ = false;  // working out what needs no subject
  std::span<const std::uint64_t> found_;
  std::vector<Memory> memory_;
  std::vector<Constant> constants_;
  std::map<std::size_t, std::vector<std::optional<EvaluationError>>> known_errors_;  // by cell, request
  std::vector<Memory> resting_;            // cells of subjects for whom nothing was found
  std::vector<std::size_t> touched_;       // cells to forget with the subject
  std::vector<Called> called_;  // by hash; a later call takes the place of one before it
  std::vector<std::size_t> called_places_;  // to forget with the subject
  std::deque<std::vector<Value>> frames_;  // of the bodies being worked out, and memory for more
  std::size_t frames_in_use_ = 0;
};

}  // namespace catchment::cql
