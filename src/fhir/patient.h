// A Patient as an identity. Internal to fhir.
#pragma once

#include <deque>
#include <string>

#include "fhir/resources.h"

namespace catchment::fhir {

/// Texts put together from several elements; they live until the next Patient.
using PatientTexts = std::deque<std::string>;

Identity read_patient(json::Value patient, PatientTexts& texts, std::vector<Fault>& faults);

/// "2012", "2012-03", "2012-03-04" or a date with a time; not present when it is none of these.
Field date_of(std::string_view text);

}  // namespace catchment::fhir
