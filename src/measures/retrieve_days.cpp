#include "measures/retrieve_days.h"

#include <algorithm>
#include <set>
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

/// Goes down from the answers to the retrieves. A demand says what must hold of a row for it to matter where it goes.
class Walk {
 public:
  Walk(const cql::Program& program, const cql::Request& request) : program_(program), reader_(program, request) {}

  RetrieveDays run(const std::vector<std::int32_t>& definitions) {
    for (const std::int32_t index : definitions) definition(program_.main, index, {});
    return reader_.is_too_much() ? RetrieveDays{} : std::move(found_);
  }

 private:
  void definition(std::int32_t library, std::int32_t index, const RowTest& demand) {
    if (demand.all.empty() && !whole_.insert({library, index}).second) return;
    const auto& body = program_.libraries[at(library)].definitions[at(index)].body;
    if (body) walk(*body, reader_.new_surroundings(), demand);
  }

  void walk(const cql::NodePtr& node, const Surroundings& around) {
    if (node) walk(*node, around, {});
  }
  void walk(const std::vector<cql::NodePtr>& nodes, const Surroundings& around) {
    for (const cql::NodePtr& node : nodes) walk(node, around);
  }

  void walk(const cql::Node& node, const Surroundings& around, const RowTest& demand) {
    reader_.count_step();
    if (reader_.is_too_much()) return;
    if (depth_ > deepest) {
      too_deep(node);
      return;
    }
    ++depth_;
    walk_here(node, around, demand);
    --depth_;
  }

  /// Every retrieve below needs every row.
  void too_deep(const cql::Node& root) {
    cql::visit_nodes(root, [this](const cql::Node& node) {
      if (node.kind == NodeKind::retrieve) need(as<cql::Retrieve>(node), {});
      if (node.kind == NodeKind::definition_ref) definition(as<cql::DefinitionRef>(node).library, as<cql::DefinitionRef>(node).index, {});
    });
  }

  void walk_here(const cql::Node& node, const Surroundings& around, const RowTest& demand) {
    switch (node.kind) {
      case NodeKind::retrieve:
        need(as<cql::Retrieve>(node), demand);
        walk(as<cql::Retrieve>(node).terminology, around);
        walk(as<cql::Retrieve>(node).context, around);
        break;
      case NodeKind::definition_ref: definition(as<cql::DefinitionRef>(node).library, as<cql::DefinitionRef>(node).index, demand); break;
      case NodeKind::slot_ref: {
        const auto found = around.slots.find(as<cql::SlotRef>(node).slot);
        if (found == around.slots.end() || found->second.node == nullptr) break;
        if (demand.all.empty() && !arguments_.insert({found->second.node, found->second.around}).second) break;
        walk(*found->second.node, *found->second.around, demand);
        break;
      }
      case NodeKind::function_call: call(as<cql::FunctionCall>(node), around, demand); break;
      case NodeKind::query: query(as<cql::Query>(node), around, demand); break;
      case NodeKind::operator_call: operator_call(as<cql::OperatorCall>(node), around, demand); break;
      case NodeKind::convert: {
        const auto& convert = as<cql::Convert>(node);
        if (convert.conversion.kind == cql::ConversionKind::function) conversion_function(convert.conversion);
        walk(*convert.operand, around, keeps_rows(convert.conversion) ? demand : RowTest{});
        break;
      }
      case NodeKind::as_type: walk(*as<cql::AsType>(node).operand, around, as<cql::AsType>(node).strict ? RowTest{} : demand); break;
      case NodeKind::is_type: walk(as<cql::IsType>(node).operand, around); break;
      case NodeKind::property: walk(as<cql::Property>(node).source, around); break;
      case NodeKind::tuple_selector: walk(as<cql::TupleSelector>(node).values, around); break;
      case NodeKind::list_selector: walk(as<cql::ListSelector>(node).values, around); break;
      case NodeKind::instance_selector: walk(as<cql::InstanceSelector>(node).values, around); break;
      case NodeKind::interval_selector:
        walk(as<cql::IntervalSelector>(node).low, around);
        walk(as<cql::IntervalSelector>(node).high, around);
        break;
      case NodeKind::if_then_else: {
        const auto& choice = as<cql::IfThenElse>(node);
        walk(choice.condition, around);
        walk(*choice.then_value, around, demand);
        if (choice.else_value) walk(*choice.else_value, around, demand);
        break;
      }
      case NodeKind::case_when:
        walk(as<cql::CaseWhen>(node).comparand, around);
        for (const cql::CaseItem& item : as<cql::CaseWhen>(node).items) {
          walk(item.when, around);
          walk(item.then, around);
        }
        walk(as<cql::CaseWhen>(node).else_value, around);
        break;
      case NodeKind::iteration:
        walk(as<cql::Iteration>(node).source, around);
        walk(as<cql::Iteration>(node).body, around);
        break;
      default: break;
    }
  }

  void need(const cql::Retrieve& retrieve, const RowTest& demand) {
    for (std::size_t i = 0; i < shapes().size(); ++i) {
      if (shapes()[i].resource != retrieve.resource_type) continue;
      RowDays days = on_columns(demand, shapes()[i]);
      auto& of_shape = found_[retrieve.id];
      const auto known = of_shape.find(i);
      if (known == of_shape.end()) of_shape.emplace(i, std::move(days));
      else known->second = either(known->second, days);
    }
  }

