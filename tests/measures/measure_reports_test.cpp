// A measure of every scoring over hand-worked patients: what its MeasureReports say, and that they are FHIR R4.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "hand_worked.h"
#include "json/json.h"
#include "measures/measures.h"

using namespace catchment;
using namespace hand_worked;

namespace {

std::string words(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

json::Value with_id(json::Value list, const std::string& id) {
  for (const json::Value item : list) {
    if (item["id"].string() == id) return item;
  }
  return {};
}

std::string counts_of(json::Value holder) {
  std::vector<std::string> counts;
  for (const json::Value population : holder["population"]) counts.emplace_back(population["count"].number_text());
  return words(counts);
}

std::string stratum_values(json::Value stratum) {
  std::vector<std::string> values;
  if (stratum.has("value")) values.emplace_back(stratum["value"]["text"].string());
  for (const json::Value component : stratum["component"]) values.emplace_back(component["value"]["text"].string());
  for (std::string& value : values) std::replace(value.begin(), value.end(), ' ', '_');
  return words(values);
}

/// What one claim says of the report, as the report has it: both sides as text.
std::string found(json::Value report, const std::vector<std::string>& claim) {
  const json::Value group = with_id(report["group"], claim[1]);
  if (claim[0] == "group") return counts_of(group);
  if (claim[0] == "score") {
    const auto score = cql::Decimal::parse(group["measureScore"]["value"].number_text());
    return score && *score == *cql::Decimal::parse(claim[2]) ? claim[2] : std::string(group["measureScore"]["value"].number_text());
  }
  if (claim[0] == "stratum") {
    const auto colon = std::find(claim.begin(), claim.end(), ":");
    const std::string wanted = words({claim.begin() + 3, colon});
    for (const json::Value stratum : with_id(group["stratifier"], claim[2])["stratum"]) {
      if (stratum_values(stratum) == wanted) return counts_of(stratum);
    }
    return "no stratum " + wanted;
  }
  for (const json::Value contained : report["contained"]) {
    const json::Value info = contained["extension"].at(0)["extension"].at(0);
    if (info["valueString"].string() != claim[1]) continue;
    if (contained.has("valueString")) return std::string(contained["valueString"].string());
    return std::string(contained["valueCodeableConcept"]["coding"].at(0)["code"].string());
  }
  return "no supplement";
}

std::string wanted(const std::vector<std::string>& claim) {
  if (claim[0] == "stratum") return words({std::find(claim.begin(), claim.end(), ":") + 1, claim.end()});
  return words({claim.begin() + 2, claim.end()});
}

/// FHIR has no empty arrays, objects or texts.
void check_nothing_empty(json::Value value, const std::string& path) {
  CAPTURE(path);
  if (value.is_string()) CHECK(!value.string().empty());
  if (value.is_array()) {
    CHECK(value.size() > 0);
    for (const json::Value item : value) check_nothing_empty(item, path + "[]");
  }
  if (value.is_object()) {
    CHECK(value.size() > 0);
    for (const json::Value member : value) check_nothing_empty(member, path + "." + std::string(member.key()));
  }
}

void check_shape(json::Value report, const std::string& type) {
  check_nothing_empty(report, "MeasureReport");
  CHECK(report["resourceType"].string() == "MeasureReport");
  CHECK(report["status"].string() == "complete");
  CHECK(report["type"].string() == type);
  CHECK(report["measure"].string() == "http://example.org/Measure/Stays|1.0");
  CHECK(report["period"]["start"].string() == "2025-01-01");
  CHECK(report.has("subject") == (type == "individual"));
  CHECK(!report.has("improvementNotation"));  // the measure does not say
  std::set<std::string> referred;
  for (const json::Value reference : report["evaluatedResource"]) referred.emplace(reference["reference"].string());
  for (const json::Value contained : report["contained"]) CHECK(referred.count("#" + std::string(contained["id"].string())) == 1);
  for (const json::Value group : report["group"]) {
    for (const json::Value population : group["population"]) {
      CHECK(population["code"]["coding"].at(0)["system"].string() == "http://terminology.hl7.org/CodeSystem/measure-population");
      CHECK(population.has("id"));
    }
  }
}

}  // namespace

TEST_CASE("reports of ratio, continuous variable, cohort, proportion, strata and supplements are as worked by hand") {
  const cql::Models models;
  cql::Libraries libraries;
  for (const char* file : {"Shared.cql", "Stays.cql"}) libraries.add({file, text_of(folder / file)});
  Diagnostics diagnostics;
  const auto program = cql::check_library(*libraries.find("Stays", ""), libraries, models, diagnostics);
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(text_of(folder / "Stays.json"), fault);
  REQUIRE(document);
  const measures::Measure measure = measures::read_measure(document->root(), "Stays.json", diagnostics);
  measures::check_expressions(measure, *program, "Stays.json", diagnostics);
  for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
  REQUIRE(!has_errors(diagnostics));
  NamedSets sets;
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-01-15T00:00:00.000Z");
  request.value_sets = &sets;
  const cql::Value period = cql::Value::interval(cql::Value::temporal(*cql::Temporal::parse_datetime("2025-01-01T00:00:00.000Z")),
                                                 cql::Value::temporal(*cql::Temporal::parse_datetime("2025-12-31T23:59:59.999Z")), true, true);
  request.parameters["Measurement Period"] = period;
  request.parameters["Shared.Measurement Period"] = period;
  const measures::ReportFrame frame{"2025-01-01", "2025-12-31", "2026-01-15T00:00:00Z"};
  const cql::Plan plan(*program);
  std::vector<std::vector<std::unique_ptr<fhir::Subject>>> kept;   // results hold values of these
  std::vector<measures::SubjectResult> results;
  int claims = 0;
  auto check_claims = [&](const Case& c, const std::string& text, const char* type) {
    json::Parser reader;
    const auto report = reader.parse(text, fault);
    REQUIRE(report);
    check_shape(report->root(), type);
    for (const auto& claim : c.claims) {
      CAPTURE(words(claim));
      CHECK(found(report->root(), claim) == wanted(claim));
      ++claims;
    }
  };
  for (const Case& c : cases("reports.txt")) {
    CAPTURE(c.patient);
    if (c.patient.empty()) {
      check_claims(c, measures::summary_report(measure, results, frame), "summary");
      continue;
    }
    fhir::SubjectReader reader;
    for (const std::string& text : c.resources) reader.add(text, "row.json", c.patient);
    kept.push_back(reader.take());
    REQUIRE(kept.back().size() == 1);
    for (const cql::Plan* planned : {static_cast<const cql::Plan*>(nullptr), &plan}) {
      fhir::Answers answers(*program, request, *kept.back()[0], planned);
      auto result = measures::evaluate_subject(measure, answers, c.patient);
      CHECK(result.errors.empty());
      check_claims(c, measures::individual_report(measure, result, frame), "individual");
      if (planned != nullptr) results.push_back(std::move(result));
    }
  }
  CHECK(claims > 60);
}

TEST_CASE("an optional population without criteria is empty; one the score rests on is an error") {
  const auto read = [](const char* code) {
    json::Parser parser;
    json::Fault fault;
    const std::string text =
        std::string(R"({"resourceType":"Measure","name":"M","library":["L"],"scoring":{"coding":[{"code":"proportion"}]},"group":[{"population":[
      {"code":{"coding":[{"code":"initial-population"}]},"criteria":{"expression":"A"}},{"code":{"coding":[{"code":")") +
        code + R"("}]},"criteria":{"expression":""}}]}]})";
    const auto document = parser.parse(text, fault);
    REQUIRE(document);
    Diagnostics diagnostics;
    const measures::Measure measure = measures::read_measure(document->root(), "M.json", diagnostics);
    cql::Libraries libraries;
    const cql::Models models;
    const auto program = cql::check_library({"L.cql", "library L\ndefine A: true"}, libraries, models, diagnostics);
    measures::check_expressions(measure, *program, "M.json", diagnostics);
    return diagnostics;
  };
  CHECK(!has_errors(read("numerator-exclusion")));
  CHECK(read("numerator-exclusion").size() == 1);
  CHECK(has_errors(read("denominator")));
}
