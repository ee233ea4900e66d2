#include "disclosure/tables.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "disclosure/beside.h"
#include "disclosure/linked.h"

namespace catchment::disclosure {

namespace {

/// Sums over lines by index, with how many levels stand below each line.
struct Shape {
  std::vector<Sum> sums;
  std::vector<int> height;
};

template <typename Line>
Shape shape_of(const std::vector<Line>& lines, const std::vector<NamedSum>& named) {
  std::unordered_map<std::string_view, int> index;
  for (std::size_t l = 0; l < lines.size(); ++l)
    if (!index.emplace(lines[l].key, static_cast<int>(l)).second) throw Error(ErrorKind::bug, "two lines of a release have the key '" + lines[l].key + "'");
  const auto find = [&](const std::string& key) {
    const auto found = index.find(key);
    if (found == index.end()) throw Error(ErrorKind::bug, "a sum names '" + key + "', which is no line of the release");
    return found->second;
  };
  Shape shape;
  shape.height.resize(lines.size());
  for (const NamedSum& each : named) {
    Sum sum{find(each.whole), {}};
    for (const std::string& part : each.parts) sum.parts.push_back(find(part));
    shape.sums.push_back(std::move(sum));
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Sum& sum : shape.sums) {
      for (const int part : sum.parts) {
        const int height = shape.height[at(part)] + 1;
        if (height > static_cast<int>(lines.size())) throw Error(ErrorKind::bug, "the sums of a release go round in a circle");
        if (height > shape.height[at(sum.whole)]) shape.height[at(sum.whole)] = height, changed = true;
      }
    }
  }
  return shape;
}

/// What hiding a figure costs more for each doubling of the people in it: of siblings the smallest that suffices is hidden.
constexpr double loss_by_doubling = 0.1;

Cell cell_of(const Policy& policy, std::int64_t count, double weight) {
  if (count < 0) throw Error(ErrorKind::bug, "a count of persons is negative");
  Cell cell;
  cell.count = count;
  cell.weight = (count == 0 ? 2 : 1) * (weight + loss_by_doubling * std::log2(1.0 + static_cast<double>(count)));
  cell.known_shown = policy.reader_knows == ReaderKnows::exact ? Range{count, count} : shown_range(count, policy.rules);
  cell.protect = {1, policy.rules.hidden_up_to};
  if (small(count, policy.rules)) cell.standing = Standing::hidden, cell.sensitive = true;
  return cell;
}

double weight_at(int height) { return 1 + 2 * height; }

void add_sums(LinkedCells& linked, const std::vector<Sum>& sums, const std::vector<int>& cells) {
  for (const Sum& sum : sums) {
    Sum own{cells[at(sum.whole)], {}};
    for (const int part : sum.parts) own.parts.push_back(cells[at(part)]);
    linked.sums.push_back(std::move(own));
  }
}

struct Hidden {
  std::vector<bool> hidden;  // by cell of the release
  std::vector<int> tables;   // hidden whole, in ascending order
  bool withheld = false;
};

/// Where cells stand when some are headlines, and the cells by which a table is judged.
struct Layout {
  std::vector<TablePlace> places;
  std::vector<bool> counted;
};

/// Nothing is left to be had of a small count by subtraction within a table that is hidden whole: it needs no proof.
void release_cells(LinkedCells& linked, const std::vector<bool>& released) {
  for (std::size_t c = 0; c < linked.cells.size(); ++c)
    if (released[c]) linked.cells[c].sensitive = false;
}

void keep_hidden(LinkedCells& linked, const std::vector<bool>& hidden) {
  for (std::size_t c = 0; c < hidden.size() && c < linked.cells.size(); ++c)
    if (hidden[c] && linked.cells[c].standing == Standing::shown) linked.cells[c].standing = Standing::hidden;
}

Hidden hidden_of(const LinkedCells& judged, Protection protection, std::size_t cells) {
  Hidden result;
  result.withheld = !audit(judged, protection).empty();
  protection.hidden.resize(cells);
  result.hidden = result.withheld ? std::vector<bool>(cells, true) : std::move(protection.hidden);
  return result;
}

/// Every cell is judged alike.
Hidden hide_alike(const Policy& policy, const LinkedCells& linked, const std::vector<std::string>& keys, const Memory& earlier) {
  LinkedCells joined = beside_earlier(linked, keys, earlier, policy);
  LinkedCells alone = linked;
  for (std::size_t c = 0; c < alone.cells.size(); ++c) alone.cells[c].weight = joined.cells[c].weight;
  Protection protection = protect(alone);
  if (earlier.releases.empty() || !audit(alone, protection).empty()) return hidden_of(alone, std::move(protection), linked.cells.size());
  keep_hidden(joined, protection.hidden);
  protection = protect(joined);
  return hidden_of(joined, std::move(protection), linked.cells.size());
}

Hidden hide_beside(const Policy& policy, const LinkedCells& linked, const std::vector<std::string>& keys, const Memory& earlier, const Layout& layout) {
  BesideProtection found = protect_beside(policy, linked, keys, layout.places, layout.counted, earlier);
  Hidden result;
  result.withheld = !found.safe;
  result.hidden = found.safe ? std::move(found.hidden) : std::vector<bool>(linked.cells.size(), true);
  result.tables = std::move(found.hidden_tables);
  return result;
}

/// Tier by tier. Where readers are taken to know the ranges of rounding alone, what is safe beside earlier releases is safe by
/// itself, so that it is looked at once.
Hidden hide_by_tiers(const Policy& policy, const LinkedCells& linked, const std::vector<std::string>& keys, const Memory& earlier, const Layout& layout) {
  if (earlier.releases.empty() || policy.reader_knows == ReaderKnows::exact) {
    SplitProtection found = protect_splits(linked, layout.places, layout.counted, policy.most_hidden_percent);
    LinkedCells judged = linked;
    release_cells(judged, found.released);
    Hidden alone = hidden_of(judged, std::move(found.protection), linked.cells.size());
    alone.tables = std::move(found.hidden_tables);
    if (earlier.releases.empty() || alone.withheld) return alone;
    LinkedCells next = linked;
    keep_hidden(next, alone.hidden);
    return hide_beside(policy, next, keys, earlier, layout);
  }
  return hide_beside(policy, linked, keys, earlier, layout);
}

Hidden hide(const Policy& policy, const LinkedCells& linked, const std::vector<std::string>& keys, const Memory& earlier, const Layout* layout = nullptr) {
  if (policy.secondary) return layout == nullptr ? hide_alike(policy, linked, keys, earlier) : hide_by_tiers(policy, linked, keys, earlier, *layout);
  Hidden result;
  for (const Cell& cell : linked.cells) result.hidden.push_back(cell.standing != Standing::shown);
  return result;
}

Count show(std::int64_t count, bool hidden, const Rules& rules) { return hidden ? Count{} : Count{rounded(count, rules)}; }

/// Totals as the sums of their shown parts, lowest first; the first sum of a total counts.
template <typename Get>
void rebuild(const Shape& shape, std::size_t lines, Get&& count) {
  std::vector<const Sum*> order;
  std::vector<bool> done(lines);
  for (const Sum& sum : shape.sums)
    if (!done[at(sum.whole)]) done[at(sum.whole)] = true, order.push_back(&sum);
  std::stable_sort(order.begin(), order.end(), [&](const Sum* a, const Sum* b) { return shape.height[at(a->whole)] < shape.height[at(b->whole)]; });
  for (const Sum* sum : order) {
    Count& whole = count(at(sum->whole));
    if (whole.hidden() || std::any_of(sum->parts.begin(), sum->parts.end(), [&](int part) { return count(at(part)).hidden(); })) continue;
    std::int64_t total = 0;
    for (const int part : sum->parts) total += *count(at(part)).shown;
    whole.shown = total;
  }
}

void count_loss(Loss& loss, const Cell& cell, const Count& shown, int height) {
  ++loss.figures;
  if (!shown.hidden()) return;
  ++(cell.standing == Standing::hidden ? loss.hidden_small : loss.hidden_for_others);
  if (height == 0) loss.people_hidden += cell.count;
}

Release release_of(const Policy& policy, const LinkedCells& linked, const std::vector<std::string>& keys) {
  Release release;
  release.policy = name_of(policy);
  for (std::size_t c = 0; c < keys.size(); ++c) {
    const Cell& cell = linked.cells[c];
    release.cells.push_back({keys[c], cell.count, {}, cell.standing == Standing::unpublished, {}, 0, false});
    if (cell.sensitive) release.cells.back().protect = cell.protect;
  }
  for (const Sum& sum : linked.sums) {
    ReleasedSum kept{at(sum.whole), {}};
    for (const int part : sum.parts) kept.parts.push_back(at(part));
    release.sums.push_back(std::move(kept));
  }
  return release;
}

/// What was hidden of a release that left before.
Hidden as_before(const Release& before, const std::vector<TablePlace>& places) {
  Hidden result;
  std::set<int> tables;
  result.withheld = true;
  for (std::size_t c = 0; c < before.cells.size(); ++c) {
    const ReleasedCell& cell = before.cells[c];
    result.hidden.push_back(!cell.shown);
    if (cell.table_hidden) tables.insert(places[c].table);
    if (cell.shown) result.withheld = false;
  }
  result.tables.assign(tables.begin(), tables.end());
  return result;
}

/// Many events of few people: as wide an interval as a small count has is kept around them.
void hide_events(const Policy& policy, Cell& numerator) {
  numerator.standing = Standing::hidden;
  if (numerator.sensitive) return;
  numerator.sensitive = true;
  const std::int64_t below = policy.rules.hidden_up_to / 2;
  numerator.protect = {std::max<std::int64_t>(0, numerator.count - below), numerator.count - below + policy.rules.hidden_up_to};
}

void add_ties(const Policy& policy, const Ties& ties, LinkedShares& shares) {
  if (ties.counts.empty()) return;
  LinkedCells& linked = shares.linked;
  for (const TiedCount& tied : ties.counts) {
    Cell cell = cell_of(policy, tied.count, 1);
    if (tied.people && small(*tied.people, policy.rules)) hide_events(policy, cell);
    cell.standing = Standing::unpublished;
    cell.may_hide = false;
    linked.cells.push_back(cell);
    shares.keys.push_back(tied.key);
    shares.places.push_back(tied.place);
  }
  std::unordered_map<std::string_view, int> cells;
  for (std::size_t c = 0; c < shares.keys.size(); ++c) cells.emplace(shares.keys[c], static_cast<int>(c));
  const auto find = [&](const std::string& key) {
    const auto found = cells.find(key);
    if (found == cells.end()) throw Error(ErrorKind::bug, "a sum names '" + key + "', which is no cell of the release");
    return found->second;
  };
  for (const NamedSum& each : ties.sums) {
    Sum sum{find(each.whole), {}};
    for (const std::string& part : each.parts) sum.parts.push_back(find(part));
    linked.sums.push_back(std::move(sum));
  }
}

LinkedShares link(const Policy& policy, const std::vector<ShareLine>& lines, const Shape& shape, const Ties& ties) {
  LinkedShares result;
  LinkedCells& linked = result.linked;
  const auto add = [&](Cell cell, const std::string& key) {
    linked.cells.push_back(cell);
    result.keys.push_back(key);
    return static_cast<int>(linked.cells.size()) - 1;
  };
  for (std::size_t l = 0; l < lines.size(); ++l) {
    const ShareLine& line = lines[l];
    if (line.part && line.numerator > line.denominator) throw Error(ErrorKind::bug, "a numerator is larger than its denominator");
    const double weight = line.cost * weight_at(shape.height[l]);
    Cell numerator = cell_of(policy, line.numerator, weight), denominator = cell_of(policy, line.denominator, 4 * weight);
    const bool few_left = line.part && small(line.denominator - line.numerator, policy.rules);
    if (denominator.standing == Standing::hidden || few_left) numerator.standing = Standing::hidden;
    if (line.people && small(*line.people, policy.rules)) hide_events(policy, numerator);
    if (!line.published) {
      for (Cell* cell : {&numerator, &denominator}) cell->standing = Standing::unpublished, cell->may_hide = false;
    }
    result.numerator.push_back(add(numerator, "n:" + line.key));
    result.denominator.push_back(add(denominator, "d:" + line.key));
  }
  for (std::size_t l = 0; l < lines.size(); ++l) {
    result.remainder.push_back(-1);
    if (!lines[l].part) continue;
    Cell remainder = cell_of(policy, lines[l].denominator - lines[l].numerator, 1);
    remainder.standing = Standing::unpublished;
    remainder.may_hide = false;
    result.remainder[l] = add(remainder, "r:" + lines[l].key);
    linked.sums.push_back({result.denominator[l], {result.numerator[l], result.remainder[l]}});
  }
  add_sums(linked, shape.sums, result.numerator);
  add_sums(linked, shape.sums, result.denominator);
  result.places.resize(linked.cells.size());
  for (std::size_t l = 0; l < lines.size(); ++l) {
    for (const int cell : {result.numerator[l], result.denominator[l], result.remainder[l]})
      if (cell >= 0) result.places[at(cell)] = lines[l].place;
  }
  add_ties(policy, ties, result);
  return result;
}

LinkedCells link(const Policy& policy, const std::vector<CountLine>& lines, const Shape& shape) {
  LinkedCells linked;
  std::vector<int> cells;
  for (std::size_t l = 0; l < lines.size(); ++l) {
    cells.push_back(static_cast<int>(l));
    Cell& cell = linked.cells.emplace_back(cell_of(policy, lines[l].count, weight_at(shape.height[l])));
    if (!lines[l].published) cell.standing = Standing::unpublished, cell.may_hide = false;
  }
  add_sums(linked, shape.sums, cells);
  return linked;
}

Layout layout_of(const std::vector<ShareLine>& lines, const LinkedShares& all) {
  Layout layout{all.places, std::vector<bool>(all.linked.cells.size())};
  for (std::size_t l = 0; l < lines.size(); ++l) layout.counted[at(all.numerator[l])] = lines[l].published;
  return layout;
}

}  // namespace

