#include "fhir/data/subjects.h"

#include <fmt/core.h>

#include <algorithm>

#include "fhir/data/files.h"

namespace catchment::fhir {

namespace {

constexpr std::size_t max_diagnostics = 100;

std::string_view id_of_reference(std::string_view reference) {
  if (reference.starts_with("urn:uuid:")) return reference.substr(9);
  const std::size_t at = reference.rfind("Patient/");
  if (at == std::string_view::npos || (at > 0 && reference[at - 1] != '/')) return {};
  const std::string_view id = reference.substr(at + 8);
  return id.substr(0, id.find('/'));
}

/// What a bundle or a folder may hold beside a patient's records.
bool is_bookkeeping(std::string_view type) {
  return type == "MeasureReport" || type == "Measure" || type == "Library" || type == "ValueSet" || type == "CodeSystem" || type == "StructureDefinition" ||
      type == "OperationOutcome" || type == "CapabilityStatement" || type == "Parameters";
}

/// The type of a resource whose text begins with it, as it nearly always does; empty when it does not.
std::string_view leading_type(std::string_view text) {
  constexpr std::string_view usual = "{\"resourceType\":\"";
  const auto skip = [&text](std::string_view token) {
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos || !text.substr(at).starts_with(token)) return false;
    text.remove_prefix(at + token.size());
    return true;
  };
  if (text.starts_with(usual)) text.remove_prefix(usual.size());
  else if (!skip("{") || !skip("\"resourceType\"") || !skip(":") || !skip("\"")) return {};
  const std::string_view type = text.substr(0, std::min(text.find('"'), text.size()));
  return type.find('\\') == std::string_view::npos ? type : std::string_view();
}

}  // namespace

std::string_view patient_of(json::Value resource) {
  if (resource["resourceType"].string() == "Patient") return resource["id"].string();
  for (const char* key : {"subject", "patient", "beneficiary", "individual", "for", "member", "candidate"}) {
    json::Value reference = resource[key];
    if (reference.is_array()) reference = reference.size() > 0 ? reference.at(0) : json::Value();
    if (const std::string_view id = id_of_reference(reference["reference"].string()); !id.empty()) return id;
  }
  return {};
}

bool is_ndjson(std::string_view file) { return file.ends_with(".ndjson") || file.ends_with(".ndjson.gz"); }

void SubjectReader::add(std::string_view bytes, const std::string& file, const std::string& group) {
  std::string padded;
  padded.reserve(bytes.size() + json::padding);
  padded.append(bytes).append(json::padding, '\0');
  std::string_view rest = std::string_view(padded).substr(0, bytes.size());
  if (!is_ndjson(file)) return add_document(rest, file, 0, group);
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    add_document(rest.substr(0, end), file, line, group);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void SubjectReader::add_document(std::string_view bytes, const std::string& file, int line, const std::string& group) {
  if (line <= 1 && bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (line > 0 && !bytes.starts_with('{') && bytes.find_first_not_of(" \t\r") == std::string_view::npos) return;
  const std::string_view leading = leading_type(bytes);
  if (!leading.empty() && leading != "Bundle" && (is_bookkeeping(leading) || (needed_ != nullptr && !needed_->needs(leading, bytes, parser_)))) return;
  json::Fault fault;
  const json::Value root = documents_->add(parser_, bytes, fault);
  if (root.is_null()) {
    if (diagnostics_.size() < max_diagnostics) {
      diagnostics_.push_back({file, line, 0, Severity::error, fmt::format("not JSON at byte {}: {}", fault.offset, fault.message), "export the file again"});
    }
    return;
  }
  const std::string_view type = root["resourceType"].string();
  if (type.empty()) {
    if (root.is_array()) {
      for (const json::Value item : root) add_resource(item, groups_[group]);
      return;
    }
    if (diagnostics_.size() < max_diagnostics) {
      diagnostics_.push_back({file, line, 0, Severity::warning, "no FHIR resource: it has no resourceType", "leave the file out"});
    }
    return;
  }
  if (type != "Bundle") return add_resource(root, groups_[group]);
  // A bundle of one patient is a group of its own; a bundle of many is read by reference.
  int patients = 0;
  for (const json::Value entry : root["entry"]) patients += entry["resource"]["resourceType"].string() == "Patient" ? 1 : 0;
  std::vector<Resource>& held = groups_[patients == 1 ? fmt::format("{}#{}", file, line) : patients == 0 ? group : std::string()];
  for (const json::Value entry : root["entry"]) add_resource(entry["resource"], held);
}

void SubjectReader::add_resource(json::Value resource, std::vector<Resource>& held) {
  const std::string_view type = resource["resourceType"].string();
  if (type.empty() || is_bookkeeping(type) || (needed_ != nullptr && !needed_->needs(resource))) return;
  held.push_back({resource, type, resource["id"].string(), patient_of(resource)});
}

Subject& SubjectReader::subject(std::string_view id) {
  if (latest_ != nullptr && latest_->id() == id) return *latest_;
  auto found = subjects_.find(id);
  if (found == subjects_.end()) {
    found = subjects_.emplace(id, std::make_unique<Subject>(std::string(id))).first;
    found->second->keep(documents_);
  }
  latest_ = found->second.get();
  return *latest_;
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
  std::vector<Resource> shared;
  std::map<std::string, PatientsBelow> own, below;
  for (const auto& [name, held] : groups_) {
    for (const Resource& resource : held) {
      if (resource.type != "Patient" || name.empty()) continue;
      const std::string id(resource.id);
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
  for (const auto& [name, held] : groups_) {
    if (const auto only = owner(name)) {
      for (const Resource& resource : held) subject(*only).add(resource);
      continue;
    }
    for (const Resource& resource : held) {
      if (resource.patient.empty()) shared.push_back(resource);
      else subject(resource.patient).add(resource);
    }
  }
  groups_.clear();
  std::vector<std::unique_ptr<Subject>> result;
  for (auto& [id, subject] : subjects_) {
    if (!subject->has_patient()) continue;  // rows of someone whose Patient resource is not here
    for (const Resource& resource : shared) subject->add(resource);
    result.push_back(std::move(subject));
  }
  subjects_.clear();
  latest_ = nullptr;
  return result;
}

ReadSubjects read_subjects(const std::filesystem::path& path, const NeededResources* needed) {
  SubjectReader reader(needed);
  FileReader files;
  for (const auto& file : files_under(path, {".json", ".ndjson", ".json.gz", ".ndjson.gz"})) {
    const std::string name = file.string();
    const std::string group = file.parent_path().string();
    int line = 0;
    if (is_ndjson(name)) files.read_lines(file, [&](std::string_view text) { reader.add_document(text, name, ++line, group); });
    else reader.add_document(files.read(file), name, 0, group);
  }
  ReadSubjects result;
  result.subjects = reader.take();
  result.diagnostics = reader.diagnostics();
  return result;
}

}  // namespace catchment::fhir
