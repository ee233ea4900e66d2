// A figure and everything it opens to: definition, feeds, who is unseen, the golden thread.
#pragma once

#include "api/model/session.h"

namespace catchment::api {

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
  Text held_back;  // why it is as it was published before
  Text missing_reason;
  Number goal;
  std::optional<Comparison> comparison;
  Vintage vintage;
  void fields(auto& f) const {
    f("id", id)("label", label)("measure", measure)("place", place)("group", group)("unit", unit)("value", value)("interval", interval);
    f("numerator", numerator)("denominator", denominator)("suppressed", suppressed)("suppression_note", suppression_note);
    f("rounded_to", rounded_to)("held_back", held_back)("missing_reason", missing_reason)("goal", goal)("comparison", comparison)("vintage", vintage);
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
  void fields(auto& f) const { f("feed", feed)("partner", partner)("dataset", dataset)("status", status)("latest_event", latest_event)("note", note); }
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

struct PriorityRef {
  std::string id, name;
  void fields(auto& f) const { f("id", id)("name", name); }
};

struct MissingSender {
  std::string code, name, feed, note;
  void fields(auto& f) const { f("code", code)("name", name)("feed", feed)("note", note); }
};

}  // namespace catchment::api
