// A published snapshot with its definitions as a Source. Internal to api; made by snapshot_sources (source.h).
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <stop_token>

#include "api/figures.h"
#include "api/measure_shelf.h"
#include "api/source.h"
#include "base/error.h"
#include "cohort/cohort.h"
#include "disclosure/disclosure.h"
#include "indicators/indicators.h"
#include "intake/intake.h"
#include "measures/measures.h"
#include "system/system.h"
#include "terminology/terminology.h"

namespace catchment::api {

/// A measure of who has a long-term condition: the library calls it register-NAME.
bool is_register(const indicators::PublishedMeasure& measure);
/// "percent", "per_1000", ... and figures of a library measure in words: "76.2%", "3.1 points", "41.0 per 1,000".
std::string unit_of(const indicators::PublishedMeasure& measure);
std::string value_words(const indicators::PublishedMeasure& measure, double value);
std::string distance_words(const indicators::PublishedMeasure& measure, double value);
std::string group_words(const indicators::MeasureFigure& figure, const system::System& system);
/// Compares with the whole area, by the figure's interval.
void judge(Figure& figure, const indicators::MeasureFigure& own, const indicators::MeasureFigure& whole, const std::string& good_direction, bool standardised);

/// Why the figures of months are as they were published before.
std::string held_back_words(const std::vector<Date>& months);
/// Why a month shows nothing at all.
std::string withheld_words(const std::string& month);
/// How a measure's month moved towards its target.
RecentTrend recent_words(const indicators::PublishedMeasure& measure, std::span<const indicators::MeasureFigure> months);
Text trajectory_words(const indicators::PublishedMeasure& measure, std::span<const indicators::MeasureFigure> months);

/// One side of a change: everyone of a snapshot with the groups figures are counted by.
struct MemberSide {
  std::shared_ptr<const records::Snapshot> snapshot;
  std::vector<PersonId> persons;  // in the snapshot's order
  indicators::PersonGroups groups;
};
MemberSide member_side(const std::shared_ptr<const records::Snapshot>& snapshot, const system::System& system);

/// The definition folder, read once for each snapshot.
struct DefinitionSet {
  std::filesystem::path folder;
  system::System system;
  terminology::Codelists codelists;
  intake::FeedDefinitions feeds;

  /// The measure library and what cohorts may name, read when first asked for. Throws when the library has faults.
  const cohort::Known& known() const;
  /// The library as one program, and its worked cases; made when first asked for, which takes a moment.
  const measures::LibraryProgram& program() const;
  const std::vector<measures::MeasureCase>& cases() const;
  /// The disclosure policy in force on a day, of those of the folder.
  disclosure::Policy policy(Date on) const;

 private:
  mutable std::once_flag once_;
  mutable measures::MeasureLibrary library_;
  mutable std::unique_ptr<const cql::Models> models_;
  mutable cohort::Known known_;
  mutable std::once_flag program_once_;
  mutable std::unique_ptr<const measures::LibraryProgram> program_;
  mutable std::vector<measures::MeasureCase> cases_;
};

class SnapshotSource final : public Source {
 public:
  /// `snapshot` is in the folder snapshots/ of its workspace, where earlier ones may stand too.
  SnapshotSource(std::shared_ptr<const records::Snapshot> snapshot, std::shared_ptr<const DefinitionSet> definitions, std::shared_ptr<const MeasureShelf> shelf,
                 std::string version, const catchment::Clock& clock, bool demonstration_clock);

  /// Asks what the first pages need and is then remembered; ends early when told to stop.
  void make_ready(const Filter& counts, const std::stop_token& stop) const;

