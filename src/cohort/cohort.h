// cohort: groups of people chosen without code.
//
// In:     a form (JSON): clauses about registers, age, sex, events in time, values and practices, joined by all, any, not.
// Out:    the CQL it stands for, checked; made-up people who meet and just miss each clause; how many people of a
//         snapshot are in it; versions kept in authored.sqlite.
// Always: the CQL is all that is evaluated; each clause is true or false of everyone (nothing known is false); counts
//         for readers passed `disclosure`; what a person wrote gives diagnostics with the place in the form and a fix.
//
//     {"id": "diabetes-no-recent-hba1c", "title": "Diabetes, no HbA1c in a year",
//      "who": {"all": [{"register": "diabetes"}, {"age": {"from": 18, "to": 79}},
//                      {"not": {"event": {"codelist": "hba1c", "within_months": 12}}}]}}
//
// | clause | meaning, on the last day of the month asked |
// |---|---|
// | {"all": [...]}, {"any": [...]}, {"not": {...}} | every one, at least one, not |
// | {"register": codelist} | on the register, by the rule of Record.has |
// | {"age": {"from", "to"}} | whole years, both ends included |
// | {"sex": "female" or "male"} | |
// | {"event": {"codelist", "within_months" or "from" and "to", "at_least"}} | on at least so many days; no window: ever |
// | {"value": {"codelist", window as above, "above" or "at_least", "below" or "at_most"}} | a number of the latest day within the window lies there |
// | {"practice": {"places", "networks", "practices"}} | registered with one of them |
//
// Everyone of a cohort is alive and registered on that day ("of": "alive" asks for the former only).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/diagnostic.h"
#include "base/progress.h"
#include "cohort/answers.h"
#include "cql/cql.h"
#include "db/db.h"
#include "disclosure/disclosure.h"
#include "measures/measures.h"
#include "records/records.h"
#include "system/system.h"
#include "terminology/terminology.h"

