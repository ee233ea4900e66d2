#include "web/metrics.h"

#include <fmt/core.h>

namespace catchment::web {

void Metrics::request(std::string_view method, std::string_view route, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{std::string(method), std::string(route), status}];
  Times& times = times_[std::string(route)];
  std::size_t bucket = 0;
  while (bucket < bounds.size() && seconds > bounds[bucket]) ++bucket;
  ++times.counts[bucket];
  times.sum += seconds;
  ++times.count;
}

void Metrics::refused_busy() {
  const std::lock_guard lock(mutex_);
  ++busy_;
}

void Metrics::connections(std::int64_t change) {
  const std::lock_guard lock(mutex_);
  connections_ += change;
}

std::string Metrics::text(std::size_t waiting) const {
  const std::lock_guard lock(mutex_);
  std::string out = "# HELP catchment_requests_total Requests answered, by route template.\n# TYPE catchment_requests_total counter\n";
  for (const auto& [key, count] : requests_)
    out +=
        fmt::format("catchment_requests_total{{method=\"{}\",route=\"{}\",status=\"{}\"}} {}\n", std::get<0>(key), std::get<1>(key), std::get<2>(key), count);
  out += "# HELP catchment_request_seconds Time from the end of a request to its answer.\n# TYPE catchment_request_seconds histogram\n";
  for (const auto& [route, times] : times_) {
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      so_far += times.counts[i];
      out += fmt::format("catchment_request_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n", route, bounds[i], so_far);
    }
    out += fmt::format("catchment_request_seconds_bucket{{route=\"{}\",le=\"+Inf\"}} {}\n", route, times.count);
    out += fmt::format("catchment_request_seconds_sum{{route=\"{}\"}} {}\ncatchment_request_seconds_count{{route=\"{}\"}} {}\n", route, times.sum, route,
                       times.count);
  }
  out += fmt::format(
      "# HELP catchment_requests_refused_busy_total Requests refused because the pool was full.\n# TYPE catchment_requests_refused_busy_total "
      "counter\ncatchment_requests_refused_busy_total {}\n",
      busy_);
  out += fmt::format("# HELP catchment_connections Connections open now.\n# TYPE catchment_connections gauge\ncatchment_connections {}\n", connections_);
  out += fmt::format(
      "# HELP catchment_requests_waiting Requests waiting for a worker.\n# TYPE catchment_requests_waiting gauge\ncatchment_requests_waiting {}\n", waiting);
  return out;
}

}  // namespace catchment::web
