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
  Response ask(const std::string& expression) {
    json::Writer out;
    out.begin_object().key("resourceType").string("Parameters").key("parameter").begin_array().begin_object();
    out.key("name").string("expression").key("valueString").string(expression).end_object().end_array().end_object();
    return post(out.take());
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
  CHECK(code_of(client.post(
            R"({"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"1"},{"name":"subject","valueString":"Patient/1"}]})")) ==
        "not-supported");
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

TEST_CASE("no FHIR route is open to those who are not signed in, and none reads anybody's data") {
  for (const Route& route : fhir_routes()) {
    CAPTURE(route.path);
    CHECK(route.path.starts_with(fhir_prefix));
    CHECK(route.signed_in);
    CHECK(!route.object);
  }
}
