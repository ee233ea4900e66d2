// Subjects out of FHIR files: a folder of bundles, a folder per patient with one resource a file, NDJSON
// (also gzipped), whatever the files are called. In: a path. Out: one Subject a patient, in id order, and a
// diagnostic for every file or line that is no FHIR JSON. Always: what stands in one folder or bundle with
// exactly one Patient belongs to that patient, and so does what stands in folders of one patient's folder (a
// folder a resource type); elsewhere a resource belongs to the patient it refers to; what refers to no
// patient (Location, Medication, Organization) is everyone's. With NeededResources, what no retrieve can find
// is left out, and of a line or file that says first what type it is no more is read, or checked, than tells
// so. Diagnostics hold no person data.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "fhir/data/needed_resources.h"
#include "fhir/data/subject.h"

namespace catchment::fhir {

class SubjectReader {
 public:
  /// `needed`, which must outlive the reader, or null for every resource.
  explicit SubjectReader(const NeededResources* needed = nullptr) : needed_(needed) {}

  /// One file's bytes; `group` names what was stored together (its folder).
  void add(std::string_view bytes, const std::string& file, const std::string& group);
  /// One line of a file, or a whole file (line 0), with json::padding behind it.
  void add_document(std::string_view bytes, const std::string& file, int line, const std::string& group);
  /// Subjects so far, in id order. Call once.
  std::vector<std::unique_ptr<Subject>> take();
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  void add_resource(json::Value resource, std::vector<Resource>& held);
  Subject& subject(std::string_view id);

  const NeededResources* needed_;
  json::Parser parser_;
  std::shared_ptr<json::Collection> documents_ = std::make_shared<json::Collection>();
  std::map<std::string, std::vector<Resource>> groups_;  // by folder or bundle
  std::map<std::string, std::unique_ptr<Subject>, std::less<>> subjects_;
  Subject* latest_ = nullptr;  // rows of one patient often follow one another
  Diagnostics diagnostics_;
};

/// Whether a file has a resource a line, by its name.
bool is_ndjson(std::string_view file);

struct ReadSubjects {
  std::vector<std::unique_ptr<Subject>> subjects;
  Diagnostics diagnostics;
};

/// Every .json, .ndjson (and .gz of both) under `path`.
ReadSubjects read_subjects(const std::filesystem::path& path, const NeededResources* needed = nullptr);

/// The patient id a resource refers to ("123" of Patient/123 or a URL ending in it; a urn:uuid as it is);
/// empty when it refers to none.
std::string_view patient_of(json::Value resource);

}  // namespace catchment::fhir
