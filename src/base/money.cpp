#include "base/money.h"

#include <fmt/core.h>

namespace catchment {

std::optional<Pence> Pence::parse_pounds(std::string_view text) {
  bool negative = false;
  if (!text.empty() && text.front() == '-') negative = true, text.remove_prefix(1);
  std::int64_t pence = 0;
  int decimals = -1;
  int figures = 0;
  for (const char c : text) {
    if (c == ',' && decimals < 0) continue;
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9' || decimals == 2 || ++figures > 16) return std::nullopt;
    pence = pence * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  if (figures == 0) return std::nullopt;
  for (int i = decimals < 0 ? 0 : decimals; i < 2; ++i) pence *= 10;
  return Pence{negative ? -pence : pence};
}

std::string to_string(Pence amount) {
  const std::uint64_t size = amount.value < 0 ? 0 - static_cast<std::uint64_t>(amount.value) : static_cast<std::uint64_t>(amount.value);
  std::string pounds = fmt::format("{}", size / 100);
  for (std::size_t at = pounds.size(); at > 3; at -= 3) pounds.insert(at - 3, ",");
  return fmt::format("{}£{}.{:02}", amount.value < 0 ? "-" : "", pounds, size % 100);
}

}  // namespace catchment
