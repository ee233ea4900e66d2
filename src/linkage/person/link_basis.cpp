#include "linkage/person/link_basis.h"

#include <bit>

#include "base/random.h"
#include "linkage/tables/dictionary.h"

namespace catchment::linkage {

std::uint64_t basis_hash(const LinkBasis& basis) {
  std::uint64_t out = hash_text(basis.trained);
  const auto add = [&out](std::uint64_t more) { out = mix64(out ^ more); };
  add(std::bit_cast<std::uint64_t>(basis.counts.unknown));
  for (const float share : basis.counts.frequencies.unseen) add(std::bit_cast<std::uint32_t>(share));
  for (const auto& field : basis.counts.frequencies.log2_share) {
    add(field.size());
    for (const auto& [value, share] : field) add(value), add(std::bit_cast<std::uint32_t>(share));
  }
  for (const auto& [name, rows] : basis.counts.given_names) add(name), add(rows);
  return out;
}

}  // namespace catchment::linkage