namespace catchment::cohort {

inline constexpr std::size_t most_clauses = 60;
inline constexpr int deepest_clause = 8;

/// Up to the last day of the month asked: so many months back, or from and to. Neither: ever.
struct Window {
  int months = 0;
  std::optional<Date> from, to;
  bool operator==(const Window&) const = default;
};

enum class ClauseKind : std::uint8_t { all, any, no, on_register, age, sex, event, value, practice };

struct Clause {
  ClauseKind kind = ClauseKind::all;
  std::vector<Clause> parts;                                   // all, any; one of no
  std::string codelist;                                        // on_register, event, value
  std::optional<int> from_age, to_age;                         // age
  std::string sex;                                             // "female", "male"
  Window within;                                               // event, value
  int at_least_days = 1;                                       // event
  std::string low, high;                                       // value: numbers as written; empty: no such end
  bool low_included = false, high_included = false;
  std::vector<std::string> places, networks, practices;        // practice
  bool operator==(const Clause&) const = default;
};

struct Cohort {
  std::string id, title, note;
  bool registered = true;  // false: everyone alive
  Clause who;
  bool operator==(const Cohort&) const = default;
};

/// What clauses may name.
struct Known {
  const system::System* system = nullptr;
  const terminology::Codelists* codelists = nullptr;
  const measures::MeasureLibrary* library = nullptr;  // for the CQL libraries Record and FHIRHelpers
  const cql::Models* models = nullptr;                // read again for each program when null
};

/// Reads a form; nothing when it has errors. A diagnostic's message names the place in the form ("who.all[2].age").
std::optional<Cohort> read_form(std::string_view json, const std::string& file, const Known& known, Diagnostics& diagnostics);
/// The same form again: read_form(to_json(c)) is c.
std::string to_json(const Cohort& cohort);
/// "on the register of Diabetes mellitus, 18 to 79 years old, ..." for people.
std::string in_words(const Cohort& cohort, const Known& known);

/// The CQL of a cohort, one definition a clause, "Cohort" last.
std::string to_cql(const Cohort& cohort, const Known& known);
/// Checked and ready to be asked; null with diagnostics when it does not check (a fault of ours, or of Record.cql).
std::unique_ptr<cql::Program> program_of(const Cohort& cohort, const Known& known, Diagnostics& diagnostics);
/// A main library written by hand that defines "Cohort", true or false of a person: the same diagnostics as the editor shows.
std::unique_ptr<cql::Program> program_of(const cql::LibraryText& text, const Known& known, Diagnostics& diagnostics);

/// A made-up person: rows of the record, and what they are there to show.
struct DummyPerson {
  std::string shows;  // "meets every clause", "misses: 18 to 79 years old"
  bool expected = false;  // in the cohort, as far as clauses do not contradict each other
  struct Row {
    std::string table;
    std::vector<measures::CellText> cells;
  };
  std::vector<Row> rows;
};

/// People made up for a program written by hand, from what it reads: rows of the codes it retrieves, on the days and
/// with the numbers it names and those just beside them. First one who is in it, where one was found, then for each
/// condition one who misses it by a single change. Takes `milliseconds` at most.
struct QueryPeople {
  std::vector<DummyPerson> people;
  std::vector<std::string> not_made;  // what could not be made up or decided, and why; in words
};
QueryPeople people_for(const cql::Program& program, const Known& known, Date at, int milliseconds = 2'000);

/// Why the program holds each of them, or does not: its clauses, and what became of the person's rows, which are
/// addressed by their place in DummyPerson::rows counted from 1.
std::vector<std::vector<measures::ClauseBehind>> reasons(const cql::Program& program, const Known& known, const std::vector<DummyPerson>& people, Date at);

/// One person in the cohort and, for each clause, one who differs by just missing (or just meeting) it, on `at`'s month.
std::vector<DummyPerson> dummy_people(const Cohort& cohort, const Known& known, Date at);
/// What the program says of each of them: true, false. Throws a bug when rows cannot be read.
std::vector<bool> answers(const cql::Program& program, const Known& known, const std::vector<DummyPerson>& people, Date at);
/// Asks the program about one made-up person without rows, within `steps` steps and `milliseconds`. Throws a user's error when it
/// takes more, or fails: whoever would count it over everyone tries it first.
void try_out(const cql::Program& program, const Known& known, Date at, std::uint64_t steps = 200'000, int milliseconds = 1'000);
/// Rows as in measure cases, with the answers and the clauses behind them, for reading.
std::string people_text(const std::vector<DummyPerson>& people, const std::vector<bool>& answers,
                        const std::vector<std::vector<measures::ClauseBehind>>& reasons = {});

/// How many of a snapshot are in it, by month, and who they are in the last month. Exact.
struct ExactCounts {
  std::vector<Date> months;              // last days, oldest first
  std::vector<std::int64_t> members;     // by month
  struct Group {
    std::string dimension, group;        // sex, age, place, deprivation
    std::int64_t members = 0;
    std::vector<std::uint32_t> who = {};  // as below
  };
  std::vector<Group> profile;            // of the last month; groups of a dimension sum to its members
  std::map<std::string, std::uint64_t> errors;
  std::vector<std::vector<std::uint32_t>> who = {};  // by month: the members' places among those who have not opted out, ascending
};
struct CountOptions {
  Date last;
  int months = 1;
  unsigned threads = 2;
  std::uint64_t memory_bytes = std::uint64_t{2} << 30;
  /// Asked now and then, from several threads; once it says true the count throws a user's error.
  std::function<bool()> give_up;
};
ExactCounts count(const cql::Program& program, const Known& known, const records::Snapshot& snapshot, const CountOptions& options, Progress& progress);

/// The same as they may leave: profile and total as linked cells; months each by the rule of single counts.
struct ShownGroup {
  std::string dimension, group;
  disclosure::Count members;
};
struct ShownMembers {
  std::vector<Date> months;
  std::vector<disclosure::Count> members;
  std::vector<ShownGroup> profile;
  disclosure::Loss loss;
  std::vector<std::string> held_back;  // why counts are hidden that are not small: a sentence each
};
ShownMembers shown(const disclosure::Policy& policy, const ExactCounts& counts);
/// Held against what was answered before as well, and remembered. What may not be shown beside it is hidden: a month; a split of
/// the profile whole; the profile with the last month.
ShownMembers shown(const disclosure::Policy& policy, const ExactCounts& counts, AnswerStore& answers);

/// A kept version. `cql` is what was written then, so that an old version answers as it did; `form` is empty when it was written by hand.
struct SavedCohort {
  std::string id, title, form, cql, hash, saved_by;
  int version = 0;
  Instant saved_at;
};

/// Versions in authored.sqlite: only ever added to.
class CohortStore {
 public:
  explicit CohortStore(const std::filesystem::path& authored);
  /// The new version, or the newest when neither form nor CQL has changed since.
  SavedCohort save(const Cohort& cohort, const Known& known, const std::string& by, Instant at);
  /// The same for CQL written by hand.
  SavedCohort save_cql(const std::string& id, const std::string& title, const std::string& cql, const std::string& by, Instant at);
  std::vector<SavedCohort> versions(std::string_view id);              // newest first
  std::vector<SavedCohort> list();                                    // newest version of each, by id
  std::optional<SavedCohort> find(std::string_view id, int version = 0);  // 0: the newest

 private:
  SavedCohort keep(SavedCohort saved);
  db::Sqlite database_;
};

}  // namespace catchment::cohort
