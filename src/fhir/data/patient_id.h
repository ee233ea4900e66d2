// Whom a related context (`[Mother -> Encounter]`) stands for.
#pragma once

#include <string>

#include "cql/cql.h"

namespace catchment::fhir {

/// The id of the patient that the value is, refers to or names; empty when it is nobody.
std::string patient_id(const cql::Value& context);

}  // namespace catchment::fhir
