#include "linkage/person/person_register.h"

#include <algorithm>
#include <bit>

#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/identity/identity_table.h"
#include "linkage/tables/dictionary.h"

namespace catchment::linkage {
namespace {

std::uint64_t hash_row(SourceId source, std::string_view key) {
  return mix64(hash_text(key) ^ (static_cast<std::uint64_t>(static_cast<std::uint32_t>(source.value)) << 32));
}

}  // namespace

std::size_t PersonRegister::slot_of(SourceId source, std::string_view key, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = home_of(hash);
  while (slots_[slot] != 0) {
    const std::size_t row = slots_[slot] - 1;
    if (sources_[row] == source && row_key(row) == key) return slot;
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::optional<PersonId> PersonRegister::find(SourceId source, std::string_view key) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t held = slots_[slot_of(source, key, hash_row(source, key))];
  if (held == 0) return std::nullopt;
  return persons_[held - 1];
}

void PersonRegister::set(SourceId source, std::string_view key, PersonId person) { set(source, key, hash_row(source, key), person); }

void PersonRegister::set_rows(const IdentityTable& table, const std::vector<std::uint32_t>& order, const std::vector<PersonId>& person, unsigned threads) {
  std::vector<std::uint64_t> hashes;
  fill_room(hashes, order.size(), std::uint64_t{0});
  share_range(order.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) hashes[i] = hash_row(table.source(order[i]), table.key(order[i]));
  });
  constexpr std::size_t ahead = 24;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + 2 * ahead < order.size()) table.fetch_key_place(order[i + 2 * ahead]);
    if (i + ahead < order.size()) {
      table.fetch_key(order[i + ahead]);
      if (!slots_.empty()) __builtin_prefetch(slots_.data() + home_of(hashes[i + ahead]), 1);
    }
    set(table.source(order[i]), table.key(order[i]), hashes[i], person[order[i]]);
  }
}

void PersonRegister::set(SourceId source, std::string_view key, std::uint64_t hash, PersonId person) {
  if (slots_.empty()) slots_.assign(64, 0);
  const std::size_t slot = slot_of(source, key, hash);
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
    std::size_t slot = home_of(hash_row(sources_[row], row_key(row)));
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
