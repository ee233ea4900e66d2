#include "base/random.h"
#include "linkage/compare/parallel.h"
#include "linkage/person/person_index.h"

namespace catchment::linkage {

PersonIndex::Sums PersonIndex::sums(const std::vector<std::uint64_t>& of_unit, unsigned threads) const {
  Sums out(rules_.size());
  share_out(rules_.size(), threads, [&](std::size_t r, unsigned) {
    const Rule& rule = rules_[r];
    out[r].assign(rule.keys.size(), 0);
    for (std::size_t place = 0; place < rule.keys.size(); ++place) {
      if (rule.starts[place + 1] - rule.starts[place] > most_) continue;
      for (std::uint32_t i = rule.starts[place]; i < rule.starts[place + 1]; ++i) out[r][place] += mix64(of_unit[rule.persons[i]]);
    }
  });
  return out;
}

std::uint64_t PersonIndex::add_sums(std::uint32_t identity, const Sums& sums, std::uint64_t from) const {
  for (std::size_t r = 0; r < rules_.size(); ++r) {
    const std::size_t place = rules_[r].place_of(key(identity, r));
    from = mix64(from ^ (place < rules_[r].keys.size() ? sums[r][place] : 0));
  }
  return from;
}

}  // namespace catchment::linkage
