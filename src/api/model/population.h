// The population page: pyramid, breakdowns, conditions, map.
#pragma once

#include "api/model/figure.h"

namespace catchment::api {

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
    f("place", place)("place_name", place_name)("basis", basis)("headline", headline)("as_of", as_of)("tiles", tiles)("pyramid", pyramid)("breakdowns",
                                                                                                                                          breakdowns);
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
    f("code", code)("name", name)("place", place)("neighbourhood", neighbourhood)("column", column)("row", row)("deprivation_fifth", deprivation_fifth)(
        "figure", figure);
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
  std::optional<Figure> whole;
  std::vector<MeasureOption> measures;
  void fields(auto& f) const {
    f("measure", measure)("headline", headline)("geography", geography)("deprivation_index", deprivation_index)("places", places)("cells", cells);
    f("scale", scale)("whole", whole)("measures", measures);
  }
};

}  // namespace catchment::api
