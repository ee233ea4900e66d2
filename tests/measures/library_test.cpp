#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <span>

#include "measures/measures.h"

using namespace catchment;

namespace {

const std::string logic = R"(library Sugar version '1'
using FHIR version '4.0.1'
valueset "Diabetes codes": 'codelist:diabetes'
parameter "Measurement Period" Interval<DateTime>
context Patient
define "Adult": AgeInYearsAt(date from end of "Measurement Period") >= 18
define "Diabetes": exists [Condition: "Diabetes codes"]
define "Days": [Condition: "Diabetes codes"] C return date from (C.onset as FHIR.dateTime)
)";

const std::string toml = R"(owner = "board"
priority = "live-well"
focus = "long-term"
good_direction = "neither"
source = "Own rule"

[[measure]]
id = "diabetes"
title = "Diabetes"
purpose = "Who has it."
years = ["2025/26"]
denominator = "Adults"
numerator = "Those with a diagnosis"
define = { denominator = "Adult", numerator = "Diabetes" }
)";

terminology::Codelists codelists() {
  terminology::Codelist list;
  list.id = "diabetes";
  list.version = "1";
  list.hash = "0123456789abcdef0123";
  list.entries = {{"snomed", "73211009", "Diabetes mellitus", terminology::Match::exact}, {"icd10", "E11", "Type 2", terminology::Match::prefix}};
  return {{list}};
}

system::System small_system() {
  system::System system;
  system::StrategyItem item;
  item.id = "live-well";
  item.focus.push_back({"long-term", "Long-term conditions", "", {"diabetes"}});
  system.strategy.priorities.push_back(item);
  system::Place place;
  place.id = "north";
  system.places.push_back(place);
  return system;
}

const std::string lock = "library,codelist,version,hash\nSugar,diabetes,1,0123456789abcdef\n";

measures::LoadedMeasures load(std::map<std::string, std::string> files) {
  return measures::load_measures(system::Definitions(std::move(files)), small_system(), codelists());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

/// The one diagnostic that says `words`.
Diagnostic told(const measures::LoadedMeasures& loaded, const std::string& words) {
  for (const Diagnostic& each : loaded.diagnostics)
    if (each.message.find(words) != std::string::npos) return each;
  std::string all;
  for (const Diagnostic& each : loaded.diagnostics) all += to_string(each) + "\n";
  FAIL_CHECK("nothing says '" << words << "' among:\n" << all);
  return {};
}

/// A text of a file changed so, what is then said of it, and where.
struct Mistake {
  std::string from, to, message, fix;
  int line;
};

void check_mistakes(std::span<const Mistake> mistakes, const std::string& file, const std::string& text,
                    const std::function<measures::LoadedMeasures(const std::string&)>& load_text) {
  for (const Mistake& mistake : mistakes) {
    const Diagnostic each = told(load_text(replaced(text, mistake.from, mistake.to)), mistake.message);
    CHECK(each.file == file);
    CHECK_MESSAGE(each.fix.find(mistake.fix) != std::string::npos, each.fix);
    CHECK_MESSAGE(each.line == mistake.line, mistake.message << " line " << each.line);
  }
}

}  // namespace

TEST_CASE("a library without faults loads with its codelists and a version") {
  const auto loaded = load({{"measures/Sugar.cql", logic}, {"measures/Sugar.toml", toml}, {"measures/codelists.csv", lock}});
  for (const Diagnostic& each : loaded.diagnostics) FAIL_CHECK(to_string(each));
  REQUIRE(loaded.library.measures.size() == 1);
  const auto& one = loaded.library.measures[0];
  CHECK(one.version.size() == 12);
  REQUIRE(one.codelists.size() == 1);
  CHECK(one.codelists[0].hash == "0123456789abcdef");
  CHECK(to_string(one.from) == "2025-04-01");
  CHECK(measures::codelist_lock(loaded.library) == lock);
}

