#include "api/figures.h"

#include <fmt/core.h>

#include <cmath>

namespace catchment::api {

namespace {

constexpr std::string_view hidden_note = "1 to 7, hidden to protect people";

Figure named_figure(const FigureName& name, std::string label, const Vintage& vintage) {
  Figure figure;
  figure.id = to_id(name);
  figure.label = std::move(label);
  figure.measure = name.measure;
  figure.place = name.place;
  if (!name.key.empty()) figure.group = name.key;
  figure.vintage = vintage;
  return figure;
}

void hide(Figure& figure) {
  figure.suppressed = true;
  figure.suppression_note = std::string(hidden_note);
}

bool hidden(std::int64_t persons) { return persons > 0 && persons < smallest_shown; }

}  // namespace

std::string to_id(const FigureName& name) {
  std::string id = name.measure + "~" + name.place.value_or("all");
  if (!name.dimension.empty()) id += "~" + name.dimension + "~" + name.key;
  return id;
}

std::optional<FigureName> figure_name(std::string_view id) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at <= id.size()) {
    const auto end = std::min(id.find('~', at), id.size());
    parts.emplace_back(id.substr(at, end - at));
    at = end + 1;
  }
  if ((parts.size() != 2 && parts.size() != 4) || parts[0].empty() || parts[1].empty()) return std::nullopt;
  FigureName name{parts[0], std::nullopt, "", ""};
  if (parts[1] != "all") name.place = parts[1];
  if (parts.size() == 4) {
    if (parts[2].empty() || parts[3].empty()) return std::nullopt;
    name.dimension = parts[2];
    name.key = parts[3];
  }
  return name;
}

std::int64_t rounded(std::int64_t persons) { return (persons + rounding / 2) / rounding * rounding; }

Figure count_figure(const FigureName& name, std::string label, std::int64_t persons, const Vintage& vintage) {
  Figure figure = named_figure(name, std::move(label), vintage);
  if (hidden(persons)) {
    hide(figure);
    return figure;
  }
  figure.rounded_to = rounding;
  figure.value = static_cast<double>(rounded(persons));
  return figure;
}

Figure share_figure(const FigureName& name, std::string label, std::int64_t part, std::int64_t whole, const Vintage& vintage) {
  Figure figure = named_figure(name, std::move(label), vintage);
  figure.unit = "percent";
  if (hidden(part) || hidden(whole)) {
    hide(figure);
  } else if (whole == 0) {
    figure.missing_reason = "nobody to count";
  } else {
    figure.rounded_to = rounding;
    figure.numerator = rounded(part);
    figure.denominator = rounded(whole);
    figure.value = std::round(1000.0 * static_cast<double>(*figure.numerator) / static_cast<double>(*figure.denominator)) / 10.0;
  }
  return figure;
}

void compare(Figure& figure, std::string against, const Figure& other) {
  Comparison comparison{std::move(against), other.value, std::nullopt, "not_compared"};
  if (figure.value && other.value) {
    const double difference = std::round((*figure.value - *other.value) * 10.0) / 10.0;
    comparison.difference = difference;
    comparison.verdict = std::abs(difference) <= 1.0 ? "similar" : difference > 0 ? "higher" : "lower";
  }
  figure.comparison = std::move(comparison);
}

std::string with_commas(std::int64_t number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return (number < 0 ? "-" : "") + digits;
}

std::string one_decimal(double value) { return fmt::format("{:.1f}", value); }

}  // namespace catchment::api
