// The measure libraries of tests/cql/measures over the hand-worked patients of patients.txt.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "measures/measures.h"
#include "terminology/terminology.h"

using namespace catchment;

namespace {

const std::filesystem::path folder = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "tests" / "cql" / "measures";

std::string text_of(const std::filesystem::path& file) {
  std::stringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

/// Value set http://example.org/ValueSet/x has the one code x.
class NamedSets final : public cql::ValueSets {
 public:
  const cql::CodeSet* value_set(const std::string& url, const std::string&) const override {
    const std::string name = url.substr(url.rfind('/') + 1);
    auto& set = sets_[name];
    if (set.size() == 0) set.add(name, "http://example.org/codes");
    return &set;
  }

 private:
  mutable std::map<std::string, terminology::CodeMembers> sets_;
};

std::string coded(const std::string& code) {
  const bool loinc = code.find_first_not_of("0123456789-") == std::string::npos;
  return R"({"coding":[{"system":")" + std::string(loinc ? "http://loinc.org" : "http://example.org/codes") + R"(","code":")" + code + R"("}]})";
}

std::string quantity(const std::string& value, const std::string& unit) {
  return R"({"value":)" + value + R"(,"unit":")" + unit + R"(","system":"http://unitsofmeasure.org","code":")" + unit + "\"}";
}

struct Writer {
  std::string patient;
  int number = 0;
  std::string start(const char* type) {
    return std::string(R"({"resourceType":")") + type + R"(","id":"r)" + std::to_string(++number) + R"(","subject":{"reference":"Patient/)" + patient + R"("})";
  }
};

std::string component(const char* code, const std::string& value) { return R"({"code":)" + coded(code) + R"(,"valueQuantity":)" + quantity(value, "mm[Hg]") + "}"; }

/// One row of the table as a FHIR resource.
std::string resource(Writer& w, const std::vector<std::string>& c) {
  const std::string& kind = c[0];
  auto at = [](const std::string& day, const char* time) { return "\"" + day + "T" + time + "Z\""; };
  if (kind == "visit") {
    return w.start("Encounter") + R"(,"status":"finished","class":{"code":"AMB"},"type":[)" + coded("office-visit") + R"(],"period":{"start":)" + at(c[1], "09:00:00") + R"(,"end":)" + at(c[1], "09:30:00") + "}}";
  }
  if (kind == "stay") {
    const std::string type = c.size() > 3 ? R"(,"type":[)" + coded(c[3]) + "]" : "";
    return w.start("Encounter") + R"(,"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"})" + type + R"(,"period":{"start":)" + at(c[1], "10:00:00") + R"(,"end":)" + at(c[2], "16:00:00") + "}}";
  }
  if (kind == "condition") {
    const std::string status = c.size() > 3 ? "resolved" : "active";
    const std::string end = c.size() > 3 ? R"(,"abatementDateTime":")" + c[3] + "\"" : "";
    return w.start("Condition") + R"(,"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":")" + status + R"("}]},"code":)" + coded(c[1]) + R"(,"onsetDateTime":")" + c[2] + "\"" + end + "}";
  }
  if (kind == "observation") return w.start("Observation") + R"(,"status":"final","code":)" + coded(c[1]) + R"(,"effectiveDateTime":)" + at(c[2], "10:00:00") + R"(,"valueQuantity":)" + quantity(c[3], c[4]) + "}";
  if (kind == "answer") {
    return w.start("Observation") + R"(,"status":"final","code":)" + coded(c[1]) + R"(,"effectiveDateTime":)" + at(c[2], "09:10:00") + R"(,"valueCodeableConcept":{"coding":[{"system":"http://example.org/CodeSystem/answers","code":")" + c[3] + "\"}]}}";
  }
  if (kind == "bp") {
    return w.start("Observation") + R"(,"status":"final","code":)" + coded("85354-9") + R"(,"effectiveDateTime":)" + at(c[1], "10:00:00") + R"(,"component":[)" + component("8480-6", c[2]) + "," + component("8462-4", c[3]) + "]}";
  }
  if (kind == "procedure") return w.start("Procedure") + R"(,"status":"completed","code":)" + coded(c[1]) + R"(,"performedDateTime":)" + at(c[2], "10:00:00") + "}";
  if (kind == "service") return w.start("ServiceRequest") + R"(,"status":"active","intent":"order","code":)" + coded(c[1]) + R"(,"authoredOn":)" + at(c[2], "10:00:00") + "}";
  if (kind == "medicine") return w.start("MedicationRequest") + R"(,"status":"active","intent":"order","medicationCodeableConcept":)" + coded(c[1]) + R"(,"authoredOn":)" + at(c[2], "10:00:00") + "}";
  if (kind == "vaccine") return w.start("Immunization") + R"(,"status":"completed","vaccineCode":)" + coded(c[1]) + R"(,"patient":{"reference":"Patient/)" + w.patient + R"("},"occurrenceDateTime":)" + at(c[2], "10:00:00") + "}";
  if (kind == "allergy") return w.start("AllergyIntolerance") + R"(,"code":)" + coded(c[1]) + "}";
  FAIL("unknown row " << kind);
  return {};
}

struct Case {
  std::string measure, patient;
  std::vector<std::string> resources, expected;
};

std::vector<Case> cases() {
  std::vector<Case> result;
  std::istringstream lines(text_of(folder / "patients.txt"));
  std::string measure;
  Writer writer;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::string> cells;
    for (std::string word; words >> word;) cells.push_back(word);
    if (cells.empty() || cells[0][0] == '#') continue;
    if (cells[0] == "measure") {
      measure = cells[1];
    } else if (cells[0] == "patient") {
      writer = {cells[1], 0};
      result.push_back({measure, cells[1], {}, {}});
      result.back().resources.push_back(R"({"resourceType":"Patient","id":")" + cells[1] + R"(","birthDate":")" + cells[2] + R"("})");
    } else if (cells[0] == "expect") {
      result.back().expected.assign(cells.begin() + 1, cells.end());
    } else {
      result.back().resources.push_back(resource(writer, cells));
    }
  }
  return result;
}

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
  for (const Case& c : cases()) {
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
    const cql::Plan plan(*program);
    fhir::Answers planned(*program, request, *subjects[0], &plan);
    const auto again = measures::evaluate_subject(measure, planned, c.patient);
    for (std::size_t i = 0; i < result.groups[0].populations.size(); ++i) CHECK(again.groups[0].populations[i].count == result.groups[0].populations[i].count);
    for (const std::string& error : result.errors) MESSAGE(error);
    CHECK(result.errors.empty());
    std::vector<std::string> found;
    for (const measures::PopulationKind kind : {measures::PopulationKind::initial_population, measures::PopulationKind::denominator, measures::PopulationKind::denominator_exclusion,
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
