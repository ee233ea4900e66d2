// From a pattern to a weight: log2 odds that two rows are one person, and where they come from.
//
//   odds = rate(match) P(pattern | match) / sum over classes of two people of rate(class) P(pattern | class)
//
// On an exact level the chance of agreeing by accident is the value's own frequency.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "linkage/compare/compare.h"
#include "linkage/model/model.h"
#include "linkage/model/train.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

/// One bar of a pair's waterfall.
struct WeightPart {
  std::string field;
  std::string level;
  double bits = 0;
};

double probability(double log2_odds);

/// How often values occur, kept from one run for the next: part of what was trained. Values are named by a
/// hash of their text.
struct Frequencies {
  std::vector<std::vector<std::pair<std::uint64_t, float>>> log2_share;             // per comparison, in order; empty = not used
  std::vector<float> unseen;  // a value that was not there
};

class Weigher {
 public:
  /// With `cluster`, a value's frequency is counted once per person and not once per row.
  Weigher(const PackedRows& rows, const Model& model, const Comparer& comparer, const std::vector<std::uint32_t>* cluster, unsigned threads = 1);
  /// With frequencies kept from an earlier run.
  Weigher(const PackedRows& rows, const Model& model, const Comparer& comparer, const Frequencies& kept, unsigned threads = 1);
  Frequencies frequencies() const;

  double log2_odds(std::uint32_t a, std::uint32_t b, Pattern pattern) const { return log2_odds(rows_.row(a), rows_.row(b), pattern); }
  /// Two rows' values, one id a field. Below `at_least` any number below it may be the answer.
  double log2_odds(const TextId* a, const TextId* b, Pattern pattern, double at_least = -1e9) const;
  /// What two rows weigh, or less than `at_least` where they cannot weigh that much. `at_most` is what equal
  /// and unequal values alone allow; from there the levels of fields other than names are looked at, those
  /// that can cost most first.
  double log2_odds(const TextId* a, const TextId* b, double at_most, double at_least, Comparer::Memory& memory, Pattern& pattern) const;
  /// What such a bound is made of: comparisons looked at by id alone, the given and the family name first
  /// where names may be crossed.
  std::vector<std::size_t> bounded() const;
  bool names_bounded() const { return comparer_.compares_names(); }
  std::size_t field_of(std::size_t comparison) const { return static_cast<std::size_t>(comparer_.field_of(comparison)); }
  double prior_at_most() const { return prior_at_most_; }
  double equal_at_most(std::size_t comparison, TextId value) const;
  double unequal_at_most(std::size_t comparison) const { return unequal_at_most_[comparison]; }
  double level_at_most(std::size_t comparison, std::size_t level) const { return level_at_most_[comparison][level]; }
  const Comparer& comparer() const { return comparer_; }
  /// Bars that sum to log2_odds: the prior, one per comparison, the shared home.
  std::vector<WeightPart> explain(std::uint32_t a, std::uint32_t b, Pattern pattern) const { return explain(rows_.row(a), rows_.row(b), pattern); }
  std::vector<WeightPart> explain(const TextId* a, const TextId* b, Pattern pattern) const;
  /// Whether one comparison alone speaks for one person.
  bool agrees(Pattern pattern, std::size_t comparison) const {
    const unsigned level = level_at(pattern, comparison);
    return level != 0 && log2_[comparison][level][class_match] > log2_[comparison][level][class_random] + 1;
  }
  /// An automatic link needs agreement in something that is a person's own.
  bool identified(Pattern pattern) const { return (pattern_identifying(pattern)); }

 private:
  bool pattern_identifying(Pattern pattern) const;
  void read_model();
  void count_frequencies(const std::vector<std::uint32_t>* cluster, unsigned threads);
  void take_frequencies(const Frequencies& kept, unsigned threads);
  void find_bounds();
  double frequency_bits(std::size_t comparison, const TextId* a, const TextId* b, Pattern pattern) const;

  const PackedRows& rows_;
  const Model& model_;
  const Comparer& comparer_;
  std::vector<std::vector<float>> frequency_;                // per comparison, per value: log2 of its share; empty = not used
  std::vector<float> unseen_;    // per comparison: log2 of the share of a value seen once
  std::vector<unsigned> exact_;  // level of equality per comparison, 0 = none
  std::vector<double> exact_u_;  // log2
  // One number a class of pairs, worked on at once; the last stands for none.
  using OfClasses = double __attribute__((vector_size(64)));
  std::array<std::array<OfClasses, 16>, most_comparisons + 1> log2_{};  // per comparison and level: chance of it
  std::array<OfClasses, most_comparisons> unshared_{};                  // per comparison: how far a class does not share the field
  OfClasses log2_rate_{};
  std::array<double, pair_classes> rate_{};
  // For one person against strangers, the more favourable of stayed and moved.
  std::array<std::array<double, 16>, most_comparisons> level_at_most_{};
  std::array<double, most_comparisons> unequal_at_most_{};
  double prior_at_most_ = 0;
  std::vector<std::size_t> cheap_;  // comparisons other than names, the most telling first
  std::uint64_t identifying_ = 0;   // bits of comparisons
};

}  // namespace catchment::linkage
