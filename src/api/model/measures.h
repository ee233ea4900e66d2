// The measures pages: one measure, the list, inequalities, a place's profile, the scorecard.
#pragma once

#include "api/model/figure.h"

namespace catchment::api {

struct TrendPoint {
  Date month;
  Number value, low, high;
  Count numerator, denominator;
  bool suppressed = false;
  Number mean, lower, upper;  // of the control chart
  Number planned;             // by the plan's line for this measure and place
  std::string mark = "none";  // improvement | concern | neutral
  Text cause;
  void fields(auto& f) const {
    f("month", month)("value", value)("low", low)("high", high)("numerator", numerator)("denominator", denominator)("suppressed", suppressed);
    f("mean", mean)("lower", lower)("upper", upper)("planned", planned)("mark", mark)("cause", cause);
  }
};

/// Over years, as Fingertips works it out.
struct RecentTrend {
  std::string trend = "cannot_be_calculated";  // no_change | increasing | decreasing
  std::string judgement = "none";              // better | worse, where a good direction is known
  std::string words, sentence;
  void fields(auto& f) const { f("trend", trend)("judgement", judgement)("words", words)("sentence", sentence); }
};

struct MeasureTrend {  // schema Trend
  std::string sentence, rules;
  Text note;
  std::string variation = "none", variation_words, assurance = "none", assurance_words;
  RecentTrend recent;
  Number target;
  std::vector<TrendPoint> points;
  void fields(auto& f) const {
    f("sentence", sentence)("rules", rules)("note", note)("variation", variation)("variation_words", variation_words)("assurance", assurance);
    f("assurance_words", assurance_words)("recent", recent)("target", target)("points", points);
  }
};

struct GroupGap {  // schema Gap
  std::string dimension, title, sentence, high_group, low_group, unit;
  double difference = 0, low = 0, high = 0;
  bool beyond_chance = false;
  Number slope, slope_low, slope_high, relative;
  void fields(auto& f) const {
    f("dimension", dimension)("title", title)("sentence", sentence)("high_group", high_group)("low_group", low_group)("unit", unit)("difference", difference);
    f("low", low)("high", high)("beyond_chance", beyond_chance)("slope", slope)("slope_low", slope_low)("slope_high", slope_high)("relative", relative);
  }
};

struct FunnelPoint {
  std::string code, name;
  Text network, place;
  std::int64_t denominator = 0;
  double value = 0;
  std::string standing = "within";  // very_low | low | within | high | very_high
  void fields(auto& f) const {
    f("code", code)("name", name)("network", network)("place", place)("denominator", denominator)("value", value)("standing", standing);
  }
};

struct FunnelLimit {
  double denominator = 0, inner_low = 0, inner_high = 0, outer_low = 0, outer_high = 0;
  void fields(auto& f) const {
    f("denominator", denominator)("inner_low", inner_low)("inner_high", inner_high)("outer_low", outer_low)("outer_high", outer_high);
  }
};

struct PracticeFunnel {  // schema Funnel
  std::string sentence;
  double baseline = 0;
  std::vector<FunnelPoint> points;
  std::vector<FunnelLimit> limits;
  std::int64_t hidden = 0;
  Number phi, tau2;
  void fields(auto& f) const { f("sentence", sentence)("baseline", baseline)("points", points)("limits", limits)("hidden", hidden)("phi", phi)("tau2", tau2); }
};

/// A place in the grid of two groups crossed; where nobody is counted there is none.
struct CrossingCell {
  std::int64_t row = 0, column = 0;
  Number value, low, high;
  Count numerator, denominator;
  bool suppressed = false;
  std::string verdict = "not_compared";  // against the whole
  void fields(auto& f) const {
    f("row", row)("column", column)("value", value)("low", low)("high", high)("numerator", numerator)("denominator", denominator);
    f("suppressed", suppressed)("verdict", verdict);
  }
};

struct Crossing {
  std::string dimension, title, sentence, note, row_title, column_title;
  std::vector<std::string> rows, columns;
  std::vector<CrossingCell> cells;
  Text held_back;  // as of its figures
  void fields(auto& f) const {
    f("dimension", dimension)("title", title)("sentence", sentence)("note", note)("row_title", row_title)("column_title", column_title);
    f("rows", rows)("columns", columns)("cells", cells)("held_back", held_back);
  }
};

struct MeasureDetail {
  std::string id, name, kind, purpose, headline;
  std::string unit = "percent";
  Text place, basis, period, index;
  std::vector<std::string> indices;  // versions of the deprivation index there are figures for
  Figure figure;
  std::optional<Figure> standardised;
  Number goal;
  std::vector<Breakdown> breakdowns;
  std::vector<Crossing> crossings;  // two groups at once, those the policy allows
  std::optional<MeasureTrend> trend;
  std::vector<GroupGap> gaps;
  std::optional<PracticeFunnel> funnel;
  std::vector<std::string> hidden_splits;  // what is hidden whole, and why, a sentence each
  Definition definition;
  Text owner, limits, year, programme;
  std::optional<PriorityRef> priority;
  std::vector<FeedUse> feeds;
  Unseen unseen;
  void fields(auto& f) const {
    f("id", id)("name", name)("kind", kind)("purpose", purpose)("headline", headline)("unit", unit)("place", place)("basis", basis)("period", period);
    f("index", index)("indices", indices)("figure", figure)("standardised", standardised)("goal", goal)("breakdowns", breakdowns)("trend", trend)("gaps", gaps);
    f("crossings", crossings)("funnel", funnel)("hidden_splits", hidden_splits)("definition", definition)("owner", owner)("limits", limits)("year", year)(
        "programme", programme)("priority", priority);
    f("feeds", feeds)("unseen", unseen);
  }
};

struct MeasureRow {
  std::string id, name, kind;
  std::string unit = "percent", good_direction = "neither";
  Figure figure;
  Number goal;
  std::vector<Figure> by_place;
  Text priority, focus, programme;
  std::vector<Number> spark;  // by month; nothing where hidden
  std::string variation = "none", assurance = "none";
  std::optional<RecentTrend> recent;  // where five years are there
  Text trajectory;  // how far from the target, how it moved in a year, and when it would be met at that pace
  Text months_held_back = std::nullopt;  // which months before the last are as published before, and why
  void fields(auto& f) const {
    f("id", id)("name", name)("kind", kind)("unit", unit)("good_direction", good_direction)("figure", figure)("goal", goal)("by_place", by_place);
    f("priority", priority)("focus", focus)("programme", programme)("spark", spark)("months_held_back", months_held_back)("variation", variation)(
        "assurance", assurance)("recent", recent)("trajectory", trajectory);
  }
};

struct MeasureList {
  std::string sentence;
  bool library = false;  // the measure library has been worked out for this snapshot
  Text period;
  std::vector<PriorityRef> priorities;  // in the strategy's order
  std::vector<MeasureRow> measures;
  void fields(auto& f) const { f("sentence", sentence)("library", library)("period", period)("priorities", priorities)("measures", measures); }
};

struct InequalityRow {
  std::string measure, name;
  Text priority;
  std::string good_direction = "neither";
  Figure whole;
  GroupGap gap;
  double share_of_whole = 0;  // the difference over the whole's value
  bool against_most_deprived = false;  // deprivation: the worse end is the most deprived
  void fields(auto& f) const {
    f("measure", measure)("name", name)("priority", priority)("good_direction", good_direction)("whole", whole)("gap", gap)("share_of_whole", share_of_whole);
    f("against_most_deprived", against_most_deprived);
  }
};

struct InequalityPage {  // schema Inequalities
  std::string by, title, sentence, note;
  bool library = false;
  Text place;
  std::vector<InequalityRow> rows;
  void fields(auto& f) const { f("by", by)("title", title)("sentence", sentence)("note", note)("library", library)("place", place)("rows", rows); }
};

struct ProfileItem {
  std::string measure, name, kind;
  Text priority;
  Figure figure, whole;
  void fields(auto& f) const { f("measure", measure)("name", name)("kind", kind)("priority", priority)("figure", figure)("whole", whole); }
};

struct StandsOut {
  std::string measure, name, verdict, sentence;  // better | worse | higher | lower
  Text why;
  double distance = 0;  // in halves of the 99.8% interval
  Text held_back;       // as of its figures
  void fields(auto& f) const {
    f("measure", measure)("name", name)("verdict", verdict)("sentence", sentence);
    f("why", why)("distance", distance)("held_back", held_back);
  }
};

struct PlaceProfile {
  std::string place, name, sentence, note;
  Date as_of;
  bool library = false;
  std::vector<Figure> population;
  std::vector<StandsOut> stands_out;
  std::vector<ProfileItem> need, outcomes;
  std::vector<PriorityRef> priorities;
  Unseen unseen;
  void fields(auto& f) const {
    f("place", place)("name", name)("sentence", sentence)("note", note)("as_of", as_of)("library", library)("population", population)("stands_out", stands_out);
    f("need", need)("outcomes", outcomes)("priorities", priorities)("unseen", unseen);
  }
};

struct SeriesValue {
  std::string place, name, period;  // place id, or "all"
  double value = 0;
  Text note;
  void fields(auto& f) const { f("place", place)("name", name)("period", period)("value", value)("note", note); }
};

/// Figures brought in from elsewhere, about what no record of persons holds. `latest` by place, `whole` by period.
struct ImportedSeries {
  std::string id, name, purpose, unit, good_direction, source, owner, period, sentence;
  Text limits, programme;
  bool synthetic = false;
  std::vector<SeriesValue> latest, whole;
  void fields(auto& f) const {
    f("id", id)("name", name)("purpose", purpose)("unit", unit)("good_direction", good_direction)("source", source)("owner", owner)("period", period);
    f("sentence", sentence)("limits", limits)("programme", programme)("synthetic", synthetic)("latest", latest)("whole", whole);
  }
};

struct PlannedValue {
  Date month;
  double value = 0;
  void fields(auto& f) const { f("month", month)("value", value); }
};

/// A line of the plan beside what was measured; `of` is the title of its measure or series.
struct PlanRow {
  std::string id, name, of, owner, place, sentence;
  std::string standing = "none";  // as_planned | ahead | behind
  Text measure;                   // id, where it is a measure of the record
  std::optional<Date> month;      // that `actual` is of
  Number planned, actual;
  Text held_back;  // as of the figure measured
  bool synthetic = false;
  std::vector<PlannedValue> points;
  void fields(auto& f) const {
    f("id", id)("name", name)("of", of)("owner", owner)("place", place)("sentence", sentence)("standing", standing)("measure", measure)("month", month);
    f("planned", planned)("actual", actual)("held_back", held_back)("synthetic", synthetic)("points", points);
  }
};

struct ScoreFocus {
  std::string id, name;
  std::vector<MeasureRow> measures;
  std::vector<ImportedSeries> series;
  std::vector<PlanRow> plan;
  void fields(auto& f) const { f("id", id)("name", name)("measures", measures)("series", series)("plan", plan); }
};

/// What a figure may be compared with: a month of this snapshot, or the latest month of an earlier one.
struct ChangeFrom {
  std::string id, title;
  Text snapshot;
  Date month;
  void fields(auto& f) const { f("id", id)("title", title)("snapshot", snapshot)("month", month); }
};

struct ChangePart {
  std::string cause, title, words;
  bool known = true;  // false: there was nothing to tell it by
  Count gained, lost, gained_out_of, lost_out_of;  // nothing where hidden
  Number points;      // effect on the value, from the shown counts
  void fields(auto& f) const {
    f("cause", cause)("title", title)("words", words)("known", known)("gained", gained)("lost", lost)("gained_out_of", gained_out_of)("lost_out_of",
                                                                                                                                      lost_out_of);
    f("points", points);
  }
};

struct ChangeEnd {
  std::string title;
  Count numerator, denominator;
  Number value;
  void fields(auto& f) const { f("title", title)("numerator", numerator)("denominator", denominator)("value", value); }
};

struct MeasureChange {
  std::string measure, unit = "percent", sentence, note;
  bool available = false;
  Text place;
  std::vector<ChangeFrom> from;  // what there is to choose
  Text chosen;
  Date month;
  ChangeEnd before, after;
  std::vector<ChangePart> parts;
  std::vector<std::string> sentences;
  void fields(auto& f) const {
    f("measure", measure)("unit", unit)("sentence", sentence)("note", note)("available", available)("place", place)("from", from)("chosen", chosen)("month",
                                                                                                                                                    month);
    f("before", before)("after", after)("parts", parts)("sentences", sentences);
  }
};

struct ScorePriority {
  std::string id, name, kind, summary, sentence;
  std::vector<ScoreFocus> focus_areas;
  void fields(auto& f) const { f("id", id)("name", name)("kind", kind)("summary", summary)("sentence", sentence)("focus_areas", focus_areas); }
};

struct Scorecard {
  std::string title, sentence, note;
  bool library = false;
  std::vector<ScorePriority> priorities;
  void fields(auto& f) const { f("title", title)("sentence", sentence)("note", note)("library", library)("priorities", priorities); }
};

}  // namespace catchment::api
