// Codes, units, organisations and areas as small numbers.
//
// A worker has a LocalDictionary of its own, so that parsing needs no lock. Batches are committed one after
// another in the order of the files, and there a GlobalDictionary gives the final ids in order of first
// use: they do not depend on how many workers there were.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "intake/text_hash.h"

namespace catchment::intake {

enum class Word : std::uint8_t { code, unit, organisation, area, words };
inline constexpr std::size_t word_kinds = static_cast<std::size_t>(Word::words);

struct Entry {
  std::string system, code, display;
};

/// Open addressing over a stored 64-bit hash; entries keep their address.
class EntryTable {
 public:
  EntryTable() : slots_(1024) {}
  /// Index from 1 of (system, code, display), added when new. `with_display` tells whether display is part of the key.
  std::int32_t find_or_add(std::string_view system, std::string_view code, std::string_view display, bool with_display, bool& added);
  const Entry& entry(std::int32_t id) const { return entries_[static_cast<std::size_t>(id) - 1]; }
  Entry& entry(std::int32_t id) { return entries_[static_cast<std::size_t>(id) - 1]; }
  std::size_t size() const { return entries_.size(); }

 private:
  struct SlotOf {
    std::uint64_t hash = 0;
    std::int32_t id = 0;
  };
  void grow();
  std::vector<SlotOf> slots_;
  std::deque<Entry> entries_;
};

/// One worker's words. Ids are only good within it.
class LocalDictionary {
 public:
  std::int32_t id(Word kind, std::string_view system, std::string_view code, std::string_view display = {}) {
    bool added = false;
    return tables_[static_cast<std::size_t>(kind)].find_or_add(system, code, display, true, added);
  }
  const Entry& entry(Word kind, std::int32_t id) const { return tables_[static_cast<std::size_t>(kind)].entry(id); }
  std::vector<std::int32_t>& global(Word kind) { return global_[static_cast<std::size_t>(kind)]; }

 private:
  EntryTable tables_[word_kinds];
  std::vector<std::int32_t> global_[word_kinds];  // local id -> final id, 0 = not yet given
};

class GlobalDictionary {
 public:
  /// The final id of a worker's word.
  std::int32_t resolve(LocalDictionary& local, Word kind, std::int32_t id) {
    if (id == 0) return 0;
    auto& known = local.global(kind);
    const auto at = static_cast<std::size_t>(id);
    if (at < known.size() && known[at] != 0) return known[at];
    return resolve_new(local, kind, id);
  }
  /// From now on `other` means the organisation `code`.
  void alias(const std::string& other, const std::string& code) { aliases_.emplace(other, code); }
  const EntryTable& table(Word kind) const { return tables_[static_cast<std::size_t>(kind)]; }

 private:
  std::int32_t resolve_new(LocalDictionary& local, Word kind, std::int32_t id);
  EntryTable tables_[word_kinds];
  std::unordered_map<std::string, std::string> aliases_;
};

}  // namespace catchment::intake
