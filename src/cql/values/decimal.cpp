#include "cql/values/decimal.h"

#include <algorithm>

namespace catchment::cql {

namespace {

UInt128 magnitude_of(Int128 value) { return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Decimal> decimal_from_magnitude(bool negative, const Wide& magnitude) {
  if (!magnitude.fits() || magnitude.low >= power_of_ten(38)) return std::nullopt;
  const auto value = static_cast<Int128>(magnitude.low);
  return Decimal::of_scaled(negative ? -value : value);
}

std::optional<Decimal> Decimal::parse(std::string_view text, int* written_places) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && fraction.empty())) return std::nullopt;
  if (!std::all_of(whole.begin(), whole.end(), is_digit)) return std::nullopt;
  if (!std::all_of(fraction.begin(), fraction.end(), is_digit)) return std::nullopt;
  std::string_view significant = whole;
  while (significant.size() > 1 && significant[0] == '0') significant.remove_prefix(1);
  if (significant.size() > 28) return std::nullopt;
  UInt128 value = 0;
  for (const char c : significant) value = value * 10 + static_cast<unsigned>(c - '0');
  for (std::size_t i = 0; i < places; ++i) value = value * 10 + (i < fraction.size() ? static_cast<unsigned>(fraction[i] - '0') : 0U);
  const bool nonzero = std::any_of(text.begin(), text.end(), [](char c) { return c >= '1' && c <= '9'; });
  if (fraction.size() > places && fraction[places] >= '5') ++value;
  if (nonzero && value == 0) return std::nullopt;
  if (written_places != nullptr) *written_places = static_cast<int>(std::min<std::size_t>(fraction.size(), places));
  return decimal_from_magnitude(negative, Wide::of(value));
}

Decimal Decimal::maximum() { return Decimal(static_cast<Int128>(power_of_ten(28) - 1)); }
Decimal Decimal::minimum() { return maximum().negated(); }

int Decimal::significant_places() const {
  // Nearly every number of a record fits one word, which divides many times faster than two.
  const UInt128 magnitude = magnitude_of(scaled_);
  auto rest = static_cast<std::uint32_t>(magnitude <= UINT64_MAX ? static_cast<std::uint64_t>(magnitude) % unit : magnitude % unit);
  int digits = places;
  while (digits > 0 && rest % 10 == 0) {
    rest /= 10;
    --digits;
  }
  return digits;
}

std::optional<Decimal> Decimal::plus(Decimal other) const {
  Int128 sum = 0;
  if (__builtin_add_overflow(scaled_, other.scaled_, &sum)) return std::nullopt;
  return decimal_from_magnitude(sum < 0, Wide::of(magnitude_of(sum)));
}

std::optional<Decimal> Decimal::minus(Decimal other) const { return plus(other.negated()); }

std::optional<Decimal> Decimal::times(Decimal other) const {
  const Wide product = Wide::product(magnitude_of(scaled_), magnitude_of(other.scaled_));
  return decimal_from_magnitude((scaled_ < 0) != (other.scaled_ < 0), divide_rounded(product, Wide::of(unit)));
}

std::optional<Decimal> Decimal::divided_by(Decimal other) const {
  if (other.is_zero()) return std::nullopt;
  const Wide dividend = Wide::product(magnitude_of(scaled_), unit);
  return decimal_from_magnitude((scaled_ < 0) != (other.scaled_ < 0), divide_rounded(dividend, Wide::of(magnitude_of(other.scaled_))));
}

std::optional<Decimal> Decimal::truncated_divided_by(Decimal other) const {
  if (other.is_zero()) return std::nullopt;
  const UInt128 quotient = magnitude_of(scaled_) / magnitude_of(other.scaled_);
  return decimal_from_magnitude((scaled_ < 0) != (other.scaled_ < 0), Wide::product(quotient, unit));
}

std::optional<Decimal> Decimal::modulo(Decimal other) const {
  if (other.is_zero()) return std::nullopt;
  return Decimal(scaled_ % other.scaled_);
}

std::optional<Decimal> Decimal::scaled_by(UInt128 numerator, UInt128 denominator, int exponent) const {
  if (denominator == 0) return std::nullopt;
  Wide top = Wide::product(magnitude_of(scaled_), numerator);
  Wide bottom = Wide::of(denominator);
  bool overflow = false;
  for (; exponent > 0 && !overflow; --exponent) top = cql::times(top, 10, overflow);
  for (; exponent < 0 && !overflow; ++exponent) bottom = cql::times(bottom, 10, overflow);
  if (overflow) return std::nullopt;
  return decimal_from_magnitude(scaled_ < 0, divide_rounded(top, bottom));
}

Decimal Decimal::rounded(int digits) const {
  const UInt128 step = power_of_ten(places - std::clamp(digits, 0, places));
  const UInt128 kept = (magnitude_of(scaled_) + step / 2) / step * step;
  return Decimal(scaled_ < 0 ? -static_cast<Int128>(kept) : static_cast<Int128>(kept));
}

Decimal Decimal::truncated(int digits) const {
  const auto step = static_cast<Int128>(power_of_ten(places - std::clamp(digits, 0, places)));
  return Decimal(scaled_ / step * step);
}

Decimal Decimal::floor() const {
  const Decimal whole = truncated(0);
  return whole.scaled_ > scaled_ ? Decimal(whole.scaled_ - unit) : whole;
}

Decimal Decimal::ceiling() const {
  const Decimal whole = truncated(0);
  return whole.scaled_ < scaled_ ? Decimal(whole.scaled_ + unit) : whole;
}

std::optional<Decimal> Decimal::square_root() const {
  if (scaled_ < 0) return std::nullopt;
  const Wide square = Wide::product(magnitude_of(scaled_), unit);
  UInt128 root = cql::square_root(square);
  if (Wide::product(root, root + 1) < square) ++root;  // nearer to the next: (r + 1/2)^2 = r(r+1) + 1/4
  return decimal_from_magnitude(false, Wide::of(root));
}

std::optional<std::int32_t> Decimal::to_integer() const {
  const auto value = to_long();
  if (!value || *value < INT32_MIN || *value > INT32_MAX) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

std::optional<std::int64_t> Decimal::to_long() const {
  if (!is_whole()) return std::nullopt;
  const Int128 value = scaled_ / unit;
  if (value < INT64_MIN || value > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::string Decimal::text() const { return text(std::max(1, significant_places())); }

std::string Decimal::text(int digits) const {
  const Decimal shown = rounded(digits);
  UInt128 rest = magnitude_of(shown.scaled_);
  std::string result;
  for (int place = 0; place < places; ++place, rest /= 10) {
    if (place >= places - digits) result.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  if (digits > 0) result.push_back('.');
  do {
    result.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (shown.scaled_ < 0) result.push_back('-');
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace catchment::cql
