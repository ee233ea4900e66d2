#include "linkage/person/person_values.h"

#include <algorithm>
#include <utility>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

// One field's candidates, of which the nearest is kept.
class Nearest {
 public:
  Nearest(const TextId* from, const Comparer& comparer, Comparer::Memory& memory) : from_(from), comparer_(comparer), memory_(memory) {}

  void see(std::size_t field, TextId value) {
    if (value == 0 || out[field] == from_[field]) return;
    if (from_[field] == 0 || value == from_[field]) {
      out[field] = value, level_[field] = 0;
      return;
    }
    const unsigned level = comparer_.level(field, from_[field], value, memory_);
    if (out[field] == 0 || level < level_[field]) out[field] = value, level_[field] = level;
  }
  void see_names(TextId given, TextId family) {
    if (given == 0 && family == 0) return;
    if (name_ >= whole_agreement) return;
    const int likeness = comparer_.name_likeness(from_, given, family, memory_);
    if (likeness > name_) out[id_given] = given, out[id_family] = family, name_ = likeness;
  }
  IdentityCells out{};

 private:
  static constexpr int whole_agreement = 8;
  const TextId* from_;
  const Comparer& comparer_;
  Comparer::Memory& memory_;
  std::array<unsigned, identity_fields> level_{};
  int name_ = -100;
};

}  // namespace

PersonValues::PersonValues(const Identities& identities, const Units& units, unsigned threads) {
  constexpr std::size_t part = 1U << 15;
  const std::size_t parts = (units.size() + part - 1) / part;
  start_.assign(units.size() * identity_fields + 1, 0);
  std::vector<std::vector<TextId>> values(parts);
  share_out(parts, threads, [&](std::size_t k, unsigned) {
    const std::size_t to = std::min(units.size(), (k + 1) * part);
    for (std::size_t unit = k * part; unit < to; ++unit) {
      fetch_ahead(identities, units, unit, to);
      take_in(identities, units, unit, values[k]);
    }
  });
  std::vector<std::size_t> before(parts + 1, 0);
  for (std::size_t k = 0; k < parts; ++k) before[k + 1] = before[k] + values[k].size();
  values_.resize(before[parts]);
  share_out(parts, threads, [&](std::size_t k, unsigned) {
    std::copy(values[k].begin(), values[k].end(), values_.begin() + static_cast<std::ptrdiff_t>(before[k]));
    for (std::size_t i = k * part * identity_fields; i < std::min(units.size(), (k + 1) * part) * identity_fields; ++i)
      start_[i] += static_cast<std::uint32_t>(before[k]);
  });
  start_.back() = static_cast<std::uint32_t>(values_.size());
}

// Identities of a person lie anywhere in memory.
void PersonValues::fetch_ahead(const Identities& identities, const Units& units, std::size_t unit, std::size_t to) {
  constexpr std::size_t ahead = 4, most = 16;
  if (unit + ahead >= to || !units.person[unit + ahead]) return;
  const auto some = units.identities[unit + ahead];
  for (std::size_t i = 0; i < std::min<std::size_t>(some.size(), most); ++i) __builtin_prefetch(identities.rows.row(some[i]));
}

void PersonValues::take_in(const Identities& identities, const Units& units, std::size_t unit, std::vector<TextId>& into) {
  std::array<std::pair<TextId, TextId>, most_values> seen;
  for (std::size_t f = 0; f < identity_fields; ++f) {
    start_[unit * identity_fields + f] = static_cast<std::uint32_t>(into.size());
    if (f == id_family || !units.person[unit]) continue;
    std::size_t count = 0;
    for (const std::uint32_t identity : units.identities[unit]) {
      const TextId* cells = identities.rows.row(identity);
      const std::pair value{cells[f], f == id_given ? cells[id_family] : 0U};
      const auto end = seen.begin() + static_cast<std::ptrdiff_t>(count);
      if ((value.first == 0 && value.second == 0) || count == most_values || std::find(seen.begin(), end, value) != end) continue;
      seen[count++] = value;
      into.push_back(value.first);
      if (f == id_given) into.push_back(value.second);
    }
  }
}

IdentityCells PersonValues::nearest(std::uint32_t unit, const TextId* from, const Comparer& comparer, Comparer::Memory& memory) const {
  Nearest best(from, comparer, memory);
  const std::uint32_t* start = start_.data() + static_cast<std::size_t>(unit) * identity_fields;
  const std::span<const TextId> names(values_.data() + start[id_given], start[id_given + 1] - start[id_given]);
  if (names.size() == 2) best.out[id_given] = names[0], best.out[id_family] = names[1];
  else
    for (std::size_t i = 0; i + 1 < names.size(); i += 2) best.see_names(names[i], names[i + 1]);
  for (std::size_t f = id_birth; f < identity_fields; ++f) {
    const std::span<const TextId> some(values_.data() + start[f], start[f + 1] - start[f]);
    if (some.empty() || from[f] == 0) continue;
    // No value is nearer than an equal one, nor than the only one.
    if (some.size() == 1) best.out[f] = some[0];
    else if (std::find(some.begin(), some.end(), from[f]) != some.end()) best.out[f] = from[f];
    else
      for (const TextId value : some) best.see(f, value);
  }
  return best.out;
}

IdentityCells PersonValues::nearest_of(const Identities& identities, std::span<const std::uint32_t> some, std::uint32_t without, const TextId* from,
                                       const Comparer& comparer, Comparer::Memory& memory) {
  Nearest best(from, comparer, memory);
  for (const std::uint32_t identity : some.subspan(0, std::min<std::size_t>(some.size(), 64))) {
    if (identity == without) continue;
    const TextId* cells = identities.rows.row(identity);
    best.see_names(cells[id_given], cells[id_family]);
    for (std::size_t f = id_birth; f < identity_fields; ++f) best.see(f, cells[f]);
  }
  return best.out;
}

}  // namespace catchment::linkage
