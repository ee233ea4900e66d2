#include <algorithm>
#include <charconv>

#include "fhir/elements.h"
#include "fhir/patient.h"
#include "fhir/resources.h"

namespace catchment::fhir {

namespace {

struct Step {
  std::string_view name;
};
using Path = std::vector<Step>;

std::vector<Path> paths_of(std::string_view text) {
  std::vector<Path> out;
  while (!text.empty()) {
    const auto bar = text.find('|');
    std::string_view one = text.substr(0, bar);
    Path path;
    while (!one.empty()) {
      const auto dot = one.find('.');
      std::string_view name = one.substr(0, dot);
      if (name.ends_with("[]")) name.remove_suffix(2);
      path.push_back({name});
      one = dot == std::string_view::npos ? std::string_view{} : one.substr(dot + 1);
    }
    out.push_back(std::move(path));
    if (bar == std::string_view::npos) break;
    text.remove_prefix(bar + 1);
  }
  return out;
}

json::Value first_of(json::Value v) {
  while (v.is_array()) v = v.size() > 0 ? v.at(0) : json::Value{};
  return v;
}

json::Value find(json::Value from, const std::vector<Path>& paths) {
  for (const auto& path : paths) {
    json::Value v = from;
    for (const auto& step : path) v = first_of(v[step.name]);
    if (!v.is_null()) return v;
  }
  return {};
}

/// The coding people mean: the one the sender chose, else the first with a code; SNOMED CT before others.
json::Value best_coding(json::Value concept_value) {
  const json::Value codings = concept_value["coding"];
  json::Value best;
  for (const auto coding : codings) {
    if (coding["code"].string().empty()) continue;
    if (coding["userSelected"].boolean()) return coding;
    if (best.is_null() || (coding["system"].string() == "http://snomed.info/sct" && best["system"].string() != "http://snomed.info/sct")) best = coding;
  }
  return best;
}

Field code_of(json::Value concept_value) {
  const json::Value coding = best_coding(concept_value);
  if (!coding.is_null()) {
    std::string_view display = coding["display"].string();
    if (display.empty()) display = concept_value["text"].string();
    return Field::of_code(coding["system"].string(), coding["code"].string(), display);
  }
  const std::string_view text = concept_value["text"].string();
  return text.empty() || text.size() > 200 ? Field{} : Field::of_code("text", text);
}

}  // namespace

Field date_of(std::string_view text) {
  Field f;
  if (text.size() >= 10) {
    const auto day = Date::parse(text.substr(0, 10));
    if (!day) return f;
    f.kind = Field::Kind::date;
    f.day = *day;
    if (text.size() > 10) {
      const auto instant = Instant::parse(text);
      if (!instant) return {};
      f.utc_ms = instant->utc_ms;
    }
    return f;
  }
  const std::string padded = text.size() == 7 ? std::string(text) + "-01" : text.size() == 4 ? std::string(text) + "-01-01" : std::string();
  const auto day = Date::parse(padded);
  if (!day) return f;
  f.kind = Field::Kind::date;
  f.day = *day;
  f.precision = text.size() == 7 ? Precision::month : Precision::year;
  return f;
}

std::string_view reference_id(std::string_view reference, std::string_view type) {
  if (reference.starts_with("urn:uuid:")) return reference.substr(9);
  if (reference.starts_with("urn:oid:")) return reference.substr(8);
  auto history = reference.find("/_history/");
  if (history != std::string_view::npos) reference = reference.substr(0, history);
  const auto slash = reference.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == reference.size()) return {};
  std::string_view before = reference.substr(0, slash);
  const auto previous = before.rfind('/');
  if (previous != std::string_view::npos) before = before.substr(previous + 1);
  if (!type.empty() && before != type) return {};
  return reference.substr(slash + 1);
}

