#include "synth/feeds/hospital_fhir.h"

#include <fmt/format.h>

#include <initializer_list>

#include "synth/feeds/partner.h"

namespace catchment::synth {
namespace {

/// Text inside a JSON string. Names hold no control characters.
std::string json(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string encounter(std::string_view id, std::string_view patient, std::string_view trust, std::string_view status, std::string_view class_code,
                      std::string_view start, std::string_view end, std::string_view more) {
  return fmt::format(
      R"({{"resourceType":"Encounter","id":"{}","identifier":[{{"system":"https://fhir.{}.example/encounter","value":"{}"}}],"status":"{}",)"
      R"("class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{}"}},"subject":{{"reference":"Patient/{}"}},)"
      R"("period":{{"start":"{}"{}}}{},"serviceProvider":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{}"}}}}}})",
      id, trust, id, status, class_code, patient, start, end.empty() ? std::string() : fmt::format(R"(,"end":"{}")", end), more, trust);
}

/// What an encounter names as its diagnoses, in order: conditions `<encounter>-1`, `-2`, ... The codes of those it does not have are empty.
std::string diagnoses(std::string_view id, std::initializer_list<std::string_view> codes) {
  std::string out;
  int rank = 0;
  for (const auto code : codes) {
    ++rank;
    if (code.empty()) continue;
    out += fmt::format(
        R"({}{{"condition":{{"reference":"Condition/{}-{}"}},"use":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/diagnosis-role","code":"DD","display":"Discharge diagnosis"}}]}},"rank":{}}})",
        out.empty() ? "" : ",", id, rank, rank);
  }
  return out.empty() ? out : fmt::format(R"(,"diagnosis":[{}])", out);
}

}  // namespace

FhirFiles::FhirFiles(Sheets& sheets, const std::string& folder)
    : patients_(sheets.add({folder + "Patient.ndjson", {}, SheetForm::lines})),
      encounters_(sheets.add({folder + "Encounter.ndjson", {}, SheetForm::lines})),
      conditions_(sheets.add({folder + "Condition.ndjson", {}, SheetForm::lines})),
      procedures_(sheets.add({folder + "Procedure.ndjson", {}, SheetForm::lines})) {}

void FhirFiles::introduce(const Shared& shared, const Source& source, const Life& life, Date on, std::string_view trust, std::string_view patient,
                          Blocks& blocks, std::vector<std::string_view>& known) const {
  for (const auto& one : known)
    if (one == trust) return;
  known.push_back(trust);
  const Model& model = shared.model;
  Source here = source;
  here.number += static_cast<unsigned char>(trust[2]) + 256u * static_cast<unsigned char>(trust[1]);
  Random random = person_stream(model, life, Purpose::faults, here.number + 1);
  Seen seen = shared.faults.see(life, here, std::max(on, life.birth));
  if (shared.faults.missing_on_row(here, random)) seen.nhs.clear(), seen.faults.add(Fault::missing_nhs_number);
  shared.truth.key(blocks, "fhir", patient, life);
  shared.truth.planted(blocks, "fhir", patient, life, seen.faults);
  std::string out =
      fmt::format(R"({{"resourceType":"Patient","id":"{}","meta":{{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]}},)", patient);
  const auto ethnic = seen.ethnicity == "Z" ? std::string("Not stated") : model.ethnicities[life.ethnicity].title;
  out += fmt::format(
      R"("extension":[{{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory","valueCodeableConcept":{{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory","code":"{}","display":"{}"}}]}}}}],)",
      seen.ethnicity, json(ethnic));
  out += fmt::format(R"("identifier":[{{"system":"https://fhir.{}.example/patient","value":"{}"}})", trust, patient);
  if (!seen.nhs.empty())
    out += fmt::format(
        R"(,{{"extension":[{{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus","code":"number-present-and-verified"}}]}}}}],"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{}"}})",
        seen.nhs);
  out += fmt::format(R"(],"name":[{{"use":"official","family":"{}","given":["{}"{}]}}],"gender":"{}","birthDate":"{}")", json(seen.family), json(seen.given),
                     seen.middle.empty() ? std::string() : fmt::format(R"(,"{}")", json(seen.middle)), seen.sex == Sex::female ? "female" : "male",
                     to_string(seen.birth));
  if (life.death && *life.death <= model.as_of) out += fmt::format(R"(,"deceasedDateTime":"{}")", to_string(*life.death));
  out += fmt::format(R"(,"address":[{{"use":"home","line":["{} {}"],"postalCode":"{}"}}])", seen.address.number, json(model.streets[seen.address.street]),
                     seen.postcode);
  if (!life.phone.empty()) out += fmt::format(R"(,"telecom":[{{"system":"phone","value":"{}"}}])", life.phone);
  const Registration* practice = life.registration(on);
  if (practice)
    out += fmt::format(R"(,"generalPractitioner":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{}"}}}}])",
                       model.practices[practice->practice].code);
  out += fmt::format(R"(,"managingOrganization":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{}"}}}}}})", trust);
  blocks[patients_].line(out);
}

