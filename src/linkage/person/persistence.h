// Person ids that outlive a build: clusters of rows in, the ids they keep, and what merged or split.
#pragma once

#include <cstdint>
#include <vector>

#include "linkage/identity/identity_table.h"
#include "linkage/linkage.h"
#include "linkage/person/person_register.h"

namespace catchment::linkage {

/// A hash of a row's source and key: rows stand in this order, whatever others there are.
std::uint64_t hash_of_name(const IdentityTable& table, std::size_t row);

/// Rows in an order that depends on what they say, not on where they stand. Rows of one (source, key)
/// come together.
std::vector<std::uint32_t> canonical_order(const IdentityTable& table, unsigned threads = 1);

/// `cluster[row]` is any label; equal labels are one person. Fills person, events, next_register and
/// counts.persons of `result`. Each id stays with the cluster that holds most of its rows.
void keep_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, const std::vector<std::uint32_t>& order,
                     const std::vector<std::uint32_t>& cluster, LinkResult& result);

}  // namespace catchment::linkage
