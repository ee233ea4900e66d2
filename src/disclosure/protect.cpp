// Secondary suppression: sensitive cells one after the other, each given its proof.
#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "disclosure/linked.h"
#include "disclosure/protector.h"

namespace catchment::disclosure {

namespace {

Moving moving_of(const LinkedCells& linked) {
  Moving moving;
  moving.linked = &linked;
  moving.sums_of.resize(linked.cells.size());
  for (std::size_t s = 0; s < linked.sums.size(); ++s) {
    moving.sums_of[at(linked.sums[s].whole)].emplace_back(static_cast<int>(s), -1);
    for (const int part : linked.sums[s].parts) moving.sums_of[at(part)].emplace_back(static_cast<int>(s), 1);
  }
  for (const Cell& cell : linked.cells) {
    moving.hidden.push_back(cell.standing != Standing::shown);
    moving.at.push_back(cell.count);
  }
  return moving;
}

constexpr int most_room_made = 40;  // times room is made for one cell: a step up or down each at most a few times

bool moves_by(const Pattern& pattern, int cell, int way) {
  return std::any_of(pattern.moves.begin(), pattern.moves.end(), [&](const auto& move) { return move.first == cell && move.second == way; });
}

void reach_cell(int cell, std::vector<bool>& seen, std::vector<int>& found) {
  if (seen[at(cell)]) return;
  seen[at(cell)] = true;
  found.push_back(cell);
}

Protection run(const LinkedCells& linked, Protector& protector, bool to_the_end) {
  Protection result;
  for (const int cell : protector.order()) {
    Proof proof;
    proof.cell = cell;
    const bool in_vain = !to_the_end && !result.unprotected.empty();  // the table cannot be published anyway
    if (!in_vain && protector.protect(cell, proof)) {
      result.proofs.push_back(std::move(proof));
    } else {
      result.unprotected.push_back(cell);
    }
  }
  result.hidden = protector.hidden();
  result.hidden.resize(linked.cells.size());
  return result;
}

}  // namespace

void check_linked(const LinkedCells& linked) {
  for (const Sum& sum : linked.sums) {
    std::int64_t total = 0;
    for (const int part : sum.parts) total += linked.cells.at(at(part)).count;
    if (total != linked.cells.at(at(sum.whole)).count) throw Error(ErrorKind::bug, "a total of linked counts is not the sum of its parts");
  }
  for (const Cell& cell : linked.cells) {
    if (cell.count < 0) throw Error(ErrorKind::bug, "a count of persons is negative");
    if (cell.sensitive && !cell.protect.holds(cell.count)) throw Error(ErrorKind::bug, "a count stands outside its protection interval");
  }
}

Protector::Protector(const LinkedCells& linked, const ProtectorOptions& options) : linked_(linked), moving_(moving_of(linked)), spread_(options.spread) {
  narrow_.may_hide = wide_.may_hide = options.may_hide;
}

std::vector<int> Protector::order() const {
  std::vector<int> cells;
  for (std::size_t c = 0; c < linked_.cells.size(); ++c)
    if (linked_.cells[c].sensitive) cells.push_back(static_cast<int>(c));
  std::stable_sort(cells.begin(), cells.end(), [&](int a, int b) { return moving_.sums_of[at(a)].size() > moving_.sums_of[at(b)].size(); });
  return cells;
}

bool Protector::protect(int cell, Proof& proof) {
  const Cell& what = linked_.cells[at(cell)];
  moving_.hidden[at(cell)] = true;
  for (int reach = -1;; ++reach) {
    const std::vector<bool> before = moving_.hidden;
    const SearchLimits limits = reach < 0 ? narrow_ : wide_;
    used_.clear();
    if (move(cell, what.protect.high - what.count, 1, limits, proof.up) && move(cell, what.count - what.protect.low, -1, limits, proof.down)) return true;
    moving_.hidden = before;
    if (!spread_ || (reach >= 0 && (!wide_.may_hide || !hide_around(cell, reach)))) return false;
  }
}

/// Moves the cell `by` in small balanced patterns; the table is put back afterwards.
bool Protector::move(int cell, std::int64_t by, int direction, const SearchLimits& limits, Proof::Moves& moves) {
  const int other = other_of_two(cell);
  const int stand_in = other < 0 ? cell : other, way = other < 0 ? direction : -direction;
  int room_made = 0;
  std::vector<int> touched;
  for (std::size_t u = used_.size(); u > 0 && by > 0; --u) by -= apply(backwards(used_[u - 1], by), touched);
  while (by > 0) {
    auto pattern = find_pattern(moving_, cell, direction, by, limits);
    if (!pattern) pattern = one_person_pattern(moving_, stand_in, way, by);
    if (pattern && !moves_by(*pattern, cell, direction)) pattern.reset();
    if (!pattern && room_made++ < most_room_made && make_room(stand_in, way, touched)) continue;
    if (!pattern) break;
    for (const int hide : pattern->to_hide) moving_.hidden[at(hide)] = true;
    by -= apply(*pattern, touched);
    used_.push_back(std::move(*pattern));
  }
  put_back(touched, moves);
  return by <= 0;
}

/// Of a remainder the numerator, which moves the other way while the denominator stays; -1 for any other cell.
int Protector::other_of_two(int cell) const {
  const auto& sums = moving_.sums_of[at(cell)];
  if (sums.size() != 1 || sums[0].second < 0) return -1;
  const std::vector<int>& parts = linked_.sums[at(sums[0].first)].parts;
  if (parts.size() != 2) return -1;
  const int other = parts[0] == cell ? parts[1] : parts[0];
  return moving_.sums_of[at(other)].size() > 1 ? other : -1;
}

/// One person fewer (or more) in a sibling, so that the wholes they share have room again. `used_` does not hold it: the way
/// back finds its own.
bool Protector::make_room(int cell, int direction, std::vector<int>& touched) {
  for (const auto& [sum, sign] : moving_.sums_of[at(cell)]) {
    if (sign < 0) continue;
    for (const int sibling : linked_.sums[at(sum)].parts) {
      if (sibling == cell || moving_.sums_of[at(sibling)].size() == 1) continue;
      const auto pattern = one_person_pattern(moving_, sibling, -direction, 1);
      if (!pattern || moves_by(*pattern, cell, direction) || moves_by(*pattern, cell, -direction)) continue;
      apply(*pattern, touched);
      if (one_person_pattern(moving_, cell, direction, 1)) return true;
      apply(mirrored(*pattern), touched);
    }
  }
  return false;
}

Pattern Protector::mirrored(Pattern pattern) {
  for (auto& [moved, way] : pattern.moves) way = -way;
  return pattern;
}

/// The moves the other way round, as often as cells have room for them: what served to raise a cell often lowers it.
Pattern Protector::backwards(const Pattern& pattern, std::int64_t by) const {
  Pattern result;
  result.times = by;
  for (const auto& [moved, way] : pattern.moves) {
    result.moves.emplace_back(moved, -way);
    result.times = std::min(result.times, room(moving_, moved, -way, moving_.hidden[at(moved)]));
  }
  return result;
}

std::int64_t Protector::apply(const Pattern& pattern, std::vector<int>& touched) {
  for (const auto& [moved, way] : pattern.moves) {
    moving_.at[at(moved)] += way * pattern.times;
    touched.push_back(moved);
  }
  return pattern.times;
}

void Protector::put_back(std::vector<int>& touched, Proof::Moves& moves) {
  moves.clear();
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const int c : touched) {
    const std::int64_t change = moving_.at[at(c)] - linked_.cells[at(c)].count;
    if (change != 0) moves.emplace_back(c, change);
    moving_.at[at(c)] = linked_.cells[at(c)].count;
  }
}

