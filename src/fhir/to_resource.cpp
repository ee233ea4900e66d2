#include <algorithm>
#include <memory>

#include "fhir/elements.h"
#include "fhir/resources.h"

namespace catchment::fhir {

namespace {

/// A JSON object being put together by paths; members keep the order in which they came.
struct Tree {
  std::string value;  // a finished value, when a leaf
  bool list = false;  // written as a list of one
  std::vector<std::pair<std::string_view, std::unique_ptr<Tree>>> members;

  Tree& member(std::string_view name) {
    for (auto& [existing, tree] : members)
      if (existing == name) return *tree;
    members.emplace_back(name, std::make_unique<Tree>());
    return *members.back().second;
  }
  Tree& at(std::string_view path) {
    path = path.substr(0, path.find('|'));
    Tree* tree = this;
    while (!path.empty()) {
      const auto dot = path.find('.');
      std::string_view name = path.substr(0, dot);
      const bool list_of = name.ends_with("[]");
      if (list_of) name.remove_suffix(2);
      tree = &tree->member(name);
      tree->list = tree->list || list_of;
      path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    return *tree;
  }
  void write(json::Writer& w) const {
    if (list) w.begin_array();
    if (!value.empty()) {
      w.raw(value);
    } else {
      w.begin_object();
      for (const auto& [name, tree] : members) {
        w.key(name);
        tree->write(w);
      }
      w.end_object();
    }
    if (list) w.end_array();
  }
};

std::string coding(std::string_view system, std::string_view code, std::string_view display) {
  json::Writer w;
  w.begin_object();
  if (!system.empty()) w.key("system").string(system);
  w.key("code").string(code);
  if (!display.empty()) w.key("display").string(display);
  w.end_object();
  return w.take();
}

std::string concept_of(std::string_view system, std::string_view code, std::string_view display) {
  json::Writer w;
  w.begin_object();
  if (system == "text") w.key("text").string(code);
  else w.key("coding").begin_array().raw(coding(system, code, display)).end_array();
  w.end_object();
  return w.take();
}

std::string reference(std::string_view type, std::string_view id) {
  json::Writer w;
  w.begin_object().key("reference").string(std::string(type) + "/" + std::string(id)).end_object();
  return w.take();
}

std::string_view fhir_word(const Element& e, std::string_view ours) {
  for (const auto& pair : e.words)
    if (pair.ours == ours) return pair.fhir;
  return {};
}

std::string instant_text(std::int64_t utc_ms) { return to_string(Instant{utc_ms, 0}); }

void put(Tree& root, const Element& e, const Field& f) {
  json::Writer w;
  switch (e.how) {
    case How::codeable: root.at(e.path).value = concept_of(f.system, f.text, f.display); return;
    case How::word: w.string(fhir_word(e, f.text)); break;
    case How::label_word: root.at(e.path).value = concept_of(e.system, fhir_word(e, f.text), {}); return;
    case How::coding_word: root.at(e.path).value = coding(e.system, fhir_word(e, f.text), {}); return;
    case How::date: {
      const std::string day = to_string(f.day);
      if (f.utc_ms) w.string(instant_text(*f.utc_ms));
      else w.string(f.precision == Precision::year ? day.substr(0, 4) : f.precision == Precision::month ? day.substr(0, 7) : day);
      break;
    }
    case How::instant: w.string(instant_text(*f.utc_ms)); break;
    case How::integer: w.integer(f.integer); break;
    case How::number: w.number(f.number); break;
    case How::text: w.string(f.text); break;
    case How::reference: root.at(e.path).value = reference("Encounter", f.text); return;
    case How::organisation: root.at(e.path).value = reference("Organization", f.text); return;
  }
  root.at(e.path).value = w.take();
}

const ResourceMap* map_for(const records::Table& table, const RowView& row) {
  const ResourceMap* found = nullptr;
  std::string_view kind;
  if (table.name == "medication") {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      if (table.columns[i].name == "kind") kind = row.fields[i].text;
  }
  for (const auto& map : resource_maps()) {
    if (map.table != table.name) continue;
    if (found == nullptr || (!kind.empty() && map.kind == kind)) found = &map;
  }
  return found;
}

}  // namespace

std::string to_resource(const RowView& row) {
  const records::Table& table = records::tables[row.table];
  const ResourceMap* map = map_for(table, row);
  if (map == nullptr || row.fields.size() != table.columns.size()) return {};
  Tree root;
  root.member("resourceType").value = json::quoted(map->type);
  if (!row.id.empty()) root.member("id").value = json::quoted(row.id);
  for (const auto& e : map->elements) {
    const auto column = std::find_if(table.columns.begin(), table.columns.end(), [&](const auto& c) { return c.name == e.column; }) - table.columns.begin();
    const Field& field = row.fields[static_cast<std::size_t>(column)];
    if (!field.present()) continue;
    if (e.column == "status" && field.text == "entered-in-error" && e.how == How::label_word) {
      root.at("verificationStatus").value = concept_of(table.name == "condition" ? "http://terminology.hl7.org/CodeSystem/condition-ver-status"
                                                                                 : "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
                                                       "entered-in-error", {});
      continue;
    }
    if ((e.how == How::word || e.how == How::label_word || e.how == How::coding_word) && fhir_word(e, field.text).empty()) continue;
    put(root, e, field);
  }
  for (const auto& constant : map->constants)
    if (Tree& at = root.at(constant.path); at.value.empty()) at.value = json::quoted(constant.value);
  if (!row.patient.empty()) root.at(map->patient).value = reference("Patient", row.patient);
  if (!row.organisation.empty() && !map->organisation.empty())
    if (Tree& at = root.at(map->organisation); at.value.empty()) at.value = reference("Organization", row.organisation);
  json::Writer w;
  root.write(w);
  return w.take();
}

}  // namespace catchment::fhir
