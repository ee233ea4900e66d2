#include "linkage/compare/block.h"

#include <algorithm>
#include <array>
#include <bit>

#include "linkage/compare/block_key.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::uint64_t pairs_a_piece = 1U << 16;

// By the bits of the key at `shift`, keeping the order of rows. Returns where each number those bits can be starts.
template <unsigned bits, typename Keyed>
std::array<std::uint32_t, (1U << bits) + 1> part_by_bits(const Keyed* from, Keyed* into, std::size_t count, unsigned shift) {
  constexpr std::uint32_t mask = (1U << bits) - 1;
  std::array<std::uint32_t, (1U << bits) + 1> start{};
  for (std::size_t i = 0; i < count; ++i) ++start[((from[i].key >> shift) & mask) + 1];
  for (std::size_t digit = 1; digit < start.size(); ++digit) start[digit] += start[digit - 1];
  std::array<std::uint32_t, (1U << bits) + 1> at = start;
  for (std::size_t i = 0; i < count; ++i) into[at[(from[i].key >> shift) & mask]++] = from[i];
  return start;
}

// By key, keeping the order of rows: by the eleven highest of 31 bits, then each part, which the processor's own memory holds,
// by the other twenty. `other` is room.
template <typename Keyed>
void sort_by_key(std::vector<Keyed>& values, std::vector<Keyed>& other) {
  fill_room(other, values.size(), Keyed{});
  const auto start = part_by_bits<11>(values.data(), other.data(), values.size(), 20);
  constexpr std::size_t few = 64;
  for (std::size_t part = 0; part + 1 < start.size(); ++part) {
    Keyed *from = other.data() + start[part], *into = values.data() + start[part];
    const std::size_t count = start[part + 1] - start[part];
    if (count <= few) {
      std::copy_n(from, count, into);
      std::sort(into, into + count);
      continue;
    }
    part_by_bits<10>(from, into, count, 0);
    part_by_bits<10>(into, from, count, 10);
    std::copy_n(from, count, into);
  }
}

}  // namespace

// One rule: its rows by key, parted where too many share one, blocks within the limit kept.
class Blocks::RuleBuilder {
 public:
  /// `keyed` are rows with the keys they start from. `keys` and `step` are where a row's key is told; where `told`,
  /// those of `keyed` stand there.
  RuleBuilder(const Model& model, const BlockingRule& rule, const std::vector<const KeyReader*>& refinements, const std::vector<std::uint8_t>* around,
              std::vector<Keyed>& keyed, std::uint32_t* keys, std::size_t step, bool told)
      : refinements_(refinements),
        around_(around),
        limit_(rule.parts.empty()            ? ~0U
                   : rule.largest_block != 0 ? rule.largest_block
                                             : model.largest_block),
        keyed_(keyed),
        keys_(keys),
        step_(step),
        told_(told) {
    report.rule = rule.parts.empty() ? "every pair" : to_string(rule);
  }

  /// What is kept stands in `keyed` then, block after block.
  void build(std::uint64_t most_pairs, std::vector<Keyed>& room) {
    sort_by_key(keyed_, room);
    narrow(most_pairs);
    report.limit = static_cast<std::uint32_t>(limit_);
    for (std::size_t i = 0, end; i < keyed_.size(); i = end) {
      end = end_of(i, keyed_.size());
      if (around_ == nullptr || around_within(i, end) != 0) settle(i, end, 0);
    }
    keyed_.resize(kept_);
    // Blocks that were parted no longer stand in the order of their keys.
    std::sort(parted_.begin(), parted_.end());
    keyed_.insert(keyed_.end(), parted_.begin(), parted_.end());
  }

  RuleReport report;
  std::vector<std::uint32_t> driven_apart;

 private:
  std::size_t end_of(std::size_t i, std::size_t to) const {
    std::size_t end = i + 1;
    while (end < to && keyed_[end].key == keyed_[i].key) ++end;
    return end;
  }

