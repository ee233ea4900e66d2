// What was answered about cohorts of a snapshot, and whether one more count may be shown beside it.
// In: who is in a cohort, month by month and group by group. Out: which counts may be shown, and why others may not. Always: checked
// and remembered in one step, so that of two requests at once the second is held against the first; sets that were answered before
// are answered again; holds who was in them, so nothing but counting reads it. Not more than `most_answers` sets are
// remembered, the oldest forgotten first.
//
// The rule is that of disclosure/overlaps.h: no few people in whom two answers differ, or an answer and two others put together,
// may be worked out. Within a month counts are taken to be known exactly, since many nearly equal cohorts wear rounding away;
// between months only as they are rounded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/date.h"
#include "db/db.h"
#include "disclosure/disclosure.h"
#include "measures/measures.h"

namespace catchment::cohort {

inline constexpr std::int64_t most_answers = 4000;
inline constexpr std::int64_t most_answer_bytes = std::int64_t{256} << 20;

/// Persons by their place in the snapshot's order, ascending.
struct AskedSet {
  Date month;                       // its last day
  std::string group;                // of a profile: "sex female"; empty: everyone of the cohort
  std::vector<std::uint32_t> who;
};

/// Where the answers about a snapshot are kept: with its measures, to go when it goes.
std::filesystem::path answers_file(const std::filesystem::path& workspace, const std::string& content_hash);

class AnswerStore {
 public:
  explicit AnswerStore(const std::filesystem::path& file, std::int64_t most = most_answers);
  /// By set: may its count be shown? Those that may are remembered. Sets of one call are not held against one another. Those too few
  /// to be shown anyway are passed over.
  std::vector<bool> ask(const disclosure::Policy& policy, const std::vector<AskedSet>& sets);

 private:
  bool may_show(const disclosure::Policy& policy, const AskedSet& asked, std::int64_t before);
  db::Sqlite database_;
  std::int64_t most_;
};

}  // namespace catchment::cohort
