// Large pages for what is read here and there: with small ones the processor looks up where a page lies about as long as
// it waits for the value.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace catchment::linkage {

/// Asks for large pages for memory that is not yet filled. Where they are refused, small ones do.
inline void ask_for_large_pages(void* from, std::size_t bytes) {
  constexpr std::size_t page = 2U << 20;
  const std::size_t before = (page - reinterpret_cast<std::uintptr_t>(from) % page) % page;  // the first whole page starts after so many bytes
  if (bytes >= before + page) madvise(static_cast<std::byte*>(from) + before, (bytes - before) / page * page, MADV_HUGEPAGE);
}

/// Room for `count` values, in large pages where it is large.
template <typename Value>
void make_room(std::vector<Value>& values, std::size_t count) {
  if (values.capacity() >= count) return;
  values.reserve(count);
  ask_for_large_pages(values.data() + values.size(), (values.capacity() - values.size()) * sizeof(Value));
}

/// `count` times the same value, in large pages where that is much.
template <typename Value>
void fill_room(std::vector<Value>& values, std::size_t count, const Value& value) {
  values.clear();
  make_room(values, count);
  values.resize(count, value);
}

}  // namespace catchment::linkage
