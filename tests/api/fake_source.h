// An honest fake of a snapshot: one small place with made-up people, answering through the filter as the real one must.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

#include "api/api.h"
#include "base/error.h"

namespace catchment::api {

inline Figure fake_figure(std::string id, double value) {
  Figure figure;
  figure.id = std::move(id);
  figure.label = "Residents";
  figure.value = value;
  figure.numerator = static_cast<std::int64_t>(value);
  figure.denominator = 1000;
  figure.interval = Interval{value - 1, value + 1, 95, "Wilson"};
  figure.comparison = Comparison{"the whole area", 50.0, value - 50, "similar"};
  figure.vintage = {"late", Date::from_ymd(2026, 3, 31)};
  return figure;
}

inline Figure fake_hidden_figure() {
  Figure figure;
  figure.id = "hidden";
  figure.label = "Hidden";
  figure.suppressed = true;
  figure.suppression_note = "1 to 7, hidden to protect people";
  figure.place = "luton";
  figure.vintage.as_of = Date::from_ymd(2026, 3, 31);
  return figure;
}

/// What cohorts of the example system may name, read once.
inline const cohort::Known& example_known() {
  struct Example {
    std::filesystem::path folder = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk";
    system::LoadedSystem system = system::load_system(folder);
    terminology::LoadedCodelists codelists = terminology::load_codelists(folder);
    measures::LoadedMeasures measures = measures::load_measures(system::Definitions(folder), system.system, codelists.codelists);
    cql::Models models;
    cohort::Known known{&system.system, &codelists.codelists, &measures.library, &models};
  };
  static const Example example;
  return example.known;
}

class FakeSource : public Source {
 public:
  std::function<void()> on_read = [] {};  // called before anything is answered

  SystemInfo system() const override {
    SystemInfo info;
    info.version = "0.1.0";
    info.id = "tiny";
    info.name = "Tiny system";
    info.short_name = "Tiny";
    info.title = "Tiny care partnership";
    info.synthetic = true;
    info.synthetic_notice = "Synthetic data: not real people or performance";
    info.represented_population = 1000;
    info.clock = {Date::from_ymd(2026, 4, 1), true};
    info.snapshot = SnapshotInfo{"s1", Date::from_ymd(2026, 3, 31), Instant{1'775'000'000'000, 0}, 3, 1, "0.1.0"};
    return info;
  }
  const records::Dictionaries* dictionaries() const override { return &dictionaries_; }

