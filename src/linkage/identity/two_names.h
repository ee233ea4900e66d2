// Two given names that other people carry too, and that are not forms of one another, are two names and not
// one name misspelt: Aiden and Jayden, born the same day in one house, are twins. Such pairs go to review.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "linkage/identity/identities.h"

namespace catchment::linkage {

class TwoNames {
 public:
  TwoNames(const Identities& identities, const Model& model);
  /// Of a few identities: `rows` of a name (by the hash of its text, in order) as counted over everybody; a name that is not there has one.
  TwoNames(const Identities& identities, const Model& model, const std::vector<std::pair<std::uint64_t, std::uint32_t>>& rows);
  /// Of two given names' ids.
  bool are(TextId x, TextId y) const;
  /// The same name, a part of it or a nickname.
  bool forms_of_one(TextId x, TextId y) const;

 private:
  void find_groups(const Model& model);
  const Dictionary& names_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::vector<std::uint32_t>> groups_;
};

}  // namespace catchment::linkage
