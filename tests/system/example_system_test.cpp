#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <set>

#include "system/system.h"

using namespace catchment;
using namespace catchment::system;

namespace {

const LoadedSystem& example() {
  static const LoadedSystem loaded = load_system(CATCHMENT_SOURCE_DIR "/system/blmk");
  return loaded;
}

std::string all_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics) text += to_string(each) + '\n';
  return text;
}

// Odd-r offset hexagons: odd rows stand half a tile to the right.
std::vector<std::pair<int, int>> neighbours(int c, int r) {
  const int odd = r % 2;
  return {{c - 1, r}, {c + 1, r}, {c - 1 + odd, r - 1}, {c + odd, r - 1}, {c - 1 + odd, r + 1}, {c + odd, r + 1}};
}

std::size_t pieces(const std::set<std::pair<int, int>>& tiles) {
  std::set<std::pair<int, int>> left = tiles;
  std::size_t count = 0;
  while (!left.empty()) {
    ++count;
    std::vector<std::pair<int, int>> stack{*left.begin()};
    while (!stack.empty()) {
      const auto tile = stack.back();
      stack.pop_back();
      if (left.erase(tile) == 0) continue;
      for (const auto& next : neighbours(tile.first, tile.second)) stack.push_back(next);
    }
  }
  return count;
}

}  // namespace

TEST_CASE("the example system loads without a fault") { CHECK_MESSAGE(example().diagnostics.empty(), all_of(example().diagnostics)); }

TEST_CASE("residents of the small areas add up to the published residents of each place") {
  const System& system = example().system;
  std::map<std::string, std::int64_t> residents;
  std::int64_t all = 0;
  for (const SmallArea& area : system.small_areas) {
    residents[area.place] += area.residents;
    all += area.residents;
  }
  for (const Place& place : system.places) {
    CHECK(residents[place.id] == place.residents);
    CHECK(static_cast<double>(place.residents) == find_published(system, "population", place.id, "residents").value());
  }
  CHECK(all == system.represented_population);
}

TEST_CASE("residents by national deprivation fifth follow the published shares") {
  const System& system = example().system;
  for (const Place& place : system.places) {
    for (int fifth = 1; fifth <= 5; ++fifth) {
      std::int64_t mine = 0;
      for (const SmallArea& area : system.small_areas) {
        if (area.place == place.id && deprivation_fifth(system, area, "2025") == fifth) mine += area.residents;
      }
      const double share = 100.0 * static_cast<double>(mine) / static_cast<double>(place.residents);
      const double wanted = find_published(system, "deprivation_fifths_2025", place.id, std::to_string(fifth)).value();
      CHECK(std::abs(share - wanted) < 0.15);
    }
    int tenth = 0;
    for (const SmallArea& area : system.small_areas) tenth += area.place == place.id && deprivation_decile(system, area, "2025") == 1;
    CHECK(tenth == static_cast<int>(find_published(system, "deprivation_most_deprived_tenth_2025", place.id, "areas").value()));
  }
}

TEST_CASE("the older index puts its published share of small areas in the most deprived fifth") {
  const System& system = example().system;
  for (const Place& place : system.places) {
    int in_fifth = 0, areas = 0;
    for (const SmallArea& area : system.small_areas) {
      if (area.place != place.id) continue;
      ++areas;
      in_fifth += deprivation_fifth(system, area, "2019") == 1;
    }
    const double wanted = find_published(system, "deprivation_most_deprived_fifth_2019", place.id, "1").value();
    CHECK(std::abs(100.0 * in_fifth / areas - wanted) < 1.0);
  }
}

TEST_CASE("every small area has a decile in every version of the index") {
  const System& system = example().system;
  REQUIRE(system.deprivation_indices.size() == 2);
  for (const SmallArea& area : system.small_areas) {
    for (const int decile : area.deciles) CHECK(decile >= 1);
  }
}

TEST_CASE("on the tile grid each place and each neighbourhood is one piece and the map has no hole") {
  const System& system = example().system;
  std::map<std::string, std::set<std::pair<int, int>>> by_place, by_neighbourhood;
  std::set<std::pair<int, int>> all;
  int columns = 0, rows = 0;
  for (const SmallArea& area : system.small_areas) {
    by_place[area.place].emplace(area.column, area.row);
    by_neighbourhood[area.neighbourhood].emplace(area.column, area.row);
    all.emplace(area.column, area.row);
    columns = std::max(columns, area.column);
    rows = std::max(rows, area.row);
  }
  CHECK(all.size() == system.small_areas.size());
  for (const auto& [place, tiles] : by_place) CHECK_MESSAGE(pieces(tiles) == 1, place);
  for (const auto& [neighbourhood, tiles] : by_neighbourhood) CHECK_MESSAGE(pieces(tiles) == 1, neighbourhood);
  std::set<std::pair<int, int>> outside;
  for (int c = -1; c <= columns + 1; ++c) {
    for (int r = -1; r <= rows + 1; ++r) {
      if (!all.contains({c, r})) outside.emplace(c, r);
    }
  }
  CHECK(pieces(outside) == 1);
}

TEST_CASE("registered lists add up to the published registered population") {
  const System& system = example().system;
  std::int64_t registered = 0;
  for (const Practice& practice : system.practices) registered += practice.list_size;
  CHECK(static_cast<double>(registered) == find_published(system, "population", "all", "registered").value());
  CHECK(static_cast<double>(system.practices.size()) == find_published(system, "population", "all", "practices").value());
}

TEST_CASE("the partnership has twelve core partners") {
  int partners = 0;
  for (const Organisation& one : example().system.organisations) partners += one.core_partner;
  CHECK(partners == 12);
}

TEST_CASE("a code kept through a reorganisation means another organisation on another day") {
  const System& system = example().system;
  CHECK(find_organisation_by_code(system, "M1J4Y", Date::from_ymd(2022, 6, 30))->id == "blmk-ccg");
  CHECK(find_organisation_by_code(system, "M1J4Y", Date::from_ymd(2022, 7, 1))->id == "blmk-sub-board-location");
  CHECK(find_organisation_by_code(system, "06F", Date::from_ymd(2026, 3, 31))->id == "bedfordshire-ccg");
  CHECK(find_organisation_by_code(system, "06F", Date::from_ymd(2010, 1, 1)) == nullptr);
}

TEST_CASE("postcodes are written one way") {
  CHECK(normal_postcode("xb1 1aa") == "XB1 1AA");
  CHECK(normal_postcode("MK401AB") == "MK40 1AB");
  CHECK(normal_postcode("EC1A 1BB") == "EC1A 1BB");
  CHECK(normal_postcode("M1 1AE") == "M1 1AE");
  CHECK(normal_postcode("") == "");
  CHECK(normal_postcode("12345") == "");
  CHECK(normal_postcode("MK40 AB1") == "");
  CHECK(normal_postcode("MK4000 1AB") == "");
}

TEST_CASE("the example's postcodes cannot be taken for real ones") {
  for (const Postcode& one : example().system.postcodes) CHECK(one.postcode.front() == 'X');
}
