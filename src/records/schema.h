// The longitudinal record, one table of tables: what every stage after intake may rely on.
//
// Names follow FHIR where FHIR has them. Every clinical row carries, before the columns below,
//   person        BIGINT    (while staged: subject BIGINT, one identity row of one feed)
//   source        INTEGER   the delivered file it came from (table source)
//   line          BIGINT    its row in that file
//   organisation  INTEGER   who recorded it (table organisation; 0 = not said)
// and is stored ordered by (first code column, person, first date column) in population.duckdb, and by
// person in people.sqlite. No clinical table holds a name, an address or free narrative.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace catchment::records {

enum class Kind : std::uint8_t {
  code,          // INTEGER id in table code (system, code, display)
  unit,          // INTEGER id in table unit (UCUM)
  organisation,  // INTEGER id in table organisation (ODS code)
  area,          // INTEGER id in table area (small area code)
  date,          // DATE in the system's zone
  instant,       // TIMESTAMP, UTC milliseconds
  integer,       // BIGINT
  number,        // DOUBLE, already in the canonical unit
  pence,         // BIGINT
  flag,          // BOOLEAN
  word,          // VARCHAR from a closed list named in `values`
  local_id,      // VARCHAR identifier given by the source (spell, attendance, referral number)
};

struct Column {
  std::string_view name;
  Kind kind;
  std::string_view note;  // meaning, and for `word` the closed list separated by |
};

struct Table {
  std::string_view name;
  std::string_view fhir;  // the FHIR R4 resource it answers to
  std::string_view note;
  std::span<const Column> columns;
};

