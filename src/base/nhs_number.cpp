#include "base/nhs_number.h"

#include <fmt/core.h>

namespace catchment {

std::optional<int> nhs_check_digit(std::uint64_t first_nine) {
  int sum = 0;
  for (int weight = 2; weight <= 10; ++weight, first_nine /= 10) sum += static_cast<int>(first_nine % 10) * weight;
  const int check = 11 - sum % 11;
  if (check == 10) return std::nullopt;
  return check == 11 ? 0 : check;
}

NhsNumberResult read_nhs_number(std::string_view text) {
  std::uint64_t value = 0;
  int count = 0;
  bool repeated = true;
  char first = 0;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9') return {NhsNumberFault::not_ten_digits, {}};
    if (++count > 10) return {NhsNumberFault::not_ten_digits, {}};
    if (count == 1) first = c;
    repeated = repeated && c == first;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (count == 0) return {NhsNumberFault::missing, {}};
  if (count != 10) return {NhsNumberFault::not_ten_digits, {}};
  if (repeated) return {NhsNumberFault::placeholder, {}};
  const auto check = nhs_check_digit(value / 10);
  if (!check || static_cast<std::uint64_t>(*check) != value % 10) return {NhsNumberFault::check_digit, {}};
  return {NhsNumberFault::none, NhsNumber{value}};
}

std::string to_digits(NhsNumber number) { return fmt::format("{:010}", number.digits); }

std::string to_display(NhsNumber number) {
  const std::string d = to_digits(number);
  return d.substr(0, 3) + " " + d.substr(3, 3) + " " + d.substr(6);
}

}  // namespace catchment
