// Which pairs of a block may reach a weight at all, from equal and unequal values and sketches of them. The rows of a
// block are gathered side by side first, so that a pair costs a few instructions and no wait for memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "linkage/compare/block.h"
#include "linkage/compare/sketch.h"
#include "linkage/compare/weigh.h"

namespace catchment::linkage {

/// Four values worked on at once; the compiler makes them one register where the processor has such.
using FourIds = std::uint32_t __attribute__((vector_size(16)));
using FourBits = float __attribute__((vector_size(16)));

/// Two canonical places and at most what they can weigh (log2 odds), by what is equal and what is not.
struct PossiblePair {
  std::uint32_t a, b;
  float at_most;
};

class Screen {
 public:
  /// Pairs that cannot weigh `at_least` (log2 odds) are passed over; bounds are those of the weigher, rounded
  /// up.
  /// With `order`, the rows at those places in that order. With `only`, one byte a place, rows without it are never asked for.
  Screen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, unsigned threads,
         const std::vector<std::uint32_t>* order = nullptr, const std::vector<std::uint8_t>* only = nullptr);

  /// Whether the row at `place` may reach the weight against somebody who is the rows at [from, end): whose every
  /// field may be that of another row, but whose two names come from one.
  bool may_reach(std::size_t place, std::size_t from, std::size_t end) const;
  /// Asks memory for rows that may_reach will want soon.
  void fetch(std::size_t from, std::size_t end) const {
    for (std::size_t lane = from * lanes_; lane < end * lanes_; ++lane) __builtin_prefetch(rows_.get() + lane);
  }

  /// What one thread gathers. Never shared.
  class Block {
   public:
    explicit Block(const Screen& screen) : screen_(&screen) {}

    /// Rows at [from, end) of a rule's order.
    void gather(const Blocks& blocks, std::uint32_t rule, std::uint32_t from, std::uint32_t end, const std::vector<std::uint8_t>* fresh);
    bool any_fresh() const { return any_fresh_; }

    /// Adds to `found` each pair of the row gathered as number `i` with a later one that may reach the
    /// weight. Returns how many pairs there were: eligible, of this rule first, with a fresh row where fresh
    /// ones are asked for.
    std::uint64_t add_possible(std::size_t i, std::vector<PossiblePair>& found) const {
      const Screen& s = *screen_;
      const Row* lanes = rows_.data() + i * s.lanes_;
      const Keys* keys = keys_.data() + i * key_lanes_;
      std::array<FourIds, most_lanes> ids;
      std::array<FourBits, most_lanes> equal, unequal;
      for (std::size_t l = 0; l < s.lanes_; ++l) {
        ids[l] = lanes[l].ids, equal[l] = lanes[l].equal;
        unequal[l] = ids[l] != 0 ? s.unequal_[l] : FourBits{};
      }
      std::array<FourIds, most_key_lanes> own;
      for (std::size_t k = 0; k < key_lanes_; ++k) own[k] = keys[k].four == 0 ? FourIds{1, 1, 1, 1} : keys[k].four;  // no key is 1
      const Said& said = said_[i];
      std::uint64_t pairs = 0;
      // A row that is not fresh meets fresh ones alone.
      const std::size_t others = said.wanted != 0 ? said_.size() : fresh_.size();
      for (std::size_t k = said.wanted != 0 ? i + 1 : first_fresh_after(i); k < others; ++k) {
        const std::size_t j = said.wanted != 0 ? k : fresh_[k];
        if (said_[j].alone == said.alone && said.alone != 0) continue;
        const Keys* other = keys_.data() + j * key_lanes_;
        FourIds met{};
        for (std::size_t l = 0; l < key_lanes_; ++l) met |= own[l] == other[l].four ? FourIds{1, 1, 1, 1} : FourIds{};
        if ((met[0] | met[1] | met[2] | met[3]) != 0) continue;
        ++pairs;
        const Row* row = rows_.data() + j * s.lanes_;
        FourBits sum{};
        for (std::size_t l = 0; l < s.lanes_; ++l) {
          const FourIds theirs = row[l].ids;
          sum += ids[l] == theirs ? equal[l] : theirs != 0 ? unequal[l] : FourBits{};
        }
        const float straight = sum[0] + sum[1] + sum[2] + sum[3];
        const float most = s.names_ ? std::max(straight, s.crossed_at_most(lanes, row, straight)) : straight;
        if (most >= s.wanted_ && s.sketches_allow(lanes, row, straight, most)) found.push_back({said.place, said_[j].place, most + s.prior_});
      }
      return pairs;
    }

   private:
    friend class Screen;
    std::size_t first_fresh_after(std::size_t i) const {
      return static_cast<std::size_t>(std::upper_bound(fresh_.begin(), fresh_.end(), static_cast<std::uint32_t>(i)) - fresh_.begin());
    }
    struct alignas(64) Row {  // one line of the processor's memory
      FourIds ids;     // 0 = not given
      FourBits equal;  // at most what an equal value brings
      std::array<Sketch, 4> sketch;
    };
    struct Keys {
      FourIds four;
    };
    struct Said {
      std::uint32_t place;
      std::uint16_t alone;  // source + 1 where rows of one source are not compared
      std::uint16_t wanted;
    };
    const Screen* screen_;
    std::size_t key_lanes_ = 0;
    bool any_fresh_ = false;
    std::vector<Row> rows_;
    std::vector<Keys> keys_;
    std::vector<Said> said_;
    std::vector<std::uint32_t> fresh_;  // which of them are fresh, where those are asked for
  };

 private:
  static constexpr std::size_t most_lanes = (most_comparisons + 3) / 4,
                               most_key_lanes = 15;  // a model has at most sixty rules
  using Row = Block::Row;

  /// The same sum where names may stand in each other's column.
  float crossed_at_most(const Row* a, const Row* b, float straight) const;
  /// Whether the bound stays high enough when what unequal values look like is counted.
  bool sketches_allow(const Row* a, const Row* b, float straight, float most) const;
  float by_id(const Row* a, const Row* b, std::size_t name) const;
  float names_at_most(const Row* a, const Row* b) const;
  float at_most(std::size_t i, std::size_t j, const Row* a, const Row* b) const;
  /// The most that any row of [from, end) gives in comparison `i` by sketches, none being equal.
  float nearest_of(std::size_t i, const Row* a, const Row* from, const Row* end) const;

  std::size_t lanes_ = 0;
  std::unique_ptr<Row[]> rows_;  // rows x lanes
  std::array<FourBits, most_lanes> unequal_{};
  std::vector<SketchBounds> bounds_;  // per comparison looked at
  float wanted_ = 0, prior_ = 0;
  bool names_ = false;                // the first two values are the given and the family name
  std::vector<std::uint16_t> alone_;  // per source; empty when rows of every source are compared
  const std::vector<std::uint16_t>* source_ = nullptr;
};

}  // namespace catchment::linkage
