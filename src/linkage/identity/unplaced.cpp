#include "linkage/identity/unplaced.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_map>

namespace catchment::linkage {
namespace {

constexpr std::size_t few_rows = 3000;  // all are compared with all

double log2_odds_of(double p) { return std::log2(p / (1 - p)); }

}  // namespace

Unplaced::Unplaced(const KnownRows& known, JoinedUnits& joined, ReviewOffers& offers, const TwoNames& two_names, LinkResult& result, Progress& progress)
    : known_(known), joined_(joined), offers_(offers), two_names_(two_names), result_(result), progress_(progress) {}

PackedRows Unplaced::rows_of(const std::vector<std::uint32_t>& units, std::size_t most_copies) {
  const Identities& identities = known_.identities;
  PackedRows out;
  out.fields = identities.rows.fields;
  out.source_names = {"any"};
  for (const std::uint32_t unit : units)
    for (const std::uint32_t identity : known_.units.identities[unit]) {
      if (identity == 0) continue;
      const bool repeated = !known_.units.person[unit] && known_.units.identities[unit].size() == 1;
      for (std::size_t copy = 0; copy < (repeated ? std::min(most_copies, known_.units.subjects[unit].size()) : 1); ++copy) {
        const TextId* cells = identities.rows.row(identity);
        out.cells.insert(out.cells.end(), cells, cells + identity_fields);
        std::uint16_t source = 0;
        if (joined_.unique_sources() && !joined_.unique_sources_of(unit).empty()) {
          const std::vector<std::uint16_t>& unique = joined_.unique_sources_of(unit);
          source = unique[std::min(copy, unique.size() - 1)];
        }
        out.source.push_back(source);
        out.input_row.push_back(static_cast<std::uint32_t>(unit_of_row_.size()));
        unit_of_row_.push_back(unit);
      }
    }
  if (joined_.unique_sources())
    for (std::size_t i = 1; i <= known_.settings.sources.size(); ++i) out.source_names.push_back(std::to_string(i));
  return out;
}

// Nobody known by number tells twins of like names from one person misspelt: Dena and Deno, born one day in one house.
bool Unplaced::may_be_twins(std::uint32_t x, std::uint32_t y) const {
  const auto same = [&](IdentityField field) { return said(x, field) != 0 && said(x, field) == said(y, field); };
  return same(id_birth) && same(id_family) && (same(id_postcode) || same(id_address)) && !two_names_.forms_of_one(said(x, id_given), said(y, id_given));
}

bool Unplaced::numbers_apart(std::uint32_t a, std::uint32_t b) const {
  const Units& units = known_.units;
  const std::vector<std::uint64_t>& number = known_.identities.number;
  const std::vector<std::uint8_t>& disputed = known_.spine.disputed;
  if (units.alone[a] || units.alone[b]) return true;
  const auto held_by = [&](std::uint32_t unit) {
    std::uint64_t held = 0;
    for (const std::uint32_t i : units.identities[unit])
      if (!disputed[i] && number[i] != 0) held = number[i];
    return held;
  };
  const std::uint64_t x = held_by(a), y = held_by(b);
  if (x != 0 && y != 0) return x != y;
  const auto disputes = [&](std::uint32_t unit, std::uint64_t other) {
    const auto all = units.identities[unit];
    return std::any_of(all.begin(), all.end(), [&](std::uint32_t i) { return disputed[i] && number[i] == other; });
  };
  return disputes(a, y) || disputes(b, x);
}

bool Unplaced::apart(std::uint32_t x, std::uint32_t y) {
  const std::uint32_t a = unit_of_row_[x], b = unit_of_row_[y];
  const TextId given = said(x, id_given), other = said(y, id_given);
  if (given == 0 || other == 0) return true;  // a twin cannot be told from oneself
  if (a == b) return false;
  return births_contradict(birth(x), birth(y)) || numbers_apart(a, b) || two_names_.are(given, other) || may_be_twins(x, y) || !joined_.may_share(a, b);
}

// Rows of one unit, and of units that are one person already.
std::vector<std::pair<std::uint32_t, std::uint32_t>> Unplaced::rows_together() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  for (std::uint32_t r = 1; r < unit_of_row_.size(); ++r)
    if (unit_of_row_[r] == unit_of_row_[r - 1] && (known_.units.person[unit_of_row_[r]] || known_.units.identities[unit_of_row_[r]].size() > 1))
      out.emplace_back(r - 1, r);
  std::unordered_map<std::uint32_t, std::uint32_t> first;
  for (std::uint32_t r = 0; r < unit_of_row_.size(); ++r)
    if (const auto [at, fresh] = first.emplace(joined_.root(unit_of_row_[r]), r); !fresh && unit_of_row_[r] != unit_of_row_[at->second])
      out.emplace_back(at->second, r);
  return out;
}

