#include "linkage/compare/score.h"

#include <algorithm>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {

Scores score(const PackedRows& rows, const Blocks& blocks, const Comparer& comparer, const Weigher& weigher, const Model& model,
             double keep_log2_odds, unsigned threads, Progress& progress) {
  struct Share {
    std::vector<ScoredPair> kept;
    std::uint64_t compared = 0;
    Comparer::Memory memory;
  };
  std::vector<Share> shares;
  for (unsigned t = 0; t < threads; ++t) shares.push_back({{}, 0, Comparer::Memory(comparer.size())});
  const std::vector<bool> unique = unique_sources(model, rows);
  progress.step("comparing", blocks.pieces().size(), "pieces");
  share_out(blocks.pieces().size(), threads, [&](std::size_t piece, unsigned thread) {
    Share& share = shares[thread];
    blocks.each_pair(blocks.pieces()[piece], [](std::uint32_t) { return true; }, [&](std::uint32_t a, std::uint32_t b) {
      if (!eligible(model, unique, rows.source[a], rows.source[b])) return;
      ++share.compared;
      const Pattern pattern = comparer.compare(a, b, share.memory);
      const double weight = weigher.log2_odds(a, b, pattern);
      if (weight >= keep_log2_odds && weigher.identified(pattern))
        share.kept.push_back({std::min(a, b), std::max(a, b), static_cast<float>(weight)});
    });
    progress.advance(1);
  });
  progress.done();
  Scores out;
  for (Share& share : shares) {
    out.compared += share.compared;
    out.pairs.insert(out.pairs.end(), share.kept.begin(), share.kept.end());
    std::vector<ScoredPair>().swap(share.kept);
  }
  std::sort(out.pairs.begin(), out.pairs.end(), [](const ScoredPair& x, const ScoredPair& y) {
    if (x.weight != y.weight) return x.weight > y.weight;
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  return out;
}

}  // namespace catchment::linkage
