// Encounter.diagnosis: which of its conditions is the main one.
#include "intake/encounter_diagnoses.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <string>

using namespace catchment;
using namespace catchment::intake;
using catchment::fhir::Fault;

namespace {

/// "condition=rank ..." of what an Encounter names, then "!kind" for each fault.
std::string diagnoses_of(std::string_view list, std::string_view status = "finished") {
  json::Parser parser;
  json::Fault wrong;
  const auto document = parser.parse(fmt::format(R"({{"resourceType":"Encounter","status":"{}","diagnosis":[{}]}})", status, list), wrong);
  REQUIRE(document.has_value());
  std::vector<Diagnosis> diagnoses;
  std::vector<Fault> faults;
  read_diagnoses(document->root(), diagnoses, faults);
  std::string out;
  for (const auto& one : diagnoses) out += fmt::format("{}={} ", one.condition, one.rank);
  for (const auto& fault : faults) out += fault.kind == Fault::Kind::reference ? "!reference " : fault.kind == Fault::Kind::word ? "!word " : "!type ";
  return out;
}

std::string diagnosis(std::string_view condition, std::string_view role = {}, std::string_view rank = {}) {
  std::string out = fmt::format(R"({{"condition":{{"reference":"{}"}})", condition);
  if (!role.empty()) out += fmt::format(R"(,"use":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/diagnosis-role","code":"{}"}}]}})", role);
  if (!rank.empty()) out += fmt::format(R"(,"rank":{})", rank);
  return out + "}";
}

}  // namespace

TEST_CASE("an encounter's diagnoses have the place that the coded outcome gives them") {
  CHECK(diagnoses_of(diagnosis("Condition/a", "", "2") + "," + diagnosis("Condition/b", "", "1")) == "a=2 b=1 ");
  CHECK(diagnoses_of(diagnosis("urn:uuid:a", "DD", "1") + "," + diagnosis("https://x.example/r4/Condition/b/_history/3", "DD", "2")) == "a=1 b=2 ");
  // Ranks are for each role: what was thought on admission is not what was found.
  CHECK(diagnoses_of(diagnosis("Condition/a", "AD", "1") + "," + diagnosis("Condition/b", "DD", "1")) == "a=0 b=1 ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "billing", "1") + "," + diagnosis("Condition/b", "DD", "1")) == "a=0 b=1 ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "", "1") + "," + diagnosis("Condition/b", "billing", "1")) == "a=0 b=1 ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "AD", "1") + "," + diagnosis("Condition/b", "CM", "1")) == "a=0 b=0 ");
}

TEST_CASE("without ranks a diagnosis alone in its role is the first, and of several none is") {
  CHECK(diagnoses_of(diagnosis("Condition/a")) == "a=1 ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "CM") + "," + diagnosis("Condition/b", "DD") + "," + diagnosis("Condition/c", "CM")) == "a=0 b=1 c=0 ");
  CHECK(diagnoses_of(diagnosis("Condition/a") + "," + diagnosis("Condition/b")) == "a=0 b=0 ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "", "2") + "," + diagnosis("Condition/b")) == "a=2 b=0 ");
}

TEST_CASE("an operation is no diagnosis, and what cannot be read is a fault") {
  CHECK(diagnoses_of(diagnosis("Procedure/a", "", "1") + "," + diagnosis("Condition/b", "", "2")) == "b=2 ");
  CHECK(diagnoses_of(diagnosis("#inside", "", "1")) == "!reference ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "", "0")) == "a=0 !type ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "final", "1")) == "a=0 !word ");
  CHECK(diagnoses_of(diagnosis("Condition/a", "", "1"), "entered-in-error").empty());
}
