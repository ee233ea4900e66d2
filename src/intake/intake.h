// intake: from partners' files to staged rows, findings and receipts.
//
// In:     feed definitions (feed.h, docs/reference/feeds.md) and the folder extracts/ of a workspace.
// Out:    `staged.duckdb` in the folder of the snapshot being built (mode 0600: it holds identities), and a
//         receipt per file. Tables:
//   source            id INTEGER, file (relative to extracts/), feed, partner, period, delivery, setting, key_kind,
//                     key_domain, purposes (comma separated), format, status (complete | incomplete | empty | unreadable |
//                     refused | duplicate | superseded | unclaimed), sha256, bytes, rows_read, rows_accepted, rows_quarantined, rows_staged,
//                     first_event DATE, latest_event DATE, frequency, tolerance, one_row_per_person, postcode_is_incident, synthetic
//   source_field      source, column_name, present, bad: of the rows read, how many had a value, how many of those failed
//   source_table      source, table_name, rows
//   finding           source, line, column_name, rule, severity (error | warning | note), value_class; line 0 = the file.
//                     Warnings beyond 1,000 of one source, column and rule are only in finding_count
//   finding_count     source, column_name, rule, severity, rows
//   quarantine        source, line, column_name, rule, raw: the row as it came (first 64 KB)
//   drift             source, previous (source id), measure (rows | present), column_name, before DOUBLE, now DOUBLE, severity
//   code              id INTEGER, system, code, display          ids from 1 in order of first use;
//   unit              id INTEGER, code                           a null in a staged row means "not said",
//   organisation      id INTEGER, code, name                     organisation 0 likewise
//   area              id INTEGER, code
//   subject_identity  subject BIGINT, source, line, organisation, nhs_number, number_status, local_id, given, family,
//                     previous_family, birth_date DATE, birth_precision (day|month|year), sex, ethnicity, postcode, address, telephone,
//                     email, practice INTEGER, language, death_date DATE, restricted BOOLEAN, updated_date DATE, area INTEGER:
//                     every distinct identity a subject was sent with
//   subject           id BIGINT, kind (nhs_number | local_id | pseudonym | row), domain, organisation INTEGER, key, source, line, and the
//                     identity fields of its newest identity row (updated_date, then source, then line); nulls when it has none.
//                     NHS numbers here are ten digits that passed modulus 11, or null
//   staged_<table>    for each table of records/schema.h: subject BIGINT, source INTEGER, line BIGINT, organisation INTEGER,
//                     then its columns (code, unit, organisation and area columns are ids); reference tables are without the subject
//   resource          subject BIGINT (null when about nobody), source, line, type, id, json VARCHAR compressed with zstd
// Always: every row read is either accepted (it is in at least one staged table, an identity or resource) or quarantined, and
//         rows_read = rows_accepted + rows_quarantined for every source. Ids and rows are the same for any number of threads.
//         A finding names file, line, column, rule and class of value, never the value. Memory is bounded: blocks of a
//         file in flight, the dictionaries, 16 bytes a subject, 8 bytes a distinct identity row.
//
// Rules named in findings: required, type, range, list, code-shape, code-unknown, nhs-number, unit-unknown, future-date, length,
//   date-order, duplicate-key, any-of, word, local-time (happens twice or never), organisation-unknown, organisation-retired, cells (another
//   number of cells than the header), quoting, encoding, line-too-long, json, resource-type, reference, nothing-to-stage; for a whole file:
//   empty-file, not-a-file, unreadable, truncated, column-absent, duplicate-file, superseded, no-feed, drift-volume, drift-completeness.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/progress.h"
#include "intake/feed.h"

namespace catchment::intake {

struct IntakeSettings {
  std::filesystem::path extracts;
  std::filesystem::path snapshot;             // an existing folder; staged.duckdb is made in it (an old one is replaced)
  std::filesystem::path temporary_directory;  // where the store may spill
  std::string memory_limit = "2GB";
  unsigned threads = 2;
  Date as_of;                                 // later dates are findings
  std::string zone = "Europe/London";         // of local times, a name of the time zone database
};

struct FieldReceipt {
  std::string column;
  std::uint64_t present = 0;
  std::uint64_t bad = 0;
};

struct FindingCount {
  std::string column;
  std::string rule;
  std::string severity;
  std::uint64_t rows = 0;
};

struct Receipt {
  std::int32_t source = 0;
  std::string file, feed, partner, period, delivery, status, sha256;
  std::uint64_t bytes = 0, rows_read = 0, rows_accepted = 0, rows_quarantined = 0, rows_staged = 0;
  double tolerance = 0;
  std::optional<Date> first_event, latest_event;
  double seconds = 0;                         // not stored
  std::vector<FieldReceipt> fields;
  std::vector<FindingCount> findings;
};

struct IntakeResult {
  std::vector<Receipt> receipts;              // one per file under extracts/, in path order
  std::uint64_t rows_read = 0, rows_accepted = 0, rows_quarantined = 0, rows_staged = 0, subjects = 0;
  /// Files that are unreadable, refused, incomplete, empty or above their feed's tolerance.
  std::vector<std::string> failures;          // one line each, no person data
};

/// Reads every file under `extracts` and writes `staged.duckdb`. Throws Error when it cannot continue (a folder that cannot
/// be written, a full disk); whatever is wrong with a file is a finding.
IntakeResult stage_extracts(const FeedDefinitions& definitions, const IntakeSettings& settings, Progress& progress);

/// The receipt as a person reads it, and as a program does.
std::string to_text(const IntakeResult& result);
std::string to_json(const IntakeResult& result);

}  // namespace catchment::intake
