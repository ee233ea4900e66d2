#include "linkage/compare/pair_screen.h"

#include <bit>
#include <cstring>

#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"
#include "linkage/model/train.h"

namespace catchment::linkage {
namespace {

constexpr std::uint32_t ahead = 12;  // rows asked for before they are needed

}  // namespace

PairScreen::PairScreen(const PackedRows& rows, const Model& model, const Weigher& weigher, double at_least, unsigned threads,
                       const std::vector<std::uint8_t>* only)
    : source_(&rows.source) {
  const std::vector<std::size_t> comparisons = weigher.bounded();
  names_ = weigher.names_bounded();
  count_ = comparisons.size(), lanes_ = (count_ + 3) / 4;
  prior_ = static_cast<float>(weigher.prior_at_most() + screen_rounding);
  wanted_ = static_cast<float>(at_least) - prior_;
  for (std::size_t i = 0; i < count_; ++i) unequal_[i / 4][i % 4] = static_cast<float>(weigher.unequal_at_most(comparisons[i]));
  alone_ = compared_alone(model, rows);
  for (const std::size_t c : comparisons) bounds_.push_back(sketch_bounds(model, weigher, c));
  values_.resize(count_);
  for (std::size_t i = 0; i < count_; ++i) {
    const std::size_t field = weigher.field_of(comparisons[i]);
    const Sketching sketching(rows, model, weigher, comparisons[i], bounds_[i]);
    fill_room(values_[i], rows.texts(field).size(), Value{});
    share_range(values_[i].size(), threads, [&](std::size_t from, std::size_t to) {
      for (std::size_t id = std::max<std::size_t>(1, from); id < to; ++id) {
        const auto value = static_cast<TextId>(id);
        values_[i][id] = {sketching.of(value), static_cast<float>(weigher.equal_at_most(comparisons[i], value))};
      }
    });
  }
  std::vector<std::size_t> fields;
  fields.reserve(comparisons.size());
  for (const std::size_t c : comparisons) fields.push_back(weigher.field_of(c));
  fill_room(ids_, rows.rows() * lanes_, Lane{});
  share_range(rows.rows(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t place = from; place < to; ++place) {
      if (only != nullptr && (*only)[place] == 0) continue;
      const TextId* cells = rows.row(place);
      for (std::size_t i = 0; i < count_; ++i) ids_[place * lanes_ + i / 4].four[i % 4] = cells[fields[i]];
    }
  });
}

void PairScreen::Block::gather(const Blocks& blocks, std::uint32_t rule, std::uint32_t from, std::uint32_t last, std::uint32_t end,
                               const std::vector<std::uint8_t>* fresh) {
  const PairScreen& s = *screen_;
  const std::vector<std::uint32_t>& order = blocks.order(rule);
  const std::size_t count = end - from;
  key_lanes_ = (rule + 3) / 4, meeting_ = 0;
  said_.resize(count), fresh_.clear();
  bool any_fresh = fresh == nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t place = order[from + i];
    said_[i] = {0, place, 1, s.alone_.empty() ? std::uint16_t{0} : s.alone_[(*s.source_)[place]],
                static_cast<std::uint16_t>(fresh == nullptr || (*fresh)[place] != 0 ? 1 : 0)};
    any_fresh = any_fresh || said_[i].wanted != 0;
  }
  if (!any_fresh) return;
  keys_.assign(count * key_lanes_, Keys{});
  for (std::size_t i = 0; i < count; ++i) {
    if (from + i + ahead < order.size()) {
      const std::uint32_t next = order[from + i + ahead];
      __builtin_prefetch(blocks.keys_of(next));
      __builtin_prefetch(blocks.keys_of(next) + rule);
      s.fetch(next);
    }
    Said& said = said_[i];
    if (rule != 0) std::memcpy(keys_.data() + i * key_lanes_, blocks.keys_of(said.place), rule * sizeof(std::uint32_t));
    const FourIds* ids = s.ids_of(said.place);
    FourIds look{said.alone, said.wanted, 0, 0};
    for (std::size_t l = 0; l < s.lanes_; ++l) look = look * 0x01000193U ^ ids[l];
    for (std::size_t l = 0; l < key_lanes_; ++l) look = look * 0x01000193U ^ keys_[i * key_lanes_ + l].four;
    said.look = (std::uint64_t{look[0]} << 32 | look[1]) ^ (std::uint64_t{look[2]} << 32 | look[3]) * 0x9e3779b97f4a7c15ULL;
  }
  // Where the rows meet only some of those gathered, each is a group of its own.
  lay_out_groups(order.data() + from, last < end);
  meeting_ = last < end ? last - from : said_.size();
  for (std::size_t i = 0; i < said_.size() && fresh != nullptr; ++i)
    if (said_[i].wanted != 0) fresh_.push_back(static_cast<std::uint32_t>(i));
}

