// One published snapshot, read. Every function that answers about persons takes the RowFilter that
// module access made for the reader.
//
// Threads: every function may be called from several threads at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/ids.h"
#include "base/nhs_number.h"
#include "db/db.h"
#include "records/block.h"
#include "records/dictionaries.h"
#include "records/filter.h"
#include "records/manifest.h"
#include "records/workspace.h"

namespace catchment::records {

/// Who a person is, as the rule for conflicting sources chose it. Address, postcode and contacts are
/// empty for a person with a protected location unless the filter sees those.
struct Identity {
  PersonId person;
  std::string nhs_number;  // ten digits or empty
  std::string number_status;
  std::string given, family, previous_family;
  std::optional<Date> birth_date;
  std::string sex;
  std::string address, postcode, telephone, email, language;
  std::optional<Date> death_date;
  bool restricted = false;
};

/// One partner's row about the person, where it came from.
struct IdentityRow {
  std::string feed;
  SourceId source;
  std::int64_t line = 0;
  std::string local_id;
  Identity identity;
};

struct NameQuery {
  std::string family;                  // beginning of it; case and accents do not matter
  std::string given;                   // beginning of it; may be empty
  std::optional<Date> birth_date;
  std::size_t limit = 50;
};

/// Other values sources gave for a field the person table holds once.
struct Alternative {
  std::string field;   // "ethnicity" | "area" | "practice"
  std::string value;   // the label: a code's display, an area's code, a practice's code
  SourceId source;
  std::int64_t line = 0;
  std::optional<Date> date;  // when the source said so
  bool chosen = false;
};

/// A FHIR resource as a partner sent it.
struct SentResource {
  SourceId source;
  std::int64_t line = 0;
  std::string json;
};

struct FieldQuality {
  std::string field;
  std::int64_t present = 0;  // rows with a value
  std::int64_t bad = 0;      // of those, values that failed a check
};

/// The one rule for whether a file has more rows in quarantine than its feed tolerates. `tolerance` is a share, 0 to 1.
inline bool within_tolerance(std::int64_t rows_quarantined, std::int64_t rows_read, double tolerance) {
  return static_cast<double>(rows_quarantined) <= tolerance * static_cast<double>(rows_read);
}

/// One delivered file, what became of it.
struct Receipt {
  SourceId source;
  std::string feed;
  std::string file;                // relative to extracts/
  std::string partner;             // who sent it: ODS code
  std::string partner_name;
  std::string setting;             // "general-practice", "hospital", ...: the lane on the timeline
  std::string period, delivery;    // as its path says
  std::string status;              // complete | incomplete | empty | unreadable | refused | duplicate | superseded
  std::string sha256;
  std::string frequency;           // daily | weekly | monthly | quarterly | yearly | once
  std::string purposes;            // comma separated
  std::int64_t bytes = 0;
  std::int64_t rows_read = 0, rows_accepted = 0, rows_quarantined = 0;
  std::optional<Date> first_event, latest_event;
  double tolerance = 0;            // share of rows that may be quarantined (0 to 1)
  bool synthetic = false;
  std::vector<FieldQuality> fields;
  bool within_tolerance() const { return records::within_tolerance(rows_quarantined, rows_read, tolerance); }
};

/// A fault in the data, counted by file, rule and column. Never the value.
struct Finding {
  SourceId source;
  std::string feed;
  std::string file;
  std::string rule;
  std::string severity;  // error | warning | note
  std::string column;
  std::int64_t rows = 0;
  std::string value_class;      // the class of value most often at fault: "not-a-date", ...
  std::int64_t first_line = 0;  // 0 = the file as a whole
};

/// A delivery that differs from the one before it more than its feed allows.
struct Drift {
  SourceId source, previous;
  std::string feed, file;
  std::string measure;  // rows | present
  std::string column;
  double before = 0, now = 0;
  std::string severity;
};

struct FindingQuery {
  std::optional<std::string> feed;
  std::optional<SourceId> source;
  std::optional<std::string> rule;
};

/// Where a fault stands: one row and column of one file. Never the value.
struct FaultyRow {
  SourceId source;
  std::string feed;
  std::string file;
  std::int64_t line = 0;    // 0 = the file as a whole
  std::string column;       // empty = the row as a whole
  std::string rule;
  std::string severity;     // error: the row is in quarantine; warning, note: it was kept
  std::string value_class;  // "digits:9", "date-like:10", ...; empty when there was no value
};

struct FaultyRowQuery {
  std::string feed;
  std::optional<std::string> rule;
  std::optional<std::string> column;  // "" = faults of the row or file as a whole
  bool quarantined_only = false;
  std::int64_t offset = 0, limit = 100;
};

/// In the order of files and lines. Warnings and notes beyond 1,000 of one file, column and rule are counted in
/// `Finding` but not kept one by one; faults that put a row in quarantine are all kept.
struct FaultyRows {
  std::int64_t total = 0;
  std::vector<FaultyRow> rows;
};

/// A rejected row as it was received.
struct QuarantinedRow {
  SourceId source;
  std::string feed;
  std::string file;
  std::int64_t line = 0;
  std::string rule;
  std::string column;
  std::string content;
};

struct QuarantineQuery {
  std::optional<SourceId> source;
  std::optional<std::string> feed;
  std::optional<std::string> rule;
  std::size_t offset = 0;
  std::size_t limit = 100;
  std::optional<std::int64_t> line = {};
};

/// Ways to split a count of the population. age_band: 0-4 ... 85-89, 90+.
enum class Dimension : std::uint8_t { place, neighbourhood, area, practice, age_band, sex, ethnic_group, deprivation_fifth };
std::string_view to_string(Dimension dimension);

enum class Population : std::uint8_t { resident, registered, resident_and_registered, known };

struct CountQuery {
  Population population = Population::resident;
  std::vector<Dimension> by;                   // at most four
  std::optional<std::int32_t> place;           // only this place
  std::optional<std::string> neighbourhood;    // only this one, by name
};

/// One group. `keys` follow CountQuery::by and are stable ids ("luton", "5-9", "female", "2", an area or
/// practice code; "unknown" where not known). Counts are exact: pass them through `disclosure` at an exit.
struct CountRow {
  std::vector<std::string> keys;
  std::int64_t persons = 0;
};

class Snapshot {
 public:
  /// Opens a snapshot folder read-only. Throws when it is damaged or of an unknown format.
  static std::shared_ptr<const Snapshot> open_folder(const std::filesystem::path& folder);
  /// The snapshot `current` points to now; throws when nothing was published yet.
  static std::shared_ptr<const Snapshot> open(const Workspace& workspace);
  ~Snapshot();

