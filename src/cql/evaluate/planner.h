// How a program becomes a plan: which expressions stand alone, which are alike, and the compiled steps.
// Private to evaluate/.
#pragma once

#include <map>
#include <unordered_map>

#include "cql/evaluate/dependence.h"
#include "cql/evaluate/plan.h"
#include "cql/evaluate/steps.h"

namespace catchment::cql {

/// What an expression needs from around it.
struct Needs {
  std::vector<std::int32_t> free_slots;  // sorted; bound outside the expression
  bool subject = false;                  // reads the subject, directly or through what it refers to
  std::uint32_t size = 1;                // nodes
  bool binds = false;                    // writes slots of its own
  bool stands_alone() const { return free_slots.empty(); }
};

/// Finds the needs of every node of a program.
class NeedsFinder {
 public:
  explicit NeedsFinder(const Program& program);
  const Needs& of(const Node& node) const { return needs_.at(&node); }

 private:
  Needs find(const Node& node);
  Needs find_query(const Query& query);
  bool definition_needs_subject(std::int32_t library, std::int32_t index);
  bool function_needs_subject(std::int32_t library, std::int32_t index);
  bool conversion_needs_subject(const Conversion& conversion);

  enum class State : std::uint8_t { unknown, running, no, yes };
  const Program& program_;
  std::unordered_map<const Node*, Needs> needs_;
  std::vector<std::vector<State>> definitions_, functions_;
};

/// The same text for expressions that always have the same value: alike up to the numbers of slots they bind.
std::string likeness(const Node& node);

class Planner {
 public:
  Planner(Plan& plan, bool evidence);
  void build();

 private:
  /// `around`: the needs of the expression this one is evaluated with, once each; null inside a loop or
  /// function.
  StepPtr compile(const Node& node, const Needs* around);
  StepPtr compile_here(const Node& node);
  StepPtr compile_query(const Query& query);
  /// A node that a loop runs again and again; what the loop does not change in it is worked out at its first
  /// turn. `fixed`: slots that stand still meanwhile; `kept` takes the places of what is remembered.
  StepPtr compile_looped(const NodePtr& node, std::vector<std::int32_t> fixed, std::vector<std::size_t>& kept);
  bool stands_still(const Node& node) const;
  StepPtr compile_iteration(const Iteration& iteration);
  StepPtr compile_call(const FunctionCall& call);
  /// A step for a cell that works out `node`, or what is the same.
  StepPtr use_of(std::size_t cell, const Node& node);
  const Retrieve* asked_alone(const OperatorCall& call);
  StepPtr child(const NodePtr& node, const Node& parent);
  std::vector<StepPtr> children(const std::vector<NodePtr>& nodes, const Node& parent);
  void count(const Node& body);
  std::string key_of(const Node& node);
  std::size_t cell_for(const Node& node);
  /// Slots of a function's arguments that need no subject but differ between requests, and their cells.
  using Bindings = std::map<std::int32_t, std::size_t>;
  std::size_t bound_function(const FunctionCall& call, const Bindings& bindings);

  Plan& plan_;
  const Program& program_;
  bool evidence_;
  NeedsFinder needs_;
  DependenceFinder asked_;  // of what differs between requests
  std::unordered_map<std::string, int> uses_;
  std::unordered_map<std::string, std::size_t> cells_by_key_;
  std::unordered_map<const Node*, std::string> keys_;
  std::size_t slot_count_ = 0;  // of the body being compiled
  Bindings bindings_;           // and what is known of its arguments
  /// The loop whose turns are being compiled.
  struct Loop {
    std::vector<std::int32_t> fixed;  // sorted
    std::vector<std::size_t>* kept;
  };
  const Loop* loop_ = nullptr;
  std::map<std::tuple<std::int32_t, std::int32_t, Bindings>, std::size_t> bound_functions_;
  std::string library_name_;
  std::vector<const Node*> cell_nodes_;  // what each cell works out; null for parameters
};

}  // namespace catchment::cql
