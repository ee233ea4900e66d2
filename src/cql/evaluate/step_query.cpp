// Compiled queries and iterations. The order of clauses is that of tree_query.cpp.
#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "cql/evaluate/steps.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

/// Calls `use` with each element of a source until it returns false.
template <typename Use>
void each_element(const Value& source, bool is_list, Use use) {
  if (is_list && source.is_null()) return;
  if (is_list && source.is(Kind::list)) {
    for (const Value& element : source.as_list())
      if (!use(element)) return;
    return;
  }
  use(source);
}

struct QueryStep final : Step {
  QueryStep(const Query& n, QuerySteps s) : node(n), steps(std::move(s)) {
    auto list = std::make_shared<std::vector<std::string>>();
    for (const QuerySource& source : n.sources) list->push_back(source.alias);
    names = std::move(list);
    for (const QuerySort& key : n.sort) directions.push_back({key.descending});
  }

  struct Rows {
    std::vector<Value> sources;
    std::vector<std::vector<Value>> kept;
    std::vector<Value> results;
  };

  Value run(PlannedRun& run, Frame& frame) const override {
    for (const std::size_t place : steps.kept_a_run) frame[place] = Value();
    Rows rows;
    if (steps.sources.size() == 1) {
      const Value source = steps.sources.front()->run(run, frame);
      each_element(source, node.sources.front().is_list, [&](const Value& element) {
        frame[at(node.sources.front().slot)] = element;
        consider(run, frame, rows);
        return true;
      });
    } else {
      for (const StepPtr& source : steps.sources) rows.sources.push_back(source->run(run, frame));
      collect(run, frame, 0, rows);
    }
    if (node.has_aggregate) return aggregate(run, frame, rows);
    if (!node.is_list) return rows.results.empty() ? Value() : std::move(rows.results.front());
    if (node.distinct) rows.results = distinct_values(Reach::context(run), std::move(rows.results));
    if (!node.sort.empty()) sort(run, frame, rows.results);
    return Value::list(std::move(rows.results));
  }

  void lets(PlannedRun& run, Frame& frame) const {
    for (std::size_t i = 0; i < steps.lets.size(); ++i) frame[at(node.lets[i].slot)] = steps.lets[i]->run(run, frame);
  }

  bool relations_hold(PlannedRun& run, Frame& frame) const {
    for (std::size_t i = 0; i < node.relations.size(); ++i) {
      const QueryRelation& relation = node.relations[i];
      bool found = false;
      const Value source = steps.relation_sources[i]->run(run, frame);
      each_element(source, relation.source.is_list, [&](const Value& element) {
        frame[at(relation.source.slot)] = element;
        found = !steps.relation_tests[i] || steps.relation_tests[i]->run(run, frame).is_true();
        return !found;
      });
      if (found == relation.without) return false;
    }
    return true;
  }

  void collect(PlannedRun& run, Frame& frame, std::size_t source, Rows& rows) const {
    if (source == node.sources.size()) {
      consider(run, frame, rows);
      return;
    }
    each_element(rows.sources[source], node.sources[source].is_list, [&](const Value& element) {
      frame[at(node.sources[source].slot)] = element;
      collect(run, frame, source + 1, rows);
      return true;
    });
  }

  /// One element of every source.
  void consider(PlannedRun& run, Frame& frame, Rows& rows) const {
    for (const std::size_t place : steps.kept_a_row) frame[place] = Value();
    lets(run, frame);
    if (!relations_hold(run, frame)) return;
    if (steps.where && !steps.where->run(run, frame).is_true()) return;
    if (rows.kept.size() + rows.results.size() >= most_rows)
      throw EvaluationError(fmt::format("{}:{}: the query gives more than {} rows", node.at.line, node.at.column, most_rows));
    if (!node.has_aggregate && steps.result) {
      rows.results.push_back(steps.result->run(run, frame));
      return;
    }
    if (!node.has_aggregate && node.sources.size() == 1) {
      rows.results.push_back(frame[at(node.sources.front().slot)]);
      return;
    }
    std::vector<Value> row;
    row.reserve(node.sources.size());
    for (const QuerySource& s : node.sources) row.push_back(frame[at(s.slot)]);
    if (node.has_aggregate) rows.kept.push_back(std::move(row));
    else rows.results.push_back(Value::tuple(names, std::move(row)));
  }

