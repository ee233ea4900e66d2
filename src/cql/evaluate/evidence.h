// What an evaluation may tell beside its answers: which clauses were reached and how they came out (coverage), and
// which rows stood behind a definition (evidence). Off unless a Trace is given; then every node reports once an
// evaluation.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cql/types/typed.h"
#include "cql/values/value.h"

namespace catchment::cql {

/// Outcomes seen of one node.
struct ClauseOutcome {
  std::uint32_t evaluated = 0, yes = 0, no = 0, nulls = 0;
};

/// A row that passed every clause of a query, or came straight from a retrieve used as a definition's value.
struct EvidenceRow {
  std::uint32_t node = 0;  // the query or retrieve
  std::string label;       // "Observation/123"
  friend auto operator<=>(const EvidenceRow&, const EvidenceRow&) = default;
};

class Trace {
 public:
  void record(const Node& node, const Value& value) {
    if (node.id >= clauses_.size()) clauses_.resize(node.id + 1U);
    ClauseOutcome& clause = clauses_[node.id];
    ++clause.evaluated;
    if (value.is_true()) ++clause.yes;
    if (value.is_false()) ++clause.no;
    if (value.is_null()) ++clause.nulls;
    if (node.kind == NodeKind::query || node.kind == NodeKind::retrieve) record_rows(node, value);
  }

  const std::vector<ClauseOutcome>& clauses() const { return clauses_; }
  /// Rows by the query or retrieve that gave them.
  const std::set<EvidenceRow>& rows() const { return rows_; }
  /// The rows given by nodes inside `definition`'s own body (not those of definitions it names).
  std::vector<EvidenceRow> rows_behind(const TypedDefinition& definition) const;

 private:
  void record_rows(const Node& node, const Value& value);
  static constexpr std::size_t most_rows = 100'000;
  std::vector<ClauseOutcome> clauses_;
  std::set<EvidenceRow> rows_;
};

/// Every node of a body, parents before children.
void visit_nodes(const Node& body, const std::function<void(const Node&)>& visit);

/// How much of the definitions a set of test cases reached.
struct DefinitionCoverage {
  std::string library, definition;
  std::uint32_t clauses = 0, reached = 0;
  std::vector<SourcePosition> missed;      // clauses never evaluated
  std::vector<SourcePosition> one_sided;   // Boolean clauses that were only ever true or only ever false
};
std::vector<DefinitionCoverage> coverage(const Program& program, const Trace& trace);

}  // namespace catchment::cql
