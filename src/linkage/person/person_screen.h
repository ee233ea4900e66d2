// Who may be a person at all, from equal and unequal values and sketches of them: every field against every value the
// person's rows have given.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "linkage/compare/screen.h"
#include "linkage/compare/sketch.h"
#include "linkage/compare/weigh.h"
#include "linkage/identity/identities.h"
#include "linkage/person/person_values.h"

namespace catchment::linkage {

class PersonScreen {
 public:
  /// Those that cannot weigh `at_least` (log2 odds) are passed over; bounds are those of the weigher, rounded up. `persons` are
  /// the units that will be asked about.
  PersonScreen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, const PersonValues& values,
               const std::vector<std::uint32_t>& persons, std::size_t units, unsigned threads);

  /// What somebody says who looks for a person: one value a comparison.
  struct Seeker {
    std::array<TextId, identity_fields> id{};  // 0 = not given
    std::array<float, identity_fields> equal{};
    std::array<Sketch, identity_fields> sketch{};
  };
  Seeker seeker(const TextId* cells) const;

  /// Whether the seeker may reach the weight against a person, whose every field may be that of another row, but whose two
  /// names come from one.
  bool may_reach(const Seeker& seeker, std::uint32_t person) const;
  /// Asks memory for what may_reach will want: first where a person's values stand, then the values.
  void fetch_place(std::uint32_t person) const { __builtin_prefetch(start_.data() + person); }
  void fetch(std::uint32_t person) const {
    const std::uint32_t* said = said_.data() + start_[person];
    __builtin_prefetch(said);
    __builtin_prefetch(said + 16);
  }

 private:
  /// What a value says, whoever gives it.
  struct Value {
    Sketch sketch = 0;
    float equal = 0;  // at most what it brings where both have it
  };
  /// A person's values as they stand in memory: how many of each comparison, a byte each; their ids; their sketches.
  struct Said {
    std::array<std::uint8_t, identity_fields> count;
    const TextId* ids;
    const std::uint32_t* sketches;  // two words each
    Sketch sketch(std::size_t value) const {
      Sketch out = 0;
      std::memcpy(&out, sketches + 2 * value, sizeof out);
      return out;
    }
  };
  Said said(std::uint32_t person) const;
  void write(const PersonValues& values, std::uint32_t person, std::vector<std::uint32_t>& into) const;
  float names_by_id(const Seeker& seeker, const Said& said) const;
  float names_by_sketch(const Seeker& seeker, const Said& said) const;
  float name_at_most(const Seeker& seeker, std::size_t name, TextId id, Sketch sketch) const;

  std::vector<std::size_t> fields_;             // of the comparisons looked at
  std::vector<std::vector<Value>> values_;      // per comparison, per value
  std::vector<SketchBounds> bounds_;            // per comparison
  std::array<float, identity_fields> unequal_{};
  std::vector<std::uint32_t> start_;            // per unit, in words
  std::vector<std::uint32_t> said_;
  float wanted_ = 0;
  bool names_ = false;                          // the first two values are the given and the family name
};

}  // namespace catchment::linkage
