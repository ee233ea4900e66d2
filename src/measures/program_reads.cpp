#include "measures/program_reads.h"

#include <algorithm>

namespace catchment::measures {

namespace {

std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

template <typename T>
const T& as(const cql::Node& node) {
  return static_cast<const T&>(node);
}

bool is_resource(std::string_view name) {
  return std::any_of(shapes().begin(), shapes().end(), [name](const ShapeMap& shape) { return shape.resource == name; });
}

class Reader {
 public:
  /// With `everyone`, definitions of the Unfiltered context are read as well.
  Reader(const cql::Program& program, ProgramReads& reads, EveryoneReads* everyone = nullptr) : program_(program), reads_(reads), everyone_(everyone) {}

  void definition(std::int32_t library, std::int32_t index) {
    if (!definitions_.insert({library, index}).second) return;
    const auto& definition = program_.libraries[at(library)].definitions[at(index)];
    if (definition.context == cql::EvaluationContext::unfiltered) {
      reads_.unfiltered.insert({library, index});
      if (everyone_ == nullptr) return;
    }
    if (definition.body) body(*definition.body);
  }

 private:
  void function(std::int32_t library, std::int32_t index) {
    if (library < 0 || index < 0 || !functions_.insert({library, index}).second) return;
    const auto& function = program_.libraries[at(library)].functions[at(index)];
    if (function.body) body(*function.body);
  }

  void conversion(const cql::Conversion& conversion_used) {
    if (conversion_used.kind == cql::ConversionKind::function) function(conversion_used.library, conversion_used.function);
    for (const cql::Conversion& part : conversion_used.parts) conversion(part);
  }

  void body(const cql::Node& root) {
    cql::visit_nodes(root, [this](const cql::Node& node) { visit(node); });
  }

  void visit(const cql::Node& node) {
    switch (node.kind) {
      case cql::NodeKind::definition_ref: {
        const auto& ref = as<cql::DefinitionRef>(node);
        definition(ref.library, ref.index);
        if (ref.for_everyone && everyone_ != nullptr && needs_keeping(ref)) everyone_->kept = true;
        break;
      }
      case cql::NodeKind::function_call: function(as<cql::FunctionCall>(node).library, as<cql::FunctionCall>(node).index); break;
      case cql::NodeKind::convert: conversion(as<cql::Convert>(node).conversion); break;
      case cql::NodeKind::context_subject: reads_.patient = true; break;
      case cql::NodeKind::operator_call: {
        const std::string_view name = as<cql::OperatorCall>(node).overload->name;
        if (name.starts_with("AgeIn") || name == "Message") reads_.patient = true;
        reads_.messages = reads_.messages || name == "Message";
        if (name == "Children" || name == "Descendants" || name == "Descendents") reads_.every_element = true;
        break;
      }
      case cql::NodeKind::retrieve: retrieve(as<cql::Retrieve>(node)); break;
      case cql::NodeKind::property: {
        const auto& property = as<cql::Property>(node);
        if (!property.source) break;
        for (const auto& alternative : property.alternatives) element(property.source->type, alternative.key);
        // Of a choice of which some kind is a column, the other kinds are looked for where the program asks for them.
        const auto& all = property.alternatives;
        reads_.sent = reads_.sent || std::all_of(all.begin(), all.end(), [&](const auto& one) { return is_sent_only(property.source->type, one.key); });
        break;
      }
      case cql::NodeKind::as_type: kind_of_choice(*as<cql::AsType>(node).operand, node.type); break;
      case cql::NodeKind::is_type: kind_of_choice(*as<cql::IsType>(node).operand, as<cql::IsType>(node).tested); break;
      default: break;
    }
  }

  /// Whether rows of the class are shown and have no column for the element.
  static bool is_sent_only(const cql::Type& source, std::string_view key) {
    if (source.is(cql::TypeKind::choice))
      return std::any_of(source.alternatives().begin(), source.alternatives().end(), [key](const cql::Type& one) { return is_sent_only(one, key); });
    if (!source.is_named() || !source.name().starts_with("FHIR.") || key == "id") return false;
    const std::string_view resource = std::string_view(source.name()).substr(5);
    bool shown = false;
    for (const ShapeMap& shape : shapes()) {
      if (shape.resource != resource) continue;
      shown = true;
      if (std::any_of(shape.elements.begin(), shape.elements.end(), [key](const ElementMap& element) { return element.key == key; })) return false;
    }
    return shown;
  }

  void kind_of_choice(const cql::Node& operand, const cql::Type& tested) {
    if (operand.kind != cql::NodeKind::property) return;
    const auto& property = as<cql::Property>(operand);
    if (!property.source || property.alternatives.size() < 2) return;
    for (const auto& alternative : property.alternatives)
      if (alternative.type == tested && !is_time(tested) && is_sent_only(property.source->type, alternative.key)) reads_.sent = true;
  }

  /// When something was, in whatever kind it was sent, is in the columns already.
  static bool is_time(const cql::Type& type) {
    if (!type.is_named()) return false;
    const std::string& name = type.name();
    return name == "FHIR.Period" || name == "FHIR.dateTime" || name == "FHIR.date" || name == "FHIR.instant" || name == "FHIR.Timing" || name == "FHIR.Age" ||
        name == "FHIR.Range";
  }

