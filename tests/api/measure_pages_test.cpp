// Pages of the measure library, asked of a small snapshot.
#include <array>

#include "isles.h"

using namespace catchment;
using namespace catchment::api;

TEST_CASE("figures of the measure library are answered as soon as they are kept, on every page") {
  Isles isles;
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  CHECK_FALSE(fitting("MeasureList", browser.ask("GET", "/measures")).root()["library"].boolean());
  CHECK(fitting("Scorecard", browser.ask("GET", "/scorecard")).root()["sentence"].string().find("catchment build") != std::string_view::npos);
  keep_measure(isles.fixture.folder, "kept-well", 20, 30);
  const auto list = fitting("MeasureList", browser.ask("GET", "/measures"));
  CHECK(list.root()["library"].boolean());
  REQUIRE(list.root()["measures"].size() == 1);
  CHECK(list.root()["measures"].at(0)["spark"].size() == 14);
  const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
  CHECK(detail.root()["figure"]["numerator"].integer() == 20);
  CHECK(detail.root()["figure"]["denominator"].integer() == 45);
  CHECK(detail.root()["figure"]["comparison"]["verdict"].string() == "better");  // than its target
  CHECK(detail.root()["trend"]["points"].size() == 14);
  CHECK(detail.root()["trend"]["variation"].string() == "common_cause");
  CHECK(detail.root()["trend"]["recent"]["trend"].string() == "cannot_be_calculated");
  CHECK(detail.root()["trend"]["recent"]["sentence"].string().find("June 2023 to June 2024") != std::string_view::npos);
  REQUIRE(detail.root()["hidden_splits"].size() > 0);  // forty people in a dozen practices and areas
  CHECK(detail.root()["hidden_splits"].at(0).string().find("Hidden whole: by ") != std::string_view::npos);
  CHECK(detail.root()["basis"].string() == "registered");
  for (const json::Value index : detail.root()["indices"])
    fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well", "", "index=" + std::string(index.string())));
  CHECK(browser.ask("GET", "/measures/kept-well", "", "index=1066").status == 404);
  CHECK(browser.ask("GET", "/measures/kept-well", "", "basis=both").status == 400);
  fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well", "", "basis=resident&place=north"));
  fitting("Why", browser.ask("GET", "/figures/kept-well@resident~north/why"));
  fitting("AreaMap", browser.ask("GET", "/population/areas", "", "measure=kept-well"));
  for (const char* by : {"deprivation", "ethnicity", "sex", "place"}) fitting("Inequalities", browser.ask("GET", "/inequalities", "", std::string("by=") + by));
  CHECK(browser.ask("GET", "/inequalities", "", "by=shoe").status == 404);
  fitting("PlaceProfile", browser.ask("GET", "/places/north/profile"));
  CHECK(browser.ask("GET", "/places/nowhere/profile").status == 404);
  fitting("Scorecard", browser.ask("GET", "/scorecard"));
}

