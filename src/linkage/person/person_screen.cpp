#include "linkage/person/person_screen.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t header = identity_fields / sizeof(std::uint32_t);  // words that hold the counts

}  // namespace

PersonScreen::PersonScreen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, const PersonValues& values,
                           const std::vector<std::uint32_t>& persons, std::size_t units, unsigned threads)
    : names_(weigher.names_bounded()) {
  const std::vector<std::size_t> comparisons = weigher.bounded();
  wanted_ = static_cast<float>(at_least) - static_cast<float>(weigher.prior_at_most() + screen_rounding);
  values_.resize(comparisons.size());
  bounds_.reserve(comparisons.size()), fields_.reserve(comparisons.size());
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const std::size_t c = comparisons[i];
    fields_.push_back(weigher.field_of(c));
    bounds_.push_back(sketch_bounds(model, weigher, c));
    unequal_[i] = static_cast<float>(weigher.unequal_at_most(c));
  }
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const Sketching sketching(rows, model, weigher, comparisons[i], bounds_[i]);
    fill_room(values_[i], rows.texts(fields_[i]).size(), Value{});
    share_range(values_[i].size(), threads, [&](std::size_t from, std::size_t to) {
      for (std::size_t id = std::max<std::size_t>(1, from); id < to; ++id) {
        const auto value = static_cast<TextId>(id);
        values_[i][id] = {sketching.of(value), static_cast<float>(weigher.equal_at_most(comparisons[i], value))};
      }
    });
  }
  constexpr std::size_t part = 1U << 14;
  const std::size_t parts = (persons.size() + part - 1) / part;
  std::vector<std::vector<std::uint32_t>> said(parts);
  start_.assign(units, 0);
  share_out(parts, threads, [&](std::size_t k, unsigned) {
    for (std::size_t p = k * part; p < std::min(persons.size(), (k + 1) * part); ++p) {
      start_[persons[p]] = static_cast<std::uint32_t>(said[k].size());
      write(values, persons[p], said[k]);
    }
  });
  std::vector<std::size_t> before(parts + 1, 0);
  for (std::size_t k = 0; k < parts; ++k) before[k + 1] = before[k] + said[k].size();
  fill_room(said_, before[parts] + 32, 0U);  // beyond the last there is something to fetch
  share_out(parts, threads, [&](std::size_t k, unsigned) {
    std::copy(said[k].begin(), said[k].end(), said_.begin() + static_cast<std::ptrdiff_t>(before[k]));
    for (std::size_t p = k * part; p < std::min(persons.size(), (k + 1) * part); ++p) start_[persons[p]] += static_cast<std::uint32_t>(before[k]);
    said[k] = {};
  });
}

PersonScreen::Seeker PersonScreen::seeker(const TextId* cells) const {
  Seeker out;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    out.id[i] = cells[fields_[i]];
    if (out.id[i] == 0) continue;
    const Value& value = values_[i][out.id[i]];
    out.equal[i] = value.equal, out.sketch[i] = value.sketch;
  }
  return out;
}

void PersonScreen::write(const PersonValues& values, std::uint32_t person, std::vector<std::uint32_t>& into) const {
  std::array<std::uint8_t, identity_fields> count{};
  std::array<Sketch, identity_fields * PersonValues::most_values> sketches{};
  const std::size_t from = into.size();
  into.resize(from + header);
  std::size_t many = 0;
  for (std::size_t i = 0; i < fields_.size(); ++i)
    values.each(person, static_cast<IdentityField>(fields_[i]), [&](TextId id) {
      if (id == 0 && !(names_ && i < 2)) return;  // of two names one may be missing
      into.push_back(id);
      sketches[many++] = id == 0 ? 0 : values_[i][id].sketch;
      ++count[i];
    });
  std::memcpy(into.data() + from, count.data(), sizeof count);
  into.resize(into.size() + many * 2);
  std::memcpy(into.data() + from + header + many, sketches.data(), many * sizeof(Sketch));
}

