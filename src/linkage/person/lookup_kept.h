// What a build keeps so that one person can be looked up later, made from what linkage has in hand at its end.
#pragma once

#include <cstdint>
#include <vector>

#include "linkage/identity/identities.h"
#include "linkage/identity/number_spine.h"
#include "linkage/person/lookup.h"

namespace catchment::linkage {

/// A person and something one of its rows says. Ordered so that who says what twice stands together.
struct PersonSays {
  PersonId person;
  std::uint32_t identity = 0;
  bool by_number_only = false;
  bool restricted = false;  // home and contacts are left out
  auto operator<=>(const PersonSays&) const = default;
};

LookupKept keep_for_lookup(const Identities& identities, const NumberSpine& spine, const Model& model, std::vector<PersonSays> said, LookupBasis basis,
                           unsigned threads);

}  // namespace catchment::linkage
