#include "bench/linkage_trace.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>

#include "base/nhs_number.h"
#include "linkage/normalise/normalise.h"
#include "linkage/normalise/similarity.h"

namespace catchment::bench {
namespace {

using linkage::BirthDate;
using linkage::IdentityTable;

struct Seen {
  std::uint64_t number = 0;
  std::string given, other_given, family, sex, postcode, given_sound, other_sound, family_sound;
  BirthDate birth;
};

Seen read(const Population& population, std::uint32_t i) {
  const IdentityTable& t = population.table;
  Seen out;
  const NhsNumberResult number = read_nhs_number(t.text(IdentityTable::nhs_number, i));
  if (number.fault == NhsNumberFault::none) out.number = number.number.digits;
  out.given = linkage::normalise_name(t.text(IdentityTable::given_names, i)), out.family = linkage::normalise_name(t.text(IdentityTable::family_name, i));
  out.sex = linkage::normalise_sex(t.text(IdentityTable::sex, i)), out.postcode = linkage::normalise_postcode(t.text(IdentityTable::postcode, i));
  out.birth = linkage::read_birth_date(t.text(IdentityTable::date_of_birth, i));
  if (const std::size_t blank = out.given.find(' '); blank != std::string::npos) out.other_given = out.given.substr(blank + 1), out.given.resize(blank);
  out.given_sound = linkage::soundex(out.given), out.other_sound = linkage::soundex(out.other_given), out.family_sound = linkage::soundex(out.family);
  return out;
}

std::string day(const BirthDate& d) { return std::to_string(d.packed()); }

class Service {
 public:
  explicit Service(const Population& population) {
    for (std::uint32_t i = 0; i < population.truth.size(); ++i) {
      if (population.table.source(i).value != 1) continue;
      Seen seen = read(population, i);
      if (seen.number == 0) continue;
      const auto at = static_cast<std::uint32_t>(register_.size());
      by_number_.emplace(seen.number, at);
      const std::string born = day(seen.birth);
      for (const std::string& sound : {seen.given_sound, seen.other_sound}) {
        if (sound.empty()) continue;
        keys_["a" + seen.family_sound + sound + seen.sex + std::to_string(seen.birth.year)].push_back(at);
        keys_["b" + seen.family_sound + sound + born].push_back(at);
      }
      keys_["c" + seen.family_sound + seen.sex + born + seen.postcode].push_back(at);
      keys_["d" + seen.given_sound + seen.sex + born + seen.postcode].push_back(at);
      keys_["e" + born + seen.postcode + seen.sex].push_back(at);
      register_.push_back(std::move(seen));
    }
  }

  std::uint32_t trace(const Seen& seen) {
    if (const int found = cross_check(seen); found >= 0) return static_cast<std::uint32_t>(found) + 1;
    if (const int found = alphanumeric(seen); found >= 0) return static_cast<std::uint32_t>(found) + 1;
    if (const int found = algorithmic(seen); found >= 0) return static_cast<std::uint32_t>(found) + 1;
    return bucket(seen);
  }

 private:
  // Number and whole birthday; else number, partial birthday and initial with three letters of the family name, or outcode.
  int cross_check(const Seen& seen) const {
    const auto at = by_number_.find(seen.number);
    if (seen.number == 0 || at == by_number_.end()) return -1;
    const Seen& held = register_[at->second];
    const auto found = static_cast<int>(at->second);
    if (seen.birth.whole() && seen.birth == held.birth) return found;
    const int parts = (seen.birth.year == held.birth.year) + (seen.birth.month == held.birth.month) + (seen.birth.day == held.birth.day);
    const bool swapped = seen.birth.year == held.birth.year && seen.birth.month == held.birth.day && seen.birth.day == held.birth.month;
    if (seen.birth.empty() || (parts < 2 && !swapped)) return -1;
    const bool named = !seen.given.empty() && !seen.family.empty();
    if (named) return held.given.substr(0, 1) == seen.given.substr(0, 1) && held.family.substr(0, 3) == seen.family.substr(0, 3) ? found : -1;
    const auto outcode = [](const std::string& p) { return p.size() > 3 ? p.substr(0, p.size() - 3) : std::string(); };
    return !outcode(seen.postcode).empty() && outcode(seen.postcode) == outcode(held.postcode) ? found : -1;
  }

