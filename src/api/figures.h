// Counts and shares as figures that may leave: small numbers hidden, the rest rounded. Internal to api.
#pragma once

#include <string>
#include <string_view>

#include "api/model.h"

namespace catchment::api {

inline constexpr std::int64_t smallest_shown = 8;  // 1 to 7 are hidden (NHS England, sub-national hospital statistics)
inline constexpr std::int64_t rounding = 5;

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

Figure count_figure(const FigureName& name, std::string label, std::int64_t persons, const Vintage& vintage);
/// `part` of `whole` as a percentage; hidden when the part is.
Figure share_figure(const FigureName& name, std::string label, std::int64_t part, std::int64_t whole, const Vintage& vintage);
/// Against another share: higher, lower or similar by more than one point. No judgement of good.
void compare(Figure& figure, std::string against, const Figure& other);

std::int64_t rounded(std::int64_t persons);
/// "12,345"; "12.3".
std::string with_commas(std::int64_t number);
std::string one_decimal(double value);

}  // namespace catchment::api
