#include "linkage/identity/number_spine.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t widely_shared = 2000;  // rows on one number that ask for a look even when they agree
constexpr int years_of_a_slip = 12;          // a year mistyped by more is another generation's
constexpr std::size_t held_a_part = 1U << 15;
constexpr std::size_t most_profiles = 200;   // a number used by hundreds of different people says nothing

bool same_start(std::string_view a, std::string_view b, std::size_t letters) {
  return a.size() >= letters && b.size() >= letters && a.compare(0, letters, b, 0, letters) == 0;
}

bool given_names_agree(const SpineRow& a, const SpineRow& b) {
  const auto equal = [](std::string_view x, std::string_view y) { return !x.empty() && x == y; };
  return equal(a.given, b.given) || equal(a.given, b.family) || equal(a.family, b.given) ||
      (same_start(a.given, b.given, 1) && same_start(a.family, b.family, 3));
}

// Birthdays that disagree, and no given name to say otherwise.
bool contradict(const SpineRow& a, const SpineRow& b) { return births_agree(a.birth, b.birth) == Agreement::disagrees && !given_names_agree(a, b); }

// The identities of one number, in groups that bear one another out. The group with most rows, the verified
// first, keeps the number.
class NumberGroup {
 public:
  NumberGroup(const Identities& identities, const std::vector<std::pair<std::uint64_t, std::uint32_t>>& held, std::size_t from, std::size_t to)
      : identities_(identities), groups_(to - from) {
    for (std::size_t i = from; i < to; ++i) {
      members_.push_back(held[i].second);
      rows_ += identities.copies[held[i].second];
      find_profile(held[i].second);
      if (profiles_.size() > most_profiles) return;
    }
    // Birthdays first: what they join is whole before a profile without one is asked whom it belongs to.
    for (const bool by_birth : {true, false})
      for (std::uint32_t p = 0; p < profiles_.size(); ++p)
        for (std::uint32_t q = p + 1; q < profiles_.size(); ++q) {
          if ((births_agree(profiles_[p].said.birth, profiles_[q].said.birth) == Agreement::agrees) != by_birth) continue;
          if (groups_.root(p) != groups_.root(q) && number_stands(profiles_[p].said, profiles_[q].said) && !bridged(p, q)) groups_.join(p, q);
        }
  }

  bool says_nothing() const { return profiles_.size() > most_profiles; }
  std::uint64_t rows() const { return rows_; }

  // True when the number is used by one person only.
  bool settle(UnionFind& sets, std::vector<std::uint8_t>& disputed) {
    std::vector<std::array<std::uint64_t, 2>> standing(profiles_.size(), {0, 0});  // verified rows, rows
    for (std::size_t i = 0; i < members_.size(); ++i) {
      auto& group = standing[groups_.root(profile_of_[i])];
      if (identities_.flags[members_[i]] & flag_number_verified) group[0] += identities_.copies[members_[i]];
      group[1] += identities_.copies[members_[i]];
    }
    const auto keeper = static_cast<std::uint32_t>(std::max_element(standing.begin(), standing.end()) - standing.begin());
    bool one = true;
    std::uint32_t first = 0xffffffffU;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (groups_.root(profile_of_[i]) != keeper) {
        disputed[members_[i]] = 1;
        one = false;
      } else if (first == 0xffffffffU) {
        first = members_[i];
      } else {
        sets.join(first, members_[i]);
      }
    }
    return one;
  }

 private:
  // A row that says little agrees with everybody; it does not make one person of two who contradict one another.
  bool bridged(std::uint32_t p, std::uint32_t q) {
    const std::uint32_t a = groups_.root(p), b = groups_.root(q);
    for (std::uint32_t x = 0; x < profiles_.size(); ++x)
      for (std::uint32_t y = 0; y < profiles_.size() && groups_.root(x) == a; ++y)
        if (groups_.root(y) == b && contradict(profiles_[x].said, profiles_[y].said)) return true;
    return false;
  }

  struct Profile {
    std::array<TextId, 3> ids;
    SpineRow said;
  };
  void find_profile(std::uint32_t identity) {
    const TextId* cells = identities_.rows.row(identity);
    const std::array<TextId, 3> ids{cells[id_given], cells[id_family], cells[id_birth]};
    const bool newborn = (identities_.flags[identity] & flag_newborn) != 0;
    std::uint32_t p = 0;
    while (p < profiles_.size() && !(profiles_[p].ids == ids && profiles_[p].said.newborn == newborn)) ++p;
    if (p == profiles_.size()) {
      const PackedRows& rows = identities_.rows;
      profiles_.push_back(
          {ids,
           {read_birth_date(rows.text(identity, id_birth), DateOrder::year_first), rows.text(identity, id_given), rows.text(identity, id_family), newborn}});
    }
    profile_of_.push_back(p);
  }

  const Identities& identities_;
  std::vector<std::uint32_t> members_;
  std::vector<std::uint32_t> profile_of_;
  std::vector<Profile> profiles_;
  UnionFind groups_;
  std::uint64_t rows_ = 0;
};

}  // namespace

