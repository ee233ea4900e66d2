#include "linkage/person/person_search.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "linkage/compare/parallel.h"
#include "linkage/normalise/nicknames.h"

namespace catchment::linkage {
namespace {

constexpr std::uint64_t random_pairs = 400'000;
constexpr std::uint64_t most_seekers_learnt_from = 40'000;
constexpr std::uint64_t most_labelled = 100'000;
constexpr double labelled_strength = 400;  // pairs that what numbers taught is worth against the candidates
constexpr double least_weight = -10;  // log2 odds; who weighs less is no candidate, nor a rival
constexpr double two_names_bits = 5;  // by which two established names are rarer for one person than a misspelling is
constexpr double least_unknown = 0.02;  // share of seekers that may always belong to nobody known
constexpr std::size_t pieces = 256;
constexpr std::size_t most_identities_asked = 16;  // of one unit

std::vector<std::uint32_t> seeking_units(const Units& units) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t unit = 0; unit < units.size(); ++unit)
    if (!units.person[unit] && !units.alone[unit] && !(units.identities[unit].size() == 1 && units.identities[unit][0] == 0)) out.push_back(unit);
  return out;
}

std::vector<std::uint32_t> identities_of(const Units& units, const std::vector<std::uint32_t>& some) {
  std::vector<std::uint32_t> out;
  for (const std::uint32_t unit : some)
    for (const std::uint32_t identity : units.identities[unit])
      if (identity != 0) out.push_back(identity);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::uint32_t> known_persons(const Units& units) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t unit = 0; unit < units.size(); ++unit)
    if (units.person[unit] && !units.alone[unit]) out.push_back(unit);
  return out;
}

}  // namespace

PersonSearch::PersonSearch(const Identities& identities, const Units& units, const NumberSpine& spine, const Model& model, unsigned threads, TwoNames two_names)
    : identities_(identities),
      units_(units),
      spine_(spine),
      model_(model),
      seeking_units_(seeking_units(units)),
      seekers_(identities_of(units, seeking_units_)),
      persons_(known_persons(units)),
      index_(identities, units, model, seekers_, threads),
      values_(identities, units, threads),
      comparer_(identities.rows, model, model.nicknames ? *model.nicknames : Nicknames::usual(), threads),
      two_names_(std::move(two_names)) {}

PersonSearch::PersonSearch(const Identities& identities, const Units& units, const NumberSpine& spine, Model& model, unsigned threads, Progress& progress)
    : PersonSearch(identities, units, spine, model, threads, TwoNames(identities, model)) {
  label_.resize(identities.size());
  for (std::uint32_t i = 0; i < label_.size(); ++i)
    label_[i] = units.person_of_identity[i] != no_unit ? units.person_of_identity[i] : static_cast<std::uint32_t>(units.size()) + i;
  if (!model.trained) {
    progress.step("training", 0, "");
    train(model, threads);
    progress.done();
  }
  const double match = std::exp2(model.log2_prior) / (1 + std::exp2(model.log2_prior));
  unknown_ = std::clamp(1 - (match + model.moved) * static_cast<double>(persons_.size()), least_unknown, 1.0);
  weigher_ = std::make_unique<Weigher>(identities.rows, model, comparer_, &label_, threads);
  screen_ = std::make_unique<PersonScreen>(identities.rows, model, *weigher_, least_weight, values_, persons_, units.size(), threads);
}

PersonSearch::PersonSearch(const Identities& identities, const Units& units, const NumberSpine& spine, const Model& model, const SearchCounts& counts,
                           unsigned threads)
    : PersonSearch(identities, units, spine, model, threads, TwoNames(identities, model, counts.given_names)) {
  unknown_ = counts.unknown;
  weigher_ = std::make_unique<Weigher>(identities.rows, model, comparer_, counts.frequencies, threads);
  screen_ = std::make_unique<PersonScreen>(identities.rows, model, *weigher_, least_weight, values_, persons_, units.size(), threads);
}

SearchCounts PersonSearch::counts() const {
  SearchCounts out{unknown_, weigher_->frequencies(), {}};
  const Dictionary& names = identities_.rows.texts(id_given);
  std::vector<std::uint32_t> rows(names.size(), 0);
  for (std::size_t i = 0; i < identities_.size(); ++i) rows[identities_.rows.cell(i, id_given)] += identities_.copies[i];
  for (TextId name = 1; name < rows.size(); ++name)
    if (rows[name] > 1) out.given_names.emplace_back(hash_text(names.text(name)), rows[name]);
  std::sort(out.given_names.begin(), out.given_names.end());
  return out;
}

