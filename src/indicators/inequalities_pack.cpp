#include "indicators/inequalities_pack.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "base/csv.h"

namespace catchment::indicators {

namespace {

constexpr const char* pack_file = "inequalities_pack.csv";

std::string words(const std::optional<double>& value) { return value ? fmt::format("{:.2f}", *value) : ""; }
std::string whole_words(const std::optional<double>& value) { return value ? fmt::format("{:.0f}", *value) : ""; }
std::string words(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : ""; }

void add_figures(std::string& text, const PackIndicator& indicator, const PublishedMeasure& measure, const std::vector<MeasureFigure>& figures) {
  for (const MeasureFigure& f : figures) {
    const bool wanted = f.split == Split::none || f.split == Split::deprivation || f.split == Split::ethnicity || f.split == Split::age ||
        f.split == Split::sex || crossed_of(f.split);
    if (!wanted || f.basis != Basis::registered || !f.place.empty() || f.month != measure.last_month) continue;
    text += csv_line({std::to_string(indicator.number), indicator.domain, indicator.title, measure.id, measure.title, to_string(f.month).substr(0, 7),
                      f.split == Split::none ? "everyone" : std::string(to_string(f.split)), f.variant, f.group, f.hidden ? "*" : words(f.numerator),
                      words(f.denominator), f.hidden ? "*" : words(f.value), words(f.low), words(f.high), fmt::format("{:.10g}", measure.per),
                      words(f.standardised), words(f.standardised_low), words(f.standardised_high), indicator.note});
  }
}

std::vector<std::string> ids_of(const std::string& text) {
  std::vector<std::string> ids;
  std::istringstream words(text);
  for (std::string id; words >> id;) ids.push_back(id);
  return ids;
}

/// An indicator's row that holds no figure and says why.
std::string row_without(const PackIndicator& indicator, const std::string& id, const std::string& why) {
  return csv_line({std::to_string(indicator.number), indicator.domain, indicator.title, id, "", "", "", "", "", "", "", "", "", "", "", "", "", "", why});
}

}  // namespace

std::vector<PackIndicator> load_inequalities_pack(system::Definitions& definitions) {
  std::vector<PackIndicator> pack;
  if (!definitions.has(pack_file)) return pack;
  system::Table table(definitions, pack_file, {{"number", "domain", "indicator"}, {"measures", "series", "note", "not_held_because"}});
  for (system::Row row : table) {
    PackIndicator& indicator = pack.emplace_back();
    indicator.number = static_cast<int>(row.integer("number", 1, 999));
    indicator.domain = row.text("domain");
    indicator.title = row.text("indicator");
    indicator.measures = ids_of(row.optional_text("measures"));
    indicator.series = ids_of(row.optional_text("series"));
    indicator.note = row.optional_text("note");
    indicator.not_held_because = row.optional_text("not_held_because");
    if (indicator.held() != indicator.not_held_because.empty())
      row.error("measures", "an indicator has measures or series, or says why it is not held", "fill 'measures' or 'series', or else 'not_held_because'");
  }
  return pack;
}

std::string series_rows(const PackIndicator& indicator, const measures::ImportedSeries& series) {
  const auto whole = [](const measures::SeriesPoint& point) { return point.place == "all"; };
  std::string latest;
  for (const auto* points : {&series.points, &series.groups})
    for (const auto& point : *points)
      if (whole(point)) latest = std::max(latest, point.period);
  std::string text;
  for (const auto* points : {&series.points, &series.groups})
    for (const auto& point : *points) {
      if (!whole(point) || point.period != latest) continue;
      std::string note = indicator.note;
      if (!point.note.empty()) note += (note.empty() ? "" : " ") + fmt::format("The figure is {}.", point.note);
      text += csv_line({std::to_string(indicator.number), indicator.domain, indicator.title, series.words.id,
                        fmt::format("{} ({})", series.words.title, series.unit), point.period, point.split.empty() ? "everyone" : point.split, "", point.group,
                        whole_words(point.numerator), whole_words(point.denominator), fmt::format("{:.2f}", point.value), "", "", "", "", "", "", note});
    }
  return text.empty() ? row_without(indicator, series.words.id, "The series has no figure of the whole area") : text;
}

std::string pack_csv(const std::vector<PackIndicator>& pack, FigureStore& figures, const std::vector<measures::ImportedSeries>& series, bool synthetic) {
  std::string text = synthetic ? "# Synthetic data: not real people or performance\n" : "";
  text +=
      "number,domain,indicator,measure,title,month,split,index,group,numerator,denominator,value,low,high,per,standardised,standardised_low,standardised_high,"
      "note\n";
  const std::vector<PublishedMeasure> published = figures.measures();
  for (const PackIndicator& indicator : pack) {
    if (!indicator.held()) text += row_without(indicator, "", "Not held: " + indicator.not_held_because);
    for (const std::string& id : indicator.measures) {
      const auto measure = std::find_if(published.begin(), published.end(), [&](const auto& each) { return each.id == id; });
      if (measure == published.end()) text += row_without(indicator, id, "Not worked out for this snapshot: run catchment measure run");
      else add_figures(text, indicator, *measure, figures.figures(id));
    }
    for (const std::string& id : indicator.series) {
      const auto one = std::find_if(series.begin(), series.end(), [&](const auto& each) { return each.words.id == id; });
      text += one == series.end() ? row_without(indicator, id, "No series has this name") : series_rows(indicator, *one);
    }
  }
  return text;
}

}  // namespace catchment::indicators
