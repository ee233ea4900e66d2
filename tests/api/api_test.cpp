#include "api/api.h"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "app_fixture.h"
#include "schema_check.h"

using namespace catchment;
using namespace catchment::api;

namespace {

/// Which schema the contract promises for an answer.
std::string promised(const Route& route) {
  std::string method;
  for (const char c : route.method) method += static_cast<char>(c - 'A' + 'a');
  const auto ref = contract()["paths"][route.path][method]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].string();
  return std::string(ref.substr(ref.rfind('/') + 1));
}

/// A path that fits a template, and a body its method needs.
std::string example_path(std::string_view pattern, const std::string& handle) {
  std::string path(pattern);
  const auto put = [&](const std::string& name, const std::string& value) {
    if (const auto at = path.find("{" + name + "}"); at != std::string::npos) path.replace(at, name.size() + 2, value);
  };
  put("feed", "gp");
  put("measure", "diabetes");
  put("place", "luton");
  put("figure", "d");
  put("body", "board");
  put("priority", "live-well");
  put("handle", handle);
  put("kind", "condition");
  put("cohort", "grown-ups");
  put("item", "1");
  put("side", "first");
  return path;
}

std::string example_body(const Route& route, const access::Subject& subject) {
  if (route.path == "/search") return R"({"text":"luton"})";
  if (route.path == "/residents/search") return R"({"query":"Tester","birth_date":null,"limit":5})";
  const std::string form = R"({"id":"adults","title":"Adults","who":{"age":{"from":18}}})";
  if (route.path.starts_with("/cohorts") && route.method == "POST") return R"({"form":)" + form + "}";
  if (route.path == "/session" && route.method == "POST") return R"({"name":"the-analyst","password":"correct horse battery"})";
  if (route.path == "/review/{item}/decision") return R"({"snapshot":"s1","verdict":"different","seen":0,"reason":"born elsewhere"})";
  if (route.path == "/review/undo") return R"({"decision":1})";
  if (route.path == "/session/role")
    return R"({"role":")" + std::string(to_string(subject.role)) + R"(","purpose":")" + std::string(to_string(subject.purpose)) + "\"}";
  return {};
}

void check_fits(const std::string& schema, const Response& response) {
  const auto document = parsed(response);
  SchemaCheck check(contract());
  for (const auto& fault : check.check(schema, document.root())) FAIL_CHECK(fault);
}

std::string handle_for(Browser& browser) {
  const auto response = browser.ask("POST", "/residents/search", R"({"query":"Tester"})");
  REQUIRE(response.status == 200);
  const auto answer = parsed(response);
  REQUIRE(answer.root()["hits"].size() == 1);
  return std::string(answer.root()["hits"].at(0)["handle"].string());
}

}  // namespace

TEST_CASE("the routes served and the routes described are the same") {
  std::set<std::string> served, described;
  for (const auto& route : routes()) {
    std::string method;
    for (const char c : route.method) method += static_cast<char>(c - 'A' + 'a');
    CHECK(served.insert(method + " " + std::string(route.path)).second);
  }
  for (const json::Value path : contract()["paths"])
    for (const json::Value method : path) described.insert(std::string(method.key()) + " " + std::string(path.key()));
  CHECK(served == described);
}

TEST_CASE("every answer fits the contract") {
  Fixture fixture;
  for (const auto& route : routes()) {
    CAPTURE(route.path);
    CAPTURE(route.method);
    Browser browser{fixture};
    const bool resident = route.object == access::ObjectKind::resident_record || route.object == access::ObjectKind::resident_search;
    const bool cohort = route.object == access::ObjectKind::cohort;
    if (route.signed_in) REQUIRE(browser.sign_in(resident ? "the-care-professional" : cohort ? "the-analyst" : "the-data-steward").status == 200);
    const std::string handle = route.object == access::ObjectKind::resident_record ? handle_for(browser) : "";
    access::Subject subject;
    subject.role = access::Role::data_steward;
    subject.purpose = access::Purpose::data_quality;
    const auto response = browser.ask(std::string(route.method), example_path(route.path, handle), example_body(route, subject));
    CHECK(response.status == 200);
    CHECK(response.route == route.path);
    check_fits(promised(route), response);
  }
}