  // Too many pairs even in blocks of a permitted size: smaller blocks, the others parted.
  void narrow(std::uint64_t most_pairs) {
    if (most_pairs == ~0ULL) return;
    std::vector<std::uint64_t> blocks;  // per number of rows: blocks of so many
    for (std::size_t i = 0, end; i < keyed_.size(); i = end) {
      end = end_of(i, keyed_.size());
      if (end - i >= blocks.size()) blocks.resize(end - i + 1, 0);
      ++blocks[end - i];
    }
    const auto pairs_within = [&](std::uint64_t limit) {
      std::uint64_t pairs = 0;
      for (std::uint64_t size = 2; size < blocks.size() && size <= limit; ++size) pairs += blocks[size] * (size * (size - 1) / 2);
      return pairs;
    };
    while (limit_ > 8 && pairs_within(limit_) > most_pairs) limit_ /= 2;
  }

  std::uint64_t around_within(std::size_t from, std::size_t to) const {
    std::uint64_t count = 0;
    for (std::size_t i = from; i < to; ++i) count += (*around_)[keyed_[i].row];
    return count;
  }

  void tell(const Keyed& row, std::uint32_t key) { keys_[row.row * step_] = key; }

  // A block whose key is parted so many times.
  void settle(std::size_t from, std::size_t to, std::size_t parted) {
    const std::uint64_t size = to - from;
    if (size == 1) return tell(keyed_[from], 0);
    if (size <= limit_) return keep(from, to, parted != 0);
    if (around_ != nullptr) drive_apart(from, to);
    if (parted == refinements_.size()) return leave_out(from, to);
    if (parted == 0) report.parted_rows += size;
    for (std::size_t i = from; i < to; ++i) {
      const std::uint32_t more = refinements_[parted]->of(keyed_[i].row);
      keyed_[i].key = parted_key | join_keys(join_keys(keyed_[i].key, static_cast<std::uint32_t>(parted) + 1), more);
    }
    std::sort(keyed_.begin() + static_cast<std::ptrdiff_t>(from), keyed_.begin() + static_cast<std::ptrdiff_t>(to));
    for (std::size_t i = from, end; i < to; i = end) {
      end = end_of(i, to);
      settle(i, end, parted + 1);
    }
  }

  void keep(std::size_t from, std::size_t to, bool was_parted) {
    if (around_ != nullptr && was_parted && around_within(from, to) == 0) return;
    const std::uint64_t size = to - from;
    const auto first = keyed_.begin() + static_cast<std::ptrdiff_t>(from), last = keyed_.begin() + static_cast<std::ptrdiff_t>(to);
    if (was_parted) {
      parted_.insert(parted_.end(), first, last);
    } else {
      std::copy(first, last, keyed_.begin() + static_cast<std::ptrdiff_t>(kept_));  // never after where it stood
      kept_ += size;
    }
    ++report.blocks;
    report.pairs += size * (size - 1) / 2;
    report.largest = std::max(report.largest, size);
    if (told_ && !was_parted) return;
    for (std::size_t i = 0; i < size; ++i) {
      const Keyed& row = was_parted ? keyed_[from + i] : keyed_[kept_ - size + i];
      tell(row, row.key);
    }
  }

  void leave_out(std::size_t from, std::size_t to) {
    const std::uint64_t size = to - from;
    report.dropped_rows += size;
    report.dropped_pairs += size * (size - 1) / 2;
    for (std::size_t i = from; i < to; ++i) {
      report.left_out.push_back(keyed_[i].row);
      tell(keyed_[i], 0);
    }
  }

  void drive_apart(std::size_t from, std::size_t to) {
    const std::uint64_t others = to - from - around_within(from, to);
    if (others < 2 || others > limit_) return;
    for (std::size_t i = from; i < to; ++i)
      if ((*around_)[keyed_[i].row] == 0) driven_apart.push_back(keyed_[i].row);
  }

  static constexpr std::uint32_t parted_key = 1U << 31;  // keys as rules give them are lower
  const std::vector<const KeyReader*>& refinements_;
  const std::vector<std::uint8_t>* around_;
  std::uint64_t limit_;
  std::vector<Keyed>& keyed_;
  std::vector<Keyed> parted_;
  std::size_t kept_ = 0;  // the first so many of keyed_ are blocks to keep
  std::uint32_t* keys_;
  std::size_t step_;
  bool told_;
};

