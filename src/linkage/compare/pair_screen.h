// Which pairs of a block may reach a weight at all, from equal and unequal values and sketches of them. A row is the ids of its
// values, half a line of the processor's memory; what a value can bring stands once a value. Pairs are looked at many
// together, so that memory is asked for their rows before they are needed.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "linkage/compare/block.h"
#include "linkage/compare/screen.h"
#include "linkage/compare/sketch.h"
#include "linkage/compare/weigh.h"

namespace catchment::linkage {

/// Two canonical places and at most what they can weigh (log2 odds), by what is equal and what is not.
struct PossiblePair {
  std::uint32_t a, b;
  float at_most;
};

class PairScreen {
 public:
  /// Pairs that cannot weigh `at_least` (log2 odds) are passed over; bounds are those of the weigher, rounded up.
  /// With `only`, one byte a place, rows without it are never asked for.
  PairScreen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, unsigned threads, const std::vector<std::uint8_t>* only);

  /// What one thread gathers. Never shared.
  class Block {
   public:
    explicit Block(const PairScreen& screen) : screen_(&screen) {}

    /// Rows at [from, end) of a rule's order.
    void gather(const Blocks& blocks, std::uint32_t rule, std::uint32_t from, std::uint32_t end, const std::vector<std::uint8_t>* fresh);
    bool any_fresh() const { return any_fresh_; }

    /// Takes up each pair of the row gathered as number `i` with a later one that is eligible, of this rule first, and with a
    /// fresh row where fresh ones are asked for. Returns how many.
    std::uint64_t take_pairs(std::size_t i) {
      const Keys* keys = keys_.data() + i * key_lanes_;
      std::array<FourIds, most_key_lanes> own;
      for (std::size_t k = 0; k < key_lanes_; ++k) own[k] = keys[k].four == 0 ? FourIds{1, 1, 1, 1} : keys[k].four;  // no key is 1
      const Said said = said_[i];
      const std::size_t before = pairs_.size();
      // A row that is not fresh meets fresh ones alone.
      const std::size_t others = said.wanted != 0 ? said_.size() : fresh_.size();
      for (std::size_t k = said.wanted != 0 ? i + 1 : first_fresh_after(i); k < others; ++k) {
        const std::size_t j = said.wanted != 0 ? k : fresh_[k];
        if (said_[j].alone == said.alone && said.alone != 0) continue;
        const Keys* other = keys_.data() + j * key_lanes_;
        FourIds met{};
        for (std::size_t l = 0; l < key_lanes_; ++l) met |= own[l] == other[l].four ? FourIds{1, 1, 1, 1} : FourIds{};
        if ((met[0] | met[1] | met[2] | met[3]) != 0) continue;
        screen_->fetch(said_[j].place);
        pairs_.push_back({said.place, said_[j].place});
      }
      if (pairs_.size() != before) screen_->fetch(said.place);
      return pairs_.size() - before;
    }

    std::size_t pairs() const { return pairs_.size(); }
    /// Adds to `found` those pairs taken up that may reach the weight, and lets all go.
    void look_at_pairs(std::vector<PossiblePair>& found);

   private:
    struct Keys {
      FourIds four;
    };
    struct Said {
      std::uint32_t place;
      std::uint16_t alone;  // source + 1 where rows of one source are not compared
      std::uint16_t wanted;
    };
    struct Pair {
      std::uint32_t a, b;
    };
    std::size_t first_fresh_after(std::size_t i) const {
      return static_cast<std::size_t>(std::upper_bound(fresh_.begin(), fresh_.end(), static_cast<std::uint32_t>(i)) - fresh_.begin());
    }
    const PairScreen* screen_;
    std::size_t key_lanes_ = 0;
    bool any_fresh_ = false;
    std::vector<Keys> keys_;
    std::vector<Said> said_;
    std::vector<std::uint32_t> fresh_;  // which of them are fresh, where those are asked for
    std::vector<Pair> pairs_;
  };

 private:
  static constexpr std::size_t most_lanes = (most_comparisons + 3) / 4,
                               most_key_lanes = 15;  // a model has at most sixty rules
  // What a value says, whatever row it stands in.
  struct Value {
    Sketch sketch = 0;
    float equal = 0;  // at most what it brings where both rows have it
  };
  // A pair's bound by its ids alone: with names where they stand, and of names in each other's place.
  struct Bound {
    float straight = 0, most = 0;
    float names = 0;  // the names' part of straight
  };

  void fetch(std::uint32_t place) const { __builtin_prefetch(ids_.data() + place * lanes_); }
  const FourIds* ids_of(std::uint32_t place) const { return &ids_[place * lanes_].four; }
  Bound by_ids(const FourIds* a, const FourIds* b) const;
  /// Whether the bound stays high enough when what unequal values look like is counted.
  bool sketches_allow(const FourIds* a, const FourIds* b, const Bound& bound) const;
  float unequal(std::size_t i) const { return unequal_[i / 4][i % 4]; }
  /// The most that value `x` of comparison `i` and `y` of comparison `j` bring as the former.
  float at_most(std::size_t i, std::uint32_t x, std::size_t j, std::uint32_t y) const;

  struct Lane {
    FourIds four;
  };
  std::size_t lanes_ = 0, count_ = 0;
  std::vector<Lane> ids_;                   // rows x lanes, 0 = not given
  std::vector<std::vector<Value>> values_;  // per comparison looked at, per value
  std::array<FourBits, most_lanes> unequal_{};
  std::vector<SketchBounds> bounds_;  // per comparison looked at
  float wanted_ = 0, prior_ = 0;
  bool names_ = false;                // the first two are the given and the family name
  std::vector<std::uint16_t> alone_;  // per source; empty when rows of every source are compared
  const std::vector<std::uint16_t>* source_ = nullptr;
};

}  // namespace catchment::linkage
