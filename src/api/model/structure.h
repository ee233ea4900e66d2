// Who is who, the strategy and the services.
#pragma once

#include "api/model/figure.h"

namespace catchment::api {

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
  Text decides, pays, provides, scrutinises;
  bool core_partner = false;
  Day opened, closed;
  bool expected = false;
  Text code;
  std::vector<SeatInfo> seats;
  void fields(auto& f) const {
    f("id", id)("name", name)("short_name", short_name)("kind", kind)("level", level)("order", order)("what_it_is_for", what_it_is_for)("roles", roles);
    f("decides", decides)("pays", pays)("provides", provides)("scrutinises", scrutinises)("places", places)("core_partner", core_partner)("opened", opened)(
        "closed", closed)("expected", expected)("code", code)("seats", seats);
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

}  // namespace catchment::api
