#include "linkage/person/person_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

// Keys that are asked for: a bit set that says no for certain and yes with few mistakes.
class Wanted {
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

}  // namespace

PersonIndex::PersonIndex(const Identities& identities, const Units& units, const Model& model, const std::vector<std::uint32_t>& seekers, unsigned threads)
    : keys_(identities.rows, model, threads), most_(model.largest_block), threads_(threads) {
  for (const BlockingRule& rule : model.blocking) names_.push_back(to_string(rule));
  rules_.resize(names_.size());
  share_out(rules_.size(), threads, [&](std::size_t r, unsigned) {
    Wanted wanted(seekers.size());
    for (const std::uint32_t identity : seekers)
      if (const std::uint32_t own = key(identity, r)) wanted.add(own);
    std::vector<std::uint64_t> held;  // key, person
    for (std::uint32_t unit = 0; unit < units.size(); ++unit) {
      if (!units.person[unit] || units.alone[unit]) continue;
      std::uint32_t last = 0;
      for (const std::uint32_t identity : units.identities[unit]) {
        const std::uint32_t own = key(identity, r);
        if (own == 0 || own == last || (!seekers.empty() && !wanted.has(own))) continue;
        last = own;
        held.push_back((static_cast<std::uint64_t>(own) << 32) | unit);
      }
    }
    std::sort(held.begin(), held.end());
    held.erase(std::unique(held.begin(), held.end()), held.end());
    Rule& rule = rules_[r];
    rule.persons.reserve(held.size());
    for (const std::uint64_t both : held) {
      const auto own = static_cast<std::uint32_t>(both >> 32);
      if (rule.keys.empty() || rule.keys.back() != own) rule.keys.push_back(own), rule.starts.push_back(static_cast<std::uint32_t>(rule.persons.size()));
      rule.persons.push_back(static_cast<std::uint32_t>(both));
    }
    rule.starts.push_back(static_cast<std::uint32_t>(rule.persons.size()));
    rule.make_guide();
  });
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

std::vector<RuleReport> PersonIndex::reports(const std::vector<std::uint32_t>& seekers) const {
  std::vector<RuleReport> out(rules_.size());
  share_out(rules_.size(), threads_, [&](std::size_t r, unsigned) {
    RuleReport& report = out[r];
    report.rule = names_[r];
    report.blocks = rules_[r].keys.size();
    for (const std::uint32_t identity : seekers) {
      const auto [from, to] = rules_[r].range(key(identity, r));
      if (to - from > most_) ++report.dropped_rows, report.dropped_pairs += to - from, report.left_out.push_back(identity);
      else report.pairs += to - from, report.largest = std::max<std::uint64_t>(report.largest, to - from);
    }
  });
  return out;
}

}  // namespace catchment::linkage
