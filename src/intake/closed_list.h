#pragma once
#include <string_view>
namespace catchment::intake {
/// True when `word` stands in "a|b|c".
bool in_closed_list(std::string_view list, std::string_view word);
}  // namespace catchment::intake
