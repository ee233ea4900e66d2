// NHS numbers: ten digits, the last a modulus 11 check digit (NHS Data Dictionary, NHS NUMBER).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catchment {

enum class NhsNumberFault : std::uint8_t { none, missing, not_ten_digits, check_digit, placeholder };

struct NhsNumber {
  std::uint64_t digits = 0;
  bool operator==(const NhsNumber&) const = default;
};

struct NhsNumberResult {
  NhsNumberFault fault = NhsNumberFault::none;
  NhsNumber number;
};

/// Spaces and hyphens are allowed between digits. A repeated digit (0000000000, 1111111111, ...) passes
/// modulus 11 but is a placeholder, not a number.
NhsNumberResult read_nhs_number(std::string_view text);

/// The check digit for the first nine digits, or nothing when it would be 10 (such numbers are not issued).
std::optional<int> nhs_check_digit(std::uint64_t first_nine);

/// Ten digits without spaces.
std::string to_digits(NhsNumber number);
/// "999 123 4567", as NHS number display guidance asks.
std::string to_display(NhsNumber number);

}  // namespace catchment
