#include "cql/types/model.h"

#include <algorithm>
#include <pugixml.hpp>

#include "cql/syntax/syntax.h"

namespace catchment::cql {

namespace {

constexpr std::size_t max_model_bytes = std::size_t{64} << 20;
constexpr int max_type_depth = 32;

std::string_view local(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view attribute(pugi::xml_node node, const char* name) { return node.attribute(name).as_string(); }

std::string_view kind_of(pugi::xml_node node) {
  for (pugi::xml_attribute a : node.attributes()) {
    if (local(a.name()) == "type" && a.name() != std::string_view("type")) return local(a.as_string());
  }
  return {};
}

Type named_type(std::string_view name) {
  if (name.empty()) return Type::any();
  if (auto type = system_type(name)) return *type;
  return Type::named(std::string(name));
}

Type from_specifier(const syntax::TypeSpecifier& s) {
  switch (s.kind) {
    case syntax::TypeSpecifier::Kind::list: return Type::list(from_specifier(s.arguments[0]));
    case syntax::TypeSpecifier::Kind::interval: return Type::interval(from_specifier(s.arguments[0]));
    case syntax::TypeSpecifier::Kind::choice: {
      std::vector<Type> types;
      types.reserve(s.arguments.size());
      for (const auto& argument : s.arguments) types.push_back(from_specifier(argument));
      return Type::choice(types);
    }
    case syntax::TypeSpecifier::Kind::tuple: return Type::any();
    case syntax::TypeSpecifier::Kind::named: break;
  }
  std::string name;
  for (const std::string& part : s.name) name += (name.empty() ? "" : ".") + part;
  return named_type(name);
}

/// "FHIR.string", "list<FHIR.Extension>".
Type type_text(std::string_view text) {
  if (text.find('<') == std::string_view::npos) return named_type(text);
  const auto specifier = syntax::parse_type(text);
  return specifier ? from_specifier(*specifier) : Type::any();
}

Type read_specifier(pugi::xml_node node, int depth);

/// The type written as attribute `name` or as a child `<nameSpecifier>`.
Type read_type(pugi::xml_node node, const std::string& name, int depth) {
  if (const auto text = attribute(node, name.c_str()); !text.empty()) return type_text(text);
  if (name == "elementType") {
    if (const auto text = attribute(node, "type"); !text.empty()) return type_text(text);
  }
  for (pugi::xml_node child : node.children()) {
    if (local(child.name()) == name + "Specifier") return read_specifier(child, depth);
  }
  return Type::any();
}

Type read_specifier(pugi::xml_node node, int depth) {
  if (depth > max_type_depth) return Type::any();
  const std::string_view kind = kind_of(node);
  if (kind == "ListTypeSpecifier") return Type::list(read_type(node, "elementType", depth + 1));
  if (kind == "IntervalTypeSpecifier") return Type::interval(read_type(node, "pointType", depth + 1));
  if (kind == "ChoiceTypeSpecifier") {
    std::vector<Type> types;
    for (pugi::xml_node child : node.children()) {
      if (local(child.name()) == "choice" || local(child.name()) == "type") types.push_back(read_specifier(child, depth + 1));
    }
    return Type::choice(types);
  }
  std::string name(attribute(node, "name"));
  if (const auto model = attribute(node, "namespace"); !model.empty()) name = std::string(model) + "." + name;
  if (const auto model = attribute(node, "modelName"); !model.empty()) name = std::string(model) + "." + name;
  return named_type(name);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_negation(const std::string& identifier) {
  const std::string id = lower(identifier);
  for (const char* mark : {"notdone", "notrequested", "notordered", "notadministered", "notdispensed", "declined", "taskrejected", "observationcancelled"}) {
    if (id.find(mark) != std::string::npos) return true;
  }
  return false;
}

void read_class(pugi::xml_node node, Model& model) {
  ModelClass item;
  item.name = std::string(attribute(node, "name"));
  if (item.name.starts_with(model.name + ".")) item.name.erase(0, model.name.size() + 1);
  if (item.name.empty()) return;
  item.qualified = model.name + "." + item.name;
  item.label = std::string(attribute(node, "label"));
  item.identifier = std::string(attribute(node, "identifier"));
  item.resource = std::string(attribute(node, "target"));
  item.base = read_type(node, "baseType", 0);
  item.retrievable = node.attribute("retrievable").as_bool();
  item.code_path = std::string(attribute(node, "primaryCodePath"));
  item.negation = is_negation(item.identifier);
  for (pugi::xml_node child : node.children()) {
    if (local(child.name()) != "element") continue;
    ModelElement element;
    element.name = std::string(attribute(child, "name"));
    element.type = read_type(child, "elementType", 0);
    element.target = std::string(attribute(child, "target"));
    item.elements.push_back(std::move(element));
  }
  if (!item.label.empty()) model.labels.try_emplace(item.label, item.name);
  if (!item.identifier.empty()) model.labels.try_emplace(item.identifier, item.name);
  model.classes.insert_or_assign(item.name, std::move(item));
}

ModelConversion conversion_to(const Type& to) {
  switch (to.kind()) {
    case TypeKind::boolean: return ModelConversion::to_boolean;
    case TypeKind::integer: return ModelConversion::to_integer;
    case TypeKind::long_integer: return ModelConversion::to_long;
    case TypeKind::decimal: return ModelConversion::to_decimal;
    case TypeKind::string: return ModelConversion::to_string;
    case TypeKind::date: return ModelConversion::to_date;
    case TypeKind::date_time: return ModelConversion::to_date_time;
    case TypeKind::time: return ModelConversion::to_time;
    case TypeKind::code: return ModelConversion::to_code;
    case TypeKind::concept_: return ModelConversion::to_concept;
    case TypeKind::quantity: return ModelConversion::to_quantity;
    case TypeKind::ratio: return ModelConversion::to_ratio;
    case TypeKind::value_set: return ModelConversion::to_value_set;
    case TypeKind::interval: return to.element().is(TypeKind::quantity) ? ModelConversion::to_interval_of_quantity : ModelConversion::to_interval_of_date_time;
    default: return ModelConversion::none;
  }
}

/// A class that only renames a system type (or a choice) is that type.
Type without_alias(const Model& model, const Type& type, int depth) {
  if (depth > max_type_depth) return type;
  switch (type.kind()) {
    case TypeKind::list: return Type::list(without_alias(model, type.element(), depth + 1));
    case TypeKind::interval: return Type::interval(without_alias(model, type.element(), depth + 1));
    case TypeKind::choice: {
      std::vector<Type> types;
      for (const Type& t : type.alternatives()) types.push_back(without_alias(model, t, depth + 1));
      return Type::choice(types);
    }
    case TypeKind::named: break;
    default: return type;
  }
  if (!type.name().starts_with(model.name + ".")) return type;
  const auto found = model.classes.find(std::string_view(type.name()).substr(model.name.size() + 1));
  if (found == model.classes.end() || !found->second.elements.empty()) return type;
  const Type& base = found->second.base;
  if (base.is_any()) return type;
  if (!base.is_named()) return without_alias(model, base, depth + 1);
  return type;
}

}  // namespace

const ModelClass* Model::find(std::string_view asked) const {
  if (const auto found = classes.find(asked); found != classes.end()) return &found->second;
  if (const auto found = labels.find(asked); found != labels.end()) return &classes.find(found->second)->second;
  return nullptr;
}

std::unique_ptr<Model> read_model_info(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
  auto fail = [&](const std::string& message, const std::string& fix) {
    diagnostics.push_back({file, 0, 0, Severity::error, message, fix});
    return nullptr;
  };
  if (bytes.size() > max_model_bytes) return fail("the model info file is larger than 64 MB", "give a model info file");
  pugi::xml_document document;
  const auto result = document.load_buffer(bytes.data(), bytes.size());
  if (!result) return fail(std::string("the model info is not well-formed XML: ") + result.description(), "export the file again");
  const pugi::xml_node root = document.document_element();
  if (local(root.name()) != "modelInfo")
    return fail("the file is no model info: its outermost element is '" + std::string(root.name()) + "'", "give a file whose outermost element is modelInfo");
  auto model = std::make_unique<Model>();
  model->name = std::string(attribute(root, "name"));
  model->version = std::string(attribute(root, "version"));
  model->url = std::string(attribute(root, "url"));
  if (model->name.empty()) return fail("the model info names no model", "give modelInfo a name");
  std::string patient(attribute(root, "patientClassName"));
  if (patient.empty()) patient = "Patient";
  model->patient_class = patient.starts_with(model->name + ".") ? patient : model->name + "." + patient;
  for (pugi::xml_node node : root.children()) {
    const std::string_view name = local(node.name());
    if (name == "typeInfo") {
      read_class(node, *model);
    } else if (name == "conversionInfo") {
      ModelConversionRule rule;
      rule.from = std::string(attribute(node, "fromType"));
      rule.to = type_text(attribute(node, "toType"));
      rule.conversion = conversion_to(rule.to);
      if (rule.conversion != ModelConversion::none) model->conversions.emplace(rule.from, rule);
    }
  }
  for (auto& [name, item] : model->classes) {
    for (ModelElement& element : item.elements) element.type = without_alias(*model, element.type, 0);
  }
  return model;
}

Models::Models() {
  Diagnostics ignored;
  add(fhir_model_info(), "fhir-modelinfo-4.0.1.xml", ignored);
}

void Models::add(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
  if (auto model = read_model_info(bytes, file, diagnostics)) models_.push_back(std::move(model));
}

const Model* Models::find(std::string_view name, std::string_view version) const {
  const Model* found = nullptr;
  for (const auto& model : models_) {
    if (model->name != name) continue;
    if (model->version == version) return model.get();
    if (version.empty() && (found == nullptr || found->version < model->version)) found = model.get();
  }
  return found;
}

std::vector<std::string> Models::names() const {
  std::vector<std::string> result;
  for (const auto& model : models_) {
    if (std::find(result.begin(), result.end(), model->name) == result.end()) result.push_back(model->name);
  }
  return result;
}

std::string Models::versions(std::string_view name) const {
  std::string result;
  for (const auto& model : models_) {
    if (model->name == name) result += (result.empty() ? "" : ", ") + model->version;
  }
  return result;
}

}  // namespace catchment::cql
