#pragma once
#include <optional>
#include <string_view>
namespace catchment::intake {
/// True when `word` stands in "a|b|c".
bool in_closed_list(std::string_view list, std::string_view word);
/// Where `word` stands in "a|b|c", counted from 0; nothing when it does not.
std::optional<int> place_in_closed_list(std::string_view list, std::string_view word);
}  // namespace catchment::intake
