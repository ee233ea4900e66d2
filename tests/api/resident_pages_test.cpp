// A resident's record, found and read under the gate, asked of a small snapshot.
#include "isles.h"

using namespace catchment;
using namespace catchment::api;

TEST_CASE("a resident is found by number and by name, and the record is whole") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto by_number = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"999 000 0018"})"));
  REQUIRE(by_number.root()["hits"].size() == 1);
  const auto hit = by_number.root()["hits"].at(0);
  CHECK(hit["name"].string() == "TESTER, Given1");
  CHECK(hit["nhs_number"].string() == "999 000 0018");
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"test"})")).root()["hits"].size() == 2);
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"Given1 Tester"})")).root()["hits"].size() >= 1);
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000019"})")).root()["note"].string().find("check digit") !=
        std::string_view::npos);
  const std::string handle(hit["handle"].string());
  const auto record = fitting("ResidentRecord", browser.ask("GET", "/residents/" + handle));
  const auto root = record.root();
  CHECK(root["banner"]["name"].string() == "TESTER, Given1");
  CHECK(root["problems"].at(0)["title"].string() == "Type 2 diabetes");
  CHECK(root["series"].at(0)["points"].size() == 3);
  CHECK(root["lanes"].size() == 2);
  bool stay = false;
  for (const json::Value event : root["timeline"])
    stay = stay || (event["kind"].string() == "spell" && event["end"].string() == "2024-02-09" && event["organisation"].string() == "Isles Infirmary");
  CHECK(stay);
  for (const auto& table : records::tables) fitting("RecordTable", browser.ask("GET", "/residents/" + handle + "/tables/" + std::string(table.name)));
  const auto encounters = fitting("RecordTable", browser.ask("GET", "/residents/" + handle + "/tables/encounter"));
  CHECK(encounters.root()["total"].integer() == 1);
  CHECK(encounters.root()["rows"].at(0).size() == encounters.root()["columns"].size());
}

TEST_CASE("a protected location is told nowhere in the record, the search or the tables") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto found = browser.ask("POST", "/residents/search", R"({"query":"9990000026"})");
  const auto hits = fitting("ResidentHits", found);
  REQUIRE(hits.root()["hits"].size() == 1);
  CHECK(hits.root()["hits"].at(0)["restricted"].boolean());
  const std::string handle(hits.root()["hits"].at(0)["handle"].string());
  std::string everything = found.body + browser.ask("GET", "/residents/" + handle).body;
  for (const auto& table : records::tables) everything += browser.ask("GET", "/residents/" + handle + "/tables/" + std::string(table.name)).body;
  for (const char* place : {"NI1 1AA", "Quay Doctors", "Isles Infirmary", "North Isle", "Quayside", "IH1", "\"D1\""}) {
    CAPTURE(place);
    CHECK(everything.find(place) == std::string::npos);
  }
}

TEST_CASE("a resident's measures are worked out from what direct care may see, and each asking is in the audit") {
  Isles isles(true);
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto hits = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000018"})"));
  const std::string record = "/residents/" + std::string(hits.root()["hits"].at(0)["handle"].string());
  const auto rows = isles.fixture.audit_rows();
  const auto all = fitting("ResidentMeasures", browser.ask("GET", record + "/measures"));
  CHECK(isles.fixture.audit_rows() == rows + 1);
  REQUIRE(all.root()["measures"].size() == 1);
  CHECK(all.root()["measures"].at(0)["id"].string() == "pressure-low");
  // A second low result is there, in a file that its partner shares for commissioning alone.
  CHECK(all.root()["measures"].at(0)["standing"].string() == "not_met");
  const auto answer = browser.ask("GET", record + "/measures/pressure-low");
  const auto why = fitting("ResidentEvidence", answer);
  CHECK(isles.fixture.audit_rows() == rows + 2);
  const auto results = why.root()["parts"].at(1)["clauses"].at(1)["rows"];
  REQUIRE(results.size() == 3);
  CHECK(results.at(0)["title"].string() == "Systolic");
  CHECK(results.at(0)["detail"].string() == "128.5 mm[Hg]");
  CHECK(results.at(0)["date"].string() == "2024-01-09");
  CHECK(results.at(0)["file"].string() == "gp/D1.csv");
  CHECK(results.at(0)["line"].integer() == 8);
  CHECK(results.at(0)["use"].string() == "left_out");
  CHECK(results.at(2)["use"].string() == "passed");
  CHECK(answer.body.find("wards") == std::string::npos);
  CHECK(answer.body.find("99.5") == std::string::npos);
  CHECK(browser.ask("GET", record + "/measures/no-such").status == 404);
  // Of a month before the results, the same rows are read and none counts.
  REQUIRE(all.root()["months"].size() == 13);
  CHECK(all.root()["months"].at(12).string() == "2023-06-30");
  const auto earlier = fitting("ResidentMeasures", browser.ask("GET", record + "/measures", "", "month=2023-12"));
  CHECK(earlier.root()["month"].string() == "2023-12-31");
  REQUIRE(earlier.root()["measures"].size() == 1);
  CHECK(earlier.root()["note"].string().find("known today") != std::string::npos);
  const auto then = fitting("ResidentEvidence", browser.ask("GET", record + "/measures/pressure-low", "", "month=2023-12"));
  CHECK(why.root()["parts"].at(1)["clauses"].at(1)["answer"].string() == "1 row");
  CHECK(then.root()["parts"].at(1)["clauses"].at(1)["answer"].string() == "none");
  for (const char* month : {"2023-05", "2024-07", "2024-13", "June"})
    CHECK(browser.ask("GET", record + "/measures", "", std::string("month=") + month).status == 404);
  // An analyst has no handle, and another's opens nothing.
  Browser analyst{isles.fixture};
  analyst.sign_in("the-analyst");
  CHECK(analyst.ask("GET", record + "/measures").status >= 403);
  CHECK(analyst.ask("GET", record + "/measures/pressure-low").status >= 403);
}

