// The review queue over the API: who may see it, what a decision does to it, undo, and two stewards at once.
#include <doctest/doctest.h>

#include <fstream>

#include "app_fixture.h"
#include "db/db.h"

using namespace catchment;
using namespace catchment::api;

namespace {

std::string decision(std::string_view verdict, std::int64_t seen = 0, std::string_view snapshot = "s1") {
  return R"({"snapshot":")" + std::string(snapshot) + R"(","verdict":")" + std::string(verdict) + R"(","seen":)" + std::to_string(seen) + "}";
}

std::int64_t count(Browser& browser, std::string_view which) {
  const auto document = parsed(browser.ask("GET", "/review"));
  return document.root()["counts"][which].integer().value();
}

/// What the audit holds of an action: "account object detail outcome".
std::vector<std::string> audited(const Fixture& fixture, std::string_view action) {
  db::Sqlite audit(fixture.folder / "audit.sqlite", db::SqliteMode::read_only);
  db::Statement rows = audit.prepare("SELECT account, object, detail, outcome FROM audit WHERE action = ? ORDER BY number");
  rows.bind(action);
  std::vector<std::string> all;
  while (rows.step())
    all.push_back(std::string(rows.text(0)) + " " + std::string(rows.text(1)) + " " + std::string(rows.text(2)) + " " + std::string(rows.text(3)));
  return all;
}

}  // namespace

TEST_CASE("only a data steward working for data quality sees the review queue or decides") {
  Fixture fixture;
  for (const auto role : access::all_roles) {
    CAPTURE(std::string(to_string(role)));
    Browser browser{fixture};
    REQUIRE(browser.sign_in("the-" + std::string(to_string(role))).status == 200);
    const int expected = role == access::Role::data_steward ? 200 : 403;
    CHECK(browser.ask("GET", "/review").status == expected);
    CHECK(browser.ask("GET", "/review/1").status == expected);
    CHECK(browser.ask("GET", "/review/1/why/second").status == expected);
    if (role != access::Role::data_steward) CHECK(browser.ask("POST", "/review/1/decision", decision("same")).status == 403);
  }
  Browser steward{fixture};
  steward.sign_in("the-data-steward");
  steward.remember(steward.ask("PUT", "/session/role", R"({"role":"data-steward","purpose":"population-health"})"));
  CHECK(steward.ask("GET", "/review").status == 403);
  CHECK(steward.ask("POST", "/review/1/decision", decision("same")).status == 403);
  CHECK(fixture.reviews->recent(10).empty());
}

TEST_CASE("an account limited to places is told that pairs belong to none") {
  Fixture fixture;
  fixture.accounts->add({"luton-steward", "Luton Steward", {access::Role::data_steward}, {"luton"}}, Fixture::password());
  Browser browser{fixture};
  browser.sign_in("luton-steward");
  CHECK(browser.ask("GET", "/review").status == 403);
  CHECK(browser.ask("POST", "/review/1/decision", decision("same")).status == 403);
}

TEST_CASE("a decided pair leaves the queue at once, comes back when undone, and each step is in the audit") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  CHECK(count(browser, "waiting") == 2);
  const auto decided = browser.ask("POST", "/review/1/decision", decision("same"));
  REQUIRE(decided.status == 200);
  CHECK(parsed(decided).root()["next"].integer().value() == 2);
  CHECK(count(browser, "waiting") == 1);
  CHECK(count(browser, "decided") == 1);
  CHECK(browser.ask("POST", "/review/2/decision", decision("unsure")).status == 200);
  CHECK(count(browser, "unsure") == 1);
  const auto id = parsed(decided).root()["decision"]["id"].integer().value();
  CHECK(browser.ask("POST", "/review/undo", R"({"decision":)" + std::to_string(id) + "}").status == 200);
  CHECK(count(browser, "waiting") == 1);
  CHECK(browser.ask("POST", "/review/undo", R"({"decision":)" + std::to_string(id) + "}").status == 409);
  CHECK(browser.ask("POST", "/review/undo", R"({"decision":99})").status == 404);
  CHECK(audited(fixture, "decide") ==
        std::vector<std::string>{"the-data-steward linkage-review 1 same permitted", "the-data-steward linkage-review 2 unsure permitted"});
  CHECK(audited(fixture, "undo") ==
        std::vector<std::string>{"the-data-steward linkage-review decision 1 permitted", "the-data-steward linkage-review decision 1 refused",
                                 "the-data-steward linkage-review decision 99 refused"});
  const auto kept = fixture.reviews->recent(10);
  REQUIRE(kept.size() == 2);  // undone, not removed
  CHECK((kept[0].undone_at.has_value() || kept[1].undone_at.has_value()));
}

TEST_CASE("both residents of a pair that is shown have an audit row of their own") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  REQUIRE(browser.ask("GET", "/review").status == 200);
  CHECK(audited(fixture, "shown").empty());  // the list names nobody
  REQUIRE(browser.ask("GET", "/review/1").status == 200);
  CHECK(audited(fixture, "shown").size() == 2);
}

