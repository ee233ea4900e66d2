// Where answers come from: one published snapshot with its definitions, as the shapes of the API.
// Two kinds exist: the snapshot itself (snapshot_source.h) and the honest fake of the tests.
// Every function that answers with person data or counts takes the RowFilter of the door; nothing is
// returned that the filter does not see. Safe from several threads.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/model.h"
#include "base/clock.h"
#include "base/progress.h"
#include "build/queue_reader.h"
#include "cohort/cohort.h"
#include "records/records.h"

namespace catchment::api {

struct QuarantineAsk {
  std::string feed;
  Text rule;    // nothing: every fault that put a row in quarantine; else every row where the rule found something
  Text column;  // "" = the row or file as a whole
  std::int64_t offset = 0, limit = 50;
};

struct MeasureAsk {
  Text place;
  bool resident = false;  // else registered
  Text index;             // version of the deprivation index; nothing for the usual one
};

struct ResidentAsk {
  std::string query;  // an NHS number or a name
  Day birth_date;
  std::int64_t limit = 20;
};

struct ResidentsFound {
  std::vector<ResidentHit> hits;  // handles not yet made
  bool more = false;
  Text note;
};

struct TableAsk {
  std::string kind;
  std::int64_t offset = 0, limit = 200;
};

struct CohortAsk {
  Date last;                      // a day of the last month
  int months = 1;
  std::function<bool()> give_up;  // asked now and then, from several threads
};

/// The review queue as the build left it, and when that build began: later decisions were not known to it.
struct ReviewQueue {
  build::QueueSize size;
  Instant built_at;
};

class Source {
 public:
  using Filter = records::RowFilter;
  virtual ~Source() = default;

  virtual SystemInfo system() const = 0;
  /// For the gate, which turns an account's places into the snapshot's; null when there is none.
  virtual const records::Dictionaries* dictionaries() const = 0;

  virtual Start start(const Filter& filter) const = 0;
  virtual SearchHits search(const std::string& text, const Filter& filter) const = 0;
  virtual FeedList feeds(const Filter& filter) const = 0;
  virtual std::optional<FeedDetail> feed(const std::string& id, const Filter& filter) const = 0;
  virtual std::optional<Quarantine> quarantine(const QuarantineAsk& ask, const Filter& filter) const = 0;
  virtual PlaceList places(const Filter& filter) const = 0;
  virtual std::optional<PopulationPage> population(const Text& place, bool registered, const Filter& filter) const = 0;
  virtual std::optional<Conditions> conditions(const Text& place, const Filter& filter) const = 0;
  virtual std::optional<AreaMap> areas(const Text& measure, const Text& place, bool by_neighbourhood, const Filter& filter) const = 0;
  virtual MeasureList measures(const Filter& filter) const = 0;
  virtual std::optional<MeasureDetail> measure(const std::string& id, const MeasureAsk& ask, const Filter& filter) const = 0;
  /// Why a measure's latest figure differs from an earlier one; `from` is one of MeasureChange::from, nothing for the usual.
  virtual std::optional<MeasureChange> change(const std::string& measure, const Text& place, const Text& from, const Filter& filter) const = 0;
  /// The worked cases of a measure, each made-up person with what made them count or not. Nobody real.
  virtual std::optional<MeasureCases> measure_cases(const std::string& measure, const Filter& filter) const = 0;
  /// `by` is deprivation, ethnicity, sex or place.
  virtual std::optional<InequalityPage> inequalities(const std::string& by, const MeasureAsk& ask, const Filter& filter) const = 0;
  virtual std::optional<PlaceProfile> place_profile(const std::string& place, const Filter& filter) const = 0;
  virtual Scorecard scorecard(const Filter& filter) const = 0;
  /// What cohorts may name; stands as long as the source. Throws when the definitions have faults.
  virtual const cohort::Known& cohort_known(const Filter& filter) const = 0;
  /// How many are in a cohort and who they are, as it may be shown.
  virtual CohortCounts count_cohort(const cql::Program& program, const CohortAsk& ask, Progress& progress, const Filter& filter) const = 0;
  virtual std::optional<Why> why(const std::string& figure, const Filter& filter) const = 0;
  virtual Structure structure(const Day& on, const Filter& filter) const = 0;
  virtual std::optional<BodyDetail> body(const std::string& id, const Filter& filter) const = 0;
  virtual StrategyPage strategy(const Filter& filter) const = 0;
  virtual std::optional<PriorityThread> follow(const std::string& priority, const Filter& filter) const = 0;
  virtual std::optional<ServiceList> services(const Text& place, const Filter& filter) const = 0;
  virtual ResidentsFound search_residents(const ResidentAsk& ask, const Filter& filter) const = 0;
  virtual std::optional<ResidentRecord> resident(PersonId person, const Filter& filter) const = 0;
  /// The resident's record as CQL reads it, without the resident's number; null when nobody is seen. Stands by itself.
  virtual std::shared_ptr<const cql::DataProvider> resident_data(PersonId person, const Filter& filter) const = 0;
  virtual std::optional<RecordTable> resident_table(PersonId person, const TableAsk& ask, const Filter& filter) const = 0;
  /// In which measures a resident counts in the snapshot's month, by the rows that the filter lets through.
  virtual std::optional<ResidentMeasures> resident_measures(PersonId person, const std::optional<std::string>& month, const Filter& filter) const = 0;
  /// One of them with the rows behind it.
  virtual std::optional<ResidentEvidence> resident_evidence(PersonId person, const std::string& measure, const std::optional<std::string>& month,
                                                            const Filter& filter) const = 0;
  virtual ReviewQueue review_queue(const Filter& filter) const = 0;
  /// Those of the items that there are, in their order.
  virtual std::vector<build::ReviewPair> review_pairs(const std::vector<std::int64_t>& items, const Filter& filter) const = 0;
  /// The item that asks whether two rows are one person.
  virtual std::optional<std::int64_t> review_item_of(const build::ReviewStore::Pair& rows, const Filter& filter) const = 0;
  /// Every row that a decision on the item speaks of.
  virtual build::ReviewRows review_names(std::int64_t item, const Filter& filter) const = 0;
  /// Both sides; what was decided is added by the route.
  virtual std::optional<ReviewItem> review_item(std::int64_t item, const Filter& filter) const = 0;
  /// Why the rows on one side are one person.
  virtual std::optional<PersonWhy> review_why(std::int64_t item, bool second, const Filter& filter) const = 0;
};

/// The source of this moment; follows publication without a restart. Throws when nothing was published yet.
class Sources {
 public:
  virtual ~Sources() = default;
  virtual std::shared_ptr<const Source> current() = 0;
  /// What may be said without a snapshot and without signing in.
  virtual SystemInfo system() = 0;
  /// Works out beforehand, on a thread of its own, what the first pages after now and after each publication would wait for.
  /// `counts` is one that sees counts of everyone.
  virtual void keep_ready(const records::RowFilter&) {}
};

/// The snapshot of a workspace with the definitions of a folder. With `demonstration_clock`, today is the day the snapshot stands for.
std::unique_ptr<Sources> snapshot_sources(const records::Workspace& workspace, const std::filesystem::path& system_folder, std::string version,
                                          const catchment::Clock& clock, bool demonstration_clock);

}  // namespace catchment::api
