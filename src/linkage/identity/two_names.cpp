#include "linkage/identity/two_names.h"

#include <algorithm>

#include "linkage/normalise/nicknames.h"
#include "linkage/normalise/similarity.h"

namespace catchment::linkage {

namespace {

constexpr std::uint32_t carried_by_others = 5;  // rows

}  // namespace

TwoNames::TwoNames(const Identities& identities, const Model& model)
    : names_(identities.rows.texts(id_given)), rows_(names_.size(), 0), groups_(names_.size()) {
  for (std::size_t i = 0; i < identities.size(); ++i) rows_[identities.rows.cell(i, id_given)] += identities.copies[i];
  find_groups(model);
}

TwoNames::TwoNames(const Identities& identities, const Model& model, const std::vector<std::pair<std::uint64_t, std::uint32_t>>& rows)
    : names_(identities.rows.texts(id_given)), rows_(names_.size(), 1), groups_(names_.size()) {
  for (TextId id = 1; id < names_.size(); ++id) {
    const auto at = std::lower_bound(rows.begin(), rows.end(), std::pair(hash_text(names_.text(id)), 0U));
    if (at != rows.end() && at->first == hash_text(names_.text(id))) rows_[id] = at->second;
  }
  find_groups(model);
}

void TwoNames::find_groups(const Model& model) {
  const Nicknames& nicknames = model.nicknames ? *model.nicknames : Nicknames::usual();
  for (TextId id = 1; id < names_.size(); ++id)
    if (rows_[id] != 0) groups_[id] = nicknames.groups_of(names_.text(id));
}

bool TwoNames::are(TextId x, TextId y) const {
  if (x == y || x == 0 || y == 0 || rows_[x] < carried_by_others || rows_[y] < carried_by_others) return false;
  if (std::min(rows_[x], rows_[y]) * 50ULL < std::max(rows_[x], rows_[y])) return false;  // the rarer is a misspelling of the commoner
  return !forms_of_one(x, y);
}

bool TwoNames::forms_of_one(TextId x, TextId y) const {
  if (x == y || words_contained(names_.text(x), names_.text(y))) return true;
  return std::find_first_of(groups_[x].begin(), groups_[x].end(), groups_[y].begin(), groups_[y].end()) != groups_[x].end();
}

}  // namespace catchment::linkage
