// The auditor: arithmetic on proofs, and what simple reckoning gives away.
#include <algorithm>
#include <map>

#include "disclosure/linked.h"

namespace catchment::disclosure {

namespace {

using SumsOf = std::vector<std::vector<int>>;  // by cell

/// True when a reader cannot tell the moved table from the true one.
bool possible(const LinkedCells& linked, const SumsOf& sums_of, const std::vector<bool>& hidden, const Proof::Moves& moves) {
  std::map<int, std::int64_t> by, left;  // moved cells; sums with what they are out by
  for (const auto& [cell, change] : moves) {
    if (cell < 0 || static_cast<std::size_t>(cell) >= linked.cells.size() || !by.emplace(cell, change).second) return false;
    const Cell& what = linked.cells[static_cast<std::size_t>(cell)];
    const Range& known = hidden[static_cast<std::size_t>(cell)] ? what.known_hidden : what.known_shown;
    if (!known.holds(what.count + change)) return false;
    for (const int s : sums_of[static_cast<std::size_t>(cell)]) {
      const Sum& sum = linked.sums[static_cast<std::size_t>(s)];
      left[s] += change * (std::count(sum.parts.begin(), sum.parts.end(), cell) - (sum.whole == cell ? 1 : 0));
    }
  }
  return std::all_of(left.begin(), left.end(), [](const auto& each) { return each.second == 0; });
}

SumsOf sums_of(const LinkedCells& linked) {
  SumsOf result(linked.cells.size());
  for (std::size_t s = 0; s < linked.sums.size(); ++s) {
    result[static_cast<std::size_t>(linked.sums[s].whole)].push_back(static_cast<int>(s));
    for (const int part : linked.sums[s].parts) result[static_cast<std::size_t>(part)].push_back(static_cast<int>(s));
  }
  for (auto& each : result) each.erase(std::unique(each.begin(), each.end()), each.end());
  return result;
}

std::int64_t moved_to(const LinkedCells& linked, int cell, const Proof::Moves& moves) {
  std::int64_t count = linked.cells[static_cast<std::size_t>(cell)].count;
  for (const auto& [moved, change] : moves)
    if (moved == cell) count += change;
  return count;
}

struct Ends {
  std::int64_t low = 0, high = 0;
};

std::int64_t capped(std::int64_t value) { return std::clamp(value, -Range::unbounded, Range::unbounded); }

bool narrow(Range& range, std::int64_t low, std::int64_t high) {
  const Range before = range;
  range.low = std::max(range.low, low);
  range.high = std::min(range.high, high);
  return !(range == before);
}

bool reckon_sum(const Sum& sum, std::vector<Range>& known) {
  Ends parts;
  int open = 0;  // parts without an upper end
  for (const int part : sum.parts) {
    const Range& range = known[static_cast<std::size_t>(part)];
    parts.low = capped(parts.low + range.low);
    if (range.high >= Range::unbounded) {
      ++open;
    } else {
      parts.high = capped(parts.high + range.high);
    }
  }
  Range& whole = known[static_cast<std::size_t>(sum.whole)];
  bool changed = narrow(whole, parts.low, open > 0 ? Range::unbounded : parts.high);
  for (const int part : sum.parts) {
    Range& range = known[static_cast<std::size_t>(part)];
    const std::int64_t others_low = parts.low - range.low;
    const bool endless = range.high >= Range::unbounded;
    const bool others_open = open > (endless ? 1 : 0);
    const std::int64_t others_high = endless ? parts.high : parts.high - range.high;
    const Range before = range;
    if (!narrow(range, others_open ? -Range::unbounded : whole.low - others_high, whole.high >= Range::unbounded ? Range::unbounded : whole.high - others_low))
      continue;
    changed = true;
    parts.low = capped(parts.low + range.low - before.low);
    if (endless && range.high < Range::unbounded) {
      --open;
      parts.high = capped(parts.high + range.high);
    } else if (!endless) {
      parts.high = capped(parts.high + range.high - before.high);
    }
  }
  return changed;
}

}  // namespace

std::vector<int> audit(const LinkedCells& linked, const Protection& protection) {
  std::vector<bool> proven(linked.cells.size());
  const SumsOf sums = sums_of(linked);
  for (const Proof& proof : protection.proofs) {
    if (proof.cell < 0 || static_cast<std::size_t>(proof.cell) >= linked.cells.size()) continue;
    const Range& wanted = linked.cells[static_cast<std::size_t>(proof.cell)].protect;
    proven[static_cast<std::size_t>(proof.cell)] = possible(linked, sums, protection.hidden, proof.up) &&
        possible(linked, sums, protection.hidden, proof.down) && moved_to(linked, proof.cell, proof.up) >= wanted.high &&
        moved_to(linked, proof.cell, proof.down) <= wanted.low;
  }
  std::vector<int> missing;
  for (std::size_t c = 0; c < linked.cells.size(); ++c)
    if (linked.cells[c].sensitive && !proven[c]) missing.push_back(static_cast<int>(c));
  return missing;
}

std::vector<Range> reckon(const LinkedCells& linked, const std::vector<bool>& hidden, int rounds) {
  std::vector<Range> known;
  known.reserve(linked.cells.size());
  for (std::size_t c = 0; c < linked.cells.size(); ++c) known.push_back(hidden[c] ? linked.cells[c].known_hidden : linked.cells[c].known_shown);
  for (int round = 0; round < rounds; ++round) {
    bool changed = false;
    for (const Sum& sum : linked.sums) changed = reckon_sum(sum, known) || changed;
    if (!changed) break;
  }
  return known;
}

}  // namespace catchment::disclosure