TEST_CASE("problems fit the contract and never repeat what was sent") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  for (const auto& response : {browser.ask("GET", "/nothing/9990000018"), browser.ask("GET", "/feeds/9990000018"), browser.ask("PATCH", "/feeds"),
                               browser.ask("POST", "/search", "{9990000018"), browser.ask("GET", "/feeds/gp/quarantine", "", "limit=9990000018"),
                               browser.ask("GET", "/places", "", "a=%zz9990000018"), browser.ask("GET", "/structure", "", "on=9990000018"),
                               browser.ask("POST", "/search", R"({"text":"x","9990000018":1})"), browser.ask("GET", "/residents/9990000018")}) {
    CHECK(response.status >= 400);
    CHECK(response.status < 500);
    CHECK(response.content_type == "application/problem+json");
    CHECK(response.body.find("9990000018") == std::string::npos);
    CHECK(response.route.find("9990000018") == std::string::npos);
    check_fits("Problem", response);
  }
}

TEST_CASE("without a session nothing is answered but what the system is and who is signed in") {
  Fixture fixture;
  for (const auto& route : routes()) {
    Browser browser{fixture};
    const auto response = browser.ask(std::string(route.method), example_path(route.path, "AAAAAAAAAAAAAAAAAAAAAA"), example_body(route, {}));
    CAPTURE(route.path);
    if (route.signed_in) CHECK(response.status == 401);
    else CHECK((route.path == "/system" || route.path == "/session"));
  }
}

TEST_CASE("every route that reads the snapshot is decided and recorded first, and no route goes round") {
  Fixture fixture;
  int reads = 0;
  std::int64_t rows_before = 0;
  fixture.sources.source->on_read = [&] {
    ++reads;
    CHECK(fixture.audit_rows() > rows_before);  // the row is on disk before anything is read
  };
  for (const auto& route : routes())
    for (const auto role : access::all_roles) {
      CAPTURE(route.path);
      CAPTURE(std::string(to_string(role)));
      Browser care{fixture};
      Browser browser{fixture};
      browser.sign_in("the-" + std::string(to_string(role)));
      access::Subject subject;
      subject.role = role;
      subject.purpose = access::purposes_of(role).front();
      std::string handle = "AAAAAAAAAAAAAAAAAAAAAA";
      const bool cares = access::decide(subject, subject.purpose, {access::ObjectKind::resident_search}).permitted;
      if (route.object == access::ObjectKind::resident_record && cares) handle = handle_for(browser);
      reads = 0;
      rows_before = fixture.audit_rows();
      const auto response = browser.ask(std::string(route.method), example_path(route.path, handle), example_body(route, subject));
      if (!route.object) {
        CHECK(reads == 0);
        continue;
      }
      const bool allowed = access::decide(subject, subject.purpose, {*route.object}).permitted;
      const bool handle_known = route.object != access::ObjectKind::resident_record || cares;
      if (allowed) CHECK(response.status == 200);
      else CHECK(response.status == (handle_known ? 403 : 404));
      // The state of a count is the desk's: its reading was admitted when it was asked for.
      if (route.path != "/cohorts/count" || route.method == "POST") CHECK((reads > 0) == allowed);
      if (handle_known) CHECK(fixture.audit_rows() > rows_before);
    }
}

TEST_CASE("when the audit cannot be written the answer is withheld") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  std::filesystem::remove(fixture.folder / "audit.sqlite");
  bool read = false;
  fixture.sources.source->on_read = [&] { read = true; };
  const auto response = browser.ask("GET", "/start");
  CHECK(response.status == 503);
  CHECK_FALSE(read);
}

