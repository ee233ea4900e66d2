#include "linkage/person/person_register.h"

#include <algorithm>
#include <bit>

#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/tables/dictionary.h"

namespace catchment::linkage {
namespace {

std::uint64_t hash_row(SourceId source, std::string_view key) {
  return mix64(hash_text(key) ^ (static_cast<std::uint64_t>(static_cast<std::uint32_t>(source.value)) << 32));
}

}  // namespace

std::size_t PersonRegister::slot_of(SourceId source, std::string_view key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_row(source, key) & mask;
  while (slots_[slot] != 0) {
    const std::size_t row = slots_[slot] - 1;
    if (sources_[row] == source && row_key(row) == key) return slot;
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::optional<PersonId> PersonRegister::find(SourceId source, std::string_view key) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t held = slots_[slot_of(source, key)];
  if (held == 0) return std::nullopt;
  return persons_[held - 1];
}

void PersonRegister::set(SourceId source, std::string_view key, PersonId person) {
  if (slots_.empty()) slots_.assign(64, 0);
  const std::size_t slot = slot_of(source, key);
  if (slots_[slot] != 0) {
    persons_[slots_[slot] - 1] = person;
    return;
  }
  sources_.push_back(source);
  persons_.push_back(person);
  key_bytes_.insert(key_bytes_.end(), key.begin(), key.end());
  key_starts_.push_back(key_bytes_.size());
  slots_[slot] = static_cast<std::uint32_t>(sources_.size());
  if (sources_.size() * 2 > slots_.size()) grow();
}

// At once to where all rows that room is kept for have theirs.
void PersonRegister::grow() {
  const std::size_t wider = std::max(slots_.size() * 2, std::bit_ceil(2 * sources_.capacity()));
  std::vector<std::uint32_t>().swap(slots_);
  fill_room(slots_, wider, 0U);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t row = 0; row < sources_.size(); ++row) {
    std::size_t slot = hash_row(sources_[row], row_key(row)) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(row + 1);
  }
}

void PersonRegister::reserve(std::size_t count) {
  sources_.reserve(count);
  persons_.reserve(count);
  key_starts_.reserve(count + 1);
}

PersonId PersonRegister::resolve(PersonId id) const {
  for (std::size_t steps = 0; steps <= superseded_.size(); ++steps) {
    const auto at = superseded_.find(id);
    if (at == superseded_.end()) return id;
    id = at->second;
  }
  return id;  // a loop in damaged data ends here rather than never
}

}  // namespace catchment::linkage