bool PairScreen::Block::alike(const Said& a, const Keys* keys_a, const Said& b, const Keys* keys_b) const {
  if (a.look != b.look || a.alone != b.alone || a.wanted != b.wanted) return false;
  return std::memcmp(screen_->ids_of(a.place), screen_->ids_of(b.place), screen_->lanes_ * sizeof(FourIds)) == 0 &&
      (key_lanes_ == 0 || std::memcmp(keys_a, keys_b, key_lanes_ * sizeof(Keys)) == 0);
}

// Rows become groups, in the order of their first rows. `places` are the rows'.
void PairScreen::Block::lay_out_groups(const std::uint32_t* places, bool each_alone) {
  const std::size_t rows = said_.size();
  const auto keys_of = [&](std::size_t i) { return keys_.data() + i * key_lanes_; };
  std::size_t count = 0;
  group_of_.resize(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    std::size_t g = each_alone ? count : 0;
    while (g < count && !alike(said_[g], keys_of(g), said_[i], keys_of(i))) ++g;
    group_of_[i] = static_cast<std::uint32_t>(g);
    if (g < count) {
      ++said_[g].count;
      continue;
    }
    said_[count] = said_[i];
    std::copy_n(keys_of(i), key_lanes_, keys_of(count));
    ++count;
  }
  said_.resize(count);
  first_group_ = static_cast<std::uint32_t>(groups_.size());
  auto first = static_cast<std::uint32_t>(members_.size());
  for (const Said& said : said_) {
    groups_.push_back({first, 0});
    first += said.count;
  }
  members_.resize(first);
  for (std::size_t i = 0; i < rows; ++i) {
    Group& group = groups_[first_group_ + group_of_[i]];
    members_[group.first + group.count++] = places[i];
  }
}

std::uint64_t PairScreen::Block::take_pairs() {
  std::uint64_t taken = 0;
  for (std::size_t i = 0; i < meeting_; ++i) {
    const Keys* keys = keys_.data() + i * key_lanes_;
    std::array<FourIds, most_key_lanes> own;
    for (std::size_t k = 0; k < key_lanes_; ++k) own[k] = keys[k].four == 0 ? FourIds{1, 1, 1, 1} : keys[k].four;  // no key is 1
    const auto met_earlier = [&](const Keys* other) {
      FourIds met{};
      for (std::size_t l = 0; l < key_lanes_; ++l) met |= own[l] == other[l].four ? FourIds{1, 1, 1, 1} : FourIds{};
      return (met[0] | met[1] | met[2] | met[3]) != 0;
    };
    const Said& said = said_[i];
    const auto group = first_group_ + static_cast<std::uint32_t>(i);
    if (said.count > 1 && said.alone == 0 && said.wanted != 0 && !met_earlier(keys)) {
      pairs_.push_back({group, group});
      taken += std::uint64_t{said.count} * (said.count - 1) / 2;
    }
    // A row that is not fresh meets fresh ones alone.
    const std::size_t others = said.wanted != 0 ? said_.size() : fresh_.size();
    for (std::size_t k = said.wanted != 0 ? i + 1 : first_fresh_after(i); k < others; ++k) {
      const std::size_t j = said.wanted != 0 ? k : fresh_[k];
      if (said_[j].alone == said.alone && said.alone != 0) continue;
      if (met_earlier(keys_.data() + j * key_lanes_)) continue;
      pairs_.push_back({group, first_group_ + static_cast<std::uint32_t>(j)});
      taken += std::uint64_t{said.count} * said_[j].count;
    }
  }
  return taken;
}