  void retrieve(const cql::Retrieve& node) {
    if (node.resource_type == "Patient") reads_.patient = true;
    reads_.retrieves.push_back(&node);
    if (node.unfiltered && everyone_ != nullptr) everyone_->rows = true;
    if (node.negation) reads_.elements.insert(node.resource_type + ".status");
  }

  bool needs_keeping(const cql::DefinitionRef& ref) const {
    if (holds_resources(ref.type)) return true;
    ProgramReads reads;
    Reader reader(program_, reads);
    reader.definition(ref.library, ref.index);
    return !reads.unfiltered.empty();
  }

  void element(const cql::Type& source, const std::string& key) {
    if (source.is(cql::TypeKind::choice)) {
      for (const cql::Type& alternative : source.alternatives()) element(alternative, key);
      return;
    }
    if (!source.is_named()) {
      reads_.elements.insert("*." + key);
      return;
    }
    const std::string& name = source.name();
    const std::string local = name.substr(name.find('.') + 1);
    if (!name.starts_with("FHIR.") || local == "Resource" || local == "DomainResource" || local == "Element" || local == "BackboneElement") {
      reads_.elements.insert("*." + key);
    } else if (local == "Patient" || is_resource(local)) {
      reads_.elements.insert(local + "." + key);
    }
  }

  const cql::Program& program_;
  ProgramReads& reads_;
  EveryoneReads* everyone_;
  std::set<std::pair<std::int32_t, std::int32_t>> definitions_, functions_;
};

}  // namespace

bool ProgramReads::reads(std::string_view resource, std::string_view key) const {
  return every_element || elements.contains(std::string(resource) + "." + std::string(key)) || elements.contains("*." + std::string(key));
}

ProgramReads program_reads(const cql::Program& program, const std::vector<std::int32_t>& definitions) {
  ProgramReads reads;
  Reader reader(program, reads);
  for (const std::int32_t index : definitions) reader.definition(program.main, index);
  return reads;
}

EveryoneReads everyone_reads(const cql::Program& program, const ProgramReads& reads) {
  EveryoneReads everyone;
  Reader reader(program, everyone.reads, &everyone);
  for (const auto& [library, index] : reads.unfiltered) reader.definition(library, index);
  everyone.reads.elements.insert(reads.elements.begin(), reads.elements.end());
  everyone.reads.every_element = everyone.reads.every_element || reads.every_element;
  everyone.reads.sent = false;  // everyone's resources are never looked up
  return everyone;
}

namespace {

bool may_be_patient(const cql::Type& type) {
  if (type.is_named()) return type.name() == "FHIR.Patient" || !type.name().starts_with("FHIR.") || type.name().ends_with("Resource");
  if (type.is_any()) return true;
  if (type.is_list() || type.is_interval()) return may_be_patient(type.element());
  if (type.is(cql::TypeKind::choice)) return std::any_of(type.alternatives().begin(), type.alternatives().end(), may_be_patient);
  if (type.is(cql::TypeKind::tuple))
    return std::any_of(type.elements().begin(), type.elements().end(), [](const cql::TupleElement& e) { return may_be_patient(e.type); });
  return false;
}

}  // namespace

bool same_for_alike(const cql::Program& program, const std::vector<std::int32_t>& definitions, const ProgramReads& reads) {
  if (reads.messages || reads.reads("Patient", "id")) return false;
  if (std::any_of(reads.retrieves.begin(), reads.retrieves.end(), [](const cql::Retrieve* retrieve) { return retrieve->context != nullptr; })) return false;
  return std::none_of(definitions.begin(), definitions.end(),
                      [&](std::int32_t index) { return may_be_patient(program.main_library().definitions[static_cast<std::size_t>(index)].type); });
}

bool holds_resources(const cql::Type& type) {
  if (type.is_named() || type.is_any()) return true;
  if (type.is_list() || type.is_interval()) return holds_resources(type.element());
  if (type.is(cql::TypeKind::choice)) return std::any_of(type.alternatives().begin(), type.alternatives().end(), holds_resources);
  if (type.is(cql::TypeKind::tuple))
    return std::any_of(type.elements().begin(), type.elements().end(), [](const cql::TupleElement& e) { return holds_resources(e.type); });
  return false;
}

void add_columns(const ElementMap& element, std::set<std::int16_t>& columns) {
  const auto add = [&](int column) {
    if (column >= 0) columns.insert(static_cast<std::int16_t>(column));
  };
  add(element.column);
  add(element.other);
  if (element.how == How::timed_period || element.how == How::services) add(element.other + 1);
  if (element.how == How::quantity) add(element.other + 2);
}

std::set<std::int16_t> columns_read(const ShapeMap& shape, const ProgramReads& reads) {
  std::set<std::int16_t> columns;
  if (shape.chosen_by != no_column) columns.insert(shape.chosen_by);
  for (const ElementMap& element : shape.elements)
    if (reads.reads(shape.resource, element.key)) add_columns(element, columns);
  return columns;
}

}  // namespace catchment::measures
