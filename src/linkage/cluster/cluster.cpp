#include "linkage/cluster/cluster.h"

#include <algorithm>
#include <cmath>

#include "linkage/cluster/union_find.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t members_weighed = 12;  // of each group, when groups are asked to bear a pair out
constexpr double heaviest_say = 12;          // one pair of the many counts at most this many bits either way
constexpr std::size_t components_a_piece = 4096;
constexpr std::uint32_t ahead = 16;  // pairs whose memory is asked for before it is needed
constexpr std::size_t weights_kept = 64;  // places of a component whose pairs' weights stand in a square

enum class Outcome : std::uint8_t { within, joined, refused };

// The groups of one component: its places, told by their number within it, and pairs heaviest first.
class Grouping {
 public:
  Grouping(const ClusterRules& rules, unsigned thread) : rules_(rules), thread_(thread) {}

  void start(const std::uint32_t* places, std::size_t count) {
    sets_ = UnionFind(count);
    places_ = places, count_ = count;
    if (members_.size() < count) members_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) members_[i].assign(1, i);
    if (count <= weights_kept) weights_.assign(count * count, not_known);
  }
  /// What two places were found to weigh, so that it need not be found again.
  void know(std::uint32_t i, std::uint32_t j, float weight) {
    if (count_ <= weights_kept) weights_[i * count_ + j] = weights_[j * count_ + i] = weight;
  }
  std::uint32_t root(std::uint32_t i) { return sets_.root(i); }
  std::uint32_t first_of(std::uint32_t i) { return places_[members_[sets_.root(i)].front()]; }

  Outcome settle(std::uint32_t i, std::uint32_t j) {
    const std::uint32_t a = root(i), b = root(j);
    if (a == b) return Outcome::within;
    if (!may_join(a, b) || !borne_out(a, b)) return Outcome::refused;
    join(a, b);
    return Outcome::joined;
  }

  void join(std::uint32_t i, std::uint32_t j) {
    const std::uint32_t a = root(i), b = root(j);
    if (a == b) return;
    sets_.join(a, b);
    const std::uint32_t into = root(a), from = into == a ? b : a;
    members_[into].insert(members_[into].end(), members_[from].begin(), members_[from].end());
    members_[from].clear();
    std::sort(members_[into].begin(), members_[into].end());
  }

 private:
  bool may_join(std::uint32_t a, std::uint32_t b) const {
    const auto& left = members_[a];
    const auto& right = members_[b];
    for (const std::uint32_t i : left)
      for (const std::uint32_t j : right) {
        const std::uint32_t x = places_[i], y = places_[j];
        const std::uint16_t source = (*rules_.source)[x];
        if (source == (*rules_.source)[y] && rules_.unique_source[source]) return false;
        if (rules_.apart && rules_.apart(x, y)) return false;
        if (left.size() * right.size() > 10000) return true;
      }
    return true;
  }

  bool borne_out(std::uint32_t a, std::uint32_t b) const {
    const auto& left = members_[a];
    const auto& right = members_[b];
    if (left.size() == 1 && right.size() == 1) return true;
    double sum = 0;
    int count = 0;
    for (std::size_t i = 0; i < std::min(left.size(), members_weighed); ++i)
      for (std::size_t j = 0; j < std::min(right.size(), members_weighed); ++j) {
        sum += std::clamp(weight(left[i], right[j]) - rules_.link_log2_odds, -heaviest_say, heaviest_say);
        ++count;
      }
    return sum / count >= 0;
  }

  double weight(std::uint32_t i, std::uint32_t j) const {
    const float known = count_ <= weights_kept ? weights_[i * count_ + j] : not_known;
    return known != not_known ? static_cast<double>(known) : rules_.weight(places_[i], places_[j], thread_);
  }

  static constexpr float not_known = -1e9F;
  const ClusterRules& rules_;
  unsigned thread_;
  UnionFind sets_{0};
  const std::uint32_t* places_ = nullptr;
  std::size_t count_ = 0;
  std::vector<std::vector<std::uint32_t>> members_;
  std::vector<float> weights_;
};

// Places and pairs by the component they hang together in.
struct Components {
  std::vector<std::uint32_t> place_start, places;  // places of each component in order
  std::vector<std::uint32_t> pair_start, pairs;    // indexes of its pairs, heaviest first
  std::vector<std::uint32_t> local;                // place -> its number within its component
  std::size_t size() const { return place_start.size() - 1; }
};

// What pairs join: each thread some of them, then all together.
UnionFind joined_by(std::size_t places, const std::vector<ScoredPair>& pairs, std::size_t links, unsigned threads) {
  const std::size_t parts = links < places ? 1 : std::clamp<std::size_t>(threads, 1, 4);
  std::vector<UnionFind> sets;
  sets.reserve(parts);
  for (std::size_t part = 0; part < parts; ++part) sets.emplace_back(places);
  share_out(parts, threads, [&](std::size_t part, unsigned) {
    const std::size_t end = links * (part + 1) / parts;
    for (std::size_t i = links * part / parts; i < end; ++i) {
      if (i + ahead < end) sets[part].fetch(pairs[i + ahead].a), sets[part].fetch(pairs[i + ahead].b);
      sets[part].join(pairs[i].a, pairs[i].b);
    }
  });
  for (std::size_t part = 1; part < parts; ++part) sets[0].join(sets[part]);
  return std::move(sets[0]);
}

