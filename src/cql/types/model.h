// Data models: the classes of FHIR, QICore, USCore as their model info files describe them.
// In: bytes of model info XML (urn:hl7-org:elm-modelinfo:r1). Out: classes with their elements, base classes,
// code paths and mappings to the stored FHIR JSON. Always: an element's type never names a class that only
// renames a system type (QICore.AddressUse is String); reading never throws.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "cql/types/typed.h"

namespace catchment::cql {

struct ModelElement {
  std::string name;
  Type type;
  std::string target;  // mapping to the stored data: "%value.value", "FHIRHelpers.ToConcept(%parent.extension[url='...'].value)"
};

struct ModelClass {
  std::string name;         // "Observation.Component", without the model's name
  std::string qualified;    // "FHIR.Observation.Component"
  std::string label;        // another name it may be asked for by: "Condition Encounter Diagnosis"
  std::string identifier;   // profile URL
  std::string resource;     // resourceType of the stored data; empty for a class that is no resource
  Type base;
  bool retrievable = false;
  bool negation = false;    // a profile of what was not done
  std::string code_path;
  std::vector<ModelElement> elements;
};

struct ModelConversionRule {
  std::string from;         // "FHIR.Coding"
  Type to;
  ModelConversion conversion = ModelConversion::none;
};

struct Model {
  std::string name;
  std::string version;
  std::string url;
  std::string patient_class;        // "FHIR.Patient"
  std::map<std::string, ModelClass, std::less<>> classes;   // by name
  std::map<std::string, std::string, std::less<>> labels;   // label or identifier to name
  std::multimap<std::string, ModelConversionRule, std::less<>> conversions;   // by `from`

  /// By name, label or identifier; null when there is none.
  const ModelClass* find(std::string_view name) const;
};

/// Null when the file cannot be read at all; faults are reported either way.
std::unique_ptr<Model> read_model_info(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

/// The models a run may use.
class Models {
 public:
  /// FHIR 4.0.1 is always there.
  Models();
  /// Adds one model info file.
  void add(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);
  /// The model of that name and version ("" for the newest); null when it is not loaded.
  const Model* find(std::string_view name, std::string_view version) const;
  std::vector<std::string> names() const;
  /// "4.0.1, 4.1.1" of the model of this name; empty when there is none.
  std::string versions(std::string_view name) const;

 private:
  std::vector<std::shared_ptr<const Model>> models_;
};

/// The FHIR 4.0.1 model info embedded at build time.
std::string_view fhir_model_info();
/// The built-in FHIRHelpers, used when no file of that name is given.
std::string_view fhir_helpers_text();

}  // namespace catchment::cql
