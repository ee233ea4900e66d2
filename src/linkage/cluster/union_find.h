// Disjoint sets with the smallest member as the root, so that the outcome does not depend on the order
// in which sets were joined.
#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

#include "linkage/compare/large_pages.h"

namespace catchment::linkage {

class UnionFind {
 public:
  explicit UnionFind(std::size_t count) {
    fill_room(parent_, count, 0U);
    std::iota(parent_.begin(), parent_.end(), 0U);
  }
  void fetch(std::uint32_t x) const { __builtin_prefetch(parent_.data() + x); }
  std::uint32_t root(std::uint32_t x) {
    while (parent_[x] != x) {
      parent_[x] = parent_[parent_[x]];
      x = parent_[x];
    }
    return x;
  }
  std::uint32_t root(std::uint32_t x) const {
    while (parent_[x] != x) x = parent_[x];
    return x;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a), b = root(b);
    if (a == b) return;
    if (a < b) parent_[b] = a;
    else parent_[a] = b;
  }

  /// Joins what another has joined.
  void join(const UnionFind& other) {
    for (std::uint32_t x = 0; x < parent_.size(); ++x)
      if (other.parent_[x] != x) join(x, other.parent_[x]);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace catchment::linkage
