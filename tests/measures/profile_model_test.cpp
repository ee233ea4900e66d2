// A model of profiles over FHIR (QICore style): labels, targets, extensions, slices, negation, choices.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fhir/fhir.h"
#include "terminology/terminology.h"

using namespace catchment;

TEST_CASE("profiles of a run-time model read the FHIR resources they rest on") {
  const std::filesystem::path folder = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "tests" / "cql" / "models";
  cql::Models models;
  cql::Libraries libraries;
  Diagnostics diagnostics;
  fhir::read_models(folder / "profiles.xml", models, diagnostics);
  const auto program = cql::check_library({"Profiles.cql", fhir::read_file(folder / "Profiles.cql")}, libraries, models, diagnostics);
  for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
  REQUIRE(!has_errors(diagnostics));
  terminology::ValueSetStore sets;
  sets.add_json(
      R"({"resourceType":"ValueSet","url":"http://example.org/ValueSet/diabetes","compose":{"include":[{"system":"http://snomed.info/sct","concept":[{"code":"44054006"}]}]}})",
      "a", diagnostics);
  sets.add_json(
      R"({"resourceType":"ValueSet","url":"http://example.org/ValueSet/referral","expansion":{"contains":[{"system":"http://snomed.info/sct","code":"1"}]}})",
      "b", diagnostics);
  sets.add_json(
      R"({"resourceType":"ValueSet","url":"http://example.org/ValueSet/referral","expansion":{"contains":[{"system":"http://snomed.info/sct","code":"2"}]}})",
      "page two", diagnostics);
  sets.finish(diagnostics);
  CHECK(sets.value_set("http://example.org/ValueSet/referral", "")->contains("1", "http://snomed.info/sct"));
  CHECK(sets.value_set("http://example.org/ValueSet/referral", "")->contains("2", "http://snomed.info/sct"));
  CHECK(sets.value_set("http://example.org/ValueSet/missing", "") == nullptr);
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-01-15T00:00:00.000Z");
  request.value_sets = &sets;
  request.parameters["Measurement Period"] = cql::Value::interval(cql::Value::temporal(*cql::Temporal::parse_datetime("2025-01-01T00:00:00.000Z")),
                                                                  cql::Value::temporal(*cql::Temporal::parse_datetime("2025-12-31T23:59:59.999Z")), true, true);
  auto read = fhir::read_subjects(folder / "patient");
  REQUIRE(read.subjects.size() == 1);
  read.subjects[0]->set_patient_class(program->main_library().patient_class);
  fhir::Answers answers(*program, request, *read.subjects[0]);
  auto cell = [&answers](const char* name) { return fhir::to_cell(answers.definition(name)); };
  CHECK(cell("Problems") == R"(["Condition/c1"])");
  CHECK(cell("Onset") == "2010-02-03T");
  CHECK(cell("Not done") == R"(["ServiceRequest/s1"])");
  CHECK(cell("Done") == "[]");
  // A resource that names its profile is of that one; one that names none may be of any.
  CHECK(cell("Encounter diagnoses") == R"(["Condition/c1","Condition/c2"])");
  CHECK(cell("Either kind") == R"(["Condition/c1","Condition/c2"])");
  // A negation row is found by a code of the set and by naming the set; a request not to do is no request.
  CHECK(cell("Not requested in set") == R"([null,"2025-04-01T10:00:00+00:00"])");
  CHECK(cell("Not requested codes") == R"([null,{"codes":[{"system":"http://snomed.info/sct","code":"2"}]}])");
  CHECK(cell("Requested at all") == R"(["ServiceRequest/s3"])");
  CHECK(cell("SDE Ethnicity") == R"({"codes":[{"system":"urn:oid:2.16","code":"2135-2","display":"Hispanic"}]})");
  CHECK(cell("Birth sex") == "M");
  CHECK(cell("Vitals") == R"([{"value":5.5,"unit":"mg"}])");
  CHECK(cell("Age") == "44");
  CHECK(cell("Sex") == "male");
  CHECK(answers.errors().empty());
}
