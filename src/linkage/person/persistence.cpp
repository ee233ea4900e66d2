#include "linkage/person/persistence.h"

#include <algorithm>
#include <unordered_map>

#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

struct Claim {
  std::int64_t id;
  std::uint32_t cluster;  // number in canonical order
  std::uint32_t rows;
};

// Cluster labels renumbered 0.. by their first row in canonical order.
std::vector<std::uint32_t> number_clusters(const std::vector<std::uint32_t>& order, const std::vector<std::uint32_t>& cluster, std::uint32_t& count) {
  std::uint32_t highest = 0;
  for (const std::uint32_t label : cluster) highest = std::max(highest, label);
  std::vector<std::uint32_t> number(cluster.empty() ? 0 : highest + 1ULL, 0xffffffffU);
  std::vector<std::uint32_t> out(cluster.size());
  count = 0;
  for (const std::uint32_t row : order) {
    if (number[cluster[row]] == 0xffffffffU) number[cluster[row]] = count++;
    out[row] = number[cluster[row]];
  }
  return out;
}

std::vector<Claim> claims_of(const IdentityTable& table, const PersonRegister& previous, const std::vector<std::uint32_t>& number) {
  std::vector<Claim> claims;
  if (previous.rows() == 0) return claims;
  for (std::size_t row = 0; row < table.size(); ++row)
    if (const auto id = previous.find(table.source(row), table.key(row))) claims.push_back({previous.resolve(*id).value, number[row], 1});
  std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) { return a.id != b.id ? a.id < b.id : a.cluster < b.cluster; });
  std::vector<Claim> grouped;
  for (const Claim& claim : claims) {
    if (!grouped.empty() && grouped.back().id == claim.id && grouped.back().cluster == claim.cluster) ++grouped.back().rows;
    else grouped.push_back(claim);
  }
  return grouped;
}

}  // namespace

std::uint64_t hash_of_name(const IdentityTable& table, std::size_t row) {
  return mix64(hash_text(table.key(row)) ^ (static_cast<std::uint64_t>(static_cast<std::uint32_t>(table.source(row).value)) << 32));
}

std::vector<std::uint32_t> canonical_order(const IdentityTable& table, unsigned threads) {
  struct Hashed {
    std::uint64_t hash;
    std::uint32_t row;
  };
  std::vector<Hashed> rows;
  fill_room(rows, table.size(), Hashed{});
  share_range(rows.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) rows[i] = {hash_of_name(table, i), static_cast<std::uint32_t>(i)};
  });
  const auto before = [&](const Hashed& x, const Hashed& y) {
    if (x.hash != y.hash) return x.hash < y.hash;
    const std::uint32_t a = x.row, b = y.row;
    if (table.source(a) != table.source(b)) return table.source(a) < table.source(b);
    if (table.key(a) != table.key(b)) return table.key(a) < table.key(b);
    for (std::uint8_t c = 0; c < IdentityTable::columns; ++c) {
      const auto column = static_cast<IdentityTable::Column>(c);
      const int order_of_text = table.text(column, a).compare(table.text(column, b));
      if (order_of_text != 0) return order_of_text < 0;
    }
    return table.flags(a) != table.flags(b) ? table.flags(a) < table.flags(b) : a < b;  // the last for rows that are alike in all
  };
  constexpr unsigned rank_bits = 12;
  rows = sorted_by_rank(parts_of(rows), threads, 1U << rank_bits, [](const Hashed& row) { return row.hash >> (64 - rank_bits); }, before);
  std::vector<std::uint32_t> order;
  fill_room(order, rows.size(), 0U);
  share_range(rows.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) order[i] = rows[i].row;
  });
  return order;
}

void keep_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, const std::vector<std::uint32_t>& order,
                     const std::vector<std::uint32_t>& cluster, LinkResult& result) {
  std::uint32_t count = 0;
  const std::vector<std::uint32_t> number = number_clusters(order, cluster, count);
  std::vector<Claim> claims = claims_of(table, previous, number);
  std::vector<Claim> strongest = claims;
  std::sort(strongest.begin(), strongest.end(), [](const Claim& a, const Claim& b) {
    if (a.rows != b.rows) return a.rows > b.rows;
    return a.id != b.id ? a.id < b.id : a.cluster < b.cluster;
  });
  std::vector<std::int64_t> id_of(count, 0);
  std::unordered_map<std::int64_t, std::uint32_t> home;  // id -> the cluster that keeps it
  for (const Claim& claim : strongest)
    if (id_of[claim.cluster] == 0 && home.emplace(claim.id, claim.cluster).second) id_of[claim.cluster] = claim.id;

  PersonRegister& next = result.next_register;
  next = previous;
  next.reserve(std::max(previous.rows(), table.size()));
  for (std::int64_t& id : id_of)
    if (id == 0) id = next.next_id++;
  for (const Claim& claim : claims) {
    const PersonId from{claim.id}, to{id_of[claim.cluster]};
    if (from == to) continue;
    if (home.contains(claim.id)) {
      result.events.push_back({EventKind::split, from, to, claim.rows, settings.at, "rows no longer held together by the evidence or by a review decision"});
    } else if (next.resolve(from) == from) {
      // The claim with most rows comes first for an id that found no home of its own.
      const auto most = std::find_if(strongest.begin(), strongest.end(), [&](const Claim& c) { return c.id == claim.id; });
      const PersonId into{id_of[most->cluster]};
      next.supersede(from, into);
      result.events.push_back({EventKind::merged, from, into, most->rows, settings.at, "rows joined by the evidence or by a review decision"});
    }
  }
  result.person.resize(table.size());
  share_range(table.size(), settings.threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) result.person[row] = PersonId{id_of[number[row]]};
  });
  next.set_rows(table, order, result.person, settings.threads);
  result.counts.persons = count;
  std::vector<std::uint8_t> restricted(count, 0);
  for (std::size_t row = 0; row < table.size(); ++row)
    if (table.flags(row) & flag_restricted) restricted[number[row]] = 1;
  result.restricted.resize(table.size());
  for (std::size_t row = 0; row < table.size(); ++row) result.restricted[row] = restricted[number[row]];
}

}  // namespace catchment::linkage
