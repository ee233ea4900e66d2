#include "linkage/cluster/idle_rules.h"

#include <algorithm>
#include <unordered_map>

namespace catchment::linkage {
namespace {

constexpr std::uint64_t fewest_likely = 4000;
constexpr std::uint64_t one_lost_in = 2000;
constexpr std::size_t most_rules = 64;  // bits of what Blocks says of a pair

}  // namespace

std::vector<std::size_t> idle_rules(const Blocks& blocks, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& likely) {
  std::vector<std::size_t> out;
  if (likely.size() < fewest_likely || blocks.rules() > most_rules) return out;
  std::unordered_map<std::uint64_t, std::uint64_t> met;  // rules that bring a pair together -> such pairs
  for (const auto& [a, b] : likely) ++met[blocks.rules_of(a, b)];
  std::vector<std::uint8_t> left_out(blocks.rules(), 0);
  std::uint64_t without = 0, lost = 0;  // rules left out, pairs only they bring together
  while (true) {
    std::size_t idlest = blocks.rules();
    std::uint64_t loses = 0;
    for (std::size_t r = 0; r < blocks.rules(); ++r) {
      if (left_out[r] != 0) continue;
      std::uint64_t only = 0;
      for (const auto& [rules, pairs] : met)
        if ((rules & ~without) == 1ULL << r) only += pairs;
      const auto costs = [&](std::size_t rule) { return static_cast<double>(std::max<std::uint64_t>(1, blocks.reports()[rule].pairs)); };
      // One pair more than was seen, so that among rules that lose none the costliest goes first.
      if (idlest == blocks.rules() || static_cast<double>(only + 1) / costs(r) < static_cast<double>(loses + 1) / costs(idlest)) idlest = r, loses = only;
    }
    if (idlest == blocks.rules() || (lost + loses) * one_lost_in > likely.size()) return out;
    lost += loses;
    left_out[idlest] = 1, without |= 1ULL << idlest;
    out.push_back(idlest);
  }
}

}  // namespace catchment::linkage
