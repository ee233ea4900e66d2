// New rows beside rows linked before. Compared: pairs with a new row. Looked at again: pairs that new rows drove apart.
// Grouped again: what hangs together with either. Everything else stands as it was, by its new place.
#include <algorithm>
#include <cmath>

#include "linkage/cluster/link_rows.h"
#include "linkage/cluster/source_rules.h"
#include "linkage/cluster/union_find.h"
#include "linkage/compare/block_key.h"
#include "linkage/compare/compare.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

double log2_odds_of(double p) { return std::log2(p / (1 - p)); }

using Flags = std::vector<std::uint8_t>;  // one a place

// Old pairs by their new places; those that linking all rows would not meet have no place.
class OldPairs {
 public:
  OldPairs(std::vector<ScoredPair>& pairs, const PackedRows& rows, const Model& model, const std::vector<std::uint32_t>& now_at, unsigned threads)
      : pairs_(pairs), rows_(rows), model_(model), now_at_(now_at), threads_(threads) {}

  void move() {
    share_range(pairs_.size(), threads_, [this](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) pairs_[i].a = now_at_[pairs_[i].a], pairs_[i].b = now_at_[pairs_[i].b];
    });
  }

  // Of one source that has since been found to hold nobody twice.
  void drop_ineligible() {
    const std::vector<bool> unique = unique_sources(model_, rows_);
    Flags alone;
    for (std::size_t s = 0; s < unique.size(); ++s)
      alone.push_back(eligible(model_, unique, static_cast<std::uint16_t>(s), static_cast<std::uint16_t>(s)) ? 0 : 1);
    if (std::find(alone.begin(), alone.end(), 1) == alone.end()) return;
    for (ScoredPair& pair : pairs_)
      if (rows_.source[pair.a] == rows_.source[pair.b] && alone[rows_.source[pair.a]] != 0) drop(pair);
  }

  // A block that new rows made too large no longer brings its old rows together; another may.
  void drop_driven_apart(const Blocks& blocks, const ModelKeys& keys) {
    if (blocks.driven_apart().empty()) return;
    Flags driven(rows_.rows(), 0), asked(rows_.rows(), 0);
    for (const std::uint32_t place : blocks.driven_apart()) driven[place] = 1;
    std::vector<std::size_t> doubtful;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      if (pairs_[i].a == no_place || driven[pairs_[i].a] == 0 || driven[pairs_[i].b] == 0) continue;
      if (blocks.rules_of(pairs_[i].a, pairs_[i].b) != 0) continue;
      doubtful.push_back(i);
      asked[pairs_[i].a] = 1;
    }
    if (doubtful.empty()) return;
    const Blocks theirs(rows_, model_, keys, threads_, asked);
    for (const std::size_t i : doubtful)
      if (theirs.rules_of(pairs_[i].a, pairs_[i].b) == 0) drop(pairs_[i]);
  }

  const std::vector<ScoredPair>& dropped() const { return dropped_; }

 private:
  void drop(ScoredPair& pair) {
    dropped_.push_back(pair);
    pair.a = no_place;
  }

  std::vector<ScoredPair>& pairs_;
  const PackedRows& rows_;
  const Model& model_;
  const std::vector<std::uint32_t>& now_at_;
  unsigned threads_;
  std::vector<ScoredPair> dropped_;
};

// Old pairs that stand and new ones, heaviest first.
std::vector<ScoredPair> merged(const std::vector<ScoredPair>& old_pairs, const std::vector<ScoredPair>& new_pairs) {
  std::vector<ScoredPair> out;
  out.reserve(old_pairs.size() + new_pairs.size());
  auto next = new_pairs.begin();
  for (const ScoredPair& pair : old_pairs) {
    if (pair.a == no_place) continue;
    while (next != new_pairs.end() && heavier(*next, pair)) out.push_back(*next++);
    out.push_back(pair);
  }
  out.insert(out.end(), next, new_pairs.end());
  return out;
}

// Places that hang together, by pairs that weigh enough, with one of `changed` or with a new row.
Flags hanging_together(const RowLinks& before, const std::vector<std::uint32_t>& came_from, const std::vector<std::uint32_t>& changed) {
  // Every pair that weighs enough stands within a cluster or was refused between two.
  UnionFind clusters(before.clusters);
  const std::size_t places = came_from.size();
  for (const ScoredPair& pair : before.refused) clusters.join(before.cluster[pair.a], before.cluster[pair.b]);
  Flags touched_cluster(before.clusters, 0), out(places, 0);
  for (const std::uint32_t place : changed)
    if (came_from[place] != no_place) touched_cluster[clusters.root(before.cluster[came_from[place]])] = 1;
  for (std::uint32_t c = 0; c < before.clusters; ++c) touched_cluster[c] = touched_cluster[clusters.root(c)];
  for (std::size_t place = 0; place < places; ++place) out[place] = came_from[place] == no_place ? 1 : touched_cluster[before.cluster[came_from[place]]];
  return out;
}

// Groups the touched places anew and takes the others' clusters as they were.
class Regrouping {
 public:
  Regrouping(RowLinks& out, const RowLinks& before, const std::vector<std::uint32_t>& came_from, const std::vector<std::uint32_t>& now_at, const Flags& touched,
             unsigned threads)
      : out_(out), before_(before), came_from_(came_from), now_at_(now_at), touched_(touched), threads_(threads) {}

