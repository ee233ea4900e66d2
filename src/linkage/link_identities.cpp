#include <unordered_map>

#include "linkage/linkage.h"
#include "linkage/number_spine.h"
#include "linkage/persistence.h"
#include "linkage/union_find.h"

namespace catchment::linkage {

std::string_view to_string(EdgeReason reason) {
  switch (reason) {
    case EdgeReason::number_and_demographics: return "number-and-demographics";
    case EdgeReason::likeness: return "likeness";
    case EdgeReason::review: return "review";
    case EdgeReason::same_row: return "same-row";
  }
  return "likeness";
}

LinkResult link_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, Progress& progress) {
  LinkResult result;
  progress.step("linking persons", table.size(), "rows");
  const std::vector<std::uint32_t> order = canonical_order(table);
  UnionFind sets(table.size());
  for (std::size_t place = 1; place < order.size(); ++place) {
    const std::uint32_t a = order[place - 1], b = order[place];
    if (table.source(a) != table.source(b) || table.key(a) != table.key(b)) continue;
    sets.join(a, b);
    result.edges.push_back({std::min(a, b), std::max(a, b), 0, EdgeReason::same_row});
  }
  join_by_number(table, previous, order, sets, result);
  std::vector<std::uint32_t> cluster(table.size());
  for (std::uint32_t row = 0; row < table.size(); ++row) cluster[row] = sets.root(row);
  result.counts.rows = table.size();
  keep_identities(table, previous, settings, order, cluster, result);
  progress.advance(table.size());
  progress.done();
  return result;
}

}  // namespace catchment::linkage
