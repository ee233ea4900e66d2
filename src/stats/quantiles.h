// Quantiles of areas by value.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace catchment::stats {

/// For each value its band, 1 to `bands`, by minimum rank for ties (PHE: floor((k + 1) - ceil((n + 1 - rank) /
/// (n / k)))). With `highest_first` band 1 holds the highest values. Missing values have no band; nobody has
/// one when fewer values than bands are known.
std::vector<std::optional<int>> quantiles(std::span<const std::optional<double>> values, int bands, bool highest_first);

}  // namespace catchment::stats
