#include "linkage/compare/block.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "linkage/compare/block_key.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::uint64_t pairs_a_piece = 1U << 16;

struct Keyed {
  std::uint32_t key;
  std::uint32_t row;
  bool operator<(const Keyed& o) const { return key != o.key ? key < o.key : row < o.row; }
};

// By key, keeping the order of rows: three passes of eleven bits.
void sort_by_key(std::vector<Keyed>& values) {
  std::vector<Keyed> other(values.size());
  for (const unsigned shift : {0U, 11U, 22U}) {
    std::array<std::uint32_t, 2049> start{};
    for (const Keyed& value : values) ++start[((value.key >> shift) & 2047U) + 1];
    for (std::size_t digit = 1; digit < start.size(); ++digit) start[digit] += start[digit - 1];
    for (const Keyed& value : values) other[start[(value.key >> shift) & 2047U]++] = value;
    values.swap(other);
  }
}

// One rule: keys for all rows, blocks within the limit.
class RuleBuilder {
 public:
  RuleBuilder(const PackedRows& rows, const Model& model, const BlockingRule& rule, const std::vector<const KeyReader*>& parts,
              const std::vector<const KeyReader*>& refinements)
      : refinements_(refinements),
        limit_(rule.parts.empty()            ? ~0U
                   : rule.largest_block != 0 ? rule.largest_block
                                             : model.largest_block) {
    report.rule = rule.parts.empty() ? "every pair" : to_string(rule);
    for (const KeyReader* part : parts)
      if (!part->usable()) return;
    keyed.reserve(rows.rows());
    for (std::uint32_t row = 0; row < rows.rows(); ++row) {
      std::uint32_t key = 0x9e3779b9U;
      for (const KeyReader* part : parts) {
        const std::uint32_t value = part->of(row);
        key = value == 0 ? 0 : join_keys(key, value);
        if (key == 0) break;
      }
      if (key != 0) keyed.push_back({key, row});
    }
    sort_by_key(keyed);
    const std::uint64_t most_pairs = model.most_pairs_a_row == 0 ? ~0ULL : model.most_pairs_a_row * rows.rows();
    // Too many pairs even in blocks of a permitted size: smaller blocks, the others parted.
    while (limit_ > 8 && pairs_within(limit_) > most_pairs) limit_ /= 2;
    keep_blocks();
  }

  std::vector<Keyed> keyed;
  RuleReport report;

 private:
  void keep_blocks() {
    report.limit = static_cast<std::uint32_t>(limit_);
    kept_.reserve(keyed.size());
    part_large(0, keyed.size(), 0);
    // Blocks that were parted no longer stand in the order of their keys.
    if (report.parted_rows != 0) sort_by_key(kept_);
    keyed.swap(kept_);
  }

  std::uint64_t pairs_within(std::uint64_t limit) const {
    std::uint64_t pairs = 0;
    for (std::size_t i = 0, end; i < keyed.size(); i = end) {
      for (end = i + 1; end < keyed.size() && keyed[end].key == keyed[i].key;) ++end;
      if (end - i <= limit) pairs += (end - i) * (end - i - 1) / 2;
    }
    return pairs;
  }

  void part_large(std::size_t from, std::size_t to, std::size_t refinement) {
    for (std::size_t i = from; i < to;) {
      std::size_t end = i + 1;
      while (end < to && keyed[end].key == keyed[i].key) ++end;
      const std::uint64_t size = end - i;
      if (size <= limit_) {
        if (size > 1) {
          kept_.insert(kept_.end(), keyed.begin() + static_cast<std::ptrdiff_t>(i), keyed.begin() + static_cast<std::ptrdiff_t>(end));
          ++report.blocks;
          report.pairs += size * (size - 1) / 2;
          report.largest = std::max(report.largest, size);
        }
      } else if (refinement >= refinements_.size()) {
        report.dropped_rows += size;
        report.dropped_pairs += size * (size - 1) / 2;
        for (std::size_t k = i; k < end; ++k) report.left_out.push_back(keyed[k].row);
      } else {
        if (refinement == 0) report.parted_rows += size;
        for (std::size_t k = i; k < end; ++k) {
          const std::uint32_t more = refinements_[refinement]->of(keyed[k].row);
          keyed[k].key = join_keys(join_keys(keyed[k].key, static_cast<std::uint32_t>(refinement) + 1), more);
        }
        std::sort(keyed.begin() + static_cast<std::ptrdiff_t>(i), keyed.begin() + static_cast<std::ptrdiff_t>(end));
        part_large(i, end, refinement + 1);
      }
      i = end;
    }
  }