namespace {

/// An organisation's ODS code where the reference names it, else its id.
std::string_view organisation_of(json::Value reference) {
  const json::Value identifier = reference["identifier"];
  if (identifier["system"].string() == organisation_code_system) return identifier["value"].string();
  return reference_id(reference["reference"].string(), "Organization");
}

struct CompiledElement {
  const Element* element;
  int column;
  std::vector<Path> paths;
};

struct CompiledMap {
  const ResourceMap* map;
  int table = 0;
  int kind = -1;
  std::vector<CompiledElement> elements;
  std::vector<Path> patient, organisation;
};

Field word_of(const Element& e, std::string_view word, std::vector<Fault>& faults) {
  for (const auto& pair : e.words)
    if (pair.fhir == word) return Field::of_text(pair.ours);
  faults.push_back({Fault::Kind::word, e.column, -1});
  return {};
}

Field read(const CompiledElement& c, json::Value resource, std::vector<Fault>& faults) {
  const json::Value v = find(resource, c.paths);
  if (v.is_null()) return {};
  const Element& e = *c.element;
  switch (e.how) {
    case How::codeable: return code_of(v);
    case How::word: return word_of(e, v.string(), faults);
    case How::coding_word: return word_of(e, v["code"].string(), faults);
    case How::label_word: {
      for (const auto coding : v["coding"])
        for (const auto& pair : e.words)
          if (pair.fhir == coding["code"].string()) return Field::of_text(pair.ours);
      if (v["coding"].size() > 0 && e.column == "status") faults.push_back({Fault::Kind::word, e.column, -1});
      return {};
    }
    case How::date:
    case How::instant: {
      Field f = date_of(v.string());
      if (!f.present()) faults.push_back({Fault::Kind::type, e.column, -1});
      if (e.how == How::instant && !f.utc_ms) return {};
      return f;
    }
    case How::integer:
      if (const auto number = v.integer()) return Field::of_integer(*number);
      if (const auto number = v.number()) return Field::of_integer(static_cast<std::int64_t>(*number));
      faults.push_back({Fault::Kind::type, e.column, -1});
      return {};
    case How::number:
      if (const auto number = v.number()) return Field::of_number(*number);
      faults.push_back({Fault::Kind::type, e.column, -1});
      return {};
    case How::text: return v.string().empty() ? Field{} : Field::of_text(v.string());
    case How::reference: {
      const auto id = reference_id(v["reference"].string(), "Encounter");
      return id.empty() ? Field{} : Field::of_text(id);
    }
    case How::organisation: {
      const auto code = organisation_of(v);
      return code.empty() ? Field{} : Field::of_text(code);
    }
  }
  return {};
}

}  // namespace

struct Mapper::State {
  std::vector<CompiledMap> maps;
  std::vector<Path> any_patient[4];
  PatientTexts texts;
  int death_table = 0;
};

Mapper::Mapper() : state_(std::make_unique<State>()) {
  const auto table_of = [](std::string_view name) {
    for (std::size_t i = 0; i < std::size(records::tables); ++i)
      if (records::tables[i].name == name) return static_cast<int>(i);
    return 0;
  };
  for (const auto& map : resource_maps()) {
    CompiledMap compiled;
    compiled.map = &map;
    compiled.table = table_of(map.table);
    compiled.patient = paths_of(map.patient);
    compiled.organisation = paths_of(map.organisation);
    const auto& columns = records::tables[compiled.table].columns;
    const auto column_of = [&](std::string_view name) {
      return static_cast<int>(std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name; }) - columns.begin());
    };
    if (!map.kind.empty()) compiled.kind = column_of("kind");
    for (const auto& e : map.elements) compiled.elements.push_back({&e, column_of(e.column), paths_of(e.path)});
    state_->maps.push_back(std::move(compiled));
  }
  state_->any_patient[0] = paths_of("subject");
  state_->any_patient[1] = paths_of("patient");
  state_->any_patient[2] = paths_of("beneficiary");
  state_->any_patient[3] = paths_of("for");
  state_->death_table = table_of("death");
}
Mapper::~Mapper() = default;

