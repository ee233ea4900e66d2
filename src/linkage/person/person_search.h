// Loose identities look for the person they belong to: candidates from the index, each weighed against every
// value the person's rows have given, the best kept when no rival comes near.
//
// Always: what one identity finds does not depend on what others find, nor on the number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "linkage/compare/compare.h"
#include "linkage/compare/weigh.h"
#include "linkage/identity/two_names.h"
#include "linkage/model/train.h"
#include "linkage/person/kept_placements.h"
#include "linkage/person/person_index.h"
#include "linkage/person/person_screen.h"
#include "linkage/person/person_values.h"
#include "linkage/person/placement_inputs.h"
#include "linkage/person/search_counts.h"

namespace catchment::linkage {

/// Where a loose unit belongs.
struct Placement {
  std::uint32_t unit = no_unit;
  std::uint32_t person = no_unit;
  float weight = -1000;     // log2 odds that it is this person and neither a stranger nor a rival
  bool may_link = false;    // false: for review at most
  std::uint64_t compared = 0;
  std::uint64_t inputs = 0;  // hash of what it follows from, when asked for
  bool taken_over = false;   // as it was kept, nobody weighed
};

class PersonSearch {
 public:
  /// Trains `model` when it is not trained: m from identities that numbers joined, then expectation-maximisation over the seekers' candidates.
  PersonSearch(const Identities& identities, const Units& units, const NumberSpine& spine, Model& model, unsigned threads, Progress& progress);
  /// Weighs with a trained model and with what was counted over everybody: a search among a few people, or in a later build.
  PersonSearch(const Identities& identities, const Units& units, const NumberSpine& spine, const Model& model, const SearchCounts& counts,
               unsigned threads = 1);
  /// What such a search later needs.
  SearchCounts counts() const;
  /// A person a unit may be: log2 odds before anybody else is thought of.
  struct Weighed {
    std::uint32_t person = no_unit;
    double weight = 0;
    bool may_link = false;  // false: for review at most
  };
  /// Each person once, in the order they were met; `compared` grows by the persons looked at.
  std::vector<Weighed> weigh(std::uint32_t unit, Comparer::Memory& memory, std::uint64_t& compared) const;
  /// log2 of what speaks against person `i`: the others that were weighed, and somebody unknown.
  double log2_rivals(const std::vector<Weighed>& found, std::size_t i) const;
  std::vector<Placement> place(unsigned threads, Progress& progress) const;
  /// The same, with what each follows from. What follows from the same as in `before` is taken over from there.
  std::vector<Placement> place(const PlacementInputs& inputs, const KeptPlacements* before, unsigned threads, Progress& progress) const;
  PlacementInputs inputs(const std::vector<std::uint64_t>& unit_names, std::uint64_t basis, unsigned threads) const;
  Placement place_one(std::uint32_t unit, Comparer::Memory& memory) const;
  /// Bars that sum to a placement's weight, and why it may not be joined ("" when only certainty is wanting).
  struct Story {
    std::vector<WeightPart> parts;
    std::string held_back;
  };
  Story explain(const Placement& placement, Comparer::Memory& memory) const;
  /// log2 odds that two rows that both say this are one person.
  double of_itself(std::uint32_t identity, Comparer::Memory& memory) const;

  const Comparer& comparer() const { return comparer_; }
  const Weigher& weigher() const { return *weigher_; }
  const TrainingReport& training() const { return training_; }
  std::vector<PersonIndex::LeftOut> left_out() const { return index_.left_out(seekers_); }

 private:
  PersonSearch(const Identities& identities, const Units& units, const NumberSpine& spine, const Model& model, unsigned threads, TwoNames two_names);
  /// Without a given name a twin cannot be told from oneself: such rows are for review at most.
  bool named(Pattern pattern) const { return weigher_->agrees(pattern, id_given); }
  void train(Model& model, unsigned threads);
  std::vector<std::uint32_t> by_name(unsigned threads) const;
  template <typename Place>
  std::vector<Placement> place_all(const Place& place, unsigned threads, Progress& progress) const;
  void fetch_ahead(const std::vector<std::uint32_t>& candidates, std::size_t now) const;
  bool kept_apart(std::uint32_t unit, std::uint32_t person) const;

  const Identities& identities_;
  const Units& units_;
  const NumberSpine& spine_;
  const Model& model_;
  std::vector<std::uint32_t> seeking_units_;
  std::vector<std::uint32_t> seekers_;  // their identities
  std::vector<std::uint32_t> persons_;
  PersonIndex index_;
  PersonValues values_;
  Comparer comparer_;
  TwoNames two_names_;
  double unknown_ = 1;                // share of seekers whose person is not among those known
  std::vector<std::uint32_t> label_;  // of each identity: whose frequency it counts towards
  std::unique_ptr<Weigher> weigher_;
  std::unique_ptr<PersonScreen> screen_;
  TrainingReport training_;
};

}  // namespace catchment::linkage
