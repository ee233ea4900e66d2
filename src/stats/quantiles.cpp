#include "stats/quantiles.h"

#include <algorithm>
#include <cmath>

namespace catchment::stats {

std::vector<std::optional<int>> quantiles(std::span<const std::optional<double>> values, int bands, bool highest_first) {
  std::vector<double> known;
  for (const auto& v : values)
    if (v) known.push_back(highest_first ? -*v : *v);
  std::sort(known.begin(), known.end());
  std::vector<std::optional<int>> out(values.size());
  const int n = static_cast<int>(known.size());
  if (bands < 1 || n < bands) return out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    const double v = highest_first ? -*values[i] : *values[i];
    const auto rank = std::lower_bound(known.begin(), known.end(), v) - known.begin() + 1;
    // Whole-number arithmetic: ceil(a / (n / k)) is ceil(a * k / n).
    const auto above = (static_cast<long>(n) + 1 - rank) * bands;
    out[i] = static_cast<int>(bands + 1 - (above + n - 1) / n);
  }
  return out;
}

}  // namespace catchment::stats
