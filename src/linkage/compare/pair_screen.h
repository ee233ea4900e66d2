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

/// Two groups of alike rows and at most what a row of one and a row of the other can weigh (log2 odds), by what is equal and
/// what is not.
struct PossiblePair {
  std::uint32_t a, b;
  float at_most;
};

class PairScreen {
 public:
  /// Pairs that cannot weigh `at_least` (log2 odds) are passed over; bounds are those of the weigher, rounded up.
  /// With `only`, one byte a place, rows without it are never asked for.
  PairScreen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, unsigned threads, const std::vector<std::uint8_t>* only);

  /// What one thread gathers. Never shared. Rows of a block that say the same in every compared field are one group, so that what
  /// two of them weigh is found once; groups are numbered until `forget`.
  class Block {
   public:
    explicit Block(const PairScreen& screen) : screen_(&screen) {}

    /// Rows at [from, end) of a rule's order, of which those before `last` meet the ones after them.
    void gather(const Blocks& blocks, std::uint32_t rule, std::uint32_t from, std::uint32_t last, std::uint32_t end, const std::vector<std::uint8_t>* fresh);
    /// Takes up each pair of what was gathered that is eligible, of this rule first, and with a fresh row where fresh ones are
    /// asked for. Returns how many pairs of rows that are.
    std::uint64_t take_pairs();

    std::size_t pairs() const { return pairs_.size(); }
    /// Adds to `found` those pairs taken up that may reach the weight, and lets all go.
    void look_at_pairs(std::vector<PossiblePair>& found);

    /// The canonical place of a group's first row.
    std::uint32_t place(std::uint32_t group) const { return members_[groups_[group].first]; }
    /// Calls visit(a, b) with the places of each pair of rows that a pair of groups stands for.
    template <typename Visit>
    void each_pair(const PossiblePair& pair, const Visit& visit) const {
      const Group &a = groups_[pair.a], &b = groups_[pair.b];
      for (std::uint32_t i = 0; i < a.count; ++i)
        for (std::uint32_t j = pair.a == pair.b ? i + 1 : 0; j < b.count; ++j) visit(members_[a.first + i], members_[b.first + j]);
    }
    void forget() { groups_.clear(), members_.clear(); }

   private:
    struct Keys {
      FourIds four;
    };
    struct Group {
      std::uint32_t first, count;  // of members_
    };
    // A group of the block at hand.
    struct Said {
      std::uint64_t look;    // of what its rows say and may meet
      std::uint32_t place;   // of the first
      std::uint32_t count;
      std::uint16_t alone;   // source + 1 where rows of one source are not compared
      std::uint16_t wanted;
    };
    struct Pair {
      std::uint32_t a, b;
    };
    bool alike(const Said& a, const Keys* keys_a, const Said& b, const Keys* keys_b) const;
    void lay_out_groups(const std::uint32_t* places, bool each_alone);
    std::size_t first_fresh_after(std::size_t i) const {
      return static_cast<std::size_t>(std::upper_bound(fresh_.begin(), fresh_.end(), static_cast<std::uint32_t>(i)) - fresh_.begin());
    }

    const PairScreen* screen_;
    std::size_t key_lanes_ = 0, meeting_ = 0;  // so many of said_ meet those after them
    std::uint32_t first_group_ = 0;            // of the block at hand
    std::vector<Keys> keys_;                   // per row, then per group
    std::vector<Said> said_;                   // the same
    std::vector<std::uint32_t> fresh_;         // which of them are fresh, where those are asked for
    std::vector<std::uint32_t> group_of_;      // per row gathered
    std::vector<Group> groups_;
    std::vector<std::uint32_t> members_;  // places
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
