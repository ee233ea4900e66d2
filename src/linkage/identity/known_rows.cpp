#include "linkage/identity/known_rows.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "linkage/cluster/union_find.h"
#include "linkage/compare/parallel.h"
#include "linkage/person/persistence.h"

namespace catchment::linkage {
namespace {

// The decisions that name rows that are here, in order of time.
std::vector<SubjectDecision> decisions_here(const IdentityTable& table, const PersonRegister& previous, const Subjects& subjects) {
  std::vector<SubjectDecision> out;
  if (previous.reviews.empty()) return out;
  const auto name = [](SourceId source, std::string_view key) { return std::to_string(source.value) + ":" + std::string(key); };
  std::unordered_map<std::string, std::uint32_t> wanted;
  for (const ReviewDecision& d : previous.reviews) wanted.emplace(name(d.a.source, d.a.key), no_unit), wanted.emplace(name(d.b.source, d.b.key), no_unit);
  for (std::uint32_t subject = 0; subject < subjects.size(); ++subject) {
    const std::uint32_t row = subjects.first_row[subject];
    const auto at = wanted.find(name(table.source(row), table.key(row)));
    if (at != wanted.end()) at->second = subject;
  }
  std::vector<const ReviewDecision*> in_time;
  in_time.reserve(previous.reviews.size());
  for (const ReviewDecision& d : previous.reviews) in_time.push_back(&d);
  std::stable_sort(in_time.begin(), in_time.end(), [](const ReviewDecision* x, const ReviewDecision* y) { return x->at.utc_ms < y->at.utc_ms; });
  for (const ReviewDecision* d : in_time) {
    const std::uint32_t a = wanted[name(d->a.source, d->a.key)], b = wanted[name(d->b.source, d->b.key)];
    if (a != no_unit && b != no_unit && a != b) out.push_back({a, b, d->verdict});
  }
  return out;
}

}  // namespace

KnownRows::KnownRows(const IdentityTable& rows, const PersonRegister& before, const LinkSettings& wanted)
    : table(rows), previous(before), settings(wanted), threads(std::max(1U, wanted.threads)) {
  order = canonical_order(table, threads);
  model = identity_model(settings);
  identities = distinct_identities(table, previous, settings, model, threads);
  UnionFind sets(identities.size());
  spine = join_by_number(identities, sets, threads);
  subjects = find_subjects(table, order, threads);
  units = gather_units(identities, subjects, spine, sets, decisions_here(table, previous, subjects), threads);
}

std::vector<std::uint32_t> KnownRows::rows_said(std::uint32_t unit) const {
  if (units.person[unit]) return {row_of(unit)};
  std::vector<std::uint32_t> out;
  for (const std::uint32_t subject : units.subjects[unit]) out.push_back(subjects.first_row[subject]);
  return out;
}

std::vector<std::uint64_t> KnownRows::names_of_units() const {
  std::vector<std::uint64_t> out(units.size());
  share_range(units.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t unit = from; unit < to; ++unit) out[unit] = hash_of_name(table, row_of(static_cast<std::uint32_t>(unit)));
  });
  return out;
}

std::vector<std::uint32_t> KnownRows::rows_that_say(const std::vector<std::uint32_t>& some) const {
  std::vector<std::uint8_t> wanted(identities.size(), 0);
  for (const std::uint32_t identity : some) wanted[identity] = 1;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table.size(); ++row)
    if (wanted[identities.of_row[row]]) rows.push_back(row);
  return rows;
}

}  // namespace catchment::linkage