PersonScreen::Said PersonScreen::said(std::uint32_t person) const {
  Said out{};
  const std::uint32_t* at = said_.data() + start_[person];
  std::memcpy(out.count.data(), at, sizeof out.count);
  out.ids = at + header;
  out.sketches = out.ids + std::accumulate(out.count.begin(), out.count.end(), std::size_t{0});
  return out;
}

// Straight or crossed, whichever brings more.
float PersonScreen::names_by_id(const Seeker& seeker, const Said& said) const {
  const TextId given = seeker.id[0], family = seeker.id[1];
  const auto by_id = [&](std::size_t name, TextId id) {
    if (seeker.id[name] == 0 || id == 0) return 0.0F;
    return seeker.id[name] == id ? seeker.equal[name] : unequal_[name];
  };
  float best = -most_of_crossed_names;
  for (std::size_t k = 0; k < said.count[0]; ++k) {
    const TextId g = said.ids[k], f = said.ids[said.count[0] + k];
    if ((given != 0 && given == f) || (family != 0 && family == g)) return most_of_crossed_names;
    const float crossed = (given != 0 && f != 0 ? unequal_[0] : 0.0F) + (family != 0 && g != 0 ? unequal_[1] : 0.0F);
    best = std::max({best, by_id(0, g) + by_id(1, f), crossed});
  }
  return said.count[0] == 0 ? 0.0F : best;
}

float PersonScreen::name_at_most(const Seeker& seeker, std::size_t name, TextId id, Sketch sketch) const {
  if (seeker.id[name] == 0 || id == 0) return 0;
  return seeker.id[name] == id ? seeker.equal[name] : bounds_[name].at_most(seeker.sketch[name], sketch);
}

float PersonScreen::names_by_sketch(const Seeker& seeker, const Said& said) const {
  float best = -most_of_crossed_names;
  const std::size_t count = said.count[0];
  for (std::size_t k = 0; k < count; ++k) {
    const TextId g = said.ids[k], f = said.ids[count + k];
    if ((seeker.id[0] != 0 && seeker.id[0] == f) || (seeker.id[1] != 0 && seeker.id[1] == g)) return most_of_crossed_names;
    const Sketch sketch_g = said.sketch(k), sketch_f = said.sketch(count + k);
    best = std::max({best, name_at_most(seeker, 0, g, sketch_g) + name_at_most(seeker, 1, f, sketch_f),
                     name_at_most(seeker, 0, f, sketch_f) + name_at_most(seeker, 1, g, sketch_g)});
  }
  return count == 0 ? 0.0F : best;
}

bool PersonScreen::may_reach(const Seeker& seeker, std::uint32_t person) const {
  const Said said = this->said(person);
  const std::size_t first = names_ ? 2 : 0, names = names_ ? 2ULL * said.count[0] : 0;
  const float names_at_most = names_ ? names_by_id(seeker, said) : 0.0F;
  float most = names_at_most;
  unsigned unlike = 0;  // one bit a comparison
  for (std::size_t i = first, at = names; i < fields_.size(); at += said.count[i++]) {
    if (seeker.id[i] == 0 || said.count[i] == 0) continue;
    const bool equal = std::find(said.ids + at, said.ids + at + said.count[i], seeker.id[i]) != said.ids + at + said.count[i];
    most += equal ? seeker.equal[i] : unequal_[i];
    unlike |= equal ? 0U : 1U << i;
  }
  for (std::size_t i = first, at = names; i < fields_.size() && most >= wanted_; at += said.count[i++]) {
    if ((unlike >> i & 1U) == 0) continue;
    float nearest = bounds_[i].at_most(seeker.sketch[i], said.sketch(at));
    for (std::size_t k = at + 1; k < at + said.count[i]; ++k) nearest = std::max(nearest, bounds_[i].at_most(seeker.sketch[i], said.sketch(k)));
    most += nearest - unequal_[i];
  }
  if (most < wanted_ || !names_) return most >= wanted_;
  return most + std::min(0.0F, names_by_sketch(seeker, said) - names_at_most) >= wanted_;
}

}  // namespace catchment::linkage
