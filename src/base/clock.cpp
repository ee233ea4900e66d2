#include "base/clock.h"

#include <chrono>

namespace catchment {

Instant SystemClock::now() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since).count(), 0};
}

}  // namespace catchment