TEST_CASE("only access can make a row filter, and only the listed modules read residents") {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(CATCHMENT_SOURCE_DIR "/src")) {
    if (!entry.is_regular_file()) continue;
    const std::string path = std::filesystem::relative(entry.path(), CATCHMENT_SOURCE_DIR "/src").generic_string();
    std::ifstream in(entry.path());
    const std::string text(std::istreambuf_iterator<char>(in), {});
    CAPTURE(path);
    if (text.find("FilterMaker") != std::string::npos) CHECK((path == "records/filter.h" || path == "access/gate.cpp"));
    // A command that opens a snapshot's people or counts must pass the gate like everyone else.
    if (path.starts_with("cli/") &&
        (text.find("person_block(") != std::string::npos || text.find("find_by_n") != std::string::npos || text.find(".quarantined(") != std::string::npos ||
         text.find("->quarantined(") != std::string::npos || text.find("->count(") != std::string::npos || text.find("->identity(") != std::string::npos ||
         text.find("QueueReader") != std::string::npos))
      CHECK((text.find(".admit(") != std::string::npos || text.find("admit_to_rows(") != std::string::npos));
    // Identities and resources as they were sent are opened by those who take a RowFilter for every row they give.
    if (!path.starts_with("records/") && !path.starts_with("build/")) CHECK(text.find("files().identity()") == std::string::npos);
  }
}

TEST_CASE("each resident that a search shows has an audit row of their own") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-care-professional");
  const auto before = fixture.audit_rows();
  handle_for(browser);
  CHECK(fixture.audit_rows() == before + 2);  // the search, and the one resident shown
}

TEST_CASE("a handle opens a record in its own session only") {
  Fixture fixture;
  Browser one{fixture}, two{fixture};
  one.sign_in("the-care-professional");
  two.sign_in("the-care-professional");
  const std::string handle = handle_for(one);
  CHECK(one.ask("GET", "/residents/" + handle).status == 200);
  CHECK(two.ask("GET", "/residents/" + handle).status == 404);
  CHECK(handle_for(two) != handle);
  one.ask("DELETE", "/session");
  one.sign_in("the-care-professional");
  CHECK(one.ask("GET", "/residents/" + handle).status == 404);
}

TEST_CASE("a resident outside the places of an account is not found, and the attempt is recorded") {
  Fixture fixture;
  fixture.accounts->add({"bedford-team", "Bedford team", {access::Role::neighbourhood_team}, {"bedford"}}, Fixture::password());
  Browser browser{fixture};
  browser.sign_in("bedford-team");
  const auto found = browser.ask("POST", "/residents/search", R"({"query":"Tester"})");
  CHECK(found.status == 200);
  CHECK(parsed(found).root()["hits"].size() == 0);
}

TEST_CASE("a data steward sees rejected values for data quality, and an analyst never does") {
  Fixture fixture;
  Browser steward{fixture}, analyst{fixture};
  steward.sign_in("the-data-steward");
  analyst.sign_in("the-analyst");
  CHECK(parsed(steward.ask("GET", "/feeds/gp/quarantine")).root()["rows"].at(0)["value"].is_string());
  CHECK(parsed(analyst.ask("GET", "/feeds/gp/quarantine")).root()["rows"].at(0)["value"].is_null());
  const auto changed = steward.ask("PUT", "/session/role", R"({"role":"data-steward","purpose":"population-health"})");
  CHECK(changed.status == 200);
  CHECK(parsed(steward.ask("GET", "/feeds/gp/quarantine")).root()["rows"].at(0)["value"].is_null());
}

TEST_CASE("a change without the session's token is refused") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  browser.csrf = "guess";
  CHECK(browser.ask("POST", "/search", R"({"text":"luton"})").status == 403);
  CHECK(browser.ask("DELETE", "/session").status == 403);
  CHECK(browser.ask("GET", "/start").status == 200);
}

TEST_CASE("a request from another site is refused, sign-in included") {
  Fixture fixture;
  Request request{"POST",
                  "/api/v1/session",
                  "",
                  R"({"name":"the-analyst","password":"correct horse battery"})",
                  "application/json",
                  "",
                  "",
                  "https://evil.example",
                  "localhost:8080",
                  "",
                  "1"};
  CHECK(fixture.app->handle(request).status == 403);
  request.origin = "http://localhost:8080";
  CHECK(fixture.app->handle(request).status == 200);
  request.fetch_site = "cross-site";
  CHECK(fixture.app->handle(request).status == 403);
  request.fetch_site = "";
  request.content_type = "text/plain";
  CHECK(fixture.app->handle(request).status == 415);
}

