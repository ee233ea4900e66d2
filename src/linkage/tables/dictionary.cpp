#include "linkage/tables/dictionary.h"

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
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t slot = hash & mask;
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
  slots_[slot] = {id + 1, static_cast<std::uint32_t>(hash >> 32)};
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
  std::size_t wider = slots_.size() * 2;
  while (wider < size() * 2) wider *= 2;
  std::vector<Slot>().swap(slots_);
  fill_room(slots_, wider, Slot{});
  for (TextId id = 0; id < size(); ++id) {
    const std::uint64_t hash = hash_text(text(id));
    std::size_t slot = hash & (wider - 1);
    while (slots_[slot].id != 0) slot = (slot + 1) & (wider - 1);
    slots_[slot] = {id + 1, static_cast<std::uint32_t>(hash >> 32)};
  }
}

std::size_t Dictionary::memory_bytes() const { return bytes_.capacity() + starts_.capacity() * 8 + slots_.capacity() * sizeof(Slot); }

}  // namespace catchment::linkage
