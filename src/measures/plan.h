// The lines of a plan: who moves which measure or series how far by when. plan.toml of the definition folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/date.h"

namespace catchment::measures {

struct PlanPoint {
  Date month;  // its first day
  double value = 0;
};

/// One line: a measure or an imported series (the other id is empty), the whole area or one place, and its planned values.
struct PlanLine {
  std::string id, title, measure, series, place, owner;
  std::vector<PlanPoint> trajectory;  // two or more, in order of time
  int line = 0;

  /// The value planned for a month: on the straight line between the points beside it; none before the first or after the last.
  std::optional<double> planned(Date month) const;
};

struct Plan {
  std::string title, source;
  bool synthetic = false;
  std::vector<PlanLine> lines;  // in file order
};

}  // namespace catchment::measures