  Value aggregate(PlannedRun& run, Frame& frame, Rows& rows) const {
    if (node.aggregate_distinct) {
      std::vector<Value> lists;
      lists.reserve(rows.kept.size());
      for (auto& row : rows.kept) lists.push_back(Value::list(std::move(row)));
      rows.kept.clear();
      for (const Value& list : distinct_values(Reach::context(run), std::move(lists))) rows.kept.push_back(list.as_list());
    }
    Value accumulated = steps.starting ? steps.starting->run(run, frame) : Value();
    for (const std::vector<Value>& row : rows.kept) {
      for (std::size_t i = 0; i < row.size(); ++i) frame[at(node.sources[i].slot)] = row[i];
      lets(run, frame);
      frame[at(node.accumulator_slot)] = accumulated;
      accumulated = steps.aggregate->run(run, frame);
      check_depth(accumulated, node.at);
    }
    return accumulated;
  }

  void sort(PlannedRun& run, Frame& frame, std::vector<Value>& values) const {
    const std::size_t width = node.sort.size();
    std::vector<Value> keys;
    keys.reserve(values.size() * width);
    for (const Value& value : values) {
      if (node.sort_slot >= 0) frame[at(node.sort_slot)] = value;
      for (const StepPtr& key : steps.sort_keys) keys.push_back(key ? key->run(run, frame) : value);
    }
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::span<const Value> all(keys);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return compare_keys(Reach::context(run), all.subspan(a * width, width), all.subspan(b * width, width), directions) < 0;
    });
    std::vector<Value> sorted;
    sorted.reserve(values.size());
    for (const std::size_t i : order) sorted.push_back(std::move(values[i]));
    values = std::move(sorted);
  }

  const Query& node;
  QuerySteps steps;
  TupleNames names;
  std::vector<SortKey> directions;
};

struct IterationStep final : Step {
  IterationStep(const Iteration& n, StepPtr s, StepPtr b) : node(n), source(std::move(s)), body(std::move(b)) {}

  Value run(PlannedRun& run, Frame& frame) const override {
    const Value list = source->run(run, frame);
    if (list.is_null()) return node.iteration == IterationKind::exists ? Value::boolean(false) : Value();
    std::vector<Value> result;
    bool some = false, every = true;
    std::int32_t index = 0;
    each_element(list, true, [&](const Value& element) {
      if (node.this_slot >= 0) frame[at(node.this_slot)] = element;
      if (node.index_slot >= 0) frame[at(node.index_slot)] = Value::integer(index);
      ++index;
      const Value value = body ? body->run(run, frame) : Value::boolean(!element.is_null());
      some = some || value.is_true();
      every = every && value.is_true();
      if (node.iteration == IterationKind::where && value.is_true()) result.push_back(element);
      if (node.iteration == IterationKind::select) {
        if (value.is(Kind::list)) result.insert(result.end(), value.as_list().begin(), value.as_list().end());
        else if (!value.is_null()) result.push_back(value);
      }
      return true;
    });
    if (node.iteration == IterationKind::exists) return Value::boolean(some);
    if (node.iteration == IterationKind::all) return Value::boolean(every);
    return Value::list(std::move(result));
  }

  const Iteration& node;
  StepPtr source, body;
};

}  // namespace

StepPtr query_step(const Query& node, QuerySteps steps) { return std::make_unique<QueryStep>(node, std::move(steps)); }
StepPtr iteration_step(const Iteration& node, StepPtr source, StepPtr body) {
  return std::make_unique<IterationStep>(node, std::move(source), std::move(body));
}

}  // namespace catchment::cql
