// How one person stands to one measure in one month.
#pragma once

#include <cstdint>

#include "cql/cql.h"

namespace catchment::measures {

struct Standing {
  bool denominator = false;     // in it and not excluded
  bool excluded = false;        // in it and excluded
  std::uint32_t numerator = 0;  // 0 or 1, or so many events
  auto operator<=>(const Standing&) const = default;
};

/// Of the subject the run has begun. `program` is one made by program_of, `measure` the place in its list. The
/// numerator is asked only of those in the denominator and not excluded.
Standing standing_of(cql::PlannedRun& run, const cql::Program& program, std::size_t measure);

}  // namespace catchment::measures