void PersonSearch::train(Model& model, unsigned threads) {
  struct Share {
    PatternCounts random, candidates, labelled;
    Comparer::Memory memory;
  };
  std::vector<Share> shares;
  for (unsigned t = 0; t < std::max(1U, threads); ++t) shares.push_back({{}, {}, {}, Comparer::Memory(comparer_.size())});
  const std::uint64_t each_seeker = seekers_.size() / most_seekers_learnt_from + 1, each_identity = identities_.size() / most_labelled + 1;
  const bool few = seekers_.size() < 100;
  share_out(pieces, threads, [&](std::size_t piece, unsigned thread) {
    Share& share = shares[thread];
    const auto pattern = [&](std::uint32_t identity, const IdentityCells& values) {
      return comparer_.compare(identities_.rows.row(identity), values.data(), share.memory);
    };
    Random random = Random::stream(model.seed, piece, 17);
    for (std::uint64_t i = 0; i < random_pairs / pieces; ++i) {
      const std::uint32_t identity = few ? static_cast<std::uint32_t>(random.below(identities_.size())) : seekers_[random.below(seekers_.size())];
      const std::uint32_t person = persons_[random.below(persons_.size())];
      if (units_.person_of_identity[identity] == person) continue;
      ++share.random[pattern(identity, values_.nearest(person, identities_.rows.row(identity), comparer_, share.memory))];
    }
    std::vector<std::uint32_t> found;
    for (std::size_t s = piece; s < seekers_.size(); s += pieces) {
      if (each_seeker > 1 && mix64(seekers_[s] ^ model.seed) % each_seeker != 0) continue;
      found.clear();
      index_.candidates(seekers_[s], found);
      for (const std::uint32_t person : found)
        ++share.candidates[pattern(seekers_[s], values_.nearest(person, identities_.rows.row(seekers_[s]), comparer_, share.memory))];
    }
    for (std::size_t i = piece; i < identities_.size(); i += pieces) {
      const std::uint32_t identity = static_cast<std::uint32_t>(i), person = units_.person_of_identity[identity];
      if (person == no_unit || units_.alone[person] || (each_identity > 1 && mix64(identity ^ model.seed) % each_identity != 0)) continue;
      const TextId* cells = identities_.rows.row(identity);
      if (units_.identities[person].size() > 1)
        ++share.labelled[pattern(identity, PersonValues::nearest_of(identities_, units_.identities[person], identity, cells, comparer_, share.memory))];
      if (identities_.copies[identity] > 1) ++share.labelled[pattern(identity, values_.nearest(person, cells, comparer_, share.memory))];
    }
  });
  std::vector<PatternCounts> random, candidates, labelled;
  for (Share& share : shares)
    random.push_back(std::move(share.random)), candidates.push_back(std::move(share.candidates)), labelled.push_back(std::move(share.labelled));
  const Counts chance = add_up(random), met = add_up(candidates), known = add_up(labelled);
  set_prior_chances(model, identities_.rows);
  for (std::size_t c = 0; c < model.comparisons.size(); ++c) {
    std::vector<double> seen(model.comparisons[c].levels.size() + 1, 0);
    double total = 0;
    for (const Counted& counted : known)
      if (const unsigned level = level_at(counted.pattern, c)) seen[level] += counted.count, total += counted.count;
    for (std::size_t l = 0; l < model.comparisons[c].levels.size(); ++l) {
      Level& level = model.comparisons[c].levels[l];
      level.m = (seen[l + 1] + 20 * level.m) / (total + 20);
    }
  }
  for (const Counted& c : chance) training_.random_pairs += static_cast<std::uint64_t>(c.count);
  for (const Counted& c : met) training_.candidate_pairs += static_cast<std::uint64_t>(c.count);
  training_.patterns = met.size();
  const double pairs = static_cast<double>(persons_.size()) * std::max(1.0, static_cast<double>(seekers_.size()));
  learn(model, kinds_of(model, identities_.rows), chance, met, static_cast<double>(each_seeker), pairs, static_cast<double>(seekers_.size()), labelled_strength,
        training_);
  // Hardly anyone looks for a person: what is looked for is then as likely here as not.
  model.log2_prior = std::max(model.log2_prior, std::log2(0.2 / static_cast<double>(persons_.size())));
  model.trained = true;
}

