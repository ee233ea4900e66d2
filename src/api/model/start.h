// The start page.
#pragma once

#include "api/model/measures.h"

namespace catchment::api {

struct AttentionItem {
  std::string kind, level, title, detail;
  std::optional<Link> link;
  void fields(auto& f) const { f("kind", kind)("level", level)("title", title)("detail", detail)("link", link); }
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

struct Freshness {
  std::int64_t fresh = 0, late = 0, missing = 0;
  Day latest_event;
  std::vector<MissingSender> missing_practices;
  void fields(auto& f) const { f("fresh", fresh)("late", late)("missing", missing)("latest_event", latest_event)("missing_practices", missing_practices); }
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

}  // namespace catchment::api
