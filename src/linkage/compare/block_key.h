// The keys rows are blocked by: one short hash per row and key part, 0 where the row has nothing there.
#pragma once

#include <cstdint>
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

}  // namespace catchment::linkage
