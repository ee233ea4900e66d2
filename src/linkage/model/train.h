// What the levels weigh, learnt from the rows themselves without labels.
//
// u: from random pairs, less the share of them that are matches. m: by expectation-maximisation over the
// candidate pairs' patterns, counted once, with declared priors, so that an iteration costs the number of
// patterns and not the number of pairs. Different people who share a home (household, twin, namesake) are
// classes of their own, so that a shared address is not taken for a shared identity.
// Follows Fellegi and Sunter 1969; Winkler 1988; Linacre et al. (Splink) 2022.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/progress.h"
#include "linkage/compare/block.h"
#include "linkage/compare/compare.h"
#include "linkage/model/model.h"

namespace catchment::linkage {

struct TrainingReport {
  std::uint64_t random_pairs = 0;
  std::uint64_t candidate_pairs = 0;
  std::uint64_t patterns = 0;
  int iterations = 0;
  bool converged = false;
  std::vector<std::string> notes;
};

/// Chances a level has before anything is seen.
void set_prior_chances(Model& model, const PackedRows& rows);

TrainingReport train(const PackedRows& rows, const Blocks& blocks, const Comparer& comparer, Model& model, unsigned threads);

/// How often each pattern was seen.
struct Counted {
  Pattern pattern;
  double count;
};
using Counts = std::vector<Counted>;
using PatternCounts = std::unordered_map<Pattern, std::uint64_t>;
/// Added up over threads, in the order of the patterns.
Counts add_up(std::vector<PatternCounts>& parts);

/// Expectation-maximisation alone. `pairs` is how many pairs the candidates (times `scale`) were chosen from,
/// `rows` about how many of them are one person's; the levels' chances as they stand are the prior, worth `strength` pairs.
void learn(Model& model, const std::vector<FieldKind>& kinds, const Counts& random, const Counts& candidates, double scale, double pairs, double rows,
           double strength, TrainingReport& report);
std::vector<FieldKind> kinds_of(const Model& model, const PackedRows& rows);

/// True when the model lets these two rows be compared at all (source rules).
bool eligible(const Model& model, const std::vector<bool>& unique_source, std::uint16_t a, std::uint16_t b);
std::vector<bool> unique_sources(const Model& model, const PackedRows& rows);

/// Classes of pairs. match is one person, moved one person whose home fields changed together; the others are two: strangers, people of one household, twins,
/// parent and child of one name, strangers of one name (given and family names go together in a culture, so
/// that two people share both more often than either's frequency says).
enum PairClass : std::uint8_t { class_match, class_moved, class_random, class_household, class_twin, class_namesake, class_same_name, pair_classes };
/// Chance of a level in a class, from m and u and who shares the field.
double class_chance(PairClass pair_class, const Comparison& comparison, FieldKind kind, std::size_t level);

}  // namespace catchment::linkage
