// What everyone is split by: each person's groups, as arrays by the person's place in the snapshot's order of persons.
// In: a snapshot, the definition folder's places, networks, practices and small areas. Out: PersonGroups. Always: groups
// are those of the snapshot's day, in every month; group 0 of every list is "unknown"; a person without the basis has no cell.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "records/records.h"
#include "system/system.h"

namespace catchment::indicators {

/// Registered: with a practice of the system, counted in the practice's place. Resident: living in one of its small areas.
enum class Basis : std::uint8_t { registered, resident };
inline constexpr std::size_t bases = 2;
std::string_view to_string(Basis basis);

inline constexpr std::array<std::string_view, 4> sexes = {"female", "male", "other", "unknown"};
inline constexpr std::array<std::string_view, 6> ethnic_groups = {"asian", "black", "mixed", "white", "other", "unknown"};
inline constexpr std::array<std::string_view, 6> fifths = {"unknown", "1", "2", "3", "4", "5"};  // 1 = most deprived
inline constexpr std::array<std::string_view, 20> age_bands = {"0-4",   "5-9",   "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49",
                                                               "50-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90+",   "unknown"};

struct GroupLists {
  std::vector<std::string> places, networks, practices, neighbourhoods, areas;  // ids, codes or names; the first is "unknown"
  std::vector<std::uint16_t> practice_place, practice_network;                  // by practice
  std::vector<std::uint16_t> area_place, area_neighbourhood;                    // by area
  std::vector<std::string> index_versions;                                      // of deprivation; the usual one first
  std::vector<std::vector<std::uint8_t>> area_fifth;                            // by version and area
};
GroupLists group_lists(const system::System& system);

/// Place, sex, ethnic group and fifth as one number; the age band is added each month.
inline constexpr std::uint16_t no_cell = 0xffff;
struct CellParts {
  std::size_t place, sex, ethnic_group, fifth;
};
std::uint16_t cell_of(const CellParts& parts);
CellParts parts_of(std::uint16_t cell);

struct PersonGroups {
  GroupLists lists;
  std::array<std::vector<std::uint16_t>, bases> cells;  // no_cell: not of that basis
  std::vector<std::uint16_t> practices, areas;
  std::vector<std::int32_t> born;                       // yyyymmdd; 0 = not known
  std::vector<std::uint8_t> left_out;                   // 1: opted out of planning and research
  std::size_t persons() const { return born.size(); }
};

PersonGroups read_person_groups(const records::Snapshot& snapshot, const system::System& system);

/// Whole years on a day, both as yyyymmdd, as an index of age_bands.
std::size_t age_band(std::int32_t born, std::int32_t on);

}  // namespace catchment::indicators