  const std::vector<const KeyReader*>& refinements_;
  std::uint64_t limit_;
  std::vector<Keyed> kept_;
};

// Every key part of the model made ready once, however many rules use it.
class Readers {
 public:
  Readers(const PackedRows& rows, const Model& model, unsigned threads) {
    std::vector<const KeyPart*> parts;
    const auto want = [&](const KeyPart& part) {
      if (place_.emplace(to_string(part), parts.size()).second) parts.push_back(&part);
    };
    for (const BlockingRule& rule : model.blocking)
      for (const KeyPart& part : rule.parts) want(part);
    for (const KeyPart& part : model.refinements) want(part);
    readers_.resize(parts.size());
    share_out(parts.size(), threads, [&](std::size_t p, unsigned) { readers_[p] = std::make_unique<KeyReader>(rows, *parts[p]); });
  }
  std::vector<const KeyReader*> of(const std::vector<KeyPart>& parts) const {
    std::vector<const KeyReader*> out;
    out.reserve(parts.size());
    for (const KeyPart& part : parts) out.push_back(readers_[place_.at(to_string(part))].get());
    return out;
  }

 private:
  std::unordered_map<std::string, std::size_t> place_;
  std::vector<std::unique_ptr<KeyReader>> readers_;
};

}  // namespace

Blocks::Blocks(const PackedRows& rows, const Model& model, unsigned threads) : rules_(model.blocking.size()) {
  keys_.assign(rows.rows() * rules_, 0);
  order_.resize(rules_), starts_.resize(rules_);
  reports_.resize(rules_);
  const Readers readers(rows, model, threads);
  std::vector<const KeyReader*> refinements;
  for (const KeyReader* reader : readers.of(model.refinements))
    if (reader->usable()) refinements.push_back(reader);
  std::vector<std::vector<Piece>> pieces(rules_);
  share_out(rules_, threads, [&](std::size_t r, unsigned) {
    RuleBuilder built(rows, model, model.blocking[r], readers.of(model.blocking[r].parts), refinements);
    reports_[r] = built.report;
    order_[r].resize(built.keyed.size());
    starts_[r].assign(built.keyed.size() / 64 + 1, 0);
    const auto mark = [&](std::size_t i) { starts_[r][i >> 6] |= 1ULL << (i & 63U); };
    mark(built.keyed.size());
    for (std::size_t i = 0; i < built.keyed.size(); ++i) {
      if (i == 0 || built.keyed[i].key != built.keyed[i - 1].key) mark(i);
      order_[r][i] = built.keyed[i].row;
      keys_[built.keyed[i].row * rules_ + r] = built.keyed[i].key;
    }
    std::uint64_t pairs = 0;
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < built.keyed.size();) {
      std::size_t end = i + 1;
      while (end < built.keyed.size() && built.keyed[end].key == built.keyed[i].key) ++end;
      for (; i < end; ++i) {
        pairs += end - i - 1;
        if (pairs < pairs_a_piece) continue;
        pieces[r].push_back({static_cast<std::uint32_t>(r), first, static_cast<std::uint32_t>(i + 1)});
        pairs = 0, first = static_cast<std::uint32_t>(i + 1);
      }
    }
    if (pairs > 0) pieces[r].push_back({static_cast<std::uint32_t>(r), first, static_cast<std::uint32_t>(built.keyed.size())});
  });
  for (std::size_t r = 0; r < rules_; ++r) {
    pieces_.insert(pieces_.end(), pieces[r].begin(), pieces[r].end());
    pairs_ += reports_[r].pairs;
  }
}

std::uint64_t Blocks::rules_of(std::uint32_t a, std::uint32_t b) const {
  std::uint64_t out = 0;
  for (std::size_t r = 0; r < rules_; ++r) {
    const std::uint32_t k = keys_[static_cast<std::size_t>(a) * rules_ + r];
    if (k != 0 && k == keys_[static_cast<std::size_t>(b) * rules_ + r]) out |= 1ULL << (r & 63U);
  }
  return out;
}

}  // namespace catchment::linkage
