// Which conditions an Encounter names as its diagnoses, and at which place.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fhir/resources.h"

namespace catchment::intake {

/// A condition that an Encounter names as a diagnosis. Views live as long as the json::Document.
struct Diagnosis {
  std::string_view condition;  // id of the Condition
  std::int64_t rank = 0;       // its place in the encounter, 1 = main; 0 = none
};

/// One Diagnosis for each entry of `Encounter.diagnosis` that names a Condition; a fault for each that names nothing readable, is in a role
/// that R4 does not list or has no good rank. R4 ranks "for each role type" (`use`); the record holds one place,
/// that of the coded outcome. The ranking taken is the first that is there of: discharge diagnoses, billing, diagnoses without a role.
/// What was thought on admission, complaints, comorbidities and diagnoses around an operation have no place in it. Without ranks a
/// diagnosis that is alone in that ranking is its first; of several none is, because the order of a list says nothing in FHIR.
void read_diagnoses(json::Value encounter, std::vector<Diagnosis>& out, std::vector<fhir::Fault>& faults);

}  // namespace catchment::intake
