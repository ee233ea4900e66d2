// What a placement follows from, as one hash: the basis, what the seeker says, and for each of its keys who holds it and all that is said of them. Where it is
// what it was last night, so is the placement.
//
// Always: a key that more persons share than the model's largest block stands for nobody, however many more there are. Persons are hashed with the
//         name that gives them their place among others, because rivals are summed in that order.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "linkage/identity/identities.h"
#include "linkage/identity/number_spine.h"
#include "linkage/person/person_index.h"
#include "linkage/person/persons.h"

namespace catchment::linkage {

class PlacementInputs {
 public:
  /// `unit_names` are hashes of what orders units. The others must outlive it.
  PlacementInputs(const Identities& identities, const Units& units, const NumberSpine& spine, const std::vector<std::uint64_t>& unit_names,
                  const PersonIndex& index, std::uint64_t basis, unsigned threads);
  /// Of a loose unit that asks with its first `asked` identities.
  std::uint64_t of(std::uint32_t unit, std::size_t asked) const;
  /// A person's hash; 0 for none.
  std::uint64_t of_person(std::uint32_t unit) const { return unit == no_unit ? 0 : said_of_[unit]; }
  /// The person with such a hash; none where it is nobody's here.
  std::uint32_t person_with(std::uint64_t hash) const;
  /// False when two persons have one hash, by accident: nothing may be taken over then.
  bool distinct() const { return distinct_; }

 private:
  std::uint64_t said_by(std::uint32_t unit, std::uint64_t from) const;

  const Identities& identities_;
  const Units& units_;
  const NumberSpine& spine_;
  const PersonIndex& index_;
  std::uint64_t basis_;
  std::vector<std::uint64_t> said_of_;                            // per unit that is a person
  std::vector<std::pair<std::uint64_t, std::uint32_t>> persons_;  // by hash
  PersonIndex::Sums sums_;
  bool distinct_ = true;
};

}  // namespace catchment::linkage
