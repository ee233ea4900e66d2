#include "linkage/person/lookup.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "linkage/compare/block_key.h"
#include "linkage/identity/identities.h"
#include "linkage/identity/number_spine.h"
#include "linkage/linkage.h"
#include "linkage/person/lookup_people.h"
#include "linkage/person/person_search.h"

namespace catchment::linkage {
namespace {

double odds_in_bits(double p) { return std::log2(p / (1 - p)); }

Model model_as_trained(std::optional<Model> definition, const LookupBasis& basis) {
  LinkSettings settings;
  settings.model = std::move(definition);
  Model model = identity_model(settings);
  Diagnostics faults;
  if (!read_trained(basis.trained, "the snapshot's linkage model", model, faults))
    throw Error(ErrorKind::environment, "the snapshot was linked with a model this program does not have",
                "build the snapshot again: catchment build --workspace DIR");
  return model;
}

// The people who share a key with the details, and below them the details: a table of identities small enough to be searched in no time.
class FewPeople {
 public:
  FewPeople(const Identities& own, const std::vector<LookupPerson>& people) {
    all_.rows.fields = own.rows.fields, all_.rows.source_names = own.rows.source_names;
    all_.rows.dictionaries.resize(own.rows.dictionaries.size());
    add(LookupSaid{});  // the identity that says nothing
    for (const LookupPerson& person : people) {
      for (const LookupSaid& said : person.said) add(said);
      close(true, person.by_number_only);
    }
    for (std::uint32_t i = 1; i < own.size(); ++i) {
      LookupSaid said{{}, own.number[i], static_cast<std::uint16_t>(own.flags[i] & ~flag_number_verified), own.copies[i]};
      for (std::size_t f = 0; f < identity_fields; ++f) said.texts[f] = own.rows.text(i, f);
      add(said);
    }
    close(false, false);
    units_.person_of_identity.assign(all_.size(), no_unit);
    for (std::uint32_t unit = 0; unit + 1 < units_.size(); ++unit)
      for (const std::uint32_t identity : units_.identities[unit]) units_.person_of_identity[identity] = unit;
  }
  const Identities& identities() const { return all_; }
  const Units& units() const { return units_; }
  std::uint32_t seeker() const { return static_cast<std::uint32_t>(units_.size() - 1); }

 private:
  void add(const LookupSaid& said) {
    for (std::size_t f = 0; f < identity_fields; ++f) all_.rows.cells.push_back(all_.rows.dictionaries[all_.rows.fields[f].dictionary].add(said.texts[f]));
    all_.rows.source.push_back(0), all_.rows.input_row.push_back(0);
    all_.number.push_back(said.number), all_.flags.push_back(said.flags), all_.copies.push_back(said.rows);
  }
  void close(bool person, bool by_number_only) {
    for (; ended_ < all_.size(); ++ended_) units_.identities.members.push_back(ended_);
    units_.identities.start.push_back(units_.identities.members.size());
    units_.person.push_back(person ? 1 : 0), units_.alone.push_back(by_number_only ? 1 : 0);
  }
  Identities all_;
  Units units_;
  std::uint32_t ended_ = 1;
};

// The person whose NHS number the details bear out; none when nobody's. `contradicted` when it is somebody's and they do not.
std::uint32_t person_by_number(const FewPeople& few, const NumberSpine& spine, UnionFind& sets, bool& contradicted) {
  const Identities& all = few.identities();
  for (const std::uint32_t own : few.units().identities[few.seeker()]) {
    if (all.number[own] == 0) continue;
    if (spine.disputed[own] != 0) contradicted = true;
    for (std::uint32_t i = 0; i < all.size() && spine.disputed[own] == 0; ++i)
      if (few.units().person_of_identity[i] != no_unit && all.number[i] == all.number[own] && sets.root(i) == sets.root(own))
        return few.units().person_of_identity[i];
  }
  return no_unit;
}

// Everybody who is likely enough to be shown, with why.
class Answering {
 public:
  Answering(const FewPeople& few, const std::vector<LookupPerson>& people, const NumberSpine& spine, const Model& model, const SearchCounts& counts)
      : few_(few), people_(people), search_(few.identities(), few.units(), spine, model, counts), memory_(search_.comparer().size()), model_(model) {}

