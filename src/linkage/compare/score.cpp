#include "linkage/compare/score.h"

#include <algorithm>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {

Scores score(const PackedRows& rows, const Blocks& blocks, const Comparer& comparer, const Weigher& weigher, const Model& model,
             double keep_log2_odds, unsigned threads, Progress& progress, const std::vector<std::uint8_t>* fresh) {
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
    const auto weigh = [&](std::uint32_t a, std::uint32_t b) {
      if (!eligible(model, unique, rows.source[a], rows.source[b])) return;
      ++share.compared;
      const TextId *x = rows.row(a), *y = rows.row(b);
      if (weigher.at_most(x, y, keep_log2_odds, share.memory) < keep_log2_odds) return;
      const Pattern pattern = comparer.compare(x, y, share.memory);
      const double weight = weigher.log2_odds(x, y, pattern, keep_log2_odds);
      if (weight >= keep_log2_odds && weigher.identified(pattern))
        share.kept.push_back({std::min(a, b), std::max(a, b), static_cast<float>(weight)});
    };
    if (fresh != nullptr) blocks.each_fresh_pair(blocks.pieces()[piece], *fresh, weigh);
    else blocks.each_pair(blocks.pieces()[piece], [](std::uint32_t) { return true; }, weigh);
    progress.advance(1);
  });
  progress.done();
  Scores out;
  std::size_t kept = 0;
  for (const Share& share : shares) kept += share.kept.size();
  out.pairs.reserve(kept);
  for (Share& share : shares) {
    out.compared += share.compared;
    out.pairs.insert(out.pairs.end(), share.kept.begin(), share.kept.end());
    std::vector<ScoredPair>().swap(share.kept);
  }
  sort_shared(out.pairs, threads, heavier);
  return out;
}

bool heavier(const ScoredPair& x, const ScoredPair& y) {
  if (x.weight != y.weight) return x.weight > y.weight;
  return x.a != y.a ? x.a < y.a : x.b < y.b;
}

}  // namespace catchment::linkage
