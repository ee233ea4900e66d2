// Work shared out by index: which thread takes which piece never shows in the result.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "linkage/compare/large_pages.h"

namespace catchment::linkage {

/// Calls work(piece, thread) for every piece in [0, pieces). The first exception is thrown again here.
template <typename Work>
void share_out(std::size_t pieces, unsigned threads, const Work& work) {
  if (threads <= 1 || pieces <= 1) {
    for (std::size_t piece = 0; piece < pieces; ++piece) work(piece, 0U);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::exception_ptr failed;
  std::mutex failing;
  const auto run = [&](unsigned thread) {
    try {
      for (std::size_t piece = next++; piece < pieces; piece = next++) work(piece, thread);
    } catch (...) {
      const std::lock_guard<std::mutex> hold(failing);
      if (!failed) failed = std::current_exception();
      next = pieces;
    }
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(run, t);
  run(0);
  for (std::thread& other : others) other.join();
  if (failed) std::rethrow_exception(failed);
}

/// Calls work(from, to) for ranges that together are [0, count).
template <typename Work>
void share_range(std::size_t count, unsigned threads, const Work& work) {
  constexpr std::size_t range = 1U << 16;
  share_out((count + range - 1) / range, threads, [&](std::size_t piece, unsigned) { work(piece * range, std::min(count, (piece + 1) * range)); });
}

/// Sorts by an order in which no two values are alike, so that the outcome is one and the same for any number of threads.
template <typename Value, typename Before>
void sort_shared(std::vector<Value>& values, unsigned threads, const Before& before) {
  const std::size_t parts = values.size() < (1U << 15) ? 1 : std::min<std::size_t>(threads, 16);
  const auto edge = [&](std::size_t part) { return values.begin() + static_cast<std::ptrdiff_t>(values.size() * std::min(part, parts) / parts); };
  if (parts <= 1) return std::sort(values.begin(), values.end(), before);
  share_out(parts, threads, [&](std::size_t part, unsigned) { std::sort(edge(part), edge(part + 1), before); });
  for (std::size_t width = 1; width < parts; width *= 2)
    share_out((parts + 2 * width - 1) / (2 * width), threads, [&](std::size_t pair, unsigned) {
      std::inplace_merge(edge(pair * 2 * width), edge(pair * 2 * width + width), edge((pair + 1) * 2 * width), before);
    });
}

/// A vector's values in parts to be worked on side by side.
template <typename Value>
std::vector<std::span<const Value>> parts_of(const std::vector<Value>& values) {
  constexpr std::size_t part = 1U << 18;
  std::vector<std::span<const Value>> out;
  for (std::size_t from = 0; from < values.size(); from += part) out.emplace_back(values.data() + from, std::min(part, values.size() - from));
  return out;
}

/// The values of all parts, sorted by such an order. `rank_of` gives each a number below `ranks` that is no higher than the
/// number of any value that stands after it.
template <typename Value, typename Rank, typename Before>
std::vector<Value> sorted_by_rank(const std::vector<std::span<const Value>>& parts, unsigned threads, std::size_t ranks, const Rank& rank_of,
                                  const Before& before) {
  std::vector<std::vector<std::uint32_t>> count(parts.size());  // per part and rank
  share_out(parts.size(), threads, [&](std::size_t part, unsigned) {
    count[part].assign(ranks, 0);
    for (const Value& value : parts[part]) ++count[part][rank_of(value)];
  });
  std::vector<std::size_t> starts(ranks + 1, 0);
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    starts[rank + 1] = starts[rank];
    for (std::vector<std::uint32_t>& of_part : count) starts[rank + 1] += of_part[rank];
  }
  std::vector<std::vector<std::size_t>> at(parts.size() + 1, starts);
  for (std::size_t part = 0; part < parts.size(); ++part)
    for (std::size_t rank = 0; rank < ranks; ++rank) at[part + 1][rank] = at[part][rank] + count[part][rank];
  std::vector<Value> out;
  fill_room(out, starts.back(), Value{});
  share_out(parts.size(), threads, [&](std::size_t part, unsigned) {
    for (const Value& value : parts[part]) out[at[part][rank_of(value)]++] = value;
  });
  share_out(ranks, threads, [&](std::size_t rank, unsigned) {
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(starts[rank]), out.begin() + static_cast<std::ptrdiff_t>(starts[rank + 1]), before);
  });
  return out;
}

}  // namespace catchment::linkage
