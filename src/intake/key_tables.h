// Lookup tables that hold millions of keys in 8 or 16 bytes each. Open addressing; half full at most.
#pragma once

#include <cstdint>
#include <vector>

#include "intake/text_hash.h"

namespace catchment::intake {

/// Subject keys (96 bits of a 128-bit hash) to ids from 1 in order of arrival.
class SubjectTable {
 public:
  SubjectTable() : slots_(1 << 12) {}
  std::uint32_t find_or_add(Hash128 key, bool& added) {
    const auto low = static_cast<std::uint32_t>(key.low >> 32);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = static_cast<std::size_t>(key.high) & mask;; at = (at + 1) & mask) {
      Slot& slot = slots_[at];
      if (slot.id == 0) {
        slot = {key.high, low, ++count_};
        added = true;
        if (static_cast<std::size_t>(count_) * 2 > slots_.size()) grow();
        return count_;
      }
      if (slot.high == key.high && slot.low == low) return slot.id;
    }
  }
  std::uint32_t size() const { return count_; }

 private:
  struct Slot {
    std::uint64_t high = 0;
    std::uint32_t low = 0;
    std::uint32_t id = 0;
  };
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.id == 0) continue;
      std::size_t at = static_cast<std::size_t>(slot.high) & mask;
      while (slots_[at].id != 0) at = (at + 1) & mask;
      slots_[at] = slot;
    }
  }
  std::vector<Slot> slots_;
  std::uint32_t count_ = 0;
};

/// A set of 64-bit hashes.
class HashSet {
 public:
  HashSet() : slots_(1 << 10) {}
  /// True when it was not yet there.
  bool add(std::uint64_t hash) {
    if (hash == 0) hash = 1;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = static_cast<std::size_t>(hash) & mask;; at = (at + 1) & mask) {
      if (slots_[at] == hash) return false;
      if (slots_[at] != 0) continue;
      slots_[at] = hash;
      if (++count_ * 2 > slots_.size()) grow();
      return true;
    }
  }
  void clear() {
    std::vector<std::uint64_t>(1 << 10).swap(slots_);
    count_ = 0;
  }

 private:
  void grow() {
    std::vector<std::uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const std::uint64_t hash : old) {
      if (hash == 0) continue;
      std::size_t at = static_cast<std::size_t>(hash) & mask;
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = hash;
    }
  }
  std::vector<std::uint64_t> slots_;
  std::size_t count_ = 0;
};

}  // namespace catchment::intake
