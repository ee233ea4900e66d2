// Rows of the record read as FHIR resources by CQL, with both evaluators.
#include <doctest/doctest.h>

#include <sstream>

#include "measures/measures.h"

using namespace catchment;

namespace {

/// "table column=value; column=value", one row a line; the first word is the person.
void add_rows(measures::RecordRows& rows, const std::string& text, Diagnostics& diagnostics) {
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string person, table, rest;
    words >> person >> table;
    std::getline(words, rest);
    std::vector<measures::CellText> cells;
    std::istringstream parts(rest);
    for (std::string part; std::getline(parts, part, ';');) {
      const std::size_t begin = part.find_first_not_of(' '), equals = part.find('=');
      if (begin == std::string::npos || equals == std::string::npos) continue;
      cells.push_back({part.substr(begin, equals - begin), part.substr(equals + 1)});
    }
    rows.add(person, table, cells, "case.txt", number, diagnostics);
  }
}

const char* const library = R"(library T version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1'
codesystem "SCT": 'http://snomed.info/sct'
codesystem "Kinds": 'urn:catchment:encounter-kind'
codesystem "LOINC": 'http://loinc.org'
code "Diabetes": '44054006' from "SCT"
code "HbA1c": '999791000000106' from "SCT"
code "Emergency": 'emergency' from "Kinds"
code "Cause of death": '69453-9' from "LOINC"
code "MMR": '38598009' from "SCT"
parameter "Measurement Period" Interval<DateTime> default Interval[@2025-04-01T00:00:00.0, @2026-03-31T23:59:59.999]
context Patient
define "Born": Patient.birthDate
define "Age": AgeInYearsAt(start of "Measurement Period")
define "Gender": Patient.gender
define "Dead": Patient.deceased as FHIR.dateTime
define "Has diabetes": exists ([Condition: "Diabetes"] C where C.clinicalStatus ~ ToConcept(Code { code: 'active', system: 'http://terminology.hl7.org/CodeSystem/condition-clinical' }))
define "Onset": First([Condition: "Diabetes"] C return C.onset as FHIR.dateTime)
define "Latest HbA1c": Last([Observation: "HbA1c"] O where O.effective during day of "Measurement Period" sort by (effective as FHIR.dateTime).value)
define "Latest value": "Latest HbA1c".value as FHIR.Quantity
define "High": ("Latest HbA1c".value as FHIR.Quantity) > 58 'mmol/mol'
define "Emergencies": Count([Encounter: "Emergency"])
define "Emergency days": [Encounter: "Emergency"] E return start of E.period
define "Class": First([Encounter] E return E.class.code)
define "Medicines": [MedicationRequest] M return Tuple { status: M.status, on: M.authoredOn, supply: M.dispenseRequest.expectedSupplyDuration }
define "Cause": First([Observation: "Cause of death"] O return O.value as FHIR.CodeableConcept)
define "Place": First([Observation: "Cause of death"] O return First(O.component C return First((C.value as FHIR.CodeableConcept).coding).code))
define "Vaccinated": exists ([Immunization: "MMR"] I where I.status = 'completed')
define "Doses": [Immunization] I return First(I.protocolApplied P return P.doseNumber as FHIR.positiveInt)
define "Screened": [Procedure] P return P.status
define "Invited": [ServiceRequest] S return S.authoredOn
define "Plans": [CarePlan] C return C.category
)";

std::map<std::string, std::string> answers(measures::RecordRows& rows, const std::string& person, bool planned) {
  static const cql::Models models;
  cql::Libraries libraries;
  Diagnostics diagnostics;
  const auto program = cql::check_library({"T.cql", library}, libraries, models, diagnostics);
  for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
  REQUIRE_FALSE(has_errors(diagnostics));
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  const auto view = rows.view(person);
  cql::Context context;
  context.request_time = request.time;
  std::map<std::string, std::string> result;
  const auto& definitions = program->main_library().definitions;
  const auto written = [&](auto&& definition) {
    for (std::size_t i = 0; i < definitions.size(); ++i) result[definitions[i].name] = fhir::to_json(definition(static_cast<std::int32_t>(i)));
  };
  if (planned) {
    const cql::Plan plan(*program);
    cql::PlannedRun run(plan, request, context);
    run.begin(view.get());
    written([&](std::int32_t i) { return run.definition(program->main, i); });
  } else {
    cql::TreeWalk walk(*program, request, view.get(), context);
    context.birth_date = [&] { return view->subject().as_object().element("birthDate", "Date"); };
    written([&](std::int32_t i) { return walk.definition(program->main, i); });
  }
  return result;
}

}  // namespace

