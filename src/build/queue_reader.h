// The review queue of a published snapshot, and what holds a person's rows together: read back from
// identity.duckdb. Every function takes the RowFilter of the door; nothing is given to one that does not see
// everybody's identity.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/ids.h"
#include "build/review_store.h"
#include "db/db.h"
#include "records/records.h"

namespace catchment::build {

/// A pair of the queue, without person data. Items count from 1, the likeliest first.
struct ReviewPair {
  std::int64_t item = 0;
  double weight = 0;  // log2 odds that both sides are one person
  PersonId person_a, person_b;
  std::int64_t rows_a = 0, rows_b = 0;  // subjects that say the same, on each side
  std::string held_back;  // why linkage did not join them: "not-certain-enough", "two-given-names", ...
  bool unsure = false;    // somebody looked before this build and could not tell
};

/// How long the queue is, and which of its items somebody had set aside before it was made (ascending).
struct QueueSize {
  std::int64_t pairs = 0;
  std::vector<std::int64_t> unsure;
};

struct ReviewWeight {
  std::string field, level;
  double bits = 0;
};

/// Who one partner's row says somebody is. Address, postcode and contacts are empty, and `withheld` true,
/// where anybody of those that are shown together has a protected location.
struct ReviewRow {
  PersonId person;
  SourceId source;
  std::int64_t line = 0;
  std::string feed, organisation;  // organisation: its name, or its code; empty when withheld
  std::string nhs_number, number_status, given, family, previous_family, birth_precision, sex;
  std::optional<Date> birth_date;
  std::string address, postcode, telephone, email;
  std::optional<Date> death_date, updated;
  bool withheld = false;
};

/// What joined two rows of one person. Rows that one partner sent under one key need no edge.
struct LinkEdge {
  SourceId source_a;
  std::int64_t line_a = 0;
  SourceId source_b;
  std::int64_t line_b = 0;
  std::string reason;  // "number-and-demographics", "likeness", "review"
  double weight = 0;   // log2 odds; 0 for rules without a weight
};

/// Safe from several threads. A snapshot that was built before there was a queue has an empty one.
class QueueReader {
 public:
  using Filter = records::RowFilter;
  explicit QueueReader(std::shared_ptr<const records::Snapshot> snapshot);

  /// Read once, when the queue is opened.
  QueueSize size(const Filter& filter) const;
  /// Those of the items that there are, in the order of items.
  std::vector<ReviewPair> pairs(const std::vector<std::int64_t>& items, const Filter& filter);
  std::optional<ReviewPair> pair(std::int64_t item, const Filter& filter);
  /// The item that asks whether these two rows are one person.
  std::optional<std::int64_t> item_of(const ReviewStore::Pair& rows, const Filter& filter);
  /// Every row that a decision on the item speaks of.
  ReviewRows names(std::int64_t item, const Filter& filter);
  std::vector<ReviewWeight> weights(std::int64_t item, const Filter& filter);
  /// Every row of the persons, best first within a person.
  std::vector<ReviewRow> rows(const std::vector<PersonId>& persons, const Filter& filter);
  std::vector<LinkEdge> edges(PersonId person, const Filter& filter);
  std::optional<PersonId> person_of_row(SourceId source, std::int64_t line, const Filter& filter);
  const records::Snapshot& snapshot() const { return *snapshot_; }

 private:
  std::shared_ptr<const records::Snapshot> snapshot_;
  std::mutex mutex_;  // of the connection
  db::Duck duck_;
  db::Connection connection_;
  bool present_;
  QueueSize size_;
};

/// What the filter of the door must see for any of this.
bool sees_queue(const records::RowFilter& filter);

}  // namespace catchment::build
