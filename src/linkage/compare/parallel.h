// Work shared out by index: which thread takes which piece never shows in the result.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

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

}  // namespace catchment::linkage
