// The statutory inequalities pack: the indicators of NHS England's statement on information on health inequalities
// (section 13SA of the NHS Act 2006), by age, sex, deprivation and ethnicity, as one report.
// In: inequalities_pack.csv of the definition folder, published figures. Out: one CSV. Always: every indicator has a
// row, and one that is not held says why; figures are those that may be shown.
#pragma once

#include <string>
#include <vector>

#include "indicators/figure_store.h"
#include "system/definitions.h"

namespace catchment::indicators {

struct PackIndicator {
  int number = 0;
  std::string domain, title;
  std::vector<std::string> measures;  // of the library; empty when not held
  std::string note, not_held_because;
};

/// Empty without the file. Faults become diagnostics of `definitions`.
std::vector<PackIndicator> load_inequalities_pack(system::Definitions& definitions);

/// `synthetic` writes the notice as the first line, a comment.
std::string pack_csv(const std::vector<PackIndicator>& pack, FigureStore& figures, bool synthetic);

}  // namespace catchment::indicators
