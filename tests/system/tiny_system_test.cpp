// A second system loads with the same code, and the code names nothing of the example.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "system/system.h"
#include "tiny_folder.h"

using namespace catchment;
using namespace catchment::system;

TEST_CASE("a second, tiny system loads with the same code") {
  const LoadedSystem loaded = load_system(CATCHMENT_SOURCE_DIR "/tests/systems/tiny");
  CHECK(loaded.diagnostics.empty());
  const System& system = loaded.system;
  CHECK(system.id == "twin-isles");
  CHECK(system.zone == "Atlantic/Faroe");
  CHECK(system.places.size() == 2);
  CHECK(system.deprivation_indices.size() == 1);
  CHECK(deprivation_fifth(system, *find_small_area(system, "P1"), "2020") == 1);
  CHECK(deprivation_fifth(system, *find_small_area(system, "P4"), "2020") == 5);
  CHECK(deprivation_fifth(system, *find_small_area(system, "P4"), "1999") == 0);
  CHECK(find_practice(system, "D1")->neighbourhood == "harbour");
  CHECK(find_published(system, "population", "all", "residents") == 4200);
  CHECK_FALSE(find_published(system, "population", "all", "households"));
  CHECK_FALSE(system.strategy.first_thread);
  CHECK(find_body(system, "board")->seats.size() == 2);
  CHECK(system.posts.at(0).limit_pence == 500'000);
}

TEST_CASE("the loader's code names nothing of the example system") {
  const System example = load_system(CATCHMENT_SOURCE_DIR "/system/blmk").system;
  std::set<std::string> names{example.short_name};
  for (const Place& place : example.places) names.insert(place.name);
  for (const Organisation& one : example.organisations) names.insert(one.name);
  REQUIRE(names.size() > 20);
  for (const char* module : {"base", "system", "terminology"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(CATCHMENT_SOURCE_DIR) / "src" / module)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        const std::string code = line.substr(0, line.find("//"));  // comments may give examples
        for (const std::string& name : names) { CHECK_MESSAGE(code.find(name) == std::string::npos, entry.path().filename().string() << ": " << line); }
      }
    }
  }
}

TEST_CASE("succession is followed hop by hop up to the day asked about") {
  const System system = load_system(CATCHMENT_SOURCE_DIR "/system/blmk").system;
  const auto ends = [&](const char* id, const char* what, int year, int month, int day) {
    std::string text;
    for (const Organisation* one : successors(system, id, what, Date::from_ymd(year, month, day)).ends) text += one->id + ' ';
    return text;
  };
  CHECK(ends("bedfordshire-ccg", "legal", 2021, 3, 31) == "bedfordshire-ccg ");
  CHECK(ends("bedfordshire-ccg", "legal", 2021, 4, 1) == "blmk-ccg ");
  CHECK(ends("bedfordshire-ccg", "legal", 2026, 3, 31) == "blmk-icb ");
  CHECK(ends("luton-ccg", "legal", 2026, 4, 1) == "central-east-icb ");  // expected
  CHECK(ends("blmk-ccg", "code", 2026, 3, 31) == "blmk-sub-board-location ");
  CHECK(ends("blmk-ccg", "functions", 2026, 3, 31) == "blmk-icb ");
}

TEST_CASE("a split has more than one end") {
  auto files = tiny_folder();
  files["organisations.csv"] +=
      "east-board,EB1,local,East Board,care_board,2024-01-01,\nwest-board,WB1,local,West "
      "Board,care_board,2024-01-01,\n";
  files["successions.csv"] += "isles-board,east-board,2024-01-01,legal,\nisles-board,west-board,2024-01-01,legal,\n";
  const LoadedSystem loaded = load_system(Definitions(files));
  REQUIRE(loaded.diagnostics.empty());
  const Successors found = successors(loaded.system, "north-fund", "legal", Date::from_ymd(2024, 6, 30));
  CHECK(found.hops.size() == 3);
  REQUIRE(found.ends.size() == 2);
  CHECK(found.ends[0]->id == "east-board");
  CHECK(found.ends[1]->id == "west-board");
}

TEST_CASE("organisations and bodies stand from their first day to their last") {
  const System system = load_system(CATCHMENT_SOURCE_DIR "/system/blmk").system;
  const auto stands = [&](const char* body, int y, int m, int d) {
    const auto all = bodies_on(system, Date::from_ymd(y, m, d));
    return std::any_of(all.begin(), all.end(), [&](const Body* one) { return one->id == body; });
  };
  CHECK_FALSE(stands("care-board", 2022, 6, 30));
  CHECK(stands("care-board", 2022, 7, 1));
  CHECK(stands("blmk-ccg-governing-body", 2022, 6, 30));
  CHECK_FALSE(stands("blmk-ccg-governing-body", 2022, 7, 1));
  CHECK_FALSE(stands("central-east-board", 2026, 3, 31));
}
