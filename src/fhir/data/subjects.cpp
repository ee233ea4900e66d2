#include "fhir/data/subjects.h"

#include <fmt/core.h>

#include "fhir/data/files.h"

namespace catchment::fhir {

namespace {

constexpr std::size_t max_diagnostics = 100;

std::string id_of_reference(std::string_view reference) {
  if (reference.starts_with("urn:uuid:")) return std::string(reference.substr(9));
  const std::size_t at = reference.rfind("Patient/");
  if (at == std::string_view::npos || (at > 0 && reference[at - 1] != '/')) return {};
  std::string_view id = reference.substr(at + 8);
  return std::string(id.substr(0, id.find('/')));
}

/// What a bundle or a folder may hold beside a patient's records.
bool is_bookkeeping(std::string_view type) {
  return type == "MeasureReport" || type == "Measure" || type == "Library" || type == "ValueSet" || type == "CodeSystem" || type == "StructureDefinition" ||
         type == "OperationOutcome" || type == "CapabilityStatement" || type == "Parameters";
}

}  // namespace

std::string patient_of(json::Value resource) {
  if (resource["resourceType"].string() == "Patient") return std::string(resource["id"].string());
  for (const char* key : {"subject", "patient", "beneficiary", "individual", "for", "member", "candidate"}) {
    json::Value reference = resource[key];
    if (reference.is_array()) reference = reference.size() > 0 ? reference.at(0) : json::Value();
    if (const std::string id = id_of_reference(reference["reference"].string()); !id.empty()) return id;
  }
  return {};
}

void SubjectReader::add(const std::string& bytes, const std::string& file, const std::string& group) {
  // NDJSON has one resource a line; a JSON file is one document over many lines. A file whose first line is a
  // whole JSON object and which has more lines is NDJSON.
  std::string_view rest = bytes;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  const bool by_name = file.ends_with(".ndjson") || file.ends_with(".ndjson.gz");
  if (!by_name) return add_line(rest, file, 0, group);
  int line = 0;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    ++line;
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (text.find_first_not_of(" \t\r") != std::string_view::npos) add_line(text, file, line, group);
  }
}

void SubjectReader::add_line(std::string_view bytes, const std::string& file, int line, const std::string& group) {
  json::Fault fault;
  auto parsed = parser_.parse(bytes, fault);
  if (!parsed) {
    if (diagnostics_.size() < max_diagnostics) {
      diagnostics_.push_back({file, line, 0, Severity::error, fmt::format("not JSON at byte {}: {}", fault.offset, fault.message), "export the file again"});
    }
    return;
  }
  const auto document = std::make_shared<const json::Document>(std::move(*parsed));
  const json::Value root = document->root();
  const std::string_view type = root["resourceType"].string();
  if (type.empty()) {
    if (root.is_array()) {
      for (const json::Value item : root) add_resource(item, document, group);
      return;
    }
    if (diagnostics_.size() < max_diagnostics) {
      diagnostics_.push_back({file, line, 0, Severity::warning, "no FHIR resource: it has no resourceType", "leave the file out"});
    }
    return;
  }
  if (type != "Bundle") return add_resource(root, document, group);
  // A bundle of one patient is a group of its own; a bundle of many is read by reference.
  int patients = 0;
  for (const json::Value entry : root["entry"]) patients += entry["resource"]["resourceType"].string() == "Patient" ? 1 : 0;
  const std::string own = patients == 1 ? fmt::format("{}#{}", file, line) : patients == 0 ? group : std::string();
  for (const json::Value entry : root["entry"]) add_resource(entry["resource"], document, own);
}

void SubjectReader::add_resource(json::Value resource, const std::shared_ptr<const json::Document>& document, const std::string& group) {
  const std::string_view type = resource["resourceType"].string();
  if (type.empty() || is_bookkeeping(type)) return;
  groups_[group].push_back({resource, document});
}

Subject& SubjectReader::subject(const std::string& id) {
  auto& entry = subjects_[id];
  if (!entry) entry = std::make_unique<Subject>(id);
  return *entry;
}

namespace {

/// The Patient of a folder and of all below it: one id, or several patients.
struct PatientsBelow {
  std::optional<std::string> id;
  bool several = false;
  void add(const std::string& other) {
    several = several || (id && *id != other);
    id = other;
  }
  std::optional<std::string> only() const { return several ? std::nullopt : id; }
};

std::string folder_above(const std::string& folder) { return std::filesystem::path(folder).parent_path().string(); }

}  // namespace

std::vector<std::unique_ptr<Subject>> SubjectReader::take() {
  std::vector<Held> shared;
  std::map<std::string, PatientsBelow> own, below;
  for (const auto& [name, held] : groups_) {
    for (const Held& item : held) {
      if (item.resource["resourceType"].string() != "Patient" || name.empty()) continue;
      const std::string id(item.resource["id"].string());
      own[name].add(id);
      for (std::string folder = name;; folder = folder_above(folder)) {
        below[folder].add(id);
        if (folder.empty() || folder == folder_above(folder)) break;
      }
    }
  }
  /// Whose a group without a Patient is: that of the nearest folder above with patients, when it is one.
  const auto owner = [&](const std::string& name) -> std::optional<std::string> {
    if (const auto found = own.find(name); found != own.end()) return found->second.only();
    for (std::string folder = name; !folder.empty(); folder = folder_above(folder)) {
      if (const auto found = below.find(folder); found != below.end()) return found->second.only();
      if (folder == folder_above(folder)) break;
    }
    return {};
  };
  for (auto& [name, held] : groups_) {
    if (const auto only = owner(name)) {
      for (Held& item : held) subject(*only).add(item.resource, std::move(item.document));
      continue;
    }
    for (Held& item : held) {
      const std::string id = patient_of(item.resource);
      if (id.empty()) shared.push_back(std::move(item));
      else subject(id).add(item.resource, std::move(item.document));
    }
  }
  groups_.clear();
  std::vector<std::unique_ptr<Subject>> result;
  for (auto& [id, subject] : subjects_) {
    if (!subject->has_patient()) continue;  // rows of someone whose Patient resource is not here
    for (const Held& item : shared) subject->add(item.resource, item.document);
    result.push_back(std::move(subject));
  }
  subjects_.clear();
  return result;
}

ReadSubjects read_subjects(const std::filesystem::path& path) {
  SubjectReader reader;
  for (const auto& file : files_under(path, {".json", ".ndjson", ".json.gz", ".ndjson.gz"})) {
    reader.add(read_file(file), file.string(), file.parent_path().string());
  }
  ReadSubjects result;
  result.subjects = reader.take();
  result.diagnostics = reader.diagnostics();
  return result;
}

}  // namespace catchment::fhir
