// Queries, by the order of clauses the language gives them: sources, lets, relations, where, then aggregate or
// return, then sort.
#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "cql/evaluate/semantics.h"
#include "cql/evaluate/tree_walk.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

/// The elements a source gives: those of a list (none when it is null), or the one value, null or not.
std::vector<Value> elements_of(const Value& source, bool is_list) {
  if (is_list && source.is_null()) return {};
  if (is_list && source.is(Kind::list)) return source.as_list();
  return {source};
}

}  // namespace

struct TreeWalk::Rows {
  std::vector<std::vector<Value>> sources;  // the elements of each source
  std::vector<std::vector<Value>> kept;     // source elements of each row that passed
  std::vector<Value> results;
};

bool TreeWalk::relations_hold(const Query& node, Frame& frame) {
  for (const QueryRelation& relation : node.relations) {
    bool found = false;
    for (const Value& element : elements_of(evaluate(*relation.source.source, frame), relation.source.is_list)) {
      frame[at(relation.source.slot)] = element;
      found = found || !relation.such_that || evaluate(*relation.such_that, frame).is_true();
      if (found) break;
    }
    if (found == relation.without) return false;
  }
  return true;
}

void TreeWalk::collect(const Query& node, std::size_t source, Frame& frame, Rows& rows) {
  if (source < node.sources.size()) {
    for (const Value& element : rows.sources[source]) {
      context_.spend();
      frame[at(node.sources[source].slot)] = element;
      collect(node, source + 1, frame, rows);
    }
    return;
  }
  for (const QueryLet& let : node.lets) frame[at(let.slot)] = evaluate(*let.value, frame);
  if (!relations_hold(node, frame)) return;
  if (node.where && !evaluate(*node.where, frame).is_true()) return;
  if (rows.kept.size() + rows.results.size() >= std::min(most_rows, context_.most_elements))
    throw EvaluationError(fmt::format("{}:{}: the query gives more than {} rows", node.at.line, node.at.column, most_rows));
  std::vector<Value> row;
  row.reserve(node.sources.size());
  for (const QuerySource& s : node.sources) row.push_back(frame[at(s.slot)]);
  if (node.has_aggregate) {
    rows.kept.push_back(std::move(row));
  } else if (node.result) {
    rows.results.push_back(evaluate(*node.result, frame));
  } else if (row.size() == 1) {
    rows.results.push_back(row.front());
  } else {
    auto names = std::make_shared<std::vector<std::string>>();
    for (const QuerySource& s : node.sources) names->push_back(s.alias);
    rows.results.push_back(Value::tuple(std::move(names), std::move(row)));
  }
}

Value TreeWalk::aggregate(const Query& node, Frame& frame, Rows& rows) {
  if (node.aggregate_distinct) {
    std::vector<Value> lists;
    lists.reserve(rows.kept.size());
    for (auto& row : rows.kept) lists.push_back(Value::list(std::move(row)));
    rows.kept.clear();
    for (const Value& list : distinct_values(context_, std::move(lists))) rows.kept.push_back(list.as_list());
  }
  Value accumulated = node.starting ? evaluate(*node.starting, frame) : Value();
  for (const std::vector<Value>& row : rows.kept) {
    for (std::size_t i = 0; i < row.size(); ++i) frame[at(node.sources[i].slot)] = row[i];
    for (const QueryLet& let : node.lets) frame[at(let.slot)] = evaluate(*let.value, frame);
    frame[at(node.accumulator_slot)] = accumulated;
    accumulated = evaluate(*node.aggregate, frame);
    check_depth(accumulated, node.at);
  }
  return accumulated;
}

void TreeWalk::sort(const Query& node, Frame& frame, std::vector<Value>& values) {
  std::vector<SortKey> directions;
  directions.reserve(node.sort.size());
  for (const QuerySort& key : node.sort) directions.push_back({key.descending});
  std::vector<std::vector<Value>> keys;
  for (const Value& value : values) {
    std::vector<Value> row;
    if (node.sort_slot >= 0) frame[at(node.sort_slot)] = value;
    row.reserve(node.sort.size());
    for (const QuerySort& key : node.sort) row.push_back(key.key ? evaluate(*key.key, frame) : value);
    keys.push_back(std::move(row));
  }
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return compare_keys(context_, keys[a], keys[b], directions) < 0; });
  std::vector<Value> sorted;
  sorted.reserve(order.size());
  for (const std::size_t i : order) sorted.push_back(values[i]);
  values = std::move(sorted);
}

Value TreeWalk::query(const Query& node, Frame& frame) {
  Rows rows;
  for (const QuerySource& source : node.sources) {
    const Value value = evaluate(*source.source, frame);
    rows.sources.push_back(elements_of(value, source.is_list));
  }
  collect(node, 0, frame, rows);
  if (node.has_aggregate) return aggregate(node, frame, rows);
  if (!node.is_list) return rows.results.empty() ? Value() : rows.results.front();
  if (node.distinct) rows.results = distinct_values(context_, std::move(rows.results));
  if (!node.sort.empty()) sort(node, frame, rows.results);
  return Value::list(std::move(rows.results));
}

}  // namespace catchment::cql