LinkedShares link_shares(const Policy& policy, const std::vector<ShareLine>& lines, const std::vector<NamedSum>& sums, const Ties& ties) {
  return link(policy, lines, shape_of(lines, sums), ties);
}

LinkedCells link_counts(const Policy& policy, const std::vector<CountLine>& lines, const std::vector<NamedSum>& sums) {
  return link(policy, lines, shape_of(lines, sums));
}

ShownShares protect_shares(const Policy& policy, const std::vector<ShareLine>& lines, const std::vector<NamedSum>& sums, const Memory& earlier,
                           const Ties& ties) {
  const Shape shape = shape_of(lines, sums);
  const LinkedShares all = link(policy, lines, shape, ties);
  const Layout layout = layout_of(lines, all);
  const bool split = std::any_of(lines.begin(), lines.end(), [](const ShareLine& line) { return line.place.split != 0; });
  ShownShares result;
  result.release = release_of(policy, all.linked, all.keys);
  const Release* before = same_release(result.release, earlier);
  const Hidden found = before != nullptr ? as_before(*before, all.places) : hide(policy, all.linked, all.keys, earlier, split ? &layout : nullptr);
  result.as_before = before != nullptr;
  result.withheld = found.withheld;
  for (const ShareLine& line : lines)
    result.table_hidden.push_back(line.place.split != 0 && std::binary_search(found.tables.begin(), found.tables.end(), line.place.table));
  for (std::size_t l = 0; l < lines.size(); ++l) {
    const bool no_denominator = found.hidden[at(all.denominator[l])], no_numerator = no_denominator || found.hidden[at(all.numerator[l])];
    result.shares.push_back({show(lines[l].numerator, no_numerator, policy.rules), show(lines[l].denominator, no_denominator, policy.rules), {}});
  }
  if (policy.totals == Totals::rebuilt) {
    rebuild(shape, lines.size(), [&](std::size_t l) -> Count& { return result.shares[l].numerator; });
    rebuild(shape, lines.size(), [&](std::size_t l) -> Count& { return result.shares[l].denominator; });
  }
  for (std::size_t c = 0; c < all.places.size(); ++c) {
    const TablePlace& place = all.places[c];
    result.release.cells[c].tier = place.tier;
    result.release.cells[c].table_hidden = place.split != 0 && std::binary_search(found.tables.begin(), found.tables.end(), place.table);
  }
  for (std::size_t l = 0; l < lines.size(); ++l) {
    Proportion& share = result.shares[l];
    result.release.cells[at(all.numerator[l])].shown = share.numerator.shown;
    result.release.cells[at(all.denominator[l])].shown = share.denominator.shown;
    if (lines[l].published) {
      count_loss(result.loss, all.linked.cells[at(all.numerator[l])], share.numerator, shape.height[l]);
      count_loss(result.loss, all.linked.cells[at(all.denominator[l])], share.denominator, shape.height[l]);
    }
    if (share.numerator.hidden() || share.denominator.hidden() || *share.denominator.shown == 0) continue;
    share.share = static_cast<double>(*share.numerator.shown) / static_cast<double>(*share.denominator.shown);
    if (lines[l].part) share.share = std::min(1.0, *share.share);
  }
  return result;
}