namespace {

void about(json::Value reference, Mapped& out) {
  out.patient = reference_id(reference["reference"].string(), "Patient");
  const json::Value identifier = reference["identifier"];
  if (out.patient.empty() && identifier["system"].string() == nhs_number_system) out.patient_nhs_number = identifier["value"].string();
}

void add_row(const CompiledMap& map, json::Value resource, Mapped& out) {
  const auto first = static_cast<std::uint32_t>(out.fields.size());
  out.fields.resize(first + records::tables[map.table].columns.size());
  const std::size_t before = out.faults.size();
  for (const auto& e : map.elements) out.fields[first + static_cast<std::size_t>(e.column)] = read(e, resource, out.faults);
  for (std::size_t i = before; i < out.faults.size(); ++i) out.faults[i].table = map.table;
  if (map.kind >= 0) out.fields[first + static_cast<std::size_t>(map.kind)] = Field::of_text(map.map->kind);
  out.rows.push_back({map.table, first});
}

/// Entered in error, whatever else the resource says.
void withdraw(const CompiledMap& map, json::Value resource, Mapped& out) {
  if (map.map->table != "condition" && map.map->table != "allergy") return;
  for (const auto coding : resource["verificationStatus"]["coding"])
    if (coding["code"].string() == "entered-in-error")
      for (const auto& e : map.elements)
        if (e.element->column == "status") out.fields[out.rows.back().first + static_cast<std::size_t>(e.column)] = Field::of_text("entered-in-error");
}

void add_components(const CompiledMap& map, json::Value resource, Mapped& out) {
  const Row parent = out.rows.back();
  for (const auto component : resource["component"]) {
    const auto first = static_cast<std::uint32_t>(out.fields.size());
    const std::size_t width = records::tables[map.table].columns.size();
    out.fields.resize(first + width);
    for (const auto& e : map.elements) {
      const auto column = static_cast<std::size_t>(e.column);
      const bool own = e.element->column == "code" || e.element->column == "value" || e.element->column == "unit" || e.element->column == "value_code" ||
          e.element->column == "comparator";
      const std::size_t before = out.faults.size();
      out.fields[first + column] = own ? read(e, component, out.faults) : out.fields[parent.first + column];
      for (std::size_t i = before; i < out.faults.size(); ++i) out.faults[i].table = map.table;
    }
    out.rows.push_back({map.table, first});
  }
}

}  // namespace

bool Mapper::map(json::Value resource, Mapped& out) {
  out = Mapped{{}, {}, {}, {}, {}, false, std::move(out.rows), std::move(out.fields), std::nullopt, {}, {}, std::move(out.faults)};
  out.rows.clear();
  out.fields.clear();
  out.faults.clear();
  out.type = resource["resourceType"].string();
  out.id = resource["id"].string();
  if (out.type.empty()) return false;
  if (out.type == "Patient") {
    out.patient = out.id;
    out.has_table = true;
    out.identity = read_patient(resource, state_->texts, out.faults);
    if (out.identity->death_date.present()) {
      const auto first = static_cast<std::uint32_t>(out.fields.size());
      out.fields.resize(first + records::tables[state_->death_table].columns.size());
      out.fields[first + 1] = out.identity->death_date;
      out.rows.push_back({state_->death_table, first});
    }
    return true;
  }
  if (out.type == "Organization") {
    out.organisation_name = resource["name"].string();
    out.organisation_code = out.id;
    for (const auto identifier : resource["identifier"])
      if (identifier["system"].string() == organisation_code_system) out.organisation_code = identifier["value"].string();
    return true;
  }
  for (const auto& map : state_->maps) {
    if (map.map->type != out.type) continue;
    out.has_table = true;
    about(find(resource, map.patient), out);
    out.organisation = organisation_of(find(resource, map.organisation));
    if (out.patient.empty() && out.patient_nhs_number.empty()) {
      out.faults.push_back({Fault::Kind::reference, "code", map.table});
      return true;
    }
    add_row(map, resource, out);
    withdraw(map, resource, out);
    if (map.map->table == "observation") add_components(map, resource, out);
    return true;
  }
  for (const auto& paths : state_->any_patient) {
    about(find(resource, paths), out);
    if (!out.patient.empty() || !out.patient_nhs_number.empty()) break;
  }
  return true;
}

}  // namespace catchment::fhir
