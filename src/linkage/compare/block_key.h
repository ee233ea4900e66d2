// The keys rows are blocked by: one short hash per row and key part, 0 where the row has nothing there.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "linkage/model/model.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

/// One key part made ready: one short hash per value. The rows must outlive it.
class KeyReader {
 public:
  KeyReader(const PackedRows& rows, const KeyPart& part);
  bool usable() const { return field_ >= 0; }
  std::uint32_t of(std::size_t row) const;
  /// The same of rows from `from` on, one after another into `out`.
  void read_rows(std::size_t from, std::size_t count, std::uint32_t* out) const;

 private:
  void read(const KeyPart& part);
  const PackedRows& rows_;
  int field_ = -1, given_ = -1;
  std::vector<std::uint32_t> hashes_;
};

/// A key and a further part as one key, never 0 nor 1.
std::uint32_t join_keys(std::uint32_t key, std::uint32_t more);

/// All parts of a rule; 0 where any is missing or the rule's fields are not in the rows.
class RuleReader {
 public:
  RuleReader(const PackedRows& rows, const BlockingRule& rule);
  bool usable() const { return usable_; }
  std::uint32_t of(std::size_t row) const;

 private:
  std::vector<KeyReader> parts_;
  bool usable_ = true;
};

/// How keys lie in memory: all of a row together, or all of a rule.
enum class KeyLayout : std::uint8_t { by_row, by_rule };

/// The keys of all rules of a model, of all rows. A key part is made ready once and read once a row, however many rules use it.
/// A key is 0 where the row is not in the rule, else at least 2 and below 2^31.
class ModelKeys {
 public:
  ModelKeys(const PackedRows& rows, const Model& model, unsigned threads, KeyLayout layout = KeyLayout::by_row);
  std::size_t rules() const { return rules_.size(); }
  /// One key a rule, where they lie by row.
  const std::uint32_t* of(std::size_t row) const { return keys_.data() + row * rules_.size(); }
  /// Per rule one key a row, where they lie by rule.
  std::vector<std::vector<std::uint32_t>> take_columns() && { return std::move(columns_); }
  /// What a key that too many rows share is parted by, in order.
  const std::vector<const KeyReader*>& refinements() const { return refinements_; }

 private:
  static constexpr std::size_t at_once = 128;  // rows
  /// `values` has at_once of each part.
  void read(std::size_t from, std::size_t count, std::vector<std::uint32_t>& values);
  std::uint32_t key_of(std::size_t rule, const std::uint32_t* values) const;

  std::vector<std::uint32_t> keys_;                  // rows x rules
  std::vector<std::vector<std::uint32_t>> columns_;  // per rule, where they lie so
  std::vector<std::unique_ptr<KeyReader>> readers_;  // per part
  std::vector<std::uint32_t> used_;                  // parts that rules use
  std::vector<std::vector<std::uint32_t>> rules_;    // per rule: its parts
  std::vector<bool> usable_;                         // per rule: the rows hold all its fields
  std::vector<const KeyReader*> refinements_;
};

}  // namespace catchment::linkage
