// Function calls: user functions and their overloads, fluent functions, system functions.
#include <fmt/core.h>

#include <algorithm>

#include "cql/types/checking.h"

namespace catchment::cql {

using syntax::Expression;

NodePtr Body::invocation(const Expression& e) {
  bool named = false;
  if (e.has_target) {
    const std::int32_t library = include_named(*e.operands[0]);
    if (library == -1) return nullptr;
    if (library >= 0) {
      std::vector<NodePtr> arguments;
      if (!check_all(e, arguments, 1)) return nullptr;
      NodePtr node = user_call(library, e.text, arguments, e.at, false, named);
      if (node || named) return node;
      std::vector<std::string> names;
      for (const auto& [name, indices] : c_.state(library).functions) names.push_back(name);
      const std::string near = nearest(e.text, names);
      return error(e.at, fmt::format("the library {} has no function \"{}\"", c_.typed(library).name, e.text),
                   near.empty() ? "check the name and the library's version" : "did you mean \"" + near + "\"?");
    }
    NodePtr target = check(*e.operands[0]);
    return target ? method(e, std::move(target)) : nullptr;
  }
  std::vector<NodePtr> arguments;
  if (!check_all(e, arguments)) return nullptr;
  // A library's own function comes before a system function, when its operands fit.
  const bool own = c_.state(library_).functions.count(e.text) > 0;
  if (own) {
    const std::size_t before = c_.diagnostics.size();
    NodePtr node = user_call(library_, e.text, arguments, e.at, false, named);
    if (node) return node;
    if (c_.diagnostics.size() > before && overloads_of(e.text).empty()) return nullptr;
    if (overloads_of(e.text).empty()) return nullptr;
    c_.diagnostics.resize(before);
  }
  return system_call(e.text, std::move(arguments), e.at);
}

NodePtr Body::user_call(std::int32_t library, const std::string& name, std::vector<NodePtr>& arguments, const SourcePosition& at, bool fluent, bool& named) {
  const auto found = c_.state(library).functions.find(name);
  if (found == c_.state(library).functions.end()) return nullptr;
  std::int32_t best = -1;
  int best_cost = 0;
  bool is_private = false;
  std::vector<Conversion> best_conversions;
  std::string takes;
  for (const std::int32_t index : found->second) {
    const TypedFunction& function = c_.typed(library).functions[static_cast<std::size_t>(index)];
    if (fluent && !function.fluent) continue;
    if (library != library_ && function.access == Access::private_) {
      is_private = true;
      continue;
    }
    named = true;
    if (!c_.state(library).function_signature_ok[static_cast<std::size_t>(index)]) return nullptr;
    std::string signature;
    for (const TupleElement& parameter : function.parameters) signature += (signature.empty() ? "" : ", ") + to_string(parameter.type);
    takes += (takes.empty() ? "(" : ", (") + signature + ")";
    if (function.parameters.size() != arguments.size()) continue;
    int cost = 0;
    std::vector<Conversion> conversions;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      auto conversion = c_.types.convert(arguments[i]->type, function.parameters[i].type);
      if (!conversion) break;
      cost += conversion->cost;
      conversions.push_back(std::move(conversion->conversion));
    }
    if (conversions.size() != arguments.size()) continue;
    if (best < 0 || cost < best_cost) {
      best = index;
      best_cost = cost;
      best_conversions = std::move(conversions);
    }
  }
  if (best < 0) {
    if (!named && is_private) {
      named = true;
      return error(at, fmt::format("the function \"{}\" is private to the library {}", name, c_.typed(library).name),
                   "make it public, or use a public function");
    }
    if (!named || fluent) return nullptr;
    std::string given;
    for (const NodePtr& argument : arguments) given += (given.empty() ? "" : ", ") + to_string(argument->type);
    return error(at, fmt::format("the function \"{}\" does not take ({})", name, given), "it takes " + takes);
  }
  const auto i = static_cast<std::size_t>(best);
  if (c_.state(library).function_progress[i] == Progress::under_way) {
    return error(at, fmt::format("the function \"{}\" calls itself", name), "CQL has no recursion: use a query, or aggregate");
  }
  c_.check_function(library, best);
  const TypedFunction& function = c_.typed(library).functions[i];
  if (!function.body && !function.external) {
    broken_call_ = true;  // its own fault was reported where it is defined
    return nullptr;
  }
  if (function.external) { return error(at, fmt::format("the function \"{}\" is external and has no body here", name), "write it in CQL"); }
  auto node = make<FunctionCall>(at, function.type);
  node->library = library;
  node->index = best;
  for (std::size_t a = 0; a < arguments.size(); ++a) { node->arguments.push_back(apply(std::move(arguments[a]), std::move(best_conversions[a]))); }
  return node;
}