Agreement births_agree(const BirthDate& a, const BirthDate& b) {
  if (!a.whole() || !b.whole()) {
    if (a.year == 0 || b.year == 0) return Agreement::unknown;
    if (a.year != b.year) return Agreement::disagrees;
    if (a.month != 0 && b.month != 0) return a.month == b.month ? Agreement::agrees : Agreement::disagrees;
    return Agreement::unknown;
  }
  const int parts = (a.year == b.year) + (a.month == b.month) + (a.day == b.day);
  int digits_apart = 0;
  for (int x = a.year, y = b.year; x != 0 || y != 0; x /= 10, y /= 10) digits_apart += x % 10 != y % 10;
  if (digits_apart > 1) return Agreement::disagrees;  // a birthday shared across generations is no agreement
  const bool swapped = a.year == b.year && a.month == b.day && a.day == b.month;
  return parts >= 2 || swapped ? Agreement::agrees : Agreement::disagrees;
}

bool births_contradict(std::string_view a, std::string_view b) {
  if (a == b || a.empty() || b.empty()) return false;
  const BirthDate x = read_birth_date(a, DateOrder::year_first), y = read_birth_date(b, DateOrder::year_first);
  const bool generation = x.year != 0 && y.year != 0 && std::abs(x.year - y.year) > years_of_a_slip;
  return generation || births_agree(x, y) == Agreement::disagrees;
}

Agreement names_agree(const SpineRow& a, const SpineRow& b) {
  const bool a_none = a.given.empty() && a.family.empty(), b_none = b.given.empty() && b.family.empty();
  if (a_none || b_none) return Agreement::unknown;
  const auto equal = [](std::string_view x, std::string_view y) { return !x.empty() && x == y; };
  if (equal(a.given, b.given) || equal(a.family, b.family) || equal(a.given, b.family) || equal(a.family, b.given)) return Agreement::agrees;
  if (same_start(a.given, b.given, 1) && same_start(a.family, b.family, 3)) return Agreement::agrees;
  return Agreement::disagrees;
}

bool number_stands(const SpineRow& a, const SpineRow& b) {
  if ((a.newborn || b.newborn) && a.birth.whole() && b.birth.whole() && !(a.birth == b.birth)) return false;
  const Agreement name = names_agree(a, b), birth = births_agree(a.birth, b.birth);
  if (birth == Agreement::agrees) return true;
  if (name == Agreement::agrees) return birth == Agreement::unknown || given_names_agree(a, b);
  return name == Agreement::unknown && birth == Agreement::unknown;
}

namespace {

// Identities of a number lie anywhere in memory: those of the numbers after it are asked for while it is settled.
void fetch_ahead(const Identities& identities, const std::vector<std::pair<std::uint64_t, std::uint32_t>>& held, std::size_t from, std::size_t to) {
  constexpr std::size_t ahead = 24;
  for (std::size_t i = from + ahead; i < std::min(held.size(), to + ahead); ++i) {
    const std::uint32_t identity = held[i].second;
    __builtin_prefetch(identities.rows.row(identity));
    __builtin_prefetch(identities.flags.data() + identity);
    __builtin_prefetch(identities.copies.data() + identity);
  }
}

}  // namespace

NumberSpine join_by_number(const Identities& identities, UnionFind& sets, unsigned threads) {
  NumberSpine out;
  out.disputed.assign(identities.size(), 0);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> held;
  for (std::uint32_t i = 0; i < identities.size(); ++i)
    if (identities.number[i] != 0) held.emplace_back(identities.number[i], i);
  constexpr std::size_t ranks = 1U << 12;
  constexpr std::uint64_t numbers = 10'000'000'000;  // of ten digits
  held = sorted_by_rank(
      parts_of(held), threads, ranks,
      [](const std::pair<std::uint64_t, std::uint32_t>& one) { return std::min<std::size_t>(one.first * ranks / numbers, ranks - 1); }, std::less<>());
  // Each number is settled by itself: its identities carry no other.
  struct Part {
    std::vector<std::uint32_t> contradicted, widely_shared;
  };
  std::vector<Part> parts((held.size() + held_a_part - 1) / held_a_part);
  const auto start_of = [&](std::size_t part) {
    std::size_t i = std::min(held.size(), part * held_a_part);
    while (i != 0 && i < held.size() && held[i].first == held[i - 1].first) ++i;
    return i;
  };
  share_out(parts.size(), threads, [&](std::size_t part, unsigned) {
    Part& found = parts[part];
    const std::size_t to = start_of(part + 1);
    for (std::size_t i = start_of(part), end; i < to; i = end) {
      for (end = i + 1; end < held.size() && held[end].first == held[i].first;) ++end;
      fetch_ahead(identities, held, i, end);
      NumberGroup group(identities, held, i, end);
      if (group.says_nothing()) {
        for (std::size_t k = i; k < end; ++k) out.disputed[held[k].second] = 1, found.widely_shared.push_back(held[k].second);
        continue;
      }
      const bool one = group.settle(sets, out.disputed);
      for (std::size_t k = i; k < end && !one; ++k) found.contradicted.push_back(held[k].second);
      for (std::size_t k = i; k < end && one && group.rows() > widely_shared; ++k) found.widely_shared.push_back(held[k].second);
    }
  });
  for (const Part& part : parts) {
    out.contradicted.insert(out.contradicted.end(), part.contradicted.begin(), part.contradicted.end());
    out.widely_shared.insert(out.widely_shared.end(), part.widely_shared.begin(), part.widely_shared.end());
  }
  return out;
}

}  // namespace catchment::linkage
