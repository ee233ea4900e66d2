#include "linkage/number_spine.h"

#include <algorithm>
#include <unordered_map>

#include "base/nhs_number.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t widely_shared = 100;  // rows on one number that ask for a look even when they agree

// Old numbers followed to the current one; chains allowed, loops end.
class Supersession {
 public:
  explicit Supersession(const std::vector<SupersededNumber>& list) {
    for (const SupersededNumber& s : list) next_[s.old_number.digits] = s.current.digits;
  }
  std::uint64_t follow(std::uint64_t number) const {
    for (std::size_t steps = 0; steps < 16; ++steps) {
      const auto at = next_.find(number);
      if (at == next_.end() || at->second == number) return number;
      number = at->second;
    }
    return number;
  }

 private:
  std::unordered_map<std::uint64_t, std::uint64_t> next_;
};

bool same_start(const std::string& a, const std::string& b, std::size_t letters) {
  return a.size() >= letters && b.size() >= letters && a.compare(0, letters, b, 0, letters) == 0;
}

SpineRow read_row(const IdentityTable& table, std::uint32_t row, std::uint64_t number) {
  SpineRow out;
  out.number = number;
  out.newborn = (table.flags(row) & flag_newborn) != 0;
  out.birth = read_birth_date(table.text(IdentityTable::date_of_birth, row));
  out.given = normalise_name(table.text(IdentityTable::given_names, row));
  out.family = normalise_name(table.text(IdentityTable::family_name, row));
  return out;
}

// Rows of one number, in canonical order: each joins the first earlier group with a member it agrees with.
void join_group(const IdentityTable& table, const std::vector<std::uint32_t>& rows, std::uint64_t number, UnionFind& sets, LinkResult& result,
                std::vector<std::uint32_t>& contradicted) {
  std::vector<std::pair<std::uint32_t, SpineRow>> seen;  // distinct (birth, given, family) with a row that has it
  UnionFind groups(rows.size());
  std::vector<std::size_t> profile_of(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SpineRow me = read_row(table, rows[i], number);
    std::size_t p = 0;
    while (p < seen.size() && !(seen[p].second.birth == me.birth && seen[p].second.given == me.given && seen[p].second.family == me.family && seen[p].second.newborn == me.newborn)) ++p;
    if (p == seen.size()) seen.push_back({rows[i], me});
    profile_of[i] = p;
    if (seen.size() > 200) break;  // a number used by hundreds of different people says nothing
  }
  if (seen.size() > 200) {
    contradicted.insert(contradicted.end(), rows.begin(), rows.end());
    return;
  }
  UnionFind profiles(seen.size());
  for (std::uint32_t p = 0; p < seen.size(); ++p)
    for (std::uint32_t q = p + 1; q < seen.size(); ++q)
      if (number_stands(seen[p].second, seen[q].second)) profiles.join(p, q);
  bool several = false;
  std::vector<std::uint32_t> first(seen.size(), 0xffffffffU);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t group = profiles.root(static_cast<std::uint32_t>(profile_of[i]));
    several = several || group != profiles.root(0);
    if (first[group] == 0xffffffffU) {
      first[group] = rows[i];
    } else if (sets.root(first[group]) != sets.root(rows[i])) {
      sets.join(first[group], rows[i]);
      result.edges.push_back({std::min(first[group], rows[i]), std::max(first[group], rows[i]), 0, EdgeReason::number_and_demographics});
    }
  }
  if (several || rows.size() > widely_shared) contradicted.insert(contradicted.end(), rows.begin(), rows.end());
}

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

Agreement names_agree(const SpineRow& a, const SpineRow& b) {
  const bool a_none = a.given.empty() && a.family.empty(), b_none = b.given.empty() && b.family.empty();
  if (a_none || b_none) return Agreement::unknown;
  const auto equal = [](const std::string& x, const std::string& y) { return !x.empty() && x == y; };
  if (equal(a.given, b.given) || equal(a.family, b.family) || equal(a.given, b.family) || equal(a.family, b.given)) return Agreement::agrees;
  if (same_start(a.given, b.given, 1) && same_start(a.family, b.family, 3)) return Agreement::agrees;
  return Agreement::disagrees;
}

bool number_stands(const SpineRow& a, const SpineRow& b) {
  if ((a.newborn || b.newborn) && a.birth.whole() && b.birth.whole() && !(a.birth == b.birth)) return false;
  const Agreement name = names_agree(a, b), birth = births_agree(a.birth, b.birth);
  if (birth == Agreement::agrees) return true;
  if (name == Agreement::agrees) return true;
  return name == Agreement::unknown && birth == Agreement::unknown;
}

std::vector<std::uint64_t> usable_numbers(const IdentityTable& table, const PersonRegister& previous) {
  const Supersession supersession(previous.superseded_numbers);
  std::vector<std::uint64_t> of_text(table.texts(IdentityTable::nhs_number).size(), 0);
  for (TextId id = 1; id < of_text.size(); ++id) {
    const NhsNumberResult read = read_nhs_number(table.texts(IdentityTable::nhs_number).text(id));
    if (read.fault == NhsNumberFault::none) of_text[id] = supersession.follow(read.number.digits);
  }
  std::vector<std::uint64_t> out(table.size());
  for (std::size_t row = 0; row < out.size(); ++row) out[row] = of_text[table.cell(IdentityTable::nhs_number, row)];
  return out;
}

void join_by_number(const IdentityTable& table, const PersonRegister& previous, const std::vector<std::uint32_t>& order, UnionFind& sets,
                    LinkResult& result) {
  const std::vector<std::uint64_t> numbers = usable_numbers(table, previous);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> held;  // number, place in canonical order
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    const std::uint64_t number = numbers[order[place]];
    if (number != 0) held.emplace_back(number, place);
  }
  std::sort(held.begin(), held.end());
  result.counts.rows_with_usable_number = held.size();
  std::vector<std::uint32_t> contradicted;
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < held.size();) {
    rows.clear();
    const std::uint64_t number = held[i].first;
    for (; i < held.size() && held[i].first == number; ++i) rows.push_back(order[held[i].second]);
    if (rows.size() > 1) join_group(table, rows, number, sets, result, contradicted);
  }
  if (!contradicted.empty())
    result.findings.push_back({"nhs-number-shared-by-different-people",
                               "rows carry one NHS number but name and date of birth contradict it, or very many rows carry it; "
                               "they are not joined by that number: ask the source to trace them",
                               std::move(contradicted)});
}

}  // namespace catchment::linkage
