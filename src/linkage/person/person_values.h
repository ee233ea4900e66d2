// Every value the rows of a person have given, field by field, so that a loose identity is compared with the
// person and not with each of the person's rows: an old postcode or a former name agrees as well as today's.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "linkage/compare/compare.h"
#include "linkage/identity/identities.h"
#include "linkage/person/persons.h"

namespace catchment::linkage {

using IdentityCells = std::array<TextId, identity_fields>;

class PersonValues {
 public:
  PersonValues(const Identities& identities, const Units& units, unsigned threads = 1);
  static constexpr std::size_t most_values = 24;  // of one field; a person with more keeps the first in canonical order

  /// Each value of a field, names in the order of their rows: some may be 0 there.
  template <typename Each>
  void each(std::uint32_t unit, IdentityField field, const Each& each) const {
    const bool name = field == id_given || field == id_family;
    const std::uint32_t* start = start_.data() + static_cast<std::size_t>(unit) * identity_fields + (name ? id_given : field);
    for (std::uint32_t i = start[0] + (field == id_family ? 1 : 0); i < start[1]; i += name ? 2 : 1) each(values_[i]);
  }
  /// The person's values nearest to `from`, one a field; given and family name come from one row.
  IdentityCells nearest(std::uint32_t unit, const TextId* from, const Comparer& comparer, Comparer::Memory& memory) const;
  /// The same from a list of identities, one of them left out (an identity asked against its own person).
  static IdentityCells nearest_of(const Identities& identities, std::span<const std::uint32_t> some, std::uint32_t without, const TextId* from,
                                  const Comparer& comparer, Comparer::Memory& memory);

 private:
  static void fetch_ahead(const Identities& identities, const Units& units, std::size_t unit, std::size_t to);
  /// A unit's values into those of its part, and where they start there.
  void take_in(const Identities& identities, const Units& units, std::size_t unit, std::vector<TextId>& into);

  std::vector<std::uint32_t> start_;  // units x fields; given names hold pairs of given and family
  std::vector<TextId> values_;
};

}  // namespace catchment::linkage
