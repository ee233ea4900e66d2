// Whether working out a clause may end in an error: then no row may be kept from it, since the error is an answer.
#include <algorithm>
#include <array>
#include <string_view>

#include "measures/clause_days.h"

namespace catchment::measures {

using cql::NodeKind;

namespace {

template <typename T>
const T& as(const cql::Node& node) {
  return static_cast<const T&>(node);
}

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

/// Operators that answer for every operand.
bool always_answers(std::string_view name) {
  static constexpr std::array<std::string_view, 62> names{"And",
                                                          "Or",
                                                          "Xor",
                                                          "Not",
                                                          "Implies",
                                                          "IsNull",
                                                          "IsTrue",
                                                          "IsFalse",
                                                          "Coalesce",
                                                          "Equal",
                                                          "NotEqual",
                                                          "Equivalent",
                                                          "NotEquivalent",
                                                          "Less",
                                                          "LessOrEqual",
                                                          "Greater",
                                                          "GreaterOrEqual",
                                                          "Before",
                                                          "After",
                                                          "SameAs",
                                                          "SameOrBefore",
                                                          "SameOrAfter",
                                                          "In",
                                                          "Contains",
                                                          "IncludedIn",
                                                          "Includes",
                                                          "ProperIn",
                                                          "ProperContains",
                                                          "ProperlyIncludedIn",
                                                          "ProperlyIncludes",
                                                          "Overlaps",
                                                          "OverlapsBefore",
                                                          "OverlapsAfter",
                                                          "Starts",
                                                          "Ends",
                                                          "Start",
                                                          "End",
                                                          "DateFrom",
                                                          "TimeFrom",
                                                          "DateTimeComponentFrom",
                                                          "Exists",
                                                          "Count",
                                                          "First",
                                                          "Last",
                                                          "Min",
                                                          "Max",
                                                          "Union",
                                                          "Intersect",
                                                          "Except",
                                                          "Distinct",
                                                          "Flatten",
                                                          "ToDate",
                                                          "ToDateTime",
                                                          "ToConcept",
                                                          "ToCodes",
                                                          "ToString",
                                                          "StartsWith",
                                                          "EndsWith",
                                                          "Lower",
                                                          "Upper",
                                                          "DurationBetween",
                                                          "DifferenceBetween"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool conversion_may_fail(const cql::Conversion& used) {
  using K = cql::ConversionKind;
  switch (used.kind) {
    case K::system: {
      const std::string_view name = used.overload == nullptr ? std::string_view() : used.overload->name;
      if (!always_answers(name) && name != "ToDecimal" && name != "ToLong") return true;
      break;
    }
    case K::demote_list:
    case K::demote_interval:
    case K::function: return true;
    default: break;
  }
  return std::any_of(used.parts.begin(), used.parts.end(), conversion_may_fail);
}

}  // namespace

bool ClauseReader::function_reads_no_subject(std::int32_t library, std::int32_t index) {
  const auto [known, is_new] = function_closed_.try_emplace({library, index}, false);  // false while it is looked at
  if (!is_new) return known->second;
  const auto& called = program_.libraries[at(library)].functions[at(index)];
  const bool closed = called.body && reads_no_subject(*called.body);
  return function_closed_[{library, index}] = closed;
}

bool ClauseReader::reads_no_subject(const cql::Node& root) {
  bool closed = true;
  cql::visit_nodes(root, [&](const cql::Node& node) {
    if (!closed) return;
    switch (node.kind) {
      case NodeKind::context_subject:
      case NodeKind::retrieve: closed = false; break;
      case NodeKind::operator_call: {
        const std::string_view name = as<cql::OperatorCall>(node).overload->name;
        closed = !name.starts_with("AgeIn") && name != "Message";
        break;
      }
      case NodeKind::definition_ref: {
        const auto& ref = as<cql::DefinitionRef>(node);
        const auto [known, is_new] = definition_closed_.try_emplace({ref.library, ref.index}, false);
        if (is_new) {
          const auto& body = program_.libraries[at(ref.library)].definitions[at(ref.index)].body;
          const bool whole = body && reads_no_subject(*body);
          definition_closed_[{ref.library, ref.index}] = whole;
        }
        closed = definition_closed_[{ref.library, ref.index}];
        break;
      }
      case NodeKind::function_call: closed = function_reads_no_subject(as<cql::FunctionCall>(node).library, as<cql::FunctionCall>(node).index); break;
      case NodeKind::convert: closed = as<cql::Convert>(node).conversion.kind != cql::ConversionKind::function; break;
      default: break;
    }
  });
  return closed;
}

/// Has one value whoever the subject is, and binds nothing.
bool ClauseReader::is_closed(const cql::Node& root) {
  bool closed = true;
  cql::visit_nodes(root, [&](const cql::Node& node) {
    closed = closed && node.kind != NodeKind::slot_ref && node.kind != NodeKind::query && node.kind != NodeKind::iteration;
    ++steps_;
  });
  return closed && reads_no_subject(root);
}

bool ClauseReader::definition_may_fail(std::int32_t library, std::int32_t index) {
  const auto [known, is_new] = definition_fails_.try_emplace({library, index}, true);  // true while it is looked at
  if (!is_new) return known->second;
  const auto& body = program_.libraries[at(library)].definitions[at(index)].body;
  RowTest disordered;
  const bool fails = !body || may_fail(*body, new_surroundings(), {}, disordered) || !disordered.disordered.empty();
  return definition_fails_[{library, index}] = fails;
}

bool ClauseReader::operator_may_fail(const cql::OperatorCall& call) {
  if (!always_answers(call.overload->name)) return true;
  if (call.operands.size() != 2) return false;
  // Membership of a value set that is not loaded is an error.
  const auto known = [&](const cql::Node& node) {
    if (!node.type.is(cql::TypeKind::value_set) && !node.type.is(cql::TypeKind::code_system) && !node.type.is(cql::TypeKind::vocabulary)) return true;
    const auto value = constant(node);
    return value && (value->is(cql::Kind::value_set) || value->is(cql::Kind::code_system)) && value->as_vocabulary().members != nullptr;
  };
  return !known(*call.operands[0]) || !known(*call.operands[1]);
}

bool ClauseReader::query_may_fail(const cql::Query& query, const Surroundings& around, const RowSlot& row, RowTest& disordered) {
  const auto fails = [&](const cql::NodePtr& part) { return part && may_fail(*part, around, row, disordered); };
  for (const auto& source : query.sources)
    if (fails(source.source)) return true;
  for (const auto& let : query.lets)
    if (fails(let.value)) return true;
  for (const auto& relation : query.relations)
    if (fails(relation.source.source) || fails(relation.such_that)) return true;
  for (const auto& sort : query.sort)
    if (fails(sort.key)) return true;
  return fails(query.where) || fails(query.result) || fails(query.starting) || fails(query.aggregate);
}

bool ClauseReader::may_fail(const cql::Node& node, const Surroundings& around, const RowSlot& row, RowTest& disordered) {
  ++steps_;
  if (is_too_much() || depth_ > deepest) return true;
  struct Deeper {
    explicit Deeper(int& d) : depth(++d) {}
    ~Deeper() { --depth; }
    int& depth;
  } const deeper(depth_);
  const auto fails = [&](const cql::NodePtr& part) { return part && may_fail(*part, around, row, disordered); };
  const auto any_fails = [&](const std::vector<cql::NodePtr>& parts) { return std::any_of(parts.begin(), parts.end(), fails); };
  switch (node.kind) {
    case NodeKind::definition_ref: return !constant(node) && definition_may_fail(as<cql::DefinitionRef>(node).library, as<cql::DefinitionRef>(node).index);
    case NodeKind::function_call: {
      const auto& called = as<cql::FunctionCall>(node);
      if (any_fails(called.arguments)) return true;
      const cql::NodePtr& body = function(called).body;
      return !body || may_fail(*body, call(called, around), row, disordered);
    }
    case NodeKind::operator_call:
      if (constant(node)) return false;
      return operator_may_fail(as<cql::OperatorCall>(node)) || any_fails(as<cql::OperatorCall>(node).operands);
    case NodeKind::convert: return !constant(node) && (conversion_may_fail(as<cql::Convert>(node).conversion) || fails(as<cql::Convert>(node).operand));
    case NodeKind::as_type: return as<cql::AsType>(node).strict || fails(as<cql::AsType>(node).operand);
    case NodeKind::is_type: return fails(as<cql::IsType>(node).operand);
    case NodeKind::interval_selector: {
      const Seen seen = see(node, around, row);
      if (seen.kind == Seen::Kind::constant) return !constant(node);
      if (seen.kind != Seen::Kind::days || !seen.dates) return true;
      disordered.disordered.emplace_back(seen.low.first_of, seen.high.first_of);
      return false;
    }
    case NodeKind::property: return fails(as<cql::Property>(node).source);
    case NodeKind::tuple_selector: return any_fails(as<cql::TupleSelector>(node).values);
    case NodeKind::list_selector: return any_fails(as<cql::ListSelector>(node).values);
    case NodeKind::instance_selector: return any_fails(as<cql::InstanceSelector>(node).values);
    case NodeKind::retrieve: {
      const auto& retrieve = as<cql::Retrieve>(node);
      if (retrieve.unfiltered || retrieve.context) return true;
      if (!retrieve.terminology) return false;
      const auto codes = constant(*retrieve.terminology);
      return !codes || ((codes->is(cql::Kind::value_set) || codes->is(cql::Kind::code_system)) && codes->as_vocabulary().members == nullptr);
    }
    case NodeKind::query: return query_may_fail(as<cql::Query>(node), around, row, disordered);
    case NodeKind::if_then_else: {
      const auto& choice = as<cql::IfThenElse>(node);
      return fails(choice.condition) || fails(choice.then_value) || fails(choice.else_value);
    }
    case NodeKind::case_when: {
      const auto& choice = as<cql::CaseWhen>(node);
      for (const cql::CaseItem& item : choice.items)
        if (fails(item.when) || fails(item.then)) return true;
      return fails(choice.comparand) || fails(choice.else_value);
    }
    case NodeKind::iteration: return fails(as<cql::Iteration>(node).source) || fails(as<cql::Iteration>(node).body);
    default: return false;
  }
}

}  // namespace catchment::measures
