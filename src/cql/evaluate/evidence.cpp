#include "cql/evaluate/evidence.h"

#include "cql/types/node_as.h"

namespace catchment::cql {

void Trace::record_rows(const Node& node, const Value& value) {
  const auto add = [&](const Value& row) {
    if (row.is(Kind::object) && rows_.size() < most_rows) rows_.insert({node.id, row.as_object().label()});
  };
  if (value.is(Kind::list))
    for (const Value& row : value.as_list()) add(row);
  else add(value);
}

namespace {

using Visit = std::function<void(const Node&)>;

void visit_child(const NodePtr& child, const Visit& visit) {
  if (child) visit_nodes(*child, visit);
}

void visit_children(const std::vector<NodePtr>& children, const Visit& visit) {
  for (const NodePtr& child : children) visit_child(child, visit);
}

void visit_query(const Query& query, const Visit& visit) {
  for (const QuerySource& source : query.sources) visit_child(source.source, visit);
  for (const QueryLet& let : query.lets) visit_child(let.value, visit);
  for (const QueryRelation& relation : query.relations) {
    visit_child(relation.source.source, visit);
    visit_child(relation.such_that, visit);
  }
  visit_child(query.where, visit);
  visit_child(query.result, visit);
  visit_child(query.starting, visit);
  visit_child(query.aggregate, visit);
  for (const QuerySort& sort : query.sort) visit_child(sort.key, visit);
}

}  // namespace

void visit_nodes(const Node& body, const Visit& visit) {
  visit(body);
  switch (body.kind) {
    case NodeKind::operator_call: visit_children(as<OperatorCall>(body).operands, visit); break;
    case NodeKind::convert: visit_child(as<Convert>(body).operand, visit); break;
    case NodeKind::tuple_selector: visit_children(as<TupleSelector>(body).values, visit); break;
    case NodeKind::list_selector: visit_children(as<ListSelector>(body).values, visit); break;
    case NodeKind::instance_selector: visit_children(as<InstanceSelector>(body).values, visit); break;
    case NodeKind::interval_selector:
      visit_child(as<IntervalSelector>(body).low, visit);
      visit_child(as<IntervalSelector>(body).high, visit);
      break;
    case NodeKind::function_call: visit_children(as<FunctionCall>(body).arguments, visit); break;
    case NodeKind::property: visit_child(as<Property>(body).source, visit); break;
    case NodeKind::retrieve:
      visit_child(as<Retrieve>(body).terminology, visit);
      visit_child(as<Retrieve>(body).context, visit);
      break;
    case NodeKind::query: visit_query(as<Query>(body), visit); break;
    case NodeKind::if_then_else:
      visit_child(as<IfThenElse>(body).condition, visit);
      visit_child(as<IfThenElse>(body).then_value, visit);
      visit_child(as<IfThenElse>(body).else_value, visit);
      break;
    case NodeKind::case_when:
      visit_child(as<CaseWhen>(body).comparand, visit);
      for (const CaseItem& item : as<CaseWhen>(body).items) {
        visit_child(item.when, visit);
        visit_child(item.then, visit);
      }
      visit_child(as<CaseWhen>(body).else_value, visit);
      break;
    case NodeKind::is_type: visit_child(as<IsType>(body).operand, visit); break;
    case NodeKind::as_type: visit_child(as<AsType>(body).operand, visit); break;
    case NodeKind::iteration:
      visit_child(as<Iteration>(body).source, visit);
      visit_child(as<Iteration>(body).body, visit);
      break;
    default: break;
  }
}

std::vector<EvidenceRow> Trace::rows_behind(const TypedDefinition& definition) const {
  std::vector<EvidenceRow> result;
  if (!definition.body) return result;
  std::set<std::uint32_t> inside;
  visit_nodes(*definition.body, [&](const Node& node) { inside.insert(node.id); });
  for (const EvidenceRow& row : rows_)
    if (inside.contains(row.node)) result.push_back(row);
  return result;
}

std::vector<DefinitionCoverage> coverage(const Program& program, const Trace& trace) {
  std::vector<DefinitionCoverage> result;
  for (const TypedLibrary& library : program.libraries) {
    for (const TypedDefinition& definition : library.definitions) {
      if (!definition.body) continue;
      DefinitionCoverage row{library.name, definition.name, 0, 0, {}, {}};
      visit_nodes(*definition.body, [&](const Node& node) {
        ++row.clauses;
        const ClauseOutcome seen = node.id < trace.clauses().size() ? trace.clauses()[node.id] : ClauseOutcome{};
        if (seen.evaluated == 0) row.missed.push_back(node.at);
        else ++row.reached;
        const bool is_test = node.type.is(TypeKind::boolean) && node.kind != NodeKind::literal;
        if (seen.evaluated != 0 && is_test && (seen.yes == 0 || seen.yes == seen.evaluated)) row.one_sided.push_back(node.at);
      });
      result.push_back(std::move(row));
    }
  }
  return result;
}

}  // namespace catchment::cql
