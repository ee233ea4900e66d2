// Which expressions are alike. Two are when their texts here are equal: same operators, types, constants and
// references, with the slots they bind numbered in order of appearance.
#include <fmt/core.h>

#include <map>

#include "cql/evaluate/planner.h"
#include "cql/types/node_as.h"

namespace catchment::cql {

namespace {

class Writer {
 public:
  std::string take() { return std::move(text_); }

  void node(const Node& n) {
    text_ += fmt::format("({}:{} ", static_cast<int>(n.kind), to_string(n.type));
    content(n);
    text_ += ')';
  }

 private:
  void child(const NodePtr& n) {
    if (n) node(*n);
    else text_ += "()";
  }
  void children(const std::vector<NodePtr>& nodes) {
    for (const NodePtr& n : nodes) child(n);
  }
  void quoted(const std::string& s) { text_ += fmt::format("{}'{}'", s.size(), s); }
  void names(const std::vector<std::string>& list) {
    for (const std::string& name : list) quoted(name);
  }
  void slot(std::int32_t s) { text_ += fmt::format("${} ", slots_.try_emplace(s, slots_.size()).first->second); }
  void index(std::int32_t library, std::int32_t i) { text_ += fmt::format("{}.{}", library, i); }

  void conversion(const Conversion& c) {
    text_ += fmt::format("<{}:{}:{}:{}>{}.{}", static_cast<int>(c.kind), to_string(c.from), to_string(c.to), reinterpret_cast<std::uintptr_t>(c.overload),
                         c.library, c.function);
    text_ += fmt::format("m{}", static_cast<int>(c.model));
    names(c.names);
    for (const Conversion& part : c.parts) conversion(part);
  }
  void alternatives(const std::vector<PropertyAlternative>& list) {
    for (const PropertyAlternative& a : list) {
      quoted(a.key);
      text_ += to_string(a.type);
    }
  }
  void types(const std::vector<Type>& list) {
    for (const Type& type : list) text_ += to_string(type) + ";";
  }
  void code(const CodeValue& c) {
    quoted(c.code);
    quoted(c.system);
    quoted(c.version);
    quoted(c.display);
  }

  void query(const Query& q) {
    text_ += fmt::format("q{}{}{}{}", q.distinct, q.has_aggregate, q.aggregate_distinct, q.is_list);
    for (const QuerySource& s : q.sources) {
      child(s.source);
      slot(s.slot);
      text_ += s.is_list ? 'l' : 's';
      if (!q.result) quoted(s.alias);
    }
    for (const QueryLet& let : q.lets) {
      child(let.value);
      slot(let.slot);
    }
    for (const QueryRelation& r : q.relations) {
      text_ += r.without ? "without" : "with";
      child(r.source.source);
      slot(r.source.slot);
      text_ += r.source.is_list ? 'l' : 's';
      child(r.such_that);
    }
    child(q.where);
    child(q.starting);
    slot(q.accumulator_slot);
    child(q.aggregate);
    child(q.result);
    slot(q.sort_slot);
    for (const QuerySort& s : q.sort) {
      text_ += s.descending ? "desc" : "asc";
      child(s.key);
    }
  }

  void retrieve(const Retrieve& r) {
    quoted(r.resource_type);
    quoted(r.profile);
    quoted(r.code_path);
    quoted(r.date_path);
    text_ += fmt::format("{}{}{}", r.negation, r.unfiltered, static_cast<int>(r.comparison));
    alternatives(r.code_alternatives);
    child(r.terminology);
    child(r.context);
    child(r.date_range);
  }

