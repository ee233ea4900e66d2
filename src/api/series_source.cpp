// What stands beside measures on the scorecard: imported series, and how far a measure is from its target.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

constexpr double farthest_years = 20;  // beyond this a pace says nothing

}  // namespace

Text trajectory_words(const indicators::PublishedMeasure& measure, std::span<const indicators::MeasureFigure> months) {
  if (!measure.target || months.empty() || months.back().hidden || !months.back().value) return std::nullopt;
  const double value = *months.back().value, short_of = *measure.target - value;
  const bool wants_more = measure.good_direction != "lower";
  if (wants_more ? short_of <= 0 : short_of >= 0) return "The target is met.";
  std::string text = fmt::format("{} from the target", distance_words(measure, std::abs(short_of)));
  const auto year = indicators::change_over_year(months);
  if (!year) return text + ".";
  if (!year->beyond_chance()) return text + "; no change in a year beyond chance.";
  text += fmt::format("; {} by {} in a year", year->value > 0 ? "up" : "down", distance_words(measure, std::abs(year->value)));
  if ((year->value > 0) != wants_more) return text + ", away from it.";
  const double years = std::abs(short_of / year->value);
  if (years > farthest_years) return text + ": too slow to reach it within 20 years.";
  return text +
      (years < 1 ? ": at that pace it is met within a year."
                 : fmt::format(": at that pace it is met in about {:.0f} {}.", years, years < 1.5 ? "year" : "years"));
}

std::vector<ImportedSeries> SnapshotSource::series_of(const std::string& priority, const std::string& focus) const {
  std::vector<ImportedSeries> all;
  for (const auto& series : definitions_->known().library->series) {
    if (series.words.priority != priority || series.words.focus != focus || series.points.empty()) continue;
    ImportedSeries shown{series.words.id,
                         series.words.title,
                         series.words.purpose,
                         series.unit,
                         series.words.good_direction,
                         series.words.source,
                         name_of(series.words.owner),
                         "",
                         "",
                         {},
                         {},
                         series.synthetic,
                         {},
                         {}};
    if (!series.words.limits.empty()) shown.limits = series.words.limits;
    if (!series.words.programme.empty()) shown.programme = series.words.programme;
    for (const auto& point : series.points) shown.period = std::max(shown.period, point.period);
    for (const auto& point : series.points) {
      SeriesValue value{point.place, point.place == "all" ? std::string("Whole area") : place_name(point.place), point.period, point.value,
                        point.note.empty() ? Text{} : Text{point.note}};
      if (point.place == "all") shown.whole.push_back(value);
      if (point.period == shown.period) shown.latest.push_back(std::move(value));
    }
    std::sort(shown.whole.begin(), shown.whole.end(), [](const auto& a, const auto& b) { return a.period < b.period; });
    if (shown.whole.size() > 1) {
      const double change = shown.whole.back().value - shown.whole.front().value;
      const bool better = (change > 0) == (shown.good_direction == "higher");
      const bool judged = shown.good_direction != "neither" && change != 0;
      shown.sentence = fmt::format("{:g} {} in {}, {:g} in {}{}.", shown.whole.back().value, shown.unit, shown.whole.back().period, shown.whole.front().value,
                                   shown.whole.front().period,
                                   !judged      ? ""
                                       : better ? ": better"
                                                : ": worse");
    }
    all.push_back(std::move(shown));
  }
  return all;
}

}  // namespace catchment::api