  Start start(const Filter&) const override {
    on_read();
    Start start;
    start.sentence = "Three people.";
    start.about = "A tiny system.";
    start.tiles = {fake_figure("residents", 3), fake_hidden_figure()};
    start.counts = {3, 1000, 1, 2, 1, 1};
    start.freshness = {1, 0, 0, Date::from_ymd(2026, 3, 30), {{"E99001", "A practice", "gp", "not heard from"}}};
    start.attention = {{"late_feed", "warning", "A feed is late", "By nine days", Link{"feed", "gp"}}, {"quarantine", "note", "Rows", "Some", std::nullopt}};
    start.changes = {"Nothing changed."};
    start.follow = thread();
    return start;
  }
  SearchHits search(const std::string& text, const Filter&) const override {
    on_read();
    return {{{"place", "luton", "Luton", "A place; you asked for " + std::to_string(text.size()) + " letters"}}};
  }
  FeedList feeds(const Filter&) const override {
    on_read();
    return {"One feed.", Date::from_ymd(2026, 3, 31), 10, 9, 1, {summary()}};
  }
  std::optional<FeedDetail> feed(const std::string& id, const Filter&) const override {
    on_read();
    if (id != "gp") return std::nullopt;
    FeedDetail detail;
    detail.feed = summary();
    detail.receipts = {{"patients.csv", Instant{1'775'000'000'000, 0}, "ab12", 100, 10, 9, 1, Date::from_ymd(2026, 3, 30), "current"}, {}};
    detail.feed_fields = {{"NHS_NUMBER", "nhs_number", true, "nhs_number", 10, 9, 9, 90.0, 100.0}};
    detail.findings = {{"nhs-number", "NHS number fails its check digit", "error", "NHS_NUMBER", 1, true, 10.0, "ask the practice"}};
    detail.missing_senders = {{"E99001", "A practice", "gp", "no file"}};
    detail.used_by = {{"diabetes", "Diabetes", "percent", "condition"}};
    return detail;
  }
  std::optional<Quarantine> quarantine(const QuarantineAsk& ask, const Filter& filter) const override {
    on_read();
    if (ask.feed != "gp") return std::nullopt;
    Quarantine rows{ask.feed, ask.rule, ask.column, 1, ask.offset, ask.limit, filter.sees_quarantine(), std::nullopt, {}};
    QuarantineRow row{"patients.csv", 7, "NHS_NUMBER", "nhs-number", "fails its check digit", true, "ten digits", std::nullopt};
    if (filter.sees_quarantine()) row.value = "9990000000";
    rows.rows = {row};
    return rows;
  }
  PlaceList places(const Filter&) const override {
    on_read();
    return {{{"luton", "E06000032", "Luton", "luton-council", "A town", 1, 2, fake_figure("residents.luton", 3)}}, fake_figure("residents", 3)};
  }
  std::optional<PopulationPage> population(const Text& place, bool registered, const Filter& filter) const override {
    on_read();
    if ((place && *place != "luton") || !filter.sees_counts()) return std::nullopt;
    PyramidBand band{"0-4", 0, 4, fake_figure("f", 1), fake_hidden_figure(), 10.0, std::nullopt, 9.0, 8.0};
    return PopulationPage{place,
                          "Luton",
                          registered ? "registered" : "resident",
                          "Younger than the whole.",
                          Date::from_ymd(2026, 3, 31),
                          {fake_figure("r", 3)},
                          {band},
                          {{"ethnicity", "By ethnic group", "unknown is a group", {fake_figure("e", 2)}}}};
  }
  std::optional<Conditions> conditions(const Text& place, const Filter&) const override {
    on_read();
    return Conditions{place, "Luton", "More diabetes.", {{"diabetes", "Diabetes", fake_figure("d", 9), fake_figure("w", 8)}}};
  }
  std::optional<AreaMap> areas(const Text&, const Text&, bool, const Filter&) const override {
    on_read();
    return AreaMap{{"residents", "Residents", "count", "population"},
                   "Even.",
                   "LSOA 2021",
                   "2025",
                   {{"luton", "Luton", 1, 1}},
                   {{"E01000001", "Luton 001A", "luton", "Central", 3, 4, 1, fake_figure("a", 3)}},
                   {1.0, 3.0, {2.0}, "count"},
                   std::nullopt,
                   {}};
  }
  MeasureList measures(const Filter&) const override {
    on_read();
    return {"One measure.", true, "March 2026", {{"live-well", "Live well"}}, {row()}};
  }
  std::optional<MeasureDetail> measure(const std::string& id, const MeasureAsk&, const Filter&) const override {
    on_read();
    if (id != "diabetes") return std::nullopt;
    return detail();
  }
  std::optional<InequalityPage> inequalities(const std::string& by, const MeasureAsk&, const Filter&) const override {
    on_read();
    return InequalityPage{by,
                          "Fifths",
                          "One gap.",
                          "One in twenty.",
                          true,
                          std::nullopt,
                          {{"diabetes", "Diabetes", "live-well", "lower", fake_figure("d", 9), gap(), 0.2, true}}};
  }
  std::optional<PlaceProfile> place_profile(const std::string& place, const Filter&) const override {
    on_read();
    PlaceProfile profile;
    profile.place = place;
    profile.stands_out = {{"diabetes", "Diabetes", "worse", "More of it.", "Its mix explains it.", 2.5, std::nullopt}};
    profile.need = profile.outcomes = {{"diabetes", "Diabetes", "condition", "live-well", fake_figure("d.luton", 9), fake_hidden_figure()}};
    profile.population = {fake_figure("residents.luton", 3)};
    return profile;
  }
  std::optional<MeasureChange> change(const std::string& measure, const Text&, const Text&, const Filter&) const override {
    on_read();
    if (measure != "diabetes") return std::nullopt;
    MeasureChange change;
    change.measure = measure;
    change.available = true;
    change.month = Date::from_ymd(2026, 3, 1);
    change.from = {{"2026-02", "February 2026", std::nullopt, Date::from_ymd(2026, 2, 1)}};
    change.chosen = "2026-02";
    change.before = {"February 2026", 90, 1000, 9.0};
    change.after = {"March 2026", std::nullopt, 1000, std::nullopt};
    change.parts = {{"late data", "Late data", "Rows that came since.", true, 10, std::nullopt, 0, 0, 1.0}};
    change.sentences = {"Late data added 10."};
    return change;
  }
  static EvidencePart evidence_part() {
    EvidenceRow row{"Result", "HbA1c", "passed", "59 mmol/mol", Date::from_ymd(2025, 6, 1), "final", "gp/D1.csv", 7};
    return {
        "numerator", "Those at target", "no", {{"HbA1c now", "CareProcesses", "59", 1, {row, {"Registration", "Registration", "read", {}, {}, {}, {}, 0}}}}};
  }
  std::optional<MeasureCases> measure_cases(const std::string& measure, const Filter&) const override {
    on_read();
    if (measure != "diabetes") return std::nullopt;
    MadeUpPerson person{"Woman born on 1 May 1960", "not_met", "In the denominator, not in the numerator.", evidence_part().clauses[0].rows, {evidence_part()}};
    return MeasureCases{
        measure, "One worked case.", {{"59 is not at target", "1 in the denominator, 0 in the numerator", Date::from_ymd(2026, 3, 31), true, {person}}}};
  }
  const cohort::Known& cohort_known(const Filter&) const override {
    on_read();
    return example_known();
  }
  CohortCounts count_cohort(const cql::Program&, const CohortAsk& ask, Progress& progress, const Filter&) const override {
    progress.step("asking everyone", 10, "persons");
    while (hold_counts && !ask.give_up()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (ask.give_up()) throw Error(ErrorKind::user, "given up");
    CohortCounts counts{ask.last, 120, "120 people.", "1 to 7 hidden", "small-numbers 1", "One practice.", {}, {}, {}};
    counts.months = {{ask.last, 120}, {ask.last, std::nullopt}};
    counts.profile = {{"sex", "By sex", {{"female", "Female", 120, 1000, 12.0}, {"male", "Male", std::nullopt, std::nullopt, std::nullopt}}}};
    counts.errors = {{"Cohort: too long", std::nullopt}};
    return counts;
  }
  static PlanRow planned() {
    PlanRow line;
    line.id = "fewer-smokers", line.name = "Fewer smokers", line.of = "Smoking", line.owner = "Board", line.place = "Whole area";
    line.sentence = "9% in March 2026 where 8.5% was planned: behind the plan.", line.standing = "behind", line.measure = "smoking";
    line.month = Date::from_ymd(2026, 3, 1), line.planned = 8.5, line.actual = 9.0;
    line.points = {{Date::from_ymd(2025, 3, 1), 10.0}, {Date::from_ymd(2027, 3, 1), 7.0}};
    return line;
  }
  std::atomic<bool> hold_counts = false;
  Scorecard scorecard(const Filter&) const override {
    on_read();
    return {"Plan",
            "One measure.",
            "",
            true,
            {{"live-well", "Live well", "priority", "Live longer", "One measure.", {{"smoking", "Smoking", {row()}, {series()}, {planned()}}}}}};
  }
  std::optional<Why> why(const std::string& figure, const Filter&) const override {
    on_read();
    if (figure != "d") return std::nullopt;
    Why why;
    why.figure = fake_figure("d", 9);
    why.sentence = "9 of 1,000.";
    why.calculation = "9 of 1,000, Wilson";
    why.definition = detail().definition;
    why.snapshot = *system().snapshot;
    why.priority = {true, "Live well", "The priority", Link{"priority", "live-well"}};
    return why;
  }
  Structure structure(const Day&, const Filter&) const override {
    on_read();
    return {"Two bodies.",
            Date::from_ymd(2026, 4, 1),
            {{"system", "The system", "decides"}},
            {board()},
            {{"board", "nation", "answers_to", "The board answers to the nation", std::nullopt, std::nullopt}}};
  }
  std::optional<BodyDetail> body(const std::string& id, const Filter&) const override {
    on_read();
    if (id != "board") return std::nullopt;
    return BodyDetail{board(), {"It decides."}, {}, {board()}, {service()}, {{"live-well", "Live well"}}};
  }
  StrategyPage strategy(const Filter&) const override {
    on_read();
    return {"Plan", "Five and seven.", {{"live-well", "Live well", "priority", "Live longer", "board", {{"smoking", "Smoking", "Less", {}}}}}, {}};
  }
  std::optional<PriorityThread> follow(const std::string& priority, const Filter&) const override {
    on_read();
    if (priority != "live-well") return std::nullopt;
    return thread();
  }
  std::optional<ServiceList> services(const Text&, const Filter&) const override {
    on_read();
    return ServiceList{"One service.", {service()}};
  }
  ResidentsFound search_residents(const ResidentAsk& ask, const Filter& filter) const override {
    on_read();
    ResidentsFound found;
    if (!filter.sees_identity()) return found;
    records::PersonSummary person;
    person.person = PersonId{4242};
    person.place = 1;
    if (!filter.sees(person)) return found;
    ResidentHit hit;
    hit.person = person.person;
    hit.name = "TESTER, Tess";
    hit.birth_date = Date::from_ymd(1961, 3, 14);
    hit.age = 65;
    hit.sex = "female";
    hit.nhs_number = "999 000 0018";
    if (ask.query.find("Tester") != std::string::npos || ask.query.find("999") != std::string::npos) found.hits.push_back(hit);
    return found;
  }
  std::optional<ResidentRecord> resident(PersonId person, const Filter& filter) const override {
    on_read();
    records::PersonSummary summary;
    summary.person = person;
    summary.place = 1;
    if (person.value != 4242 || !filter.sees(summary)) return std::nullopt;
    ResidentRecord record;
    record.banner.name = "TESTER, Tess";
    record.banner.ethnicity = "unknown";
    record.what_matters = {"One long-term condition."};
    record.lanes = {{"general-practice", "General practice", 1}};
    record.timeline = {
        {"general-practice", "condition", Date::from_ymd(2020, 1, 2), std::nullopt, true, "Type 2 diabetes", std::nullopt, "A practice", "gp", 2}};
    Series& series = record.series.emplace_back();
    series.code = "hba1c", series.name = "HbA1c", series.unit = "mmol/mol";
    series.latest = {Date::from_ymd(2025, 1, 2), 51.5, "<"};
    series.points.push_back({Date::from_ymd(2025, 1, 2), 51.5, std::nullopt});
    record.problems = {{"Type 2 diabetes", "since 2020", Date::from_ymd(2020, 1, 2), "active", "A practice"}};
    record.involved = {{"A practice", "general practice", Date::from_ymd(2026, 1, 2), 3}};
    record.freshness = {{"gp", "A practice", "GP extract", "fresh", Date::from_ymd(2026, 1, 2)}};
    record.tables = {{"condition", "Problems", 1}};
    return record;
  }
  std::shared_ptr<const cql::DataProvider> resident_data(PersonId person, const Filter& filter) const override {
    on_read();
    records::PersonSummary summary;
    summary.person = person;
    summary.place = 1;
    if (person.value != 4242 || !filter.sees(summary)) return nullptr;
    struct Held {
      measures::RecordRows rows;
      std::unique_ptr<measures::RecordView> view;
    };
    const auto held = std::make_shared<Held>();
    Diagnostics diagnostics;
    held->rows.add("1", "person", {{"birth_date", "1961-03-14"}, {"sex", "female"}}, "fake", 1, diagnostics);
    held->rows.add("1", "condition", {{"code", "44054006"}, {"onset_date", "2020-01-02"}, {"status", "active"}}, "fake", 2, diagnostics);
    held->view = held->rows.view("1");
    return {held, held->view.get()};
  }
  static ResidentMeasure resident_measure() { return {"diabetes", "Diabetes", "not_met", "In the denominator, not in the numerator.", "higher", "diabetes"}; }
  std::optional<ResidentMeasures> resident_measures(PersonId person, const std::optional<std::string>&, const Filter& filter) const override {
    if (!resident_data(person, filter)) return std::nullopt;
    return ResidentMeasures{
        Date::from_ymd(2026, 3, 31), {Date::from_ymd(2026, 3, 31), Date::from_ymd(2026, 2, 28)}, "One of 3 measures.", "Rows that may be seen.", 2,
        {resident_measure()}};
  }
  std::optional<ResidentEvidence> resident_evidence(PersonId person, const std::string& measure, const std::optional<std::string>&,
                                                    const Filter& filter) const override {
    if (!resident_data(person, filter) || measure != "diabetes") return std::nullopt;
    return ResidentEvidence{Date::from_ymd(2026, 3, 31), resident_measure(), {evidence_part()}};
  }
  std::optional<RecordTable> resident_table(PersonId person, const TableAsk& ask, const Filter& filter) const override {
    on_read();
    records::PersonSummary summary;
    summary.person = person;
    summary.place = 1;
    if (person.value != 4242 || !filter.sees(summary)) return std::nullopt;
    return RecordTable{ask.kind,
                       "Problems",
                       {{"code", "Code", "code"}, {"n", "N", "number"}},
                       {{std::string("Type 2 diabetes"), 1.5}, {std::monostate{}, std::int64_t{2}}, {true, std::monostate{}}},
                       3,
                       ask.offset,
                       ask.limit};
  }
  ReviewQueue review_queue(const Filter& filter) const override {
    on_read();
    if (!build::sees_queue(filter)) return {};
    return {{static_cast<std::int64_t>(queue().size()), {}}, Instant{}};
  }
  std::vector<build::ReviewPair> review_pairs(const std::vector<std::int64_t>& items, const Filter& filter) const override {
    on_read();
    std::vector<build::ReviewPair> pairs;
    if (!build::sees_queue(filter)) return pairs;
    for (const auto& [pair, rows] : queue())
      if (std::find(items.begin(), items.end(), pair.item) != items.end()) pairs.push_back(pair);
    return pairs;
  }
  std::optional<std::int64_t> review_item_of(const build::ReviewStore::Pair& rows, const Filter& filter) const override {
    on_read();
    for (const auto& [pair, names] : queue())
      if (build::sees_queue(filter) && build::ReviewStore::pair_of(names.a.front(), names.b.front()) == rows) return pair.item;
    return std::nullopt;
  }
  build::ReviewRows review_names(std::int64_t item, const Filter& filter) const override {
    on_read();
    for (const auto& [pair, rows] : queue())
      if (build::sees_queue(filter) && pair.item == item) return rows;
    return {};
  }
  std::optional<ReviewItem> review_item(std::int64_t item, const Filter& filter) const override {
    on_read();
    if (review_pairs({item}, filter).empty()) return std::nullopt;
    ReviewItem one;
    one.person_a = PersonId{1};
    one.person_b = PersonId{2};
    one.item = item;
    one.weight = 8.5;
    one.probability = 99.7;
    one.held_back = "Their given names differ.";
    one.a = {"First", 1, false, {side_row("Ann")}};
    one.b = {"Second", 1, true, {side_row("Anna")}};
    one.fields_compared = {{"given_name", "Given name", "close", "very alike", {{"Ann", 1, false}}, {{"Anna", 1, false}}}};
    one.waterfall = {{"given_name", "Given name", "very alike", 8.5, 0, 8.5}};
    return one;
  }
  std::optional<PersonWhy> review_why(std::int64_t, bool, const Filter&) const override {
    on_read();
    return PersonWhy{PersonId{1}, "One row.", false, {side_row("Ann")}, {{1, 1, "a data steward decided", std::nullopt}}};
  }

 private:
  static std::vector<std::pair<build::ReviewPair, build::ReviewRows>> queue() {
    return {{{1, 8.5, PersonId{1}, PersonId{2}, 1, 1, "two-given-names", false}, {{{SourceId{1}, "a1"}}, {{SourceId{2}, "b1"}}}},
            {{2, 4.0, PersonId{3}, PersonId{2}, 1, 1, "not-certain-enough", false}, {{{SourceId{1}, "a2"}}, {{SourceId{2}, "b1"}}}}};
  }
  static ReviewSideRow side_row(const std::string& given) {
    ReviewSideRow row;
    row.number = 1;
    row.dataset = "GP extract";
    row.nhs_number = "999 000 0018";
    row.given = given;
    row.birth_date = Date::from_ymd(1980, 2, 3);
    row.sex = "female";
    return row;
  }
  static FeedSummary summary() {
    FeedSummary feed;
    feed.id = "gp";
    feed.partner = "E99001";
    feed.partner_name = "A practice";
    feed.dataset = "GP extract";
    feed.shared_for = {"direct-care"};
    feed.key = "nhs_number";
    feed.status = "late";
    feed.status_detail = "nine days late";
    feed.every_days = 30;
    feed.latest_event = Date::from_ymd(2026, 3, 30);
    feed.rows_read = 10;
    feed.rows_accepted = 9;
    feed.rows_quarantined = 1;
    feed.quarantined_share = 10.0;
    feed.completeness_trend = {98.5, 99};
    feed.drift = {"volume", "half the rows"};
    return feed;
  }
  static GroupGap gap() { return {"deprivation", "Fifths", "A gap.", "1", "5", "percent", 3, 1, 5, true, -3.0, -5.0, -1.0, 0.8}; }
  static MeasureRow row() {
    MeasureRow row;
    row.id = "diabetes";
    row.kind = "condition";
    row.figure = fake_figure("d", 9);
    row.by_place = {fake_figure("d.luton", 9)};
    row.spark = {9.0, std::nullopt};
    row.variation = "common_cause";
    row.recent = RecentTrend{"no_change", "none", "No significant change", "Over five years."};
    return row;
  }
  static ImportedSeries series() {
    return {"jobs",
            "Jobs",
            "Work.",
            "per cent",
            "higher",
            "A survey",
            "The board",
            "2025-26",
            "Better.",
            std::nullopt,
            "work",
            true,
            {{"luton", "Luton", "2025-26", 61.5, "synthetic"}},
            {{"all", "Whole area", "2025-26", 60, std::nullopt}}};
  }
  static MeasureDetail detail() {
    MeasureDetail detail;
    detail.id = "diabetes";
    detail.name = "Diabetes";
    detail.kind = "condition";
    detail.figure = fake_figure("d", 9);
    detail.breakdowns = {{"deprivation", "By deprivation", std::nullopt, {fake_figure("d.1", 12), fake_hidden_figure()}}};
    detail.standardised = fake_hidden_figure();
    detail.trend = MeasureTrend{"Up.",
                                "XmR",
                                "shared people",
                                "common_cause",
                                "steady",
                                "none",
                                "",
                                {"increasing", "worse", "Increasing and getting worse", "Over five years."},
                                12.0,
                                {{Date::from_ymd(2026, 3, 1), 9.0, 8.0, 10.0, 90, 1000, false, 9.0, 7.0, 11.0, 8.5, "none", std::nullopt}, {}}};
    detail.gaps = {gap()};
    detail.hidden_splits = {"Hidden whole: by practice."};
    detail.funnel = PracticeFunnel{"None beyond.", 9, {{"E1", "A practice", "One", std::nullopt, 100, 9, "within"}}, {{100, 5, 13, 3, 16}}, 1, 1.2, 0.01};
    detail.priority = PriorityRef{"live-well", "Live well"};
    detail.definition.codelists = {{"diabetes", "Diabetes", "1", "snomed", 12, "ab"}};
    detail.definition.sources = {{"QOF", "NHS England"}};
    detail.feeds = {{"gp", "A practice", "GP extract", "late", std::nullopt, "nine days"}};
    detail.unseen = {"One practice.",
                     {{"missing_practice", "One practice", "not heard from", fake_figure("m", 100)}, {"opted_out", "Opted out", "", std::nullopt}}};
    return detail;
  }
  static PriorityThread thread() { return {{"live-well", "Live well"}, "Diabetes", "Fewer people with diabetes", detail()}; }
  static BodyInfo board() {
    BodyInfo body;
    body.id = "board";
    body.name = "The board";
    body.level = "system";
    body.roles = {"decides", "pays"};
    body.opened = Date::from_ymd(2022, 7, 1);
    body.seats = {{"Chair", "independent", std::nullopt, true, std::nullopt}, {"Partner", std::nullopt, "nation", std::nullopt, "two of them"}};
    return body;
  }
  static ServiceInfo service() {
    return {"stroke",
            "Stroke",
            "specialised",
            "Care after a stroke",
            "board",
            "The board",
            {{"hospital", "trust", "A trust"}, {"charity", std::nullopt, "Charities"}},
            {}};
  }
  records::Dictionaries dictionaries_ = [] {
    records::Dictionaries dictionaries;
    dictionaries.places = {{}, {"luton", "Luton"}, {"bedford", "Bedford"}};
    dictionaries.index();
    return dictionaries;
  }();
};

class FakeSources : public Sources {
 public:
  std::shared_ptr<FakeSource> source = std::make_shared<FakeSource>();
  std::shared_ptr<const Source> current() override {
    if (!source) throw Error(ErrorKind::environment, "nothing was published yet");
    return source;
  }
  SystemInfo system() override { return source ? source->system() : SystemInfo{}; }
};

}  // namespace catchment::api
