#include "disclosure/splits.h"

#include <algorithm>
#include <set>

#include "disclosure/protector.h"

namespace catchment::disclosure {

namespace {

constexpr double total_over_part = 8;  // hiding the whole costs more than hiding every place

/// The cells of the headlines, and the sums that hold nothing else.
LinkedCells headlines_of(const LinkedCells& linked, const std::vector<TablePlace>& places, std::vector<int>& cells) {
  LinkedCells headlines;
  std::vector<int> number(linked.cells.size(), -1);
  for (std::size_t c = 0; c < linked.cells.size(); ++c) {
    if (places[c].split != 0) continue;
    number[c] = static_cast<int>(cells.size());
    cells.push_back(static_cast<int>(c));
    headlines.cells.push_back(linked.cells[c]);
  }
  for (const Sum& sum : linked.sums) {
    if (number[at(sum.whole)] < 0 || std::any_of(sum.parts.begin(), sum.parts.end(), [&](int part) { return number[at(part)] < 0; })) continue;
    Sum own{number[at(sum.whole)], {}};
    for (const int part : sum.parts) own.parts.push_back(number[at(part)]);
    headlines.sums.push_back(std::move(own));
  }
  std::set<int> wholes;
  for (const Sum& sum : headlines.sums) {
    if (sum.parts.size() > 1) wholes.insert(sum.whole);
  }
  for (const int whole : wholes) headlines.cells[at(whole)].weight *= total_over_part;
  return headlines;
}

class SplitProtector {
 public:
  SplitProtector(LinkedCells linked, const std::vector<TablePlace>& places, const std::vector<bool>& counted, int most_hidden_percent, const SplitStart* start)
      : linked_(std::move(linked)),
        places_(places),
        counted_(counted),
        start_(start),
        most_hidden_percent_(most_hidden_percent),
        sums_of_(linked_.cells.size()),
        protector_(linked_, {true, false}) {
    if (start_ != nullptr) hide_tables({start_->hidden_tables.begin(), start_->hidden_tables.end()});
    for (std::size_t s = 0; s < linked_.sums.size(); ++s) {
      sums_of_[at(linked_.sums[s].whole)].push_back(static_cast<int>(s));
      for (const int part : linked_.sums[s].parts) sums_of_[at(part)].push_back(static_cast<int>(s));
    }
    for (const TablePlace& place : places_) tiers_ = std::max(tiers_, place.tier + 1);
  }

  SplitProtection run() {
    hide_nearly_hidden();
    const std::vector<int> order = protector_.order();
    for (int tier = 0; tier < tiers_; ++tier) {
      for (std::size_t c = 0; c < linked_.cells.size(); ++c)
        if (places_[c].tier < tier) linked_.cells[c].may_hide = false;
      for (const int cell : order)
        if (places_[at(cell)].tier == tier) protect_or_give_way(cell);
    }
    hide_nearly_hidden();
    for (std::size_t c = 0; c < linked_.cells.size(); ++c) result_.released.push_back(released(static_cast<int>(c)));
    result_.protection.hidden = protector_.hidden();
    result_.hidden_tables.assign(hidden_.begin(), hidden_.end());
    return std::move(result_);
  }

 private:
  void protect_or_give_way(int cell) {
    for (;;) {
      if (released(cell)) return;
      Proof proof;
      proof.cell = cell;
      if (protector_.protect(cell, proof)) {
        result_.protection.proofs.push_back(std::move(proof));
        return;
      }
      if (!give_way(places_[at(cell)])) break;
    }
    result_.protection.unprotected.push_back(cell);
  }

  /// Hides the table; when that is hidden already its split; then, and for headlines, unless something has left before, the tables of the last tier, of that before it, and so on.
  bool give_way(const TablePlace& of) {
    const auto hide_where = [&](auto&& wanted) {
      std::set<int> tables;
      for (const TablePlace& place : places_)
        if (place.split != 0 && place.tier >= of.tier && wanted(place)) tables.insert(place.table);
      return hide_tables(tables);
    };
    if (of.split != 0) {
      if (hide_where([&](const TablePlace& place) { return place.table == of.table; })) return true;
      if (hide_where([&](const TablePlace& place) { return place.split == of.split; })) return true;
    }
    if (start_ != nullptr) return false;
    for (int tier = tiers_ - 1; tier >= std::max(1, of.tier); --tier)
      if (hide_where([&](const TablePlace& place) { return place.tier == tier; })) return true;
    return false;
  }

