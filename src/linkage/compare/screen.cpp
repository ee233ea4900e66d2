#include "linkage/compare/screen.h"

#include <algorithm>
#include <cstring>

#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/model/train.h"

namespace catchment::linkage {
namespace {

constexpr double rounding = 0.01;            // bits; sums of fifteen floats err by far less
constexpr float most_of_crossed_names = 80;  // bits; two names no one else among billions has
constexpr std::uint32_t ahead = 12;          // rows asked for before they are needed

}  // namespace

Screen::Screen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, unsigned threads, const std::vector<std::uint32_t>* order,
               const std::vector<std::uint8_t>* only)
    : source_(&rows.source) {
  const std::vector<std::size_t> comparisons = weigher.bounded();
  names_ = weigher.names_bounded();
  lanes_ = (comparisons.size() + 3) / 4;
  prior_ = static_cast<float>(weigher.prior_at_most() + rounding);
  wanted_ = static_cast<float>(at_least) - prior_;
  for (std::size_t i = 0; i < comparisons.size(); ++i) unequal_[i / 4][i % 4] = static_cast<float>(weigher.unequal_at_most(comparisons[i]));
  const std::vector<bool> unique = unique_sources(model, rows);
  for (std::size_t s = 0; s < unique.size(); ++s) {
    const auto source = static_cast<std::uint16_t>(s);
    alone_.push_back(eligible(model, unique, source, source) ? std::uint16_t{0} : static_cast<std::uint16_t>(s + 1));
  }
  if (std::all_of(alone_.begin(), alone_.end(), [](std::uint16_t source) { return source == 0; })) alone_.clear();
  // One sketch a value; names have theirs whichever column they stand in.
  const Comparer& comparer = weigher.comparer();
  std::vector<std::vector<Sketch>> sketches(comparisons.size());
  for (const std::size_t c : comparisons) {
    std::vector<float> at_most;
    for (std::size_t l = 1; l <= model.comparisons[c].levels.size(); ++l) at_most.push_back(static_cast<float>(weigher.level_at_most(c, l)));
    bounds_.emplace_back(model.comparisons[c].levels, at_most);
  }
  share_out(comparisons.size(), threads, [&](std::size_t i, unsigned) {
    const std::size_t field = weigher.field_of(comparisons[i]);
    const FieldKind kind = rows.fields[field].kind;
    const bool name = kind == FieldKind::given_name || kind == FieldKind::family_name;
    const auto& levels = model.comparisons[comparisons[i]].levels;
    const bool sounds = name || std::any_of(levels.begin(), levels.end(), [](const Level& l) { return l.test == Test::phonetic; });
    const bool nicknames = name || std::any_of(levels.begin(), levels.end(), [](const Level& l) { return l.test == Test::nickname; });
    const Dictionary& texts = rows.texts(field);
    fill_room(sketches[i], texts.size(), Sketch{0});
    for (TextId id = 1; id < texts.size(); ++id) {
      sketches[i][id] = bounds_[i].of(texts.text(id), nicknames && comparer.has_nicknames(comparisons[i], id), sounds ? comparer.sound(comparisons[i], id) : 0);
    }
  });
  const std::size_t count = order == nullptr ? rows.rows() : order->size();
  rows_ = std::make_unique_for_overwrite<Row[]>(count * lanes_);
  ask_for_large_pages(rows_.get(), count * lanes_ * sizeof(Row));
  share_range(count, threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t place = from; place < to; ++place) {
      if (only != nullptr && (*only)[place] == 0) continue;
      std::fill_n(rows_.get() + place * lanes_, lanes_, Row{});
      for (std::size_t i = 0; i < comparisons.size(); ++i) {
        const TextId value = rows.cell(order == nullptr ? place : (*order)[place], weigher.field_of(comparisons[i]));
        Row& lane = rows_[place * lanes_ + i / 4];
        lane.ids[i % 4] = value;
        lane.sketch[i % 4] = sketches[i][value];
        lane.equal[i % 4] = value == 0 ? 0.0F : static_cast<float>(weigher.equal_at_most(comparisons[i], value));
      }
    }
  });
}

void Screen::Block::gather(const Blocks& blocks, std::uint32_t rule, std::uint32_t from, std::uint32_t end, const std::vector<std::uint8_t>* fresh) {
  const Screen& s = *screen_;
  const std::vector<std::uint32_t>& order = blocks.order(rule);
  const std::size_t count = end - from;
  key_lanes_ = (rule + 3) / 4;
  any_fresh_ = fresh == nullptr;
  said_.resize(count), fresh_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t place = order[from + i];
    said_[i] = {place, s.alone_.empty() ? std::uint16_t{0} : s.alone_[(*s.source_)[place]],
                static_cast<std::uint16_t>(fresh == nullptr || (*fresh)[place] != 0 ? 1 : 0)};
    any_fresh_ = any_fresh_ || said_[i].wanted != 0;
    if (fresh != nullptr && said_[i].wanted != 0) fresh_.push_back(static_cast<std::uint32_t>(i));
  }
  if (!any_fresh_) return;
  rows_.resize(count * s.lanes_);
  keys_.assign(count * key_lanes_, Keys{});
  for (std::size_t i = 0; i < count; ++i) {
    if (from + i + ahead < order.size()) {
      const std::uint32_t next = order[from + i + ahead];
      for (std::size_t lane = 0; lane < s.lanes_; ++lane) __builtin_prefetch(s.rows_.get() + next * s.lanes_ + lane);
      __builtin_prefetch(blocks.keys_of(next));
      if (rule > 0) __builtin_prefetch(blocks.keys_of(next) + rule - 1);
    }
    const std::uint32_t place = said_[i].place;
    std::copy_n(s.rows_.get() + place * s.lanes_, s.lanes_, rows_.data() + i * s.lanes_);
    if (rule > 0) std::memcpy(keys_.data() + i * key_lanes_, blocks.keys_of(place), rule * sizeof(std::uint32_t));
  }
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

bool Screen::sketches_allow(const Row* a, const Row* b, float straight, float most) const {
  for (std::size_t i = names_ ? 2 : 0; i < bounds_.size(); ++i) {
    const std::uint32_t x = a[i / 4].ids[i % 4], y = b[i / 4].ids[i % 4];
    if (x == y || x == 0 || y == 0) continue;
    const float less = bounds_[i].at_most(a[i / 4].sketch[i % 4], b[i / 4].sketch[i % 4]) - unequal_[i / 4][i % 4];
    most += less, straight += less;
    if (most < wanted_) return false;
  }
  return !names_ || straight - by_id(a, b, 0) - by_id(a, b, 1) + names_at_most(a, b) >= wanted_;
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