// Per rule the rows whose key is that of a row of `around`, and a few more, in order.
std::vector<std::vector<Blocks::Keyed>> Blocks::keyed_around(const ModelKeys& keys, const std::vector<std::uint8_t>& around, unsigned threads) {
  const auto wanted = static_cast<std::size_t>(std::count(around.begin(), around.end(), 1));
  const std::size_t bits = std::max<std::size_t>(std::bit_ceil(wanted * 32), 4096), mask = bits - 1, rules = keys.rules();
  std::vector<std::uint64_t> seen(rules * (bits / 64), 0);
  const auto word_of = [&](std::size_t rule, std::uint32_t key) { return rule * (bits / 64) + (key & mask) / 64; };
  for (std::size_t row = 0; row < around.size(); ++row) {
    if (around[row] == 0) continue;
    const std::uint32_t* own = keys.of(row);
    for (std::size_t r = 0; r < rules; ++r)
      if (own[r] != 0) seen[word_of(r, own[r])] |= 1ULL << (own[r] & 63U);
  }
  constexpr std::size_t range = 1U << 16;
  const std::size_t ranges = (around.size() + range - 1) / range;
  std::vector<std::vector<std::vector<Keyed>>> met(ranges);
  share_out(ranges, threads, [&](std::size_t k, unsigned) {
    met[k].resize(rules);
    for (std::size_t row = k * range; row < std::min(around.size(), (k + 1) * range); ++row) {
      const std::uint32_t* own = keys.of(row);
      for (std::size_t r = 0; r < rules; ++r)
        if (own[r] != 0 && (seen[word_of(r, own[r])] >> (own[r] & 63U) & 1U) != 0) met[k][r].push_back({own[r], static_cast<std::uint32_t>(row)});
    }
  });
  std::vector<std::vector<Keyed>> out(rules);
  share_out(rules, threads, [&](std::size_t r, unsigned) {
    for (const auto& part : met) out[r].insert(out[r].end(), part[r].begin(), part[r].end());
  });
  return out;
}

std::vector<Blocks::Piece> Blocks::lay_out(std::uint32_t rule, const std::vector<Keyed>& kept) {
  std::vector<std::uint32_t>& order = order_[rule];
  fill_room(order, kept.size(), 0U);
  starts_[rule].assign(kept.size() / 64 + 1, 0);
  const auto mark = [&](std::size_t i) { starts_[rule][i >> 6] |= 1ULL << (i & 63U); };
  mark(kept.size());
  std::vector<Piece> pieces;
  std::uint64_t pairs = 0;
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < kept.size();) {
    std::size_t end = i + 1;
    while (end < kept.size() && kept[end].key == kept[i].key) ++end;
    mark(i);
    for (; i < end; ++i) {
      order[i] = kept[i].row;
      pairs += end - i - 1;
      if (pairs < pairs_a_piece) continue;
      pieces.push_back({rule, first, static_cast<std::uint32_t>(i + 1)});
      pairs = 0, first = static_cast<std::uint32_t>(i + 1);
    }
  }
  if (pairs > 0) pieces.push_back({rule, first, static_cast<std::uint32_t>(kept.size())});
  return pieces;
}

Blocks::Blocks(const PackedRows& rows, const Model& model, unsigned threads, const LeaveOut& leave_out) : rules_(model.blocking.size()) {
  ModelKeys keys(rows, model, threads, KeyLayout::by_rule);
  columns_ = std::move(keys).take_columns();
  build(rows, model, keys, threads, nullptr);  // NOLINT(bugprone-use-after-move): only the keys are gone
  if (leave_out) take_out(leave_out(*this));
  lay_keys_by_row(rows.rows(), threads);
}

Blocks::Blocks(const PackedRows& rows, const Model& model, const ModelKeys& keys, unsigned threads, const std::vector<std::uint8_t>& around)
    : rules_(model.blocking.size()) {
  fill_room(keys_, rows.rows() * rules_, 0U);
  build(rows, model, keys, threads, &around);
}

