#include "linkage/person/lookup_kept.h"

#include <algorithm>

#include "linkage/compare/block_key.h"
#include "linkage/compare/parallel.h"
#include "linkage/person/lookup_people.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t most_said = 256;  // of one person; what is said more often by so many rows is said by the first of them too

bool tells_home(std::size_t field) { return field == id_postcode || field == id_address || field == id_telephone || field == id_email; }

bool tells_home(const BlockingRule& rule, const PackedRows& rows) {
  return std::any_of(rule.parts.begin(), rule.parts.end(), [&](const KeyPart& part) {
    const int field = rows.field(part.field);
    return field >= 0 && tells_home(static_cast<std::size_t>(field));
  });
}

// In order, nothing twice, and no key that too many persons share.
void keep_telling(std::vector<std::uint64_t>& keys, std::size_t most) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  auto out = keys.begin();
  for (auto from = keys.begin(), to = from; from != keys.end(); from = to) {
    while (to != keys.end() && *to >> 32 == *from >> 32) ++to;
    if (static_cast<std::size_t>(to - from) <= most) out = std::move(from, to, out);
  }
  keys.erase(out, keys.end());
  keys.shrink_to_fit();
}

// Disputed on every row that holds them: nobody has a right to them.
std::vector<std::uint64_t> numbers_of_nobody(const Identities& identities, const NumberSpine& spine) {
  std::vector<std::uint64_t> disputed, held;
  for (std::size_t i = 0; i < identities.size(); ++i)
    if (identities.number[i] != 0 && spine.disputed[i] != 0) disputed.push_back(identities.number[i]);
  std::sort(disputed.begin(), disputed.end());
  disputed.erase(std::unique(disputed.begin(), disputed.end()), disputed.end());
  for (std::size_t i = 0; i < identities.size(); ++i)
    if (spine.disputed[i] == 0 && std::binary_search(disputed.begin(), disputed.end(), identities.number[i])) held.push_back(identities.number[i]);
  std::sort(held.begin(), held.end());
  std::erase_if(disputed, [&](std::uint64_t number) { return std::binary_search(held.begin(), held.end(), number); });
  return disputed;
}

}  // namespace

LookupKept keep_for_lookup(const Identities& identities, const NumberSpine& spine, const Model& model, std::vector<PersonSays> said, LookupBasis basis,
                           unsigned threads) {
  LookupKept out;
  out.basis = std::move(basis);
  out.basis.nobodys = numbers_of_nobody(identities, spine);
  sort_shared(said, threads, std::less<>());
  said.erase(std::unique(said.begin(), said.end()), said.end());
  const auto number_of = [&](std::uint32_t identity) { return spine.disputed[identity] != 0 ? 0 : identities.number[identity]; };
  std::vector<std::uint32_t> place_of(said.size());
  LookupPerson person;
  for (std::size_t i = 0, last = 0; i < said.size(); ++i) {
    if (i == 0 || said[i].person != said[i - 1].person) person = {said[i].person, false, {}}, last = i;
    const PersonSays& one = said[i];
    place_of[i] = static_cast<std::uint32_t>(out.persons());
    person.by_number_only = person.by_number_only || one.by_number_only;
    if (i - last < most_said) {
      LookupSaid& row = person.said.emplace_back();
      for (std::size_t f = 0; f < identity_fields; ++f)
        if (!one.restricted || !tells_home(f)) row.texts[f] = identities.rows.text(one.identity, f);
      row.number = number_of(one.identity), row.flags = identities.flags[one.identity], row.rows = identities.copies[one.identity];
    }
    if (i + 1 < said.size() && said[i + 1].person == one.person) continue;
    pack_person(person, out.people);
    out.starts.push_back(out.people.size());
  }
  out.keys.resize(model.blocking.size() + 1);
  share_out(out.keys.size(), threads, [&](std::size_t rule, unsigned) {
    std::vector<std::uint64_t>& keys = out.keys[rule];
    const auto add = [&](std::uint32_t key, std::size_t i) {
      if (key != 0) keys.push_back((static_cast<std::uint64_t>(key) << 32) | place_of[i]);
    };
    if (rule == model.blocking.size()) {
      for (std::size_t i = 0; i < said.size(); ++i)
        if (const std::uint64_t number = number_of(said[i].identity)) add(number_key(number), i);
    } else {
      const RuleReader reader(identities.rows, model.blocking[rule]);
      const bool home = tells_home(model.blocking[rule], identities.rows);
      for (std::size_t i = 0; i < said.size(); ++i)
        if (!said[i].by_number_only && !(home && said[i].restricted)) add(reader.of(said[i].identity), i);
    }
    keep_telling(keys, model.largest_block);
  });
  return out;
}

}  // namespace catchment::linkage
