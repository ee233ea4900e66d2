// POST /fhir/R4/$cql as a client meets it.
#include <doctest/doctest.h>

#include "app_fixture.h"

using namespace catchment;
using namespace catchment::api;

namespace {

struct Client {
  Fixture fixture;
  std::unique_ptr<App> app;
  std::string cookie, csrf;

  explicit Client(bool open) {
    Settings settings;
    settings.open_cql = open;
    app = std::make_unique<App>(*fixture.accounts, fixture.sessions, fixture.limiter, *fixture.gate, fixture.sources, fixture.clock, settings);
    fixture.sources.source->on_read = [] { FAIL("an expression without data read the snapshot"); };
  }
  Response post(const std::string& body, const std::string& path = "/fhir/R4/$cql", const std::string& type = "application/json") {
    Request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    request.content_type = type;
    request.cookie = cookie;
    request.csrf_token = csrf;
    request.host = "localhost:8080";
    request.address = "127.0.0.1";
    return app->handle(request);
  }
  Response ask(const std::string& expression) { return with(expression, {}); }
  /// `others`: further parameters, as JSON.
  Response with(const std::string& expression, const std::vector<std::string>& others) {
    json::Writer out;
    out.begin_object().key("resourceType").string("Parameters").key("parameter").begin_array().begin_object();
    out.key("name").string("expression").key("valueString").string(expression).end_object();
    for (const std::string& other : others) out.raw(other);
    out.end_array().end_object();
    return post(out.take());
  }
  /// Signs in with a browser of this fixture, and finds the one resident there is.
  std::string handle(const std::string& who) {
    fixture.sources.source->on_read = [] {};
    Browser browser{fixture};
    REQUIRE(browser.sign_in(who).status == 200);
    cookie = browser.cookie;
    csrf = browser.csrf;
    const auto found = browser.ask("POST", "/residents/search", R"({"query":"Tester"})");
    json::Parser parser;
    json::Fault fault;
    const auto document = parser.parse(found.body, fault);
    return document ? std::string(document->root()["hits"].at(0)["handle"].string()) : "";
  }
};

std::string code_of(const Response& response) {
  CHECK(response.content_type == "application/fhir+json");
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(response.body, fault);
  REQUIRE(document);
  CHECK(document->root()["resourceType"].string() == "OperationOutcome");
  CHECK(document->root()["issue"].at(0)["severity"].string() == "error");
  CHECK(!document->root()["issue"].at(0)["details"]["text"].string().empty());
  return std::string(document->root()["issue"].at(0)["code"].string());
}

}  // namespace

TEST_CASE("an expression of CQL is answered as Parameters") {
  Client client(true);
  const auto response = client.ask("(expand Interval[1, 3]) X return X * 2");
  CHECK(response.status == 200);
  CHECK(response.route == "/fhir/R4/$cql");
  CHECK(response.content_type == "application/fhir+json");
  CHECK(response.body.find(R"("valueInteger":6)") != std::string::npos);
  // Now() is the server's clock.
  CHECK(client.ask("Today()").body.find(R"("valueDate":"2026-03-31")") != std::string::npos);
}

TEST_CASE("what is wrong with an expression is an OperationOutcome") {
  Client client(true);
  const auto unknown = client.ask("1 + nothing");
  CHECK(unknown.status == 400);
  CHECK(code_of(unknown) == "invalid");
  CHECK(unknown.body.find("nothing") != std::string::npos);
  const auto failed = client.ask("Message(1, true, 'code', 'Error', 'it ends here')");
  CHECK(failed.status == 422);
  CHECK(code_of(failed) == "processing");
  CHECK(client.ask("[Encounter]").status >= 400);
}

