#include <doctest/doctest.h>

#include "app_fixture.h"
#include "schema_check.h"

using namespace catchment;
using namespace catchment::api;

namespace {

std::string json_text(const std::string& text) {
  json::Writer out;
  out.string(text);
  return out.take();
}

/// Asks until the count has ended.
json::Document ended(Browser& browser) {
  for (int turn = 0; turn < 2000; ++turn) {
    auto document = parsed(browser.ask("GET", "/cohorts/count"));
    if (document.root()["state"].string() != "running") return document;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  FAIL("the count did not end");
  return {};
}

const std::string adults = R"({"form":{"id":"adults","title":"Adults","who":{"all":[{"age":{"from":18}}]}}})";

}  // namespace

TEST_CASE("a cohort in clauses is answered with its words and its CQL") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  const auto document = parsed(browser.ask("POST", "/cohorts/check", adults));
  CHECK(document.root()["good"].boolean());
  CHECK(document.root()["words"].string() == "Everyone alive and registered who is: aged 18 or over.");
  CHECK(document.root()["cql"].string().find("Record.\"Age\" >= 18") != std::string_view::npos);
  CHECK(document.root()["faults"].size() == 0);
}

TEST_CASE("a fault in clauses says where in the form it is") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  const auto document =
      parsed(browser.ask("POST", "/cohorts/check", R"({"form":{"id":"c","title":"C","who":{"all":[{"age":{"from":18}},{"register":"diabetis"}]}}})"));
  CHECK_FALSE(document.root()["good"].boolean());
  REQUIRE(document.root()["faults"].size() == 1);
  const auto fault = document.root()["faults"].at(0);
  CHECK(fault["where"].string() == "who.all[1].register");
  CHECK(fault["fix"].string().find("diabetes") != std::string_view::npos);
}

TEST_CASE("a fault in CQL says line, column and a fix, and a cohort that is not true or false is a fault") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  std::string cql = Fixture::grown_ups();
  cql.replace(cql.find("\"Age\""), 5, "\"Agee\"");
  auto document = parsed(browser.ask("POST", "/cohorts/check", "{\"cql\":" + json_text(cql) + "}"));
  REQUIRE(document.root()["faults"].size() >= 1);
  CHECK(document.root()["faults"].at(0)["line"].integer() == 7);
  CHECK(*document.root()["faults"].at(0)["column"].integer() > 1);
  CHECK(document.root()["faults"].at(0)["fix"].string().find("Age") != std::string_view::npos);
  cql = Fixture::grown_ups();
  cql.replace(cql.find(" >= 18"), 6, "");
  document = parsed(browser.ask("POST", "/cohorts/check", "{\"cql\":" + json_text(cql) + "}"));
  REQUIRE(document.root()["faults"].size() == 1);
  CHECK(document.root()["faults"].at(0)["message"].string() == "\"Cohort\" is Integer, not true or false");
}

TEST_CASE("what has faults is neither counted nor kept") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  CHECK(browser.ask("POST", "/cohorts/count", R"({"cql":"library X define"})").status == 422);
  CHECK(browser.ask("POST", "/cohorts", R"({"cql":"library X define","id":"x","title":"X"})").status == 422);
  CHECK(browser.ask("POST", "/cohorts/count", R"({"cql":"library X","form":{}})").status == 400);
  CHECK(browser.ask("POST", "/cohorts/count", R"({"cql":"library X","month":"2031-01"})").status == 400);
  CHECK(browser.ask("POST", "/cohorts", "{\"id\":\"Not An Id\",\"title\":\"X\",\"cql\":" + json_text(Fixture::grown_ups()) + "}").status == 400);
}

TEST_CASE("a count runs beside the pages, one for each account, and can be given up") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  fixture.sources.source->hold_counts = true;
  const auto rows = fixture.audit_rows();
  CHECK(browser.ask("POST", "/cohorts/count", adults).status == 200);
  CHECK(fixture.audit_rows() >= rows + 2);  // the admission, and what was counted
  CHECK(browser.ask("POST", "/cohorts/count", adults).status == 409);
  CHECK(parsed(browser.ask("GET", "/cohorts/count")).root()["state"].string() == "running");
  CHECK(browser.ask("DELETE", "/cohorts/count").status == 200);
  const auto given_up = ended(browser);
  CHECK(given_up.root()["state"].string() == "failed");
  CHECK(given_up.root()["fault"].string() == "you gave the count up");
  fixture.sources.source->hold_counts = false;
  CHECK(browser.ask("POST", "/cohorts/count", adults).status == 200);
  const auto done = ended(browser);
  CHECK(done.root()["state"].string() == "done");
  SchemaCheck check(contract());
  for (const auto& fault : check.check("CohortCount", done.root())) FAIL_CHECK(fault);
}

