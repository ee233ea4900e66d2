// The measures page.
#pragma once

#include "api/model/figure.h"

namespace catchment::api {

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

struct MeasureRow {
  std::string id, name, kind;
  Figure figure;
  Number goal;
  std::vector<Figure> by_place;
  void fields(auto& f) const { f("id", id)("name", name)("kind", kind)("figure", figure)("goal", goal)("by_place", by_place); }
};

struct MeasureList {
  std::string sentence;
  std::vector<MeasureRow> measures;
  void fields(auto& f) const { f("sentence", sentence)("measures", measures); }
};

}  // namespace catchment::api
