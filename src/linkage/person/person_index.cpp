#include "linkage/person/person_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <tuple>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {
// Keys that are asked for: a bit set that says no for certain and yes with few mistakes.
class PersonIndex::Wanted {
 public:
  explicit Wanted(std::size_t seekers) {
    std::size_t bits = 1U << 16;
    while (bits < seekers * 16 && bits < (1ULL << 31)) bits *= 2;
    bits_.assign(bits / 64, 0);
  }
  void add(std::uint32_t key) { bits_[place(key) >> 6] |= 1ULL << (place(key) & 63U); }
  bool has(std::uint32_t key) const { return (bits_[place(key) >> 6] >> (place(key) & 63U)) & 1U; }

 private:
  std::size_t place(std::uint32_t key) const { return key & (bits_.size() * 64 - 1); }
  std::vector<std::uint64_t> bits_;
};

PersonIndex::PersonIndex(const Identities& identities, const Units& units, const Model& model, const std::vector<std::uint32_t>& seekers, unsigned threads)
    : keys_(identities.rows, model, threads), most_(model.largest_block), threads_(threads) {
  for (const BlockingRule& rule : model.blocking) names_.push_back(to_string(rule));
  rules_.resize(names_.size());
  std::vector<Wanted> wanted(seekers.empty() ? 0 : rules_.size(), Wanted(seekers.size()));
  share_out(wanted.size(), threads, [&](std::size_t r, unsigned) {
    for (const std::uint32_t identity : seekers)
      if (const std::uint32_t own = key(identity, r)) wanted[r].add(own);
  });
  // The keys of an identity lie side by side and identities anywhere: all rules are served while its keys are at hand.
  constexpr std::size_t part = 1U << 16;
  std::vector<std::vector<Held>> held((units.size() + part - 1) / part);
  share_out(held.size(), threads, [&](std::size_t k, unsigned) {
    held[k].resize(rules_.size());
    take_in(units, k * part, std::min(units.size(), (k + 1) * part), wanted, held[k]);
  });
  share_out(rules_.size(), threads, [&](std::size_t r, unsigned) {
    std::vector<std::span<const std::uint64_t>> parts;
    parts.reserve(held.size());
    for (const std::vector<Held>& of_part : held) parts.emplace_back(of_part[r]);
    rules_[r].fill(parts);
    for (std::vector<Held>& of_part : held) Held().swap(of_part[r]);
  });
}

void PersonIndex::take_in(const Units& units, std::size_t from, std::size_t to, const std::vector<Wanted>& wanted, std::vector<Held>& held) const {
  constexpr std::size_t ahead = 12;
  const std::vector<std::uint32_t>& members = units.identities.members;
  std::array<std::uint32_t, most_rules> last;
  for (std::size_t unit = from; unit < to; ++unit) {
    if (!units.person[unit] || units.alone[unit]) continue;
    last.fill(0);
    for (std::uint64_t i = units.identities.start[unit]; i < units.identities.start[unit + 1]; ++i) {
      if (i + ahead < members.size()) __builtin_prefetch(keys_.of(members[i + ahead]));
      const std::uint32_t* own = keys_.of(members[i]);
      for (std::size_t r = 0; r < rules_.size(); ++r) {
        if (own[r] == 0 || own[r] == last[r] || (!wanted.empty() && !wanted[r].has(own[r]))) continue;
        last[r] = own[r];
        held[r].push_back((static_cast<std::uint64_t>(own[r]) << 32) | unit);
      }
    }
  }
}

void PersonIndex::Rule::fill(const std::vector<std::span<const std::uint64_t>>& parts) {
  constexpr unsigned rank_bits = 12;  // of a key, which has 31
  std::vector<std::uint64_t> held =
      sorted_by_rank(parts, 1, 1U << rank_bits, [](std::uint64_t both) { return static_cast<std::size_t>(both >> (63 - rank_bits)); }, std::less<>());
  held.erase(std::unique(held.begin(), held.end()), held.end());
  persons.reserve(held.size());
  for (const std::uint64_t both : held) {
    const auto own = static_cast<std::uint32_t>(both >> 32);
    if (keys.empty() || keys.back() != own) keys.push_back(own), starts.push_back(static_cast<std::uint32_t>(persons.size()));
    persons.push_back(static_cast<std::uint32_t>(both));
  }
  starts.push_back(static_cast<std::uint32_t>(persons.size()));
  make_guide();
}

