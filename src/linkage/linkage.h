// Record linkage: rows from many partners in, persons out.
//
// In:     identity rows (IdentityTable), what is known of each source, the register the last build left
//         (PersonRegister: ids, superseded ids, review decisions, superseded NHS numbers) and settings.
// Out:    a PersonId per row, the edges that joined rows and why, pairs for review, findings, merge and
//         split events, and the register to keep.
// Always: every row has exactly one person. The answer is a pure function of the inputs: the same for any
//         number of threads and any order of rows, with or without placements kept from an earlier run. A person keeps its id from build to build. Two rows are
//         never joined by an NHS number alone when name and date of birth both disagree, nor against a
//         review decision. No finding, event or reason holds person data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/ids.h"
#include "base/progress.h"
#include "linkage/cluster/explain.h"
#include "linkage/cluster/link_rows.h"
#include "linkage/cluster/quality.h"
#include "linkage/identity/identity_table.h"
#include "linkage/model/guess.h"
#include "linkage/model/model_file.h"
#include "linkage/normalise/nicknames.h"
#include "linkage/person/kept_placements.h"
#include "linkage/person/link_basis.h"
#include "linkage/person/lookup.h"
#include "linkage/person/person_register.h"
#include "linkage/tables/cluster_lines.h"
#include "linkage/tables/file_bytes.h"
#include "linkage/tables/source_column.h"
#include "linkage/tables/tables.h"
#include "linkage/tables/truth.h"

namespace catchment::linkage {

enum class EdgeReason : std::uint8_t {
  number_and_demographics,  // same valid NHS number, and name or date of birth agrees
  likeness,  // the weight of evidence passed the threshold
  review,  // a person decided
  same_row,  // the same (source, key) sent twice
};
std::string_view to_string(EdgeReason reason);

/// Two rows, by index in the table, `a` < `b`.
struct Edge {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  float weight = 0;  // log2 odds that they are one person; 0 for rules without a weight
  EdgeReason reason = EdgeReason::likeness;
};

/// Something wrong with the data, counted by rule. `rows` are indexes of the rows concerned.
struct Finding {
  std::string rule;  // "nhs-number-shared-by-different-people"
  std::string message;  // says what it means and what to do; no person data
  std::vector<std::uint32_t> rows;
};

/// A pair of the review queue, explained, so that somebody can decide.
struct ReviewStory {
  std::vector<std::uint32_t> rows_a, rows_b;  // a row of each subject that says what the pair's row says: the decision speaks of all of them
  std::vector<WeightPart> parts;  // bars that sum to the pair's weight
  std::string held_back;  // why it was not joined: "not-certain-enough", "two-given-names", ...
  bool unsure = false;  // somebody looked and could not tell
};

struct LinkSettings {
  std::vector<SourceRules> sources;
  Instant at;  // the time written on events
  std::uint64_t seed = 1;
  unsigned threads = 1;
  bool by_likeness = true;  // false: by number only
  bool keep_lookup = false;  // give back what a later lookup of one person needs
  std::optional<Model> model;  // none = the one the product carries (system/blmk/linkage/model.toml)
  const LinkBasis* basis = nullptr;  // weigh by this; none, or one that was trained for another model = train
  const KeptPlacements* placements = nullptr;  // of a run by this program with the same model; what follows from the same is not weighed again
  bool keep_placements = false;  // give back what the next run may take over
};

struct LinkCounts {
  std::uint64_t rows = 0;
  std::uint64_t persons = 0;
  std::uint64_t rows_with_usable_number = 0;
  std::uint64_t pairs_compared = 0;
  std::uint64_t loose = 0;  // different identities without a number, held against the persons known by one
  std::uint64_t taken_over = 0;  // of them, those that stand as they were kept
  std::uint64_t unlinkable_rows = 0;  // hold too little for any honest link
};

struct LinkResult {
  std::vector<PersonId> person;  // one per row of the table
  std::vector<std::uint8_t> restricted;  // 1 when any row of the row's person is restricted
  std::vector<Edge> edges;  // what joined rows
  std::vector<Edge> review;  // pairs between the review threshold and the link threshold, heaviest first; none that was decided
  std::vector<ReviewStory> stories;  // of each pair for review
  std::uint64_t review_left_out = 0;  // pairs less likely than those kept for review
  std::vector<Finding> findings;
  std::vector<IdentityEvent> events;
  PersonRegister next_register;  // keep this for the next build
  std::optional<LookupKept> lookup;  // when asked for, and enough people are known by number
  std::optional<LinkBasis> trained;  // found by this run, for later ones to weigh by; none where it was given one, or too few people are known by number
  std::optional<KeptPlacements> placements;  // when asked for, and enough people are known by number
  LinkCounts counts;
};

LinkResult link_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, Progress& progress);

}  // namespace catchment::linkage
