#include <algorithm>
#include <set>

#include "system/loading.h"

namespace catchment::system {

namespace {

constexpr std::int64_t most_people = 100'000'000;

void load_places(Loading& loading) {
  Table table(loading.definitions, "places.csv", {{"id", "code", "name", "council", "residents"}, {"households", "description", "column", "row"}});
  KnownIds codes;
  for (Row row : table) {
    Place place;
    place.id = row.id("id", loading.places);
    place.code = row.unique("code", codes);
    place.name = row.text("name");
    place.council = row.reference("council", loading.organisations, "organisations.csv");
    place.residents = row.integer("residents", 1, most_people);
    if (row.has("households")) place.households = row.integer("households", 0, most_people);
    place.description = row.optional_text("description");
    if (row.has("column")) place.column = static_cast<int>(row.integer("column", 0, 10'000));
    if (row.has("row")) place.row = static_cast<int>(row.integer("row", 0, 10'000));
    loading.system.places.push_back(std::move(place));
  }
  loading.places.complete = loading.places.complete && table.whole();
  // Organisations are read first; their places can be checked now.
  for (std::size_t i = 0; i < loading.system.organisations.size(); ++i) {
    const Organisation& one = loading.system.organisations[i];
    for (const std::string& place : one.places) {
      if (loading.places.complete && !loading.places.contains(place)) {
        loading.definitions.error("organisations.csv", loading.organisation_lines[i], 0,
                                  "'" + one.id + "' names the place '" + place + "', which is not in places.csv",
                                  "use the id of a place, several apart by ';'");
      }
    }
  }
}

void load_neighbourhoods(Loading& loading) {
  Table table(loading.definitions, "neighbourhoods.csv", {{"id", "name", "place"}, {"example"}});
  for (Row row : table) {
    Neighbourhood one;
    one.id = row.id("id", loading.neighbourhoods);
    one.name = row.text("name");
    one.place = row.reference("place", loading.places, "places.csv");
    one.example = row.yes_no("example", false);
    loading.system.neighbourhoods.push_back(std::move(one));
  }
  loading.neighbourhoods.complete = loading.neighbourhoods.complete && table.whole();
}

void load_small_areas(Loading& loading) {
  Table table(loading.definitions, "small_areas.csv", {{"code", "name", "place", "residents"}, {"neighbourhood", "column", "row"}});
  std::set<std::pair<int, int>> tiles;
  for (Row row : table) {
    SmallArea area;
    area.code = row.unique("code", loading.small_areas);
    area.name = row.text("name");
    area.place = row.reference("place", loading.places, "places.csv");
    area.neighbourhood = row.optional_reference("neighbourhood", loading.neighbourhoods, "neighbourhoods.csv");
    area.residents = row.integer("residents", 0, most_people);
    if (row.has("column") && row.has("row")) {
      area.column = static_cast<int>(row.integer("column", 0, 10'000));
      area.row = static_cast<int>(row.integer("row", 0, 10'000));
      if (!tiles.emplace(area.column, area.row).second) {
        row.error("column", "another small area stands on this tile", "give each small area a tile of its own");
      }
    }
    area.deciles.assign(loading.system.deprivation_indices.size(), 0);
    loading.system.small_areas.push_back(std::move(area));
  }
  loading.small_areas.complete = loading.small_areas.complete && table.whole();
}

void load_deprivation(Loading& loading) {
  Table table(loading.definitions, "deprivation.csv", {{"small_area", "version", "decile"}, {"method"}}, false);
  KnownIds versions;
  System& system = loading.system;
  for (std::size_t i = 0; i < system.deprivation_indices.size(); ++i) versions.emplace(system.deprivation_indices[i].version, i);
  versions.complete = !system.deprivation_indices.empty();
  for (Row row : table) {
    const std::string code = row.reference("small_area", loading.small_areas, "small_areas.csv");
    const std::string version = row.reference("version", versions, "the [[deprivation]] tables of system.toml");
    const int decile = static_cast<int>(row.integer("decile", 1, 10));
    const auto area = loading.small_areas.find(code);
    const auto at = versions.find(version);
    if (area == loading.small_areas.end() || at == versions.end() || area->second >= system.small_areas.size()) continue;
    int& mine = system.small_areas[area->second].deciles[at->second];
    if (mine != 0) row.error("small_area", "this small area already has a decile in this version", "keep one of the rows");
    mine = decile;
  }
}

void load_postcodes(Loading& loading) {
  Table table(loading.definitions, "postcodes.csv", {{"postcode", "small_area"}, {"ended"}}, false);
  KnownIds seen;
  for (Row row : table) {
    Postcode one;
    const std::string written = row.unique("postcode", seen);
    one.postcode = normal_postcode(written);
    if (!written.empty() && one.postcode != written) {
      row.error("postcode", "'" + written.substr(0, 20) + "' is not a postcode as we write them",
                one.postcode.empty() ? "write it like AB12 3CD" : "write it as " + one.postcode);
    }
    one.small_area = row.reference("small_area", loading.small_areas, "small_areas.csv");
    one.ended = row.date("ended");
    loading.system.postcodes.push_back(std::move(one));
  }
  std::sort(loading.system.postcodes.begin(), loading.system.postcodes.end(), [](const Postcode& a, const Postcode& b) { return a.postcode < b.postcode; });
}

}  // namespace

void load_geography(Loading& loading) {
  load_places(loading);
  load_neighbourhoods(loading);
  load_small_areas(loading);
  load_deprivation(loading);
  load_postcodes(loading);
  std::sort(loading.system.small_areas.begin(), loading.system.small_areas.end(), [](const SmallArea& a, const SmallArea& b) { return a.code < b.code; });
}

}  // namespace catchment::system
