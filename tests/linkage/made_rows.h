// Made-up rows for the suites of this folder: words, valid numbers, people, and the run over them.
#pragma once

#include <string>
#include <vector>

#include "base/nhs_number.h"
#include "base/random.h"
#include "linkage/linkage.h"

namespace catchment::linkage::made {

/// What one source says of somebody.
struct Said {
  int source = 0;
  std::string key, number, given, family, born, postcode;
  std::uint16_t flags = 0;
};

inline std::string word(Random& random, int letters) {
  std::string out;
  for (int i = 0; i < letters; ++i) out += static_cast<char>(i % 2 == 0 ? "bdfgklmnprst"[random.below(12)] : "aeiou"[random.below(5)]);
  return out;
}

/// The next number of the test range whose check digit exists.
inline std::string number_of(std::uint64_t& next) {
  while (true)
    if (const auto check = nhs_check_digit(999000000 + ++next)) return std::to_string((999000000 + next) * 10 + static_cast<std::uint64_t>(*check));
}

/// Somebody new, as source 1 knows them.
inline Said person(Random& random, std::uint64_t& next, std::string key, int given, int family) {
  return {1,
          std::move(key),
          number_of(next),
          word(random, given),
          word(random, family),
          std::to_string(1930 + random.below(85)) + "-0" + std::to_string(1 + random.below(9)) + "-" + std::to_string(10 + random.below(18)),
          "MK" + std::to_string(1 + random.below(40)) + " " + std::to_string(1 + random.below(9)) + word(random, 2)};
}

inline void add_row(IdentityTable& table, const Said& said) {
  IdentityRow row;
  row.source = SourceId{said.source};
  row.key = said.key, row.nhs_number = said.number, row.given_names = said.given, row.family_name = said.family, row.date_of_birth = said.born,
  row.postcode = said.postcode, row.flags = said.flags;
  table.add(row);
}

inline LinkResult link(const std::vector<Said>& rows, const PersonRegister& known = {}, unsigned threads = 2) {
  IdentityTable table;
  for (const Said& said : rows) add_row(table, said);
  SilentProgress silent;
  LinkSettings settings;
  settings.threads = threads;
  return link_identities(table, known, settings, silent);
}

}  // namespace catchment::linkage::made