TEST_CASE("rows of the record answer CQL as FHIR resources") {
  measures::RecordRows rows;
  Diagnostics diagnostics;
  add_rows(rows, R"(ann person birth_date=1960-06-30; sex=female; death_date=2026-02-01
ann condition code=snomed|44054006; onset_date=2012-05-01; status=active; category=problem
ann observation code=snomed|999791000000106; date=2025-04-01; value=60.5; unit=mmol/mol; status=final
ann observation code=snomed|999791000000106; date=2026-03-31; value=58.25; unit=mmol/mol; status=final
ann observation code=snomed|999791000000106; date=2026-04-01; value=99; unit=mmol/mol; status=final
ann encounter kind=emergency; start_date=2025-07-02; start_time=2025-07-01T23:30:00Z; status=finished
ann encounter kind=appointment; start_date=2025-07-03; status=finished
ann medication code=bnf|0601022B0; date=2025-05-05; kind=issue; status=completed; days=28
ann medication code=bnf|0601022B0; date=2025-05-06; kind=statement; status=active
ann death code=icd10|I21; date=2026-02-01; place=hospice
ann immunisation code=snomed|38598009; date=1999-01-01; dose=2; status=declined
ann screening code=snomed|123; invited_date=2025-05-01; result=did-not-attend
ann care_plan code=snomed|412; date=2025-05-01; status=active)",
           diagnostics);
  for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
  REQUIRE(diagnostics.empty());
  for (const bool planned : {false, true}) {
    CAPTURE(planned);
    auto a = answers(rows, "ann", planned);
    CHECK(a["Born"] == "\"1960-06-30\"");
    CHECK(a["Age"] == "64");
    CHECK(a["Gender"] == "\"female\"");
    CHECK(a["Dead"] == "\"2026-02-01T\"");
    CHECK(a["Has diabetes"] == "true");
    CHECK(a["Onset"] == "\"2012-05-01T\"");
    CHECK(a["Latest HbA1c"] == "\"Observation/observation-0-4\"");
    CHECK(a["High"] == "true");
    CHECK(a["Emergencies"] == "1");
    CHECK(a["Emergency days"] == "[\"2025-07-02T00:30:00.000+01:00\"]");
    CHECK(a["Class"] == "\"EMER\"");
    CHECK(a["Place"] == "\"hospice\"");
    CHECK(a["Vaccinated"] == "false");
    CHECK(a["Doses"] == "[2]");
    CHECK(a["Screened"] == "[\"not-done\"]");
    CHECK(a["Invited"] == "[\"2025-05-01T\"]");
    CHECK(a["Medicines"].find("\"completed\"") != std::string::npos);
    CHECK(a["Medicines"].find("statement") == std::string::npos);
  }
  CHECK(answers(rows, "ann", false) == answers(rows, "ann", true));
  CHECK(answers(rows, "nobody", false)["Has diabetes"] == "false");
}

TEST_CASE("a row that is not of the record says where, and what would be") {
  measures::RecordRows rows;
  Diagnostics diagnostics;
  add_rows(rows, R"(bob conditon code=snomed|1
bob condition cod=snomed|1
bob condition onset_date=yesterday
bob condition status=activ
bob person sex=F
bob observation value=high)",
           diagnostics);
  REQUIRE(diagnostics.size() == 6);
  CHECK(to_string(diagnostics[0]).find("did you mean condition?") != std::string::npos);
  CHECK(to_string(diagnostics[1]).find("has no column 'cod'") != std::string::npos);
  CHECK(to_string(diagnostics[2]).find("2025-04-01") != std::string::npos);
  CHECK(to_string(diagnostics[3]).find("did you mean active?") != std::string::npos);
  CHECK(diagnostics[4].line == 5);
  CHECK(to_string(diagnostics[5]).find("7.5") != std::string::npos);
}

TEST_CASE("a row is found again by the label of its resource") {
  const auto address = measures::row_address("CarePlan/care.service-12-3456");
  REQUIRE(address);
  CHECK(address->table == "care_service");
  CHECK(address->source.value == 12);
  CHECK(address->line == 3456);
  CHECK_FALSE(measures::row_address("Patient"));
}
