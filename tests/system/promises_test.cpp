#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "base/csv.h"
#include "system/system.h"

using namespace catchment;

namespace {

const std::string strategy = R"(title = "S"
vision = "V"
[[priority]]
id = "start-well"
title = "Start well"
aim = "A"
[[priority.focus]]
id = "education"
title = "Education"
[[enabler]]
id = "finance"
title = "Finance"
aim = "A"
)";

/// Diagnostics about promises.csv alone.
Diagnostics faults(const std::string& rows) {
  auto loaded = system::load_system(system::Definitions(
      std::map<std::string, std::string>{{"strategy.toml", strategy}, {"promises.csv", "id,serves,source,promise,held_as,what,because\n" + rows}}));
  Diagnostics own;
  for (const Diagnostic& each : loaded.diagnostics)
    if (each.file == "promises.csv") own.push_back(each);
  return own;
}

const std::string whole = "a,education,Priorities,Better schools,series,schools,\nb,finance,Priorities,Spend well,not held,,No ledger yet\n";

}  // namespace

TEST_CASE("promises that are all kept somewhere have no fault") { CHECK(faults(whole).empty()); }

TEST_CASE("a blank in a promise is a fault with its line") {
  struct Blank {
    const char* row;
    const char* message;
  };
  const Blank blanks[] = {
      {"c,finance,Priorities,Prevention,series,,\n", "does not say which series"},
      {"c,finance,Priorities,Prevention,not held,,\n", "no reason is given"},
      {"c,finance,Priorities,,measure,x,\n", "promise"},
      {"c,finance,,Prevention,measure,x,\n", "source"},
      {"c,finance,Priorities,Prevention,,x,\n", "held_as"},
      {"c,finence,Priorities,Prevention,measure,x,\n", "finence"},
      {"c,finance,Priorities,Prevention,page,Mony,\n", "there is no page 'Mony'"},
  };
  for (const Blank& blank : blanks) {
    const Diagnostics found = faults(whole + blank.row);
    REQUIRE_MESSAGE(!found.empty(), blank.row);
    CHECK(found[0].line == 4);
    CHECK_MESSAGE(found[0].message.find(blank.message) != std::string::npos, found[0].message);
    CHECK_FALSE(found[0].fix.empty());
  }
}

TEST_CASE("a focus area or enabler that nothing is promised for is a fault") {
  const Diagnostics found = faults("a,education,Priorities,Better schools,series,schools,\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].message.find("'finance'") != std::string::npos);
}

namespace {

const std::filesystem::path example = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk";

std::string text_of(const char* name) {
  std::ifstream in(example / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

system::LoadedSystem example_with(const std::string& promises) {
  return system::load_system(system::Definitions(std::map<std::string, std::string>{{"strategy.toml", text_of("strategy.toml")}, {"promises.csv", promises}}));
}

std::vector<int> lines_at_fault(const system::LoadedSystem& loaded) {
  std::vector<int> lines;
  for (const Diagnostic& each : loaded.diagnostics)
    if (each.file == "promises.csv") lines.push_back(each.line);
  return lines;
}

}  // namespace

TEST_CASE("any blank left in the example's promises is a fault on its line") {
  const std::string text = text_of("promises.csv");
  const system::LoadedSystem loaded = example_with(text);
  CHECK(lines_at_fault(loaded).empty());
  CHECK(loaded.system.promises.size() > 100);
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(text, faults);
  const auto where = static_cast<std::size_t>(table.column("what")), why = static_cast<std::size_t>(table.column("because"));
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    std::string blanked = csv_line(table.header);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      std::vector<std::string> cells = table.rows[r];
      if (r == row) cells[where].clear(), cells[why].clear();
      blanked += csv_line(cells);
    }
    CHECK(lines_at_fault(example_with(blanked)) == std::vector<int>{static_cast<int>(row) + 2});
  }
}

TEST_CASE("the promises that are easily missed are among the example's") {
  const system::LoadedSystem loaded = example_with(text_of("promises.csv"));
  std::set<std::string> ids;
  for (const system::Promise& promise : loaded.system.promises) ids.insert(promise.id);
  for (const char* id : {"purpose-outcomes",         "purpose-inequalities",    "purpose-value",
                         "purpose-social-economic",  "needs-assessments",       "wellbeing-strategies",
                         "integrated-care-strategy", "two-year-plan",           "start-education",
                         "start-vulnerable",         "fair-stop-smoking-quits", "fair-weight",
                         "fair-digital-hardware",    "fair-digital-skills",     "fair-isolation",
                         "fair-homelessness",        "fair-personalised",       "growth-anchors",
                         "growth-investment",        "growth-apprenticeships",  "growth-sustainability",
                         "estates-close-to-home",    "estates-co-location",     "finance-devolution",
                         "excellence-improvement"})
    CHECK_MESSAGE(ids.contains(id), id);
}
