// Clusters as lines of CSV: source, row, cluster, in order of source and of row, where 2 stands before 10.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "linkage/tables/tables.h"

namespace catchment::linkage {

/// `cluster` has one label a row of `tables`. Calls `write` with the header, then with some lines at a time.
void write_clusters(const Tables& tables, const std::vector<std::uint32_t>& cluster, unsigned threads, const std::function<void(std::string_view)>& write);

}  // namespace catchment::linkage