  const Manifest& manifest() const;
  const Dictionaries& dictionaries() const;
  const SnapshotFiles& files() const;

  // One person. Nothing when there is no such person or the filter does not see them: a reader cannot
  // tell which.
  std::optional<PersonBlock> person_block(PersonId person, const RowFilter& filter) const;
  std::optional<PersonSummary> person_summary(PersonId person, const RowFilter& filter) const;
  std::optional<Identity> identity(PersonId person, const RowFilter& filter) const;
  std::vector<IdentityRow> identity_rows(PersonId person, const RowFilter& filter) const;
  std::vector<Alternative> alternatives(PersonId person, const RowFilter& filter) const;
  /// The FHIR resources that the person's rows came from, in no order; those that say who somebody is are left out. Nothing without
  /// sees_resources().
  std::vector<SentResource> resources(PersonId person, const RowFilter& filter) const;

  // Finding a person. Only persons the filter sees; nothing without sees_identity().
  std::vector<Identity> find_by_nhs_number(NhsNumber number, const RowFilter& filter) const;
  std::vector<Identity> find_by_name(const NameQuery& query, const RowFilter& filter) const;

  // Data quality: no person data but in quarantined rows.
  std::vector<Receipt> receipts() const;
  std::vector<Finding> findings(const FindingQuery& query) const;
  std::vector<Drift> drift() const;
  FaultyRows faulty_rows(const FaultyRowQuery& query) const;
  std::vector<QuarantinedRow> quarantined(const QuarantineQuery& query, const RowFilter& filter) const;

  // Counts. Empty without sees_counts().
  std::vector<CountRow> count(const CountQuery& query, const RowFilter& filter) const;

  /// A connection to population.duckdb for modules that compute over everyone (measures, need,
  /// indicators). Not for exits: what leaves goes through the functions above or a published result.
  db::Connection population() const;

 private:
  Snapshot();
  std::vector<Identity> find_identities(std::string_view statement, const std::vector<db::Cell>& values, std::size_t limit, const RowFilter& filter) const;
  struct State;
  std::unique_ptr<State> state_;
};

/// Follows `current` without a restart: each call looks where it points and opens the new snapshot
/// once. A snapshot in use lives until its last reader lets go.
class SnapshotFollower {
 public:
  explicit SnapshotFollower(Workspace workspace);
  ~SnapshotFollower();
  /// Throws when nothing was published yet or the new snapshot cannot be read.
  std::shared_ptr<const Snapshot> current();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::records
