#include "linkage/identity/identity_table.h"

namespace catchment::linkage {

void IdentityTable::add(const IdentityRow& row) {
  source_.push_back(row.source);
  flags_.push_back(row.flags);
  key_bytes_.insert(key_bytes_.end(), row.key.begin(), row.key.end());
  key_starts_.push_back(key_bytes_.size());
  const std::array<std::string_view, columns> texts{row.nhs_number, row.given_names,  row.family_name, row.date_of_birth, row.sex,
                                                    row.postcode,   row.address_line, row.telephone,   row.email};
  for (std::size_t c = 0; c < columns; ++c) cells_[c].push_back(texts_[c].add(texts[c]));
}

void IdentityTable::reserve(std::size_t rows) {
  source_.reserve(rows);
  flags_.reserve(rows);
  key_starts_.reserve(rows + 1);
  for (auto& column : cells_) column.reserve(rows);
}

IdentityRow IdentityTable::row(std::size_t i) const {
  return {source(i),
          key(i),
          text(nhs_number, i),
          text(given_names, i),
          text(family_name, i),
          text(date_of_birth, i),
          text(sex, i),
          text(postcode, i),
          text(address_line, i),
          text(telephone, i),
          text(email, i),
          flags_[i]};
}

}  // namespace catchment::linkage