bool PersonSearch::kept_apart(std::uint32_t unit, std::uint32_t person) const {
  const auto number_in = [&](std::uint32_t u, bool disputed, const auto& test) {
    for (const std::uint32_t identity : units_.identities[u])
      if (identities_.number[identity] != 0 && (spine_.disputed[identity] != 0) == disputed && test(identities_.number[identity])) return true;
    return false;
  };
  // A number that another person holds by right keeps its loser apart from that person.
  if (number_in(unit, true, [&](std::uint64_t number) { return number_in(person, false, [number](std::uint64_t held) { return held == number; }); }))
    return true;
  // Two live numbers are two people. Who has none may still have this one.
  if (!number_in(person, false, [](std::uint64_t) { return true; })) return false;
  return number_in(unit, false, [&](std::uint64_t number) { return !number_in(person, false, [number](std::uint64_t held) { return held == number; }); });
}

/// Candidates lie anywhere in memory: what the next ones need is asked for while this one is weighed.
void PersonSearch::fetch_ahead(const std::vector<std::uint32_t>& candidates, std::size_t now) const {
  constexpr std::size_t place_ahead = 16, values_ahead = 8;
  if (now + place_ahead < candidates.size()) screen_->fetch_place(candidates[now + place_ahead]);
  if (now + values_ahead < candidates.size()) screen_->fetch(candidates[now + values_ahead]);
}

std::vector<PersonSearch::Weighed> PersonSearch::weigh(std::uint32_t unit, Comparer::Memory& memory, std::uint64_t& compared) const {
  std::vector<Weighed> found;
  std::vector<std::uint32_t> candidates;
  const auto own = units_.identities[unit];
  for (std::size_t i = 0; i < std::min<std::size_t>(own.size(), most_identities_asked); ++i) {
    candidates.clear();
    if (own[i] != 0) index_.candidates(own[i], candidates);
    const TextId* cells = identities_.rows.row(own[i]);
    const PersonScreen::Seeker seeker = screen_->seeker(cells);
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      const std::uint32_t person = candidates[c];
      fetch_ahead(candidates, c);
      ++compared;
      if (!screen_->may_reach(seeker, person)) continue;
      const IdentityCells values = values_.nearest(person, cells, comparer_, memory);
      const Pattern pattern = comparer_.compare(cells, values.data(), memory);
      const bool two = two_names_.are(cells[id_given], values[id_given]);
      const double weight = weigher_->log2_odds(cells, values.data(), pattern) - (two ? two_names_bits : 0);
      if (weight < least_weight) continue;
      const bool generations =
          births_contradict(identities_.rows.texts(id_birth).text(cells[id_birth]), identities_.rows.texts(id_birth).text(values[id_birth]));
      const bool may = named(pattern) && !two && !generations && !kept_apart(unit, person);
      const auto same = std::find_if(found.begin(), found.end(), [person](const Weighed& f) { return f.person == person; });
      if (same == found.end()) found.push_back({person, weight, may});
      else same->may_link = same->may_link && may, same->weight = std::max(same->weight, weight);
    }
  }
  return found;
}

// Whoever is not this person is another who is known, each weighed here, or somebody unknown.
double PersonSearch::log2_rivals(const std::vector<Weighed>& found, std::size_t i) const {
  double rivals = unknown_;
  for (const Weighed& f : found)
    if (f.person != found[i].person) rivals += std::exp2(f.weight);
  return std::log2(rivals);
}

Placement PersonSearch::place_one(std::uint32_t unit, Comparer::Memory& memory) const {
  Placement out;
  out.unit = unit;
  const std::vector<Weighed> found = weigh(unit, memory, out.compared);
  if (found.empty()) return out;
  const auto best = std::max_element(found.begin(), found.end(),
                                     [](const Weighed& a, const Weighed& b) { return a.weight != b.weight ? a.weight < b.weight : a.person > b.person; });
  out.person = best->person;
  out.weight = static_cast<float>(best->weight - log2_rivals(found, static_cast<std::size_t>(best - found.begin())));
  out.may_link = best->may_link;
  return out;
}

