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
  std::set<std::string> known, series;
  for (const auto& measure : loaded.library.measures) known.insert(measure.words.id);
  for (const auto& one : loaded.library.series) series.insert(one.words.id);
  for (std::size_t i = 0; i < pack.size(); ++i) {
    CHECK(pack[i].number == static_cast<int>(i) + 1);
    for (const auto& id : pack[i].measures) {
      CAPTURE(id);
      CHECK(known.contains(id));
    }
    for (const auto& id : pack[i].series) {
      CAPTURE(id);
      CHECK(series.contains(id));
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

TEST_CASE("a series shows its latest figure of the whole area and the groups it tells apart, each with what is said of it") {
  measures::ImportedSeries series;
  series.words.id = "stage";
  series.words.title = "Found early";
  series.unit = "per cent";
  const auto point = [](const char* place, const char* period, double value, const char* split, const char* group) {
    measures::SeriesPoint made;
    made.place = place, made.period = period, made.value = value, made.note = "synthetic", made.split = split, made.group = group;
    return made;
  };
  series.points = {point("all", "2024-25", 58, "", ""), point("all", "2025-26", 59, "", ""), point("north", "2025-26", 61, "", "")};
  series.points[1].numerator = 590, series.points[1].denominator = 1000;
  series.groups = {point("all", "2025-26", 54, "deprivation", "1"), point("all", "2024-25", 53, "deprivation", "1")};
  PackIndicator indicator;
  indicator.number = 11, indicator.domain = "Cancer", indicator.title = "Stage", indicator.series = {"stage"};
  CHECK(series_rows(indicator, series) ==
        "11,Cancer,Stage,stage,Found early (per cent),2025-26,everyone,,,590,1000,59.00,,,,,,,The figure is synthetic.\n"
        "11,Cancer,Stage,stage,Found early (per cent),2025-26,deprivation,,1,,,54.00,,,,,,,The figure is synthetic.\n");
  series.points.clear(), series.groups.clear();
  CHECK(series_rows(indicator, series) == "11,Cancer,Stage,stage,,,,,,,,,,,,,,,The series has no figure of the whole area\n");
}

TEST_CASE("an indicator with a series alone is held") {
  const std::map<std::string, std::string> files = {
      {"inequalities_pack.csv", "number,domain,indicator,measures,series,note,not_held_because\n1,Cancer,Stage,,stage,,\n2,Cancer,Stage,,stage,,No feed.\n"}};
  system::Definitions definitions(files);
  const auto pack = load_inequalities_pack(definitions);
  REQUIRE(definitions.diagnostics().size() == 1);
  CHECK(definitions.diagnostics().front().line == 3);
  CHECK(pack[0].held());
}
