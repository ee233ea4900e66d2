// Subjects out of FHIR files: a folder of bundles, a folder per patient with one resource a file, NDJSON (also
// gzipped), whatever the files are called.
// In: a path. Out: one Subject a patient, in id order, and a diagnostic for every file or line that is no FHIR JSON.
// Always: what stands in one folder or bundle with exactly one Patient belongs to that patient, and so does what
// stands in folders of one patient's folder (a folder a resource type); elsewhere a resource belongs to the patient it
// refers to; what refers to no patient (Location, Medication, Organization)
// is everyone's. Diagnostics hold no person data.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "fhir/data/subject.h"

namespace catchment::fhir {

class SubjectReader {
 public:
  /// One file's bytes; `group` names what was stored together (its folder).
  void add(const std::string& bytes, const std::string& file, const std::string& group);
  /// Subjects so far, in id order. Call once.
  std::vector<std::unique_ptr<Subject>> take();
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  struct Held {
    json::Value resource;
    std::shared_ptr<const json::Document> document;
  };
  void add_line(std::string_view bytes, const std::string& file, int line, const std::string& group);
  void add_resource(json::Value resource, const std::shared_ptr<const json::Document>& document, const std::string& group);
  Subject& subject(const std::string& id);

  json::Parser parser_;
  std::map<std::string, std::vector<Held>> groups_;   // by folder or bundle
  std::map<std::string, std::unique_ptr<Subject>> subjects_;
  Diagnostics diagnostics_;
};

struct ReadSubjects {
  std::vector<std::unique_ptr<Subject>> subjects;
  Diagnostics diagnostics;
};

/// Every .json, .ndjson (and .gz of both) under `path`.
ReadSubjects read_subjects(const std::filesystem::path& path);

/// The patient id a resource refers to ("123" of Patient/123 or a URL ending in it; a urn:uuid as it is); empty
/// when it refers to none.
std::string patient_of(json::Value resource);

}  // namespace catchment::fhir
