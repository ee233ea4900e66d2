#include "measures/record_model.h"

namespace catchment::measures {

namespace {

using records::Column;

/// Fails to compile for a column that is not in the schema.
consteval std::int16_t at(std::span<const Column> columns, std::string_view name) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == name) return static_cast<std::int16_t>(i);
  throw "no such column";
}

consteval std::int16_t table_at(std::string_view name) {
  for (std::size_t i = 0; i < std::size(records::tables); ++i)
    if (records::tables[i].name == name) return static_cast<std::int16_t>(i);
  throw "no such table";
}

constexpr std::string_view clinical_system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
constexpr std::string_view verification_system = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
constexpr std::string_view allergy_clinical_system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
constexpr std::string_view allergy_verification_system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
constexpr std::string_view condition_category_system = "http://terminology.hl7.org/CodeSystem/condition-category";
constexpr std::string_view act_code_system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view loinc = "http://loinc.org";

constexpr WordPair clinical_words[] = {{"active", "active"}, {"resolved", "resolved"}, {"inactive", "inactive"}};
constexpr WordPair verification_words[] = {
    {"active", "confirmed"}, {"resolved", "confirmed"}, {"inactive", "confirmed"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair category_words[] = {{"problem", "problem-list-item"}, {"encounter", "encounter-diagnosis"}};
constexpr WordPair observation_words[] = {{"final", "final"}, {"preliminary", "preliminary"}, {"amended", "amended"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair medication_words[] = {
    {"active", "active"}, {"completed", "completed"}, {"stopped", "stopped"}, {"cancelled", "cancelled"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair administration_words[] = {
    {"active", "in-progress"}, {"completed", "completed"}, {"stopped", "stopped"}, {"cancelled", "not-done"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair intent_words[] = {{"issue", "order"}, {"repeat", "instance-order"}};
constexpr WordPair encounter_words[] = {{"planned", "planned"},
                                        {"arrived", "arrived"},
                                        {"finished", "finished"},
                                        {"cancelled", "cancelled"},
                                        {"did-not-attend", "cancelled"},
                                        {"in-progress", "in-progress"},
                                        {"entered-in-error", "entered-in-error"}};
constexpr WordPair class_words[] = {{"appointment", "AMB"},  {"consultation", "AMB"}, {"spell", "IMP"},         {"episode", "IMP"},   {"outpatient", "AMB"},
                                    {"emergency", "EMER"},   {"community", "HH"},     {"mental-health", "AMB"}, {"ambulance", "FLD"}, {"call-111", "VR"},
                                    {"out-of-hours", "AMB"}, {"social-care", "HH"},   {"voluntary", "HH"},      {"maternity", "AMB"}, {"virtual", "VR"}};
constexpr WordPair procedure_words[] = {
    {"completed", "completed"}, {"in-progress", "in-progress"}, {"not-done", "not-done"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair screening_words[] = {{"normal", "completed"},  {"abnormal", "completed"},      {"inadequate", "completed"},
                                        {"declined", "not-done"}, {"did-not-attend", "not-done"}, {"invited", "preparation"}};
constexpr WordPair invitation_words[] = {{"normal", "completed"}, {"abnormal", "completed"},     {"inadequate", "completed"},
                                         {"declined", "revoked"}, {"did-not-attend", "revoked"}, {"invited", "active"}};
constexpr WordPair immunisation_words[] = {
    {"completed", "completed"}, {"not-done", "not-done"}, {"declined", "not-done"}, {"entered-in-error", "entered-in-error"}};
constexpr WordPair criticality_words[] = {{"low", "low"}, {"high", "high"}, {"unable-to-assess", "unable-to-assess"}};
constexpr WordPair referral_words[] = {{"active", "active"}, {"completed", "completed"}, {"rejected", "revoked"}, {"waiting", "on-hold"}};
constexpr WordPair priority_words[] = {{"routine", "routine"}, {"urgent", "urgent"}, {"two-week", "asap"}, {"emergency", "stat"}};
constexpr WordPair plan_words[] = {{"active", "active"}, {"completed", "completed"}, {"revoked", "revoked"}};

constexpr std::string_view requested[] = {"issue", "repeat"};
constexpr std::string_view repeated[] = {"repeat"};
constexpr std::string_view stated[] = {"statement"};
constexpr std::string_view given[] = {"administration"};

constexpr auto condition = std::span<const Column>(records::condition_columns);
constexpr ElementMap condition_elements[] = {
    {"code", How::code, at(condition, "code")},
    {"clinicalStatus", How::word_concept, at(condition, "status"), no_column, clinical_words, clinical_system},
    {"verificationStatus", How::word_concept, at(condition, "status"), no_column, verification_words, verification_system},
    {"category", How::word_concepts, at(condition, "category"), no_column, category_words, condition_category_system},
    {"onsetDateTime", How::date, at(condition, "onset_date")},
    {"abatementDateTime", How::date, at(condition, "abatement_date")},
    {"recordedDate", How::date, at(condition, "recorded_date")},
    {"extension", How::rank, at(condition, "rank")},
    {"subject", How::patient},
    {"encounter", How::encounter, at(condition, "encounter")},
    {"recorder", How::organisation},
};

constexpr auto observation = std::span<const Column>(records::observation_columns);
constexpr ElementMap observation_elements[] = {
    {"code", How::code, at(observation, "code")},
    {"status", How::word, at(observation, "status"), no_column, observation_words},
    {"effectiveDateTime", How::date, at(observation, "date")},
    {"valueQuantity", How::quantity, at(observation, "value"), at(observation, "unit")},
    {"valueCodeableConcept", How::code, at(observation, "value_code")},
    {"subject", How::patient},
    {"encounter", How::encounter, at(observation, "encounter")},
    {"performer", How::organisation},
};

constexpr auto death = std::span<const Column>(records::death_columns);
constexpr ElementMap death_elements[] = {
    {"code", How::own_code, no_column, no_column, {}, loinc, "69453-9"},
    {"status", How::constant, no_column, no_column, {}, {}, "final"},
    {"effectiveDateTime", How::date, at(death, "date")},
    {"valueCodeableConcept", How::code, at(death, "code")},
    {"component", How::place_of_death, at(death, "place"), no_column, {}, place_of_death_system},
    {"subject", How::patient},
    {"performer", How::organisation},
};

constexpr auto medication = std::span<const Column>(records::medication_columns);
constexpr ElementMap request_elements[] = {
    {"medicationCodeableConcept", How::code, at(medication, "code")},
    {"status", How::word, at(medication, "status"), no_column, medication_words},
    {"intent", How::word, at(medication, "kind"), no_column, intent_words},
    {"authoredOn", How::date, at(medication, "date")},
    {"dispenseRequest", How::dispense_request, at(medication, "quantity"), at(medication, "days")},
    {"subject", How::patient},
    {"requester", How::organisation},
};
constexpr ElementMap statement_elements[] = {
    {"medicationCodeableConcept", How::code, at(medication, "code")},
    {"status", How::word, at(medication, "status"), no_column, medication_words},
    {"effectiveDateTime", How::date, at(medication, "date")},
    {"dateAsserted", How::date, at(medication, "date")},
    {"subject", How::patient},
    {"informationSource", How::organisation},
};
constexpr ElementMap dispense_elements[] = {
    {"medicationCodeableConcept", How::code, at(medication, "code")},
    {"status", How::word, at(medication, "status"), no_column, administration_words},
    {"whenHandedOver", How::date, at(medication, "date")},
    {"daysSupply", How::days, at(medication, "days")},
    {"subject", How::patient},
};
constexpr ElementMap administration_elements[] = {
    {"medicationCodeableConcept", How::code, at(medication, "code")},
    {"status", How::word, at(medication, "status"), no_column, administration_words},
    {"effectiveDateTime", How::date, at(medication, "date")},
    {"subject", How::patient},
};

constexpr auto encounter = std::span<const Column>(records::encounter_columns);
constexpr ElementMap encounter_elements[] = {
    {"id", How::local_id, at(encounter, "identifier")},
    {"type", How::kinds, at(encounter, "code"), at(encounter, "kind")},
    {"class", How::word_coding, at(encounter, "kind"), no_column, class_words, act_code_system},
    {"status", How::word, at(encounter, "status"), no_column, encounter_words},
    {"period", How::timed_period, at(encounter, "start_date"), at(encounter, "end_date")},
    {"serviceType", How::code, at(encounter, "specialty")},
    {"hospitalization", How::hospitalization, at(encounter, "admission_method"), at(encounter, "discharge_destination")},
    {"subject", How::patient},
    {"serviceProvider", How::organisation, at(encounter, "site")},
};

constexpr auto procedure = std::span<const Column>(records::procedure_columns);
constexpr ElementMap procedure_elements[] = {
    {"code", How::code, at(procedure, "code")},
    {"status", How::word, at(procedure, "status"), no_column, procedure_words},
    {"performedDateTime", How::date, at(procedure, "date")},
    {"subject", How::patient},
    {"encounter", How::encounter, at(procedure, "encounter")},
};

constexpr auto screening = std::span<const Column>(records::screening_columns);
constexpr ElementMap screening_elements[] = {
    {"code", How::code, at(screening, "code")},
    {"status", How::word, at(screening, "result"), no_column, screening_words},
    {"performedDateTime", How::date, at(screening, "date")},
    {"outcome", How::screening_outcome, at(screening, "result"), no_column, {}, screening_result_system},
    {"subject", How::patient},
};
constexpr ElementMap invitation_elements[] = {
    {"code", How::code, at(screening, "code")},
    {"status", How::word, at(screening, "result"), no_column, invitation_words},
    {"intent", How::constant, no_column, no_column, {}, {}, "proposal"},
    {"authoredOn", How::date, at(screening, "invited_date")},
    {"subject", How::patient},
};

constexpr auto immunisation = std::span<const Column>(records::immunisation_columns);
constexpr ElementMap immunisation_elements[] = {
    {"vaccineCode", How::code, at(immunisation, "code")},
    {"status", How::word, at(immunisation, "status"), no_column, immunisation_words},
    {"occurrenceDateTime", How::date, at(immunisation, "date")},
    {"protocolApplied", How::dose_number, at(immunisation, "dose")},
    {"patient", How::patient},
    {"performer", How::organisation},
};

constexpr auto allergy = std::span<const Column>(records::allergy_columns);
constexpr ElementMap allergy_elements[] = {
    {"code", How::code, at(allergy, "code")},
    {"clinicalStatus", How::word_concept, at(allergy, "status"), no_column, clinical_words, allergy_clinical_system},
    {"verificationStatus", How::word_concept, at(allergy, "status"), no_column, verification_words, allergy_verification_system},
    {"criticality", How::word, at(allergy, "criticality"), no_column, criticality_words},
    {"onsetDateTime", How::date, at(allergy, "onset_date")},
    {"recordedDate", How::date, at(allergy, "recorded_date")},
    {"patient", How::patient},
};

constexpr auto referral = std::span<const Column>(records::referral_columns);
constexpr ElementMap referral_elements[] = {
    {"code", How::code, at(referral, "code")},
    {"status", How::word, at(referral, "status"), no_column, referral_words},
    {"intent", How::constant, no_column, no_column, {}, {}, "order"},
    {"priority", How::word, at(referral, "priority"), no_column, priority_words},
    {"authoredOn", How::date, at(referral, "date")},
    {"occurrencePeriod", How::period, at(referral, "date"), at(referral, "end_date")},
    {"performerType", How::code, at(referral, "specialty")},
    {"requester", How::organisation, at(referral, "referrer")},
    {"subject", How::patient},
};

constexpr auto care_plan = std::span<const Column>(records::care_plan_columns);
constexpr ElementMap care_plan_elements[] = {
    {"category", How::codes, at(care_plan, "code")},
    {"status", How::word, at(care_plan, "status"), no_column, plan_words},
    {"intent", How::constant, no_column, no_column, {}, {}, "plan"},
    {"created", How::date, at(care_plan, "date")},
    {"period", How::period, at(care_plan, "date"), at(care_plan, "end_date")},
    {"subject", How::patient},
    {"author", How::organisation},
};

constexpr auto care_service = std::span<const Column>(records::care_service_columns);
constexpr ElementMap care_service_elements[] = {
    {"category", How::services, at(care_service, "code"), at(care_service, "kind")},
    {"status", How::constant, no_column, no_column, {}, {}, "active"},
    {"intent", How::constant, no_column, no_column, {}, {}, "order"},
    {"created", How::date, at(care_service, "start_date")},
    {"period", How::period, at(care_service, "start_date"), at(care_service, "end_date")},
    {"subject", How::patient},
    {"author", How::organisation, at(care_service, "provider")},
};

constexpr auto registration = std::span<const Column>(records::registration_columns);
constexpr ElementMap registration_elements[] = {
    {"period", How::period, at(registration, "start_date"), at(registration, "end_date")},
    {"managingOrganization", How::organisation, at(registration, "practice")},
    {"patient", How::patient},
};

constexpr ShapeMap all[] = {
    {"Condition", "condition", table_at("condition"), "code", "onsetDateTime", at(condition, "code"), at(condition, "onset_date"), condition_elements},
    {"Observation", "observation", table_at("observation"), "code", "effectiveDateTime", at(observation, "code"), at(observation, "date"),
     observation_elements},
    {"Observation", "death", table_at("death"), "code", "effectiveDateTime", no_column, at(death, "date"), death_elements},
    {"MedicationRequest", "medication", table_at("medication"), "medicationCodeableConcept", "authoredOn", at(medication, "code"), at(medication, "date"),
     request_elements, at(medication, "kind"), requested},
    {"MedicationStatement", "medication", table_at("medication"), "medicationCodeableConcept", "effectiveDateTime", at(medication, "code"),
     at(medication, "date"), statement_elements, at(medication, "kind"), stated},
    {"MedicationDispense", "medication", table_at("medication"), "medicationCodeableConcept", "whenHandedOver", at(medication, "code"), at(medication, "date"),
     dispense_elements, at(medication, "kind"), repeated},
    {"MedicationAdministration", "medication", table_at("medication"), "medicationCodeableConcept", "effectiveDateTime", at(medication, "code"),
     at(medication, "date"), administration_elements, at(medication, "kind"), given},
    {"Encounter", "encounter", table_at("encounter"), "type", "period", at(encounter, "code"), at(encounter, "start_date"), encounter_elements},
    {"Procedure", "procedure", table_at("procedure"), "code", "performedDateTime", at(procedure, "code"), at(procedure, "date"), procedure_elements},
    {"Procedure", "screening", table_at("screening"), "code", "performedDateTime", at(screening, "code"), at(screening, "date"), screening_elements},
    {"Immunization", "immunisation", table_at("immunisation"), "vaccineCode", "occurrenceDateTime", at(immunisation, "code"), at(immunisation, "date"),
     immunisation_elements},
    {"AllergyIntolerance", "allergy", table_at("allergy"), "code", "onsetDateTime", at(allergy, "code"), at(allergy, "onset_date"), allergy_elements},
    {"ServiceRequest", "referral", table_at("referral"), "code", "authoredOn", at(referral, "code"), at(referral, "date"), referral_elements},
    {"ServiceRequest", "screening", table_at("screening"), "code", "authoredOn", at(screening, "code"), at(screening, "invited_date"), invitation_elements},
    {"CarePlan", "care_plan", table_at("care_plan"), "category", "period", at(care_plan, "code"), at(care_plan, "date"), care_plan_elements},
    {"CarePlan", "care_service", table_at("care_service"), "category", "period", at(care_service, "code"), at(care_service, "start_date"),
     care_service_elements},
    {"EpisodeOfCare", "registration", table_at("registration"), "type", "period", no_column, at(registration, "start_date"), registration_elements},
};

}  // namespace

std::span<const ShapeMap> shapes() { return all; }

}  // namespace catchment::measures
