#include "bench/linkage_strata.h"

#include <algorithm>
#include <numeric>

#include "base/random.h"
#include "linkage/compare/block_key.h"
#include "linkage/identity/identities.h"

namespace catchment::bench {
namespace {

constexpr std::size_t rows_drawn = 200'000;

}  // namespace

std::vector<GroupRecall> recall_by_group(const Population& population, const std::vector<std::uint32_t>& person, GroupKind kind) {
  std::vector<GroupRecall> out;
  for (const std::string& name : group_names(kind)) out.push_back({name, 0, 0});
  std::vector<std::uint64_t> held;  // who it is in truth, and in the answer
  for (std::uint32_t row = 0; row < population.truth.size(); ++row) {
    const bool known = population.truth[row] < population.groups.size();
    if (known && (population.numbered[row] || population.named[row])) held.push_back((static_cast<std::uint64_t>(population.truth[row]) << 32) | person[row]);
  }
  std::sort(held.begin(), held.end());
  for (std::size_t i = 0; i < held.size();) {
    GroupRecall& group = out[population.groups[held[i] >> 32][kind]];
    const std::size_t first = i;
    while (i < held.size() && held[i] >> 32 == held[first] >> 32) {
      std::size_t end = i + 1;
      while (end < held.size() && held[end] == held[i]) ++end;
      group.right += (end - i) * (end - i - 1) / 2;
      i = end;
    }
    group.true_pairs += (i - first) * (i - first - 1) / 2;
  }
  return out;
}

RowsMet rows_met(const Population& population, bool named) {
  linkage::LinkSettings settings;
  settings.sources = population.sources;
  const linkage::Model model = linkage::identity_model(settings);
  const linkage::Identities identities = linkage::distinct_identities(population.table, {}, settings, model);
  std::vector<std::uint32_t> seekers;
  std::vector<std::uint8_t> numbered(population.groups.size(), 0);  // persons
  std::vector<std::pair<std::uint32_t, std::uint32_t>> holders;     // identity with a number, its person
  for (std::uint32_t row = 0; row < population.truth.size(); ++row) {
    const std::uint32_t person = population.truth[row], identity = identities.of_row[row];
    if (person >= population.groups.size()) continue;
    if (identities.number[identity] != 0) numbered[person] = 1, holders.emplace_back(identity, person);
    else if (identity != 0 && (!named || population.named[row])) seekers.push_back(row);
  }
  std::sort(holders.begin(), holders.end());
  holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
  std::erase_if(seekers, [&](std::uint32_t row) { return numbered[population.truth[row]] == 0; });
  const std::uint64_t each = seekers.size() / rows_drawn + 1;
  std::erase_if(seekers, [&](std::uint32_t row) { return mix64(row) % each != 0; });
  std::vector<std::uint8_t> met(seekers.size(), 0), dropped(seekers.size(), 0);
  for (const linkage::BlockingRule& rule : model.blocking) {
    const linkage::RuleReader reader(identities.rows, rule);
    std::vector<std::uint64_t> held;  // key, person
    for (const auto& [identity, person] : holders)
      if (const std::uint32_t key = reader.of(identity)) held.push_back((static_cast<std::uint64_t>(key) << 32) | person);
    std::sort(held.begin(), held.end());
    held.erase(std::unique(held.begin(), held.end()), held.end());
    for (std::size_t s = 0; s < seekers.size(); ++s) {
      const std::uint64_t key = reader.of(identities.of_row[seekers[s]]);
      if (key == 0 || met[s] || !std::binary_search(held.begin(), held.end(), (key << 32) | population.truth[seekers[s]])) continue;
      const auto sharing = std::lower_bound(held.begin(), held.end(), (key + 1) << 32) - std::lower_bound(held.begin(), held.end(), key << 32);
      (sharing <= static_cast<std::ptrdiff_t>(model.largest_block) ? met : dropped)[s] = 1;
    }
  }
  RowsMet out;
  out.rows = seekers.size();
  for (std::size_t s = 0; s < seekers.size(); ++s) out.met += met[s], out.dropped_by_cap += met[s] == 0 && dropped[s] != 0;
  return out;
}

}  // namespace catchment::bench
