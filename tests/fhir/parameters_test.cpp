// Answers of CQL as FHIR Parameters: the shapes that "Using CQL with FHIR" and the public test runner read.
#include <doctest/doctest.h>

#include "fhir/fhir.h"

using namespace catchment;

namespace {

std::string answer(const std::string& expression, std::size_t most_bytes = 1 << 20) {
  static const cql::Models models;
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-01-15T00:00:00.000+01:00");
  cql::Context context;
  context.request_time = request.time;
  return fhir::to_parameters(context, cql::evaluate_expression(expression, models, request), most_bytes);
}

/// The text within `"parameter":[...]`.
std::string parameters(const std::string& expression) {
  const std::string text = answer(expression);
  const std::string head = R"({"resourceType":"Parameters","parameter":[)";
  REQUIRE(text.starts_with(head));
  return text.substr(head.size(), text.size() - head.size() - 2);
}

std::string typed(const std::string& type, const std::string& rest, const std::string& name = "return") {
  return R"({"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/cqf-cqlType","valueString":")" + type + R"("}],"name":")" + name + "\"," + rest + "}";
}

}  // namespace

TEST_CASE("a value of CQL is the FHIR type it maps to") {
  CHECK(parameters("true") == R"({"name":"return","valueBoolean":true})");
  CHECK(parameters("1 + 1") == R"({"name":"return","valueInteger":2})");
  CHECK(parameters("0.10") == R"({"name":"return","valueDecimal":0.10})");
  CHECK(parameters("9999999999999999999999999999.99999999") == R"({"name":"return","valueDecimal":9999999999999999999999999999.99999999})");
  CHECK(parameters("'a\"b'") == R"({"name":"return","valueString":"a\"b"})");
  CHECK(parameters("9223372036854775807L") == typed("System.Long", R"("valueString":"9223372036854775807")"));
  CHECK(parameters("@2014-01") == R"({"name":"return","valueDate":"2014-01"})");
  CHECK(parameters("@T10:30") == R"({"name":"return","valueTime":"10:30"})");
  CHECK(parameters("5 'mg'") == R"({"name":"return","valueQuantity":{"value":5.0,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}})");
  CHECK(parameters("5 days") == R"({"name":"return","valueQuantity":{"value":5.0,"unit":"days","code":"days"}})");
  CHECK(parameters("1 'mg' : 2 'mL'").find(R"("valueRatio":{"numerator":{"value":1.0,"unit":"mg")") != std::string::npos);
  CHECK(parameters("Code { code: '8480-6', system: 'http://loinc.org', display: 'x' }") ==
        R"({"name":"return","valueCoding":{"system":"http://loinc.org","code":"8480-6","display":"x"}})");
  CHECK(parameters("Concept { codes: { Code { code: 'a' } }, display: 'd' }") ==
        R"({"name":"return","valueCodeableConcept":{"coding":[{"code":"a"}],"text":"d"}})");
}

TEST_CASE("a DateTime keeps its precision and gets no offset it did not have") {
  CHECK(parameters("@2014-01-01T10:30") == R"({"name":"return","valueDateTime":"2014-01-01T10:30"})");
  CHECK(parameters("@2014-01-01T10:30:00.000+05:00") == R"({"name":"return","valueDateTime":"2014-01-01T10:30:00.000+05:00"})");
  CHECK(parameters("@2014T") == R"({"name":"return","valueDateTime":"2014"})");
}

