#include "measures/plan.h"

#include <algorithm>

#include "measures/library_reading.h"

namespace catchment::measures {

std::optional<double> PlanLine::planned(Date month) const {
  const auto after = std::find_if(trajectory.begin(), trajectory.end(), [&](const PlanPoint& point) { return !(point.month < month); });
  if (after == trajectory.end()) return std::nullopt;
  if (after->month == month) return after->value;
  if (after == trajectory.begin()) return std::nullopt;
  const PlanPoint& before = *(after - 1);
  const auto months = [](Date from, Date to) { return (to.year() - from.year()) * 12 + to.month() - from.month(); };
  return before.value + (after->value - before.value) * months(before.month, month) / months(before.month, after->month);
}

namespace {

// "2026-03" or a day; the month's first day.
std::optional<Date> month_of(const std::string& text) {
  const auto day = Date::parse(text.size() == 7 ? text + "-01" : text);
  return day ? std::optional(Date::from_ymd(day->year(), day->month(), 1)) : std::nullopt;
}

void read_trajectory(system::TomlTable& table, PlanLine& line) {
  for (system::TomlTable& each : table.tables("trajectory")) {
    const std::string text = each.text("month");
    const auto month = month_of(text);
    const auto value = each.number("value", -1e12, 1e12);
    if (!month && !text.empty()) each.error("month", "'" + text + "' is not a month", "write it as \"2026-03\"");
    if (!value && !each.has("value")) each.error("value", "the month has no planned value", "add value = 75");
    each.finish();
    if (!month || !value) continue;
    if (!line.trajectory.empty() && !(line.trajectory.back().month < *month)) {
      each.error("month", text + " does not come after the month before it", "put the months in order, each once");
      continue;
    }
    line.trajectory.push_back({*month, *value});
  }
  if (line.trajectory.size() < 2)
    table.error("trajectory", "a trajectory needs where it starts and where it is to end", "add trajectory = [{ month = \"2026-03\", value = 70 }, ...]");
}

void known_or_error(system::TomlTable& table, std::string_view key, const std::string& id, const std::vector<std::string>& known, const std::string& where) {
  if (id.empty() || std::find(known.begin(), known.end(), id) != known.end()) return;
  const std::string near = nearest(id, known);
  table.error(key, "there is no " + std::string(key) + " '" + id + "'", near.empty() ? where : "did you mean \"" + near + "\"?");
}

}  // namespace

void LibraryReading::read_plan(const system::System& system) {
  const std::string file = "plan.toml";
  if (!definitions.has(file)) return;
  const std::optional<system::TomlValue> root = system::read_toml(definitions, file);
  if (!root) return;
  std::vector<std::string> measures, series, places;
  for (const LibraryMeasure& measure : library.measures) measures.push_back(measure.words.id);
  for (const ImportedSeries& one : library.series) series.push_back(one.words.id);
  for (const system::Place& place : system.places) places.push_back(place.id);
  system::TomlTable top(definitions, file, *root);
  library.plan.title = top.text("title");
  library.plan.source = top.optional_text("source");
  library.plan.synthetic = top.yes_no("synthetic", false);
  for (system::TomlTable& table : top.tables("line")) {
    PlanLine line;
    line.line = table.line();
    line.id = table.text("id"), line.title = table.text("title"), line.owner = table.text("owner");
    line.measure = table.optional_text("measure"), line.series = table.optional_text("series"), line.place = table.optional_text("place");
    if (line.measure.empty() == line.series.empty())
      table.error("measure", "a line of the plan moves one measure or one imported series", "fill one of measure and series");
    known_or_error(table, "measure", line.measure, measures, "see the ids with: catchment measure list");
    known_or_error(table, "series", line.series, series, "see the ids with: catchment measure list");
    known_or_error(table, "place", line.place, places, "use an id of places.csv, or leave it out for the whole area");
    if (!owners.empty()) known_or_error(table, "owner", line.owner, owners, "use an id of bodies.toml or organisations.csv");
    read_trajectory(table, line);
    table.finish();
    const bool again = std::any_of(library.plan.lines.begin(), library.plan.lines.end(), [&](const PlanLine& other) { return other.id == line.id; });
    if (again) table.error("id", "'" + line.id + "' is there twice", "give each line an id of its own");
    else library.plan.lines.push_back(std::move(line));
  }
  top.finish();
}

}  // namespace catchment::measures
