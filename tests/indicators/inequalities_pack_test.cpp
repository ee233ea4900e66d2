#include "indicators/inequalities_pack.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace catchment;
using namespace catchment::indicators;

TEST_CASE("the pack of the example system has all twenty-four indicators, each with measures that exist or a reason") {
  const std::filesystem::path folder = CATCHMENT_SOURCE_DIR "/system/blmk";
  system::Definitions definitions(folder);
  const auto pack = load_inequalities_pack(definitions);
  CHECK_FALSE(has_errors(definitions.diagnostics()));
  REQUIRE(pack.size() == 24);
  const auto loaded = measures::load_measures(folder);
  std::set<std::string> known;
  for (const auto& measure : loaded.library.measures) known.insert(measure.words.id);
  for (std::size_t i = 0; i < pack.size(); ++i) {
    CHECK(pack[i].number == static_cast<int>(i) + 1);
    for (const auto& id : pack[i].measures) {
      CAPTURE(id);
      CHECK(known.contains(id));
    }
  }
}

TEST_CASE("an indicator with neither measures nor a reason is an error with its line") {
  const std::map<std::string, std::string> files = {{"inequalities_pack.csv", "number,domain,indicator,measures,note,not_held_because\n1,Cancer,Stage,,,\n"}};
  system::Definitions definitions(files);
  load_inequalities_pack(definitions);
  REQUIRE(has_errors(definitions.diagnostics()));
  CHECK(definitions.diagnostics().front().line == 2);
}
