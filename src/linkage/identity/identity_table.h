// The rows to be joined: who a partner says somebody is. Packed by column; every text is held once.
//
// In:     one `IdentityRow` per row a partner sent, as text, in any order. Nothing is trimmed or
//         corrected by the caller: linkage normalises.
// Always: (source, key) names a row for ever: the same pair in tomorrow's build is the same row.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "linkage/tables/dictionary.h"

namespace catchment::linkage {

/// What a row says about itself beyond its fields. Combined with |.
enum RowFlag : std::uint16_t {
  flag_number_verified = 1,      // the source traced this NHS number
  flag_identity_reissued = 2,    // a number deliberately issued afresh: joined by its number only, never by likeness
  flag_restricted = 4,           // protected location (S-flag): reaches every row of the person
  flag_incident_postcode = 8,    // the postcode is where something happened, not a home: not compared
  flag_newborn = 16,             // first days of life: the number and the contact details may be the mother's
};

struct IdentityRow {
  SourceId source;
  std::string_view key;  // the row's own id within its source
  std::string_view nhs_number;
  std::string_view given_names;
  std::string_view family_name;
  std::string_view date_of_birth;  // "YYYY-MM-DD", "YYYYMMDD", "DD/MM/YYYY", or partial: "YYYY-MM", "YYYY"
  std::string_view sex;
  std::string_view postcode;
  std::string_view address_line;  // house and street
  std::string_view telephone;
  std::string_view email;
  std::uint16_t flags = 0;
};

/// What is known about a source as a whole.
struct SourceRules {
  SourceId source;
  std::string name;
  bool one_row_per_person = false;       // the source promises it holds nobody twice
  bool postcode_is_incident = false;     // ambulance: never scored as a home
};

class IdentityTable {
 public:
  enum Column : std::uint8_t { nhs_number, given_names, family_name, date_of_birth, sex, postcode, address_line, telephone, email, columns };

  void add(const IdentityRow& row);
  void reserve(std::size_t rows);
  std::size_t size() const { return source_.size(); }
  IdentityRow row(std::size_t i) const;

  SourceId source(std::size_t i) const { return source_[i]; }
  std::string_view key(std::size_t i) const { return {key_bytes_.data() + key_starts_[i], static_cast<std::size_t>(key_starts_[i + 1] - key_starts_[i])}; }
  /// Ask memory for where a row's key stands, then for the key.
  void fetch_key_place(std::size_t i) const {
    __builtin_prefetch(key_starts_.data() + i);
    __builtin_prefetch(source_.data() + i);
  }
  void fetch_key(std::size_t i) const { __builtin_prefetch(key_bytes_.data() + key_starts_[i]); }
  std::uint16_t flags(std::size_t i) const { return flags_[i]; }
  TextId cell(Column column, std::size_t i) const { return cells_[column][i]; }
  std::string_view text(Column column, std::size_t i) const { return texts_[column].text(cells_[column][i]); }
  const Dictionary& texts(Column column) const { return texts_[column]; }

 private:
  std::vector<SourceId> source_;
  std::vector<std::uint16_t> flags_;
  std::vector<char> key_bytes_;
  std::vector<std::uint64_t> key_starts_{0};
  std::array<std::vector<TextId>, columns> cells_;
  std::array<Dictionary, columns> texts_;
};

}  // namespace catchment::linkage
