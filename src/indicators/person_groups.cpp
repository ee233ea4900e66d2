#include "indicators/person_groups.h"

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "indicators/sql.h"

namespace catchment::indicators {

namespace {

constexpr std::size_t most_places = (no_cell - 1) / (sexes.size() * ethnic_groups.size() * fifths.size());

template <typename Items, typename Name>
std::vector<std::string> named(const Items& items, Name name) {
  std::vector<std::string> all = {"unknown"};
  for (const auto& item : items) all.push_back(name(item));
  if (all.size() > no_cell) throw Error(ErrorKind::user, "the definition folder has too many groups of one kind", "at most 65,000 places, practices or areas");
  return all;
}

std::uint16_t position(const std::vector<std::string>& all, const std::string& name) {
  const auto at = std::find(all.begin() + 1, all.end(), name);
  return at == all.end() ? std::uint16_t{0} : static_cast<std::uint16_t>(at - all.begin());
}

}  // namespace

std::string_view to_string(Basis basis) { return basis == Basis::registered ? "registered" : "resident"; }

GroupLists group_lists(const system::System& system) {
  GroupLists lists;
  lists.places = named(system.places, [](const auto& each) { return each.id; });
  lists.networks = named(system.networks, [](const auto& each) { return each.id; });
  lists.practices = named(system.practices, [](const auto& each) { return each.code; });
  lists.areas = named(system.small_areas, [](const auto& each) { return each.code; });
  lists.neighbourhoods = named(system.neighbourhoods, [](const auto& each) { return each.name; });
  if (lists.places.size() > most_places)
    throw Error(ErrorKind::user, "the definition folder has too many places", "at most " + std::to_string(most_places - 1));
  lists.practice_place = lists.practice_network = {0};
  for (const auto& practice : system.practices) {
    lists.practice_place.push_back(position(lists.places, practice.place));
    lists.practice_network.push_back(position(lists.networks, practice.network));
  }
  lists.area_place = lists.area_neighbourhood = {0};
  for (const auto& area : system.small_areas) {
    const auto* neighbourhood = system::find_neighbourhood(system, area.neighbourhood);
    lists.area_place.push_back(position(lists.places, area.place));
    lists.area_neighbourhood.push_back(neighbourhood == nullptr ? std::uint16_t{0} : position(lists.neighbourhoods, neighbourhood->name));
  }
  lists.index_versions = {system.deprivation_version};
  for (const auto& index : system.deprivation_indices)
    if (index.version != system.deprivation_version) lists.index_versions.push_back(index.version);
  for (const auto& version : lists.index_versions) {
    auto& of = lists.area_fifth.emplace_back(1, std::uint8_t{0});
    for (const auto& area : system.small_areas) of.push_back(static_cast<std::uint8_t>(system::deprivation_fifth(system, area, version)));
  }
  return lists;
}

std::uint16_t cell_of(const CellParts& parts) {
  return static_cast<std::uint16_t>(((parts.place * sexes.size() + parts.sex) * ethnic_groups.size() + parts.ethnic_group) * fifths.size() + parts.fifth);
}

CellParts parts_of(std::uint16_t cell) {
  CellParts parts{};
  std::size_t rest = cell;
  parts.fifth = rest % fifths.size();
  rest /= fifths.size();
  parts.ethnic_group = rest % ethnic_groups.size();
  rest /= ethnic_groups.size();
  parts.sex = rest % sexes.size();
  parts.place = rest / sexes.size();
  return parts;
}

PersonGroups read_person_groups(const records::Snapshot& snapshot, const system::System& system) {
  PersonGroups groups;
  groups.lists = group_lists(system);
  const auto numbers = [](const auto& entries, const std::vector<std::string>& known) {
    std::unordered_map<std::string_view, std::uint16_t> at;
    for (std::size_t i = 1; i < known.size(); ++i) at.emplace(known[i], static_cast<std::uint16_t>(i));
    std::vector<std::uint16_t> of;
    for (const auto& entry : entries) {
      const auto found = at.find(entry.code);
      of.push_back(found == at.end() ? std::uint16_t{0} : found->second);
    }
    return of;
  };
  const auto practice_of = numbers(snapshot.dictionaries().organisations, groups.lists.practices);
  const auto area_of = numbers(snapshot.dictionaries().areas, groups.lists.areas);
  const auto looked_up = [](const std::vector<std::uint16_t>& of, std::int64_t id) {
    return id < 0 || static_cast<std::size_t>(id) >= of.size() ? std::uint16_t{0} : of[static_cast<std::size_t>(id)];
  };
  db::Connection population = snapshot.population();
  db::Rows rows = population.query(sql::person_groups);
  db::Chunk chunk;
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const auto practice = looked_up(practice_of, chunk.integer(3, r)), area = looked_up(area_of, chunk.integer(4, r));
      CellParts parts{groups.lists.practice_place[practice], static_cast<std::size_t>(chunk.integer(1, r)), static_cast<std::size_t>(chunk.integer(2, r)),
                      groups.lists.area_fifth[0][area]};
      groups.cells[0].push_back(practice == 0 ? no_cell : cell_of(parts));
      parts.place = groups.lists.area_place[area];
      groups.cells[1].push_back(area == 0 ? no_cell : cell_of(parts));
      groups.practices.push_back(practice);
      groups.areas.push_back(area);
      groups.born.push_back(static_cast<std::int32_t>(chunk.integer(0, r)));
      groups.left_out.push_back(chunk.integer(5, r) != 0 ? 1 : 0);
    }
  }
  return groups;
}

std::size_t age_band(std::int32_t born, std::int32_t on) {
  if (born == 0 || born > on) return age_bands.size() - 1;
  return std::min<std::size_t>(static_cast<std::size_t>((on - born) / 10000) / 5, age_bands.size() - 2);
}

}  // namespace catchment::indicators