TEST_CASE("wrong passwords are slowed down and say nothing about the name") {
  Fixture fixture;
  Browser browser{fixture};
  const auto wrong = browser.sign_in("the-analyst", "wrong password");
  const auto unknown = browser.sign_in("no-such-name", "wrong password");
  CHECK(wrong.status == 401);
  CHECK(unknown.status == 401);
  CHECK(parsed(wrong).root()["detail"].string() == parsed(unknown).root()["detail"].string());
  for (int i = 0; i < 4; ++i) browser.sign_in("the-analyst", "wrong password");
  const auto slowed = browser.sign_in("the-analyst");
  CHECK(slowed.status == 429);
  const bool says_when = std::any_of(slowed.headers.begin(), slowed.headers.end(), [](const auto& header) { return header.first == "Retry-After"; });
  CHECK(says_when);
  fixture.clock.ms += 10'000;
  CHECK(browser.sign_in("the-analyst").status == 200);
}

TEST_CASE("the cookie is HttpOnly and SameSite=Strict, and no answer is stored") {
  Fixture fixture;
  Browser browser{fixture};
  const auto response = browser.sign_in("the-analyst");
  std::string cookie, cache;
  for (const auto& [name, value] : response.headers) {
    if (name == "Set-Cookie") cookie = value;
    if (name == "Cache-Control") cache = value;
  }
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(cookie.find("SameSite=Strict") != std::string::npos);
  CHECK(cookie.find("Path=/") != std::string::npos);
  CHECK(cache == "no-store");
}

TEST_CASE("a role the account does not hold, or a purpose the role does not, cannot be chosen") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  CHECK(browser.ask("PUT", "/session/role", R"({"role":"care-professional","purpose":"direct-care"})").status == 403);
  CHECK(browser.ask("PUT", "/session/role", R"({"role":"analyst","purpose":"direct-care"})").status == 403);
  CHECK(browser.ask("PUT", "/session/role", R"({"role":"root","purpose":"direct-care"})").status == 400);
  CHECK(browser.ask("GET", "/start").status == 200);
}

TEST_CASE("signing in again or choosing a role ends the token before") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  const std::string first = browser.cookie;
  const auto chosen = browser.ask("PUT", "/session/role", R"({"role":"data-steward","purpose":"population-health"})");
  browser.remember(chosen);
  CHECK(browser.cookie != first);
  Browser thief{fixture, first, browser.csrf};
  CHECK(thief.ask("GET", "/start").status == 401);
  const std::string second = browser.cookie;
  browser.sign_in("the-data-steward");
  Browser again{fixture, second, browser.csrf};
  CHECK(again.ask("GET", "/start").status == 401);
}

TEST_CASE("an idle session ends") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  fixture.clock.ms += fixture.sessions.limits().idle_ms;
  CHECK(browser.ask("GET", "/start").status == 401);
}

TEST_CASE("before anything is published a signed-in person is told so") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  fixture.sources.source = nullptr;
  CHECK(browser.ask("GET", "/start").status == 503);
  CHECK(browser.ask("GET", "/session").status == 200);
}

TEST_CASE("percent-encoding is read strictly") {
  CHECK(decoded("a%20b") == "a b");
  CHECK(decoded("a+b") == "a+b");
  CHECK(decoded("a+b", true) == "a b");
  CHECK(decoded("%C3%A9") == "\xC3\xA9");
  for (const char* bad : {"%", "%2", "%zz", "%00", "%0d%0aSet-Cookie:x", "%ff", "%c0%af", "%ed%a0%80", "%f5%80%80%80"}) CHECK_FALSE(decoded(bad));
}

TEST_CASE("the cookie wanted is found among others, and no other") {
  CHECK(cookie_value("a=1; catchment_session=xyz; b=2", "catchment_session") == "xyz");
  CHECK(cookie_value("xcatchment_session=1", "catchment_session").empty());
  CHECK(cookie_value("", "catchment_session").empty());
  CHECK(cookie_value("catchment_session", "catchment_session").empty());
}
