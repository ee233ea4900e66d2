// One subject's resources, answering the retrieves of a CQL program.
// In: FHIR resources as JSON documents. Out: rows of a retrieve, already filtered by code. Always: the order of
// rows is the order in which resources were added; a resource with an id is held once.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fhir/data/json_object.h"

namespace catchment::fhir {

class Subject final : public cql::DataProvider {
 public:
  explicit Subject(std::string id = {}) : id_(std::move(id)) {}
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  /// Adds a resource of a document that the subject keeps alive. False when it was there already.
  bool add(json::Value resource, std::shared_ptr<const json::Document> document);
  const std::string& id() const { return id_; }
  void set_id(std::string id) { id_ = std::move(id); }
  bool has_patient() const { return !patient_.is_null(); }
  json::Value patient() const { return patient_; }
  std::size_t size() const { return count_; }
  const std::vector<json::Value>& rows(std::string_view resource_type) const;
  /// The class `Patient` is seen as ("QICore.Patient"); FHIR.Patient unless said.
  void set_patient_class(std::string name) { patient_class_ = std::move(name); }
  /// Everyone, for retrieves of the Unfiltered context; without it the subject answers alone.
  void set_everyone(const std::vector<std::unique_ptr<Subject>>* everyone) { everyone_ = everyone; }
  /// Where to note the resources that retrieves gave ("Encounter/1"), or null.
  void note_reached(std::set<std::string>* reached) { reached_ = reached; }
  /// Birth date as written, or null.
  cql::Value birth_date() const;

  cql::Value subject() const override;
  std::vector<const cql::DataProvider*> everyone() const override;
  cql::Retrieved retrieve(const cql::Retrieve& retrieve, const cql::Value& terminology, const cql::Value& context) const override;

 private:
  void select(const cql::Retrieve& retrieve, const cql::Value& terminology, bool by_code, std::vector<cql::Value>& out) const;

  std::string id_;
  std::string patient_class_ = "FHIR.Patient";
  std::map<std::string, std::vector<json::Value>, std::less<>> rows_;
  std::set<std::string> known_;
  std::vector<std::shared_ptr<const json::Document>> documents_;
  json::Value patient_;
  std::size_t count_ = 0;
  const std::vector<std::unique_ptr<Subject>>* everyone_ = nullptr;
  std::set<std::string>* reached_ = nullptr;
  TypeNames names_;
};

}  // namespace catchment::fhir