void PairScreen::Block::look_at_pairs(std::vector<PossiblePair>& found) {
  const PairScreen& s = *screen_;
  for (const Pair& pair : pairs_) {
    const FourIds *a = s.ids_of(place(pair.a)), *b = s.ids_of(place(pair.b));
    const Bound bound = s.by_ids(a, b);
    if (bound.most >= s.wanted_ && s.sketches_allow(a, b, bound)) found.push_back({pair.a, pair.b, bound.most + s.prior_});
  }
  pairs_.clear();
}

PairScreen::Bound PairScreen::by_ids(const FourIds* a, const FourIds* b) const {
  constexpr FourIds bit{1, 2, 4, 8};
  FourBits sum{};
  std::uint32_t equal = 0;  // one bit a comparison
  for (std::size_t l = 0; l < lanes_; ++l) {
    const auto same = a[l] == b[l], said = (a[l] != 0) & (b[l] != 0);
    sum += said & ~same ? unequal_[l] : FourBits{};
    const FourIds bits = same & said ? bit : FourIds{};
    equal |= (bits[0] | bits[1] | bits[2] | bits[3]) << (4 * l);
  }
  Bound out;
  out.straight = sum[0] + sum[1] + sum[2] + sum[3];
  for (std::uint32_t left = equal; left != 0; left &= left - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    out.straight += values_[i][a[i / 4][i % 4]].equal;
  }
  out.most = out.straight;
  if (!names_) return out;
  const std::uint32_t ga = a[0][0], fa = a[0][1], gb = b[0][0], fb = b[0][1];
  const auto by_id = [&](std::size_t i, std::uint32_t x, std::uint32_t y) { return x == 0 || y == 0 ? 0.0F : x == y ? values_[i][x].equal : unequal(i); };
  out.names = by_id(0, ga, gb) + by_id(1, fa, fb);
  const bool one_crossed = (ga != 0 && ga == fb) || (fa != 0 && fa == gb);
  const float crossed = one_crossed ? most_of_crossed_names : (ga != 0 && fb != 0 ? unequal(0) : 0.0F) + (fa != 0 && gb != 0 ? unequal(1) : 0.0F);
  out.most = std::max(out.straight, out.straight - out.names + crossed);
  return out;
}

float PairScreen::at_most(std::size_t i, std::uint32_t x, std::size_t j, std::uint32_t y) const {
  if (x == 0 || y == 0) return 0;
  return x == y ? values_[i][x].equal : bounds_[i].at_most(values_[i][x].sketch, values_[j][y].sketch);
}

bool PairScreen::sketches_allow(const FourIds* a, const FourIds* b, const Bound& bound) const {
  float most = bound.most, others = bound.straight - bound.names;
  for (std::size_t i = names_ ? 2 : 0; i < count_; ++i) {
    const std::uint32_t x = a[i / 4][i % 4], y = b[i / 4][i % 4];
    if (x == y || x == 0 || y == 0) continue;
    const float less = bounds_[i].at_most(values_[i][x].sketch, values_[i][y].sketch) - unequal(i);
    most += less, others += less;
    if (most < wanted_) return false;
  }
  if (!names_) return true;
  const std::uint32_t ga = a[0][0], fa = a[0][1], gb = b[0][0], fb = b[0][1];
  if ((ga != 0 && ga == fb) || (fa != 0 && fa == gb)) return others + most_of_crossed_names >= wanted_;
  return others + at_most(0, ga, 0, gb) + at_most(1, fa, 1, fb) >= wanted_ || others + at_most(0, ga, 1, fb) + at_most(1, fa, 0, gb) >= wanted_;
}

}  // namespace catchment::linkage
