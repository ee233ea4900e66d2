#include "cql/evaluate/dependence.h"

#include "cql/evaluate/semantics.h"
#include "cql/types/node_as.h"

namespace catchment::cql {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

void add(const Dependence& part, Dependence& into) {
  into.request = into.request || part.request;
  into.own = into.own || part.own;
  for (std::size_t i = 0; i < part.retrieves.size(); ++i) into.retrieves[i] |= part.retrieves[i];
}

}  // namespace

DependenceFinder::DependenceFinder(const Program& program, const std::vector<PlannedRetrieve>& retrieves)
    : program_(program), words_((retrieves.size() + 63) / 64) {
  for (std::size_t i = 0; i < retrieves.size(); ++i) {
    const Retrieve& node = *retrieves[i].node;
    if (retrieves[i].terminology_is_known && !node.context && !node.unfiltered && node.resource_type != "Patient") places_[&node] = i;
  }
  for (const TypedLibrary& library : program.libraries) {
    definitions_.emplace_back(library.definitions.size());
    functions_.emplace_back(library.functions.size());
  }
}

const Dependence& DependenceFinder::body(Known& known, const NodePtr& body) {
  if (known.known) return known.value;
  if (known.running || !body) {  // refers to itself, or fails when it is asked
    static const Dependence anything{true, true, {}};
    return anything;
  }
  known.running = true;
  known.value = of(*body);
  known.known = true;
  return known.value;
}

void DependenceFinder::function(std::int32_t library, std::int32_t index, Dependence& into) {
  add(body(functions_[at(library)][at(index)], program_.libraries[at(library)].functions[at(index)].body), into);
}

void DependenceFinder::conversion(const Conversion& used, Dependence& into) {
  if (used.kind == ConversionKind::function) function(used.library, used.function, into);
  for (const Conversion& part : used.parts) conversion(part, into);
}

Dependence DependenceFinder::of(const Node& root) {
  Dependence result;
  result.retrieves.assign(words_, 0);
  visit_nodes(root, [&](const Node& node) {
    switch (node.kind) {
      case NodeKind::context_subject: result.own = true; break;
      case NodeKind::operator_call: {
        const std::string_view name = as<OperatorCall>(node).overload->name;
        result.own = result.own || name.starts_with("AgeIn") || name == "Message";
        result.request = result.request || reads_clock(*as<OperatorCall>(node).overload);
        break;
      }
      case NodeKind::parameter_ref: result.request = true; break;
      case NodeKind::definition_ref: {
        const auto& ref = as<DefinitionRef>(node);
        add(body(definitions_[at(ref.library)][at(ref.index)], program_.libraries[at(ref.library)].definitions[at(ref.index)].body), result);
        break;
      }
      case NodeKind::function_call: function(as<FunctionCall>(node).library, as<FunctionCall>(node).index, result); break;
      case NodeKind::convert: conversion(as<Convert>(node).conversion, result); break;
      case NodeKind::retrieve: {
        const auto place = places_.find(&node);
        if (place == places_.end()) result.own = true;
        else result.retrieves[place->second / 64] |= std::uint64_t{1} << (place->second % 64);
        break;
      }
      default: break;
    }
  });
  return result;
}

}  // namespace catchment::cql
