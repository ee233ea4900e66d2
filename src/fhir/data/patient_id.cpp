#include "fhir/data/patient_id.h"

namespace catchment::fhir {

using cql::Kind;
using cql::Value;

std::string patient_id(const Value& context) {
  if (context.is(Kind::string)) return context.as_string().substr(context.as_string().rfind('/') + 1);
  if (!context.is(Kind::object)) return {};
  for (const char* element : {"id", "reference"}) {
    const Value id = context.as_object().element(element, "String");
    if (id.is(Kind::string)) return id.as_string().substr(id.as_string().rfind('/') + 1);
  }
  return {};
}

}  // namespace catchment::fhir
