// What screens share: they tell who may reach a weight at all, from equal and unequal values and sketches of them.
#pragma once

#include <cstdint>
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

}  // namespace catchment::linkage
