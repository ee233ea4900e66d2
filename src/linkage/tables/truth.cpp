#include "linkage/tables/truth.h"

#include <algorithm>
#include <tuple>

namespace catchment::linkage {
namespace {

std::uint64_t pairs_of(std::uint64_t n) { return n * (n - (n > 0)) / 2; }

// Pairs of rows with equal keys; with groups, less those of one group.
template <typename Key>
std::uint64_t equal_pairs(std::vector<std::pair<Key, std::uint16_t>>& rows, bool across_only) {
  std::sort(rows.begin(), rows.end());
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t end = i, same = i;
    for (; end < rows.size() && rows[end].first == rows[i].first; ++end)
      if (across_only && rows[end].second != rows[same].second) {
        out -= pairs_of(end - same);
        same = end;
      }
    if (across_only) out -= pairs_of(end - same);
    out += pairs_of(end - i);
    i = end;
  }
  return out;
}

}  // namespace

Accuracy measure(const std::vector<std::uint32_t>& truth, const std::vector<std::uint32_t>& cluster, const std::vector<std::uint16_t>* group) {
  Accuracy out;
  std::vector<std::pair<std::uint64_t, std::uint16_t>> by_truth, by_cluster, by_both;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == 0) continue;
    ++out.rows_with_truth;
    const std::uint16_t g = group == nullptr ? std::uint16_t{0} : (*group)[i];
    by_truth.emplace_back(truth[i], g);
    by_cluster.emplace_back(cluster[i], g);
    by_both.emplace_back((static_cast<std::uint64_t>(truth[i]) << 32) | cluster[i], g);
  }
  const bool across = group != nullptr;
  out.true_pairs = equal_pairs(by_truth, across);
  out.linked_pairs = equal_pairs(by_cluster, across);
  out.right_pairs = equal_pairs(by_both, across);
  return out;
}

std::string_view person_of_truth(std::string_view value) {
  // rec-<n>-org, rec-<n>-dup-<k>
  if (value.rfind("rec-", 0) != 0) return value;
  std::size_t end = 4;
  while (end < value.size() && value[end] >= '0' && value[end] <= '9') ++end;
  if (end == 4) return value;
  const std::string_view rest = value.substr(end);
  if (rest == "-org") return value.substr(0, end);
  if (rest.rfind("-dup", 0) != 0) return value;
  const std::string_view number = rest.substr(4);
  const bool plain = number.empty() || (number[0] == '-' && number.find_first_not_of("0123456789", 1) == std::string_view::npos);
  return plain ? value.substr(0, end) : value;
}

}  // namespace catchment::linkage
