#include "disclosure/beside.h"

#include <algorithm>
#include <set>

namespace catchment::disclosure {

namespace {

Range common(const Range& a, const Range& b) { return {std::max(a.low, b.low), std::min(a.high, b.high)}; }

Range shifted(const Range& range, std::int64_t by) { return {range.low + by, range.high >= Range::unbounded ? Range::unbounded : range.high + by}; }

/// One cell a figure, for moving all publications alike.
class Alike {
 public:
  Alike(const BesideEarlier& beside, const LinkedCells& linked) : beside_(beside), now_(linked.cells.size()) {
    alike_.cells = {beside.linked.cells.begin(), beside.linked.cells.begin() + static_cast<std::ptrdiff_t>(now_)};
    alike_.cells.resize(at(beside.figures));
    places_ = {beside.places.begin(), beside.places.begin() + static_cast<std::ptrdiff_t>(now_)};
    places_.resize(alike_.cells.size());
    whole_then_.resize(alike_.cells.size());
    add_earlier();
    add_sums();
    for (std::size_t f = 0; f < alike_.cells.size(); ++f) {
      Cell& cell = alike_.cells[f];
      if (!cell.sensitive || (cell.known_hidden.low <= cell.protect.low && cell.protect.high <= cell.known_hidden.high)) continue;
      cell.sensitive = false;  // not to be protected alike
    }
  }

  SplitProtection protect(const std::vector<bool>& counted, int most_hidden_percent) const {
    std::vector<bool> in_table = counted;
    in_table.resize(alike_.cells.size());
    return protect_splits_beside(alike_, places_, in_table, most_hidden_percent, {whole_then_, {}});
  }

  /// The proof in the cells of all publications.
  std::vector<Proof> lifted(const std::vector<Proof>& proofs) const {
    std::vector<std::vector<int>> cells(alike_.cells.size());
    for (std::size_t c = 0; c < beside_.figure.size(); ++c) cells[at(beside_.figure[c])].push_back(static_cast<int>(c));
    std::vector<Proof> result;
    for (const Proof& proof : proofs) {
      Proof moved;
      for (const auto& [from, to] : {std::pair{&proof.up, &moved.up}, {&proof.down, &moved.down}}) {
        for (const auto& [figure, change] : *from)
          for (const int cell : cells[at(figure)]) to->emplace_back(cell, change);
      }
      for (const int cell : cells[at(proof.cell)]) {
        if (!beside_.linked.cells[at(cell)].sensitive) continue;
        result.push_back(moved);
        result.back().cell = cell;
      }
    }
    return result;
  }

 private:
  void add_earlier() {
    std::vector<bool> placed(alike_.cells.size());
    std::fill(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>(now_), true);
    for (std::size_t c = now_; c < beside_.linked.cells.size(); ++c) {
      const auto figure = at(beside_.figure[c]);
      const Cell& old = beside_.linked.cells[c];
      if (!placed[figure]) {
        placed[figure] = true;
        alike_.cells[figure] = old;
        places_[figure] = beside_.places[c];
        whole_then_[figure] = beside_.hidden_whole[c];
        continue;
      }
      Cell& cell = alike_.cells[figure];
      const std::int64_t grown = cell.count - old.count;
      const Range told = shifted(old.known_hidden, grown);
      cell.known_shown = common(cell.known_shown, told);
      cell.known_hidden = common(cell.known_hidden, told);
      if (!old.sensitive || beside_.hidden_whole[c]) continue;
      const Range wanted = shifted(old.protect, grown);
      cell.protect = cell.sensitive ? Range{std::min(cell.protect.low, wanted.low), std::max(cell.protect.high, wanted.high)} : wanted;
      cell.sensitive = true;
    }
  }

  /// Those of all publications: a figure that one of them does not have is moved in the others, and only as far as its sums hold.
  void add_sums() {
    std::set<std::vector<int>> seen;
    for (const Sum& sum : beside_.linked.sums) {
      Sum own{beside_.figure[at(sum.whole)], {}};
      for (const int part : sum.parts) own.parts.push_back(beside_.figure[at(part)]);
      std::vector<int> flat = own.parts;
      flat.push_back(own.whole);
      if (seen.insert(std::move(flat)).second) alike_.sums.push_back(std::move(own));
    }
  }

  const BesideEarlier& beside_;
  std::size_t now_;
  LinkedCells alike_;
  std::vector<TablePlace> places_;
  std::vector<bool> whole_then_;
};

}  // namespace

BesideProtection protect_beside(const Policy& policy, const LinkedCells& linked, const std::vector<std::string>& keys, const std::vector<TablePlace>& places,
                                const std::vector<bool>& counted, const Memory& earlier) {
  BesideEarlier beside = placed_beside_earlier(linked, keys, places, earlier, policy);
  const Alike alike(beside, linked);
  const SplitProtection first = alike.protect(counted, policy.most_hidden_percent);
  std::vector<Proof> proofs = alike.lifted(first.protection.proofs);

  LinkedCells rest = beside.linked;
  for (std::size_t c = 0; c < linked.cells.size(); ++c)
    if (first.protection.hidden[c] && rest.cells[c].standing == Standing::shown) rest.cells[c].standing = Standing::hidden;
  Protection all;
  for (std::size_t c = 0; c < rest.cells.size(); ++c) all.hidden.push_back(rest.cells[c].standing != Standing::shown);
  all.proofs = std::move(proofs);
  std::vector<bool> missing(rest.cells.size());
  for (const int cell : audit(rest, all)) missing[at(cell)] = true;
  for (std::size_t c = 0; c < rest.cells.size(); ++c) rest.cells[c].sensitive = rest.cells[c].sensitive && missing[c];
  std::vector<bool> in_table = counted;
  in_table.resize(rest.cells.size());
  const SplitProtection second = protect_splits_beside(rest, beside.places, in_table, policy.most_hidden_percent, {beside.hidden_whole, first.hidden_tables});

  all.hidden = second.protection.hidden;
  all.proofs.insert(all.proofs.end(), second.protection.proofs.begin(), second.protection.proofs.end());
  for (std::size_t c = 0; c < beside.linked.cells.size(); ++c)
    if (second.released[c]) beside.linked.cells[c].sensitive = false;
  BesideProtection result;
  result.safe = audit(beside.linked, all).empty();
  all.hidden.resize(linked.cells.size());
  result.hidden = std::move(all.hidden);
  result.hidden_tables = second.hidden_tables;
  return result;
}

}  // namespace catchment::disclosure
