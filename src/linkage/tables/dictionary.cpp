#include "linkage/tables/dictionary.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"
#include "base/random.h"
#include "linkage/compare/large_pages.h"

namespace catchment::linkage {

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t h = 0x9e3779b97f4a7c15ULL ^ text.size();
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    h = (h ^ word) * 0xff51afd7ed558ccdULL;
    h ^= h >> 32;
  }
  std::uint64_t tail = 0;
  if (i < text.size()) std::memcpy(&tail, text.data() + i, text.size() - i);
  return mix64(h ^ tail);
}

Dictionary::Dictionary() : starts_{0}, slots_(64) { add({}); }

std::size_t Dictionary::slot_of(std::string_view wanted, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t tag = tag_of(hash);
  std::size_t slot = slot_at(hash);
  while (slots_[slot].id != 0) {
    if (slots_[slot].tag == tag && text(slots_[slot].id - 1) == wanted) return slot;
    slot = (slot + 1) & mask;
  }
  return slot;
}

TextId Dictionary::add(std::string_view wanted, std::uint64_t hash) {
  const std::size_t slot = slot_of(wanted, hash);
  if (slots_[slot].id != 0) return slots_[slot].id - 1;
  const auto id = static_cast<TextId>(size());
  if (size() >= 0xfffffff0ULL) throw Error(ErrorKind::environment, "more than four billion distinct values in one column");
  append_text(wanted);
  slots_[slot] = {id + 1, tag_of(hash)};
  if (size() * 2 > slots_.size()) grow();
  return id;
}

TextId Dictionary::append(std::string_view text) {
  if (text.empty()) return 0;
  const auto id = static_cast<TextId>(size());
  if (size() >= 0xfffffff0ULL) throw Error(ErrorKind::environment, "more than four billion distinct values in one column");
  append_text(text);
  return id;
}

std::vector<TextId> Dictionary::add_all(const Dictionary& other) {
  constexpr TextId at_once = 32;  // texts looked for together, so that memory answers for all of them at once
  std::array<std::uint64_t, at_once> hashes{};
  std::vector<TextId> out(other.size());
  for (TextId from = 0; from < out.size(); from += at_once) {
    const TextId to = std::min<TextId>(from + at_once, static_cast<TextId>(out.size()));
    for (TextId id = from; id < to; ++id) fetch_slot(hashes[id - from] = hash_text(other.text(id)));
    for (TextId id = from; id < to; ++id) fetch_place(hashes[id - from]);
    for (TextId id = from; id < to; ++id) fetch_text(hashes[id - from]);
    for (TextId id = from; id < to; ++id) out[id] = add(other.text(id), hashes[id - from]);
  }
  return out;
}

TextId Dictionary::append_all(const Dictionary& other) {
  if (size() + other.size() >= 0xfffffff0ULL) throw Error(ErrorKind::environment, "more than four billion distinct values in one column");
  const auto before = static_cast<TextId>(size() - 1);
  const std::uint64_t bytes = bytes_.size();
  make_room(bytes_, bytes_.size() + other.bytes_.size());
  make_room(starts_, starts_.size() + other.size() - 1);
  bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
  for (std::size_t id = 1; id < other.size(); ++id) starts_.push_back(bytes + other.starts_[id + 1]);
  return before;
}

void Dictionary::append_text(std::string_view text) {
  if (bytes_.size() + text.size() > bytes_.capacity()) make_room(bytes_, 2 * bytes_.capacity() + text.size());
  if (starts_.size() == starts_.capacity()) make_room(starts_, 2 * starts_.capacity());
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  starts_.push_back(bytes_.size());
}

void Dictionary::reserve(std::size_t texts, std::size_t bytes) {
  starts_.reserve(starts_.size() + texts);
  bytes_.reserve(bytes_.size() + bytes);
}

TextId Dictionary::find(std::string_view wanted) const {
  const std::size_t slot = slot_of(wanted, hash_text(wanted));
  return slots_[slot].id == 0 ? 0 : slots_[slot].id - 1;
}

void Dictionary::grow() {
  const std::size_t mask = slots_.size() * 2 - 1;
  std::vector<Slot> wider;
  fill_room(wider, slots_.size() * 2, Slot{});
  for (const Slot& held : slots_) {
    if (held.id == 0) continue;
    std::size_t slot = held.tag & mask;
    while (wider[slot].id != 0) slot = (slot + 1) & mask;
    wider[slot] = held;
  }
  slots_.swap(wider);
}

std::size_t Dictionary::memory_bytes() const { return bytes_.capacity() + starts_.capacity() * 8 + slots_.capacity() * sizeof(Slot); }

}  // namespace catchment::linkage