NodePtr Body::coalesce(std::vector<NodePtr> arguments, const SourcePosition& at) {
  if (arguments.size() == 1) return call("Coalesce", std::move(arguments), at);
  // More than the table's rows take: first with the rest, from the end.
  Type type = Type::any();
  for (const NodePtr& argument : arguments) type = c_.types.common_type(type, argument->type);
  NodePtr rest = converted(std::move(arguments.back()), type, "an operand of Coalesce");
  for (std::size_t i = arguments.size() - 1; i-- > 0;) {
    std::vector<NodePtr> pair;
    pair.push_back(converted(std::move(arguments[i]), type, "an operand of Coalesce"));
    pair.push_back(std::move(rest));
    if (!pair[0] || !pair[1]) return nullptr;
    if (pair[0]->kind == NodeKind::null_literal) pair[0]->type = type;
    rest = call("Coalesce", std::move(pair), at);
    if (!rest) return nullptr;
  }
  return rest;
}

NodePtr Body::system_call(const std::string& name, std::vector<NodePtr> arguments, const SourcePosition& at) {
  if (name == "Coalesce" && arguments.size() != 1 && !arguments.empty()) return coalesce(std::move(arguments), at);
  if (overloads_of(name).empty()) return unknown_function(name, arguments, at);
  if (name.starts_with("AgeIn") && c_.state(library_).default_model == nullptr) {
    if (c_.state(library_).model_missing) return nullptr;
    return error(at, name + " needs a patient", "name the data model first: using FHIR version '4.0.1'");
  }
  const auto rows = overloads_of(name);
  const bool fits = std::any_of(rows.begin(), rows.end(), [&](const Overload& row) { return row.parameters.size() == arguments.size(); });
  if (!fits) {
    return error(at, fmt::format("{} does not take {} operand{}", name, arguments.size(), arguments.size() == 1 ? "" : "s"),
                 rows.front().parameters.empty() ? "write " + name + "()" : "see the reference page of operators for " + name);
  }
  return call(name, std::move(arguments), at);
}

NodePtr Body::unknown_function(const std::string& name, const std::vector<NodePtr>& arguments, const SourcePosition& at) {
  std::vector<std::string> names;
  for (const std::string_view known : operator_names()) names.emplace_back(known);
  for (const auto& [own, indices] : c_.state(library_).functions) names.push_back(own);
  std::string near = nearest(name, names);
  for (const std::int32_t target : c_.state(library_).include_targets) {
    if (target < 0) continue;
    const auto found = c_.state(target).functions.find(name);
    if (found == c_.state(target).functions.end()) continue;
    const bool fluent = c_.typed(target).functions[static_cast<std::size_t>(found->second.front())].fluent;
    return error(at, fmt::format("there is no function \"{}\" here", name),
                 fluent && !arguments.empty() ? fmt::format("it is a fluent function of {}: write x.{}()", c_.typed(target).name, name)
                                              : fmt::format("it is a function of the included library {}: name it with the library", c_.typed(target).name));
  }
  return error(at, fmt::format("there is no function \"{}\"", name), near.empty() ? "declare it, or check its spelling" : "did you mean " + near + "?");
}

int Body::fluent_cost(std::int32_t library, const std::string& name, const std::vector<NodePtr>& arguments) const {
  const auto found = c_.state(library).functions.find(name);
  if (found == c_.state(library).functions.end()) return -1;
  int best = -1;
  for (const std::int32_t index : found->second) {
    const TypedFunction& function = c_.typed(library).functions[static_cast<std::size_t>(index)];
    if (!function.fluent || function.parameters.size() != arguments.size()) continue;
    if (library != library_ && function.access == Access::private_) continue;
    int cost = 0;
    for (std::size_t i = 0; i < arguments.size() && cost >= 0; ++i) {
      const auto conversion = c_.types.convert(arguments[i]->type, function.parameters[i].type);
      cost = conversion ? cost + conversion->cost : -1;
    }
    if (cost >= 0 && (best < 0 || cost < best)) best = cost;
  }
  return best;
}

