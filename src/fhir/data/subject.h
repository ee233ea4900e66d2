// One subject's resources, answering the retrieves of a CQL program.
// In: FHIR resources as JSON documents. Out: rows of a retrieve, already filtered by code. Always: the order
// of rows is the order in which resources were added; a resource with an id is held once.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "fhir/data/json_object.h"

namespace catchment::fhir {

/// A resource with what is asked of it first, looked up while it is at hand; all of it is kept with the
/// document.
struct Resource {
  json::Value json;
  std::string_view type, id;
  std::string_view patient;  // whom it refers to
};

class Subject final : public cql::DataProvider {
 public:
  explicit Subject(std::string id = {}) : id_(std::move(id)) {}
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  /// Keeps documents alive that resources are of.
  void keep(std::shared_ptr<const json::Collection> documents) { documents_ = std::move(documents); }
  /// Adds a resource of a document that is kept alive. False when it was there already.
  bool add(const Resource& resource);
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
  struct Rows {
    std::vector<json::Value> resources;
    std::unordered_set<std::string_view> ids;
  };
  void select(const cql::Retrieve& retrieve, const cql::Value& terminology, bool by_code, std::vector<cql::Value>& out) const;

  std::string id_;
  std::string patient_class_ = "FHIR.Patient";
  std::map<std::string, Rows, std::less<>> rows_;
  std::shared_ptr<const json::Collection> documents_;
  json::Value patient_;
  std::size_t count_ = 0;
  const std::vector<std::unique_ptr<Subject>>* everyone_ = nullptr;
  std::set<std::string>* reached_ = nullptr;
  TypeNames names_;
};

}  // namespace catchment::fhir
