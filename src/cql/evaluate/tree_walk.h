// The obvious evaluator, and the measure of the planned one: walks the typed tree, one node at a time.
//
// In: a checked program, one subject's data, the request. Out: the value of any definition. A definition or
// parameter is worked out once a subject; nothing else is remembered. Throws EvaluationError, naming line and
// column, for what the language calls a run-time error.
#pragma once

#include <vector>

#include "cql/evaluate/data.h"
#include "cql/evaluate/evidence.h"
#include "cql/operators/context.h"

namespace catchment::cql {

class TreeWalk {
 public:
  /// All but `trace` must outlive the evaluator. `data` may be null for a program that retrieves nothing.
  TreeWalk(const Program& program, const Request& request, const DataProvider* data, Context& context, Trace* trace = nullptr);

  Value definition(std::int32_t library, std::int32_t index);
  /// Of the main library, by name. Throws Error (user) when there is none.
  Value definition(std::string_view name);
  /// One function applied to arguments that have its parameters' types.
  Value function(std::int32_t library, std::int32_t index, std::vector<Value> arguments);
  /// An expression of the program that reads nothing bound around it.
  Value alone(const Node& node) {
    Frame frame;
    return evaluate(node, frame);
  }

 private:
  using Frame = std::vector<Value>;
  struct Remembered {
    bool known = false, running = false;
    Value value;
  };

  Value evaluate(const Node& node, Frame& frame);
  Value dispatch(const Node& node, Frame& frame);
  Value definition_for_everyone(const DefinitionRef& ref);
  Value operator_call(const OperatorCall& node, Frame& frame);
  Value convert(const Convert& node, Frame& frame);
  Value query(const Query& node, Frame& frame);
  Value retrieve(const Retrieve& node, Frame& frame);
  Value case_when(const CaseWhen& node, Frame& frame);
  Value iteration(const Iteration& node, Frame& frame);
  Value parameter(std::int32_t library, std::int32_t index);
  std::vector<Value> evaluate_all(const std::vector<NodePtr>& nodes, Frame& frame);

  struct Rows;  // a query under way
  bool relations_hold(const Query& node, Frame& frame);
  void collect(const Query& node, std::size_t source, Frame& frame, Rows& rows);
  Value aggregate(const Query& node, Frame& frame, Rows& rows);
  void sort(const Query& node, Frame& frame, std::vector<Value>& values);

  const Program& program_;
  const Request& request_;
  const DataProvider* data_;
  Context& context_;
  Trace* trace_;
  int depth_ = 0;
  std::vector<std::vector<Remembered>> definitions_, parameters_;
};

}  // namespace catchment::cql
