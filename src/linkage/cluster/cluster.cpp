#include "linkage/cluster/cluster.h"

#include <algorithm>
#include <cmath>

#include "linkage/cluster/union_find.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t members_weighed = 12;  // of each group, when groups are asked to bear a pair out
constexpr double heaviest_say = 12;          // one pair of the many counts at most this many bits either way

class Grouping {
 public:
  Grouping(std::size_t places, const ClusterRules& rules) : rules_(rules), sets_(places), members_(places) {
    for (std::uint32_t i = 0; i < places; ++i) members_[i] = {i};
  }

  bool may_join(std::uint32_t a, std::uint32_t b) const {
    const auto& left = members_[a];
    const auto& right = members_[b];
    for (const std::uint32_t x : left)
      for (const std::uint32_t y : right) {
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
        sum += std::clamp(rules_.weight(left[i], right[j]) - rules_.link_log2_odds, -heaviest_say, heaviest_say);
        ++count;
      }
    return sum / count >= 0;
  }

  std::uint32_t root(std::uint32_t x) { return sets_.root(x); }

  void join(std::uint32_t a, std::uint32_t b) {
    sets_.join(a, b);
    const std::uint32_t into = sets_.root(a), from = into == a ? b : a;
    members_[into].insert(members_[into].end(), members_[from].begin(), members_[from].end());
    std::vector<std::uint32_t>().swap(members_[from]);
    std::sort(members_[into].begin(), members_[into].end());
  }

 private:
  const ClusterRules& rules_;
  UnionFind sets_;
  std::vector<std::vector<std::uint32_t>> members_;
};

}  // namespace

Clusters cluster(std::size_t places, const std::vector<ScoredPair>& pairs, const ClusterRules& rules) {
  Clusters out;
  Grouping groups(places, rules);
  for (const auto& [a, b] : rules.together) {
    const std::uint32_t x = groups.root(a), y = groups.root(b);
    if (x != y) groups.join(x, y);
  }
  for (const ScoredPair& pair : pairs) {
    if (pair.weight < rules.link_log2_odds) break;
    const std::uint32_t a = groups.root(pair.a), b = groups.root(pair.b);
    if (a == b) continue;
    if (groups.may_join(a, b) && groups.borne_out(a, b)) {
      groups.join(a, b);
      out.joined.push_back(pair);
    } else {
      out.refused.push_back(pair);
    }
  }
  out.of.resize(places);
  for (std::uint32_t i = 0; i < places; ++i) out.of[i] = groups.root(i);
  return out;
}

}  // namespace catchment::linkage
