// Where something stands in source text.
#pragma once

#include <cstdint>

namespace catchment::cql {

/// 1-based, in bytes of the line; `length` is the span on that line when known.
struct SourcePosition {
  std::int32_t line = 0;
  std::int32_t column = 0;
  std::int32_t length = 0;
};

}  // namespace catchment::cql