TEST_CASE("each mistake in a measure is told with its file, line and fix") {
  const Mistake mistakes[] = {
      {"numerator = \"Diabetes\" }", "numerator = \"Diabetis\" }", "has no definition \"Diabetis\"", "did you mean \"Diabetes\"?", 7},
      {"numerator = \"Diabetes\" }", "numerator = \"Days\" }", "\"Days\" is List", "kind = \"count\"", 7},
      {"\"2025/26\"", "\"2025/27\"", "'2025/27' is not a financial year", "write it as", 11},
      {"focus = \"long-term\"", "focus = \"long-trem\"", "has no focus area 'long-trem'", "did you mean \"long-term\"?", 7},
      {"good_direction = \"neither\"", "good_direction = \"up\"", "'up' is not a direction", "higher, lower or neither", 7},
      {"purpose = \"Who has it.\"\n", "", "'purpose' is missing", "purpose", 7},
      {"title = \"Diabetes\"", "titl = \"Diabetes\"", "'titl' is not known", "did you mean 'title'?", 9},
  };
  check_mistakes(mistakes, "measures/Sugar.toml", toml, [](const std::string& text) {
    return load({{"measures/Sugar.cql", logic}, {"measures/Sugar.toml", text}, {"measures/codelists.csv", lock}});
  });
}

TEST_CASE("a codelist that is not there or not pinned is told") {
  const auto missing = load(
      {{"measures/Sugar.cql", replaced(logic, "codelist:diabetes", "codelist:diabetis")}, {"measures/Sugar.toml", toml}, {"measures/codelists.csv", lock}});
  CHECK(told(missing, "there is no codelist 'diabetis'").line == 3);
  const auto changed =
      load({{"measures/Sugar.cql", logic}, {"measures/Sugar.toml", toml}, {"measures/codelists.csv", replaced(lock, "0123456789abcdef", "ffff")}});
  CHECK(told(changed, "is not the one that Sugar was written for").line == 2);
  const auto unpinned = load({{"measures/Sugar.cql", logic}, {"measures/Sugar.toml", toml}, {"measures/codelists.csv", "library,codelist,version,hash\n"}});
  CHECK(has_errors(unpinned.diagnostics));
}

TEST_CASE("a version changes with the logic and not with comments or layout") {
  const auto version = [](const std::string& text) {
    return load({{"measures/Sugar.cql", text}, {"measures/Sugar.toml", toml}, {"measures/codelists.csv", lock}}).library.measures.at(0).version;
  };
  const std::string before = version(logic);
  CHECK(version(replaced(logic, "define \"Adult\"", "// grown up\ndefine \"Adult\"")) == before);
  CHECK(version(replaced(logic, ">= 18", ">=   18")) == before);
  CHECK(version(replaced(logic, "define \"Days\": [Condition", "define \"Days\": [ Condition")) == before);
  CHECK(version(replaced(logic, ">= 18", ">= 17")) != before);
}

TEST_CASE("a series keeps what it says of groups apart from what it says of everybody") {
  const std::string words = R"([[series]]
id = "early"
title = "Found early"
purpose = "Early found is mostly cured."
denominator = "Cancers"
numerator = "Those found early"
unit = "per cent"
owner = "board"
good_direction = "higher"
priority = "live-well"
focus = "long-term"
source = "Registry"
)";
  const auto with = [&](const std::string& rows) {
    return load({{"measures/codelists.csv", "library,codelist,version,hash\n"}, {"series/series.toml", words}, {"series/early.csv", rows}});
  };
  const auto loaded = with("place,period,value,split,group\nall,2025-26,58.1,,\nall,2025-26,54.2,deprivation,1\nall,2025-26,60.7,deprivation,5\n");
  for (const Diagnostic& each : loaded.diagnostics) FAIL_CHECK(to_string(each));
  REQUIRE(loaded.library.series.size() == 1);
  const auto& series = loaded.library.series[0];
  REQUIRE(series.points.size() == 1);
  CHECK(series.points[0].value == 58.1);
  REQUIRE(series.groups.size() == 2);
  CHECK(series.groups[0].split == "deprivation");
  CHECK(series.groups[1].group == "5");
  CHECK(told(with("place,period,value,split,group\nall,2025-26,58.1,,1\n"), "'split' and 'group' stand together").line == 2);
  CHECK(told(with("place,period,value,split,group\nall,2025-26,1,age,old\nall,2025-26,2,age,old\n"), "already have a figure").line == 3);
  CHECK(has_errors(with("place,period,value,split,group\nall,2025-26,58.1,income,1\n").diagnostics));
}

TEST_CASE("two financial years of one measure stand side by side") {
  const std::string two = toml + replaced(toml.substr(toml.find("\n[[measure]]")), "2025/26", "2026/27");
  const auto loaded = load({{"measures/Sugar.cql", logic}, {"measures/Sugar.toml", two}, {"measures/codelists.csv", lock}});
  CHECK_FALSE(has_errors(loaded.diagnostics));
  const auto year_on = [&](const char* day) { return measures::find_measure(loaded.library, "diabetes", *Date::parse(day))->year; };
  CHECK(year_on("2024-01-01") == "2025/26");
  CHECK(year_on("2026-03-31") == "2025/26");
  CHECK(year_on("2026-04-01") == "2026/27");
  CHECK(year_on("2030-01-01") == "2026/27");
  CHECK(measures::find_measure(loaded.library, "nothing", *Date::parse("2026-01-01")) == nullptr);
}

