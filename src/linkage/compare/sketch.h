// Eight bytes of a value that tell which levels two unequal values cannot reach, so that most pairs of strangers are
// passed over without reading a text. A sketch never says no to a level that holds.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "linkage/model/model.h"

namespace catchment::linkage {

/// Dates: the eight characters. Postcodes: up to eight characters. Other texts: how often each of fourteen classes of
/// characters occurs, four bits a class, then whether it is one word, whether it has nicknames, and six bits of its sound.
using Sketch = std::uint64_t;

/// What one comparison's levels can bring at most, by the sketches of two unequal values.
class SketchBounds {
 public:
  SketchBounds() = default;
  /// `bounds` has a number a level, in the order of the levels.
  SketchBounds(const std::vector<Level>& levels, const std::vector<float>& bounds);

  Sketch of(std::string_view text, bool has_nicknames, std::uint32_t sound) const;
  float at_most(Sketch a, Sketch b) const;

 private:
  enum class Kind : std::uint8_t { date, postcode, text };
  struct Step {
    Test test;
    double value;  // of a likeness by Jaro-Winkler: the Jaro it needs
    float bound;
  };
  Kind kind_ = Kind::text;
  std::vector<Step> steps_;  // levels other than equality, the highest bound first
};

}  // namespace catchment::linkage
