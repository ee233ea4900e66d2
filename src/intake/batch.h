// What one block of a file becomes, before it is committed: rows of input with what was made of each.
// Texts point into the block, into the batch's own arena or into the feed's definition; nothing is
// allocated per row once the buffers have grown.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "intake/feed.h"
#include "intake/text_hash.h"

namespace catchment::intake {

/// Text storage whose addresses stay.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    char* to = reserve(text.size());
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    used_ += text.size();
    return {to, text.size()};
  }
  /// Room for `size` bytes; `commit` takes what was used of it.
  char* reserve(std::size_t size) {
    while (block_ < blocks_.size() && used_ + size > blocks_[block_].size) ++block_, used_ = 0;
    if (block_ == blocks_.size()) {
      const std::size_t room = size > standard ? size : standard;
      blocks_.push_back({std::make_unique<char[]>(room), room});
      used_ = 0;
    }
    return blocks_[block_].bytes.get() + used_;
  }
  void commit(std::size_t size) { used_ += size; }
  void clear() {
    if (blocks_.size() > 64) blocks_.resize(64);
    block_ = 0;
    used_ = 0;
  }

 private:
  static constexpr std::size_t standard = std::size_t{1} << 16;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  std::size_t block_ = 0;
  std::size_t used_ = 0;
};

/// One value of a staged row: a number, or a text.
struct Slot {
  union {
    std::int64_t integer;
    double number;
    const char* text;
  };
  std::uint32_t length = 0;
  bool present = false;

  Slot() : integer(0) {}
  static Slot of(std::int64_t v) {
    Slot s;
    s.integer = v;
    s.present = true;
    return s;
  }
  static Slot of_number(double v) {
    Slot s;
    s.number = v;
    s.present = true;
    return s;
  }
  static Slot of_text(std::string_view v) {
    Slot s;
    s.text = v.data();
    s.length = static_cast<std::uint32_t>(v.size());
    s.present = true;
    return s;
  }
  std::string_view view() const { return {text, length}; }
};

enum class Rule : std::uint8_t {
  required,
  type,
  range,
  list,
  code_shape,
  code_unknown,
  nhs_number,
  unit_unknown,
  future_date,
  length,
  date_order,
  duplicate_key,
  any_of,
  word,
  local_time,
  organisation_unknown,
  organisation_retired,
  cells,
  quoting,
  encoding,
  line_too_long,
  json,
  resource_type,
  reference,
  nothing_to_stage,
  empty_file,
  not_a_file,
  unreadable,
  truncated,
  column_absent,
  duplicate_file,
  superseded,
  no_feed,
  drift_volume,
  drift_completeness,
  rules
};
std::string_view to_string(Rule rule);

enum class Level : std::uint8_t { error, warning, note };

/// The shape of a value that failed: what may be said about it.
struct ValueClass {
  enum class Kind : std::uint8_t { none, empty, digits, letters, letters_and_digits, number, date_like, punctuated, not_ascii };
  Kind kind = Kind::none;
  std::uint32_t length = 0;
};
ValueClass value_class(std::string_view text);
std::string to_string(ValueClass value);

/// A finding about one row. `column` is an index into the feed's columns, or -1.
struct RowFinding {
  std::uint64_t line = 0;
  std::int32_t column = -1;
  Rule rule = Rule::type;
  Level level = Level::warning;
  ValueClass value;
};

/// Subjects: which table of keys a row's key belongs to.
enum class SubjectKind : std::uint8_t { none, nhs_number, local_id, pseudonym, row };

struct InputRow {
  std::uint64_t line = 0;
  std::string_view raw;                 // as it came, for the quarantine
  std::string_view key;
  Hash128 subject;
  SubjectKind kind = SubjectKind::none; // none: about nobody
  std::int32_t organisation = 0;        // local id in the worker's dictionary; 0 = not said
  std::int32_t subject_organisation = 0;
  std::uint32_t staged_begin = 0, staged_end = 0;
  std::int32_t identity = -1;           // index of its identity slots
  std::uint64_t identity_hash = 0;
  std::uint64_t unique = 0;             // hash of its unique key; 0 = none
  std::uint64_t unique_column = 0;
  bool quarantined = false;
  std::int32_t resource = -1;
  Rule rule = Rule::type;               // why it was quarantined
  std::int32_t column = -1;
};

struct StagedRow {
  std::uint16_t table = 0;
  std::uint32_t first_slot = 0;
};

struct ResourceRow {
  std::string_view type, id, json;
};

/// A resource that an Encounter of the same system may name as a diagnosis, by one of its ids.
struct DiagnosisTarget {
  std::uint32_t row = 0;                // of Batch::rows
  std::string_view id;
  bool condition = true;                // else a procedure, which a bundle names in the same way
};

/// An Encounter's naming of a condition. The encounter's identifier and first day where it has them.
struct NamedDiagnosis {
  std::uint32_t row = 0;                // of Batch::rows
  std::string_view condition;
  std::int64_t rank = 0;                // 0 = none
  Slot encounter, start;
};

struct OrganisationRow {
  std::string_view id, code, name;
};

struct Batch {
  Arena arena;
  std::vector<InputRow> rows;
  std::vector<StagedRow> staged;
  std::vector<Slot> slots;              // of staged rows
  std::vector<Slot> identities;         // identity_fields + 1 (birth precision) each
  std::vector<ResourceRow> resources;
  std::vector<OrganisationRow> organisations;  // named by the file itself
  std::vector<DiagnosisTarget> targets;        // in order of their rows
  std::vector<NamedDiagnosis> diagnoses;       // likewise
  std::vector<RowFinding> findings;
  struct Count {
    std::uint64_t present = 0, bad = 0;
  };
  std::vector<Count> columns;           // per feed column
  std::vector<std::uint64_t> finding_counts;  // per (column + 1) * rules + rule
  std::vector<Level> finding_levels;          // likewise: the gravest
  std::int32_t first_event = INT32_MAX, latest_event = INT32_MIN;

  void start(std::size_t feed_columns) {
    arena.clear();
    rows.clear();
    staged.clear();
    slots.clear();
    identities.clear();
    resources.clear();
    organisations.clear();
    targets.clear();
    diagnoses.clear();
    findings.clear();
    columns.assign(feed_columns, {});
    finding_counts.assign((feed_columns + 1) * static_cast<std::size_t>(Rule::rules), 0);
    finding_levels.assign(finding_counts.size(), Level::note);
    first_event = INT32_MAX;
    latest_event = INT32_MIN;
  }
  void event(std::int32_t days) {
    if (days < first_event) first_event = days;
    if (days > latest_event) latest_event = days;
  }
  void find(std::uint64_t line, std::int32_t column, Rule rule, Level level, ValueClass value) {
    const std::size_t at = static_cast<std::size_t>(column + 1) * static_cast<std::size_t>(Rule::rules) + static_cast<std::size_t>(rule);
    if (level < finding_levels[at]) finding_levels[at] = level;
    if (finding_counts[at]++ < 1000 || level == Level::error) findings.push_back({line, column, rule, level, value});
  }
};

}  // namespace catchment::intake
