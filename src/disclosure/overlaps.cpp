#include "disclosure/overlaps.h"

#include <map>

#include "base/error.h"
#include "disclosure/linked.h"
#include "disclosure/release.h"

namespace catchment::disclosure {

namespace {

std::int64_t count_of(const std::vector<std::int64_t>& counts, const Atoms& atoms) {
  std::int64_t total = 0;
  for (const std::uint32_t atom : atoms) {
    if (atom >= counts.size()) throw Error(ErrorKind::bug, "a boundary holds an atom that has no count");
    total += counts[atom];
  }
  return total;
}

Cell answer(const Policy& policy, std::int64_t count, bool shown) {
  Cell cell;
  cell.count = count;
  cell.standing = shown ? Standing::shown : Standing::hidden;
  cell.may_hide = false;
  cell.known_shown = policy.reader_knows == ReaderKnows::exact ? Range{count, count} : shown_range(count, policy.rules);
  return cell;
}

/// True when every small cell that the boundaries cut out of each other keeps its interval.
bool safe(const Policy& policy, const std::vector<std::int64_t>& counts, const std::vector<const Atoms*>& boundaries, const std::vector<bool>& shown) {
  std::map<std::uint32_t, std::vector<int>> lies_in;
  for (std::size_t b = 0; b < boundaries.size(); ++b)
    for (const std::uint32_t atom : *boundaries[b])
      if (auto& in = lies_in[atom]; in.empty() || in.back() != static_cast<int>(b)) in.push_back(static_cast<int>(b));
  std::map<std::vector<int>, std::int64_t> classes;
  for (const auto& [atom, in] : lies_in) classes[in] += counts[atom];
  LinkedCells linked;
  for (std::size_t b = 0; b < boundaries.size(); ++b) {
    linked.cells.push_back(answer(policy, 0, shown[b]));
    linked.sums.push_back({static_cast<int>(b), {}});
  }
  for (const auto& [in, count] : classes) {
    for (const int b : in) {
      linked.cells[static_cast<std::size_t>(b)].count += count;
      linked.sums[static_cast<std::size_t>(b)].parts.push_back(static_cast<int>(linked.cells.size()));
    }
    Cell cell;
    cell.count = count;
    cell.standing = Standing::unpublished;
    cell.sensitive = small(count, policy.rules);
    cell.protect = {1, policy.rules.hidden_up_to};
    linked.cells.push_back(cell);
  }
  std::vector<bool> hidden;
  for (std::size_t c = 0; c < linked.cells.size(); ++c) {
    Cell& cell = linked.cells[c];
    if (c < boundaries.size()) cell = answer(policy, cell.count, shown[c]);
    hidden.push_back(cell.standing != Standing::shown);
  }
  return prove(linked, hidden).unprotected.empty();
}

}  // namespace

OverlapAnswer may_answer(const Policy& policy, const std::vector<std::int64_t>& counts, const std::vector<Answered>& earlier, const Atoms& wanted) {
  OverlapAnswer result;
  if (small(count_of(counts, wanted), policy.rules)) return result;
  result.show = true;
  if (!policy.secondary) return result;
  std::vector<const Atoms*> boundaries{&wanted};
  std::vector<bool> shown{true};
  std::vector<std::string> beside;
  for (const Answered& each : earlier) {
    count_of(counts, each.atoms);
    if (!each.shown) continue;
    boundaries.push_back(&each.atoms);
    shown.push_back(true);
    beside.push_back(each.id);
    if (!safe(policy, counts, {&wanted, &each.atoms}, {true, true})) result.against.push_back(each.id);
  }
  result.show = result.against.empty() && safe(policy, counts, boundaries, shown);
  if (!result.show && result.against.empty()) result.against = std::move(beside);  // only all of them together give it away
  return result;
}

}  // namespace catchment::disclosure