inline constexpr Column registration_columns[] = {
    {"practice", Kind::organisation, "the general practice"},
    {"start_date", Kind::date, "registered from"},
    {"end_date", Kind::date, "registered until; null while current"},
    {"removal", Kind::word, "moved|died|transferred|other"},
};
inline constexpr Column residence_columns[] = {
                                                 // address history without the address: identity.duckdb holds the text
    {"area", Kind::area, "small area of the postcode"},
    {"start_date", Kind::date, "lived there from"},
    {"end_date", Kind::date, "until; null while current"},
    {"kind", Kind::word, "home|temporary|care-home|incident|not-known"},
};
inline constexpr Column condition_columns[] = {
    {"code", Kind::code, "SNOMED CT or ICD-10"},
    {"onset_date", Kind::date, "when it began, or was first recorded"},
    {"recorded_date", Kind::date, "when it was written down"},
    {"abatement_date", Kind::date, "when it ended; null while active"},
    {"status", Kind::word, "active|resolved|inactive|entered-in-error"},
    {"category", Kind::word, "problem|encounter|registered-cause"},
    {"rank", Kind::integer, "1 = primary within its encounter"},
    {"encounter", Kind::local_id, "the source's encounter identifier"},
};
inline constexpr Column observation_columns[] = {
    {"code", Kind::code, "what was observed"},
    {"date", Kind::date, "when"},
    {"value", Kind::number, "in the code's canonical unit"},
    {"unit", Kind::unit, "the canonical unit"},
    {"value_code", Kind::code, "for coded answers"},
    {"comparator", Kind::word, "<|<=|>=|>"},
    {"status", Kind::word, "final|preliminary|amended|entered-in-error"},
    {"encounter", Kind::local_id, ""},
};
inline constexpr Column medication_columns[] = {
    {"code", Kind::code, "dm+d or SNOMED CT or BNF"},
    {"date", Kind::date, "issued or stated"},
    {"kind", Kind::word, "issue|repeat|statement|administration"},
    {"status", Kind::word, "active|completed|stopped|cancelled|entered-in-error"},
    {"quantity", Kind::number, ""},
    {"unit", Kind::unit, ""},
    {"days", Kind::integer, "supplied for"},
    {"cost", Kind::pence, "net ingredient cost"},
};
inline constexpr Column encounter_columns[] = {
    {"kind", Kind::word,
     "appointment|consultation|spell|episode|outpatient|emergency|community|mental-health|ambulance|call-111|out-of-hours|"
     "social-care|voluntary|maternity|waiting|virtual"},
    {"code", Kind::code, "type, complaint or reason"},
    {"start_date", Kind::date, ""},
    {"end_date", Kind::date, "null while open"},
    {"start_time", Kind::instant, "when the source gives one"},
    {"status", Kind::word, "planned|arrived|finished|cancelled|did-not-attend|in-progress|entered-in-error"},
    {"admission_method", Kind::word, "elective|emergency|maternity|transfer|other"},
    {"discharge_destination", Kind::word, "home|care-home|hospital|died|other"},
    {"specialty", Kind::code, "treatment function"},
    {"site", Kind::organisation, "where"},
    {"healthcare_resource_group", Kind::code, ""},
    {"cost", Kind::pence, "price when the source gives one"},
    {"identifier", Kind::local_id, "the source's spell, attendance or contact identifier"},
};
inline constexpr Column procedure_columns[] = {
    {"code", Kind::code, "SNOMED CT or OPCS-4"},
    {"date", Kind::date, ""},
    {"status", Kind::word, "completed|in-progress|not-done|entered-in-error"},
    {"encounter", Kind::local_id, ""},
};
inline constexpr Column immunisation_columns[] = {
    {"code", Kind::code, "the vaccine"},
    {"date", Kind::date, ""},
    {"dose", Kind::integer, "1 = first"},
    {"status", Kind::word, "completed|not-done|declined|entered-in-error"},
};
inline constexpr Column allergy_columns[] = {
    {"code", Kind::code, "the substance"},
    {"onset_date", Kind::date, ""},
    {"recorded_date", Kind::date, ""},
    {"criticality", Kind::word, "low|high|unable-to-assess"},
    {"status", Kind::word, "active|inactive|resolved|entered-in-error"},
};
inline constexpr Column referral_columns[] = {
                                                // ServiceRequest
    {"code", Kind::code, "the service asked for"},
    {"date", Kind::date, "received"},
    {"end_date", Kind::date, "closed; null while open"},
    {"priority", Kind::word, "routine|urgent|two-week|emergency"},
    {"referrer", Kind::organisation, ""},
    {"status", Kind::word, "active|completed|rejected|waiting"},
    {"specialty", Kind::code, ""},
    {"identifier", Kind::local_id, ""},
};
inline constexpr Column care_service_columns[] = {
                                                    // social care, continuing care, equipment: paid care over time
    {"code", Kind::code, "service type"},
    {"start_date", Kind::date, ""},
    {"end_date", Kind::date, "null while running"},
    {"kind", Kind::word, "short-term|long-term|carer|continuing-care|equipment|voluntary"},
    {"setting", Kind::word, "community|residential|nursing|prison|other"},
    {"provider", Kind::organisation, ""},
    {"cost", Kind::pence, "per week"},
    {"identifier", Kind::local_id, ""},
};
inline constexpr Column care_plan_columns[] = {
    {"code", Kind::code, "kind of plan"},
    {"date", Kind::date, "agreed"},
    {"review_date", Kind::date, ""},
    {"end_date", Kind::date, ""},
    {"status", Kind::word, "active|completed|revoked"},
};
inline constexpr Column screening_columns[] = {
                                                 // an invitation and what came of it; FHIR Procedure or Observation
    {"code", Kind::code, "the programme"},
    {"invited_date", Kind::date, ""},
    {"date", Kind::date, "screened; null when not"},
    {"result", Kind::word, "normal|abnormal|inadequate|declined|did-not-attend|invited"},
};
inline constexpr Column death_columns[] = {
    {"code", Kind::code, "underlying cause, ICD-10"},
    {"date", Kind::date, ""},
    {"place", Kind::word, "home|care-home|hospital|hospice|elsewhere"},
};

