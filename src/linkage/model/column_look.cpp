#include "linkage/model/column_look.h"

#include <algorithm>
#include <cstdlib>

#include "base/nhs_number.h"
#include "linkage/normalise/nicknames.h"
#include "linkage/normalise/normalise.h"

namespace catchment::linkage {
namespace {

// Names are told by how many rows hold a known one: among different texts, rare spellings and slips outnumber them.
void look_for_names(const Tables::Column& column, Look& look) {
  const std::size_t step = std::max<std::size_t>(1, column.cells.size() / 8000);
  double seen = 0, first = 0, any = 0;
  for (std::size_t row = 0; row < column.cells.size(); row += step) {
    if (column.cells[row] == 0) continue;
    ++seen;
    const std::string words = fold(column.texts.text(column.cells[row]));
    bool is_first = true, found = false;
    for (std::string_view rest = words; !rest.empty() && !found;) {
      const std::string_view word = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      found = Nicknames::usual().known(word);
      first += found && is_first;
      is_first = false;
    }
    any += found;
  }
  if (seen != 0) look.first_named = first / seen, look.named = any / seen;
}

}  // namespace

Look look_at(const Tables::Column& column, std::size_t rows) {
  Look look;
  look.rows = static_cast<double>(rows);
  for (const TextId id : column.cells) look.filled += id != 0;
  look.distinct = static_cast<double>(column.distinct());
  const std::size_t step = std::max<std::size_t>(1, column.texts.size() / 4000);
  for (TextId id = 1; id < column.texts.size(); id += static_cast<TextId>(step)) {
    const std::string_view text = column.texts.text(id);
    ++look.seen;
    look.length += static_cast<double>(text.size());
    look.emails += text.find('@') != std::string_view::npos;
    look.spaced += text.find(' ') != std::string_view::npos;
    std::size_t digits = 0, letters = 0;
    for (const char c : text) digits += c >= '0' && c <= '9', letters += (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    look.lettered += letters > 0 && digits == 0;
    if (digits == text.size() && digits < 16) {
      ++look.numeric;
      const double value = std::strtod(std::string(text).c_str(), nullptr);
      look.lowest = std::min(look.lowest, value), look.highest = std::max(look.highest, value);
    }
    look.phones += digits >= 9 && digits <= 15 && letters == 0;
    look.uk_postcodes += is_uk_postcode(normalise_postcode(text));
    look.nhs += read_nhs_number(text).fault == NhsNumberFault::none;
    const std::string word = fold(text);
    look.sexes += word == "m" || word == "f" || word == "male" || word == "female" || word == "u" || word == "unknown" || word == "other";
    const BirthDate date = read_birth_date(text);
    const bool separators = text.find_first_of("-/. ") != std::string_view::npos;
    look.dates += date.whole() && text.size() >= 8 && text.size() <= 25 && (separators || (digits == 8 && digits == text.size()));
    look.birth_years += date.year != 0 && date.year <= 2035;
  }
  look_for_names(column, look);
  return look;
}

}  // namespace catchment::linkage