  bool released(int cell) const {
    const TablePlace& place = places_[at(cell)];
    const bool before = start_ != nullptr && start_->hidden_whole[at(cell)];
    if (!before && (place.split == 0 || !hidden_.contains(place.table))) return false;
    for (const int s : sums_of_[at(cell)]) {
      for (const int part : linked_.sums[at(s)].parts)
        if (part != cell && told(part)) return false;
    }
    return true;
  }

  /// Shown, or shown in an earlier release.
  bool told(int cell) const { return !protector_.hidden()[at(cell)] || linked_.cells[at(cell)].known_hidden.high < Range::unbounded; }

  bool hide_tables(const std::set<int>& tables) {
    bool more = false;
    for (const int table : tables) more = hidden_.insert(table).second || more;
    if (!more) return false;
    for (std::size_t c = 0; c < linked_.cells.size(); ++c)
      if (places_[c].split != 0 && hidden_.contains(places_[c].table)) protector_.hide(static_cast<int>(c));
    return true;
  }

  void hide_nearly_hidden() {
    struct Seen {
      std::int64_t cells = 0, hidden = 0;
    };
    std::vector<Seen> seen;
    for (std::size_t c = 0; c < linked_.cells.size(); ++c) {
      if (places_[c].split == 0 || !counted_[c]) continue;
      const auto table = at(places_[c].table);
      if (seen.size() <= table) seen.resize(table + 1);
      ++seen[table].cells;
      seen[table].hidden += protector_.hidden()[c] ? 1 : 0;
    }
    std::set<int> tables;
    for (std::size_t t = 0; t < seen.size(); ++t)
      if (seen[t].hidden * 100 > seen[t].cells * most_hidden_percent_) tables.insert(static_cast<int>(t));
    hide_tables(tables);
  }

  LinkedCells linked_;
  const std::vector<TablePlace>& places_;
  const std::vector<bool>& counted_;
  const SplitStart* start_;  // null: nothing has left before
  int most_hidden_percent_;
  int tiers_ = 1;
  std::vector<std::vector<int>> sums_of_;
  Protector protector_;
  std::set<int> hidden_;
  SplitProtection result_;
};

/// `linked` with the headlines as they come out protected among themselves, to stay so.
LinkedCells with_headlines(const LinkedCells& linked, const std::vector<TablePlace>& places) {
  std::vector<int> cells;
  const Protection headlines = protect_unchecked(headlines_of(linked, places, cells));
  LinkedCells fixed = linked;
  for (std::size_t h = 0; h < cells.size(); ++h) {
    Cell& cell = fixed.cells[at(cells[h])];
    if (headlines.hidden[h] && cell.standing == Standing::shown) cell.standing = Standing::hidden;
    cell.may_hide = false;
  }
  return fixed;
}

}  // namespace

SplitProtection protect_splits(const LinkedCells& linked, const std::vector<TablePlace>& places, const std::vector<bool>& counted, int most_hidden_percent) {
  check_linked(linked);
  SplitProtection found = SplitProtector(with_headlines(linked, places), places, counted, most_hidden_percent, nullptr).run();
  if (found.protection.unprotected.empty()) return found;
  // Beside splits that are hidden whole anyway, headlines give way at last.
  LinkedCells rest = linked;
  for (std::size_t c = 0; c < rest.cells.size(); ++c) {
    if (found.protection.hidden[c] && rest.cells[c].standing == Standing::shown) rest.cells[c].standing = Standing::hidden;
    if (found.released[c]) rest.cells[c].sensitive = false;
  }
  found.protection = protect(rest);
  return found;
}

SplitProtection protect_splits_beside(const LinkedCells& linked, const std::vector<TablePlace>& places, const std::vector<bool>& counted,
                                      int most_hidden_percent, const SplitStart& start) {
  return SplitProtector(with_headlines(linked, places), places, counted, most_hidden_percent, &start).run();
}

}  // namespace catchment::disclosure
