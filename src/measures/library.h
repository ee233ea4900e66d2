// The measure library of a system: measures/NAME.cql with NAME.toml beside it, and imported series.
// In: a definition folder with its strategy and codelists. Out: measures in plain words with the definitions that
// work them out, the codelists they read, and one diagnostic for every fault with file, line and fix.
// Always: a measure is one (id, financial year); its version changes when its logic, words that change the count,
// or codes change, and not otherwise; nothing here throws for what a person wrote.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/diagnostic.h"
#include "cql/cql.h"
#include "measures/plan.h"
#include "system/definitions.h"
#include "system/system.h"
#include "terminology/terminology.h"

namespace catchment::measures {

enum class MeasureKind : std::uint8_t {
  proportion,  // people of the denominator who are in the numerator
  count,       // events of the people of the denominator: the numerator is a list or an Integer
  register_,   // who has a condition: a proportion that is neither good nor bad
};
std::string_view word_of(MeasureKind kind);

struct CodelistUse {
  std::string id, version, hash;
  auto operator<=>(const CodelistUse&) const = default;
};

/// What a measure and an imported series both say of themselves.
struct MeasureWords {
  std::string id, title, purpose;
  std::string denominator, numerator, exclusions;  // plain words
  std::string source, owner, limits;
  std::string good_direction;                      // higher, lower, neither
  std::string priority, focus, programme;          // of strategy.toml; priority may be an enabler
};

struct LibraryMeasure {
  MeasureWords words;
  std::string year;                                // "2025/26"
  Date from, to;                                   // its first and last day
  MeasureKind kind = MeasureKind::proportion;
  double per = 100;                                // shown as so many of a hundred, a thousand
  std::optional<double> target;
  std::string library;                             // CQL library
  std::string denominator, numerator, exclusions;  // definitions; exclusions may be empty
  std::vector<CodelistUse> codelists;              // ordered by id
  std::string version;                             // 12 hex digits of logic and codes
  std::string file;                                // the TOML, relative to the definition folder
  int line = 0;
};

struct SeriesPoint {
  std::string place, period;
  std::optional<double> numerator, denominator;
  double value = 0;
  std::string note;
  std::string split, group;  // whom it is about: age, sex, deprivation or ethnicity, and which; both empty: everybody
};

/// An indicator that no record of persons can hold, brought in as figures.
struct ImportedSeries {
  MeasureWords words;
  std::string unit;
  bool synthetic = false;
  std::vector<SeriesPoint> points;  // about everybody of a place, in file order
  std::vector<SeriesPoint> groups;  // about a part of them, in file order
};

struct MeasureLibrary {
  std::vector<LibraryMeasure> measures;  // ordered by id, year
  std::vector<ImportedSeries> series;    // ordered by id
  Plan plan;                             // of plan.toml; no lines where there is none
  std::vector<cql::LibraryText> texts;   // the CQL, ordered by file
  cql::Libraries libraries;              // the same, by name
};

struct LoadedMeasures {
  MeasureLibrary library;
  Diagnostics diagnostics;
};

/// Reads and checks everything: metadata, CQL, the definitions named, codelists, the lock of codelists, series.
LoadedMeasures load_measures(const std::filesystem::path& system_folder);
LoadedMeasures load_measures(system::Definitions definitions, const system::System& system, const terminology::Codelists& codelists);

/// The measure in the financial year that holds `on`; the first year when `on` is before all, the last when after.
/// Null when there is no such id.
const LibraryMeasure* find_measure(const MeasureLibrary& library, std::string_view id, Date on);
const ImportedSeries* find_series(const MeasureLibrary& library, std::string_view id);

/// Measures as one program: definition 3i of the main library is the denominator of measure i, 3i+1 the numerator,
/// 3i+2 the exclusions (false when there are none). Null with diagnostics when something does not fit.
std::unique_ptr<cql::Program> program_of(const MeasureLibrary& library, const std::vector<const LibraryMeasure*>& measures, Diagnostics& diagnostics);

/// Value sets `codelist:ID` of CQL, answered from codelists. ICD-10 with and without its point; prefixes match.
class CodelistSets final : public cql::ValueSets {
 public:
  explicit CodelistSets(const terminology::Codelists& codelists);
  ~CodelistSets() override;
  const cql::CodeSet* value_set(const std::string& url, const std::string& version) const override;

 private:
  std::map<std::string, std::unique_ptr<cql::CodeSet>, std::less<>> sets_;
};

/// The text of measures/codelists.csv as the library now is: which library reads which codelist in which state.
std::string codelist_lock(const MeasureLibrary& library);

/// "Measurement Period" of every library of the program: the calendar month that `month` is in.
void set_month(const cql::Program& program, Date month, cql::Request& request);

/// Gives up the parameters that set_month froze, once every run over the request has gone.
void drop_parameters(cql::Request& request);

}  // namespace catchment::measures