Components components_of(std::size_t places, const std::vector<ScoredPair>& pairs, std::size_t links, const ClusterRules& rules, unsigned threads) {
  UnionFind sets = joined_by(places, pairs, links, threads);
  for (const auto& [a, b] : rules.together) sets.join(a, b);
  constexpr std::uint32_t none = 0xffffffffU;
  std::vector<std::uint32_t> size, component;
  fill_room(size, places, 0U), fill_room(component, places, none);
  for (std::uint32_t p = 0; p < places; ++p) ++size[sets.root(p)];
  Components out;
  out.place_start.assign(1, 0);
  for (std::uint32_t p = 0; p < places; ++p) {
    const std::uint32_t root = sets.root(p);  // the first of its component
    if (size[root] == 1) continue;
    if (root == p) component[p] = static_cast<std::uint32_t>(out.size()), out.place_start.push_back(out.place_start.back() + size[p]);
    else component[p] = component[root];
  }
  out.pair_start.assign(out.size() + 1, 0);
  for (std::size_t i = 0; i < links; ++i) {
    if (i + 2 * ahead < links) __builtin_prefetch(component.data() + pairs[i + 2 * ahead].a);
    if (i + ahead < links) __builtin_prefetch(out.pair_start.data() + component[pairs[i + ahead].a] + 1);
    ++out.pair_start[component[pairs[i].a] + 1ULL];
  }
  for (std::size_t c = 0; c < out.size(); ++c) out.pair_start[c + 1] += out.pair_start[c];
  out.places.resize(out.place_start.back()), fill_room(out.pairs, links, 0U), fill_room(out.local, places, 0U);
  std::vector<std::uint32_t> at(out.place_start.begin(), out.place_start.end() - 1);
  for (std::uint32_t p = 0; p < places; ++p) {
    const std::uint32_t c = component[p];
    if (c == none) continue;
    out.local[p] = at[c] - out.place_start[c];
    out.places[at[c]++] = p;
  }
  at.assign(out.pair_start.begin(), out.pair_start.end() - 1);
  for (std::uint32_t i = 0; i < links; ++i) {
    if (i + 3 * ahead < links) __builtin_prefetch(component.data() + pairs[i + 3 * ahead].a);
    if (i + 2 * ahead < links) __builtin_prefetch(at.data() + component[pairs[i + 2 * ahead].a]);
    if (i + ahead < links) __builtin_prefetch(out.pairs.data() + at[component[pairs[i + ahead].a]]);
    out.pairs[at[component[pairs[i].a]]++] = i;
  }
  return out;
}

}  // namespace

Clusters cluster(std::size_t places, const std::vector<ScoredPair>& pairs, const ClusterRules& rules, unsigned threads) {
  const auto links = static_cast<std::size_t>(
      std::partition_point(pairs.begin(), pairs.end(), [&](const ScoredPair& p) { return static_cast<double>(p.weight) >= rules.link_log2_odds; }) -
      pairs.begin());
  Components components = components_of(places, pairs, links, rules, threads);
  Clusters out;
  out.of.resize(places);
  for (std::uint32_t p = 0; p < places; ++p) out.of[p] = p;
  std::vector<Outcome> outcome(links, Outcome::within);
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> decided;  // per component, only where there are any
  if (!rules.together.empty()) {
    decided.resize(components.size());
    std::vector<std::uint32_t> component(places, 0);
    for (std::uint32_t c = 0; c < components.size(); ++c)
      for (std::uint32_t i = components.place_start[c]; i < components.place_start[c + 1]; ++i) component[components.places[i]] = c;
    for (const auto& pair : rules.together)
      if (pair.first != pair.second) decided[component[pair.first]].push_back(pair);
  }
  const std::size_t pieces = (components.size() + components_a_piece - 1) / components_a_piece;
  share_out(pieces, rules.apart ? 1 : threads, [&](std::size_t piece, unsigned thread) {
    Grouping groups(rules, thread);
    for (std::size_t c = piece * components_a_piece; c < std::min(components.size(), (piece + 1) * components_a_piece); ++c) {
      const std::uint32_t first = components.place_start[c], count = components.place_start[c + 1] - first;
      groups.start(components.places.data() + first, count);
      for (std::uint32_t i = components.pair_start[c]; i < components.pair_start[c + 1]; ++i) {
        if (i + ahead < components.pairs.size()) {
          __builtin_prefetch(pairs.data() + components.pairs[i + ahead]);
          __builtin_prefetch(outcome.data() + components.pairs[i + ahead]);
        }
        const ScoredPair& pair = pairs[components.pairs[i]];
        groups.know(components.local[pair.a], components.local[pair.b], pair.weight);
      }
      if (!decided.empty())
        for (const auto& [a, b] : decided[c]) groups.join(components.local[a], components.local[b]);
      for (std::uint32_t i = components.pair_start[c]; i < components.pair_start[c + 1]; ++i) {
        const ScoredPair& pair = pairs[components.pairs[i]];
        outcome[components.pairs[i]] = groups.settle(components.local[pair.a], components.local[pair.b]);
      }
      for (std::uint32_t i = 0; i < count; ++i) out.of[components.places[first + i]] = groups.first_of(i);
    }
  });
  for (std::size_t i = 0; i < links; ++i)
    if (outcome[i] != Outcome::within) (outcome[i] == Outcome::joined ? out.joined : out.refused).push_back(pairs[i]);
  return out;
}

std::uint32_t number_in_order(const std::vector<std::uint32_t>& of, std::vector<std::uint32_t>& cluster) {
  std::uint32_t clusters = 0;
  cluster.resize(of.size());
  for (std::size_t place = 0; place < of.size(); ++place) cluster[place] = of[place] == place ? clusters++ : cluster[of[place]];
  return clusters;
}

}  // namespace catchment::linkage
