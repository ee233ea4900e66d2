#include "linkage/cluster/source_rules.h"

#include <algorithm>

namespace catchment::linkage {

void find_unique_sources(Model& model, const PackedRows& rows, const std::vector<ScoredPair>& pairs, std::vector<std::string>& notes) {
  const std::size_t n = rows.source_names.size();
  if (model.mode != LinkMode::automatic || n < 2) return;
  std::vector<double> size(n, 0), within(n, 0), across(n, 0);
  for (const std::uint16_t s : rows.source) size[s] += 1;
  for (const ScoredPair& pair : pairs) {
    if (pair.weight < 0) break;
    const std::uint16_t a = rows.source[pair.a], b = rows.source[pair.b];
    if (a == b) within[a] += 1;
    else across[a] += 1, across[b] += 1;
  }
  for (std::size_t s = 0; s < n; ++s) {
    if (size[s] == 0 || across[s] < 0.05 * size[s] || within[s] > 0.02 * size[s] || within[s] > 0.05 * across[s]) continue;
    if (std::find(model.unique_sources.begin(), model.unique_sources.end(), rows.source_names[s]) != model.unique_sources.end()) continue;
    model.unique_sources.push_back(rows.source_names[s]);
    notes.push_back("source " + rows.source_names[s] + " holds hardly anyone twice: taken to hold nobody twice");
  }
}

}  // namespace catchment::linkage
