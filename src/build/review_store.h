// What data stewards decide about pairs of rows, in authored.sqlite (part "build"). Nothing is ever removed:
// undoing is a record of its own, and every later build obeys the decisions that stand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/date.h"
#include "db/db.h"
#include "linkage/person/person_register.h"

namespace catchment::build {

/// One decision on one item of a review queue.
struct ReviewNote {
  std::int64_t id = 0;
  std::string snapshot;  // whose queue the item stood in
  std::int64_t item = 0;
  linkage::Verdict verdict = linkage::Verdict::unsure;
  Instant at;
  std::string account, name, reason;
  std::optional<Instant> undone_at;
  std::string undone_by;
};

std::string_view to_string(linkage::Verdict verdict);
std::optional<linkage::Verdict> verdict_named(std::string_view word);

/// The rows on either side of an item: those of one side say the same.
struct ReviewRows {
  std::vector<linkage::RowName> a, b;
};

/// Safe from several threads.
class ReviewStore {
 public:
  using Pair = std::pair<linkage::RowName, linkage::RowName>;  // the smaller first

  explicit ReviewStore(const std::filesystem::path& authored);

  /// The newest decision on a pair of rows that nobody undid.
  std::optional<ReviewNote> standing_on(const Pair& rows);
  /// By item, of those on one snapshot's queue.
  std::map<std::int64_t, ReviewNote> standing_of(const std::string& snapshot);
  /// Those on the queues of other snapshots since a time, each with a pair of rows it speaks of, the oldest first:
  /// what a build that began then does not know of.
  std::vector<std::pair<Pair, ReviewNote>> standing_elsewhere(const std::string& snapshot, Instant since);
  static Pair pair_of(const linkage::RowName& a, const linkage::RowName& b);

  /// Keeps `note` (without its id) for every pair of rows across the sides. `seen` is the id of the decision
  /// the reader saw on the item, 0 for none: when another stands by now, nothing is kept and that one is
  /// given back. `before_kept` is called when the decision is about to be kept; when it throws, nothing is.
  struct Outcome {
    bool kept = false;
    ReviewNote note;  // as kept, or the one that came first
  };
  Outcome decide(const ReviewRows& rows, const ReviewNote& note, std::int64_t seen, const std::function<void()>& before_kept = {});

  /// The decision, undone now; `kept` is false when it was undone before. Nothing when there is none of that
  /// id. `before_kept` as above.
  std::optional<Outcome> undo(std::int64_t id, Instant at, const std::string& account, const std::string& name, const std::function<void()>& before_kept = {});

  /// The newest first, undone ones among them.
  std::vector<ReviewNote> recent(std::int64_t limit);

 private:
  std::optional<ReviewNote> read_standing_on(const Pair& rows);
  std::mutex mutex_;
  db::Sqlite database_;
};

}  // namespace catchment::build
