// What a reader may pass over when it knows the program.
#include "fhir/data/needed_resources.h"

#include <doctest/doctest.h>

#include "fhir/fhir.h"

using namespace catchment;
using namespace catchment::fhir;

namespace {

constexpr const char* library = R"(library L
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem S: 's'
code X: 'x' from S
valueset Given: 'http://example.org/given'
valueset Missing: 'http://example.org/missing'
context Patient
define Xs: [Condition: X]
define Listed: [Condition: code in { X, Code 'y' from S }]
define Medicines: [MedicationRequest: medication in Given]
define Unknown: [Procedure: Missing]
define Own: [Observation: code in (Xs C return C.code)]
define function Visits(): [Encounter]
define Count: Count(Visits())
)";

class OneSet final : public cql::ValueSets, public cql::CodeSet {
 public:
  const cql::CodeSet* value_set(const std::string& url, const std::string&) const override { return url == "http://example.org/given" ? this : nullptr; }
  bool contains(std::string_view code, std::string_view system) const override { return code == "pill" && system == "m"; }
  bool contains(std::string_view code) const override { return code == "pill"; }
  std::vector<cql::Value> codes() const override { return {cql::Value::code("pill", "m")}; }
};

std::string coded(const std::string& type, const std::string& id, const std::string& key, const std::string& code, const std::string& system) {
  return R"({"resourceType":")" + type + R"(","id":")" + id + R"(","subject":{"reference":"Patient/ann"},")" + key +
      R"(":{"coding":[{"code":"other","system":"s"},{"system":")" + system + R"(","code":")" + code + "\"}]}}";
}

const std::vector<std::string> lines{
    R"({"resourceType":"Patient","id":"ann"})",
    coded("Condition", "c1", "code", "x", "s"),
    coded("Condition", "c2", "code", "z", "s"),
    coded("Condition", "c3", "code", "x", "t"),
    coded("Condition", "c4", "code", "y", "s"),
    coded("Condition", "c5", "code", "\\u0078", "s"),
    R"({"id":"c6","subject":{"reference":"Patient/ann"},"code":{"coding":[{"code":"x","system":"s"}]},"resourceType":"Condition"})",
    R"( { "resourceType" : "Condition", "id":"c7","subject":{"reference":"Patient/ann"}})",
    R"({"resourceType":"Bundle","entry":[{"resource":)" + coded("Condition", "c8", "code", "x", "s") + R"(},{"resource":)" +
        coded("Condition", "c9", "code", "z", "s") + "}]}",
    coded("MedicationRequest", "m1", "medicationCodeableConcept", "pill", "m"),
    coded("MedicationRequest", "m2", "medicationCodeableConcept", "pill", "n"),
    coded("Procedure", "p1", "code", "z", "s"),
    coded("Observation", "o1", "code", "z", "s"),
    R"({"resourceType":"Encounter","id":"e1","subject":{"reference":"Patient/ann"}})",
    coded("Immunization", "i1", "vaccineCode", "x", "s"),
    R"({"resourceType":"Immunization","id":"not JSON})",
};

struct World {
  World() {
    const cql::Models models;
    Diagnostics diagnostics;
    program = cql::check_library({"L.cql", library}, libraries, models, diagnostics);
    for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
    REQUIRE(!has_errors(diagnostics));
    request.time = *cql::Temporal::parse_datetime("2026-01-15T00:00:00.000Z");
    request.value_sets = &sets;
  }
  std::vector<std::unique_ptr<Subject>> read(const NeededResources* needed, const char* file = "all.ndjson") const {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    SubjectReader reader(needed);
    reader.add(text, file, "");
    return reader.take();
  }
  const cql::Libraries libraries;
  std::unique_ptr<cql::Program> program;
  OneSet sets;
  cql::Request request;
};

std::string ids(const Subject& subject, const char* type) {
  std::string text;
  for (const json::Value row : subject.rows(type)) text += (text.empty() ? "" : " ") + std::string(row["id"].string());
  return text;
}

}  // namespace

TEST_CASE("a resource that no retrieve can find is left out, however its code is written") {
  const World world;
  const cql::Plan plan(*world.program);
  const NeededResources needed(plan, world.request);
  const auto subjects = world.read(&needed);
  REQUIRE(subjects.size() == 1);
  CHECK(ids(*subjects[0], "Condition") == "c1 c4 c5 c6 c8");
  CHECK(ids(*subjects[0], "MedicationRequest") == "m1");
  CHECK(ids(*subjects[0], "Immunization").empty());
}

TEST_CASE("where the codes are not known in advance every resource of the type is kept") {
  const World world;
  const cql::Plan plan(*world.program);
  const NeededResources needed(plan, world.request);
  const auto subjects = world.read(&needed);
  REQUIRE(subjects.size() == 1);
  CHECK(ids(*subjects[0], "Procedure") == "p1");    // a value set that is not loaded
  CHECK(ids(*subjects[0], "Observation") == "o1");  // codes that the subject's own rows give
  CHECK(ids(*subjects[0], "Encounter") == "e1");    // no codes at all, in a function
}

TEST_CASE("answers over needed resources are those over all") {
  const World world;
  const cql::Plan plan(*world.program);
  const NeededResources needed(plan, world.request);
  const auto some = world.read(&needed);
  const auto all = world.read(nullptr);
  REQUIRE(some.size() == 1);
  REQUIRE(all.size() == 1);
  CHECK(some[0]->size() < all[0]->size());
  Answers of_some(*world.program, world.request, *some[0]);
  Answers of_all(*world.program, world.request, *all[0]);
  for (std::size_t i = 0; i < world.program->main_library().definitions.size(); ++i) CHECK(to_json(of_some.definition(i)) == to_json(of_all.definition(i)));
  CHECK(to_json(of_some.definition("Listed")) == R"(["Condition/c1","Condition/c4","Condition/c5","Condition/c6","Condition/c8"])");
  CHECK(of_some.errors() == of_all.errors());
}