void Blocks::build(const PackedRows& rows, const Model& model, const ModelKeys& keys, unsigned threads, const std::vector<std::uint8_t>* around) {
  order_.resize(rules_), starts_.resize(rules_), reports_.resize(rules_);
  std::vector<std::vector<Keyed>> near;
  if (around != nullptr) near = keyed_around(keys, *around, threads);
  const std::uint64_t most_pairs = model.most_pairs_a_row == 0 ? ~0ULL : model.most_pairs_a_row * rows.rows();
  std::vector<std::vector<Piece>> pieces(rules_);
  std::vector<std::vector<std::uint32_t>> driven(rules_);
  std::vector<std::vector<Keyed>> keyed(std::max(1U, threads)), room(std::max(1U, threads));  // each thread uses its own again for every rule
  share_out(rules_, threads, [&](std::size_t r, unsigned thread) {
    std::vector<Keyed>& own = keyed[thread];
    if (around != nullptr) {
      own = std::move(near[r]);
    } else {
      own.clear();
      make_room(own, rows.rows());
      for (std::uint32_t row = 0; row < rows.rows(); ++row)
        if (const std::uint32_t key = columns_[r][row]; key != 0) own.push_back({key, row});
    }
    std::uint32_t* told = around == nullptr ? columns_[r].data() : keys_.data() + r;
    RuleBuilder built(model, model.blocking[r], keys.refinements(), around, own, told, around == nullptr ? 1 : rules_, around == nullptr);
    built.build(most_pairs, room[thread]);
    reports_[r] = std::move(built.report), driven[r] = std::move(built.driven_apart);
    pieces[r] = lay_out(static_cast<std::uint32_t>(r), own);
  });
  for (std::size_t r = 0; r < rules_; ++r) {
    pieces_.insert(pieces_.end(), pieces[r].begin(), pieces[r].end());
    driven_apart_.insert(driven_apart_.end(), driven[r].begin(), driven[r].end());
    pairs_ += reports_[r].pairs;
  }
}

void Blocks::take_out(const std::vector<std::size_t>& rules) {
  std::vector<std::size_t> stay;
  for (std::size_t r = 0; r < rules_; ++r)
    if (std::find(rules.begin(), rules.end(), r) == rules.end()) stay.push_back(r);
  std::vector<std::uint32_t> number(rules_, 0);
  for (std::size_t k = 0; k < stay.size(); ++k) {
    number[stay[k]] = static_cast<std::uint32_t>(k);
    if (stay[k] == k) continue;
    columns_[k] = std::move(columns_[stay[k]]), order_[k] = std::move(order_[stay[k]]);
    starts_[k] = std::move(starts_[stay[k]]), reports_[k] = std::move(reports_[stay[k]]);
  }
  columns_.resize(stay.size()), order_.resize(stay.size()), starts_.resize(stay.size()), reports_.resize(stay.size());
  std::erase_if(pieces_, [&](const Piece& piece) { return std::find(rules.begin(), rules.end(), piece.rule) != rules.end(); });
  for (Piece& piece : pieces_) piece.rule = number[piece.rule];
  rules_ = stay.size(), pairs_ = 0;
  for (const RuleReport& report : reports_) pairs_ += report.pairs;
}

void Blocks::lay_keys_by_row(std::size_t rows, unsigned threads) {
  fill_room(keys_, rows * rules_, 0U);
  share_range(rows, threads, [&](std::size_t from, std::size_t to) {
    std::uint32_t* out = keys_.data() + from * rules_;
    for (std::size_t row = from; row < to; ++row)
      for (std::size_t r = 0; r < rules_; ++r) *out++ = columns_[r][row];
  });
  std::vector<std::vector<std::uint32_t>>().swap(columns_);
}

std::uint64_t Blocks::rules_of(std::uint32_t a, std::uint32_t b) const {
  std::uint64_t out = 0;
  for (std::size_t r = 0; r < rules_; ++r) {
    const std::uint32_t k = columns_.empty() ? key(a, r) : columns_[r][a];
    if (k != 0 && k == (columns_.empty() ? key(b, r) : columns_[r][b])) out |= 1ULL << (r & 63U);
  }
  return out;
}

}  // namespace catchment::linkage
