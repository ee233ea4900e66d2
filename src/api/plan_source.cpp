// The plan's lines beside what was measured: as planned, behind, ahead.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <functional>

#include "api/figures.h"
#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using measures::PlanLine;

// The last month that a series' period speaks of: "2025-26" is a financial year, "2025" a calendar year.
std::optional<Date> last_month_of(const std::string& period) {
  const auto year = Date::parse(period.substr(0, 4) + "-01-01");
  if (!year) return std::nullopt;
  if (period.size() == 4) return Date::from_ymd(year->year(), 12, 1);
  if (period.size() == 7 && period[4] == '-') {
    if (const auto month = Date::parse(period + "-01"); month && std::atoi(period.c_str() + 5) != (year->year() + 1) % 100) return month;
    return Date::from_ymd(year->year() + 1, 3, 1);
  }
  return std::nullopt;
}

struct Measured {
  Date month;
  std::optional<double> value, low, high;
  std::string missing;  // why there is no value
  bool held_back = false;
};

// Better than planned, worse, or not told apart from it by its interval.
std::string standing_of(const Measured& measured, double planned, const std::string& good_direction) {
  if (measured.low && measured.high && *measured.low <= planned && planned <= *measured.high) return "as_planned";
  if (*measured.value == planned) return "as_planned";
  return (*measured.value > planned) == (good_direction != "lower") ? "ahead" : "behind";
}

}  // namespace

PlanRow SnapshotSource::plan_row(const PlanLine& line, const measures::Plan& plan) const {
  PlanRow row;
  row.id = line.id, row.name = line.title, row.owner = name_of(line.owner), row.place = place_name(line.place.empty() ? Text{} : Text{line.place});
  row.synthetic = plan.synthetic;
  for (const auto& point : line.trajectory) row.points.push_back({point.month, point.value});
  Measured measured;
  std::string good_direction = "higher";
  std::function<std::string(double)> words;
  if (!line.measure.empty()) {
    row.measure = line.measure;
    const auto& all = shelf_->measures();
    const auto measure = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == line.measure; });
    const auto* known = measures::find_measure(*definitions_->known().library, line.measure, snapshot_->manifest().as_of);
    row.of = known != nullptr ? known->words.title : line.measure;
    if (measure == all.end()) {
      row.sentence = "Not worked out for this snapshot.";
      return row;
    }
    good_direction = measure->good_direction;
    words = [measure](double value) { return value_words(*measure, value); };
    const auto figures = shelf_->brief(measure->id);
    const auto* figure = pick_one(*figures, indicators::Basis::registered, measure->last_month, line.place);
    measured.month = measure->last_month;
    if (figure == nullptr || (!figure->hidden && !figure->value)) measured.missing = "nobody to count";
    else if (figure->hidden) measured.missing = figure->withheld ? "withheld to protect people, with every figure of the month" : "hidden to protect people";
    else measured.value = figure->value, measured.low = figure->low, measured.high = figure->high;
    measured.held_back = figure != nullptr && figure->held_back;
  } else {
    const auto* series = measures::find_series(*definitions_->known().library, line.series);
    if (series == nullptr) return row;
    row.of = series->words.title;
    good_direction = series->words.good_direction;
    words = [series](double value) { return fmt::format("{:g} {}", value, series->unit); };
    const measures::SeriesPoint* last = nullptr;
    for (const auto& point : series->points)
      if (point.place == (line.place.empty() ? "all" : line.place) && (last == nullptr || point.period > last->period)) last = &point;
    const auto month = last == nullptr ? std::nullopt : last_month_of(last->period);
    if (month) measured.month = *month, measured.value = last->value;
    else measured.missing = "no figure yet";
  }
  const auto ahead = std::find_if(line.trajectory.begin(), line.trajectory.end(), [&](const auto& point) { return measured.month < point.month; });
  const std::string next = ahead == line.trajectory.end() ? "" : fmt::format(" Next: {} by {}.", words(ahead->value), month_words(ahead->month));
  if (!measured.value) {
    row.sentence = measured.missing + "." + next;
    row.sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(row.sentence[0])));
    return row;
  }
  row.month = measured.month;
  if (measured.held_back) row.held_back = held_back_words({measured.month});
  row.actual = std::round(*measured.value * 10) / 10;
  const auto planned = line.planned(measured.month);
  if (!planned) {
    row.sentence = fmt::format("{} in {}, which the plan does not speak of.{}", words(*measured.value), month_words(measured.month), next);
    return row;
  }
  row.planned = std::round(*planned * 10) / 10;
  row.standing = standing_of(measured, *planned, good_direction);
  row.sentence = fmt::format("{} in {} where {} was planned: {}.{}", words(*measured.value), month_words(measured.month), words(*planned),
                             row.standing == "behind"      ? "behind the plan"
                                 : row.standing == "ahead" ? "ahead of the plan"
                                                           : "as planned, or chance explains the difference",
                             next);
  return row;
}

std::vector<PlanRow> SnapshotSource::plan_of(const std::string& priority, const std::string& focus) const {
  const measures::MeasureLibrary& library = *definitions_->known().library;
  std::vector<PlanRow> rows;
  for (const PlanLine& line : library.plan.lines) {
    const auto* measure = measures::find_measure(library, line.measure, snapshot_->manifest().as_of);
    const auto* series = measures::find_series(library, line.series);
    const measures::MeasureWords* words = measure != nullptr ? &measure->words : series != nullptr ? &series->words : nullptr;
    if (words != nullptr && words->priority == priority && words->focus == focus) rows.push_back(plan_row(line, library.plan));
  }
  return rows;
}

}  // namespace catchment::api
