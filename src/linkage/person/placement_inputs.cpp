#include "linkage/person/placement_inputs.h"

#include <algorithm>

#include "base/random.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {

PlacementInputs::PlacementInputs(const Identities& identities, const Units& units, const NumberSpine& spine, const std::vector<std::uint64_t>& unit_names,
                                 const PersonIndex& index, std::uint64_t basis, unsigned threads)
    : identities_(identities), units_(units), spine_(spine), index_(index), basis_(basis), said_of_(units.size(), 0) {
  share_range(units.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t unit = from; unit < to; ++unit)
      if (units.person[unit] && !units.alone[unit])
        said_of_[unit] = std::max<std::uint64_t>(1, said_by(static_cast<std::uint32_t>(unit), mix64(unit_names[unit])));
  });
  for (std::uint32_t unit = 0; unit < units.size(); ++unit)
    if (said_of_[unit] != 0) persons_.emplace_back(said_of_[unit], unit);
  sort_shared(persons_, threads, std::less<>());
  for (std::size_t i = 1; i < persons_.size(); ++i) distinct_ = distinct_ && persons_[i].first != persons_[i - 1].first;
  sums_ = index.sums(said_of_, threads);
}

std::uint64_t PlacementInputs::said_by(std::uint32_t unit, std::uint64_t from) const {
  for (const std::uint32_t identity : units_.identities[unit]) from = mix64(from ^ identities_.hash[identity]) + spine_.disputed[identity];
  return mix64(from);
}

std::uint64_t PlacementInputs::of(std::uint32_t unit, std::size_t asked) const {
  std::uint64_t out = said_by(unit, basis_);
  const auto own = units_.identities[unit];
  for (std::size_t i = 0; i < std::min(own.size(), asked); ++i) out = index_.add_sums(own[i], sums_, out);
  return out;
}

std::uint32_t PlacementInputs::person_with(std::uint64_t hash) const {
  const auto at = std::lower_bound(persons_.begin(), persons_.end(), std::pair(hash, 0U));
  return at != persons_.end() && at->first == hash ? at->second : no_unit;
}

}  // namespace catchment::linkage