  void call(const cql::FunctionCall& called, const Surroundings& around, const RowTest& demand) {
    const cql::NodePtr& body = reader_.function(called).body;
    const std::pair function{called.library, called.index};
    if (!body || std::count(calls_.begin(), calls_.end(), function) > 3) {  // not to be followed: whatever is given to it is needed
      for (const cql::NodePtr& argument : called.arguments) walk(argument, around);
      if (body) too_deep(*body);
      return;
    }
    calls_.push_back(function);
    walk(*body, reader_.call(called, around), demand);
    calls_.pop_back();
  }

  void conversion_function(const cql::Conversion& used) {
    const auto& body = program_.libraries[at(used.library)].functions[at(used.function)].body;
    if (body && conversions_.insert({used.library, used.function}).second) walk(*body, reader_.new_surroundings(), {});
  }

  void operator_call(const cql::OperatorCall& operation, const Surroundings& around, const RowTest& demand) {
    const std::string_view name = operation.overload->name;
    const bool keeps = operation.type.is_list() && (name == "Union" || name == "Intersect" || name == "Distinct");
    for (std::size_t i = 0; i < operation.operands.size(); ++i)
      walk(*operation.operands[i], around, keeps || (name == "Except" && operation.type.is_list() && i == 0) ? demand : RowTest{});
  }

  /// Rows come out as they went in.
  static bool keeps_rows(const cql::Conversion& used) {
    using K = cql::ConversionKind;
    return used.kind == K::none || (used.kind == K::list_elements && used.parts.size() == 1 && used.parts.front().kind == K::none);
  }

  void query(const cql::Query& node, const Surroundings& outside, const RowTest& demand) {
    Surroundings& around = reader_.new_surroundings();
    around.slots = outside.slots;
    for (const cql::QuerySource& source : node.sources) around.slots[source.slot] = {};
    for (const cql::QueryRelation& relation : node.relations) around.slots[relation.source.slot] = {};
    if (node.sort_slot >= 0) around.slots[node.sort_slot] = {};
    if (node.accumulator_slot >= 0) around.slots[node.accumulator_slot] = {};
    for (const cql::QueryLet& let : node.lets) around.slots[let.slot] = {let.value.get(), &around};
    for (const cql::QuerySource& source : node.sources) sourced(node, source, outside, around, demand);
    for (const cql::QueryRelation& relation : node.relations) {
      RowTest wanted;
      const RowSlot row{&around, relation.source.slot};
      RowTest disordered;
      if (relation.such_that && relation.source.is_list && !reader_.may_fail(*relation.such_that, around, row, disordered)) {
        wanted = reader_.test(*relation.such_that, around, row);
        wanted.disordered.insert(wanted.disordered.end(), disordered.disordered.begin(), disordered.disordered.end());
      }
      walk(*relation.source.source, around, wanted);
      walk(relation.such_that, around);
    }
    for (const cql::QueryLet& let : node.lets) walk(let.value, around);
    walk(node.where, around);
    walk(node.result, around);
    walk(node.starting, around);
    walk(node.aggregate, around);
    for (const cql::QuerySort& sort : node.sort) walk(sort.key, around);
  }

  void sourced(const cql::Query& node, const cql::QuerySource& source, const Surroundings& outside, const Surroundings& around, const RowTest& demand) {
    const RowSlot row{&around, source.slot};
    RowTest disordered;
    const auto fails = [&](const cql::NodePtr& part) { return part && reader_.may_fail(*part, around, row, disordered); };
    bool may_fail = fails(node.where);
    for (const cql::QueryLet& let : node.lets) may_fail = may_fail || fails(let.value);
    for (const cql::QueryRelation& relation : node.relations) may_fail = may_fail || fails(relation.source.source) || fails(relation.such_that);
    for (const cql::QuerySource& other : node.sources) may_fail = may_fail || (node.sources.size() > 1 && fails(other.source));
    RowTest wanted;
    // A single value that is null is a row as well.
    if (!may_fail && source.is_list && node.where) wanted = reader_.test(*node.where, around, row);
    const bool passes_on = node.sources.size() == 1 && source.is_list && !node.result && !node.has_aggregate && node.sort.empty();
    if (!may_fail && passes_on) wanted = both(std::move(wanted), demand);
    wanted.disordered.insert(wanted.disordered.end(), disordered.disordered.begin(), disordered.disordered.end());
    walk(*source.source, outside, wanted);
  }

  static constexpr int deepest = 150;
  const cql::Program& program_;
  ClauseReader reader_;
  RetrieveDays found_;
  std::set<std::pair<std::int32_t, std::int32_t>> whole_, conversions_;
  std::set<std::pair<const cql::Node*, const Surroundings*>> arguments_;
  std::vector<std::pair<std::int32_t, std::int32_t>> calls_;
  int depth_ = 0;
};

}  // namespace

RetrieveDays retrieve_days(const cql::Program& program, const std::vector<std::int32_t>& definitions, const cql::Request& request) {
  return Walk(program, request).run(definitions);
}

}  // namespace catchment::measures
