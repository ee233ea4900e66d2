// Progress of long work. Stages report; the command line draws a bar on a terminal and plain lines elsewhere.
#pragma once

#include <cstdint>
#include <string_view>

namespace catchment {

class Progress {
 public:
  virtual ~Progress() = default;
  /// A new step begins; `total` is 0 when it is not known. Units are what `advance` counts ("rows").
  virtual void step(std::string_view name, std::uint64_t total, std::string_view unit) = 0;
  virtual void advance(std::uint64_t count) = 0;  // safe from any thread
  virtual void done() = 0;
};

/// Says nothing.
class SilentProgress final : public Progress {
 public:
  void step(std::string_view, std::uint64_t, std::string_view) override {}
  void advance(std::uint64_t) override {}
  void done() override {}
};

}  // namespace catchment
