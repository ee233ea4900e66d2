// One person as a lookup keeps it: the distinct things the person's rows say, normalised, packed into bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "linkage/identity/identities.h"

namespace catchment::linkage {

/// The NHS number counts only where it is not disputed.
struct LookupSaid {
  std::array<std::string_view, identity_fields> texts;
  std::uint64_t number = 0;
  std::uint16_t flags = 0;
  std::uint32_t rows = 0;  // that say it
};
struct LookupPerson {
  PersonId person;
  bool by_number_only = false;  // an identity issued afresh: never found by likeness
  std::vector<LookupSaid> said;
};

void pack_person(const LookupPerson& person, std::string& out);
/// Its texts lie in `packed`. Throws Error when the bytes are damaged.
LookupPerson unpack_person(std::string_view packed);

/// The key of an NHS number among those of rules.
std::uint32_t number_key(std::uint64_t number);

}  // namespace catchment::linkage
