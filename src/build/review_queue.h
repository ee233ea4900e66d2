// The review queue and the edges of every person: from linkage into staged.duckdb, and from there into
// identity.duckdb once it stands.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "db/db.h"
#include "linkage/linkage.h"

namespace catchment::build {

/// Where an identity row came from.
struct RowPlace {
  std::int32_t source = 0;
  std::uint32_t line = 0;
  auto operator<=>(const RowPlace&) const = default;
};

/// Writes review_pair, review_subject, review_weight and link_edge. Items are numbered from 1, heaviest
/// first. `places` is one a row of the table.
void write_queue(db::Connection& staged, const linkage::IdentityTable& table, const std::vector<RowPlace>& places, const linkage::LinkResult& result);

/// Copies them into identity.duckdb.
void keep_queue(const std::filesystem::path& staged, const std::filesystem::path& identity, const db::DuckOptions& options);

}  // namespace catchment::build
