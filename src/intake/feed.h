// A feed definition in memory (docs/reference/feeds.md is its reference), and its loader.
// In: `feeds/*.toml`, `units.csv` and codelists of a system folder. Out: feeds whose every name, constant
// and map was checked against the record's tables, and a diagnostic with file, line and fix for each fault.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/date.h"
#include "base/diagnostic.h"

namespace catchment::intake {

enum class Format : std::uint8_t { by_name, csv, parquet, fhir_ndjson, fhir_bundle };
enum class KeyKind : std::uint8_t { nhs_number, local_id, pseudonym, none };  // none: rows about nobody
enum class Bad : std::uint8_t { quarantine, empty, keep };
enum class ColumnKind : std::uint8_t { text, code, word, date, time, instant, integer, number, pounds, pence, flag, nhs_number, postcode, area, organisation };

struct Map {
  std::vector<std::pair<std::string, std::string>> entries;
  std::optional<std::string> otherwise;  // "*"
};

struct FeedColumn {
  std::string name;                  // a family is expanded: DIAG_4_01, DIAG_4_02, ...
  std::vector<std::string> aliases;
  ColumnKind kind = ColumnKind::text;
  std::vector<std::string> formats;  // date patterns; empty = ISO
  bool required = false;
  std::optional<double> minimum;     // for dates: days
  std::optional<double> maximum;
  std::optional<std::int64_t> max_length;
  std::vector<std::string> in;
  std::string system;                // code system URI
  int system_column = -1;
  std::string codelist;
  std::string map;
  std::string unit;
  double factor = 1;
  double offset = 0;
  std::vector<std::string> nulls;
  bool future = false;
  bool registered = true;            // an organisation: checked against the register of organisations
  Bad bad = Bad::empty;
};

/// Where a field's value comes from. Columns are indexes into Feed::columns.
struct Expression {
  enum class Kind : std::uint8_t { none, column, family, constant, first, join, date_and_time, index, partner };
  Kind kind = Kind::none;
  std::vector<int> columns;          // family: every member
  std::string map;
  std::string text;                  // constant, or what joins
  std::string system;                // of a constant code
};

struct Condition {
  enum class Kind : std::uint8_t { in, not_in, present, absent };
  Kind kind = Kind::in;
  int column = -1;
  std::vector<std::string> values;
};

struct RecordRule {
  int table = -1;                    // index for records::table_at
  std::vector<Expression> fields;    // one per column of the table
  std::vector<int> each;             // members of the family, or empty
  std::vector<Condition> when;
  std::vector<int> needs;            // column indexes of the table
};

struct CheckRule {
  enum class Kind : std::uint8_t { date_order, unique, any_of };
  Kind kind = Kind::date_order;
  std::vector<int> columns;
  Bad bad = Bad::keep;
};

/// Fields of an identity row, in the order of table subject_identity.
enum IdentityField : std::uint8_t {
  identity_nhs_number,
  identity_number_status,
  identity_local_id,
  identity_given,
  identity_family,
  identity_previous_family,
  identity_birth_date,
  identity_sex,
  identity_ethnicity,
  identity_postcode,
  identity_address,
  identity_telephone,
  identity_email,
  identity_practice,
  identity_language,
  identity_death_date,
  identity_restricted,
  identity_updated_date,
  identity_area,
  identity_fields
};
std::string_view identity_field_name(IdentityField field);

struct Feed {
  std::string name;
  std::string file;                  // definition file, for messages
  std::string title;
  std::string setting;
  std::vector<std::string> patterns;
  Format format = Format::by_name;
  std::string partner;
  KeyKind key = KeyKind::local_id;
  std::string key_domain;
  int key_column = -1;
  int fallback_key_column = -1;
  int organisation_column = -1;
  std::vector<std::string> purposes;
  std::string opt_out;  // "national" or "type-1": who is in this feed has opted out of planning and research; empty otherwise
  std::string frequency;
  int late_after_days = 0;
  double tolerance = 0.01;
  bool one_row_per_person = false;
  bool postcode_is_incident = false;
  bool keep_all_json = true;
  bool synthetic = false;

  char separator = '\0';             // '\0' = find out
  char quote = '"';
  std::string encoding;              // empty = find out
  bool header = true;
  std::vector<std::string> nulls{""};

  std::vector<FeedColumn> columns;
  std::vector<Expression> identity;  // identity_fields long, or empty when the feed carries none
  std::vector<RecordRule> records;
  std::vector<CheckRule> checks;
  std::map<std::string, Map> maps;

  bool has_unique_check() const {
    for (const auto& check : checks)
      if (check.kind == CheckRule::Kind::unique) return true;
    return false;
  }
  bool is_fhir() const { return format == Format::fhir_ndjson || format == Format::fhir_bundle; }
};

/// One row of units.csv.
struct UnitRule {
  std::string system, code, unit, canonical;
  double factor = 1, offset = 0;
  std::optional<double> minimum, maximum;
};

/// A time during which an organisation code stood for somebody. A code may have several.
struct OrganisationTime {
  std::string code;
  std::optional<Date> opened, closed;  // closed: the last day
};

/// Everything intake needs from a system folder.
struct FeedDefinitions {
  std::vector<Feed> feeds;           // sorted by name
  std::vector<UnitRule> units;
  std::map<std::string, std::unordered_set<std::string>> codelists;  // those that feeds name
  std::vector<OrganisationTime> organisations;  // of organisations.csv and practices.csv
};

/// One definition from its text. `file` is used in messages. Nothing when it cannot be used at all.
std::optional<Feed> read_feed(const std::string& file, std::string_view toml, Diagnostics& diagnostics);

/// The columns of every FHIR feed: the identity's fields, then each column of each table ("observation.value").
std::vector<FeedColumn> fhir_columns();

/// `<system>/feeds/*.toml`, `<system>/units.csv`, the codelists they name and the codes of organisations, all faults at once.
FeedDefinitions load_feeds(const std::filesystem::path& system, Diagnostics& diagnostics);

/// The URI of a short system name ("snomed"), or the text itself.
std::string code_system_uri(std::string_view name);

/// What a path under extracts/ says about a file, when the pattern fits it.
struct PathMatch {
  std::string partner, period, delivery;
};
std::optional<PathMatch> match_path(std::string_view pattern, std::string_view path);

}  // namespace catchment::intake
