#include "fhir/data/subject.h"

#include <algorithm>

#include "fhir/data/code_match.h"
#include "fhir/data/patient_id.h"

namespace catchment::fhir {

using cql::Kind;
using cql::Value;

bool Subject::add(const Resource& resource) {
  if (resource.type.empty()) return false;
  auto found = rows_.find(resource.type);
  if (found == rows_.end()) found = rows_.emplace(std::string(resource.type), Rows()).first;
  if (!resource.id.empty() && !found->second.ids.insert(resource.id).second) return false;
  found->second.resources.push_back(resource.json);
  ++count_;
  if (resource.type == "Patient" && patient_.is_null()) {
    patient_ = resource.json;
    if (id_.empty()) id_ = std::string(resource.id);
  }
  return true;
}

const std::vector<json::Value>& Subject::rows(std::string_view resource_type) const {
  static const std::vector<json::Value> none;
  const auto found = rows_.find(resource_type);
  return found == rows_.end() ? none : found->second.resources;
}

Value Subject::subject() const { return patient_.is_null() ? Value() : Value::object(new JsonObject(patient_, patient_class_, names_)); }

std::vector<const cql::DataProvider*> Subject::everyone() const {
  std::vector<const cql::DataProvider*> all;
  if (everyone_ != nullptr)
    for (const auto& one : *everyone_) all.push_back(one.get());
  return all;
}

Value Subject::birth_date() const { return to_single_value(patient_["birthDate"], "Date", names_); }

namespace {

template <typename Test>
bool any(json::Value array, Test test) {
  for (const json::Value item : array) {
    if (test(item)) return true;
  }
  return false;
}

/// A negation row names a whole value set instead of a code: the qicore-notDoneValueSet extension.
bool not_done_value_set(json::Value coded, const std::string& url) {
  if (coded.is_array()) return any(coded, [&](json::Value item) { return not_done_value_set(item, url); });
  for (const json::Value extension : coded["extension"]) {
    for (const char* key : {"valueCanonical", "valueUri"}) {
      if (const std::string_view value = extension[key].string(); !value.empty() && value.substr(0, value.find('|')) == url) return true;
    }
  }
  return false;
}

bool is_recorded_as_not_done(json::Value resource) {
  const std::string_view status = resource["status"].string();
  if (status == "not-done" || status == "declined" || status == "rejected" || status == "cancelled") return true;
  if (resource["doNotPerform"].boolean()) return true;
  for (const json::Value extension : resource["modifierExtension"]) {
    if (extension["url"].string().find("doNotPerform") != std::string_view::npos && extension["valueBoolean"].boolean()) return true;
  }
  for (const json::Value extension : resource["extension"]) {
    if (extension["url"].string().find("notDoneReason") != std::string_view::npos ||
        extension["url"].string().find("doNotPerformReason") != std::string_view::npos)
      return true;
  }
  return false;
}

/// A request not to do something.
bool is_not_to_be_done(json::Value resource) {
  if (resource["doNotPerform"].boolean()) return true;
  for (const json::Value extension : resource["modifierExtension"]) {
    if (extension["url"].string().find("doNotPerform") != std::string_view::npos && extension["valueBoolean"].boolean()) return true;
  }
  return false;
}

/// A resource that names its profiles is of those; one that names none of the model's may be of any.
bool is_of_another_profile(json::Value resource, const cql::Retrieve& retrieve) {
  bool other = false;
  for (const json::Value tag : resource["meta"]["profile"]) {
    const std::string_view profile = tag.string().substr(0, tag.string().find('|'));
    if (profile == retrieve.profile) return false;
    other = other || std::find(retrieve.other_profiles.begin(), retrieve.other_profiles.end(), profile) != retrieve.other_profiles.end();
  }
  return other;
}

}  // namespace

void Subject::select(const cql::Retrieve& retrieve, const Value& terminology, bool by_code, std::vector<Value>& out) const {
  const CodeMatch codes(by_code ? terminology : Value());
  const std::string& set_url = codes.vocabulary();
  const std::string& type = retrieve.type.element().name();
  for (const json::Value resource : rows(retrieve.resource_type)) {
    if (retrieve.negation && !is_recorded_as_not_done(resource)) continue;
    if (retrieve.affirmation && is_not_to_be_done(resource)) continue;
    if (!retrieve.other_profiles.empty() && is_of_another_profile(resource, retrieve)) continue;
    if (by_code) {
      const bool kept = std::any_of(retrieve.code_alternatives.begin(), retrieve.code_alternatives.end(), [&](const cql::PropertyAlternative& a) {
        if (a.key.find_first_of(".[") != std::string::npos) {
          const auto found = at_path(resource, a.key);
          const auto names_set = [&](json::Value v) { return retrieve.negation && !set_url.empty() && v.string().substr(0, v.string().find('|')) == set_url; };
          return std::any_of(found.begin(), found.end(), [&](json::Value v) { return names_set(v) || codes.matches(v); });
        }
        const json::Value coded = resource[a.key];
        if (coded.is_null()) return false;
        return codes.matches(coded) || (retrieve.negation && !set_url.empty() && not_done_value_set(coded, set_url));
      });
      if (!kept) continue;
    }
    if (reached_ != nullptr) reached_->insert(retrieve.resource_type + "/" + std::string(resource["id"].string()));
    out.push_back(Value::object(new JsonObject(resource, type, names_)));
  }
}

cql::Retrieved Subject::retrieve(const cql::Retrieve& retrieve, const Value& terminology, const Value& context) const {
  cql::Retrieved result;
  std::vector<Value> out;
  const bool coded = retrieve.comparison != cql::CodeComparison::none;
  // A value set that is not loaded is the evaluator's to report.
  const bool vocabulary = terminology.is(Kind::value_set) || terminology.is(Kind::code_system);
  const bool by_code = coded && !(vocabulary && terminology.as_vocabulary().members == nullptr);
  if (coded && terminology.is_null()) {
    result.rows = Value::list({});
    result.filtered = true;
    return result;
  }
  if (retrieve.context) {
    // [Mother -> Encounter]: the rows of another patient that is at hand; nobody's when there is none.
    const std::string id = patient_id(context);
    const Subject* related = id == id_ ? this : nullptr;
    if (related == nullptr && everyone_ != nullptr && !id.empty()) {
      for (const auto& other : *everyone_) {
        if (other->id() == id) related = other.get();
      }
    }
    if (related != nullptr) related->select(retrieve, terminology, by_code, out);
  } else if (retrieve.unfiltered && everyone_ != nullptr) {
    for (const auto& other : *everyone_) other->select(retrieve, terminology, by_code, out);
  } else {
    select(retrieve, terminology, by_code, out);
  }
  result.rows = Value::list(std::move(out));
  result.filtered = by_code || !coded;
  return result;
}

}  // namespace catchment::fhir
