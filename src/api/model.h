// The shapes of the app API, one struct for each schema of api/openapi.json, in its order and with its names.
// `fields` names every member once; write.h turns it into JSON. The file is the contract: tests hold
// every answer against it. Long because the contract is: one struct is one schema.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/ids.h"

namespace catchment::api {

using Text = std::optional<std::string>;
using Number = std::optional<double>;
using Count = std::optional<std::int64_t>;
using Day = std::optional<Date>;

struct Clock {
  Date today;
  bool demonstration = false;
  void fields(auto& f) const { f("today", today)("demonstration", demonstration); }
};

struct SnapshotInfo {
  std::string id;
  Date as_of;
  std::optional<Instant> published_at;
  std::int64_t people = 0, format = 0;
  std::string product_version;
  void fields(auto& f) const {
    f("id", id)("as_of", as_of)("published_at", published_at)("people", people)("format", format)("product_version", product_version);
  }
};

struct SystemInfo {
  std::string product = "Catchment", version, id, name, short_name, title;
  bool synthetic = false;
  Text synthetic_notice;
  Count represented_population;
  Clock clock;
  std::optional<SnapshotInfo> snapshot;
  void fields(auto& f) const {
    f("product", product)("version", version)("id", id)("name", name)("short_name", short_name)("title", title)("synthetic", synthetic);
    f("synthetic_notice", synthetic_notice)("represented_population", represented_population)("clock", clock)("snapshot", snapshot);
  }
};

struct Named {  // RoleOption, PurposeOption: the first member's name differs
  std::string_view key;
  std::string word, title, description;
  void fields(auto& f) const { f(key, word)("title", title)("description", description); }
};

struct AccountInfo {
  std::string name, display_name;
  std::vector<Named> roles;
  std::vector<std::string> places;
  void fields(auto& f) const { f("name", name)("display_name", display_name)("roles", roles)("places", places); }
};

struct DemonstrationSignIn {
  std::string name, password, role, role_title, description;
  void fields(auto& f) const {
    f("name", name)("password", password)("role", role)("role_title", role_title)("description", description);
  }
};

struct SessionInfo {
  bool signed_in = false;
  std::optional<AccountInfo> account;
  Text role, purpose;
  std::vector<Named> purposes;
  std::vector<std::string> sections;
  bool may_search_residents = false, may_see_quarantine_values = false;
  Text csrf_token;
  Count idle_seconds;
  std::optional<Instant> ends_at;
  std::vector<DemonstrationSignIn> demonstration_sign_ins;
  SystemInfo system;
  void fields(auto& f) const {
    f("signed_in", signed_in)("account", account)("role", role)("purpose", purpose)("purposes", purposes)("sections", sections);
    f("may_search_residents", may_search_residents)("may_see_quarantine_values", may_see_quarantine_values)("csrf_token", csrf_token);
    f("idle_seconds", idle_seconds)("ends_at", ends_at)("demonstration_sign_ins", demonstration_sign_ins)("system", system);
  }
};

struct Interval {
  double low = 0, high = 0, level = 95;
  std::string method;
  void fields(auto& f) const { f("low", low)("high", high)("level", level)("method", method); }
};

struct Comparison {
  std::string against;
  Number value, difference;
  std::string verdict = "not_compared";
  void fields(auto& f) const { f("against", against)("value", value)("difference", difference)("verdict", verdict); }
};

struct Vintage {
  std::string status = "fresh";
  Date as_of;
  void fields(auto& f) const { f("status", status)("as_of", as_of); }
};

struct Figure {
  std::string id, label;
  Text measure, place, group;
  std::string unit = "count";
  Number value;
  std::optional<Interval> interval;
  Count numerator, denominator;
  bool suppressed = false;
  Text suppression_note;
  Count rounded_to;
  Text missing_reason;
  Number goal;
  std::optional<Comparison> comparison;
  Vintage vintage;
  void fields(auto& f) const {
    f("id", id)("label", label)("measure", measure)("place", place)("group", group)("unit", unit)("value", value)("interval", interval);
    f("numerator", numerator)("denominator", denominator)("suppressed", suppressed)("suppression_note", suppression_note);
    f("rounded_to", rounded_to)("missing_reason", missing_reason)("goal", goal)("comparison", comparison)("vintage", vintage);
  }
};

struct Breakdown {
  std::string dimension, title;
  Text note;
  std::vector<Figure> figures;
  void fields(auto& f) const { f("dimension", dimension)("title", title)("note", note)("figures", figures); }
};

struct MeasureOption {
  std::string id, name, unit, kind;
  void fields(auto& f) const { f("id", id)("name", name)("unit", unit)("kind", kind); }
};

struct Codelist {
  std::string id, name, version, system;
  std::int64_t codes = 0;
  std::string hash;
  void fields(auto& f) const { f("id", id)("name", name)("version", version)("system", system)("codes", codes)("hash", hash); }
};

struct Origin {  // schema Source
  std::string title;
  Text where;
  void fields(auto& f) const { f("title", title)("where", where); }
};

struct Definition {
  std::string rule, numerator, denominator;
  std::vector<std::string> exclusions;
  std::vector<Codelist> codelists;
  std::vector<Origin> sources;
  std::string version, good_direction = "neither", suppression;
  void fields(auto& f) const {
    f("rule", rule)("numerator", numerator)("denominator", denominator)("exclusions", exclusions)("codelists", codelists);
    f("sources", sources)("version", version)("good_direction", good_direction)("suppression", suppression);
  }
};

struct FeedUse {
  std::string feed, partner, dataset, status;
  Day latest_event;
  Text note;
  void fields(auto& f) const {
    f("feed", feed)("partner", partner)("dataset", dataset)("status", status)("latest_event", latest_event)("note", note);
  }
};

struct UnseenGroup {
  std::string reason, label, detail;
  std::optional<Figure> figure;
  void fields(auto& f) const { f("reason", reason)("label", label)("detail", detail)("figure", figure); }
};

struct Unseen {
  std::string sentence;
  std::vector<UnseenGroup> groups;
  void fields(auto& f) const { f("sentence", sentence)("groups", groups); }
};

struct MeasureDetail {
  std::string id, name, kind, purpose, headline;
  Text place;
  Figure figure;
  Number goal;
  std::vector<Breakdown> breakdowns;
  Definition definition;
  std::vector<FeedUse> feeds;
  Unseen unseen;
  void fields(auto& f) const {
    f("id", id)("name", name)("kind", kind)("purpose", purpose)("headline", headline)("place", place)("figure", figure)("goal", goal);
    f("breakdowns", breakdowns)("definition", definition)("feeds", feeds)("unseen", unseen);
  }
};

struct Link {
  std::string page;
  Text id;
  void fields(auto& f) const { f("page", page)("id", id); }
};

struct ThreadLink {
  bool available = false;
  std::string title, detail;
  std::optional<Link> link;
  void fields(auto& f) const { f("available", available)("title", title)("detail", detail)("link", link); }
};

struct Why {
  Figure figure;
  std::string sentence, calculation;
  Definition definition;
  SnapshotInfo snapshot;
  std::vector<FeedUse> feeds;
  Unseen unseen;
  ThreadLink priority, people, money, decision;
  void fields(auto& f) const {
    f("figure", figure)("sentence", sentence)("calculation", calculation)("definition", definition)("snapshot", snapshot)("feeds", feeds);
    f("unseen", unseen)("priority", priority)("people", people)("money", money)("decision", decision);
  }
};

struct AttentionItem {
  std::string kind, level, title, detail;
  std::optional<Link> link;
  void fields(auto& f) const { f("kind", kind)("level", level)("title", title)("detail", detail)("link", link); }
};

struct PriorityRef {
  std::string id, name;
  void fields(auto& f) const { f("id", id)("name", name); }
};

struct PriorityThread {
  PriorityRef priority;
  Text focus_area;
  std::string promise;
  MeasureDetail measure;
  void fields(auto& f) const { f("priority", priority)("focus_area", focus_area)("promise", promise)("measure", measure); }
};

struct StartCounts {
  std::int64_t people = 0;
  Count represented_population;
  std::int64_t places = 0, partners = 0, practices = 0, feeds = 0;
  void fields(auto& f) const {
    f("people", people)("represented_population", represented_population)("places", places)("partners", partners)("practices", practices)("feeds", feeds);
  }
};

struct MissingSender {
  std::string code, name, feed, note;
  void fields(auto& f) const { f("code", code)("name", name)("feed", feed)("note", note); }
};

struct Freshness {
  std::int64_t fresh = 0, late = 0, missing = 0;
  Day latest_event;
  std::vector<MissingSender> missing_practices;
  void fields(auto& f) const {
    f("fresh", fresh)("late", late)("missing", missing)("latest_event", latest_event)("missing_practices", missing_practices);
  }
};

struct Start {
  std::string sentence, about;
  std::vector<Figure> tiles;
  StartCounts counts;
  Freshness freshness;
  std::vector<AttentionItem> attention;
  std::vector<std::string> changes;
  std::optional<PriorityThread> follow;
  void fields(auto& f) const {
    f("sentence", sentence)("about", about)("tiles", tiles)("counts", counts)("freshness", freshness)("attention", attention);
    f("changes", changes)("follow", follow);
  }
};

struct DriftNote {  // schema Drift
  std::string kind = "none";
  Text detail;
  void fields(auto& f) const { f("kind", kind)("detail", detail); }
};

struct FeedSummary {
  std::string id, partner, partner_name, dataset, description;
  std::vector<std::string> shared_for;
  std::string key, status, status_detail;
  Count every_days;
  Day latest_event;
  std::optional<Instant> last_received;
  std::int64_t deliveries = 0, rows_read = 0, rows_accepted = 0, rows_quarantined = 0;
  Number quarantined_share, tolerance, completeness;
  std::vector<double> completeness_trend;
  DriftNote drift;
  void fields(auto& f) const {
    f("id", id)("partner", partner)("partner_name", partner_name)("dataset", dataset)("description", description)("shared_for", shared_for);
    f("key", key)("status", status)("status_detail", status_detail)("every_days", every_days)("latest_event", latest_event);
    f("last_received", last_received)("deliveries", deliveries)("rows_read", rows_read)("rows_accepted", rows_accepted);
    f("rows_quarantined", rows_quarantined)("quarantined_share", quarantined_share)("tolerance", tolerance)("completeness", completeness);
    f("completeness_trend", completeness_trend)("drift", drift);
  }
};

struct FeedList {
  std::string sentence;
  Date as_of;
  std::int64_t rows_read = 0, rows_accepted = 0, rows_quarantined = 0;
  std::vector<FeedSummary> feeds;
  void fields(auto& f) const {
    f("sentence", sentence)("as_of", as_of)("rows_read", rows_read)("rows_accepted", rows_accepted)("rows_quarantined", rows_quarantined)("feeds", feeds);
  }
};

struct ReceiptInfo {  // schema Receipt
  std::string file;
  std::optional<Instant> received_at;
  std::string checksum;
  std::int64_t bytes = 0, rows_read = 0, rows_accepted = 0, rows_quarantined = 0;
  Day latest_event;
  std::string standing = "current";
  void fields(auto& f) const {
    f("file", file)("received_at", received_at)("checksum", checksum)("bytes", bytes)("rows_read", rows_read)("rows_accepted", rows_accepted);
    f("rows_quarantined", rows_quarantined)("latest_event", latest_event)("standing", standing);
  }
};

struct FeedField {
  std::string column, field;
  bool required = false;
  std::string kind;
  std::int64_t rows = 0, filled = 0, valid = 0;
  Number completeness, validity;
  void fields(auto& f) const {
    f("column", column)("field", field)("required", required)("kind", kind)("rows", rows)("filled", filled)("valid", valid);
    f("completeness", completeness)("validity", validity);
  }
};

struct FindingGroup {
  std::string rule, title, severity;
  Text column;
  std::int64_t rows = 0;
  bool quarantines = false;
  Number share;
  Text fix;
  void fields(auto& f) const {
    f("rule", rule)("title", title)("severity", severity)("column", column)("rows", rows)("quarantines", quarantines)("share", share)("fix", fix);
  }
};

struct FeedDetail {
  FeedSummary feed;
  std::vector<ReceiptInfo> receipts;
  std::vector<FeedField> feed_fields;
  std::vector<FindingGroup> findings;
  std::vector<MissingSender> missing_senders;
  std::vector<MeasureOption> used_by;
  void fields(auto& f) const {
    f("feed", feed)("receipts", receipts)("fields", feed_fields)("findings", findings)("missing_senders", missing_senders)("used_by", used_by);
  }
};

struct QuarantineRow {
  std::string file;
  std::int64_t line = 0;
  Text column;
  std::string rule, title;
  Text value_class, value;
  void fields(auto& f) const {
    f("file", file)("line", line)("column", column)("rule", rule)("title", title)("value_class", value_class)("value", value);
  }
};

struct Quarantine {
  std::string feed;
  Text rule;
  std::int64_t total = 0, offset = 0, limit = 0;
  bool values_shown = false;
  Text values_note;
  std::vector<QuarantineRow> rows;
  void fields(auto& f) const {
    f("feed", feed)("rule", rule)("total", total)("offset", offset)("limit", limit)("values_shown", values_shown)("values_note", values_note)("rows", rows);
  }
};

struct PlaceInfo {  // schema Place
  std::string id, code, name;
  Text council;
  std::string description;
  std::int64_t column = 0, row = 0;
  Figure residents;
  void fields(auto& f) const {
    f("id", id)("code", code)("name", name)("council", council)("description", description)("column", column)("row", row)("residents", residents);
  }
};

struct PlaceList {
  std::vector<PlaceInfo> places;
  Figure whole;
  void fields(auto& f) const { f("places", places)("whole", whole); }
};

struct PyramidBand {
  std::string label;
  std::int64_t low = 0;
  Count high;
  Figure female, male;
  Number female_share, male_share, whole_female_share, whole_male_share;
  void fields(auto& f) const {
    f("label", label)("low", low)("high", high)("female", female)("male", male)("female_share", female_share)("male_share", male_share);
    f("whole_female_share", whole_female_share)("whole_male_share", whole_male_share);
  }
};

struct PopulationPage {  // schema Population
  Text place;
  std::string place_name, basis, headline;
  Date as_of;
  std::vector<Figure> tiles;
  std::vector<PyramidBand> pyramid;
  std::vector<Breakdown> breakdowns;
  void fields(auto& f) const {
    f("place", place)("place_name", place_name)("basis", basis)("headline", headline)("as_of", as_of)("tiles", tiles)("pyramid", pyramid)("breakdowns", breakdowns);
  }
};

struct Condition {
  std::string measure, name;
  Figure figure, whole;
  void fields(auto& f) const { f("measure", measure)("name", name)("figure", figure)("whole", whole); }
};

struct Conditions {
  Text place;
  std::string place_name, headline;
  std::vector<Condition> conditions;
  void fields(auto& f) const { f("place", place)("place_name", place_name)("headline", headline)("conditions", conditions); }
};

struct AreaCell {
  std::string code, name, place;
  Text neighbourhood;
  std::int64_t column = 0, row = 0;
  Count deprivation_fifth;
  Figure figure;
  void fields(auto& f) const {
    f("code", code)("name", name)("place", place)("neighbourhood", neighbourhood)("column", column)("row", row)("deprivation_fifth", deprivation_fifth)("figure", figure);
  }
};

struct PlaceLabel {
  std::string id, name;
  std::int64_t column = 0, row = 0;
  void fields(auto& f) const { f("id", id)("name", name)("column", column)("row", row); }
};

struct Scale {
  Number low, high;
  std::vector<double> breaks;
  std::string unit = "count";
  void fields(auto& f) const { f("low", low)("high", high)("breaks", breaks)("unit", unit); }
};

struct AreaMap {
  MeasureOption measure;
  std::string headline, geography, deprivation_index;
  std::vector<PlaceLabel> places;
  std::vector<AreaCell> cells;
  Scale scale;
  std::vector<MeasureOption> measures;
  void fields(auto& f) const {
    f("measure", measure)("headline", headline)("geography", geography)("deprivation_index", deprivation_index)("places", places)("cells", cells);
    f("scale", scale)("measures", measures);
  }
};

struct MeasureRow {
  std::string id, name, kind;
  Figure figure;
  Number goal;
  std::vector<Figure> by_place;
  void fields(auto& f) const { f("id", id)("name", name)("kind", kind)("figure", figure)("goal", goal)("by_place", by_place); }
};

struct MeasureList {
  std::vector<MeasureRow> measures;
  void fields(auto& f) const { f("measures", measures); }
};

struct SeatInfo {  // schema Seat
  std::string title;
  Text holder, organisation;
  std::optional<bool> voting;
  Text note;
  void fields(auto& f) const { f("title", title)("holder", holder)("organisation", organisation)("voting", voting)("note", note); }
};

struct BodyInfo {  // schema Body
  std::string id, name, short_name, kind, level;
  std::int64_t order = 0;
  std::string what_it_is_for;
  std::vector<std::string> roles, places;
  bool core_partner = false;
  Day opened, closed;
  bool expected = false;
  Text code;
  std::vector<SeatInfo> seats;
  void fields(auto& f) const {
    f("id", id)("name", name)("short_name", short_name)("kind", kind)("level", level)("order", order)("what_it_is_for", what_it_is_for)("roles", roles);
    f("places", places)("core_partner", core_partner)("opened", opened)("closed", closed)("expected", expected)("code", code)("seats", seats);
  }
};

struct Relation {
  std::string from, to, kind, label;
  Day since, until;
  void fields(auto& f) const { f("from", from)("to", to)("kind", kind)("label", label)("since", since)("until", until); }
};

struct Level {
  std::string id, title, note;
  void fields(auto& f) const { f("id", id)("title", title)("note", note); }
};

struct Structure {
  std::string sentence;
  Date as_of;
  std::vector<Level> levels;
  std::vector<BodyInfo> bodies;
  std::vector<Relation> relations;
  void fields(auto& f) const { f("sentence", sentence)("as_of", as_of)("levels", levels)("bodies", bodies)("relations", relations); }
};

struct Provider {
  std::string kind;
  Text organisation;
  std::string name;
  void fields(auto& f) const { f("kind", kind)("organisation", organisation)("name", name); }
};

struct ServiceInfo {  // schema Service
  std::string id, name, kind, what_it_is;
  Text commissioner, commissioner_name;
  std::vector<Provider> providers;
  std::vector<std::string> places;
  void fields(auto& f) const {
    f("id", id)("name", name)("kind", kind)("what_it_is", what_it_is)("commissioner", commissioner)("commissioner_name", commissioner_name);
    f("providers", providers)("places", places);
  }
};

struct BodyDetail {
  BodyInfo body;
  std::vector<std::string> sentences;
  std::vector<Relation> relations;
  std::vector<BodyInfo> neighbours;
  std::vector<ServiceInfo> services;
  std::vector<PriorityRef> priorities;
  void fields(auto& f) const {
    f("body", body)("sentences", sentences)("relations", relations)("neighbours", neighbours)("services", services)("priorities", priorities);
  }
};

struct FocusAreaInfo {  // schema FocusArea
  std::string id, name, summary;
  std::vector<MeasureOption> measures;
  void fields(auto& f) const { f("id", id)("name", name)("summary", summary)("measures", measures); }
};

struct PriorityInfo {  // schema Priority
  std::string id, name, kind, summary;
  Text owner;
  std::vector<FocusAreaInfo> focus_areas;
  void fields(auto& f) const { f("id", id)("name", name)("kind", kind)("summary", summary)("owner", owner)("focus_areas", focus_areas); }
};

struct StrategyPage {  // schema Strategy
  std::string title, sentence;
  std::vector<PriorityInfo> priorities, enablers;
  void fields(auto& f) const { f("title", title)("sentence", sentence)("priorities", priorities)("enablers", enablers); }
};

struct ServiceList {
  std::string sentence;
  std::vector<ServiceInfo> services;
  void fields(auto& f) const { f("sentence", sentence)("services", services); }
};

struct SearchHit {
  std::string kind, id, title, detail;
  void fields(auto& f) const { f("kind", kind)("id", id)("title", title)("detail", detail); }
};

struct SearchHits {
  std::vector<SearchHit> hits;
  void fields(auto& f) const { f("hits", hits); }
};

struct ResidentHit {
  PersonId person;     // never written; the handle is made from it
  std::string handle;
  std::string name;
  Day birth_date;
  Count age;
  std::string sex = "unknown";
  Text nhs_number, postcode, place, practice;
  Day died;
  bool restricted = false;
  void fields(auto& f) const {
    f("handle", handle)("name", name)("birth_date", birth_date)("age", age)("sex", sex)("nhs_number", nhs_number)("postcode", postcode);
    f("place", place)("practice", practice)("died", died)("restricted", restricted);
  }
};

struct ResidentHits {
  std::vector<ResidentHit> hits;
  bool more = false;
  Text note;
  void fields(auto& f) const { f("hits", hits)("more", more)("note", note); }
};

struct Banner {
  std::string name;
  Day birth_date;
  Count age;
  std::string sex = "unknown";
  Text nhs_number, number_status, address, telephone, practice, practice_code, place, small_area;
  std::string ethnicity;
  Text language;
  Day died;
  bool restricted = false;
  std::vector<std::string> alerts;
  void fields(auto& f) const {
    f("name", name)("birth_date", birth_date)("age", age)("sex", sex)("nhs_number", nhs_number)("number_status", number_status)("address", address);
    f("telephone", telephone)("practice", practice)("practice_code", practice_code)("place", place)("small_area", small_area)("ethnicity", ethnicity);
    f("language", language)("died", died)("restricted", restricted)("alerts", alerts);
  }
};

struct Lane {
  std::string id, title;
  std::int64_t events = 0;
  void fields(auto& f) const { f("id", id)("title", title)("events", events); }
};

struct TimelineEvent {
  std::string lane, kind;
  Date start;
  Day end;
  bool open = false;
  std::string title;
  Text detail, organisation, feed;
  std::int64_t weight = 1;
  void fields(auto& f) const {
    f("lane", lane)("kind", kind)("start", start)("end", end)("open", open)("title", title)("detail", detail)("organisation", organisation);
    f("feed", feed)("weight", weight);
  }
};

struct SeriesPoint {
  Date date;
  double value = 0;
  Text comparator;
  void fields(auto& f) const { f("date", date)("value", value)("comparator", comparator); }
};

struct Series {
  std::string code, name;
  Text unit;
  SeriesPoint latest;
  std::vector<SeriesPoint> points;
  void fields(auto& f) const { f("code", code)("name", name)("unit", unit)("latest", latest)("points", points); }
};

struct RecordItem {
  std::string title;
  Text detail;
  Day date;
  Text status, organisation;
  void fields(auto& f) const { f("title", title)("detail", detail)("date", date)("status", status)("organisation", organisation); }
};

struct Involved {
  std::string name, what;
  Day last_seen;
  std::int64_t contacts = 0;
  void fields(auto& f) const { f("name", name)("what", what)("last_seen", last_seen)("contacts", contacts); }
};

struct SourceFreshness {
  std::string feed, partner, dataset, status;
  Day latest_event;
  void fields(auto& f) const { f("feed", feed)("partner", partner)("dataset", dataset)("status", status)("latest_event", latest_event); }
};

struct TableSummary {
  std::string kind, title;
  std::int64_t rows = 0;
  void fields(auto& f) const { f("kind", kind)("title", title)("rows", rows); }
};

struct ResidentRecord {
  std::string handle;
  Banner banner;
  std::vector<std::string> what_matters;
  std::vector<Lane> lanes;
  std::vector<TimelineEvent> timeline;
  bool timeline_truncated = false;
  std::vector<Series> series;
  std::vector<RecordItem> problems, medicines, allergies, immunisations;
  std::vector<Involved> involved;
  std::vector<SourceFreshness> freshness;
  std::vector<TableSummary> tables;
  Text withheld;
  void fields(auto& f) const {
    f("handle", handle)("banner", banner)("what_matters", what_matters)("lanes", lanes)("timeline", timeline)("timeline_truncated", timeline_truncated);
    f("series", series)("problems", problems)("medicines", medicines)("allergies", allergies)("immunisations", immunisations)("involved", involved);
    f("freshness", freshness)("tables", tables)("withheld", withheld);
  }
};

struct TableColumn {
  std::string id, title, type;
  void fields(auto& f) const { f("id", id)("title", title)("type", type); }
};

using TableCell = std::variant<std::monostate, std::string, std::int64_t, double, bool>;

struct RecordTable {
  std::string kind, title;
  std::vector<TableColumn> columns;
  std::vector<std::vector<TableCell>> rows;
  std::int64_t total = 0, offset = 0, limit = 0;
  void fields(auto& f) const {
    f("kind", kind)("title", title)("columns", columns)("rows", rows)("total", total)("offset", offset)("limit", limit);
  }
};

struct Problem {
  std::string type, title;
  std::int64_t status = 500;
  std::string detail;
  Text fix;
  std::string reference;
  void fields(auto& f) const { f("type", type)("title", title)("status", status)("detail", detail)("fix", fix)("reference", reference); }
};

}  // namespace catchment::api
