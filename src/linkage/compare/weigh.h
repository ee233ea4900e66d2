// From a pattern to a weight: log2 odds that two rows are one person, and where they come from.
//
//   odds = rate(match) P(pattern | match) / sum over classes of two people of rate(class) P(pattern | class)
//
// On an exact level the chance of agreeing by accident is the value's own frequency.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "linkage/compare/compare.h"
#include "linkage/model/model.h"
#include "linkage/tables/packed_rows.h"
#include "linkage/model/train.h"

namespace catchment::linkage {

/// One bar of a pair's waterfall.
struct WeightPart {
  std::string field;
  std::string level;
  double bits = 0;
};

double probability(double log2_odds);

class Weigher {
 public:
  /// With `cluster`, a value's frequency is counted once per person and not once per row.
  Weigher(const PackedRows& rows, const Model& model, const Comparer& comparer, const std::vector<std::uint32_t>* cluster);

  double log2_odds(std::uint32_t a, std::uint32_t b, Pattern pattern) const { return log2_odds(rows_.row(a), rows_.row(b), pattern); }
  /// Two rows' values, one id a field.
  double log2_odds(const TextId* a, const TextId* b, Pattern pattern) const;
  /// Bars that sum to log2_odds: the prior, one per comparison, the shared home.
  std::vector<WeightPart> explain(std::uint32_t a, std::uint32_t b, Pattern pattern) const;
  /// Whether one comparison alone speaks for one person.
  bool agrees(Pattern pattern, std::size_t comparison) const {
    const unsigned level = level_at(pattern, comparison);
    return level != 0 && log2_[class_match][comparison][level] > log2_[class_random][comparison][level] + 1;
  }
  /// An automatic link needs agreement in something that is a person's own.
  bool identified(Pattern pattern) const { return (pattern_identifying(pattern)); }

 private:
  bool pattern_identifying(Pattern pattern) const;
  void count_frequencies(const std::vector<std::uint32_t>* cluster);
  double frequency_bits(std::size_t comparison, const TextId* a, const TextId* b, Pattern pattern) const;

  const PackedRows& rows_;
  const Model& model_;
  const Comparer& comparer_;
  std::vector<std::vector<float>> frequency_;  // per comparison, per value: log2 of its share; empty = not used
  std::vector<unsigned> exact_;                // level of equality per comparison, 0 = none
  std::vector<double> exact_u_;                // log2
  std::array<std::array<std::array<double, 16>, most_comparisons + 1>, pair_classes> log2_{};
  std::array<std::array<double, most_comparisons>, pair_classes> shared_{};  // how far a class shares the field
  std::array<double, pair_classes> rate_{};
  std::uint64_t identifying_ = 0;  // bits of comparisons
};

}  // namespace catchment::linkage
