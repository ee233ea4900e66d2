// The planned evaluator: a program compiled once, then run for one person after another.
//
// In: a checked program. Out: a plan that every thread may share, and per thread a PlannedRun that answers
// definitions for one subject at a time. Always: the answers are those of TreeWalk. What the plan adds:
//  - literals are values already, properties know their keys, operators their implementations;
//  - an expression that needs nothing of a query around it is worked out once a subject, however often and in
//    however many definitions and libraries it is written (alike up to the names of aliases);
//  - of those, what needs nothing of the subject either is worked out once a run;
//  - the retrieves are known in advance, so that a provider can fetch them together;
//  - what reads no parameter and no clock may be worked out once for several requests;
//  - what rests on retrieves alone is worked out once a run for all the subjects for whom they find nothing.
#pragma once

#include <memory>
#include <span>
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
  /// What a definition's value rests on: bits in the order of retrieves(), and whether on anything else of the subject.
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

  /// Starts a subject (null: no data) and forgets the one before. `found`: bits, in the order of Plan::retrieves(),
  /// of those that may find rows for this subject; empty when that is not known. It must stand as long as the subject.
  void begin(const DataProvider* data, std::span<const std::uint64_t> found = {});
  Value definition(std::int32_t library, std::int32_t index);
  /// Of the main library. Throws Error (user) when there is none.
  Value definition(std::string_view name);
  /// Calls a function of a library for the current subject (the observation function of a measure).
  Value function(std::int32_t library, std::int32_t index, std::vector<Value> arguments);
  /// The value of a retrieve's code filter that is known in advance (`terminology_is_known`).
  Value terminology_of(const PlannedRetrieve& retrieve);
  /// Takes what reads no parameter and no clock from `first`, a run of the same plan and thread that always begins the
  /// same subjects. The two requests have the same value sets and offset.
  void share(PlannedRun& first) { first_ = &first; }
  /// As given to begin.
  std::span<const std::uint64_t> found() const { return found_; }
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
  Value work_out(std::size_t index);
  /// Whether nothing was found that the cell's value could rest on.
  bool rests(std::size_t index) const;

  const Plan& plan_;
  const Request& request_;
  Context& context_;
  const DataProvider* data_ = nullptr;
  Trace* trace_ = nullptr;
  int depth_ = 0;
  PlannedRun* first_ = nullptr;
  std::span<const std::uint64_t> found_;
  std::vector<Memory> memory_;
  std::vector<Memory> resting_;       // cells of subjects for whom nothing was found
  std::vector<std::size_t> touched_;  // cells to forget with the subject
};

}  // namespace catchment::cql
