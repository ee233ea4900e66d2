#include "linkage/compare/screen.h"

#include <algorithm>

#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/model/train.h"

namespace catchment::linkage {

std::vector<std::uint16_t> compared_alone(const Model& model, const PackedRows& rows) {
  std::vector<std::uint16_t> out;
  const std::vector<bool> unique = unique_sources(model, rows);
  for (std::size_t s = 0; s < unique.size(); ++s) {
    const auto source = static_cast<std::uint16_t>(s);
    out.push_back(eligible(model, unique, source, source) ? std::uint16_t{0} : static_cast<std::uint16_t>(s + 1));
  }
  if (std::all_of(out.begin(), out.end(), [](std::uint16_t source) { return source == 0; })) out.clear();
  return out;
}

SketchBounds sketch_bounds(const Model& model, const Weigher& weigher, std::size_t comparison) {
  std::vector<float> at_most;
  for (std::size_t l = 1; l <= model.comparisons[comparison].levels.size(); ++l) at_most.push_back(static_cast<float>(weigher.level_at_most(comparison, l)));
  return {model.comparisons[comparison].levels, at_most};
}

Sketching::Sketching(const PackedRows& rows, const Model& model, const Weigher& weigher, std::size_t comparison, const SketchBounds& bounds)
    : bounds_(bounds), comparer_(weigher.comparer()), texts_(rows.texts(weigher.field_of(comparison))), comparison_(comparison) {
  const FieldKind kind = rows.fields[weigher.field_of(comparison)].kind;
  const bool name = kind == FieldKind::given_name || kind == FieldKind::family_name;
  const auto& levels = model.comparisons[comparison].levels;
  const auto uses = [&](Test test) { return std::any_of(levels.begin(), levels.end(), [test](const Level& l) { return l.test == test; }); };
  sounds_ = name || uses(Test::phonetic), nicknames_ = name || uses(Test::nickname);
}

Screen::Screen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, unsigned threads, const std::vector<std::uint32_t>& order) {
  const std::vector<std::size_t> comparisons = weigher.bounded();
  names_ = weigher.names_bounded();
  lanes_ = (comparisons.size() + 3) / 4;
  prior_ = static_cast<float>(weigher.prior_at_most() + screen_rounding);
  wanted_ = static_cast<float>(at_least) - prior_;
  for (std::size_t i = 0; i < comparisons.size(); ++i) unequal_[i / 4][i % 4] = static_cast<float>(weigher.unequal_at_most(comparisons[i]));
  for (const std::size_t c : comparisons) bounds_.push_back(sketch_bounds(model, weigher, c));
  std::vector<std::vector<Sketch>> sketches(comparisons.size());
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const Sketching sketching(rows, model, weigher, comparisons[i], bounds_[i]);
    fill_room(sketches[i], rows.texts(weigher.field_of(comparisons[i])).size(), Sketch{0});
    share_range(sketches[i].size(), threads, [&](std::size_t from, std::size_t to) {
      for (std::size_t id = std::max<std::size_t>(1, from); id < to; ++id) sketches[i][id] = sketching.of(static_cast<TextId>(id));
    });
  }
  rows_ = std::make_unique_for_overwrite<Row[]>(order.size() * lanes_);
  ask_for_large_pages(rows_.get(), order.size() * lanes_ * sizeof(Row));
  share_range(order.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t place = from; place < to; ++place) {
      std::fill_n(rows_.get() + place * lanes_, lanes_, Row{});
      for (std::size_t i = 0; i < comparisons.size(); ++i) {
        const TextId value = rows.cell(order[place], weigher.field_of(comparisons[i]));
        Row& lane = rows_[place * lanes_ + i / 4];
        lane.ids[i % 4] = value;
        lane.sketch[i % 4] = sketches[i][value];
        lane.equal[i % 4] = value == 0 ? 0.0F : static_cast<float>(weigher.equal_at_most(comparisons[i], value));
      }
    }
  });
}

float Screen::by_id(const Row* a, const Row* b, std::size_t name) const {
  const std::uint32_t x = a->ids[name], y = b->ids[name];
  return x == 0 || y == 0 ? 0.0F : x == y ? a->equal[name] : unequal_[0][name];
}

