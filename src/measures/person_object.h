// A person's own data as a FHIR R4 Patient. Private to measures.
#pragma once

#include <string_view>

#include "cql/cql.h"
#include "records/records.h"

namespace catchment::measures {

/// A view: `person`, `words` and `type` ("FHIR.Patient") must outlive it. Two are equal when their persons are.
cql::Value person_object(const records::PersonSummary& person, const records::Dictionaries& words, std::string_view type);

}  // namespace catchment::measures
