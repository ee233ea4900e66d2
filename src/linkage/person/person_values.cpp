#include "linkage/person/person_values.h"

#include <algorithm>

namespace catchment::linkage {
namespace {

constexpr std::size_t most_values = 24;  // of one field; a person with more keeps the first in canonical order

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

PersonValues::PersonValues(const Identities& identities, const Units& units) {
  start_.assign(units.size() * identity_fields + 1, 0);
  std::vector<std::pair<TextId, TextId>> seen;
  for (std::size_t unit = 0; unit < units.size(); ++unit) {
    for (std::size_t f = 0; f < identity_fields; ++f) {
      start_[unit * identity_fields + f] = static_cast<std::uint32_t>(values_.size());
      if (f == id_family || !units.person[unit]) continue;
      seen.clear();
      for (const std::uint32_t identity : units.identities[unit]) {
        const TextId* cells = identities.rows.row(identity);
        const std::pair value{cells[f], f == id_given ? cells[id_family] : 0U};
        if ((value.first == 0 && value.second == 0) || seen.size() >= most_values || std::find(seen.begin(), seen.end(), value) != seen.end()) continue;
        seen.push_back(value);
      }
      for (const auto& [value, family] : seen) {
        values_.push_back(value);
        if (f == id_given) values_.push_back(family);
      }
    }
  }
  start_.back() = static_cast<std::uint32_t>(values_.size());
}

IdentityCells PersonValues::nearest(std::uint32_t unit, const TextId* from, const Comparer& comparer, Comparer::Memory& memory) const {
  Nearest best(from, comparer, memory);
  const std::uint32_t* start = start_.data() + static_cast<std::size_t>(unit) * identity_fields;
  for (std::size_t f = 0; f < identity_fields; ++f) {
    if (f == id_given)
      for (std::uint32_t i = start[f]; i + 1 < start[f + 1]; i += 2) best.see_names(values_[i], values_[i + 1]);
    else if (f != id_family)
      for (std::uint32_t i = start[f]; i < start[f + 1]; ++i) best.see(f, values_[i]);
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