TEST_CASE("a figure that is as it was published before says so on every page that shows it, and a withheld one says that") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 20, 30);
  const auto change_figures = [&](const char* how) {
    db::Sqlite(indicators::figures_file(isles.fixture.folder, std::string(64, 'a')), db::SqliteMode::create).execute(how);
  };
  Browser browser{isles.fixture};
  SUBCASE("held back") {
    change_figures("UPDATE figure SET hidden = hidden + 2");
    browser.sign_in("the-analyst");
    const auto says_so = [](json::Value held_back) {
      CHECK(held_back.string() ==
            "The figures of June 2024 are those published before: beside them, what has been counted since would give away a count of a few people.");
    };
    const auto profile = fitting("PlaceProfile", browser.ask("GET", "/places/north/profile"));
    REQUIRE(profile.root()["outcomes"].size() == 1);
    says_so(profile.root()["outcomes"].at(0)["figure"]["held_back"]);
    says_so(profile.root()["outcomes"].at(0)["whole"]["held_back"]);
    const auto gaps = fitting("Inequalities", browser.ask("GET", "/inequalities", "", "by=sex"));
    REQUIRE(gaps.root()["rows"].size() == 1);
    says_so(gaps.root()["rows"].at(0)["whole"]["held_back"]);
    const auto list = fitting("MeasureList", browser.ask("GET", "/measures"));  // as the scorecard has it
    says_so(list.root()["measures"].at(0)["figure"]["held_back"]);
    CHECK(list.root()["measures"].at(0)["months_held_back"].string().find("April 2024 and May 2024 are those") != std::string_view::npos);
    const auto why = fitting("Why", browser.ask("GET", "/figures/kept-well~all/why"));
    CHECK(why.root()["calculation"].string().find("are those published before") != std::string_view::npos);
  }
  SUBCASE("withheld") {
    change_figures("UPDATE figure SET hidden = 5, numerator = NULL, denominator = NULL, value = NULL, low = NULL, high = NULL");
    browser.sign_in("the-analyst");
    const auto profile = fitting("PlaceProfile", browser.ask("GET", "/places/north/profile"));
    REQUIRE(profile.root()["outcomes"].size() == 1);
    const json::Value here = profile.root()["outcomes"].at(0)["figure"];
    CHECK(here["suppression_note"].string().find("Every figure of residents in June 2024 is withheld") == 0);
    CHECK(here["held_back"].is_null());
    CHECK(profile.root()["note"].string().find("to protect people: Kept well.") != std::string_view::npos);
    const auto gaps = fitting("Inequalities", browser.ask("GET", "/inequalities", "", "by=sex"));
    CHECK(gaps.root()["rows"].size() == 0);
    CHECK(gaps.root()["note"].string().find("Withheld with every figure of the month, to protect people: Kept well.") != std::string_view::npos);
    const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
    CHECK(detail.root()["headline"].string().find("is withheld") != std::string_view::npos);
  }
}

TEST_CASE("two groups crossed are a grid of registered people with the farthest apart in words, or a sentence where all of it is hidden") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 20, 30);
  db::Sqlite figures(indicators::figures_file(isles.fixture.folder, std::string(64, 'a')), db::SqliteMode::create);
  const auto add = [&](const std::string& group, int position, const char* counts) {
    figures.execute("INSERT INTO figure SELECT 'kept-well', 0, 9, '', max(month), '', " + std::to_string(position) + ", '" + group + "', " + counts +
                    " FROM figure");
  };
  Browser browser{isles.fixture};
  SUBCASE("a grid") {
    add("asian.1", 1, "20, 100, 20, 13, 29, NULL, NULL, NULL, 0");
    add("asian.unknown", 6, "NULL, 10, NULL, NULL, NULL, NULL, NULL, NULL, 1");
    add("white.1", 31, "60, 100, 60, 50, 69, NULL, NULL, NULL, 0");
    add("white.5", 35, "90, 100, 90, 83, 94, NULL, NULL, NULL, 0");
    browser.sign_in("the-analyst");
    const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
    REQUIRE(detail.root()["crossings"].size() == 1);
    const json::Value grid = detail.root()["crossings"].at(0);
    CHECK(grid["sentence"].string() == "White, fifth 5: 90.0%; Asian, fifth 1: 20.0%, a gap of 70.0 points");
    CHECK(grid["rows"].at(1).string() == "White");
    REQUIRE(grid["columns"].size() == 3);
    CHECK(grid["columns"].at(1).string() == "5");
    CHECK(grid["columns"].at(2).string() == "Not known");
    REQUIRE(grid["cells"].size() == 4);
    CHECK(grid["cells"].at(0)["verdict"].string() == "worse");
    CHECK(grid["cells"].at(1)["suppressed"].boolean());
    CHECK(grid["cells"].at(1)["denominator"].is_null());
    for (const auto& [cell, row, column] : {std::array{0, 0, 0}, {1, 0, 2}, {2, 1, 0}, {3, 1, 1}}) {
      CHECK(grid["cells"].at(static_cast<std::size_t>(cell))["row"].integer() == row);
      CHECK(grid["cells"].at(static_cast<std::size_t>(cell))["column"].integer() == column);
    }
    CHECK(fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well", "", "basis=resident")).root()["crossings"].size() == 0);
  }
  SUBCASE("all of it hidden") {
    add("asian.1", 1, "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1");
    add("white.1", 31, "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1");
    browser.sign_in("the-analyst");
    const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
    CHECK(detail.root()["crossings"].size() == 0);
    bool said = false;
    for (const json::Value sentence : detail.root()["hidden_splits"])
      said = said || sentence.string().find("; by ethnic group and deprivation") != std::string::npos;
    CHECK(said);
  }
}