float Screen::crossed_at_most(const Row* a, const Row* b, float straight) const {
  const std::uint32_t ga = a->ids[0], fa = a->ids[1], gb = b->ids[0], fb = b->ids[1];
  const float others = straight - by_id(a, b, 0) - by_id(a, b, 1);
  if ((ga != 0 && ga == fb) || (fa != 0 && fa == gb)) return others + most_of_crossed_names;
  return others + (ga != 0 && fb != 0 ? unequal_[0][0] : 0.0F) + (fa != 0 && gb != 0 ? unequal_[0][1] : 0.0F);
}

float Screen::at_most(std::size_t i, std::size_t j, const Row* a, const Row* b) const {
  if (a[i / 4].ids[i % 4] == 0 || b[j / 4].ids[j % 4] == 0) return 0;
  return a[i / 4].ids[i % 4] == b[j / 4].ids[j % 4] ? a[i / 4].equal[i % 4] : bounds_[i].at_most(a[i / 4].sketch[i % 4], b[j / 4].sketch[j % 4]);
}

float Screen::names_at_most(const Row* a, const Row* b) const {
  const std::uint32_t ga = a->ids[0], fa = a->ids[1], gb = b->ids[0], fb = b->ids[1];
  if ((ga != 0 && ga == fb) || (fa != 0 && fa == gb)) return most_of_crossed_names;
  return std::max(at_most(0, 0, a, b) + at_most(1, 1, a, b), at_most(0, 1, a, b) + at_most(1, 0, a, b));
}

float Screen::nearest_of(std::size_t i, const Row* a, const Row* from, const Row* end) const {
  float best = 0;
  bool any = false;
  for (const Row* b = from + i / 4; b < end; b += lanes_) {
    if (b->ids[i % 4] == 0) continue;
    const float bits = bounds_[i].at_most(a[i / 4].sketch[i % 4], b->sketch[i % 4]);
    best = any ? std::max(best, bits) : bits;
    any = true;
  }
  return best;
}

bool Screen::may_reach(std::size_t place, std::size_t from, std::size_t end) const {
  using FourTruths = std::int32_t __attribute__((vector_size(16)));
  const Row* a = rows_.get() + place * lanes_;
  const Row* first_row = rows_.get() + from * lanes_;
  const Row* last_row = rows_.get() + end * lanes_;
  std::array<FourTruths, most_lanes> equal{}, said{};
  for (const Row* b = first_row; b < last_row; b += lanes_)
    for (std::size_t l = 0; l < lanes_; ++l) equal[l] |= b[l].ids == a[l].ids, said[l] |= b[l].ids != 0;
  std::array<FourBits, most_lanes> by_ids{};
  FourBits sum{};
  for (std::size_t l = 0; l < lanes_; ++l) {
    said[l] &= a[l].ids != 0;
    by_ids[l] = said[l] ? (equal[l] ? a[l].equal : unequal_[l]) : FourBits{};
    sum += by_ids[l];
  }
  float most = sum[0] + sum[1] + sum[2] + sum[3];
  const std::size_t first = names_ ? 2 : 0;
  if (names_) {
    float names = -most_of_crossed_names;
    for (const Row* b = first_row; b < last_row; b += lanes_) {
      const float straight = by_id(a, b, 0) + by_id(a, b, 1);
      names = std::max({names, straight, crossed_at_most(a, b, straight)});
    }
    most += names - by_ids[0][0] - by_ids[0][1];
    if (most < wanted_) return false;
    float nearer = -most_of_crossed_names;
    for (const Row* b = first_row; b < last_row; b += lanes_) nearer = std::max(nearer, names_at_most(a, b));
    most += std::min(0.0F, nearer - names);
  }
  for (std::size_t i = first; i < bounds_.size() && most >= wanted_; ++i)
    if (said[i / 4][i % 4] != 0 && equal[i / 4][i % 4] == 0) most += nearest_of(i, a, first_row, last_row) - unequal_[i / 4][i % 4];
  return most >= wanted_;
}

}  // namespace catchment::linkage
