#include "linkage/person/persons.h"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <utility>

#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::uint32_t own = 0x80000000U;  // marks a subject that is its own unit
constexpr std::size_t part = 1U << 16, ahead = 24;
using Says = std::pair<std::uint32_t, std::uint32_t>;  // unit, identity

// Subjects that a standing decision speaks of: pair -> verdict, the newest last.
std::map<std::pair<std::uint32_t, std::uint32_t>, Verdict> standing(const std::vector<SubjectDecision>& decisions) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, Verdict> out;
  for (const SubjectDecision& d : decisions) out[{std::min(d.a, d.b), std::max(d.a, d.b)}] = d.verdict;
  return out;
}

class Gathering {
 public:
  Gathering(const Identities& identities, const Subjects& subjects, const NumberSpine& spine, UnionFind& sets)
      : identities_(identities), spine_(spine), sets_(sets), said_(subjects.size()), private_(subjects.size(), 0) {}

  void read(const Subjects& subjects) {
    for (std::uint32_t row = 0; row < subjects.of_row.size(); ++row) {
      if (row + ahead < subjects.of_row.size()) __builtin_prefetch(said_.data() + subjects.of_row[row + ahead], 1);
      auto& said = said_[subjects.of_row[row]];
      const std::uint32_t identity = identities_.of_row[row];
      if (said.first == no_unit) said.first = identity;
      else if (said.first != identity) more_.emplace_back(subjects.of_row[row], identity);
    }
    std::sort(more_.begin(), more_.end());
    more_.erase(std::unique(more_.begin(), more_.end()), more_.end());
    for (const auto& [subject, identity] : more_) said_[subject].several = 1;
  }

  // A decision that two subjects are not one person takes both out of what their number joined, where it joined them.
  void decide(const std::map<std::pair<std::uint32_t, std::uint32_t>, Verdict>& decisions) {
    if (decisions.empty()) return;
    UnionFind numbers = sets_;
    std::vector<std::uint32_t> held(said_.size(), no_unit);
    for (std::uint32_t s = 0; s < said_.size(); ++s)
      each_identity(s, [&](std::uint32_t identity) {
        if (!numbered(identity)) return;
        if (held[s] == no_unit) held[s] = identity;
        else numbers.join(held[s], identity);
      });
    for (const auto& [pair, verdict] : decisions) {
      const std::uint32_t a = held[pair.first], b = held[pair.second];
      const bool joined = a != no_unit && b != no_unit && numbers.root(a) == numbers.root(b);
      for (const std::uint32_t subject : {pair.first, pair.second}) private_[subject] |= verdict != Verdict::same && joined ? 2 : 1;
    }
  }

  Units run(const std::map<std::pair<std::uint32_t, std::uint32_t>, Verdict>& decisions, unsigned threads);

 private:
  struct Said {
    std::uint32_t first = no_unit;
    std::uint8_t several = 0;
  };
  std::vector<std::uint32_t> labels(unsigned threads);
  std::uint32_t number_units(const std::vector<std::uint32_t>& label, Units& out) const;
  bool numbered(std::uint32_t identity) const { return identities_.number[identity] != 0 && !spine_.disputed[identity]; }
  template <typename Each>
  void each_identity(std::uint32_t subject, const Each& each) const {
    each(said_[subject].first);
    if (!said_[subject].several) return;
    for (auto at = std::lower_bound(more_.begin(), more_.end(), std::pair(subject, 0U)); at != more_.end() && at->first == subject; ++at) each(at->second);
  }

  const Identities& identities_;
  const NumberSpine& spine_;
  UnionFind& sets_;
  std::vector<Said> said_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> more_;  // subject, further identity
  std::vector<std::uint8_t> private_;
};

// What a subject goes by: its identity that a number stands for, else its only identity, else itself.
std::vector<std::uint32_t> Gathering::labels(unsigned threads) {
  std::vector<std::uint32_t> label(said_.size());
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> joined((said_.size() + part - 1) / part);
  share_out(joined.size(), threads, [&](std::size_t k, unsigned) {
    const auto to = static_cast<std::uint32_t>(std::min(said_.size(), (k + 1) * part));
    for (auto s = static_cast<std::uint32_t>(k * part); s < to; ++s) {
      if (s + ahead < to)
        __builtin_prefetch(identities_.number.data() + said_[s + ahead].first), __builtin_prefetch(spine_.disputed.data() + said_[s + ahead].first);
      std::uint32_t held = no_unit;
      if ((private_[s] & 2) == 0)
        each_identity(s, [&](std::uint32_t identity) {
          if (!numbered(identity)) return;
          if (held == no_unit) held = identity;
          else joined[k].emplace_back(held, identity);
        });
      const bool collapses = !said_[s].several && private_[s] == 0 && said_[s].first != 0;
      label[s] = held != no_unit ? held : collapses ? said_[s].first : own | s;
    }
  });
  for (const auto& some : joined)
    for (const auto& [identity, other] : some) sets_.join(identity, other);
  share_range(label.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t s = from; s < to; ++s) {
      if (s + ahead < to && (label[s + ahead] & own) == 0) sets_.fetch(label[s + ahead]);
      if ((label[s] & own) == 0 && numbered(label[s])) label[s] = std::as_const(sets_).root(label[s]);
    }
  });
  return label;
}

