#include "linkage/identity/joined_units.h"

#include <algorithm>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

Edge edge_of(std::uint32_t row, std::uint32_t other, float weight, EdgeReason reason) { return {std::min(row, other), std::max(row, other), weight, reason}; }

}  // namespace

JoinedUnits::JoinedUnits(const KnownRows& known, LinkResult& result)
    : known_(known), result_(result), placed_(known.units.size()), has_person_(known.units.person), scattered_(known.units.size(), 0) {
  read_unique_sources();
  for (const auto& [a, b] : known.units.apart) apart_[a].push_back(b), apart_[b].push_back(a);
  for (const auto& [a, b] : known.units.unsure) unsure_.emplace(std::min(a, b), std::max(a, b));
  for (const auto& [a, b] : known.units.together) join(a, b, 0, EdgeReason::review);
  write_number_edges();
}

void JoinedUnits::read_unique_sources() {
  std::unordered_map<std::int32_t, std::uint16_t> unique;
  for (const SourceRules& source : known_.settings.sources)
    if (source.one_row_per_person) unique.emplace(source.source.value, static_cast<std::uint16_t>(unique.size() + 1));
  if (unique.empty()) return;
  unique_.resize(known_.units.size());
  for (std::uint32_t subject = 0; subject < known_.subjects.size(); ++subject) {
    const auto at = unique.find(known_.table.source(known_.subjects.first_row[subject]).value);
    if (at != unique.end()) unique_[known_.units.of_subject[subject]].push_back(at->second);
  }
}

bool JoinedUnits::may_share(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t x = placed_.root(a), y = placed_.root(b);
  for (const std::uint32_t unit : {a, b}) {
    const auto at = apart_.find(unit);
    if (at == apart_.end()) continue;
    for (const std::uint32_t other : at->second)
      if (placed_.root(other) == (unit == a ? y : x)) return false;
  }
  if (unique_.empty() || x == y) return true;
  return std::find_first_of(unique_[x].begin(), unique_[x].end(), unique_[y].begin(), unique_[y].end()) == unique_[x].end();
}

void JoinedUnits::join(std::uint32_t a, std::uint32_t b, float weight, EdgeReason reason) {
  const std::uint32_t x = placed_.root(a), y = placed_.root(b);
  placed_.join(a, b);
  has_person_[placed_.root(a)] = has_person_[x] | has_person_[y];
  if (!unique_.empty() && x != y) {
    const std::uint32_t into = placed_.root(a), from = into == x ? y : x;
    unique_[into].insert(unique_[into].end(), unique_[from].begin(), unique_[from].end());
  }
  add_edge(known_.row_of(a), known_.row_of(b), weight, reason);
}

void JoinedUnits::add_edge(std::uint32_t row, std::uint32_t other, float weight, EdgeReason reason) {
  result_.edges.push_back(edge_of(row, other, weight, reason));
}

bool JoinedUnits::decided_different(std::uint32_t a, std::uint32_t b) const {
  const auto at = apart_.find(a);
  return at != apart_.end() && std::find(at->second.begin(), at->second.end(), b) != at->second.end() && !undecided(a, b);
}

// The first row of each further subject to the first subject's, and of each row sent again to the one before.
void JoinedUnits::write_number_edges() {
  const Subjects& subjects = known_.subjects;
  constexpr std::size_t part = 1U << 16;
  std::vector<std::vector<Edge>> edges((known_.table.size() + part - 1) / part);
  share_out(edges.size(), known_.threads, [&](std::size_t k, unsigned) {
    const auto to = static_cast<std::uint32_t>(std::min(known_.table.size(), (k + 1) * part));
    for (auto row = static_cast<std::uint32_t>(k * part); row < to; ++row) {
      const std::uint32_t subject = subjects.of_row[row], first = subjects.first_row[subject];
      if (row != first) {
        edges[k].push_back(edge_of(row, first, 0, EdgeReason::same_row));
        continue;
      }
      const std::uint32_t unit = known_.units.of_subject[subject], head = known_.row_of(unit);
      if (head != row && known_.units.person[unit]) edges[k].push_back(edge_of(row, head, 0, EdgeReason::number_and_demographics));
    }
  });
  for (std::vector<Edge>& some : edges) {
    result_.edges.insert(result_.edges.end(), some.begin(), some.end());
    std::vector<Edge>().swap(some);
  }
}

void JoinedUnits::scatter(std::uint32_t unit) {
  if (known_.units.subjects[unit].size() > 1) scattered_[unit] = 1;
  for (const std::uint32_t identity : known_.units.identities[unit])
    result_.counts.unlinkable_rows += known_.units.identities[unit].size() == 1 ? known_.identities.copies[identity] : 1;
}

std::vector<std::uint32_t> JoinedUnits::cluster_of_rows() {
  std::vector<std::uint32_t> out(known_.table.size());
  for (std::uint32_t row = 0; row < known_.table.size(); ++row) {
    const std::uint32_t subject = known_.subjects.of_row[row], unit = known_.units.of_subject[subject];
    out[row] = scattered_[unit] ? static_cast<std::uint32_t>(known_.units.size()) + subject : placed_.root(unit);
  }
  return out;
}

}  // namespace catchment::linkage
