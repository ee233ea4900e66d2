// Imported series: figures about what no record of persons holds, with the metadata of a measure.
#include <fmt/core.h>

#include <algorithm>

#include "measures/library_reading.h"

namespace catchment::measures {

namespace {

void read_points(system::Definitions& definitions, const system::System& system, ImportedSeries& series, const std::string& file) {
  system::KnownIds places;
  for (const system::Place& place : system.places) places.emplace(place.id, 0);
  places.emplace("all", 0);
  system::Table table(definitions, file, {{"place", "period", "value"}, {"numerator", "denominator", "note", "split", "group"}});
  system::KnownIds seen;
  for (system::Row row : table) {
    SeriesPoint point;
    point.place = row.reference("place", places, "places.csv");
    point.period = row.text("period");
    const auto value = row.number("value", -1e15, 1e15);
    if (value) point.value = *value;
    else if (!row.has("value")) row.error("value", "'value' is empty", "write the figure, or remove the row");
    if (row.has("numerator")) point.numerator = row.number("numerator", 0, 1e15);
    if (row.has("denominator")) point.denominator = row.number("denominator", 0, 1e15);
    point.note = row.optional_text("note");
    constexpr const char* splits[] = {"age", "sex", "deprivation", "ethnicity"};
    if (row.has("split") != row.has("group"))
      row.error(row.has("split") ? "group" : "split", "'split' and 'group' stand together", "fill both, or leave both empty for everybody");
    else if (row.has("split")) point.split = splits[row.one_of("split", {"age", "sex", "deprivation", "ethnicity"})], point.group = row.text("group");
    if (!seen.emplace(fmt::format("{}\n{}\n{}\n{}", point.place, point.period, point.split, point.group), 0).second)
      row.error("period", "this place, period and group already have a figure", "keep one of the rows");
    (point.split.empty() ? series.points : series.groups).push_back(std::move(point));
  }
  if (table.whole() && series.points.empty()) definitions.error(file, 1, 1, "the series has no figures", "add its rows, or remove it from series/series.toml");
}

}  // namespace

void LibraryReading::read_series(const system::System& system) {
  const std::string file = "series/series.toml";
  if (!definitions.has(file)) return;
  const std::optional<system::TomlValue> root = system::read_toml(definitions, file);
  if (!root) return;
  system::TomlTable top(definitions, file, *root);
  MeasureWords usual;
  usual.source = top.optional_text("source");
  const bool synthetic = top.yes_no("synthetic", false);
  std::vector<std::string> tables{};
  for (system::TomlTable& table : top.tables("series")) {
    ImportedSeries series;
    read_words(table, usual, series.words);
    series.unit = table.text("unit");
    series.synthetic = table.yes_no("synthetic", synthetic);
    table.finish();
    const std::string id = series.words.id;
    const bool measure = std::any_of(library.measures.begin(), library.measures.end(), [&](const auto& m) { return m.words.id == id; });
    if (measure || std::find(tables.begin(), tables.end(), id) != tables.end()) {
      table.error("id", "'" + id + "' is there twice", "give each series an id that no measure has");
      continue;
    }
    tables.push_back(id);
    if (!definitions.has("series/" + id + ".csv")) {
      table.error("id", "there is no series/" + id + ".csv", "add it with the columns place,period,value");
      continue;
    }
    read_points(definitions, system, series, "series/" + id + ".csv");
    library.series.push_back(std::move(series));
  }
  top.finish();
  for (const std::string& each : definitions.files("series", ".csv")) {
    const std::string id = std::filesystem::path(each).stem().string();
    if (std::find(tables.begin(), tables.end(), id) == tables.end())
      definitions.warning(each, 1, 1, "no [[series]] of series/series.toml is called " + id, "describe it there, or remove the file");
  }
  std::sort(library.series.begin(), library.series.end(), [](const auto& a, const auto& b) { return a.words.id < b.words.id; });
}

void LibraryReading::check_promises(const system::System& system) {
  std::vector<std::string> measures, series;
  for (const LibraryMeasure& measure : library.measures) measures.push_back(measure.words.id);
  for (const ImportedSeries& one : library.series) series.push_back(one.words.id);
  for (const system::Promise& promise : system.promises) {
    if ((promise.held_as != "measure" && promise.held_as != "series") || promise.what.empty()) continue;
    const std::vector<std::string>& known = promise.held_as == "measure" ? measures : series;
    if (std::find(known.begin(), known.end(), promise.what) != known.end()) continue;
    const std::string near = nearest(promise.what, known);
    definitions.error("promises.csv", promise.line, 1, fmt::format("there is no {} '{}'", promise.held_as, promise.what),
                      near.empty() ? "see the ids with: catchment measure list" : "did you mean '" + near + "'?");
  }
}

}  // namespace catchment::measures