  SystemInfo system() const override;
  const records::Dictionaries* dictionaries() const override { return &snapshot_->dictionaries(); }
  Start start(const Filter& filter) const override;
  SearchHits search(const std::string& text, const Filter& filter) const override;
  FeedList feeds(const Filter& filter) const override;
  std::optional<FeedDetail> feed(const std::string& id, const Filter& filter) const override;
  std::optional<Quarantine> quarantine(const QuarantineAsk& ask, const Filter& filter) const override;
  PlaceList places(const Filter& filter) const override;
  std::optional<PopulationPage> population(const Text& place, bool registered, const Filter& filter) const override;
  std::optional<Conditions> conditions(const Text& place, const Filter& filter) const override;
  std::optional<AreaMap> areas(const Text& measure, const Text& place, bool by_neighbourhood, const Filter& filter) const override;
  MeasureList measures(const Filter& filter) const override;
  std::optional<MeasureDetail> measure(const std::string& id, const MeasureAsk& ask, const Filter& filter) const override;
  std::optional<MeasureChange> change(const std::string& measure, const Text& place, const Text& from, const Filter& filter) const override;
  std::optional<MeasureCases> measure_cases(const std::string& measure, const Filter& filter) const override;
  std::optional<InequalityPage> inequalities(const std::string& by, const MeasureAsk& ask, const Filter& filter) const override;
  std::optional<PlaceProfile> place_profile(const std::string& place, const Filter& filter) const override;
  Scorecard scorecard(const Filter& filter) const override;
  const cohort::Known& cohort_known(const Filter& filter) const override;
  CohortCounts count_cohort(const cql::Program& program, const CohortAsk& ask, Progress& progress, const Filter& filter) const override;
  std::optional<Why> why(const std::string& figure, const Filter& filter) const override;
  Structure structure(const Day& on, const Filter& filter) const override;
  std::optional<BodyDetail> body(const std::string& id, const Filter& filter) const override;
  StrategyPage strategy(const Filter& filter) const override;
  std::optional<PriorityThread> follow(const std::string& priority, const Filter& filter) const override;
  std::optional<ServiceList> services(const Text& place, const Filter& filter) const override;
  ResidentsFound search_residents(const ResidentAsk& ask, const Filter& filter) const override;
  std::optional<ResidentRecord> resident(PersonId person, const Filter& filter) const override;
  std::shared_ptr<const cql::DataProvider> resident_data(PersonId person, const Filter& filter) const override;
  std::optional<RecordTable> resident_table(PersonId person, const TableAsk& ask, const Filter& filter) const override;
  std::optional<ResidentMeasures> resident_measures(PersonId person, const std::optional<std::string>& month, const Filter& filter) const override;
  std::optional<ResidentEvidence> resident_evidence(PersonId person, const std::string& measure, const std::optional<std::string>& month,
                                                    const Filter& filter) const override;
  ReviewQueue review_queue(const Filter& filter) const override;
  std::vector<build::ReviewPair> review_pairs(const std::vector<std::int64_t>& items, const Filter& filter) const override;
  std::optional<std::int64_t> review_item_of(const build::ReviewStore::Pair& rows, const Filter& filter) const override;
  build::ReviewRows review_names(std::int64_t item, const Filter& filter) const override;
  std::optional<ReviewItem> review_item(std::int64_t item, const Filter& filter) const override;
  std::optional<PersonWhy> review_why(std::int64_t item, bool second, const Filter& filter) const override;

