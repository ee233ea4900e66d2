// The person register: authored data that every build reads and writes back. It says which person each
// known row belongs to, which ids were superseded by which, and what people decided in review.
//
// Always: an id is never given to somebody else. An id that lost all its rows to another still resolves.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.h"
#include "base/ids.h"
#include "base/nhs_number.h"

namespace catchment::linkage {

/// A row named for ever: its source and its key there.
struct RowName {
  SourceId source;
  std::string key;
  auto operator<=>(const RowName&) const = default;
};

enum class Verdict : std::uint8_t { same, different, unsure };

/// One person's decision about two rows. The newest decision on a pair stands. `same` and `different`
/// bind every later build; `unsure` keeps the pair in review and joins nothing automatically.
struct ReviewDecision {
  RowName a;
  RowName b;
  Verdict verdict = Verdict::unsure;
  Instant at;
  std::string by;      // account id
  std::string reason;  // as written by the reviewer
};

enum class EventKind : std::uint8_t { merged, split };

/// merged: every row of `from` now belongs to `to`, and `from` resolves to `to`.
/// split: `rows` rows left `from` and became `to`.
struct IdentityEvent {
  EventKind kind = EventKind::merged;
  PersonId from;
  PersonId to;
  std::uint32_t rows = 0;
  Instant at;
  std::string reason;  // which rule or decision; never person data
  bool operator==(const IdentityEvent&) const = default;
};

/// An NHS number replaced by another (PDS superseded numbers).
struct SupersededNumber {
  NhsNumber old_number;
  NhsNumber current;
};

class IdentityTable;

class PersonRegister {
 public:
  /// The person a row belonged to in the last build.
  std::optional<PersonId> find(SourceId source, std::string_view key) const;
  void set(SourceId source, std::string_view key, PersonId person);
  /// The same of a table's rows, in the order given; `person` has one a row of the table.
  void set_rows(const IdentityTable& table, const std::vector<std::uint32_t>& order, const std::vector<PersonId>& person, unsigned threads);
  /// Follows merges to the id in use now.
  PersonId resolve(PersonId id) const;

  std::size_t rows() const { return sources_.size(); }
  SourceId row_source(std::size_t i) const { return sources_[i]; }
  std::string_view row_key(std::size_t i) const { return {key_bytes_.data() + key_starts_[i], static_cast<std::size_t>(key_starts_[i + 1] - key_starts_[i])}; }
  PersonId row_person(std::size_t i) const { return persons_[i]; }
  void reserve(std::size_t rows);

  void supersede(PersonId old_id, PersonId current) { superseded_[old_id] = current; }
  const std::unordered_map<PersonId, PersonId>& superseded() const { return superseded_; }

  std::int64_t next_id = 1;  // the first id never given
  std::vector<ReviewDecision> reviews;
  std::vector<SupersededNumber> superseded_numbers;

 private:
  std::size_t slot_of(SourceId source, std::string_view key, std::uint64_t hash) const;
  void set(SourceId source, std::string_view key, std::uint64_t hash, PersonId person);
  void grow();
  /// Where a row's slot is looked for first: rows that come in order of their hashes, as a build names them, fill slots in order.
  std::size_t home_of(std::uint64_t hash) const { return static_cast<std::size_t>(hash >> (64 - std::countr_zero(slots_.size()))); }

  std::vector<SourceId> sources_;
  std::vector<PersonId> persons_;
  std::vector<char> key_bytes_;
  std::vector<std::uint64_t> key_starts_{0};
  std::vector<std::uint32_t> slots_;  // row + 1, 0 = free
  std::unordered_map<PersonId, PersonId> superseded_;
};

}  // namespace catchment::linkage