TEST_CASE("a codelist answers with and without the point of ICD-10 and by prefix") {
  const measures::CodelistSets sets(codelists());
  const cql::CodeSet* set = sets.value_set("codelist:diabetes", "");
  REQUIRE(set != nullptr);
  CHECK(set->contains("73211009", "http://snomed.info/sct"));
  CHECK_FALSE(set->contains("732110091", "http://snomed.info/sct"));
  CHECK(set->contains("E11.9", "http://hl7.org/fhir/sid/icd-10"));
  CHECK(set->contains("E119", "http://hl7.org/fhir/sid/icd-10"));
  CHECK_FALSE(set->contains("E12", "http://hl7.org/fhir/sid/icd-10"));
  CHECK_FALSE(set->contains("E11", "http://snomed.info/sct"));
  CHECK(sets.value_set("codelist:asthma", "") == nullptr);
}

namespace {

const std::string plan = R"(title = "Plan"
[[line]]
id = "less-sugar"
title = "Less sugar"
measure = "diabetes"
owner = "icb"
trajectory = [{ month = "2025-03", value = 10 }, { month = "2026-03", value = 7 }, { month = "2026-09", value = 5.5 }]
)";

measures::LoadedMeasures load_with_plan(const std::string& text) {
  return load({{"measures/Sugar.cql", logic}, {"measures/Sugar.toml", toml}, {"measures/codelists.csv", lock}, {"plan.toml", text}});
}

}  // namespace

TEST_CASE("a plan's value stands on the line between its months, and nowhere outside them") {
  const auto loaded = load_with_plan(plan);
  for (const Diagnostic& each : loaded.diagnostics) FAIL_CHECK(to_string(each));
  REQUIRE(loaded.library.plan.lines.size() == 1);
  const measures::PlanLine& line = loaded.library.plan.lines[0];
  const auto planned = [&](const char* day) { return line.planned(*Date::parse(day)); };
  CHECK_FALSE(planned("2025-02-01"));
  CHECK(*planned("2025-03-01") == doctest::Approx(10));
  CHECK(*planned("2025-09-01") == doctest::Approx(8.5));
  CHECK(*planned("2026-03-01") == doctest::Approx(7));
  CHECK(*planned("2026-07-01") == doctest::Approx(6));
  CHECK(*planned("2026-09-01") == doctest::Approx(5.5));
  CHECK_FALSE(planned("2026-10-01"));
}

TEST_CASE("each mistake in a plan is told with its line and fix") {
  const Mistake mistakes[] = {
      {"measure = \"diabetes\"", "measure = \"diabetis\"", "there is no measure 'diabetis'", "did you mean \"diabetes\"?", 5},
      {"measure = \"diabetes\"\n", "", "moves one measure or one imported series", "fill one of", 2},
      {"owner = \"icb\"", "owner = \"icb\"\nplace = \"atlantis\"", "there is no place 'atlantis'", "places.csv", 7},
      {"\"2026-03\"", "\"2026-13\"", "'2026-13' is not a month", "write it as", 7},
      {"\"2026-03\"", "\"2025-03\"", "does not come after", "in order", 7},
      {", { month = \"2026-03\", value = 7 }, { month = \"2026-09\", value = 5.5 }", "", "needs where it starts", "add trajectory", 7},
      {"title = \"Less sugar\"", "titel = \"Less sugar\"", "'titel' is not known", "remove it", 4},
  };
  check_mistakes(mistakes, "plan.toml", plan, load_with_plan);
  CHECK(told(load_with_plan(plan + plan.substr(plan.find("[[line]]"))), "'less-sugar' is there twice").file == "plan.toml");
}

TEST_CASE("the example's measure library has no faults") {
  const auto loaded = measures::load_measures(std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system" / "blmk");
  for (const Diagnostic& each : loaded.diagnostics) FAIL_CHECK(to_string(each));
  CHECK(loaded.library.measures.size() >= 80);
  for (const auto& measure : loaded.library.measures) CHECK_MESSAGE(measure.version.size() == 12, measure.words.id);
}