void Unplaced::link(const std::vector<std::uint32_t>& units, std::size_t copies, std::vector<LeftOut>& left_out) {
  PackedRows rows = rows_of(units, copies);
  if (unit_of_row_.size() < 2) return;
  cells_ = rows.cells;
  keep_values_held(rows, known_.identities.rows.dictionaries);
  RowRules rules;
  rules.together = rows_together();
  rules.apart = [this](std::uint32_t x, std::uint32_t y) { return apart(x, y); };
  Model model = known_.model;
  for (std::size_t i = 1; joined_.unique_sources() && i <= known_.settings.sources.size(); ++i) model.unique_sources.push_back(std::to_string(i));
  if (unit_of_row_.size() <= few_rows) model.blocking = {{}};
  const RowLinks links = link_packed(std::move(rows), model, known_.threads, progress_, rules);
  result_.counts.pairs_compared += links.compared;
  tell_left_out(links, left_out);
  for (const ScoredPair& p : links.joined)
    if (unit_of_row_[p.a] != unit_of_row_[p.b]) joined_.join(unit_of_row_[p.a], unit_of_row_[p.b], p.weight, EdgeReason::likeness);
  offer_pairs(links, model);
  settle_copies(links);
}

void Unplaced::tell_left_out(const RowLinks& links, std::vector<LeftOut>& left_out) const {
  for (const RuleReport& report : links.blocking) {
    if (report.dropped_rows == 0) continue;
    std::vector<std::uint8_t> wanted(known_.units.size(), 0);
    for (const std::uint32_t place : report.left_out) wanted[unit_of_row_[links.rows.input_row[place]]] = 1;
    LeftOut& out = left_out.emplace_back(report.rule);
    for (std::uint32_t row = 0; row < known_.table.size(); ++row)
      if (wanted[known_.units.of_subject[known_.subjects.of_row[row]]]) out.rows.push_back(row);
  }
}

void Unplaced::offer_pairs(const RowLinks& links, const Model& model) {
  const double link = log2_odds_of(model.link_threshold);
  std::unique_ptr<Explainer> explainer;
  const std::size_t before = offers_.size();
  for (const ScoredPair& p : links.pairs) {
    const std::uint32_t a = unit_of_row_[p.a], b = unit_of_row_[p.b];
    if (joined_.root(a) == joined_.root(b) || numbers_apart(a, b) || !(joined_.may_share(a, b) || joined_.undecided(a, b))) continue;
    PersonSearch::Story why;
    if (offers_.size() - before < offers_.most()) {
      if (!explainer) explainer = std::make_unique<Explainer>(links, model);
      why.parts = explainer->pair(p.a, p.b).parts;
      const TextId given = said(p.a, id_given), other = said(p.b, id_given);
      if (given == 0 || other == 0) why.held_back = "no-given-name";
      else if (births_contradict(birth(p.a), birth(p.b))) why.held_back = "births-contradict";
      else if (two_names_.are(given, other)) why.held_back = "two-given-names";
      else if (may_be_twins(p.a, p.b)) why.held_back = "may-be-twins";
      else if (p.weight >= link) why.held_back = "groups-disagree";
    }
    offers_.offer(a, b, p.weight, std::move(why));
  }
}

// Subjects that say the same are one person where saying it was evidence enough.
void Unplaced::settle_copies(const RowLinks& links) {
  std::vector<std::uint32_t> cluster(unit_of_row_.size());
  for (std::size_t place = 0; place < unit_of_row_.size(); ++place) cluster[links.rows.input_row[place]] = links.cluster[place];
  for (std::uint32_t r = 0; r < unit_of_row_.size();) {
    const std::uint32_t unit = unit_of_row_[r], from = r;
    bool parted = false;
    for (; r < unit_of_row_.size() && unit_of_row_[r] == unit; ++r) parted = parted || cluster[r] != cluster[from];
    if (known_.units.person[unit] || known_.units.subjects[unit].size() < 2) continue;
    if (parted) {
      joined_.scatter(unit);
      continue;
    }
    for (const std::uint32_t subject : known_.units.subjects[unit]) {
      const std::uint32_t row = known_.subjects.first_row[subject], head = known_.row_of(unit);
      if (row != head) joined_.add_edge(row, head, 0, EdgeReason::likeness);
    }
  }
}

}  // namespace catchment::linkage
