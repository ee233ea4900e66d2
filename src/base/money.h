// Money is a whole number of pence, never a double.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catchment {

struct Pence {
  std::int64_t value = 0;
  /// "12.34", "-3", "1,250.00" in pounds; nothing when it is not an amount or has more than two decimals.
  static std::optional<Pence> parse_pounds(std::string_view text);
  auto operator<=>(const Pence&) const = default;
  Pence operator+(Pence o) const { return {value + o.value}; }
  Pence operator-(Pence o) const { return {value - o.value}; }
};

/// "£1,234.56", with a leading minus when negative.
std::string to_string(Pence amount);

}  // namespace catchment
