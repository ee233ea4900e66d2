// How a row of the record reads as a FHIR R4 resource: which element is filled by which column.
// The table is docs/reference/record-as-fhir.md in code; everything that presents rows to CQL reads it.
// In: nothing. Out: shapes (one per table and resource type) with their elements. Always: plain constant data;
// a column named here is a column of records/schema.h, checked when the program is compiled.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cql/cql.h"
#include "records/records.h"

namespace catchment::measures {

struct WordPair {
  std::string_view ours, fhir;
};

/// How an element is made from its column.
enum class How : std::uint8_t {
  code,               // CodeableConcept of a code
  codes,              // a list of one
  own_code,           // CodeableConcept that is the same for every row of the table (`constant`: code, `system`)
  word,               // the FHIR word for ours
  word_concept,       // CodeableConcept: `system` and the FHIR word
  word_concepts,      // a list of one
  word_coding,        // Coding
  date,               // dateTime known to the day
  period,             // Period from `column` to `other`
  timed_period,       // the same; the start with its time when the column start_time has one
  whole,              // a positive integer
  quantity,           // Quantity from `column`, unit in `other`
  days,               // Duration in days
  text,
  constant,           // the text `constant`
  patient,            // Reference to the person
  encounter,          // Reference to the encounter the source names
  organisation,       // Reference to the organisation in `column`; in the row's own when `column` is none
  hospitalization,    // Encounter.hospitalization: admission method and discharge destination
  dispense_request,   // MedicationRequest.dispenseRequest: quantity, expected supply
  dose_number,        // Immunization.protocolApplied
  place_of_death,     // Observation.component of a death: where
  screening_outcome,  // Procedure.outcome, where the result is one
  kinds,              // Encounter.type: the code, then our kind
  rank,               // Condition.extension with the rank within its encounter
  local_id,           // the source's identifier in `column` as the resource's id; without one the row's own
  services,           // CarePlan.category of a care service: the code, its kind, its setting
};

inline constexpr std::int16_t no_column = -1;

struct ElementMap {
  std::string_view key;  // as FHIR's JSON has it: "onsetDateTime"
  How how;
  std::int16_t column = no_column, other = no_column;
  std::span<const WordPair> words = {};
  std::string_view system = {}, constant = {};
};

/// One table's rows as one resource type.
struct ShapeMap {
  std::string_view resource;   // "Condition"
  std::string_view table;
  std::int16_t table_index;
  std::string_view code_key;   // the element retrieves filter by: "code", "type", "vaccineCode", ...
  std::string_view date_key;   // the element that says when; empty when there is none
  std::int16_t code_column;    // its column; no_column when every row has the same code
  std::int16_t date_column;
  std::span<const ElementMap> elements;
  /// Which rows of the table: those whose word column `chosen_by` is one of these; empty for all.
  std::int16_t chosen_by = no_column;
  std::span<const std::string_view> chosen = {};
};

std::span<const ShapeMap> shapes();

inline constexpr std::string_view diagnosis_rank_url = "urn:catchment:diagnosis-rank";

/// Code systems of the record's own words, which no published code system holds.
inline constexpr std::string_view encounter_kind_system = "urn:catchment:encounter-kind";
inline constexpr std::string_view care_service_kind_system = "urn:catchment:care-service-kind";
inline constexpr std::string_view care_service_setting_system = "urn:catchment:care-service-setting";
inline constexpr std::string_view place_of_death_system = "urn:catchment:place-of-death";
inline constexpr std::string_view screening_result_system = "urn:catchment:screening-result";

}  // namespace catchment::measures
