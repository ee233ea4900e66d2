#include "linkage/normalise/normalise.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

std::string normalise_value(std::string_view text, FieldKind kind, DateOrder order) {
  switch (kind) {
    case FieldKind::given_name:
    case FieldKind::family_name: return normalise_name(text);
    case FieldKind::sex: return normalise_sex(text);
    case FieldKind::postcode: return normalise_postcode(text);
    case FieldKind::telephone: return normalise_phone(text);
    case FieldKind::email: return normalise_email(text);
    case FieldKind::address:
    case FieldKind::house_number: return normalise_address(text);
    case FieldKind::nhs_number:
    case FieldKind::identifier: return normalise_identifier(text);
    case FieldKind::birth_date: {
      const BirthDate d = read_birth_date(text, order);
      const bool first_day = d.month <= 1 && d.day <= 1;
      if (d.empty() || (first_day && (d.year == 0 || d.year == 1900 || d.year == 1901))) return {};  // 1900-01-01: not known
      std::string out = "00000000";
      for (int i = 3, y = d.year; i >= 0; --i, y /= 10) out[static_cast<std::size_t>(i)] = static_cast<char>('0' + y % 10);
      out[4] = static_cast<char>('0' + d.month / 10), out[5] = static_cast<char>('0' + d.month % 10);
      out[6] = static_cast<char>('0' + d.day / 10), out[7] = static_cast<char>('0' + d.day % 10);
      return out;
    }
    default: {
      std::string out = fold(text);
      if (is_placeholder(out)) out.clear();
      return out;
    }
  }
}

}  // namespace catchment::linkage
