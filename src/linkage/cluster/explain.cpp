#include "linkage/cluster/explain.h"

namespace catchment::linkage {

Explainer::Explainer(const RowLinks& links, const Model& model, const Frequencies* kept)
    : links_(links),
      model_(model),
      comparer_(links.rows, model, model.nicknames ? *model.nicknames : Nicknames::usual()),
      weigher_(kept != nullptr ? Weigher(links.rows, model, comparer_, *kept)
                               : Weigher(links.rows, model, comparer_, links.counted_by.empty() ? nullptr : &links.counted_by)) {
  for (const BlockingRule& rule : model.blocking) readers_.emplace_back(links.rows, rule);
}

PairStory Explainer::pair(std::uint32_t a, std::uint32_t b) const {
  if (a > b) std::swap(a, b);
  Comparer::Memory memory(comparer_.size());
  const Pattern pattern = comparer_.compare(a, b, memory);
  PairStory out;
  out.log2_odds = weigher_.log2_odds(a, b, pattern);
  out.probability = probability(out.log2_odds);
  out.parts = weigher_.explain(a, b, pattern);
  out.same_cluster = links_.cluster[a] == links_.cluster[b];
  for (std::size_t r = 0; r < readers_.size(); ++r) {
    const BlockingRule& rule = model_.blocking[r];
    const std::uint32_t key = readers_[r].of(a);
    if (key != 0 && key == readers_[r].of(b)) out.met_by.push_back(rule.parts.empty() ? "every pair" : to_string(rule));
  }
  return out;
}

std::vector<std::uint32_t> Explainer::cluster_of(std::uint32_t place) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t p = 0; p < links_.cluster.size(); ++p)
    if (links_.cluster[p] == links_.cluster[place]) out.push_back(p);
  return out;
}

std::vector<ClusterEdge> Explainer::edges_of(std::uint32_t place) const {
  std::vector<ClusterEdge> out;
  const std::uint32_t cluster = links_.cluster[place];
  for (const ScoredPair& p : links_.joined)
    if (links_.cluster[p.a] == cluster) out.push_back({p.a, p.b, static_cast<double>(p.weight), false});
  for (const ScoredPair& p : links_.refused)
    if (links_.cluster[p.a] == cluster || links_.cluster[p.b] == cluster) out.push_back({p.a, p.b, static_cast<double>(p.weight), true});
  return out;
}

}  // namespace catchment::linkage