TEST_CASE("a body that is not the operation's is refused by name") {
  Client client(true);
  CHECK(code_of(client.post("{")) == "structure");
  CHECK(code_of(client.post(R"({"resourceType":"Patient"})")) == "structure");
  CHECK(code_of(client.post(R"({"resourceType":"Parameters"})")) == "required");
  CHECK(code_of(client.post("1", "/fhir/R4/$cql", "text/plain")) == "not-supported");
  CHECK(code_of(client.post("{}", "/fhir/R4/$evaluate")) == "not-found");
  CHECK(client.ask(std::string(60'000, ' ') + "1").status == 413);
}

TEST_CASE("an expression that would take all day, all memory or all the stack is given up") {
  Client client(true);
  const std::string thousand = "(expand Interval[1, 1000])";
  CHECK(client.ask("from " + thousand + " A, " + thousand + " B, " + thousand + " C where A + B + C = 0 return A").status == 422);
  CHECK(client.ask("expand Interval[1, 1000000]").status == 422);
  CHECK(client.ask(thousand + " A aggregate R starting 'x': R & R").status == 422);
  CHECK(client.ask("from " + thousand + " A, " + thousand + " B aggregate R starting (null as Any): Tuple { a: R }").status == 422);
  CHECK(client.ask("ReplaceMatches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$', '')").status != 500);
  std::string nested;
  for (int i = 0; i < 10'000; ++i) nested += "(";
  CHECK(client.ask(nested + "1").status == 400);
  CHECK(client.ask("1").status == 200);
}

TEST_CASE("what the server can do names the operation, and is as open as it") {
  Client client(true);
  Request request;
  request.method = "GET";
  request.path = "/fhir/R4/metadata";
  request.host = "localhost:8080";
  request.address = "127.0.0.1";
  const auto response = client.app->handle(request);
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/fhir+json");
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(response.body, fault);
  REQUIRE(document);
  const json::Value root = document->root();
  CHECK(root["resourceType"].string() == "CapabilityStatement");
  CHECK(root["fhirVersion"].string() == "4.0.1");
  CHECK(!root["date"].string().empty());
  CHECK(root["rest"].at(0)["operation"].at(0)["name"].string() == "cql");
  CHECK(root["rest"].at(0)["operation"].at(0)["definition"].string() == "http://hl7.org/fhir/uv/cql/OperationDefinition/cql-cql");
  CHECK(client.post("{}", "/fhir/R4/metadata").status == 405);
  CHECK(Client(false).app->handle(request).status == 401);
}

TEST_CASE("unless it is opened, the operation needs a session and its token") {
  Client client(false);
  const auto refused = client.ask("1");
  CHECK(refused.status == 401);
  CHECK(code_of(refused) == "login");
  Browser browser{client.fixture};
  REQUIRE(browser.sign_in("the-analyst").status == 200);
  client.cookie = browser.cookie;
  CHECK(client.ask("1").status == 403);  // no token
  client.csrf = browser.csrf;
  CHECK(client.ask("1").status == 200);
}

TEST_CASE("what the operation has and this server does not answer is refused by name") {
  Client client(true);
  const auto refused = [&](const std::string& parameter, const std::string& code, const std::string& named) {
    const auto response = client.with("1", {parameter});
    CAPTURE(response.body);
    CHECK(response.status == 400);
    CHECK(code_of(response) == code);
    CHECK(response.body.find(named) != std::string::npos);
  };
  for (const std::string name : {"prefetchData", "dataEndpoint", "contentEndpoint", "terminologyEndpoint"})
    refused(R"({"name":")" + name + R"(","valueString":"x"})", "not-supported", name);
  refused(R"({"name":"colour","valueString":"x"})", "not-supported", "colour");
  refused(R"({"name":"<b>9990000018","valueString":"x"})", "not-supported", "without a proper name");
  refused(R"({"name":"expression","valueString":"2"})", "structure", "expression");
  refused(R"({"name":"subject","valueString":"Encounter/1"})", "structure", "subject");
  refused(R"({"name":"data","resource":{"resourceType":"Patient"}})", "structure", "data");
  refused(R"({"name":"useServerData","valueString":"yes"})", "structure", "useServerData");
  refused(R"({"name":"parameters","resource":{"resourceType":"Parameters","parameter":[{"name":"X","valueAttachment":{}}]}})", "not-supported", "parameters");
  refused(R"({"name":"library","part":[{"name":"name","valueString":"L"}]})", "structure", "library");
}

TEST_CASE("input parameters are there by name, with the types FHIR gives them") {
  Client client(true);
  const std::string given = R"({"name":"parameters","resource":{"resourceType":"Parameters","parameter":[
    {"name":"n","valueInteger":-5},{"name":"d","valueDecimal":2.50},{"name":"s","valueString":"it's \"so\""},{"name":"day","valueDate":"2026-03"},
    {"name":"moment","valueDateTime":"2026-03-31T10:00:00.000+01:00"},{"name":"t","valueTime":"10:30:00"},
    {"name":"q","valueQuantity":{"value":5,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"}},
    {"name":"c","valueCoding":{"system":"http://loinc.org","code":"4548-4"}},
    {"name":"cc","valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]}},
    {"name":"p","valuePeriod":{"start":"2025-04-01","end":"2026-03-31"}},{"name":"open","valuePeriod":{"start":"2025-04-01"}},
    {"name":"many","valueInteger":1},{"name":"many","valueInteger":2},
    {"name":"pair","part":[{"name":"a","valueBoolean":true},{"name":"b","valueString":"x"}]}]}})";
  const auto is_true = [&](const std::string& expression) {
    const auto response = client.with(expression, {given});
    CAPTURE(expression);
    CAPTURE(response.body);
    CHECK(response.status == 200);
    CHECK(response.body.find(R"("valueBoolean":true)") != std::string::npos);
  };
  is_true("n = -5 and d = 2.5 and t = @T10:30:00");
  is_true(R"(s = 'it\'s "so"')");
  is_true("month from \"day\" = 3 and \"day\" = @2026-03");
  is_true("moment = @2026-03-31T09:00:00.000+00:00");
  is_true("q = 0.005 'g'");
  is_true("c.code = '4548-4' and cc ~ ToConcept(c)");
  is_true("@2025-12-24T in p and @2031-01-01T in open");
  is_true("Sum(many) = 3 and pair.a and pair.b = 'x'");
}

TEST_CASE("data that are sent are asked about, without a session where the operation is open") {
  Client client(true);
  const std::string one = R"({"fullUrl":"http://example.org/Patient/a","resource":{"resourceType":"Patient","id":"a","birthDate":"1961-03-14"}})";
  const std::string condition =
      R"({"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]}}})";
  const std::string other = R"({"resource":{"resourceType":"Patient","id":"b","birthDate":"2001-03-14"}})";
  const auto bundle = [](const std::string& entries) {
    return R"({"name":"data","resource":{"resourceType":"Bundle","type":"collection","entry":[)" + entries + "]}}";
  };
  CHECK(client.with("Count([Condition])", {bundle(one + "," + condition)}).body.find(R"("valueInteger":1)") != std::string::npos);
  CHECK(client.with("AgeInYears()", {bundle(one)}).body.find(R"("valueInteger":65)") != std::string::npos);
  const std::string subject = R"({"name":"subject","valueString":"Patient/b"})", no_server = R"({"name":"useServerData","valueBoolean":false})";
  CHECK(client.with("AgeInYears()", {bundle(one + "," + other), subject, no_server}).body.find(R"("valueInteger":25)") != std::string::npos);
  CHECK(code_of(client.with("AgeInYears()", {bundle(one + "," + other)})) == "required");
  CHECK(code_of(client.with("AgeInYears()", {bundle(one), subject})) == "required");
  CHECK(code_of(client.with("1", {bundle(one), R"({"name":"useServerData","valueBoolean":true})"})) == "not-supported");
  // The text is one expression, and its faults are where it has them.
  const auto wrong = client.with("1 +\n nothing", {bundle(one)});
  CHECK(wrong.status == 400);
  CHECK(wrong.body.find("expression:2:2") != std::string::npos);
  CHECK(client.with("1 define \"more\": 2", {bundle(one)}).status == 400);
}

