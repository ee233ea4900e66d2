#include "fhir/elements.h"

namespace catchment::fhir {

namespace {

constexpr WordPair clinical_words[] = {{"active", "active"},     {"recurrence", "active"},  {"relapse", "active"},
                                       {"inactive", "inactive"}, {"remission", "inactive"}, {"resolved", "resolved"}};
constexpr WordPair category_words[] = {{"problem-list-item", "problem"}, {"encounter-diagnosis", "encounter"}};
constexpr WordPair observation_words[] = {
    {"final", "final"},       {"preliminary", "preliminary"},           {"registered", "preliminary"},    {"amended", "amended"},
    {"corrected", "amended"}, {"entered-in-error", "entered-in-error"}, {"cancelled", "entered-in-error"}};
constexpr WordPair comparator_words[] = {{"<", "<"}, {"<=", "<="}, {">=", ">="}, {">", ">"}};
constexpr WordPair medication_words[] = {
    {"active", "active"},     {"completed", "completed"}, {"stopped", "stopped"},    {"cancelled", "cancelled"}, {"entered-in-error", "entered-in-error"},
    {"on-hold", "active"},    {"draft", "active"},        {"in-progress", "active"}, {"preparation", "active"},  {"intended", "active"},
    {"not-taken", "stopped"}, {"not-done", "cancelled"},  {"declined", "cancelled"}};
constexpr WordPair encounter_status_words[] = {
    {"planned", "planned"},     {"arrived", "arrived"},   {"triaged", "arrived"},     {"in-progress", "in-progress"},
    {"onleave", "in-progress"}, {"finished", "finished"}, {"cancelled", "cancelled"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair class_words[] = {{"AMB", "outpatient"},
                                    {"EMER", "emergency"},
                                    {"IMP", "spell"},
                                    {"ACUTE", "spell"},
                                    {"NONAC", "spell"},
                                    {"SS", "spell"},
                                    {"OBSENC", "spell"},
                                    {"PRENC", "spell"},
                                    {"HH", "community"},
                                    {"FLD", "ambulance"},
                                    {"VR", "virtual"},
                                    {"WELLNESS", "consultation"},
                                    {"URGENTCARE", "emergency"},
                                    {"outpatient", "outpatient"},
                                    {"emergency", "emergency"},
                                    {"inpatient", "spell"},
                                    {"ambulatory", "outpatient"},
                                    {"wellness", "consultation"},
                                    {"urgentcare", "emergency"}};
constexpr WordPair admission_words[] = {{"11", "elective"},  {"12", "elective"},  {"13", "elective"},  {"21", "emergency"}, {"22", "emergency"},
                                        {"23", "emergency"}, {"24", "emergency"}, {"25", "emergency"}, {"28", "emergency"}, {"2A", "emergency"},
                                        {"2C", "emergency"}, {"2D", "emergency"}, {"31", "maternity"}, {"32", "maternity"}, {"82", "maternity"},
                                        {"83", "maternity"}, {"81", "transfer"},  {"2B", "transfer"}};
constexpr WordPair discharge_words[] = {{"home", "home"},      {"exp", "died"},      {"snf", "care-home"},      {"long", "care-home"},
                                        {"rehab", "hospital"}, {"psy", "hospital"},  {"hosp", "other"},         {"aadvice", "other"},
                                        {"oth", "other"},      {"alt-home", "home"}, {"other-hcf", "hospital"}, {"19", "home"},
                                        {"29", "home"},        {"51", "hospital"},   {"54", "care-home"},       {"79", "died"}};
constexpr WordPair event_words[] = {
    {"completed", "completed"}, {"in-progress", "in-progress"}, {"preparation", "in-progress"},          {"on-hold", "in-progress"},
    {"stopped", "completed"},   {"not-done", "not-done"},       {"entered-in-error", "entered-in-error"}};
constexpr WordPair immunisation_words[] = {{"completed", "completed"}, {"not-done", "not-done"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair criticality_words[] = {{"low", "low"}, {"high", "high"}, {"unable-to-assess", "unable-to-assess"}};
constexpr WordPair request_words[] = {{"active", "active"}, {"completed", "completed"}, {"revoked", "rejected"}, {"on-hold", "waiting"}, {"draft", "waiting"}};
constexpr WordPair priority_words[] = {{"routine", "routine"}, {"urgent", "urgent"}, {"asap", "two-week"}, {"stat", "emergency"}};
constexpr WordPair plan_words[] = {{"active", "active"},  {"completed", "completed"}, {"revoked", "revoked"},
                                   {"on-hold", "active"}, {"draft", "active"},        {"entered-in-error", "revoked"}};

constexpr std::string_view clinical_system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
constexpr std::string_view allergy_system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
constexpr std::string_view condition_category = "http://terminology.hl7.org/CodeSystem/condition-category";
constexpr std::string_view act_code = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view discharge_system = "http://terminology.hl7.org/CodeSystem/discharge-disposition";

constexpr Element condition[] = {{"code", How::codeable, "code"},
                                 {"onset_date", How::date, "onsetDateTime|onsetPeriod.start"},
                                 {"recorded_date", How::date, "recordedDate|onsetDateTime|onsetPeriod.start"},
                                 {"abatement_date", How::date, "abatementDateTime|abatementPeriod.end|abatementPeriod.start"},
                                 {"status", How::label_word, "clinicalStatus", clinical_words, clinical_system},
                                 {"category", How::label_word, "category[]", category_words, condition_category},
                                 {"encounter", How::reference, "encounter"}};
constexpr Element observation[] = {{"code", How::codeable, "code"},
                                   {"date", How::date, "effectiveDateTime|effectivePeriod.start|effectiveInstant|issued"},
                                   {"value", How::number, "valueQuantity.value|valueInteger"},
                                   {"unit", How::text, "valueQuantity.code|valueQuantity.unit"},
                                   {"value_code", How::codeable, "valueCodeableConcept"},
                                   {"comparator", How::word, "valueQuantity.comparator", comparator_words},
                                   {"status", How::word, "status", observation_words},
                                   {"encounter", How::reference, "encounter"}};
constexpr Element request[] = {{"code", How::codeable, "medicationCodeableConcept"},
                               {"date", How::date, "authoredOn"},
                               {"status", How::word, "status", medication_words},
                               {"quantity", How::number, "dispenseRequest.quantity.value"},
                               {"unit", How::text, "dispenseRequest.quantity.code|dispenseRequest.quantity.unit"},
                               {"days", How::integer, "dispenseRequest.expectedSupplyDuration.value"}};
constexpr Element statement[] = {{"code", How::codeable, "medicationCodeableConcept"},
                                 {"date", How::date, "effectiveDateTime|effectivePeriod.start|dateAsserted"},
                                 {"status", How::word, "status", medication_words}};
constexpr Element dispense[] = {{"code", How::codeable, "medicationCodeableConcept"}, {"date", How::date, "whenHandedOver|whenPrepared"},
                                {"status", How::word, "status", medication_words},    {"quantity", How::number, "quantity.value"},
                                {"unit", How::text, "quantity.code|quantity.unit"},   {"days", How::integer, "daysSupply.value"}};
constexpr Element administration[] = {{"code", How::codeable, "medicationCodeableConcept"},
                                      {"date", How::date, "effectiveDateTime|effectivePeriod.start"},
                                      {"status", How::word, "status", medication_words},
                                      {"quantity", How::number, "dosage.dose.value"},
                                      {"unit", How::text, "dosage.dose.code|dosage.dose.unit"}};
constexpr Element encounter[] = {
    {"kind", How::coding_word, "class", class_words, act_code},
    {"code", How::codeable, "type[]|reasonCode[]"},
    {"start_date", How::date, "period.start"},
    {"end_date", How::date, "period.end"},
    {"start_time", How::instant, "period.start"},
    {"status", How::word, "status", encounter_status_words},
    {"admission_method", How::label_word, "hospitalization.admitSource", admission_words, "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland"},
    {"discharge_destination", How::label_word, "hospitalization.dischargeDisposition", discharge_words, discharge_system},
    {"specialty", How::codeable, "serviceType"},
    {"identifier", How::text, "id"}};
constexpr Element procedure[] = {{"code", How::codeable, "code"},
                                 {"date", How::date, "performedDateTime|performedPeriod.start"},
                                 {"status", How::word, "status", event_words},
                                 {"encounter", How::reference, "encounter"}};
constexpr Element immunisation[] = {{"code", How::codeable, "vaccineCode"},
                                    {"date", How::date, "occurrenceDateTime"},
                                    {"dose", How::integer, "protocolApplied[].doseNumberPositiveInt"},
                                    {"status", How::word, "status", immunisation_words}};
constexpr Element allergy[] = {{"code", How::codeable, "code"},
                               {"onset_date", How::date, "onsetDateTime|onsetPeriod.start"},
                               {"recorded_date", How::date, "recordedDate"},
                               {"criticality", How::word, "criticality", criticality_words},
                               {"status", How::label_word, "clinicalStatus", clinical_words, allergy_system}};
constexpr Element referral[] = {
    {"code", How::codeable, "code|category[]"},          {"date", How::date, "authoredOn|occurrenceDateTime|occurrencePeriod.start"},
    {"priority", How::word, "priority", priority_words}, {"referrer", How::organisation, "requester"},
    {"status", How::word, "status", request_words},      {"identifier", How::text, "id"}};
constexpr Element care_plan[] = {{"code", How::codeable, "category[]"},
                                 {"date", How::date, "period.start|created"},
                                 {"end_date", How::date, "period.end"},
                                 {"status", How::word, "status", plan_words}};

constexpr Constant order[] = {{"intent", "order"}};
constexpr Constant plan[] = {{"intent", "plan"}};

constexpr ResourceMap maps[] = {
    {"Observation", "observation", "subject", "performer[]", observation},
    {"Condition", "condition", "subject", "recorder", condition},
    {"Encounter", "encounter", "subject", "serviceProvider", encounter},
    {"MedicationRequest", "medication", "subject", "requester", request, "issue", order},
    {"MedicationStatement", "medication", "subject", "informationSource", statement, "statement"},
    {"MedicationDispense", "medication", "subject", "performer[].actor", dispense, "repeat"},
    {"MedicationAdministration", "medication", "subject", "performer[].actor", administration, "administration"},
    {"Procedure", "procedure", "subject", "recorder", procedure},
    {"Immunization", "immunisation", "patient", "performer[].actor", immunisation},
    {"AllergyIntolerance", "allergy", "patient", "recorder", allergy},
    {"ServiceRequest", "referral", "subject", "requester", referral, {}, order},
    {"CarePlan", "care_plan", "subject", "author", care_plan, {}, plan},
};

}  // namespace

std::span<const ResourceMap> resource_maps() { return maps; }

}  // namespace catchment::fhir