  LookupAnswer run(std::uint32_t by_number) {
    LookupAnswer out;
    std::vector<PersonSearch::Weighed> found = search_.weigh(few_.seeker(), memory_, out.compared);
    const auto is_numbered = [&](const PersonSearch::Weighed& one) { return one.person == by_number; };
    std::vector<WeightPart> parts;
    if (by_number != no_unit && std::none_of(found.begin(), found.end(), is_numbered)) found.push_back({by_number, weigh_numbered(by_number, parts), true});
    for (std::size_t i = 0; i < found.size(); ++i) {
      LookupCandidate one{people_[found[i].person].person, found[i].weight - search_.log2_rivals(found, i), is_numbered(found[i]), {}, {}};
      if (!one.by_number && one.weight < odds_in_bits(model_.review_threshold)) continue;
      if (one.by_number && !parts.empty()) {
        one.parts = parts;
        one.parts.push_back({"rivals", "others it could be, known here or not", one.weight - found[i].weight});
      } else {
        PersonSearch::Story story = search_.explain({few_.seeker(), found[i].person, static_cast<float>(one.weight), found[i].may_link, 0}, memory_);
        one.parts = std::move(story.parts);
        if (!one.by_number) one.held_back = std::move(story.held_back);
      }
      if (!one.by_number && one.held_back.empty() && !(found[i].may_link && one.weight >= odds_in_bits(model_.link_threshold)))
        one.held_back = "not-certain-enough";
      out.candidates.push_back(std::move(one));
    }
    std::sort(out.candidates.begin(), out.candidates.end(), [](const LookupCandidate& x, const LookupCandidate& y) {
      if (x.by_number != y.by_number) return x.by_number;
      return x.weight != y.weight ? x.weight > y.weight : x.person < y.person;
    });
    if (!out.candidates.empty()) out.verdict = out.candidates[0].held_back.empty() ? LookupVerdict::same : LookupVerdict::possible;
    double most = -1000;
    bool number = false;
    for (const std::uint32_t own : few_.units().identities[few_.seeker()]) {
      most = std::max(most, search_.of_itself(own, memory_));
      number = number || few_.identities().number[own] != 0;
    }
    out.says_too_little = out.candidates.empty() && !number && most < odds_in_bits(model_.link_threshold);
    return out;
  }

 private:
  // Somebody whom only the number found: what the other fields say all the same.
  double weigh_numbered(std::uint32_t person, std::vector<WeightPart>& parts) {
    double most = -1e9;
    for (const std::uint32_t own : few_.units().identities[few_.seeker()]) {
      const TextId* cells = few_.identities().rows.row(own);
      const IdentityCells values = PersonValues::nearest_of(few_.identities(), few_.units().identities[person], no_unit, cells, search_.comparer(), memory_);
      const Pattern pattern = search_.comparer().compare(cells, values.data(), memory_);
      const double weight = search_.weigher().log2_odds(cells, values.data(), pattern);
      if (weight > most) most = weight, parts = search_.weigher().explain(cells, values.data(), pattern);
    }
    return most;
  }

  const FewPeople& few_;
  const std::vector<LookupPerson>& people_;
  PersonSearch search_;
  Comparer::Memory memory_;
  const Model& model_;
};

}  // namespace

std::string_view to_string(LookupVerdict verdict) {
  switch (verdict) {
    case LookupVerdict::nobody: return "nobody";
    case LookupVerdict::possible: return "possible";
    case LookupVerdict::same: return "same";
  }
  return "nobody";
}

Lookup::Lookup(std::optional<Model> definition, LookupBasis basis) : model_(model_as_trained(std::move(definition), basis)), basis_(std::move(basis)) {
  numbers_.superseded_numbers = basis_.superseded;
}

LookupAnswer Lookup::find(const IdentityTable& details, const Fetch& fetch) const {
  Identities own = distinct_identities(details, numbers_, {}, model_);
  std::vector<LookupKey> keys;
  for (std::uint32_t i = 1; i < own.size(); ++i) {
    if (std::binary_search(basis_.nobodys.begin(), basis_.nobodys.end(), own.number[i])) own.number[i] = 0;
    if (own.number[i] != 0) keys.push_back({static_cast<std::uint32_t>(model_.blocking.size()), number_key(own.number[i])});
  }
  for (std::uint32_t rule = 0; rule < model_.blocking.size(); ++rule) {
    const RuleReader reader(own.rows, model_.blocking[rule]);
    for (std::uint32_t i = 1; i < own.size(); ++i)
      if (const std::uint32_t key = reader.of(i)) keys.push_back({rule, key});
  }
  LookupAnswer out;
  out.says_too_little = true;
  if (own.size() < 2) return out;
  const std::vector<std::string> packed = fetch(keys);
  std::vector<LookupPerson> people;
  people.reserve(packed.size());
  for (const std::string& bytes : packed) people.push_back(unpack_person(bytes));
  std::sort(people.begin(), people.end(), [](const LookupPerson& x, const LookupPerson& y) { return x.person < y.person; });
  const FewPeople few(own, people);
  UnionFind sets(few.identities().size());
  const NumberSpine spine = join_by_number(few.identities(), sets);
  bool contradicted = false;
  const std::uint32_t by_number = person_by_number(few, spine, sets, contradicted);
  out = Answering(few, people, spine, model_, basis_.counts).run(by_number);
  out.number_of_another = contradicted;
  return out;
}

}  // namespace catchment::linkage