ShownCounts protect_counts(const Policy& policy, const std::vector<CountLine>& lines, const std::vector<NamedSum>& sums, const Memory& earlier) {
  const Shape shape = shape_of(lines, sums);
  const LinkedCells linked = link(policy, lines, shape);
  std::vector<std::string> keys;
  Layout layout;
  for (const CountLine& line : lines) {
    keys.push_back(line.key);
    layout.places.push_back(line.place);
    layout.counted.push_back(line.published);
  }
  const bool split = std::any_of(lines.begin(), lines.end(), [](const CountLine& line) { return line.place.split != 0; });
  ShownCounts result;
  result.release = release_of(policy, linked, keys);
  const Release* before = same_release(result.release, earlier);
  const Hidden found = before != nullptr ? as_before(*before, layout.places) : hide(policy, linked, keys, earlier, split ? &layout : nullptr);
  result.as_before = before != nullptr;
  result.withheld = found.withheld;
  for (std::size_t l = 0; l < lines.size(); ++l) result.counts.push_back(show(lines[l].count, found.hidden[l], policy.rules));
  if (policy.totals == Totals::rebuilt) rebuild(shape, lines.size(), [&](std::size_t l) -> Count& { return result.counts[l]; });
  for (std::size_t l = 0; l < lines.size(); ++l) {
    ReleasedCell& cell = result.release.cells[l];
    const TablePlace& place = lines[l].place;
    cell.shown = result.counts[l].shown;
    cell.tier = place.tier;
    cell.table_hidden = place.split != 0 && std::binary_search(found.tables.begin(), found.tables.end(), place.table);
    if (lines[l].published) count_loss(result.loss, linked.cells[l], result.counts[l], shape.height[l]);
  }
  return result;
}

}  // namespace catchment::disclosure
