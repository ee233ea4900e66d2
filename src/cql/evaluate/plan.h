// The planned evaluator: a program compiled once, then run for one person after another.
//
// In: a checked program. Out: a plan that every thread may share, and per thread a PlannedRun that answers
// definitions for one subject at a time. Always: the answers are those of TreeWalk. What the plan adds:
//  - literals are values already, properties know their keys, operators their implementations;
//  - an expression that needs nothing of a query around it is worked out once a subject, however often and in
//    however many definitions and libraries it is written (alike up to the names of aliases);
//  - of those, what needs nothing of the subject either is worked out once a run;
//  - the retrieves are known in advance, so that a provider can fetch them together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cql/evaluate/data.h"
#include "cql/evaluate/evidence.h"
#include "cql/operators/context.h"

namespace catchment::cql {

struct Step;
class PlannedRun;

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
  std::vector<PlannedRetrieve> retrieves_;
  std::vector<Value> constants_;  // frozen: shared by every thread
};

/// One thread's evaluation. Results of a subject must not be kept beyond `begin` of the next in another thread.
class PlannedRun {
 public:
  PlannedRun(const Plan& plan, const Request& request, Context& context);
  ~PlannedRun();
  PlannedRun(const PlannedRun&) = delete;
  PlannedRun& operator=(const PlannedRun&) = delete;

  /// Starts a subject (null: no data) and forgets the one before.
  void begin(const DataProvider* data);
  Value definition(std::int32_t library, std::int32_t index);
  /// Of the main library. Throws Error (user) when there is none.
  Value definition(std::string_view name);
  /// Calls a function of a library for the current subject (the observation function of a measure).
  Value function(std::int32_t library, std::int32_t index, std::vector<Value> arguments);
  /// The value of a retrieve's code filter that is known in advance (`terminology_is_known`).
  Value terminology_of(const PlannedRetrieve& retrieve);
  /// Reports each operator, query, retrieve and definition once it is worked out; null switches it off.
  void set_trace(Trace* trace) { trace_ = trace; }

 private:
  friend struct Step;
  friend struct Reach;
  struct Memory {
    Value value;
    bool known = false, running = false;
  };

  Value cell(std::size_t index);

  const Plan& plan_;
  const Request& request_;
  Context& context_;
  const DataProvider* data_ = nullptr;
  Trace* trace_ = nullptr;
  int depth_ = 0;
  std::vector<Memory> memory_;
  std::vector<std::size_t> touched_;  // cells to forget with the subject
};

}  // namespace catchment::cql
