// Who may reach a weight against somebody who is several rows, from equal and unequal values and sketches of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "linkage/compare/sketch.h"
#include "linkage/compare/weigh.h"

namespace catchment::linkage {

/// Four values worked on at once; the compiler makes them one register where the processor has such.
using FourIds = std::uint32_t __attribute__((vector_size(16)));
using FourBits = float __attribute__((vector_size(16)));

inline constexpr double screen_rounding = 0.01;           // bits; sums of fifteen floats err by far less
inline constexpr float most_of_crossed_names = 80;  // bits; two names no one else among billions has

/// Per source: its number plus one where its rows are not compared with each other; empty when those of every source are.
std::vector<std::uint16_t> compared_alone(const Model& model, const PackedRows& rows);
/// What a comparison's levels can bring at most.
SketchBounds sketch_bounds(const Model& model, const Weigher& weigher, std::size_t comparison);

/// Sketches of the values of one comparison. Names have theirs whichever column they stand in.
class Sketching {
 public:
  Sketching(const PackedRows& rows, const Model& model, const Weigher& weigher, std::size_t comparison, const SketchBounds& bounds);
  Sketch of(TextId value) const {
    return bounds_.of(texts_.text(value), nicknames_ && comparer_.has_nicknames(comparison_, value), sounds_ ? comparer_.sound(comparison_, value) : 0);
  }

 private:
  const SketchBounds& bounds_;
  const Comparer& comparer_;
  const Dictionary& texts_;
  std::size_t comparison_;
  bool sounds_ = false, nicknames_ = false;
};

class Screen {
 public:
  /// Those that cannot weigh `at_least` (log2 odds) are passed over; bounds are those of the weigher, rounded up.
  /// The rows stand as `order` names them.
  Screen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, unsigned threads, const std::vector<std::uint32_t>& order);

  /// Whether the row at `place` may reach the weight against somebody who is the rows at [from, end): whose every
  /// field may be that of another row, but whose two names come from one.
  bool may_reach(std::size_t place, std::size_t from, std::size_t end) const;
  /// Asks memory for rows that may_reach will want soon.
  void fetch(std::size_t from, std::size_t end) const {
    for (std::size_t lane = from * lanes_; lane < end * lanes_; ++lane) __builtin_prefetch(rows_.get() + lane);
  }

 private:
  static constexpr std::size_t most_lanes = (most_comparisons + 3) / 4;
  struct alignas(64) Row {  // one line of the processor's memory
    FourIds ids;            // 0 = not given
    FourBits equal;         // at most what an equal value brings
    std::array<Sketch, 4> sketch;
  };

  /// The same sum where names may stand in each other's column.
  float crossed_at_most(const Row* a, const Row* b, float straight) const;
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
};

}  // namespace catchment::linkage
