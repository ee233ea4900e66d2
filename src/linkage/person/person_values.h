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