PersonSearch::Story PersonSearch::explain(const Placement& placement, Comparer::Memory& memory) const {
  Story out;
  double most = -1e9;
  std::vector<std::uint32_t> candidates;
  const auto own = units_.identities[placement.unit];
  for (std::size_t i = 0; i < std::min<std::size_t>(own.size(), most_identities_asked); ++i) {
    candidates.clear();
    if (own[i] != 0) index_.candidates(own[i], candidates);
    if (std::find(candidates.begin(), candidates.end(), placement.person) == candidates.end()) continue;
    const TextId* cells = identities_.rows.row(own[i]);
    const IdentityCells values = values_.nearest(placement.person, cells, comparer_, memory);
    const Pattern pattern = comparer_.compare(cells, values.data(), memory);
    const bool two = two_names_.are(cells[id_given], values[id_given]);
    const double weight = weigher_->log2_odds(cells, values.data(), pattern) - (two ? two_names_bits : 0);
    const Dictionary& births = identities_.rows.texts(id_birth);
    if (!named(pattern)) out.held_back = "no-given-name";
    else if (two) out.held_back = "two-given-names";
    else if (births_contradict(births.text(cells[id_birth]), births.text(values[id_birth]))) out.held_back = "births-contradict";
    if (weight <= most) continue;
    most = weight;
    out.parts = weigher_->explain(cells, values.data(), pattern);
    if (two) out.parts.push_back({"given_name", "two names that others carry too", -two_names_bits});
  }
  if (kept_apart(placement.unit, placement.person)) out.held_back = "nhs-numbers-differ";
  // Whoever is as likely takes part of the weight.
  double sum = 0;
  for (const WeightPart& part : out.parts) sum += part.bits;
  out.parts.push_back({"rivals", "others it could be, known here or not", static_cast<double>(placement.weight) - sum});
  return out;
}

double PersonSearch::of_itself(std::uint32_t identity, Comparer::Memory& memory) const {
  const TextId* cells = identities_.rows.row(identity);
  const Pattern pattern = comparer_.compare(cells, cells, memory);
  return named(pattern) ? weigher_->log2_odds(cells, cells, pattern) : -1000;
}

/// Seekers of one name are held against much the same persons: placed one after another, the next finds near what the last has read.
std::vector<std::uint32_t> PersonSearch::by_name(unsigned threads) const {
  std::vector<std::uint32_t> order(seeking_units_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::vector<std::uint64_t> names(order.size());
  share_range(names.size(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const TextId* cells = identities_.rows.row(units_.identities[seeking_units_[i]][0]);
      names[i] = (static_cast<std::uint64_t>(cells[id_family]) << 32) | cells[id_given];
    }
  });
  sort_shared(order, threads, [&](std::uint32_t x, std::uint32_t y) { return names[x] != names[y] ? names[x] < names[y] : x < y; });
  return order;
}

template <typename Place>
std::vector<Placement> PersonSearch::place_all(const Place& place, unsigned threads, Progress& progress) const {
  std::vector<Placement> out(seeking_units_.size());
  std::vector<Comparer::Memory> memories;
  for (unsigned t = 0; t < std::max(1U, threads); ++t) memories.emplace_back(comparer_.size());
  const std::vector<std::uint32_t> order = by_name(threads);
  constexpr std::size_t batch = 1024;
  progress.step("comparing", seeking_units_.size(), "identities");
  share_out((out.size() + batch - 1) / batch, threads, [&](std::size_t piece, unsigned thread) {
    const std::size_t to = std::min(out.size(), (piece + 1) * batch);
    for (std::size_t i = piece * batch; i < to; ++i) out[order[i]] = place(seeking_units_[order[i]], memories[thread]);
    progress.advance(to - piece * batch);
  });
  progress.done();
  return out;
}

std::vector<Placement> PersonSearch::place(unsigned threads, Progress& progress) const {
  return place_all([this](std::uint32_t unit, Comparer::Memory& memory) { return place_one(unit, memory); }, threads, progress);
}

PlacementInputs PersonSearch::inputs(const std::vector<std::uint64_t>& unit_names, std::uint64_t basis, unsigned threads) const {
  return PlacementInputs(identities_, units_, spine_, unit_names, index_, basis, threads);
}

std::vector<Placement> PersonSearch::place(const PlacementInputs& inputs, const KeptPlacements* before, unsigned threads, Progress& progress) const {
  const bool may_take_over = before != nullptr && inputs.distinct();
  const auto take_over = [&](std::uint32_t unit, Placement& out) {
    const auto at =
        std::lower_bound(before->all.begin(), before->all.end(), out.inputs, [](const KeptPlacement& kept, std::uint64_t hash) { return kept.inputs < hash; });
    if (at == before->all.end() || at->inputs != out.inputs) return;
    const std::uint32_t person = at->person == 0 ? no_unit : inputs.person_with(at->person);
    if (person == no_unit && at->person != 0) return;
    out.unit = unit, out.person = person, out.weight = at->weight, out.may_link = at->may_link != 0, out.taken_over = true;
  };
  const auto place = [&](std::uint32_t unit, Comparer::Memory& memory) {
    Placement out;
    out.inputs = inputs.of(unit, most_identities_asked);
    if (may_take_over) take_over(unit, out);
    if (out.taken_over) return out;
    const std::uint64_t hash = out.inputs;
    out = place_one(unit, memory);
    out.inputs = hash;
    return out;
  };
  return place_all(place, threads, progress);
}

}  // namespace catchment::linkage