  const std::vector<std::uint32_t>& held(const std::string& key) const {
    static const std::vector<std::uint32_t> none;
    const auto at = keys_.find(key);
    return at == keys_.end() ? none : at->second;
  }

  // Sounds of both names; every other field given must be the same; one survivor only.
  int alphanumeric(const Seen& seen) const {
    if (seen.family.empty() || seen.birth.year == 0 || seen.sex.empty()) return -1;
    int found = -1;
    for (const std::uint32_t i : held("a" + seen.family_sound + seen.given_sound + seen.sex + std::to_string(seen.birth.year))) {
      const Seen& one = register_[i];
      if ((seen.birth.whole() && !(seen.birth == one.birth)) || (!seen.postcode.empty() && seen.postcode != one.postcode)) continue;
      if (found >= 0) return -1;
      found = static_cast<int>(i);
    }
    return found;
  }

  static double likeness(const Seen& a, const Seen& b) {
    double name = 100 * linkage::jaro_winkler(a.given + " " + a.family, b.given + " " + b.family);
    if (!b.other_given.empty()) name = std::max(name, 100 * linkage::jaro_winkler(a.given + " " + a.family, b.other_given + " " + b.family));
    const int parts = (a.birth.year == b.birth.year) + (a.birth.month == b.birth.month) + (a.birth.day == b.birth.day);
    const double birth = parts == 3 ? 100 : parts == 2 ? 66 : parts == 1 ? 33 : 0;
    const double sex = a.sex.empty() || b.sex.empty() ? 50 : a.sex == b.sex ? 100 : 0;
    std::size_t same = 0;
    while (same < a.postcode.size() && same < b.postcode.size() && a.postcode[same] == b.postcode[same]) ++same;
    const double postcode = a.postcode.empty() ? 0 : 100 * static_cast<double>(same) / static_cast<double>(a.postcode.size());
    return (name + birth + sex + postcode) / 4;
  }

  // Four blocks, at most fifty candidates, the mean of four scores; refused when the best two are within five points.
  int algorithmic(const Seen& seen) const {
    if (!seen.birth.whole() || seen.sex.empty() || seen.postcode.empty()) return -1;
    const std::string born = day(seen.birth);
    std::set<std::uint32_t> candidates;
    for (const std::string& key : {"b" + seen.family_sound + seen.given_sound + born, "c" + seen.family_sound + seen.sex + born + seen.postcode,
                                   "d" + seen.given_sound + seen.sex + born + seen.postcode, "e" + born + seen.postcode + seen.sex})
      for (const std::uint32_t i : held(key))
        if (candidates.size() < 50) candidates.insert(i);
    double best = -1, second = -1;
    int found = -1;
    for (const std::uint32_t i : candidates) {
      const double score = likeness(seen, register_[i]);
      if (score > best) second = best, best = score, found = static_cast<int>(i);
      else second = std::max(second, score);
    }
    return found >= 0 && best - second > 5 ? found : -1;
  }

  // Earlier records without a match: the same birthday, sex, sounds and postcode; else a new person.
  std::uint32_t bucket(const Seen& seen) {
    const auto fresh = static_cast<std::uint32_t>(register_.size()) + ++unmatched_;
    if (!seen.birth.whole() || seen.postcode.empty()) return fresh;
    return bucket_.emplace(day(seen.birth) + seen.sex + seen.postcode + seen.family_sound + seen.given_sound, fresh).first->second;
  }

  std::vector<Seen> register_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_number_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> keys_;
  std::unordered_map<std::string, std::uint32_t> bucket_;
  std::uint32_t unmatched_ = 0;
};

}  // namespace

std::vector<std::uint32_t> trace_as_master_person_service(const Population& population) {
  Service service(population);
  std::vector<std::uint32_t> out(population.truth.size());
  for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = service.trace(read(population, i));
  return out;
}

}  // namespace catchment::bench