NodePtr Body::method(const Expression& e, NodePtr target) {
  std::string lower = e.text;
  if (lower == "where" || lower == "select" || lower == "all")
    return iteration(e, std::move(target), lower == "where" ? IterationKind::where : lower == "select" ? IterationKind::select : IterationKind::all);
  if (lower == "exists" && e.operands.size() == 2) return iteration(e, std::move(target), IterationKind::exists);
  std::vector<NodePtr> arguments;
  arguments.push_back(std::move(target));
  if (!check_all(e, arguments, 1)) return nullptr;
  bool named = false;
  broken_call_ = false;
  std::vector<std::int32_t> targets = c_.state(library_).include_targets;
  // The library whose overload fits best, the own one before the included ones where they fit alike.
  std::int32_t chosen = library_;
  int cost = fluent_cost(library_, e.text, arguments);
  for (const std::int32_t library : targets) {
    const int other = library < 0 ? -1 : fluent_cost(library, e.text, arguments);
    if (other < 0 || (cost >= 0 && cost <= other)) continue;
    chosen = library;
    cost = other;
  }
  if (NodePtr node = user_call(chosen, e.text, arguments, e.at, true, named)) return node;
  if (broken_call_ || !arguments[0]) return nullptr;
  for (const std::int32_t library : targets) {
    if (library < 0) continue;
    const std::size_t before = c_.diagnostics.size();
    NodePtr node = user_call(library, e.text, arguments, e.at, true, named);
    if (node) return node;
    if (broken_call_ || c_.diagnostics.size() > before || !arguments[0]) return nullptr;
  }
  // A system function written as a method: x.count() is Count(x).
  std::string capital = e.text;
  if (!capital.empty()) capital[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(capital[0])));
  if (capital == "Empty" && arguments.size() == 1) {
    std::vector<NodePtr> inner;
    inner.push_back(call("Exists", std::move(arguments), e.at));
    return call("Not", std::move(inner), e.at);
  }
  if (!named && !overloads_of(capital).empty()) return system_call(capital, std::move(arguments), e.at);
  if (named) {
    return error(
        e.at, fmt::format("the fluent function \"{}\" does not take {}", e.text, to_string(arguments[0]->type)),
        arguments[0]->type.is_list() ? "it may be meant for one element: use it inside a query, or on First(...)" : "it takes " + fluent_types(e.text));
  }
  std::vector<std::string> names;
  bool plain = c_.state(library_).functions.count(e.text) > 0;
  auto collect = [&](std::int32_t library) {
    for (const TypedFunction& function : c_.typed(library).functions) {
      if (function.fluent) names.push_back(function.name);
      plain = plain || (function.name == e.text && !function.fluent);
    }
  };
  collect(library_);
  for (const std::int32_t library : targets) {
    if (library >= 0) collect(library);
  }
  const std::string near = nearest(e.text, names);
  std::string fix = near.empty() ? "declare it: define fluent function " + syntax::print_name(e.text) + "(...)" : "did you mean ." + near + "()?";
  if (plain) fix = "the function is not fluent: declare it with 'define fluent function', or call it with the value as its operand";
  return error(e.at, fmt::format("there is no fluent function \"{}\"", e.text), fix);
}

/// What the fluent functions of this name take before the dot.
std::string Body::fluent_types(const std::string& name) const {
  std::string text;
  auto collect = [&](std::int32_t library) {
    for (const TypedFunction& function : c_.typed(library).functions) {
      if (function.fluent && function.name == name && !function.parameters.empty())
        text += (text.empty() ? "" : " or ") + to_string(function.parameters[0].type);
    }
  };
  collect(library_);
  for (const std::int32_t library : c_.state(library_).include_targets) {
    if (library >= 0) collect(library);
  }
  return text;
}

NodePtr Body::iteration(const Expression& e, NodePtr target, IterationKind kind) {
  if (!target->type.is_list())
    return error(e.at, fmt::format(".{}() asks for a list and this is {}", e.text, to_string(target->type)), "put the value in a list: { x }");
  if (e.operands.size() != 2) return error(e.at, fmt::format(".{}() takes one expression", e.text), "write for example .where($this > 5)");
  auto node = make<Iteration>(e.at, Type::boolean());
  const Type element = target->type.element();
  node->iteration = kind;
  node->this_slot = new_slot();
  node->index_slot = new_slot();
  scope_.push_back({"$index", Type::integer(), node->index_slot, false});
  scope_.push_back({"$this", element, node->this_slot, true});
  NodePtr body = check(*e.operands[1]);
  scope_.pop_back();
  scope_.pop_back();
  if (body && kind != IterationKind::select) body = converted(std::move(body), Type::boolean(), "the condition");
  if (!body) return nullptr;
  if (kind == IterationKind::where) node->type = target->type;
  if (kind == IterationKind::select) node->type = Type::list(body->type.is_list() ? body->type.element() : body->type);
  node->source = std::move(target);
  node->body = std::move(body);
  return node;
}

}  // namespace catchment::cql