TEST_CASE(
    "of two stewards who decide one pair at once the second is told who was first, and may then decide "
    "against it") {
  Fixture fixture;
  fixture.accounts->add({"second", "Sam Second", {access::Role::data_steward}, {}}, Fixture::password());
  Browser one{fixture}, two{fixture};
  one.sign_in("the-data-steward");
  two.sign_in("second");
  const auto first = one.ask("POST", "/review/1/decision", decision("same"));
  REQUIRE(first.status == 200);
  const auto late = two.ask("POST", "/review/1/decision", decision("different"));
  CHECK(late.status == 409);
  CHECK(late.body.find("The data-steward decided") != std::string::npos);
  CHECK(late.body.find("the same person") != std::string::npos);
  // What was done is recorded as done, what came too late as refused: never one that was not kept as permitted.
  CHECK(audited(fixture, "decide") ==
        std::vector<std::string>{"the-data-steward linkage-review 1 same permitted", "second linkage-review 1 different refused"});
  const auto seen = parsed(first).root()["decision"]["id"].integer().value();
  CHECK(two.ask("POST", "/review/1/decision", decision("different", seen)).status == 200);
  CHECK(fixture.reviews->standing_of("s1").at(1).verdict == linkage::Verdict::different);
}

TEST_CASE("a decision about another snapshot's queue, or of no kind, is not kept") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  CHECK(browser.ask("POST", "/review/1/decision", decision("same", 0, "s0")).status == 409);
  CHECK(browser.ask("POST", "/review/1/decision", decision("perhaps")).status == 400);
  CHECK(browser.ask("POST", "/review/3/decision", decision("same")).status == 404);
  CHECK(browser.ask("GET", "/review/3").status == 404);
  CHECK(browser.ask("GET", "/review/one").status == 404);
  CHECK(browser.ask("GET", "/review/1/why/third").status == 404);
  CHECK(browser.ask("POST", "/review/1/decision", R"({"snapshot":"s1","verdict":"same","seen":0,"reason":")" + std::string(501, 'x') + "\"}").status == 400);
  CHECK(fixture.reviews->recent(10).empty());
}

TEST_CASE("the reason given with a decision is shown with its pair, whose residents have audit rows, and not in the list") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  const auto decided = browser.ask("POST", "/review/1/decision", R"({"snapshot":"s1","verdict":"same","seen":0,"reason":"her sister said so"})");
  REQUIRE(decided.status == 200);
  CHECK(decided.body.find("sister") == std::string::npos);
  const auto list = browser.ask("GET", "/review", {}, "state=decided");
  CHECK(parsed(list).root()["items"].size() == 1);
  CHECK(list.body.find("sister") == std::string::npos);
  CHECK(audited(fixture, "shown").empty());
  CHECK(parsed(browser.ask("GET", "/review/1")).root()["last_reason"].string() == "her sister said so");
  CHECK(audited(fixture, "shown").size() == 2);
}

TEST_CASE("a pair decided on the queue before this one, while the build was under way, does not wait in this one") {
  Fixture fixture;
  build::ReviewNote note;
  note.snapshot = "s0", note.item = 7, note.verdict = linkage::Verdict::different, note.name = "Dana", note.at = Instant{1, 0};
  REQUIRE(fixture.reviews->decide({{{SourceId{2}, "b1"}}, {{SourceId{1}, "a2"}}}, note, 0).kept);
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  CHECK(count(browser, "waiting") == 1);
  CHECK(count(browser, "decided") == 1);
  const auto seen = parsed(browser.ask("GET", "/review/2"));
  CHECK(seen.root()["state"].string() == "different");
  CHECK(seen.root()["last"]["by"].string() == "Dana");
}

TEST_CASE("the queue is read a page at a time, and what was decided leaves no gap in what waits") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  const auto items = [&](const std::string& query) {
    std::vector<std::int64_t> found;
    const auto list = parsed(browser.ask("GET", "/review", {}, query));
    for (std::size_t i = 0; i < list.root()["items"].size(); ++i) found.push_back(list.root()["items"].at(i)["item"].integer().value());
    return found;
  };
  using Items = std::vector<std::int64_t>;
  CHECK(items("limit=1") == Items{1});
  CHECK(items("limit=1&offset=1") == Items{2});
  CHECK(items("offset=2").empty());
  CHECK(browser.ask("POST", "/review/1/decision", decision("unsure")).status == 200);
  CHECK(items("limit=1") == Items{2});
  CHECK(items("offset=1").empty());
  CHECK(items("state=unsure") == Items{1});
  CHECK(items("state=unsure&offset=1").empty());
  CHECK(browser.ask("GET", "/review", {}, "state=perhaps").status == 400);
}

TEST_CASE("Start tells those who may decide what waits for review, and nobody else") {
  Fixture fixture;
  Browser steward{fixture}, analyst{fixture};
  steward.sign_in("the-data-steward");
  analyst.sign_in("the-analyst");
  CHECK(steward.ask("GET", "/start").body.find("2 pairs of rows wait for review") != std::string::npos);
  CHECK(analyst.ask("GET", "/start").body.find("review_queue") == std::string::npos);
}

TEST_CASE("when the audit cannot be written nothing is decided") {
  Fixture fixture;
  Browser browser{fixture};
  browser.sign_in("the-data-steward");
  std::filesystem::remove(fixture.folder / "audit.sqlite");
  CHECK(browser.ask("POST", "/review/1/decision", decision("same")).status == 503);
  CHECK(fixture.reviews->recent(10).empty());
}
