// Which units are one person so far, with the edges that joined them, and which may not be.
//
// Always: no two units are joined against a decision unless one says they are the same, nor where a source that holds nobody
//         twice would hold somebody twice.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "linkage/cluster/union_find.h"
#include "linkage/identity/known_rows.h"

namespace catchment::linkage {

class JoinedUnits {
 public:
  /// Begins with what decisions and numbers join. Edges go to `result`, and the count of rows that say too little.
  JoinedUnits(const KnownRows& known, LinkResult& result);

  std::uint32_t root(std::uint32_t unit) { return placed_.root(unit); }
  bool has_person(std::uint32_t unit) { return has_person_[placed_.root(unit)] != 0; }
  /// Whether two groups may be one person: no decision against it, nobody twice in a source that holds nobody twice.
  bool may_share(std::uint32_t a, std::uint32_t b);
  void join(std::uint32_t a, std::uint32_t b, float weight, EdgeReason reason);
  void add_edge(std::uint32_t row, std::uint32_t other, float weight, EdgeReason reason);

  bool decided_different(std::uint32_t a, std::uint32_t b) const;
  bool undecided(std::uint32_t a, std::uint32_t b) const { return unsure_.contains({std::min(a, b), std::max(a, b)}); }

  /// Rows that say too little to be told from another person who says the same: each stands alone.
  void scatter(std::uint32_t unit);
  bool scattered(std::uint32_t unit) const { return scattered_[unit] != 0; }

  /// Whether any source holds nobody twice, and per unit those that do and hold it, from 1.
  bool unique_sources() const { return !unique_.empty(); }
  const std::vector<std::uint16_t>& unique_sources_of(std::uint32_t unit) const { return unique_[unit]; }

  /// Of each row: rows of one number are one person.
  std::vector<std::uint32_t> cluster_of_rows();

 private:
  void read_unique_sources();
  void write_number_edges();

  const KnownRows& known_;
  LinkResult& result_;
  UnionFind placed_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> apart_;  // unit -> units a decision keeps it apart from
  std::set<std::pair<std::uint32_t, std::uint32_t>> unsure_;             // pairs of units, the smaller first
  std::vector<std::uint8_t> has_person_;                                 // per root: a person known by number is in it
  std::vector<std::vector<std::uint16_t>> unique_;                       // per unit: sources that hold nobody twice; empty when there are none
  std::vector<std::uint8_t> scattered_;                                  // per unit
};

}  // namespace catchment::linkage