  void content(const Node& n) {
    switch (n.kind) {
      case NodeKind::literal: {
        const auto& l = as<Literal>(n);
        names({l.text, l.unit, l.text2, l.unit2});
        break;
      }
      case NodeKind::operator_call: {
        const auto& call = as<OperatorCall>(n);
        text_ += fmt::format("{}@{} ", reinterpret_cast<std::uintptr_t>(call.overload), static_cast<int>(call.precision));
        children(call.operands);
        break;
      }
      case NodeKind::convert:
        conversion(as<Convert>(n).conversion);
        child(as<Convert>(n).operand);
        break;
      case NodeKind::tuple_selector:
        names(as<TupleSelector>(n).names);
        children(as<TupleSelector>(n).values);
        break;
      case NodeKind::list_selector: children(as<ListSelector>(n).values); break;
      case NodeKind::interval_selector:
        text_ += fmt::format("{}{}", as<IntervalSelector>(n).low_closed, as<IntervalSelector>(n).high_closed);
        child(as<IntervalSelector>(n).low);
        child(as<IntervalSelector>(n).high);
        break;
      case NodeKind::instance_selector:
        names(as<InstanceSelector>(n).names);
        children(as<InstanceSelector>(n).values);
        break;
      case NodeKind::code_literal: code(as<CodeLiteral>(n).value); break;
      case NodeKind::concept_literal:
        for (const CodeValue& c : as<ConceptLiteral>(n).codes) code(c);
        quoted(as<ConceptLiteral>(n).display);
        break;
      case NodeKind::value_set_ref: index(as<ValueSetRef>(n).library, as<ValueSetRef>(n).index); break;
      case NodeKind::code_system_ref: index(as<CodeSystemRef>(n).library, as<CodeSystemRef>(n).index); break;
      case NodeKind::definition_ref:
        if (as<DefinitionRef>(n).for_everyone) text_ += "everyone";
        index(as<DefinitionRef>(n).library, as<DefinitionRef>(n).index);
        break;
      case NodeKind::parameter_ref: index(as<ParameterRef>(n).library, as<ParameterRef>(n).index); break;
      case NodeKind::function_call:
        index(as<FunctionCall>(n).library, as<FunctionCall>(n).index);
        children(as<FunctionCall>(n).arguments);
        break;
      case NodeKind::slot_ref: slot(as<SlotRef>(n).slot); break;
      case NodeKind::property: {
        const auto& p = as<Property>(n);
        quoted(p.name);
        quoted(p.extension_url);
        text_ += p.repeats ? 'r' : 'o';
        alternatives(p.alternatives);
        child(p.source);
        break;
      }
      case NodeKind::retrieve: retrieve(as<Retrieve>(n)); break;
      case NodeKind::query: query(as<Query>(n)); break;
      case NodeKind::if_then_else:
        child(as<IfThenElse>(n).condition);
        child(as<IfThenElse>(n).then_value);
        child(as<IfThenElse>(n).else_value);
        break;
      case NodeKind::case_when:
        child(as<CaseWhen>(n).comparand);
        for (const CaseItem& item : as<CaseWhen>(n).items) {
          child(item.when);
          child(item.then);
        }
        child(as<CaseWhen>(n).else_value);
        break;
      case NodeKind::is_type:
        text_ += to_string(as<IsType>(n).tested);
        types(as<IsType>(n).accepted);
        child(as<IsType>(n).operand);
        break;
      case NodeKind::as_type:
        text_ += as<AsType>(n).strict ? "cast" : "as";
        types(as<AsType>(n).accepted);
        child(as<AsType>(n).operand);
        break;
      case NodeKind::iteration:
        text_ += fmt::format("i{}", static_cast<int>(as<Iteration>(n).iteration));
        child(as<Iteration>(n).source);
        slot(as<Iteration>(n).this_slot);
        slot(as<Iteration>(n).index_slot);
        child(as<Iteration>(n).body);
        break;
      case NodeKind::null_literal:
      case NodeKind::context_subject: break;
    }
  }

  std::string text_;
  std::map<std::int32_t, std::size_t> slots_;
};

}  // namespace

std::string likeness(const Node& node) {
  Writer writer;
  writer.node(node);
  return writer.take();
}

}  // namespace catchment::cql