  void run(const Model& model, const Comparer& comparer, const Weigher& weigher) {
    const PackedRows& rows = out_.rows;
    std::vector<std::uint32_t> places, number(rows.rows(), 0);
    for (std::uint32_t place = 0; place < rows.rows(); ++place) {
      if (touched_[place] == 0) continue;
      number[place] = static_cast<std::uint32_t>(places.size());
      places.push_back(place);
    }
    ClusterRules rules;
    rules.link_log2_odds = log2_odds_of(model.link_threshold);
    std::vector<ScoredPair> pairs;
    for (const ScoredPair& pair : out_.pairs) {
      if (static_cast<double>(pair.weight) < rules.link_log2_odds) break;
      if (touched_[pair.a] != 0) pairs.push_back({number[pair.a], number[pair.b], pair.weight});
    }
    std::vector<std::uint16_t> source;
    source.reserve(places.size());
    for (const std::uint32_t place : places) source.push_back(rows.source[place]);
    rules.source = &source;
    rules.unique_source = unique_sources(model, rows);
    std::vector<Comparer::Memory> memories(threads_, Comparer::Memory(comparer.size()));
    rules.weight = [&](std::uint32_t a, std::uint32_t b, unsigned thread) {
      return weigher.log2_odds(places[a], places[b], comparer.compare(places[a], places[b], memories[thread]));
    };
    const Clusters clusters = cluster(places.size(), pairs, rules, threads_);
    std::vector<std::uint32_t> of = old_clusters();
    for (std::size_t i = 0; i < places.size(); ++i) of[places[i]] = places[clusters.of[i]];
    out_.joined = beside(before_.joined, clusters.joined, places), out_.refused = beside(before_.refused, clusters.refused, places);
    out_.clusters = number_in_order(of, out_.cluster);
  }

 private:
  // Per place that is not touched: the first place of its cluster.
  std::vector<std::uint32_t> old_clusters() const {
    std::vector<std::uint32_t> first(before_.clusters, no_place), of(came_from_.size(), no_place);
    for (std::uint32_t place = 0; place < came_from_.size(); ++place) {
      if (touched_[place] != 0) continue;
      std::uint32_t& root = first[before_.cluster[came_from_[place]]];
      if (root == no_place) root = place;
      of[place] = root;
    }
    return of;
  }

  // Old pairs of places that are not touched, and new ones told by number, heaviest first.
  std::vector<ScoredPair> beside(const std::vector<ScoredPair>& old_pairs, const std::vector<ScoredPair>& new_pairs,
                                 const std::vector<std::uint32_t>& places) const {
    std::vector<ScoredPair> stay, more;
    stay.reserve(old_pairs.size());
    for (const ScoredPair& pair : old_pairs)
      if (touched_[now_at_[pair.a]] == 0) stay.push_back({now_at_[pair.a], now_at_[pair.b], pair.weight});
    more.reserve(new_pairs.size());
    for (const ScoredPair& pair : new_pairs) more.push_back({places[pair.a], places[pair.b], pair.weight});
    return merged(stay, more);
  }

  RowLinks& out_;
  const RowLinks& before_;
  const std::vector<std::uint32_t>&came_from_, &now_at_;
  const Flags& touched_;
  unsigned threads_;
};

}  // namespace

RowLinks link_more(RowLinks before, const RawRows& raw, Model& model, const Frequencies& kept, unsigned threads, Progress& progress) {
  threads = std::max(1U, threads);
  RowLinks out;
  progress.step("normalising", raw.rows, "rows");
  std::vector<std::uint32_t> came_from;
  out.rows = pack_more(std::move(before.rows), raw, model, threads, came_from);
  Flags fresh(came_from.size(), 0);
  std::vector<std::uint32_t> now_at;
  fill_room(now_at, came_from.size() - raw.rows, 0U);
  for (std::uint32_t place = 0; place < came_from.size(); ++place) {
    if (came_from[place] == no_place) fresh[place] = 1;
    else now_at[came_from[place]] = place;
  }
  progress.done();
  progress.step("making ready", 0, "");
  const double link = log2_odds_of(model.link_threshold), keep = std::min(link, log2_odds_of(model.review_threshold));
  const Comparer comparer(out.rows, model, model.nicknames ? *model.nicknames : Nicknames::usual(), threads);
  const Weigher weigher(out.rows, model, comparer, kept, threads);
  progress.done();
  progress.step("blocking", 0, "");
  const ModelKeys keys(out.rows, model, threads);
  const Blocks blocks(out.rows, model, keys, threads, fresh);
  out.blocking = blocks.reports();
  progress.done();
  Scores scores = score(out.rows, blocks, comparer, weigher, model, keep, threads, progress, &fresh);
  out.compared = scores.compared;
  progress.step("old pairs", before.pairs.size(), "pairs");
  OldPairs old_pairs(before.pairs, out.rows, model, now_at, threads);
  old_pairs.move();
  old_pairs.drop_ineligible();
  old_pairs.drop_driven_apart(blocks, keys);
  out.pairs = merged(before.pairs, scores.pairs);
  progress.done();
  progress.step("grouping", 0, "");
  std::vector<std::uint32_t> changed;
  for (const std::vector<ScoredPair>* pairs : {static_cast<const std::vector<ScoredPair>*>(&scores.pairs), &old_pairs.dropped()})
    for (const ScoredPair& pair : *pairs)
      if (static_cast<double>(pair.weight) >= link) changed.insert(changed.end(), {pair.a, pair.b});
  const std::size_t unique = model.unique_sources.size();
  find_unique_sources(model, out.rows, out.pairs, out.notes);
  const bool other_rules = model.unique_sources.size() != unique;
  const Flags touched = other_rules ? Flags(came_from.size(), 1) : hanging_together(before, came_from, changed);
  Regrouping(out, before, came_from, now_at, touched, threads).run(model, comparer, weigher);
  progress.done();
  return out;
}

}  // namespace catchment::linkage
