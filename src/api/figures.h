// How figures are named, compared and said in words. Internal to api.
#pragma once

#include <string>
#include <string_view>

#include "api/model.h"
#include "base/date.h"

namespace catchment::api {

/// What a figure is about, and how it is named to /figures/{figure}/why: "measure~place~dimension~key".
struct FigureName {
  std::string measure;    // "residents"
  Text place;             // place id; nothing = the whole area
  std::string dimension;  // "" when not split
  std::string key;
};
std::string to_id(const FigureName& name);
/// Nothing when the text has not that shape.
std::optional<FigureName> figure_name(std::string_view id);

/// Against another share: higher, lower or similar by more than one point. No judgement of good.
void compare(Figure& figure, std::string against, const Figure& other);

/// "three places", "one place", "15 places": numbers to twelve in words.
std::string number_of(std::int64_t number, const std::string& one, const std::string& several);
/// "12,345"; "12.3".
std::string with_commas(std::int64_t number);
std::string one_decimal(double value);
/// "March 2026".
std::string month_words(Date month);

}  // namespace catchment::api