TEST_CASE("a protected location is not told by the rows behind a measure") {
  Isles isles(true);
  Browser browser{isles.fixture};
  browser.sign_in("the-care-professional");
  const auto hits = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000026"})"));
  const std::string record = "/residents/" + std::string(hits.root()["hits"].at(0)["handle"].string());
  const auto why = browser.ask("GET", record + "/measures/pressure-low");
  CHECK(fitting("ResidentEvidence", why).root()["parts"].at(1)["clauses"].at(1)["rows"].size() == 3);
  for (const char* place : {"D1", "Quay Doctors", "Isles Infirmary", "North Isle"}) CHECK(why.body.find(place) == std::string::npos);
}

TEST_CASE("who may not see detentions and restraint sees neither them nor that there are any") {
  Isles isles(true);
  isles.fixture.accounts->add({"north-team", "North team", {access::Role::neighbourhood_team}, {"north"}}, Fixture::password());
  const auto told = [](Browser& browser, const std::string& number, std::string& withheld) {
    const auto found = fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":")" + number + R"("})"));
    REQUIRE(found.root()["hits"].size() == 1);
    const std::string address = "/residents/" + std::string(found.root()["hits"].at(0)["handle"].string());
    const auto answer = browser.ask("GET", address);
    const auto record = fitting("ResidentRecord", answer);
    withheld = record.root()["withheld"].string();
    return answer.body + browser.ask("GET", address + "/tables/procedure").body + browser.ask("GET", address + "/measures").body;
  };
  std::string withheld;
  Browser clinician{isles.fixture};
  clinician.sign_in("the-care-professional");
  const std::string whole = told(clinician, "9990000018", withheld);
  for (const char* words : {"Detained for treatment", "Held by the arms", "mhsds", "2024-05-20"}) CHECK(whole.find(words) != std::string::npos);
  CHECK(withheld.empty());

  Browser team{isles.fixture};
  team.sign_in("north-team");
  const std::string part = told(team, "9990000018", withheld);
  for (const std::string words : {"Detained", "Held by the arms", "mhsds", "2024-05-20"}) {
    const std::size_t at = part.find(words);
    INFO(words << " in " << part.substr(at == std::string::npos ? 0 : at > 60 ? at - 60 : 0, 160));
    CHECK(at == std::string::npos);
  }
  // The table of procedures answers as an empty one does; the record does not name it among those that have rows.
  const std::string name = "\"kind\":\"procedure\",\"title\"";
  CHECK(part.find(name) == part.rfind(name));
  CHECK(part.find("\"total\":0") != std::string::npos);
  CHECK(whole.find(name) != whole.rfind(name));
  // The page says that kinds of entries are withheld, and says the same of a resident who has none.
  CHECK(withheld.find("withheld from your role") != std::string::npos);
  std::string of_another;
  told(team, "9990000026", of_another);
  CHECK(of_another == withheld);
}

TEST_CASE("a team of one place does not find or open residents of another") {
  Isles isles;
  isles.fixture.accounts->add({"south-team", "South team", {access::Role::neighbourhood_team}, {"south"}}, Fixture::password());
  Browser browser{isles.fixture};
  browser.sign_in("south-team");
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"9990000018"})")).root()["hits"].size() == 0);
  CHECK(fitting("ResidentHits", browser.ask("POST", "/residents/search", R"({"query":"Other","limit":50})")).root()["hits"].size() == 3);  // of 41
}
