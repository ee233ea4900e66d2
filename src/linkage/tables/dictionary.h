// Strings held once each and named by a 32-bit id. Id 0 is always the empty string, which every reader
// takes as "not given". Ids are given in order of first appearance; nothing downstream may depend on
// that order, only on the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::linkage {

using TextId = std::uint32_t;

/// A 64-bit hash of bytes, the same on every machine.
std::uint64_t hash_text(std::string_view text);

class Dictionary {
 public:
  Dictionary();
  TextId add(std::string_view text) { return add(text, hash_text(text)); }
  /// The same where its hash_text is known already; `fetch` asks memory for what adding it will look at first.
  TextId add(std::string_view text, std::uint64_t hash);
  void fetch(std::uint64_t hash) const { __builtin_prefetch(slots_.data() + (hash & (slots_.size() - 1))); }
  /// A new id even where the text is held already: for columns in which every value is another.
  TextId append(std::string_view text);
  /// The id of a text, or nothing's id (0) when it was never added.
  TextId find(std::string_view text) const;
  std::string_view text(TextId id) const { return {bytes_.data() + starts_[id], static_cast<std::size_t>(starts_[id + 1] - starts_[id])}; }
  std::size_t size() const { return starts_.size() - 1; }
  std::size_t memory_bytes() const;
  void reserve(std::size_t texts, std::size_t bytes);

 private:
  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
  void grow();
  void append_text(std::string_view text);

  std::vector<char> bytes_;
  std::vector<std::uint64_t> starts_;  // one more than there are texts
  struct Slot {
    std::uint32_t id = 0;   // id + 1, 0 = free
    std::uint32_t tag = 0;  // high half of the hash
  };
  std::vector<Slot> slots_;
};

}  // namespace catchment::linkage
