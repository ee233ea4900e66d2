#include <doctest/doctest.h>

#include "intake/intake.h"

using namespace catchment;
using namespace catchment::intake;

namespace {

constexpr std::string_view small = R"(
name = "visits"
title = "Visits"
setting = "community"
files = ["visits/{partner}/{period}/*.csv"]
key = "local_id:visits"
key_column = "id"

[[column]]
name = "id"
required = true

[[column]]
name = "DIAG_{01..03}"
type = "code"
system = "icd10"

[[column]]
name = "day"
type = "date"
required = true

[[record]]
table = "encounter"
fields = { kind = { value = "community" }, start_date = "day" }

[[record]]
table = "condition"
each = "DIAG_{01..03}"
fields = { code = "DIAG_{01..03}", recorded_date = "day", rank = { index = true } }
)";

std::string with(std::string_view from, std::string_view to) {
  std::string text(small);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string first_fault(const std::string& text) {
  Diagnostics diagnostics;
  const auto feed = read_feed("feeds/visits.toml", text, diagnostics);
  if (feed) return "";
  REQUIRE(!diagnostics.empty());
  return std::to_string(diagnostics[0].line) + ": " + diagnostics[0].message + " / " + diagnostics[0].fix;
}

}  // namespace

TEST_CASE("a feed definition is read, its families expanded") {
  Diagnostics diagnostics;
  const auto feed = read_feed("feeds/visits.toml", small, diagnostics);
  REQUIRE(feed);
  CHECK(diagnostics.empty());
  CHECK(feed->columns.size() == 5);
  CHECK(feed->columns[3].name == "DIAG_03");
  CHECK(feed->columns[3].system == "http://hl7.org/fhir/sid/icd-10");
  REQUIRE(feed->records.size() == 2);
  CHECK(feed->records[1].each == std::vector<int>{1, 2, 3});
  CHECK(feed->key_domain == "visits");
}

TEST_CASE("every fault of a definition names its line and a likely fix") {
  CHECK(first_fault(with("title = \"Visits\"", "title = 3")) == "3: `title` is not a text / put it in quotes");
  CHECK(first_fault(with("start_date = \"day\"", "start_date = \"dey\"")).find("did you mean `day`?") != std::string::npos);
  CHECK(first_fault(with("table = \"encounter\"", "table = \"encounters\"")).find("did you mean `encounter`?") != std::string::npos);
  CHECK(first_fault(with("value = \"community\"", "value = \"holiday\"")).find("`holiday` is not one of appointment|") != std::string::npos);
  CHECK(first_fault(with("type = \"date\"", "type = \"dat\"")).find("`dat` is not a type") != std::string::npos);
  CHECK(first_fault(with("required = true", "requierd = true")).find("did you mean `required`?") != std::string::npos);
  CHECK(first_fault(with("[[column]]\nname = \"id\"", "[[column]\nname = \"id\"")).starts_with("9: "));
  CHECK(first_fault(with("key = \"local_id:visits\"", "key = \"pseudonym\"")).find("is not a kind of key") != std::string::npos);
  CHECK(first_fault(with("system = \"icd10\"", "")).find("does not name its code system") != std::string::npos);
  CHECK(first_fault(with("each = \"DIAG_{01..03}\"", "")).find("does not fit `each`") != std::string::npos);
  CHECK(first_fault(with("name = \"DIAG_{01..03}\"", "name = \"DIAG_{03..01}\"")).find("is not a family") != std::string::npos);
}

TEST_CASE("paths give partner, period and delivery") {
  const auto match = match_path("gp/{partner}/{period}/obs*.csv", "gp/E81001/2026-03/observation_1.csv");
  REQUIRE(match);
  CHECK(match->partner == "E81001");
  CHECK(match->period == "2026-03");
  CHECK(!match_path("gp/{partner}/*.csv", "gp/E81001/2026-03/a.csv"));
  CHECK(match_path("**/*.csv", "a/b/c.csv"));
  CHECK(match_path("**/*.csv", "c.csv"));
  const auto named = match_path("cld/{partner}_{period}_{delivery}.csv", "cld/E06000055_2026Q1_2.csv");
  REQUIRE(named);
  CHECK(named->partner == "E06000055");
  CHECK(named->period == "2026Q1");
  CHECK(named->delivery == "2");
  CHECK(!match_path("{partner}/x", "/x"));
}

TEST_CASE("a definition that is not TOML is a diagnostic, whatever is wrong with it") {
  for (const char* text : {"[*", "[[", "[", "a.", "a = [", "a = {", "\"", "a = \"\\u", "= 1", "[a]\n[a]", "a = 1979-13-45", "\xff\xfe", "a = 1\na = 2"}) {
    INFO(text);
    Diagnostics diagnostics;
    CHECK_FALSE(read_feed("feeds/visits.toml", text, diagnostics));
    CHECK(has_errors(diagnostics));
  }
}
