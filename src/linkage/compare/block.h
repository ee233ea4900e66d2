// Candidate pairs without a list of candidate pairs. Every rule gives each row a key; rows with equal keys
// are a block; a pair belongs to the first rule whose keys agree, so no pair is met twice and none is stored.
// A block too large is parted by further fields; what is still too large is left out and counted. Where only
// some rows are of interest, the blocks they stand in are made, whole, and no others.
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "linkage/model/model.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

struct RuleReport {
  std::string rule;
  std::uint64_t blocks = 0;
  std::uint64_t pairs = 0;          // before other rules' pairs are taken out
  std::uint32_t limit = 0;          // rows a block may have
  std::uint64_t largest = 0;        // rows in the largest block kept
  std::uint64_t parted_rows = 0;    // rows whose key needed a further field
  std::uint64_t dropped_rows = 0;   // rows left out of this rule
  std::uint64_t dropped_pairs = 0;  // pairs they would have made
  std::vector<std::uint32_t> left_out;  // the rows dropped, by canonical place
};

class ModelKeys;

class Blocks {
 public:
  /// Chooses rules to leave out, by their numbers, of blocks that tell reports and rules_of already.
  using LeaveOut = std::function<std::vector<std::size_t>(const Blocks&)>;
  /// Rules left out are as if they had not been declared.
  Blocks(const PackedRows& rows, const Model& model, unsigned threads, const LeaveOut& leave_out = {});
  /// Only the blocks in which a row of `around` stands, one byte a place; limits must be settled (`most_pairs_a_row` 0), and
  /// reports speak of those blocks.
  Blocks(const PackedRows& rows, const Model& model, const ModelKeys& keys, unsigned threads, const std::vector<std::uint8_t>& around);

  /// A piece of work: rows at [first, last) in one rule's order, each against those after it in its block.
  struct Piece {
    std::uint32_t rule;
    std::uint32_t first;
    std::uint32_t last;
  };
  const std::vector<Piece>& pieces() const { return pieces_; }
  const std::vector<RuleReport>& reports() const { return reports_; }
  std::size_t rules() const { return rules_; }
  std::uint64_t pairs_at_most() const { return pairs_; }
  /// Other rows that shared a block until the rows of `around` made it too large: the only ones whom those rows can part.
  const std::vector<std::uint32_t>& driven_apart() const { return driven_apart_; }

  /// Calls visit(a, b) for each pair that is this piece's own, a and b being canonical places.
  /// `wanted(a)` chooses rows whose pairs with those after them are visited.
  template <typename Wanted, typename Visit>
  void each_pair(const Piece& piece, const Wanted& wanted, const Visit& visit) const {
    const std::vector<std::uint32_t>& order = order_[piece.rule];
    constexpr std::uint32_t ahead = 12;
    std::uint32_t end = piece.first;
    for (std::uint32_t i = piece.first; i < piece.last; ++i) {
      if (i == end || i == piece.first) end = block_end(piece.rule, i);
      if (i + ahead < order.size()) __builtin_prefetch(keys_.data() + static_cast<std::size_t>(order[i + ahead]) * rules_);
      const std::uint32_t a = order[i];
      if (!wanted(a)) continue;
      for (std::uint32_t j = i + 1; j < end; ++j)
        if (!met_earlier(a, order[j], piece.rule)) visit(a, order[j]);
    }
  }
  /// Which rules bring two rows together, one bit a rule.
  std::uint64_t rules_of(std::uint32_t a, std::uint32_t b) const;
  std::uint32_t key(std::uint32_t row, std::size_t rule) const { return keys_[row * rules_ + rule]; }
  /// One key a rule, 0 where the row is not in it, never 1.
  const std::uint32_t* keys_of(std::uint32_t row) const { return keys_.data() + static_cast<std::size_t>(row) * rules_; }
  /// Rows of a rule, block after block.
  const std::vector<std::uint32_t>& order(std::uint32_t rule) const { return order_[rule]; }
  /// Where the block of the row at `i` ends in its rule's order.
  std::uint32_t block_end(std::uint32_t rule, std::uint32_t i) const {
    const std::vector<std::uint64_t>& starts = starts_[rule];
    std::size_t word = (i + 1) >> 6;
    std::uint64_t bits = starts[word] >> ((i + 1) & 63U) << ((i + 1) & 63U);
    while (bits == 0) bits = starts[++word];
    return static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
  }

 private:
  bool met_earlier(std::uint32_t a, std::uint32_t b, std::uint32_t rule) const {
    const std::uint32_t* ka = keys_.data() + static_cast<std::size_t>(a) * rules_;
    const std::uint32_t* kb = keys_.data() + static_cast<std::size_t>(b) * rules_;
    for (std::uint32_t q = 0; q < rule; ++q)
      if (ka[q] == kb[q] && ka[q] != 0) return true;
    return false;
  }

  struct Keyed {
    std::uint32_t key;
    std::uint32_t row;
    bool operator<(const Keyed& o) const { return key != o.key ? key < o.key : row < o.row; }
  };
  class RuleBuilder;
  void build(const PackedRows& rows, const Model& model, const ModelKeys& keys, unsigned threads, const std::vector<std::uint8_t>* around);
  void take_out(const std::vector<std::size_t>& rules);
  void lay_keys_by_row(std::size_t rows, unsigned threads);
  static std::vector<std::vector<Keyed>> keyed_around(const ModelKeys& keys, const std::vector<std::uint8_t>& around, unsigned threads);
  /// Takes a rule's rows, block after block, into its order. Returns the pieces of work they make.
  std::vector<Piece> lay_out(std::uint32_t rule, const std::vector<Keyed>& kept);

  std::size_t rules_ = 0;
  std::vector<std::uint32_t> keys_;                  // rows x rules, 0 = not in this rule
  std::vector<std::vector<std::uint32_t>> columns_;  // the same by rule, while blocks are made
  std::vector<std::vector<std::uint32_t>> order_;
  std::vector<std::vector<std::uint64_t>> starts_;  // per rule one bit a place in its order: a block starts here; one more bit at the end
  std::vector<Piece> pieces_;
  std::vector<RuleReport> reports_;
  std::uint64_t pairs_ = 0;
  std::vector<std::uint32_t> driven_apart_;
};

}  // namespace catchment::linkage