inline constexpr Table tables[] = {
    {"registration", "EpisodeOfCare", "general practice registrations", registration_columns},
    {"residence", "Patient.address", "address history as small areas", residence_columns},
    {"condition", "Condition", "problems and diagnoses", condition_columns},
    {"observation", "Observation", "measurements and coded findings", observation_columns},
    {"medication", "MedicationRequest", "issues and statements", medication_columns},
    {"encounter", "Encounter", "every contact, call, attendance, spell", encounter_columns},
    {"procedure", "Procedure", "operations, care processes", procedure_columns},
    {"immunisation", "Immunization", "vaccinations given, declined", immunisation_columns},
    {"allergy", "AllergyIntolerance", "", allergy_columns},
    {"referral", "ServiceRequest", "referrals and waits", referral_columns},
    {"care_service", "CarePlan", "paid care over time", care_service_columns},
    {"care_plan", "CarePlan", "agreed plans", care_plan_columns},
    {"screening", "Procedure", "screening invitations and results", screening_columns},
    {"death", "Patient.deceased", "registered deaths", death_columns},
};

// What an identity row carries (identity.duckdb while staged and after; never in population.duckdb):
//   source, line, organisation, key (nhs_number | local_id | pseudonym:<domain>), local_id, nhs_number,
//   number_status (verified|traced|unverified|reissued), given, family, previous_family, birth_date,
//   birth_precision (day|month|year), sex (female|male|other|unknown), ethnicity code, postcode,
//   address, telephone, email, practice, language, death_date, restricted (S-flag), updated_date.
//
// The person table of population.duckdb, one row a person:
//   person, birth_date, sex, ethnicity (CodeId; 0 = unknown), death_date, area, place, practice,
//   resident, registered, deprivation quintiles by index version (from the system's small areas).

// Reference tables: rows about organisations, not persons. They carry source, line and organisation but no person, are
// staged and published like the others (ordered by source and line), and are never part of a person's block.
inline constexpr Column prescribing_cost_columns[] = {
    {"practice", Kind::organisation, "where it was prescribed"},
    {"month", Kind::date, "its first day"},
    {"code", Kind::code, "BNF chemical substance"},
    {"items", Kind::integer, ""},
    {"quantity", Kind::number, ""},
    {"net_cost", Kind::pence, "net ingredient cost"},
    {"actual_cost", Kind::pence, "after discount, with fees"},
};
inline constexpr Column organisation_entry_columns[] = {
    {"code", Kind::organisation, "the organisation described"},    {"name", Kind::local_id, "as published"},
    {"parent", Kind::organisation, "who commissions or holds it"}, {"opened_date", Kind::date, "first day"},
    {"closed_date", Kind::date, "last day; null while open"},      {"status", Kind::word, "active|closed|dormant|proposed"},
};
inline constexpr Column organisation_succession_columns[] = {
    {"former", Kind::organisation, ""},
    {"successor", Kind::organisation, ""},
    {"date", Kind::date, "the successor's first day"},
    {"kind", Kind::word, "legal|code|functions|other"},
};

inline constexpr Table reference_tables[] = {
    {"prescribing_cost", "", "what practices' prescriptions cost, by practice, month and substance", prescribing_cost_columns},
    {"organisation_entry", "Organization", "the published register of organisations", organisation_entry_columns},
    {"organisation_succession", "OrganizationAffiliation", "which organisation took over from which", organisation_succession_columns},
};

/// Both lists as one: indexes from 0, the record's tables first.
inline constexpr std::size_t table_total = std::size(tables) + std::size(reference_tables);
constexpr const Table& table_at(std::size_t index) { return index < std::size(tables) ? tables[index] : reference_tables[index - std::size(tables)]; }
constexpr bool about_person(std::size_t index) { return index < std::size(tables); }

}  // namespace catchment::records
