// A bounded pool of threads for database work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace catchment::web {

class Pool {
 public:
  Pool(int threads, std::size_t longest_queue);
  /// Finishes what is queued.
  ~Pool();
  /// False when the queue is full; then the work is not done. Work must not throw.
  bool add(std::function<void()> work);
  std::size_t waiting() const;

 private:
  void run();
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> queue_;
  std::size_t longest_queue_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace catchment::web
