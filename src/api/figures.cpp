#include "api/figures.h"

#include <fmt/core.h>

#include <array>
#include <cmath>

namespace catchment::api {

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

void compare(Figure& figure, std::string against, const Figure& other) {
  Comparison comparison{std::move(against), other.value, std::nullopt, "not_compared"};
  if (figure.value && other.value) {
    const double difference = std::round((*figure.value - *other.value) * 10.0) / 10.0;
    comparison.difference = difference;
    comparison.verdict = std::abs(difference) <= 1.0 ? "similar" : difference > 0 ? "higher" : "lower";
  }
  figure.comparison = std::move(comparison);
}

std::string number_of(std::int64_t number, const std::string& one, const std::string& several) {
  static constexpr std::array<std::string_view, 13> words = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                                             "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  const std::string count =
      number >= 0 && number < static_cast<std::int64_t>(words.size()) ? std::string(words[static_cast<std::size_t>(number)]) : with_commas(number);
  return count + " " + (number == 1 ? one : several);
}

std::string with_commas(std::int64_t number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return (number < 0 ? "-" : "") + digits;
}

std::string one_decimal(double value) { return fmt::format("{:.1f}", value); }

std::string month_words(Date month) {
  const std::string day = to_long_string(month);  // "1 March 2026"
  return day.substr(day.find(' ') + 1);
}

}  // namespace catchment::api
