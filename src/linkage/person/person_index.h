// Which persons share a key with an identity: candidates by lookup, never a list of pairs.
//
// A key that more persons share than the model's largest block (a hostel's postcode, a default date) brings
// nobody together by that rule, and is counted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "linkage/compare/block.h"
#include "linkage/compare/block_key.h"
#include "linkage/identity/identities.h"
#include "linkage/person/persons.h"

namespace catchment::linkage {

class PersonIndex {
 public:
  /// Holds the keys that `seekers` (identities) ask for; empty = every key.
  PersonIndex(const Identities& identities, const Units& units, const Model& model, const std::vector<std::uint32_t>& seekers, unsigned threads);
  /// Persons (units) that share at least one key with the identity, each once, in order. Adds nothing to `out` it holds already.
  void candidates(std::uint32_t identity, std::vector<std::uint32_t>& out) const;
  /// Identities that asked by a key too widely shared.
  struct LeftOut {
    std::string rule;
    std::vector<std::uint32_t> identities;
  };
  /// One a rule.
  std::vector<LeftOut> left_out(const std::vector<std::uint32_t>& seekers) const;
  /// By rule and key, the sum of the hashes of the persons who hold the key; 0 where it brings nobody together.
  using Sums = std::vector<std::vector<std::uint64_t>>;
  Sums sums(const std::vector<std::uint64_t>& of_unit, unsigned threads) const;
  /// A hash that goes on from `from` with the sums of every key of an identity.
  std::uint64_t add_sums(std::uint32_t identity, const Sums& sums, std::uint64_t from) const;

 private:
  using Held = std::vector<std::uint64_t>;  // key, person
  class Wanted;
  struct Rule {
    std::vector<std::uint32_t> keys;    // sorted
    std::vector<std::uint32_t> starts;  // one more
    std::vector<std::uint32_t> persons;
    /// By the first bits of a key, the place of the first such key: keys are hashes and spread evenly, so that a
    /// search begins where it ends.
    std::vector<std::uint32_t> guide;
    unsigned shift = 0;
    void fill(const std::vector<std::span<const std::uint64_t>>& parts);
    void make_guide();
    /// The place of a key in `keys`, or their number.
    std::size_t place_of(std::uint32_t key) const;
    /// Places in `persons` of a key's; nothing for key 0.
    std::pair<std::uint32_t, std::uint32_t> range(std::uint32_t key) const;
  };
  /// The keys that are wanted of units in [from, to), with the persons who hold them.
  void take_in(const Units& units, std::size_t from, std::size_t to, const std::vector<Wanted>& wanted, std::vector<Held>& held) const;
  std::uint32_t key(std::uint32_t identity, std::size_t rule) const { return keys_.of(identity)[rule]; }

  ModelKeys keys_;  // of all rules and identities: what one identity asks for lies side by side
  std::vector<std::string> names_;
  std::vector<Rule> rules_;
  static constexpr std::size_t most_rules = 60;  // of a model
  std::uint32_t most_;
  unsigned threads_;
};

}  // namespace catchment::linkage