TEST_CASE("an interval is a Period or a Range with closed ends, and says its type") {
  CHECK(parameters("Interval[@2014-01-01, @2014-02-01)") == typed("Interval<System.Date>", R"("valuePeriod":{"start":"2014-01-01","end":"2014-01-31"})"));
  CHECK(parameters("Interval[@T10:00, @T11:00]") == typed("Interval<System.Time>", R"("valuePeriod":{"start":"0001-01-01T10:00","end":"0001-01-01T11:00"})"));
  const std::string one = R"({"value":1,"unit":"1","system":"http://unitsofmeasure.org","code":"1"})";
  const std::string nine = R"({"value":9,"unit":"1","system":"http://unitsofmeasure.org","code":"1"})";
  CHECK(parameters("Interval[1, 10)") == typed("Interval<System.Integer>", R"("valueRange":{"low":)" + one + R"(,"high":)" + nine + "}"));
  CHECK(parameters("Interval[1, null)") == typed("Interval<System.Integer>", R"("valueRange":{"low":)" + one + "}"));
  CHECK(parameters("Interval[1 'mg', 2 'mg']").find("Interval<System.Quantity>") != std::string::npos);
  // An answer that is not known exactly is the interval of what it may be.
  CHECK(parameters("months between @2014-01 and @2014-03-15").find("Interval<System.Integer>") != std::string::npos);
}

TEST_CASE("null, empty lists, lists, lists of lists and tuples are told apart") {
  CHECK(parameters("null") ==
        typed("System.Any", R"("_valueBoolean":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]})"));
  CHECK(parameters("{}") ==
        typed("List<System.Any>", R"("_valueBoolean":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/cqf-isEmptyList","valueBoolean":true}]})"));
  CHECK(parameters("{ 1, 2 }") == typed("List<System.Integer>", R"("valueInteger":1)") + "," + typed("List<System.Integer>", R"("valueInteger":2)"));
  const auto inner = [](const std::string& number) { return R"("part":[)" + typed("List<System.Integer>", R"("valueInteger":)" + number, "element") + "]"; };
  CHECK(parameters("{ { 1 }, { 2 } }") == typed("List<List<System.Integer>>", inner("1")) + "," + typed("List<List<System.Integer>>", inner("2")));
  CHECK(parameters("Tuple { name: 'Pat', born: @2014-01-01 }") ==
        R"({"name":"return","part":[{"name":"name","valueString":"Pat"},{"name":"born","valueDate":"2014-01-01"}]})");
  CHECK(parameters("Tuple { : }").find("cqf-isEmptyTuple") != std::string::npos);
}

TEST_CASE("an answer that is too long is an error, not a long answer") { CHECK_THROWS_AS(answer("expand { Interval[1, 100] }", 500), cql::EvaluationError); }

TEST_CASE("an evaluation stops at its bounds") {
  const cql::Models models;
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-01-15T00:00:00.000Z");
  const auto fault = [&](const std::string& expression) -> std::string {
    Diagnostics diagnostics;
    const auto program = cql::check_expression(expression, models, diagnostics);
    for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
    REQUIRE(!has_errors(diagnostics));
    cql::Context context;
    context.request_time = request.time;
    context.steps_left = 100'000;
    context.most_elements = 2'000;
    context.longest_text = 10'000;
    try {
      return to_cql(cql::TreeWalk(*program, request, nullptr, context).definition("expression"));
    } catch (const cql::EvaluationError& error) { return error.what(); }
  };
  const std::string hundred = "(expand Interval[1, 100])";
  CHECK(fault("expand Interval[1, 100000]").find("more elements than it may") != std::string::npos);
  CHECK(fault("from " + hundred + " A, " + hundred + " B, " + hundred + " C where false return A").find("more steps than it may") != std::string::npos);
  CHECK(fault("from " + hundred + " A, " + hundred + " B, " + hundred + " C, ({} as List<Integer>) D return A").find("more steps than it may") !=
        std::string::npos);
  CHECK(fault(hundred + " A aggregate R starting 'ab': R & R").find("longer than it may") != std::string::npos);
  CHECK(fault(hundred + " A aggregate R starting 'ab': Combine({ R, R, R }, '-')").find("longer than it may") != std::string::npos);
  CHECK(fault(hundred + " A aggregate R starting { 1 }: flatten { R, R }").find("more elements than it may") != std::string::npos);
  CHECK(fault("from (expand Interval[1, 40]) A, (expand Interval[1, 40]) B aggregate R starting (null as Any): Tuple { a: R }").find("nested too deeply") !=
        std::string::npos);
}
