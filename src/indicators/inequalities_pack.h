// The statutory inequalities pack: the indicators of NHS England's statement on information on health inequalities
// (section 13SA of the NHS Act 2006), by age, sex, deprivation and ethnicity, as one report.
// In: inequalities_pack.csv of the definition folder, published figures, imported series. Out: one CSV. Always: every indicator has a
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
  std::vector<std::string> measures;  // of the library
  std::vector<std::string> series;    // imported; without either the indicator is not held
  std::string note, not_held_because;
  bool held() const { return !measures.empty() || !series.empty(); }
};

/// Empty without the file. Faults become diagnostics of `definitions`.
std::vector<PackIndicator> load_inequalities_pack(system::Definitions& definitions);

/// The rows of one imported series: its latest figure of the whole area, and of the groups that it tells apart then.
std::string series_rows(const PackIndicator& indicator, const measures::ImportedSeries& series);

/// `synthetic` writes the notice as the first line, a comment.
std::string pack_csv(const std::vector<PackIndicator>& pack, FigureStore& figures, const std::vector<measures::ImportedSeries>& series, bool synthetic);

}  // namespace catchment::indicators