/// Hides what may be hidden within `reach` + 1 sums of the cell; false when that is nothing new and reaches no further.
bool Protector::hide_around(int cell, int reach) {
  std::vector<int> found{cell};
  std::vector<bool> seen(linked_.cells.size()), passed(linked_.sums.size());
  seen[at(cell)] = true;
  std::size_t from = 0;
  bool grew = false;
  for (int step = 0; step <= reach; ++step) {
    const std::size_t to = found.size();
    for (; from < to; ++from) {
      for (const auto& [sum, sign] : moving_.sums_of[at(found[from])]) {
        if (passed[at(sum)]) continue;
        passed[at(sum)] = true;
        reach_cell(linked_.sums[at(sum)].whole, seen, found);
        for (const int part : linked_.sums[at(sum)].parts) reach_cell(part, seen, found);
      }
    }
    grew = found.size() > to;
  }
  bool more = false;
  for (const int each : found) {
    const Cell& what = linked_.cells[at(each)];
    if (moving_.hidden[at(each)] || !what.may_hide) continue;
    moving_.hidden[at(each)] = more = true;
  }
  return more || grew;
}

Protection protect(const LinkedCells& linked) {
  check_linked(linked);
  return protect_unchecked(linked);
}

Protection protect_unchecked(const LinkedCells& linked) {
  Protector protector(linked, {});
  return run(linked, protector, false);
}

Protection prove(const LinkedCells& linked, const std::vector<bool>& hidden) {
  check_linked(linked);
  Protector protector(linked, {false, true});
  protector.set_hidden(hidden);
  return run(linked, protector, true);
}

}  // namespace catchment::disclosure
