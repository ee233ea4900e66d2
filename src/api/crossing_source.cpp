#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "api/crossings.h"
#include "api/figures.h"
#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using indicators::Basis;
using indicators::MeasureFigure;
using indicators::PublishedMeasure;
using indicators::Split;

struct CrossingWords {
  Split split;
  const char* title;
  const char* row_title;
  const char* column_title;
};
constexpr std::array<CrossingWords, 2> crossings = {{
    {Split::ethnicity_deprivation, "By ethnic group and deprivation", "Ethnic group", "Deprivation fifth: 1 is the most deprived"},
    {Split::age_sex, "By age and sex", "Age", "Sex"},
}};

std::string label_of(const std::string& word) {
  if (word == "unknown") return "Not known";
  std::string label = word;
  label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
  return label;
}

std::int64_t place_of(std::vector<std::string>& labels, const std::string& label) {
  const auto at = std::find(labels.begin(), labels.end(), label) - labels.begin();
  if (at == static_cast<std::ptrdiff_t>(labels.size())) labels.push_back(label);
  return at;
}

/// "asian, fifth 1"; "65-69, female".
std::string said_of(Split split, const MeasureFigure& figure) {
  const auto words = indicators::words_of_crossing(figure.group);
  return split == Split::age_sex ? words[0] + ", " + words[1] : label_of(words[0]) + ", fifth " + words[1];
}

Number tenth(const std::optional<double>& value) { return value ? Number{std::round(*value * 10) / 10} : Number{}; }

std::string sentence_of(const PublishedMeasure& measure, Split split, std::span<const MeasureFigure> figures) {
  std::vector<MeasureFigure> known;
  for (const auto& figure : figures) {
    const auto words = indicators::words_of_crossing(figure.group);
    if (words[0] != "unknown" && words[1] != "unknown") known.push_back(figure);
  }
  const auto gap = indicators::widest_gap(known);
  if (!gap) return "Too few of these groups may be shown to say which are apart";
  if (!gap->difference.beyond_chance()) return "No two of these groups are farther apart than chance may explain";
  return fmt::format("{}: {}; {}: {}, a gap of {}", said_of(split, *gap->high), value_words(measure, *gap->high->value), said_of(split, *gap->low),
                     value_words(measure, *gap->low->value), distance_words(measure, gap->difference.value));
}

/// Rows and columns are numbered as the groups come: in their natural order, those not known last.
Crossing crossing_of(const PublishedMeasure& measure, const CrossingWords& words, std::span<const MeasureFigure> figures, const MeasureFigure* whole) {
  Crossing crossing;
  crossing.dimension = to_string(words.split);
  crossing.title = words.title, crossing.row_title = words.row_title, crossing.column_title = words.column_title;
  crossing.note = "Registered people of the whole area. A group of few people moves by chance: read the interval with the figure.";
  std::vector<std::pair<int, std::string>> columns;  // by position, since the first row need not have them all
  constexpr int most_columns = 10;
  for (const auto& figure : figures) columns.emplace_back(figure.position % most_columns, label_of(indicators::words_of_crossing(figure.group)[1]));
  std::sort(columns.begin(), columns.end());
  for (const auto& [at, label] : columns) place_of(crossing.columns, label);
  for (const auto& figure : figures) {
    const auto group = indicators::words_of_crossing(figure.group);
    CrossingCell cell;
    cell.row = place_of(crossing.rows, label_of(group[0]));
    cell.column = place_of(crossing.columns, label_of(group[1]));
    cell.suppressed = figure.hidden;
    if (!figure.hidden) {
      cell.value = tenth(figure.value), cell.low = tenth(figure.low), cell.high = tenth(figure.high);
      cell.numerator = figure.numerator, cell.denominator = figure.denominator;
      Figure judged;
      if (whole != nullptr) judge(judged, figure, *whole, measure.good_direction, false);
      if (judged.comparison) cell.verdict = judged.comparison->verdict;
    }
    if (figure.held_back) crossing.held_back = held_back_words({figure.month});
    crossing.cells.push_back(std::move(cell));
  }
  if (std::any_of(figures.begin(), figures.end(), [](const auto& figure) { return !figure.hidden; }))
    crossing.sentence = sentence_of(measure, words.split, figures);
  return crossing;
}

}  // namespace

std::vector<Crossing> crossings_of(const PublishedMeasure& measure, const MeasureShelf::Figures& figures) {
  std::vector<Crossing> all;
  const auto* whole = pick_one(figures, Basis::registered, measure.last_month, "");
  for (const auto& words : crossings) {
    const auto found = pick(figures, {Basis::registered, words.split, "", measure.last_month, ""});
    if (found.size() > 1) all.push_back(crossing_of(measure, words, found, whole));
  }
  return all;
}

}  // namespace catchment::api
