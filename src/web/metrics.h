// Counts and times of requests by route template, as Prometheus text (exposition format 0.0.4).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

namespace catchment::web {

class Metrics {
 public:
  /// `route` is a template or a word of ours, never a path.
  void request(std::string_view method, std::string_view route, int status, double seconds);
  void refused_busy();
  void connections(std::int64_t change);
  std::string text(std::size_t waiting) const;

 private:
  static constexpr std::array bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0};
  struct Times {
    std::array<std::uint64_t, bounds.size() + 1> counts{};
    double sum = 0;
    std::uint64_t count = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, std::uint64_t> requests_;
  std::map<std::string, Times, std::less<>> times_;
  std::uint64_t busy_ = 0;
  std::int64_t connections_ = 0;
};

}  // namespace catchment::web
