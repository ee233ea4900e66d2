// The members of one measure in one month, counted by every group at once.
// In: everyone's groups, the members. Out: exact counts by cell, practice and small area. Always: one pass; who opted out
// is in no count; exact counts stay inside this module and leave through figures_of.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/date.h"
#include "indicators/person_groups.h"
#include "measures/run_members.h"

namespace catchment::indicators {

struct Cell {
  std::uint32_t people = 0;       // in the denominator
  std::uint32_t hits = 0;         // of them in the numerator
  std::uint32_t events = 0;       // of those; as many as hits unless events repeat
  std::uint64_t squares = 0;      // sum over people of events squared
  void add(const Cell& other) { people += other.people, hits += other.hits, events += other.events, squares += other.squares; }
};

struct BasisTally {
  std::vector<Cell> cells;      // cell_of(...) times the number of age bands, plus the band
  std::vector<Cell> practices;  // by practice
  std::vector<Cell> areas;      // by small area
};

/// Of both bases, and what ties them: who is of one alone, and where those of both are registered and live.
struct Tally {
  std::array<BasisTally, bases> by_basis;
  std::array<BasisTally, bases> alone;  // registered here and living elsewhere; living here and registered elsewhere or nowhere
  std::vector<Cell> crossing;           // of both: the place registered in times the number of places, plus the place lived in
};

/// Ages are those on the month's last day.
Tally tally_members(const PersonGroups& groups, const measures::MonthMembers& members, Date month);

}  // namespace catchment::indicators
