// Numbers as bytes, one after another, as the processor holds them: for files that only this program reads.
#pragma once

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catchment::build {

static_assert(std::endian::native == std::endian::little, "kept files hold numbers as the processor does");

/// Bytes that end too early or hold too much. Whoever reads a file says which.
struct DamagedBytes {};

template <typename Number>
void put(std::string& out, Number value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename Number>
Number take(std::string_view& bytes) {
  if (bytes.size() < sizeof(Number)) throw DamagedBytes();
  Number value;
  std::copy_n(bytes.begin(), sizeof value, reinterpret_cast<char*>(&value));
  bytes.remove_prefix(sizeof value);
  return value;
}

template <typename Key, typename Value>
std::string pairs_as_bytes(const std::vector<std::pair<Key, Value>>& pairs) {
  std::string out;
  out.reserve(pairs.size() * (sizeof(Key) + sizeof(Value)));
  for (const auto& [key, value] : pairs) put(out, key), put(out, value);
  return out;
}

template <typename Key, typename Value>
std::vector<std::pair<Key, Value>> pairs_of(std::string_view bytes) {
  std::vector<std::pair<Key, Value>> out(bytes.size() / (sizeof(Key) + sizeof(Value)));
  for (auto& [key, value] : out) key = take<Key>(bytes), value = take<Value>(bytes);
  if (!bytes.empty()) throw DamagedBytes();
  return out;
}

}  // namespace catchment::build