TEST_CASE("CQL that would take for ever is refused before anyone is counted") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  std::string cql = Fixture::grown_ups();
  cql.replace(cql.find("Record.\"Age\" >= 18"), 18, "Count(expand { Interval[1, 900000] }) > Count(expand { Interval[2, 900000] })");
  const auto response = browser.ask("POST", "/cohorts/count", "{\"cql\":" + json_text(cql) + "}");
  CHECK(response.status == 400);
  CHECK(response.body.find("made-up person") != std::string::npos);
}

TEST_CASE("a kept cohort has its versions; the same again is no new one") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  CHECK(parsed(browser.ask("POST", "/cohorts", adults)).root()["kept"]["version"].integer() == 1);
  CHECK(parsed(browser.ask("POST", "/cohorts", adults)).root()["kept"]["version"].integer() == 1);
  std::string older = adults;
  older.replace(older.find("18"), 2, "19");
  CHECK(parsed(browser.ask("POST", "/cohorts", older)).root()["kept"]["version"].integer() == 2);
  const auto first = parsed(browser.ask("GET", "/cohorts/adults", "", "version=1"));
  CHECK(first.root()["form"].string().find("18") != std::string_view::npos);
  CHECK(first.root()["versions"].size() == 2);
  CHECK(parsed(browser.ask("GET", "/cohorts")).root()["cohorts"].size() == 2);  // and the one of the fixture
  CHECK(browser.ask("GET", "/cohorts/nothing").status == 404);
}

TEST_CASE("made-up people say which clause they just miss") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  const auto document = parsed(browser.ask("POST", "/cohorts/people", adults));
  REQUIRE(document.root()["people"].size() == 2);
  CHECK(document.root()["people"].at(0)["in"].boolean());
  CHECK_FALSE(document.root()["people"].at(1)["in"].boolean());
  CHECK(document.root()["people"].at(1)["shows"].string() == "out of it by aged 18 or over");
  CHECK(document.root()["people"].at(1)["why"].at(0)["answer"].string() == "no");
}

TEST_CASE("people are made up for CQL written by hand, with the clauses behind each, and what could not be made up") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  std::string cql = Fixture::grown_ups();
  cql += "  and (Record.\"Registered\" or exists [Basic])\n";
  const auto document = parsed(browser.ask("POST", "/cohorts/people", "{\"cql\":" + json_text(cql) + "}"));
  SchemaCheck check(contract());
  for (const auto& fault : check.check("CohortPeople", document.root())) FAIL_CHECK(fault);
  REQUIRE(document.root()["people"].size() >= 2);
  const auto in = document.root()["people"].at(0);
  CHECK(in["in"].boolean());
  CHECK(in["why"].at(0)["name"].string() == "Cohort");
  bool registration = false;
  for (const json::Value clause : in["why"])
    for (const json::Value row : clause["rows"]) registration = registration || (row["kind"].string() == "Registration" && row["use"].string() == "passed");
  CHECK(registration);
  CHECK_FALSE(document.root()["people"].at(1)["in"].boolean());
  bool named = false;
  for (const json::Value what : document.root()["not_made"]) named = named || what.string().find("[Basic]") != std::string_view::npos;
  CHECK(named);
  CHECK(browser.ask("POST", "/cohorts/people", R"({"cql":"library X define"})").status == 422);
  CHECK(browser.ask("POST", "/cohorts/people", R"({"month":"2026-03"})").status == 400);
}

TEST_CASE("what a cohort may name holds tables, codelists and the words of the record library") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-analyst");
  const auto document = parsed(browser.ask("GET", "/cohorts/words"));
  CHECK(document.root()["codelists"].size() > 50);
  CHECK(document.root()["tables"].size() == measures::shapes().size());
  bool age = false, on_list = false;
  for (const json::Value word : document.root()["words"]) {
    age = age || word["insert"].string() == "Record.\"Age\"";
    on_list = on_list || word["insert"].string() == ".onList()";
  }
  CHECK(age);
  CHECK(on_list);
  for (const json::Value table : document.root()["tables"])
    for (const json::Value element : table["elements"]) CHECK_FALSE(element.string().ends_with("DateTime"));
}

TEST_CASE("only an analyst working for population health builds cohorts") {
  Fixture fixture;
  for (const auto role : access::all_roles) {
    Browser browser{fixture};
    const auto session = parsed(browser.sign_in("the-" + std::string(to_string(role))));
    const bool may = role == access::Role::analyst;
    CHECK(session.root()["may_build_cohorts"].boolean() == may);
    CHECK(browser.ask("POST", "/cohorts/check", adults).status == (may ? 200 : 403));
  }
}
