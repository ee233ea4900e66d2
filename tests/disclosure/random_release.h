// Random releases: a measure over an area hierarchy crossed with groups, from people drawn one by one.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "disclosure/disclosure.h"

struct RandomRelease {
  std::vector<catchment::disclosure::ShareLine> lines;
  std::vector<catchment::disclosure::NamedSum> sums;
};

struct ReleaseShape {
  int places = 2, neighbourhoods = 3, areas = 3, groups = 3;  // neighbourhoods by place, areas by neighbourhood
  double people_by_cell = 12, share = 0.3;
  bool second_grouping = false;  // a linked table by two further groups, sharing the margin over all groups
};

inline std::string cell_key(const std::string& area, const std::string& group) { return area + "|" + group; }

/// Numerators and denominators of the leaves, then every total above them.
inline RandomRelease random_release(catchment::Random& random, const ReleaseShape& shape) {
  using catchment::disclosure::NamedSum;
  RandomRelease release;
  std::vector<std::string> groups, others;
  for (int g = 0; g < shape.groups; ++g) groups.push_back("g" + std::to_string(g));
  if (shape.second_grouping) others = {"old", "young"};
  std::vector<std::pair<std::string, std::vector<std::string>>> tree;  // area and its parts, lowest first
  std::vector<std::string> leaves, places;
  for (int p = 0; p < shape.places; ++p) {
    const std::string place = "p" + std::to_string(p);
    std::vector<std::string> neighbourhoods;
    for (int n = 0; n < shape.neighbourhoods; ++n) {
      const std::string neighbourhood = place + "n" + std::to_string(n);
      std::vector<std::string> areas;
      for (int a = 0; a < shape.areas; ++a) areas.push_back(neighbourhood + "a" + std::to_string(a));
      leaves.insert(leaves.end(), areas.begin(), areas.end());
      tree.emplace_back(neighbourhood, areas);
      neighbourhoods.push_back(neighbourhood);
    }
    tree.emplace_back(place, neighbourhoods);
    places.push_back(place);
  }
  tree.emplace_back("all", places);

  std::map<std::string, std::pair<std::int64_t, std::int64_t>> counts;
  for (const std::string& leaf : leaves) {
    for (const std::string& group : groups) {
      const int people = random.poisson(shape.people_by_cell * (0.2 + 2 * random.uniform() * random.uniform()));
      for (int person = 0; person < people; ++person) {
        const bool counts_up = random.chance(shape.share);
        const auto add = [&](const std::string& key) { ++counts[key].second, counts[key].first += counts_up ? 1 : 0; };
        add(cell_key(leaf, group)), add(cell_key(leaf, "all"));
        if (shape.second_grouping) add(cell_key(leaf, others[random.below(2)]));
      }
    }
  }
  std::vector<std::string> columns = groups;
  columns.emplace_back("all");
  columns.insert(columns.end(), others.begin(), others.end());
  for (const auto& [area, parts] : tree) {
    for (const std::string& column : columns) {
      NamedSum sum{cell_key(area, column), {}};
      for (const std::string& part : parts) {
        sum.parts.push_back(cell_key(part, column));
        counts[sum.whole].first += counts[sum.parts.back()].first;
        counts[sum.whole].second += counts[sum.parts.back()].second;
      }
      release.sums.push_back(sum);
    }
  }
  const auto margin = [&](const std::string& area) {
    for (const auto* columns_of : {&groups, &others}) {
      if (columns_of->empty()) continue;
      NamedSum sum{cell_key(area, "all"), {}};
      for (const std::string& column : *columns_of) sum.parts.push_back(cell_key(area, column));
      release.sums.push_back(sum);
    }
  };
  for (const std::string& leaf : leaves) margin(leaf);
  for (const auto& [area, parts] : tree) margin(area);
  for (const std::string& leaf : leaves)
    for (const std::string& column : columns) counts[cell_key(leaf, column)];
  for (const auto& [key, both] : counts) release.lines.push_back({key, both.first, both.second});
  return release;
}