void PersonIndex::Rule::make_guide() {
  const unsigned bits = std::clamp(static_cast<unsigned>(std::bit_width(keys.size())), 1U, 28U);
  shift = 31 - bits;  // keys are below 2^31
  guide.assign((std::size_t{1} << bits) + 1, static_cast<std::uint32_t>(keys.size()));
  for (std::size_t place = keys.size(); place-- > 0;) guide[keys[place] >> shift] = static_cast<std::uint32_t>(place);
  for (std::size_t start = guide.size() - 1; start-- > 0;) guide[start] = std::min(guide[start], guide[start + 1]);
}

std::size_t PersonIndex::Rule::place_of(std::uint32_t key) const {
  if (key == 0) return keys.size();
  const std::size_t start = key >> shift;
  const auto end = keys.begin() + guide[start + 1];
  const auto at = std::lower_bound(keys.begin() + guide[start], end, key);
  return at == end || *at != key ? keys.size() : static_cast<std::size_t>(at - keys.begin());
}

std::pair<std::uint32_t, std::uint32_t> PersonIndex::Rule::range(std::uint32_t key) const {
  const std::size_t place = place_of(key);
  if (place == keys.size()) return {0, 0};
  return {starts[place], starts[place + 1]};
}

void PersonIndex::candidates(std::uint32_t identity, std::vector<std::uint32_t>& out) const {
  // All rules take each step together, so that memory answers for all of them at once.
  struct Asked {
    std::uint32_t key = 0, from = 0, end = 0;
  };
  constexpr std::size_t at_once = 16;
  for (std::size_t first = 0; first < rules_.size(); first += at_once) {
    const std::size_t count = std::min(at_once, rules_.size() - first);
    std::array<Asked, at_once> asked;
    for (std::size_t i = 0; i < count; ++i) {
      const Rule& rule = rules_[first + i];
      asked[i].key = key(identity, first + i);
      if (asked[i].key != 0) __builtin_prefetch(rule.guide.data() + (asked[i].key >> rule.shift));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Rule& rule = rules_[first + i];
      if (asked[i].key == 0) continue;
      const std::uint32_t place = rule.guide[asked[i].key >> rule.shift];
      __builtin_prefetch(rule.keys.data() + place);
      __builtin_prefetch(rule.starts.data() + place);
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::tie(asked[i].from, asked[i].end) = rules_[first + i].range(asked[i].key);
      if (asked[i].end - asked[i].from > most_) asked[i].end = asked[i].from;
      if (asked[i].end != asked[i].from) __builtin_prefetch(rules_[first + i].persons.data() + asked[i].from);
    }
    for (std::size_t i = 0; i < count; ++i)
      out.insert(out.end(), rules_[first + i].persons.begin() + asked[i].from, rules_[first + i].persons.begin() + asked[i].end);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

std::vector<PersonIndex::LeftOut> PersonIndex::left_out(const std::vector<std::uint32_t>& seekers) const {
  std::vector<LeftOut> out(rules_.size());
  share_out(rules_.size(), threads_, [&](std::size_t r, unsigned) {
    out[r].rule = names_[r];
    std::vector<std::uint32_t> shared;  // keys that more persons hold than are brought together
    for (std::size_t place = 0; place < rules_[r].keys.size(); ++place)
      if (rules_[r].starts[place + 1] - rules_[r].starts[place] > most_) shared.push_back(rules_[r].keys[place]);
    if (shared.empty()) return;
    Wanted may_be_shared(shared.size());
    for (const std::uint32_t one : shared) may_be_shared.add(one);
    for (const std::uint32_t identity : seekers)
      if (const std::uint32_t own = key(identity, r); may_be_shared.has(own) && std::binary_search(shared.begin(), shared.end(), own))
        out[r].identities.push_back(identity);
  });
  return out;
}

}  // namespace catchment::linkage
