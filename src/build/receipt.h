// What a build did, for a person (text) and for a program (JSON). No person data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/date.h"
#include "db/db.h"
#include "records/records.h"

namespace catchment::build {

struct FeedReceipt {
  std::string feed;
  std::int64_t files = 0, read = 0, accepted = 0, quarantined = 0;
  double tolerance = 0;
  bool within_tolerance = true;
  std::optional<Date> latest_event;
};

struct ReasonCount {
  std::string feed, rule, column;
  std::int64_t rows = 0;
};

/// Pairs of subjects that hold enough to be linked, of one kind: by what they hold, or by what truth says of the person (then
/// without wrong pairs).
struct AccuracyGroup {
  std::string kind, value;
  std::int64_t pairs_right = 0, pairs_missed = 0, pairs_wrong = 0;
  double missed_rate() const {
    return pairs_right + pairs_missed == 0 ? 0 : static_cast<double>(pairs_missed) / static_cast<double>(pairs_right + pairs_missed);
  }
  double precision() const { return pairs_right + pairs_wrong == 0 ? 1 : static_cast<double>(pairs_right) / static_cast<double>(pairs_right + pairs_wrong); }
};

/// How linkage compares with a synthetic population's truth: pairs of identity rows that are, and were
/// said to be, one person.
struct LinkageAccuracy {
  std::int64_t rows = 0;         // identity rows whose truth is known
  std::int64_t true_persons = 0, persons = 0;
  std::int64_t pairs_right = 0, pairs_missed = 0, pairs_wrong = 0;
  std::vector<AccuracyGroup> groups;
  double precision() const;
  double recall() const;
  double f1() const;
};

/// What linkage weighed by, and how much of the last build it took over. Published figures follow from the weights, never from what was taken over.
struct LinkWork {
  std::string weights_of, weights_from;  // snapshot and time of the build that found the link weights; empty = found in this build
  std::string why_trained;               // why they were found in this build
  std::int64_t loose = 0;                // different identities without a usable number that were held against persons
  std::int64_t taken_over = 0;           // of them, those for whom nothing changed since the last build
  std::string why_all_placed;            // why none were taken over, when none could be
};

struct StageTime {
  std::string stage;
  double seconds = 0;
};

struct Receipt {
  std::string snapshot;      // id; empty when a single stage before publish was run
  std::string stage;         // the stage that was asked for, or empty
  std::string system_name;
  bool synthetic = false;
  std::int64_t represented_population = 0;
  Date as_of;
  Instant built_at;
  std::string content_hash;
  std::vector<FeedReceipt> feeds;
  std::vector<ReasonCount> quarantined;     // most rows first
  std::vector<std::string> failures;        // files unreadable, refused, or feeds above tolerance
  std::int64_t subjects = 0, persons = 0, residents = 0, registered = 0;
  std::map<std::string, std::int64_t> links;      // edges by reason
  std::int64_t review_pairs = 0, review_left_out = 0, unlinkable = 0;
  std::map<std::string, std::int64_t> link_findings;
  LinkWork link_work;
  std::map<std::string, std::int64_t> rows;       // by table of the record
  std::int64_t results = 0, suppressed = 0;       // head counts that were published; of them hidden
  std::int64_t measures = 0, measure_figures = 0; // of the measure library, kept beside the snapshot
  std::uint64_t disk_bytes = 0;
  std::optional<LinkageAccuracy> accuracy;
  std::vector<StageTime> times;                   // not part of receipt.json's content
  std::uint64_t peak_memory_bytes = 0;

  bool passed() const { return failures.empty(); }
};

/// Fills feeds, quarantined, people, rows and figures from the snapshot's tables.
void describe_snapshot(const std::filesystem::path& population, const db::DuckOptions& options, Receipt& receipt);
/// Path and hash of every file that was received, by path.
std::vector<records::FileHash> extract_hashes(const std::filesystem::path& population, const db::DuckOptions& options);

std::string to_text(const Receipt& receipt);
std::string to_json(const Receipt& receipt);

}  // namespace catchment::build
