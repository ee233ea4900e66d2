// The real source: a small snapshot of the Twin Isles, asked through the whole API.
#include "isles.h"

using namespace catchment;
using namespace catchment::api;

TEST_CASE("every page of the staff app is answered from a snapshot and fits the contract") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-data-steward");
  const auto start = fitting("Start", browser.ask("GET", "/start"));
  CHECK(start.root()["sentence"].string().find("45 synthetic residents standing for 4,200") != std::string_view::npos);
  CHECK(start.root()["sentence"].string().find("one practice missing") != std::string_view::npos);
  CHECK(start.root()["sentence"].string().find("one month late") != std::string_view::npos);
  fitting("FeedList", browser.ask("GET", "/feeds"));
  const auto feed = fitting("FeedDetail", browser.ask("GET", "/feeds/gp"));
  CHECK(feed.root()["feed"]["rows_quarantined"].integer() == 1);
  CHECK(feed.root()["findings"].at(0)["rule"].string() == "type");
  const auto quarantine = fitting("Quarantine", browser.ask("GET", "/feeds/gp/quarantine"));
  CHECK(quarantine.root()["rows"].at(0)["value"].string().find("Secretname") != std::string_view::npos);
  const auto found = fitting("Quarantine", browser.ask("GET", "/feeds/gp/quarantine", "", "rule=type&column=birth_date"));
  CHECK(found.root()["total"].integer() == 1);
  CHECK(found.root()["rows"].at(0)["file"].string() == "gp/D1.csv");
  CHECK(found.root()["rows"].at(0)["line"].integer() == 7);
  CHECK(fitting("Quarantine", browser.ask("GET", "/feeds/gp/quarantine", "", "rule=type&column=sex")).root()["total"].integer() == 0);
  fitting("PlaceList", browser.ask("GET", "/places"));
  fitting("Population", browser.ask("GET", "/population"));
  fitting("Population", browser.ask("GET", "/population", "", "place=north&basis=registered"));
  fitting("Conditions", browser.ask("GET", "/population/conditions", "", "place=north"));
  for (const char* measure : {"residents", "aged-65", "most-deprived"})
    fitting("AreaMap", browser.ask("GET", "/population/areas", "", std::string("measure=") + measure));
  CHECK(browser.ask("GET", "/population/areas", "", "by=street").status == 400);
  CHECK(fitting("MeasureList", browser.ask("GET", "/measures")).root()["measures"].size() == 0);
  CHECK(fitting("Conditions", browser.ask("GET", "/population/conditions")).root()["conditions"].size() == 0);
  for (const char* figure :
       {"residents~all", "registered-share~all~sex~male", "residents~north~age~65+", "residents~all~age-sex~70-74.male", "opted-out~all", "both~all"})
    fitting("Why", browser.ask("GET", std::string("/figures/") + figure + "/why"));
  CHECK(browser.ask("GET", "/figures/residents~all~shoe~big/why").status == 404);
  CHECK(browser.ask("GET", "/measures/nothing").status == 404);
  fitting("Structure", browser.ask("GET", "/structure"));
  fitting("BodyDetail", browser.ask("GET", "/structure/infirmary"));
  fitting("Strategy", browser.ask("GET", "/strategy"));
  fitting("ServiceList", browser.ask("GET", "/services", "", "place=south"));
  const auto hits = fitting("SearchHits", browser.ask("POST", "/search", R"({"text":"isle"})"));
  CHECK(hits.root()["hits"].size() >= 2);
  CHECK(browser.ask("GET", "/population", "", "place=nowhere").status == 404);
  CHECK(browser.ask("GET", "/feeds/nothing").status == 404);
}

TEST_CASE("conditions of the population are the registers of the library, with its figures, on the map too") {
  Isles isles;
  keep_measure(isles.fixture.folder, "register-diabetes", 20, 30, measures::MeasureKind::register_);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto page = fitting("Conditions", browser.ask("GET", "/population/conditions"));
  REQUIRE(page.root()["conditions"].size() == 1);
  const auto measure = fitting("MeasureDetail", browser.ask("GET", "/measures/register-diabetes"));
  CHECK(page.root()["conditions"].at(0)["figure"]["numerator"].integer() == 20);
  CHECK(page.root()["conditions"].at(0)["figure"]["numerator"].integer() == measure.root()["figure"]["numerator"].integer());
  fitting("Conditions", browser.ask("GET", "/population/conditions", "", "place=north"));
  const auto residents = fitting("MeasureDetail", browser.ask("GET", "/measures/register-diabetes", "", "basis=resident"));
  for (const char* by : {"area", "neighbourhood"}) {
    const auto map = fitting("AreaMap", browser.ask("GET", "/population/areas", "", std::string("measure=register-diabetes&by=") + by));
    CHECK(map.root()["whole"]["value"].is_number() == !residents.root()["figure"]["suppressed"].boolean());  // areas are of residents
  }
}

