// A resident: search, banner, timeline, lists and tables.
#pragma once

#include <variant>

#include "api/model/values.h"

namespace catchment::api {

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
  void fields(auto& f) const { f("kind", kind)("title", title)("columns", columns)("rows", rows)("total", total)("offset", offset)("limit", limit); }
};

}  // namespace catchment::api
