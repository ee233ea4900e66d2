// Looks for one balanced pattern of moves: a set of cells each raised or lowered by one so that every sum
// still holds, with the given cell moved the given way. Private to disclosure.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "disclosure/linked.h"

namespace catchment::disclosure {

/// A table being moved away from the true one, with what is hidden so far.
struct Moving {
  const LinkedCells* linked = nullptr;
  std::vector<std::vector<std::pair<int, int>>> sums_of;  // cell -> (sum, +1 as a part or -1 as its whole)
  std::vector<bool> hidden;
  std::vector<std::int64_t> at;  // the counts of the moved table
};

struct Pattern {
  std::vector<std::pair<int, int>> moves;  // cell, +1 or -1
  std::vector<int> to_hide;                // shown cells that must be hidden for it
  std::int64_t times = 0;                  // how often it can be applied from where the table stands
};

struct SearchLimits {
  int patterns = 1500;    // partial patterns looked at
  int branches = 10;      // best continuations kept of each
  bool may_hide = true;
};

/// The cheapest pattern found that moves `cell` by `direction` without moving `cell` otherwise. `wanted` is how
/// often it should be applicable; one that can be applied less often is found only when it is cheaper.
std::optional<Pattern> find_pattern(const Moving& moving, int cell, int direction, std::int64_t wanted, const SearchLimits& limits);

/// The pattern of one person more (or fewer) wherever the cell's people are counted, or of one person who goes over to the
/// remainder, hiding nothing: long, and often there when much is hidden already.
std::optional<Pattern> one_person_pattern(const Moving& moving, int cell, int direction, std::int64_t wanted);

/// How far a cell can move in a direction if it is (or becomes) hidden, or stays shown.
std::int64_t room(const Moving& moving, int cell, int direction, bool hidden);

}  // namespace catchment::disclosure