TEST_CASE("a head count that is as it was published before says so, and hidden ones say why") {
  Isles isles;
  const auto change_counts = [&](const char* how) {
    db::Sqlite(indicators::figures_file(isles.fixture.folder, std::string(64, 'a')), db::SqliteMode::create).execute(how);
  };
  Browser browser{isles.fixture};
  SUBCASE("held back") {
    change_counts("UPDATE head_count SET state = 2");
    browser.sign_in("the-analyst");
    const auto page = fitting("Population", browser.ask("GET", "/population"));
    CHECK(page.root()["tiles"].at(0)["held_back"].string() ==
          "The figures of June 2024 are those published before: beside them, what has been counted since would give away a count of a few people.");
  }
  SUBCASE("withheld") {
    change_counts("UPDATE head_count SET state = 4, count = NULL");
    browser.sign_in("the-analyst");
    const auto page = fitting("Population", browser.ask("GET", "/population"));
    CHECK(page.root()["tiles"].at(0)["suppression_note"].string().find("Every figure of June 2024 is withheld") == 0);
    CHECK(page.root()["pyramid"].at(8)["female"]["suppressed"].boolean());
  }
  SUBCASE("a file made before people were counted in it") {
    change_counts("DROP TABLE head_count");
    browser.sign_in("the-analyst");
    const auto page = fitting("Population", browser.ask("GET", "/population"));
    CHECK(page.root()["tiles"].at(0)["missing_reason"].string().find("not counted yet") == 0);
  }
}

TEST_CASE("small counts are hidden and the rest rounded, wherever they appear") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-board");
  const auto places = fitting("PlaceList", browser.ask("GET", "/places"));
  const auto north = places.root()["places"].at(0)["residents"], south = places.root()["places"].at(1)["residents"];
  CHECK(south["suppressed"].boolean());  // three
  CHECK(north["suppressed"].boolean());  // else the whole less the north would tell
  CHECK(south["value"].is_null());
  CHECK(south["suppression_note"].string().find("1 to 7") != std::string_view::npos);
  CHECK(places.root()["whole"]["value"].number() == 45);  // 43, rounded to 5
  const auto page = fitting("Population", browser.ask("GET", "/population", "", "place=south"));
  for (const json::Value band : page.root()["pyramid"])
    for (const char* sex : {"female", "male"}) CHECK((band[sex]["value"].is_null() || band[sex]["value"].number() == 0));
}

TEST_CASE("every figure of the population leads to why") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto page = fitting("Population", browser.ask("GET", "/population", "", "place=north"));
  int asked = 0;
  const auto why = [&](json::Value figure) {
    const auto answer = browser.ask("GET", "/figures/" + std::string(figure["id"].string()) + "/why");
    CAPTURE(std::string(figure["id"].string()));
    const auto document = fitting("Why", answer);
    CHECK(document.root()["figure"]["value"].number() == figure["value"].number());
    ++asked;
  };
  for (const json::Value tile : page.root()["tiles"]) why(tile);
  for (const json::Value breakdown : page.root()["breakdowns"])
    for (const json::Value figure : breakdown["figures"]) why(figure);
  why(page.root()["pyramid"].at(10)["female"]);
  CHECK(asked > 8);
  for (const char* id : {"nothing", "residents~nowhere", "residents~all~sex", "residents~all~shoe~9", "~~~", "residents~all~age-sex~x"})
    CHECK(browser.ask("GET", std::string("/figures/") + id + "/why").status == 404);
}

TEST_CASE("the server follows current to a new snapshot and refuses one that is not synthetic") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto snapshot = [&] { return std::string(parsed(browser.ask("GET", "/system")).root()["snapshot"]["id"].string()); };
  CHECK(snapshot() == "s1");
  // What is made ready beforehand, for this snapshot and then for the next, takes nothing away from either.
  const auto admission = isles.fixture.gate->admit({"os:test", "test", access::Role::administrator, access::Purpose::system_administration, {}, "test"},
                                                   {access::ObjectKind::measure, "made ready", {}, {}});
  REQUIRE(admission.filter);
  isles.sources->keep_ready(*admission.filter);
  CHECK(fitting("Start", browser.ask("GET", "/start")).root()["counts"]["people"].integer() == 45);
  publish(isles.fixture.folder, "s2");
  CHECK(snapshot() == "s2");
  publish(isles.fixture.folder, "s3", false);
  CHECK(browser.ask("GET", "/start").status >= 400);
}