// Units in the order of their first subjects.
std::uint32_t Gathering::number_units(const std::vector<std::uint32_t>& label, Units& out) const {
  std::vector<std::uint32_t> unit_of_identity;
  fill_room(unit_of_identity, identities_.size(), no_unit);
  std::uint32_t units = 0;
  out.of_subject.resize(label.size());
  for (std::uint32_t s = 0; s < label.size(); ++s) {
    if (s + ahead < label.size() && (label[s + ahead] & own) == 0)
      __builtin_prefetch(unit_of_identity.data() + label[s + ahead], 1), __builtin_prefetch(identities_.number.data() + label[s + ahead]);
    const bool itself = (label[s] & own) != 0;
    std::uint32_t unit = itself ? no_unit : unit_of_identity[label[s]];
    if (unit == no_unit) {
      unit = units++;
      out.person.push_back(!itself && numbered(label[s]) ? 1 : 0);
      if (!itself) unit_of_identity[label[s]] = unit;
    }
    out.of_subject[s] = unit;
  }
  return units;
}

// Each unit's identities, each once.
std::vector<Says> in_order(const std::vector<std::vector<Says>>& said, std::uint32_t units, unsigned threads) {
  constexpr std::size_t ranks = 1U << 12;
  const std::vector<std::span<const Says>> parts(said.begin(), said.end());
  auto out = sorted_by_rank(parts, threads, ranks, [&](const Says& one) { return static_cast<std::size_t>(one.first) * ranks / units; }, std::less<>());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Units Gathering::run(const std::map<std::pair<std::uint32_t, std::uint32_t>, Verdict>& decisions, unsigned threads) {
  Units out;
  const std::uint32_t units = number_units(labels(threads), out);
  std::vector<std::vector<Says>> said((said_.size() + part - 1) / part);
  share_out(said.size(), threads, [&](std::size_t k, unsigned) {
    const auto to = static_cast<std::uint32_t>(std::min(said_.size(), (k + 1) * part));
    said[k].reserve(part);
    for (auto s = static_cast<std::uint32_t>(k * part); s < to; ++s)
      each_identity(s, [&](std::uint32_t identity) { said[k].emplace_back(out.of_subject[s], identity); });
  });
  const std::vector<Says> all = in_order(said, units, threads);
  out.identities.start.assign(units + 1ULL, 0);
  out.alone.assign(units, 0);
  out.person_of_identity.assign(identities_.size(), no_unit);
  for (const auto& [unit, identity] : all) {
    ++out.identities.start[unit + 1ULL];
    out.identities.members.push_back(identity);
    if (identities_.flags[identity] & flag_identity_reissued) out.alone[unit] = 1;
    if (out.person[unit]) out.person_of_identity[identity] = unit;
  }
  for (std::size_t unit = 0; unit < units; ++unit) out.identities.start[unit + 1] += out.identities.start[unit];
  out.subjects = lists_of(out.of_subject, units);
  for (const auto& [pair, verdict] : decisions) {
    const std::pair<std::uint32_t, std::uint32_t> both{out.of_subject[pair.first], out.of_subject[pair.second]};
    (verdict == Verdict::same ? out.together : out.apart).push_back(both);
    if (verdict == Verdict::unsure) out.unsure.push_back(both);
  }
  return out;
}

}  // namespace

Lists lists_of(const std::vector<std::uint32_t>& list_of_item, std::size_t lists) {
  Lists out;
  out.start.assign(lists + 1, 0);
  for (const std::uint32_t list : list_of_item) ++out.start[list + 1ULL];
  for (std::size_t i = 0; i < lists; ++i) out.start[i + 1] += out.start[i];
  std::vector<std::uint64_t> at(out.start.begin(), out.start.end() - 1);
  out.members.resize(list_of_item.size());
  for (std::uint32_t item = 0; item < list_of_item.size(); ++item) out.members[at[list_of_item[item]]++] = item;
  return out;
}

Subjects find_subjects(const IdentityTable& table, const std::vector<std::uint32_t>& canonical_order, unsigned threads) {
  const std::size_t rows = canonical_order.size(), parts = (rows + part - 1) / part;
  std::vector<std::uint8_t> again(rows, 0);  // the row before it has its name
  std::vector<std::uint32_t> start(parts + 1, 0);
  share_out(parts, threads, [&](std::size_t k, unsigned) {
    const std::size_t to = std::min(rows, (k + 1) * part);
    for (std::size_t place = k * part; place < to; ++place) {
      if (place + 2 * ahead < to) table.fetch_key_place(canonical_order[place + 2 * ahead]);
      if (place + ahead < to) table.fetch_key(canonical_order[place + ahead]);
      const std::uint32_t row = canonical_order[place];
      again[place] =
          place > 0 && table.source(row) == table.source(canonical_order[place - 1]) && table.key(row) == table.key(canonical_order[place - 1]) ? 1 : 0;
      start[k + 1] += again[place] == 0 ? 1 : 0;
    }
  });
  for (std::size_t k = 0; k < parts; ++k) start[k + 1] += start[k];
  Subjects out;
  out.of_row.resize(table.size()), out.first_row.resize(start[parts]);
  share_out(parts, threads, [&](std::size_t k, unsigned) {
    std::uint32_t next = start[k];
    for (std::size_t place = k * part; place < std::min(rows, (k + 1) * part); ++place) {
      const std::uint32_t row = canonical_order[place];
      if (again[place] == 0) out.first_row[next++] = row;
      out.of_row[row] = next - 1;
    }
  });
  return out;
}

Units gather_units(const Identities& identities, const Subjects& subjects, const NumberSpine& spine, UnionFind& sets,
                   const std::vector<SubjectDecision>& decisions, unsigned threads) {
  Gathering gathering(identities, subjects, spine, sets);
  gathering.read(subjects);
  const auto stand = standing(decisions);
  gathering.decide(stand);
  return gathering.run(stand, threads);
}

}  // namespace catchment::linkage
