#include "fhir/patient.h"

namespace catchment::fhir {

namespace {

constexpr std::string_view uk_core = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-";

json::Value extension(json::Value of, std::string_view name) {
  for (const auto e : of["extension"]) {
    const auto url = e["url"].string();
    if (url.starts_with(uk_core) && url.substr(uk_core.size()) == name) return e;
  }
  return {};
}

std::string_view extension_code(json::Value of, std::string_view name) {
  const json::Value codings = extension(of, name)["valueCodeableConcept"]["coding"];
  return codings.size() > 0 ? codings.at(0)["code"].string() : std::string_view{};
}

Field text(std::string_view t) { return t.empty() ? Field{} : Field::of_text(t); }

std::string joined(json::Value list, std::string_view with) {
  std::string out;
  for (const auto item : list) {
    if (item.string().empty()) continue;
    if (!out.empty()) out += with;
    out += item.string();
  }
  return out;
}

void read_identifiers(json::Value patient, Identity& out) {
  for (const auto identifier : patient["identifier"]) {
    if (identifier["system"].string() != nhs_number_system) continue;
    out.nhs_number = text(identifier["value"].string());
    auto status = extension_code(identifier, "NHSNumberVerificationStatus");
    if (status == "01" || status == "number-present-and-verified") out.number_status = Field::of_text("verified");
    else if (status == "02" || status == "03" || status == "number-present-but-not-traced" || status == "trace-required")
      out.number_status = Field::of_text("unverified");
    else if (!status.empty()) out.number_status = Field::of_text("unverified");
  }
}

void read_names(json::Value patient, PatientTexts& texts, Identity& out) {
  json::Value chosen;
  int best = -1;
  for (const auto name : patient["name"]) {
    const auto use = name["use"].string();
    if (use == "old" || use == "maiden") {
      if (!out.previous_family.present()) out.previous_family = text(name["family"].string());
      continue;
    }
    const int rank = use == "official" ? 3 : use == "usual" ? 2 : use.empty() ? 1 : 0;
    if (rank > best) best = rank, chosen = name;
  }
  out.family = text(chosen["family"].string());
  texts.push_back(joined(chosen["given"], " "));
  out.given = text(texts.back());
}

void read_contacts(json::Value patient, PatientTexts& texts, Identity& out) {
  for (const auto contact : patient["telecom"]) {
    const auto system = contact["system"].string();
    if (system == "phone" && !out.telephone.present()) out.telephone = text(contact["value"].string());
    if (system == "email" && !out.email.present()) out.email = text(contact["value"].string());
  }
  json::Value chosen;
  for (const auto address : patient["address"]) {
    const auto use = address["use"].string();
    if (use == "old") continue;
    if (chosen.is_null() || (use == "home" && chosen["use"].string() != "home")) chosen = address;
  }
  out.postcode = text(chosen["postalCode"].string());
  std::string lines = joined(chosen["line"], ", ");
  for (const auto part : {chosen["city"].string(), chosen["district"].string()})
    if (!part.empty()) lines += (lines.empty() ? "" : ", ") + std::string(part);
  texts.push_back(std::move(lines));
  out.address = text(texts.back());
  const json::Value language = patient["communication"].size() > 0 ? patient["communication"].at(0)["language"]["coding"] : json::Value{};
  if (language.size() > 0) out.language = text(language.at(0)["code"].string());
}

}  // namespace

Identity read_patient(json::Value patient, PatientTexts& texts, std::vector<Fault>& faults) {
  texts.clear();
  Identity out;
  read_identifiers(patient, out);
  read_names(patient, texts, out);
  read_contacts(patient, texts, out);
  out.birth_date = date_of(patient["birthDate"].string());
  if (!out.birth_date.present() && patient.has("birthDate")) faults.push_back({Fault::Kind::type, "birth_date", -1});
  const auto gender = patient["gender"].string();
  if (gender == "female" || gender == "male" || gender == "other" || gender == "unknown") out.sex = Field::of_text(gender);
  else if (!gender.empty()) faults.push_back({Fault::Kind::word, "sex", -1});
  out.ethnicity = text(extension_code(patient, "EthnicCategory"));
  if (patient["generalPractitioner"].size() > 0) {
    const json::Value practice = patient["generalPractitioner"].at(0);
    if (practice["identifier"]["system"].string() == organisation_code_system) out.practice = text(practice["identifier"]["value"].string());
    else out.practice = text(reference_id(practice["reference"].string(), "Organization"));
  }
  out.death_date = date_of(patient["deceasedDateTime"].string());
  out.updated_date = date_of(patient["meta"]["lastUpdated"].string());
  for (const auto label : patient["meta"]["security"])
    if (label["code"].string() == "R" || label["code"].string() == "V") out.restricted = true;
  return out;
}

}  // namespace catchment::fhir
