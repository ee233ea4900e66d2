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
  /// The same where its hash_text is known already.
  TextId add(std::string_view text, std::uint64_t hash);
  /// Ask memory for what adding a text of this hash will look at, one after another: the slot, where the text stands, the text.
  void fetch_slot(std::uint64_t hash) const { __builtin_prefetch(slots_.data() + slot_at(hash)); }
  void fetch_place(std::uint64_t hash) const { __builtin_prefetch(starts_.data() + slots_[slot_at(hash)].id); }
  void fetch_text(std::uint64_t hash) const {
    if (const std::uint32_t id = slots_[slot_at(hash)].id; id != 0) __builtin_prefetch(bytes_.data() + starts_[id - 1]);
  }
  /// A new id even where the text is held already: for columns in which every value is another.
  TextId append(std::string_view text);
  /// Adds all texts of another. Returns the id each of its ids has here.
  std::vector<TextId> add_all(const Dictionary& other);
  /// Appends all texts of another: an id of it other than nothing's is here the number returned plus that id.
  TextId append_all(const Dictionary& other);
  /// The id of a text, or nothing's id (0) when it was never added.
  TextId find(std::string_view text) const;
  std::string_view text(TextId id) const { return {bytes_.data() + starts_[id], static_cast<std::size_t>(starts_[id + 1] - starts_[id])}; }
  std::size_t size() const { return starts_.size() - 1; }
  std::size_t memory_bytes() const;
  void reserve(std::size_t texts, std::size_t bytes);

 private:
  // The high half of a hash is all a slot keeps, and tells which slot it is, so that growing reads no text.
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  std::size_t slot_at(std::uint64_t hash) const { return tag_of(hash) & (slots_.size() - 1); }
  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
  void grow();
  void append_text(std::string_view text);

  std::vector<char> bytes_;
  std::vector<std::uint64_t> starts_;  // one more than there are texts
  struct Slot {
    std::uint32_t id = 0;   // id + 1, 0 = free
    std::uint32_t tag = 0;
  };
  std::vector<Slot> slots_;
};

}  // namespace catchment::linkage