void FhirFiles::condition(std::string_view id, std::string_view patient, std::string_view in, std::string_view code, bool snomed, Date on, int rank,
                          Blocks& blocks) const {
  if (code.empty()) return;
  blocks[conditions_].line(fmt::format(
      R"({{"resourceType":"Condition","id":"{}-{}","clinicalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}}]}},)"
      R"("category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"encounter-diagnosis"}}]}}],)"
      R"("code":{{"coding":[{{"system":"{}","code":"{}"}}]}},"subject":{{"reference":"Patient/{}"}},"encounter":{{"reference":"Encounter/{}"}},"recordedDate":"{}"}})",
      id, rank, snomed ? "http://snomed.info/sct" : "http://hl7.org/fhir/sid/icd-10", code, patient, in, to_string(on)));
}

void FhirFiles::stay(const Shared& shared, const Source& source, const Life& life, const Stay& stay, std::string_view id, std::string_view patient,
                     Blocks& blocks, std::vector<std::string_view>& known) const {
  introduce(shared, source, life, stay.admitted, stay.trust, patient, blocks, known);
  constexpr std::string_view source_code[] = {"other", "emd", "other", "born"};
  const std::string more = fmt::format(
      R"(,"type":[{{"coding":[{{"system":"https://fhir.nhs.uk/CodeSystem/admission-method","code":"{}"}}]}}],"serviceType":{{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode","code":"{}"}}]}},)"
      R"("hospitalization":{{"admitSource":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/admit-source","code":"{}"}}]}},"dischargeDisposition":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"{}"}}]}}}})",
      stay.kind == 1       ? "21"
          : stay.kind == 0 ? "11"
          : stay.kind == 2 ? "31"
                           : "82",
      stay.kind >= 2 ? "501" : stay.specialty->code, source_code[stay.kind], stay.died ? "exp" : "home");
  blocks[encounters_].line(encounter(id, patient, stay.trust, "finished", "IMP", to_string(stay.admitted), to_string(stay.discharged),
                                     diagnoses(id, {stay.icd10, stay.second, stay.third}) + more));
  condition(id, patient, id, stay.icd10, false, stay.admitted, 1, blocks);
  condition(id, patient, id, stay.second, false, stay.admitted, 2, blocks);
  condition(id, patient, id, stay.third, false, stay.admitted, 3, blocks);
  if (!stay.opcs.empty())
    blocks[procedures_].line(fmt::format(
        R"({{"resourceType":"Procedure","id":"{}-p","status":"completed","code":{{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/OPCS-4","code":"{}"}}]}},"subject":{{"reference":"Patient/{}"}},"encounter":{{"reference":"Encounter/{}"}},"performedDateTime":"{}"}})",
        id, stay.opcs, patient, id, to_string(stay.admitted)));
}

void FhirFiles::attendance(const Shared& shared, const Source& source, const Life& life, const Attendance& one, std::string_view id, std::string_view patient,
                           Blocks& blocks, std::vector<std::string_view>& known) const {
  introduce(shared, source, life, one.on, one.trust, patient, blocks, known);
  const int left = one.minute + one.minutes;
  // Summer time is left out on purpose: the trust writes UTC all year, as many systems do.
  const std::string start = to_string(one.on) + "T" + clock_text(one.minute) + ":00Z";
  const std::string end = to_string(one.on.plus_days(left / 1440)) + "T" + clock_text(left % 1440) + ":00Z";
  const std::string more = fmt::format(
      R"(,"reasonCode":[{{"coding":[{{"system":"http://snomed.info/sct","code":"{}","display":"{}"}}]}}],"hospitalization":{{"dischargeDisposition":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"{}"}}]}}}})",
      one.reason->snomed, json(one.reason->title), one.admitted ? "oth" : "home");
  blocks[encounters_].line(encounter(id, patient, one.trust, "finished", "EMER", start, end, diagnoses(id, {one.reason->snomed}) + more));
  condition(id, patient, id, one.reason->snomed, true, one.on, 1, blocks);
}

void FhirFiles::appointment(const Shared& shared, const Source& source, const Life& life, const Outpatient& one, std::string_view id, std::string_view patient,
                            Blocks& blocks, std::vector<std::string_view>& known) const {
  introduce(shared, source, life, one.on, one.trust, patient, blocks, known);
  const std::string more = fmt::format(
      R"(,"serviceType":{{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode","code":"{}"}}]}})", one.specialty->code);
  blocks[encounters_].line(encounter(id, patient, one.trust, one.status == 5 ? "finished" : "cancelled", "AMB", to_string(one.on), to_string(one.on), more));
}

}  // namespace catchment::synth
