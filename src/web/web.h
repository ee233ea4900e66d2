// web: HTTP on sockets around the app API.
// In: an api::App, a folder with the built staff app, limits. Out: answers on a port; one log line a request.
// Always holds: header, body and time of every request are bounded; database work runs in a bounded pool and
// never on a network thread; a log line or a metric names a route template, never a path, a query or a person;
// stopping lets requests under way finish.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"

namespace catchment::web {

struct Limits {
  std::uint32_t header_bytes = 16 * 1024;
  std::uint64_t body_bytes = api::longest_body;
  std::chrono::milliseconds header_time{20'000};  // from the last answer to the end of the next header
  std::chrono::milliseconds body_time{10'000};
  std::chrono::milliseconds answer_time{30'000};
  std::chrono::milliseconds write_time{30'000};
  std::chrono::milliseconds stop_time{10'000};    // requests under way when the server stops
  std::size_t connections = 1'000;
  std::size_t requests_waiting = 128;
};

struct Settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;               // 0: any free one
  std::filesystem::path ui;             // folder of the built staff app; may be empty
  std::vector<std::string> hosts;       // names this server answers to; empty = any
  int network_threads = 1;
  int workers = 4;
  Limits limits;
  std::function<void(std::string_view)> log;      // one JSON object a line, from several threads
  std::function<std::string()> health;            // "ok", "no-snapshot" or "degraded"
};

class Server {
 public:
  /// Listens at once; throws when the port is taken.
  Server(api::App& app, Settings settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  /// Answers until stop() is called, or a signal given to stop_on_signals() arrives.
  void run();
  void stop_on_signals();  // SIGINT and SIGTERM
  void stop();             // from any thread

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::web