 private:
  std::string start_sentence(const Start& start, bool synthetic) const;
  // Feeds.
  void summarise_feeds();
  const FeedSummary* find_feed(std::string_view id) const;
  std::string sender_name(const std::string& code) const;
  std::vector<MissingSender> missing_practices(const Filter& filter) const;
  std::vector<FeedUse> feeds_used(std::initializer_list<std::string_view> settings) const;
  Vintage vintage(std::initializer_list<std::string_view> settings) const;
  // Population.
  const indicators::HeadCount* head_count(const FigureName& name) const;
  Figure head_figure(const FigureName& name, std::string label, const indicators::HeadCount* own, const indicators::HeadCount* whole, bool as_share) const;
  Breakdown breakdown(bool registered, const std::string& split, std::string title, const std::vector<std::string>& groups, const Text& place,
                      const Filter& filter) const;
  std::vector<PyramidBand> pyramid(bool registered, const Text& place) const;
  std::vector<Figure> population_tiles(bool registered, const Text& place, const Filter& filter) const;
  std::optional<Figure> population_figure(const FigureName& name, const Filter& filter) const;
  Definition population_definition(const FigureName& name) const;
  Unseen unseen(const Text& place, bool about_health, const Filter& filter) const;
  std::string neighbourhood_name(const system::SmallArea& area) const;
  Figure area_figure(const std::string& measure, bool by_neighbourhood, const system::SmallArea& area, const Filter& filter) const;
  // Measures.
  std::optional<Figure> measure_figure(const FigureName& name, const Filter& filter) const;
  // The measure library.
  Figure library_figure(const indicators::PublishedMeasure& measure, const indicators::MeasureFigure& own, const indicators::MeasureFigure* whole) const;
  std::optional<Figure> library_named(const FigureName& name) const;
  Definition library_definition(const indicators::PublishedMeasure& measure) const;
  MeasureTrend library_trend(const indicators::PublishedMeasure& measure, indicators::Basis basis, const std::string& place) const;
  std::optional<GroupGap> library_gap(const indicators::PublishedMeasure& measure, std::span<const indicators::MeasureFigure> groups) const;
  std::optional<PracticeFunnel> library_funnel(const indicators::PublishedMeasure& measure, indicators::Basis basis) const;
  std::string library_headline(const indicators::PublishedMeasure& measure, const indicators::MeasureFigure* own, const MeasureDetail& detail) const;
  std::optional<MeasureDetail> library_measure(const indicators::PublishedMeasure& measure, const MeasureAsk& ask, const Filter& filter) const;
  MeasureRow library_row(const indicators::PublishedMeasure& measure) const;
  MeasureList library_list(const Filter& filter) const;
  std::vector<PriorityRef> priorities_in_order() const;
  std::vector<ImportedSeries> series_of(const std::string& priority, const std::string& focus) const;
  std::vector<PlanRow> plan_of(const std::string& priority, const std::string& focus) const;
  PlanRow plan_row(const measures::PlanLine& line, const measures::Plan& plan) const;
  const MemberSide& own_side() const;
  std::vector<ChangeFrom> changes_from(const indicators::PublishedMeasure& measure) const;
  std::optional<StandsOut> stands_out(const indicators::PublishedMeasure& measure, const std::string& place) const;
  bool known_place(const Text& place) const;
  std::string place_name(const Text& place) const;
  // Structure.
  std::string name_of(std::string_view body_or_organisation) const;
  std::string standing_for(const std::string& id) const;
  std::vector<BodyInfo> bodies(Date on) const;
  ServiceInfo service_info(const system::Service& service) const;
  // Residents.
  ResidentHit hit(const records::Identity& identity, const Filter& filter) const;
  Banner banner(const records::PersonBlock& block, const records::Identity& identity) const;
  std::string setting_of(SourceId source) const;
  // Review.
  build::QueueReader& queue() const;
  ReviewSideRow side_row(const build::ReviewRow& row, std::int64_t number) const;

  Date today() const;

  std::shared_ptr<const records::Snapshot> snapshot_;
  std::shared_ptr<const DefinitionSet> definitions_;
  std::shared_ptr<const MeasureShelf> shelf_;
  std::string version_;
  const catchment::Clock& clock_;
  bool demonstration_clock_;
  std::vector<records::Receipt> receipts_;
  std::map<std::int32_t, std::string> settings_;  // source id -> setting
  std::vector<FeedSummary> feeds_;
  std::map<std::string, std::vector<MissingSender>, std::less<>> late_senders_;  // by feed
  std::map<std::string, std::vector<std::string>, std::less<>> over_tolerance_;  // by feed: files
  std::map<std::string, std::string, std::less<>> feed_settings_;
  mutable std::mutex queue_mutex_;
  mutable std::unique_ptr<build::QueueReader> queue_;  // opened when first asked
  mutable std::mutex heard_mutex_;
  mutable std::optional<std::set<std::string>> heard_;  // practices with anybody registered, looked up when first asked for
  disclosure::Rules rules_;  // by which the library's figures were hidden
  mutable std::mutex side_mutex_;
  mutable std::unique_ptr<const MemberSide> side_;  // everyone's groups, read when a change is first asked about
  mutable std::mutex inequalities_mutex_;
  mutable std::map<std::string, InequalityPage> inequalities_;  // as worked out: slopes take a while
};

}  // namespace catchment::api
