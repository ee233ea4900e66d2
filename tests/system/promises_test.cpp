#include <doctest/doctest.h>

#include <map>
#include <string>

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
  auto loaded = system::load_system(system::Definitions(std::map<std::string, std::string>{{"strategy.toml", strategy}, {"promises.csv", "id,serves,source,promise,held_as,what,because\n" + rows}}));
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