TEST_CASE("why a measure changed since a month is read from who was kept, and the parts sum to the difference") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 30, 45);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  // In January ten of the thirty were not yet in the numerator.
  const auto snapshot = records::Snapshot::open(records::Workspace{isles.fixture.folder});
  const measures::MembersStore store(isles.fixture.folder / "measures");
  const std::string& hash = snapshot->manifest().content_hash;
  const std::string version = "abcdef012345";
  const Date january = Date::from_ymd(2024, 1, 1);
  auto members = store.read({hash, "kept-well", version, january});
  REQUIRE(members);
  std::vector<std::uint32_t> first = members->numerator.places();
  first.resize(first.size() - 10);
  measures::PersonSet fewer;
  fewer.add(first);
  members->numerator = std::move(fewer);
  store.write({hash, "kept-well", version, january}, *members);
  const auto change = fitting("MeasureChange", browser.ask("GET", "/measures/kept-well/change", "", "from=2024-01"));
  REQUIRE(change.root()["available"].boolean());
  CHECK(change.root()["before"]["numerator"].integer() == 20);
  CHECK(change.root()["after"]["numerator"].integer() == 30);
  std::int64_t sum = 0;
  for (const json::Value part : change.root()["parts"]) sum += *part["gained"].integer() - *part["lost"].integer();
  CHECK(sum == 10);
  CHECK(change.root()["parts"].at(4)["gained"].integer() == 10);  // real change
  CHECK_FALSE(change.root()["parts"].at(0)["known"].boolean());   // late data: one snapshot
  CHECK(browser.ask("GET", "/measures/kept-well/change", "", "from=1066-10").status == 404);
  CHECK(browser.ask("GET", "/measures/kept-well/change", "", "place=nowhere").status == 404);
}

TEST_CASE("a hidden figure of the library has no interval, no point on its chart and no practice in its funnel") {
  Isles isles;
  keep_measure(isles.fixture.folder, "kept-well", 4, 30);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto detail = fitting("MeasureDetail", browser.ask("GET", "/measures/kept-well"));
  CHECK(detail.root()["figure"]["suppressed"].boolean());
  CHECK(detail.root()["figure"]["interval"].is_null());
  CHECK(detail.root()["figure"]["comparison"].is_null());
  for (const json::Value point : detail.root()["trend"]["points"])
    for (const char* name : {"value", "low", "high", "numerator", "denominator", "mean", "lower", "upper"}) CHECK(point[name].is_null());
  CHECK(detail.root()["gaps"].size() == 0);
  CHECK(detail.root()["funnel"].is_null());
  for (const json::Value breakdown : detail.root()["breakdowns"])
    for (const json::Value figure : breakdown["figures"]) CHECK((figure["suppressed"].boolean() || figure["value"].number() == 0));
}

TEST_CASE("the worked cases of a measure are told with the rows that decided them, to whoever may see measures") {
  Isles isles(true);
  Browser browser{isles.fixture};
  browser.sign_in("the-analyst");
  const auto told = fitting("MeasureCases", browser.ask("GET", "/measures/pressure-low/cases"));
  REQUIRE(told.root()["cases"].size() == 1);
  const auto one = told.root()["cases"].at(0);
  CHECK(one["title"].string() == "once is not twice");
  CHECK(one["as_expected"].boolean());
  const auto person = one["people"].at(0);
  CHECK(person["who"].string() == "Woman or girl born on 1 May 1960");
  CHECK(person["standing"].string() == "not_met");
  CHECK(person["record"].size() == 3);
  REQUIRE(person["parts"].size() == 2);
  CHECK(person["parts"].at(0)["clauses"].at(0)["rows"].at(0)["title"].string() == "Type 2 diabetes");
  const auto results = person["parts"].at(1)["clauses"].at(1);
  CHECK(results["name"].string() == "Low results");
  CHECK(results["answer"].string() == "1 row");
  REQUIRE(results["rows"].size() == 2);
  CHECK(results["rows"].at(0)["detail"].string() == "128 mm[Hg]");
  CHECK(results["rows"].at(0)["use"].string() == "left_out");
  CHECK(results["rows"].at(1)["use"].string() == "passed");
  CHECK(browser.ask("GET", "/measures/no-such/cases").status == 404);
}