TEST_CASE("a resident is asked about by who may see the resident, and the audit says so") {
  for (const bool open : {false, true}) {
    CAPTURE(open);
    Client client(open);
    const std::string nobody = R"({"name":"subject","valueString":"Patient/4242"})";
    CHECK(client.with("1", {nobody}).status == 401);
    const std::string handle = client.handle("the-care-professional");
    REQUIRE(!handle.empty());
    const std::string subject = R"({"name":"subject","valueString":"Patient/)" + handle + "\"}";
    const auto rows = client.fixture.audit_rows();
    const auto seen = client.with("exists ([Condition] C where C.onset as FHIR.dateTime on or before day of @2020-01-02T and AgeInYears() = 65)", {subject});
    CAPTURE(seen.body);
    CHECK(seen.status == 200);
    CHECK(seen.body.find(R"("valueBoolean":true)") != std::string::npos);
    CHECK(client.fixture.audit_rows() == rows + 1);
    CHECK(code_of(client.with("1", {nobody})) == "not-found");
    CHECK(code_of(client.with("1", {subject, R"({"name":"useServerData","valueBoolean":false})"})) == "required");
    const std::string token = client.csrf;
    client.csrf = "";
    CHECK(client.with("1", {subject}).status == 403);
    client.csrf = token;
    // Who works with figures only may not ask about one resident, whoever's handle it is.
    Browser analyst{client.fixture};
    REQUIRE(analyst.sign_in("the-analyst").status == 200);
    client.cookie = analyst.cookie;
    client.csrf = analyst.csrf;
    CHECK(client.with("1", {subject}).status == 404);
  }
}

TEST_CASE("a library of the definition folder is included by its canonical") {
  Client client(false);
  client.handle("the-care-professional");
  const auto library = [](const std::string& parts) { return R"({"name":"library","part":[)" + parts + "]}"; };
  const std::string record = R"({"name":"url","valueCanonical":"urn:catchment:library:Record|1"})", called = R"({"name":"name","valueString":"R"})";
  const std::string data =
      R"({"name":"data","resource":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"a","birthDate":"1961-03-14"}}]}})";
  const std::string period =
      R"({"name":"parameters","resource":{"resourceType":"Parameters","parameter":[{"name":"Measurement Period","valuePeriod":{"start":"2025-04-01T00:00:00.000+00:00","end":"2026-03-31T23:59:59.999+00:00"}}]}})";
  for (const auto& [parts, name] : {std::pair<std::string, std::string>(record, "Record"), {record + "," + called, "R"}}) {
    const auto response = client.with(name + ".\"Age\"", {library(parts), data, period});
    CAPTURE(response.body);
    CHECK(response.status == 200);
    CHECK(response.body.find(R"("valueInteger":65)") != std::string::npos);
  }
  CHECK(code_of(client.with("1", {library(R"({"name":"url","valueCanonical":"urn:catchment:library:Nowhere"})")})) == "not-found");
}

TEST_CASE("no FHIR route is open to those who are not signed in; what is read of the server passes the gate in the operation") {
  for (const Route& route : fhir_routes()) {
    CAPTURE(route.path);
    CHECK(route.path.starts_with(fhir_prefix));
    CHECK(route.signed_in);
    CHECK(!route.object);
  }
}
