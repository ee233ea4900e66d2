#include "linkage/compare/score.h"

#include <algorithm>
#include <limits>
#include <span>

#include "linkage/compare/large_pages.h"
#include "linkage/compare/pair_screen.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t worth_looking_at = 256;  // pairs whose bounds are found at a time
constexpr std::size_t worth_weighing = 256;    // possible pairs weighed at a time
constexpr std::size_t ahead = 8;             // rows asked for before they are needed

// Pairs that weigh enough as one thread finds them, so many together that none is moved when more come.
class Kept {
 public:
  void add(const ScoredPair& pair) {
    if (parts_.empty() || parts_.back().size() == part_size) {
      const bool many = !parts_.empty();
      parts_.emplace_back();
      if (many) make_room(parts_.back(), part_size);
    }
    parts_.back().push_back(pair);
    lightest_ = std::min(lightest_, pair.weight), heaviest_ = std::max(heaviest_, pair.weight);
  }
  const std::vector<std::vector<ScoredPair>>& parts() const { return parts_; }
  float lightest() const { return lightest_; }
  float heaviest() const { return heaviest_; }

 private:
  static constexpr std::size_t part_size = 1U << 18;
  std::vector<std::vector<ScoredPair>> parts_;
  float lightest_ = std::numeric_limits<float>::max(), heaviest_ = std::numeric_limits<float>::lowest();
};

// All of them, heaviest first.
std::vector<ScoredPair> in_order(const std::vector<const Kept*>& kept, unsigned threads) {
  constexpr std::size_t ranks = 1U << 12;
  float lightest = std::numeric_limits<float>::max(), heaviest = std::numeric_limits<float>::lowest();
  std::vector<std::span<const ScoredPair>> parts;
  for (const Kept* share : kept) {
    parts.insert(parts.end(), share->parts().begin(), share->parts().end());
    lightest = std::min(lightest, share->lightest()), heaviest = std::max(heaviest, share->heaviest());
  }
  if (parts.empty()) return {};
  const float ranks_a_bit = static_cast<float>(ranks - 1) / std::max(1.0F, heaviest - lightest);
  return sorted_by_rank(
      parts, threads, ranks, [&](const ScoredPair& pair) { return static_cast<std::size_t>((heaviest - pair.weight) * ranks_a_bit); }, heavier);
}

}  // namespace

Scores score(const PackedRows& rows, const Blocks& blocks, const Comparer& comparer, const Weigher& weigher, const Model& model, double keep_log2_odds,
             unsigned threads, Progress& progress, const std::vector<std::uint8_t>* fresh) {
  struct Share {
    Kept kept;
    std::uint64_t compared = 0;
    Comparer::Memory memory;
    PairScreen::Block block;
    std::vector<PossiblePair> possible;
  };
  std::vector<std::uint8_t> met;  // rows that fresh ones may meet
  if (fresh != nullptr) {
    met.assign(rows.rows(), 0);
    for (std::uint32_t r = 0; r < blocks.rules(); ++r)
      for (const std::uint32_t place : blocks.order(r)) met[place] = 1;
  }
  const PairScreen screen(rows, model, weigher, keep_log2_odds, threads, fresh == nullptr ? nullptr : &met);
  std::vector<Share> shares;
  shares.reserve(threads);
  for (unsigned t = 0; t < threads; ++t) shares.push_back({{}, 0, Comparer::Memory(comparer.size()), PairScreen::Block(screen), {}});
  progress.step("comparing", blocks.pieces().size(), "pieces");
  share_out(blocks.pieces().size(), threads, [&](std::size_t piece, unsigned thread) {
    Share& share = shares[thread];
    const Blocks::Piece& work = blocks.pieces()[piece];
    for (std::uint32_t from = work.first; from < work.last;) {
      const std::uint32_t end = blocks.block_end(work.rule, from), last = std::min(end, work.last);
      share.block.gather(blocks, work.rule, from, last, end, fresh);
      share.compared += share.block.take_pairs();
      from = last;
      if (share.block.pairs() < worth_looking_at && from < work.last) continue;
      share.block.look_at_pairs(share.possible);
      if (share.possible.size() < worth_weighing && from < work.last) continue;
      for (std::size_t i = 0; i < share.possible.size(); ++i) {
        if (i + ahead < share.possible.size()) {
          __builtin_prefetch(rows.row(share.block.place(share.possible[i + ahead].a)));
          __builtin_prefetch(rows.row(share.block.place(share.possible[i + ahead].b)));
        }
        const PossiblePair& pair = share.possible[i];
        const TextId *a = rows.row(share.block.place(pair.a)), *b = rows.row(share.block.place(pair.b));
        Pattern pattern = 0;
        const double weight = weigher.log2_odds(a, b, static_cast<double>(pair.at_most), keep_log2_odds, share.memory, pattern);
        if (weight < keep_log2_odds || !weigher.identified(pattern)) continue;
        share.block.each_pair(pair, [&](std::uint32_t x, std::uint32_t y) { share.kept.add({std::min(x, y), std::max(x, y), static_cast<float>(weight)}); });
      }
      share.possible.clear();
      share.block.forget();
    }
    progress.advance(1);
  });
  progress.done();
  Scores out;
  std::vector<const Kept*> kept;
  for (const Share& share : shares) {
    out.compared += share.compared;
    kept.push_back(&share.kept);
  }
  out.pairs = in_order(kept, threads);
  return out;
}

bool heavier(const ScoredPair& x, const ScoredPair& y) {
  if (x.weight != y.weight) return x.weight > y.weight;
  return x.a != y.a ? x.a < y.a : x.b < y.b;
}

}  // namespace catchment::linkage
