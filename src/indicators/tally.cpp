#include "indicators/tally.h"

#include "base/error.h"

namespace catchment::indicators {

Tally tally_members(const PersonGroups& groups, const measures::MonthMembers& members, Date month) {
  const Date last = Date::from_ymd(month.year(), month.month(), 1).plus_months(1).plus_days(-1);
  const std::int32_t on = last.year() * 10000 + last.month() * 100 + last.day();
  Tally tally;
  const std::size_t places = groups.lists.places.size();
  for (auto* tallies : {&tally.by_basis, &tally.alone}) {
    for (BasisTally& of : *tallies) {
      of.cells.resize(places * sexes.size() * ethnic_groups.size() * fifths.size() * age_bands.size());
      of.practices.resize(groups.lists.practices.size());
      of.areas.resize(groups.lists.areas.size());
    }
  }
  tally.crossing.resize(places * places);
  const auto everyone = [&](const std::vector<std::uint32_t>& persons, auto&& change) {
    for (const std::uint32_t at : persons) {
      if (at >= groups.persons()) throw Error(ErrorKind::user, "the members of a measure are of another snapshot", "run: catchment measure run --again");
      if (groups.left_out[at] != 0) continue;
      const std::size_t band = age_band(groups.born[at], on);
      const auto count_in = [&](BasisTally& of, std::uint16_t cell) {
        change(of.cells[cell * age_bands.size() + band], at);
        change(of.practices[groups.practices[at]], at);
        change(of.areas[groups.areas[at]], at);
      };
      const std::uint16_t registered = groups.cells[0][at], resident = groups.cells[1][at];
      if (registered != no_cell) count_in(tally.by_basis[0], registered);
      if (resident != no_cell) count_in(tally.by_basis[1], resident);
      if (registered != no_cell && resident != no_cell) {
        change(tally.crossing[parts_of(registered).place * places + parts_of(resident).place], at);
      } else if (registered != no_cell) {
        count_in(tally.alone[0], registered);
      } else if (resident != no_cell) {
        count_in(tally.alone[1], resident);
      }
    }
  };
  everyone(members.denominator.places(), [](Cell& cell, std::uint32_t) { ++cell.people; });
  everyone(members.numerator.places(), [](Cell& cell, std::uint32_t) { ++cell.hits, ++cell.events, ++cell.squares; });
  std::vector<std::uint32_t> several;
  several.reserve(members.more.size());
  for (const auto& [at, events] : members.more) several.push_back(at);
  auto next = members.more.begin();
  std::uint32_t counted_for = 0;
  everyone(several, [&](Cell& cell, std::uint32_t at) {
    while (next != members.more.end() && next->first != at) ++next;
    counted_for = next == members.more.end() ? 1 : next->second;
    cell.events += counted_for - 1;
    cell.squares += std::uint64_t{counted_for} * counted_for - 1;
  });
  return tally;
}

}  // namespace catchment::indicators
