// The measure libraries of tests/cql/measures over the hand-worked patients of patients.txt.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include "hand_worked.h"
#include "measures/measures.h"

using namespace catchment;

namespace {

using namespace hand_worked;

measures::Measure measure_of(const cql::Program& program, bool episodes) {
  measures::Measure measure;
  measures::Group group;
  group.boolean_basis = !episodes;
  const std::pair<measures::PopulationKind, const char*> names[] = {{measures::PopulationKind::initial_population, "Initial Population"},
                                                                    {measures::PopulationKind::denominator, "Denominator"},
                                                                    {measures::PopulationKind::denominator_exclusion, "Denominator Exclusions"},
                                                                    {measures::PopulationKind::denominator_exception, "Denominator Exceptions"},
                                                                    {measures::PopulationKind::numerator, "Numerator"}};
  for (const auto& [kind, name] : names) {
    for (const auto& definition : program.main_library().definitions) {
      if (definition.name == name) group.populations.push_back({"", kind, std::string(measures::code_of(kind)), name, "", "", ""});
    }
  }
  measure.groups.push_back(std::move(group));
  return measure;
}

}  // namespace

TEST_CASE("the measure libraries count the hand-worked patients as worked by hand") {
  const cql::Models models;
  cql::Libraries libraries;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".cql") libraries.add({entry.path().filename().string(), text_of(entry.path())});
  }
  NamedSets sets;
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-01-15T00:00:00.000Z");
  request.value_sets = &sets;
  const cql::Value period = cql::Value::interval(cql::Value::temporal(*cql::Temporal::parse_datetime("2025-01-01T00:00:00.000Z")),
                                                 cql::Value::temporal(*cql::Temporal::parse_datetime("2025-12-31T23:59:59.999Z")), true, true);
  request.parameters["Measurement Period"] = period;
  request.parameters["Shared.Measurement Period"] = period;
  std::map<std::string, std::unique_ptr<cql::Program>> programs;
  int checked = 0;
  for (const Case& c : cases("patients.txt")) {
    CAPTURE(c.measure);
    CAPTURE(c.patient);
    auto& program = programs[c.measure];
    if (!program) {
      Diagnostics diagnostics;
      program = cql::check_library(*libraries.find(c.measure, ""), libraries, models, diagnostics);
      for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
      REQUIRE(!has_errors(diagnostics));
    }
    fhir::SubjectReader reader;
    for (const std::string& text : c.resources) reader.add(text, "row.json", c.patient);
    for (const Diagnostic& d : reader.diagnostics()) MESSAGE(to_string(d));
    const auto subjects = reader.take();
    REQUIRE(subjects.size() == 1);
    fhir::Answers answers(*program, request, *subjects[0]);
    const measures::Measure measure = measure_of(*program, c.measure == "Readmission");
    const auto result = measures::evaluate_subject(measure, answers, c.patient);
    // The plan over what its retrieves can find gives the same as the tree walk over every resource.
    const cql::Plan plan(*program);
    const fhir::NeededResources needed(plan, request);
    fhir::SubjectReader reader_of_needed(&needed);
    for (const std::string& text : c.resources) reader_of_needed.add(text, "row.json", c.patient);
    const auto with_needed = reader_of_needed.take();
    REQUIRE(with_needed.size() == 1);
    fhir::Answers planned(*program, request, *with_needed[0], &plan);
    const auto again = measures::evaluate_subject(measure, planned, c.patient);
    for (std::size_t i = 0; i < result.groups[0].populations.size(); ++i) CHECK(again.groups[0].populations[i].count == result.groups[0].populations[i].count);
    for (const std::string& error : result.errors) MESSAGE(error);
    CHECK(result.errors.empty());
    std::vector<std::string> found;
    for (const measures::PopulationKind kind :
         {measures::PopulationKind::initial_population, measures::PopulationKind::denominator, measures::PopulationKind::denominator_exclusion,
          measures::PopulationKind::denominator_exception, measures::PopulationKind::numerator}) {
      std::string count = "-";
      for (std::size_t i = 0; i < measure.groups[0].populations.size(); ++i) {
        if (measure.groups[0].populations[i].kind == kind) count = std::to_string(result.groups[0].populations[i].count);
      }
      found.push_back(count);
    }
    std::string wanted_text;
    std::string found_text;
    for (const std::string& word : c.expected) wanted_text += word + " ";
    for (const std::string& word : found) found_text += word + " ";
    CHECK(found_text == wanted_text);
    ++checked;
  }
  CHECK(checked >= 35);
}
