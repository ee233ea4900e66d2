// One form for each kind of text before anything is compared: the same person written two ways should
// mostly come out the same, and what says nothing ("UNKNOWN", "Baby", ZZ99) should come out empty.
//
// Every function takes text as sent and returns lower-case ASCII letters, digits and single blanks.
// Accents are folded (NFKD); letters of other scripts are kept as they are, so names in them still compare.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace catchment::linkage {

/// Case, accents and punctuation folded; words separated by one blank; outer blanks gone.
std::string fold(std::string_view text);

/// A given or family name: titles and suffixes dropped, hyphens and apostrophes closed up or parted,
/// placeholders ("unknown", "baby", "twin 1", "test") empty.
std::string normalise_name(std::string_view text);

/// "M", "F", or "" when not known. Accepts words, PDS codes (1, 2) and initials.
std::string normalise_sex(std::string_view text);

/// A postcode in capitals without a blank ("MK401AA"); any other postal code with its outer form kept.
/// Pseudo postcodes (ZZ99...) are empty.
std::string normalise_postcode(std::string_view text);
/// True for the shape of a United Kingdom unit postcode (after normalise_postcode).
bool is_uk_postcode(std::string_view postcode);

/// National significant digits: "+44 (0)7700 900123" and "07700 900123" are both "7700900123".
std::string normalise_phone(std::string_view text);

/// Lower case, blanks gone; empty when it has no '@' or is a placeholder.
std::string normalise_email(std::string_view text);

/// House and street with usual abbreviations written one way ("st" for "street", "rd" for "road").
std::string normalise_address(std::string_view text);

/// An identifier: letters and digits only; repeated-digit and other placeholders empty.
std::string normalise_identifier(std::string_view text);

/// True for words that mean "nothing was given": "unknown", "n/a", "none", "not known", "xxx".
bool is_placeholder(std::string_view folded);

/// Year, month and day of birth, any part 0 when not known.
struct BirthDate {
  std::uint16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  bool operator==(const BirthDate&) const = default;
  bool empty() const { return year == 0 && month == 0 && day == 0; }
  bool whole() const { return year != 0 && month != 0 && day != 0; }
  std::uint32_t packed() const { return (static_cast<std::uint32_t>(year) << 16) | (static_cast<std::uint32_t>(month) << 8) | day; }
};

/// How an ambiguous all-digit date is written; found from the column as a whole.
enum class DateOrder : std::uint8_t { year_first, day_first, month_first };

/// Years that a table of people, living or long dead, may hold.
bool possible_year(int year);
/// Reads whole and partial dates. Impossible parts (month 13) are kept out, the rest is kept.
BirthDate read_birth_date(std::string_view text, DateOrder order = DateOrder::day_first);

/// The order that makes most of these dates possible.
class DateOrderGuess {
 public:
  void see(std::string_view text);
  DateOrder best() const;

 private:
  std::uint64_t day_first_ = 0;
  std::uint64_t month_first_ = 0;
};

}  // namespace catchment::linkage
