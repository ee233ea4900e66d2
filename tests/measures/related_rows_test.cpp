// Retrieves beyond the patient's own rows, by an element's text, and what a missing value set does.
#include <doctest/doctest.h>

#include "fhir/fhir.h"
#include "terminology/terminology.h"

using namespace catchment;

namespace {

constexpr const char* data[] = {
    R"({"resourceType":"Patient","id":"child","birthDate":"2025-01-01","link":[{"other":{"reference":"Patient/mother"},"type":"seealso"}]})",
    R"({"resourceType":"Patient","id":"mother","birthDate":"1990-01-01"})",
    R"({"resourceType":"Encounter","id":"birth","status":"finished","subject":{"reference":"Patient/mother"},"location":[{"location":{"reference":"Location/ward"}}]})",
    R"({"resourceType":"Condition","id":"c","code":{"coding":[{"code":"x","system":"s"}]},"subject":{"reference":"Patient/child"}})",
    R"({"resourceType":"Location","id":"ward","name":"Ward 4"})"};

constexpr const char* library = R"(library L
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
valueset "Missing": 'http://example.org/missing'
context Patient
define "Mother": First(Patient.link L return Last(Split(L.other.reference, '/')))
define "Own encounters": [Encounter]
define "Mother's encounters": ["Mother" -> Encounter]
define "Nobody's encounters": [Nobody -> Encounter]
define Nobody: 'nobody'
define "Wards": "Mother's encounters" E return First([Location: id in { Last(Split(First(E.location).location.reference, '/')) }]).name
define "Of a missing set": [Condition: "Missing"]
)";

}  // namespace

TEST_CASE("related patients' rows, rows by id and a missing value set") {
  const cql::Models models;
  const cql::Libraries libraries;
  Diagnostics diagnostics;
  const auto program = cql::check_library({"L.cql", library}, libraries, models, diagnostics);
  for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
  REQUIRE(!has_errors(diagnostics));
  fhir::SubjectReader reader;
  for (const char* text : data) reader.add(text, "all.json", "");
  const auto subjects = reader.take();
  REQUIRE(subjects.size() == 2);
  for (const auto& subject : subjects) subject->set_everyone(&subjects);
  const terminology::ValueSetStore store;
  struct Sets final : cql::ValueSets {
    const cql::CodeSet* value_set(const std::string&, const std::string&) const override { return nullptr; }
  } sets;
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-01-15T00:00:00.000Z");
  request.value_sets = &sets;
  const cql::Plan plan(*program);
  for (const cql::Plan* planned : {static_cast<const cql::Plan*>(nullptr), &plan}) {
    fhir::Answers answers(*program, request, *subjects[0], planned);
    auto cell = [&answers](const char* name) { return fhir::to_cell(answers.definition(name)); };
    CHECK(subjects[0]->id() == "child");
    CHECK(cell("Own encounters") == "[]");
    CHECK(cell("Mother's encounters") == R"(["Encounter/birth"])");
    CHECK(cell("Nobody's encounters") == "[]");
    CHECK(cell("Wards") == R"(["Ward 4"])");
    CHECK(answers.errors().empty());
    CHECK(cell("Of a missing set").empty());
    REQUIRE(answers.errors().size() == 1);
    CHECK(answers.errors()[0].find("Missing") != std::string::npos);
  }
}
