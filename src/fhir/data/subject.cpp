#include "fhir/data/subject.h"

#include <algorithm>

namespace catchment::fhir {

using cql::Kind;
using cql::Value;

bool Subject::add(json::Value resource, std::shared_ptr<const json::Document> document) {
  const std::string type(resource["resourceType"].string());
  const std::string_view id = resource["id"].string();
  if (type.empty()) return false;
  if (!id.empty() && !known_.insert(type + "/" + std::string(id)).second) return false;
  if (documents_.empty() || documents_.back() != document) documents_.push_back(std::move(document));
  rows_[type].push_back(resource);
  ++count_;
  if (type == "Patient" && patient_.is_null()) {
    patient_ = resource;
    if (id_.empty()) id_ = std::string(id);
  }
  return true;
}

const std::vector<json::Value>& Subject::rows(std::string_view resource_type) const {
  static const std::vector<json::Value> none;
  const auto found = rows_.find(resource_type);
  return found == rows_.end() ? none : found->second;
}

Value Subject::subject() const {
  return patient_.is_null() ? Value() : Value::object(new JsonObject(patient_, patient_class_, names_));
}

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

/// A code as the terminology of a retrieve holds it.
struct Wanted {
  std::string_view code;
  std::string_view system;
};

void collect(const Value& terminology, std::vector<Wanted>& out) {
  switch (terminology.kind()) {
    case Kind::code: out.push_back({terminology.as_code().code, terminology.as_code().system}); break;
    case Kind::concept_:
      for (const Value& code : terminology.as_concept().codes) collect(code, out);
      break;
    case Kind::list:
      for (const Value& item : terminology.as_list()) collect(item, out);
      break;
    default: break;
  }
}

bool matches_coding(json::Value coding, const cql::CodeSet* members, const std::vector<Wanted>& wanted) {
  const std::string_view code = coding.is_string() ? coding.string() : coding["code"].string();
  const std::string_view system = coding.is_string() ? std::string_view{} : coding["system"].string();
  if (code.empty()) return false;
  if (members != nullptr) return coding.is_string() ? members->contains(code) : members->contains(code, system);
  return std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& w) { return w.code == code && (coding.is_string() || w.system == system); });
}

bool matches(json::Value coded, const cql::CodeSet* members, const std::vector<Wanted>& wanted) {
  if (coded.is_array()) return any(coded, [&](json::Value item) { return matches(item, members, wanted); });
  if (coded.is_object() && coded.has("coding")) return matches(coded["coding"], members, wanted);
  return matches_coding(coded, members, wanted);
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
    if (extension["url"].string().find("notDoneReason") != std::string_view::npos || extension["url"].string().find("doNotPerformReason") != std::string_view::npos) return true;
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

/// The patient a related context stands for: a Patient, a Reference to one, or an id.
std::string patient_id(const Value& context) {
  if (context.is(Kind::string)) return context.as_string().substr(context.as_string().rfind('/') + 1);
  if (!context.is(Kind::object)) return {};
  for (const char* element : {"id", "reference"}) {
    const Value id = context.as_object().element(element, "String");
    if (id.is(Kind::string)) return id.as_string().substr(id.as_string().rfind('/') + 1);
  }
  return {};
}

}  // namespace

void Subject::select(const cql::Retrieve& retrieve, const Value& terminology, bool by_code, std::vector<Value>& out) const {
  const cql::CodeSet* members = nullptr;
  std::string set_url;
  std::vector<Wanted> wanted;
  if (by_code) {
    if (terminology.is(Kind::value_set) || terminology.is(Kind::code_system)) {
      members = terminology.as_vocabulary().members;
      set_url = terminology.as_vocabulary().id;
    } else {
      collect(terminology, wanted);
    }
  }
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
          return std::any_of(found.begin(), found.end(), [&](json::Value v) { return names_set(v) || matches(v, members, wanted); });
        }
        const json::Value coded = resource[a.key];
        if (coded.is_null()) return false;
        return matches(coded, members, wanted) || (retrieve.negation && !set_url.empty() && not_done_value_set(coded, set_url));
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
