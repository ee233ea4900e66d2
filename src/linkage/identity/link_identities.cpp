#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "linkage/cluster/union_find.h"
#include "linkage/identity/identities.h"
#include "linkage/identity/number_spine.h"
#include "linkage/linkage.h"
#include "linkage/normalise/nicknames.h"
#include "linkage/person/lookup_kept.h"
#include "linkage/person/persistence.h"
#include "linkage/person/person_search.h"
#include "linkage/person/persons.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t fewest_persons = 200;     // known by number, for loose identities to be held against them
constexpr std::size_t copies_compared = 4;      // of identities that say the same, where there is nobody to hold them against
constexpr double most_for_review = 0.005;       // of rows; the heaviest are kept
constexpr std::size_t always_for_review = 1000;
constexpr std::uint32_t most_carriers = 1000;   // different identities that may give one home or contact before it is said

double log2_odds_of(double p) { return std::log2(p / (1 - p)); }

// The decisions that name rows that are here, in order of time.
std::vector<SubjectDecision> decisions_here(const IdentityTable& table, const PersonRegister& previous, const Subjects& subjects) {
  std::vector<SubjectDecision> out;
  if (previous.reviews.empty()) return out;
  const auto name = [](SourceId source, std::string_view key) { return std::to_string(source.value) + ":" + std::string(key); };
  std::unordered_map<std::string, std::uint32_t> wanted;
  for (const ReviewDecision& d : previous.reviews) wanted.emplace(name(d.a.source, d.a.key), no_unit), wanted.emplace(name(d.b.source, d.b.key), no_unit);
  for (std::uint32_t subject = 0; subject < subjects.size(); ++subject) {
    const std::uint32_t row = subjects.first_row[subject];
    const auto at = wanted.find(name(table.source(row), table.key(row)));
    if (at != wanted.end()) at->second = subject;
  }
  std::vector<const ReviewDecision*> in_time;
  in_time.reserve(previous.reviews.size());
  for (const ReviewDecision& d : previous.reviews) in_time.push_back(&d);
  std::stable_sort(in_time.begin(), in_time.end(), [](const ReviewDecision* x, const ReviewDecision* y) { return x->at.utc_ms < y->at.utc_ms; });
  for (const ReviewDecision* d : in_time) {
    const std::uint32_t a = wanted[name(d->a.source, d->a.key)], b = wanted[name(d->b.source, d->b.key)];
    if (a != no_unit && b != no_unit && a != b) out.push_back({a, b, d->verdict});
  }
  return out;
}

class Linking {
 public:
  Linking(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, Progress& progress, LinkResult& result)
      : table_(table), previous_(previous), settings_(settings), progress_(progress), result_(result), threads_(std::max(1U, settings.threads)) {}

  void run();

 private:
  void join_numbers();
  void search();
  void cluster_the_rest();
  bool may_share(std::uint32_t a, std::uint32_t b);
  void read_unique_sources();
  void join(std::uint32_t a, std::uint32_t b, float weight, EdgeReason reason);
  void offer(std::uint32_t a, std::uint32_t b, float weight, PersonSearch::Story why);
  bool decided_different(std::uint32_t a, std::uint32_t b) const;
  bool undecided(std::uint32_t a, std::uint32_t b) const { return unsure_.contains({std::min(a, b), std::max(a, b)}); }
  std::vector<std::uint32_t> rows_said(std::uint32_t unit) const;
  std::size_t most_offered() const { return std::max(always_for_review, static_cast<std::size_t>(most_for_review * static_cast<double>(table_.size()))); }
  std::uint32_t row_of(std::uint32_t unit) const { return subjects_.first_row[units_.subjects[unit][0]]; }
  void write_number_edges();
  void write_findings();
  void find_silent_rows();
  void find_hubs();
  void keep_lookup();
  std::vector<std::uint32_t> rows_that_say(const std::vector<std::uint32_t>& identities) const;
  void settle_copies(const RowLinks& links, const std::vector<std::uint32_t>& unit_of_row);
  void bound_review();
  void scatter(std::uint32_t unit);
  std::vector<std::uint32_t> cluster_of_rows();
  PackedRows rows_of(const std::vector<std::uint32_t>& units, std::size_t most_copies, std::vector<std::uint32_t>& unit_of_row) const;

  const IdentityTable& table_;
  const PersonRegister& previous_;
  const LinkSettings& settings_;
  Progress& progress_;
  LinkResult& result_;
  unsigned threads_;

  std::vector<std::uint32_t> order_;
  Model model_;
  Identities identities_;
  NumberSpine spine_;
  Subjects subjects_;
  Units units_;
  std::unique_ptr<UnionFind> placed_;     // of units
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> apart_;  // unit -> units a decision keeps it apart from
  std::set<std::pair<std::uint32_t, std::uint32_t>> unsure_;             // pairs of units, the smaller first
  std::vector<std::uint8_t> has_person_;                                 // per root of placed_: a person known by number is in it
  struct Offer {
    Edge edge;
    ReviewStory story;
  };
  std::vector<Offer> offers_;
  std::vector<std::vector<std::uint16_t>> unique_;                       // per unit: sources that hold nobody twice; empty when there are none
  std::vector<std::uint8_t> scattered_;   // per unit: its subjects say too little to be one person
  std::vector<std::uint32_t> unplaced_;   // loose units without a person
  bool searched_ = false;                 // loose identities were held against persons known by number
  // Rows a blocking rule brought together with nobody, because too many share what they say.
  struct LeftOut {
    std::string rule;
    std::vector<std::uint32_t> rows;
  };
  std::vector<LeftOut> left_out_;
  std::vector<std::uint32_t> rows_left_out_of_review_;
  std::optional<LookupBasis> lookup_basis_;
};

void Linking::join_numbers() {
  progress_.step("joining by number", table_.size(), "rows");
  order_ = canonical_order(table_, threads_);
  model_ = identity_model(settings_);
  identities_ = distinct_identities(table_, previous_, settings_, model_, threads_);
  UnionFind sets(identities_.size());
  spine_ = join_by_number(identities_, sets, threads_);
  subjects_ = find_subjects(table_, order_);
  units_ = gather_units(identities_, subjects_, spine_, sets, decisions_here(table_, previous_, subjects_));
  for (std::size_t i = 0; i < identities_.size(); ++i)
    if (identities_.number[i] != 0) result_.counts.rows_with_usable_number += identities_.copies[i];
  placed_ = std::make_unique<UnionFind>(units_.size());
  scattered_.assign(units_.size(), 0);
  read_unique_sources();
  for (const auto& [a, b] : units_.apart) apart_[a].push_back(b), apart_[b].push_back(a);
  for (const auto& [a, b] : units_.unsure) unsure_.emplace(std::min(a, b), std::max(a, b));
  has_person_ = units_.person;
  for (const auto& [a, b] : units_.together) join(a, b, 0, EdgeReason::review);
  write_number_edges();
  progress_.done();
}

void Linking::read_unique_sources() {
  std::unordered_map<std::int32_t, std::uint16_t> unique;
  for (const SourceRules& source : settings_.sources)
    if (source.one_row_per_person) unique.emplace(source.source.value, static_cast<std::uint16_t>(unique.size() + 1));
  if (unique.empty()) return;
  unique_.resize(units_.size());
  for (std::uint32_t subject = 0; subject < subjects_.size(); ++subject) {
    const auto at = unique.find(table_.source(subjects_.first_row[subject]).value);
    if (at != unique.end()) unique_[units_.of_subject[subject]].push_back(at->second);
  }
}

// Whether two groups may be one person: no decision against it, nobody twice in a source that holds nobody twice.
bool Linking::may_share(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t x = placed_->root(a), y = placed_->root(b);
  for (const std::uint32_t unit : {a, b}) {
    const auto at = apart_.find(unit);
    if (at == apart_.end()) continue;
    for (const std::uint32_t other : at->second)
      if (placed_->root(other) == (unit == a ? y : x)) return false;
  }
  if (unique_.empty() || x == y) return true;
  return std::find_first_of(unique_[x].begin(), unique_[x].end(), unique_[y].begin(), unique_[y].end()) == unique_[x].end();
}

void Linking::join(std::uint32_t a, std::uint32_t b, float weight, EdgeReason reason) {
  const std::uint32_t x = placed_->root(a), y = placed_->root(b);
  placed_->join(a, b);
  has_person_[placed_->root(a)] = has_person_[x] | has_person_[y];
  if (!unique_.empty() && x != y) {
    const std::uint32_t into = placed_->root(a), from = into == x ? y : x;
    unique_[into].insert(unique_[into].end(), unique_[from].begin(), unique_[from].end());
  }
  const std::uint32_t r = row_of(a), s = row_of(b);
  result_.edges.push_back({std::min(r, s), std::max(r, s), weight, reason});
}

// Of a loose unit, a row of each subject: they say the same, so that one decision is about all. Of a person, one row.
std::vector<std::uint32_t> Linking::rows_said(std::uint32_t unit) const {
  if (units_.person[unit]) return {row_of(unit)};
  std::vector<std::uint32_t> out;
  for (const std::uint32_t subject : units_.subjects[unit]) out.push_back(subjects_.first_row[subject]);
  return out;
}

bool Linking::decided_different(std::uint32_t a, std::uint32_t b) const {
  const auto at = apart_.find(a);
  return at != apart_.end() && std::find(at->second.begin(), at->second.end(), b) != at->second.end() && !undecided(a, b);
}

void Linking::offer(std::uint32_t a, std::uint32_t b, float weight, PersonSearch::Story why) {
  if (row_of(b) < row_of(a)) std::swap(a, b);
  Offer& one = offers_.emplace_back();
  one.edge = {row_of(a), row_of(b), weight, EdgeReason::likeness};
  one.story = {rows_said(a), rows_said(b), std::move(why.parts), why.held_back.empty() ? "not-certain-enough" : std::move(why.held_back), undecided(a, b)};
}

// The first row of each further subject to the first subject's, and of each row sent again to the one before.
void Linking::write_number_edges() {
  for (std::uint32_t row = 0; row < table_.size(); ++row) {
    const std::uint32_t subject = subjects_.of_row[row], first = subjects_.first_row[subject];
    if (row != first) {
      result_.edges.push_back({std::min(row, first), std::max(row, first), 0, EdgeReason::same_row});
      continue;
    }
    const std::uint32_t unit = units_.of_subject[subject], head = row_of(unit);
    if (head != row && units_.person[unit]) result_.edges.push_back({std::min(row, head), std::max(row, head), 0, EdgeReason::number_and_demographics});
  }
}

// Rows that say too little to be told from another person who says the same: each stands alone.
void Linking::scatter(std::uint32_t unit) {
  if (units_.subjects[unit].size() > 1) scattered_[unit] = 1;
  for (const std::uint32_t identity : units_.identities[unit])
    result_.counts.unlinkable_rows += units_.identities[unit].size() == 1 ? identities_.copies[identity] : 1;
}

void Linking::search() {
  const PersonSearch finding(identities_, units_, spine_, model_, threads_, progress_);
  std::vector<Placement> found = finding.place(threads_, progress_);
  std::sort(found.begin(), found.end(), [](const Placement& a, const Placement& b) { return a.weight != b.weight ? a.weight > b.weight : a.unit < b.unit; });
  const double link = log2_odds_of(model_.link_threshold), review = log2_odds_of(model_.review_threshold);
  Comparer::Memory memory(finding.comparer().size());
  for (const Placement& p : found) {
    result_.counts.pairs_compared += p.compared;
    if (has_person_[placed_->root(p.unit)]) continue;  // somebody said who this is
    if (p.person != no_unit && p.may_link && p.weight >= link && may_share(p.unit, p.person)) {
      for (const std::uint32_t subject : units_.subjects[p.unit]) {
        const std::uint32_t row = subjects_.first_row[subject], head = row_of(p.person);
        if (subject != units_.subjects[p.unit][0]) result_.edges.push_back({std::min(row, head), std::max(row, head), p.weight, EdgeReason::likeness});
      }
      join(p.person, p.unit, p.weight, EdgeReason::likeness);
      continue;
    }
    if (p.person != no_unit && p.weight >= review && !decided_different(p.unit, p.person))
      offer(p.unit, p.person, p.weight, offers_.size() < most_offered() ? finding.explain(p, memory) : PersonSearch::Story{});
    double most = -1000;
    for (const std::uint32_t identity : units_.identities[p.unit]) most = std::max(most, finding.of_itself(identity, memory));
    if (most < link) scatter(p.unit);
    else unplaced_.push_back(p.unit);
  }
  std::sort(unplaced_.begin(), unplaced_.end());
  for (const RuleReport& report : finding.blocking())
    if (report.dropped_rows != 0) left_out_.push_back({report.rule, rows_that_say(report.left_out)});
  searched_ = true;
  if (settings_.keep_lookup) lookup_basis_ = LookupBasis{write_trained(model_), finding.counts(), previous_.superseded_numbers, {}};
}

PackedRows Linking::rows_of(const std::vector<std::uint32_t>& units, std::size_t most_copies, std::vector<std::uint32_t>& unit_of_row) const {
  PackedRows out;
  out.fields = identities_.rows.fields;
  out.dictionaries = identities_.rows.dictionaries;
  out.source_names = {"any"};
  for (const std::uint32_t unit : units)
    for (const std::uint32_t identity : units_.identities[unit]) {
      if (identity == 0) continue;
      const bool repeated = !units_.person[unit] && units_.identities[unit].size() == 1;
      for (std::size_t copy = 0; copy < (repeated ? std::min(most_copies, units_.subjects[unit].size()) : 1); ++copy) {
        const TextId* cells = identities_.rows.row(identity);
        out.cells.insert(out.cells.end(), cells, cells + identity_fields);
        out.source.push_back(unique_.empty() || unique_[unit].empty() ? std::uint16_t{0} : unique_[unit][std::min(copy, unique_[unit].size() - 1)]);
        out.input_row.push_back(static_cast<std::uint32_t>(unit_of_row.size()));
        unit_of_row.push_back(unit);
      }
    }
  if (!unique_.empty())
    for (std::size_t i = 1; i <= settings_.sources.size(); ++i) out.source_names.push_back(std::to_string(i));
  return out;
}

// Identities that found nobody, among themselves.
void Linking::cluster_the_rest() {
  std::vector<std::uint32_t> unit_of_row;
  PackedRows rows = rows_of(unplaced_, searched_ ? 1 : copies_compared, unit_of_row);
  if (unit_of_row.size() < 2) return;
  const TwoNames two_names(identities_, model_);
  const std::vector<TextId> cells = rows.cells;
  const Dictionary& texts_of_births = identities_.rows.texts(id_birth);
  const auto said = [&cells](std::uint32_t row, IdentityField field) { return cells[static_cast<std::size_t>(row) * identity_fields + field]; };
  // Nobody known by number tells twins of like names from one person misspelt: Dena and Deno, born one day in one house.
  const auto may_be_twins = [&](std::uint32_t x, std::uint32_t y) {
    const auto same = [&](IdentityField field) { return said(x, field) != 0 && said(x, field) == said(y, field); };
    return same(id_birth) && same(id_family) && (same(id_postcode) || same(id_address)) && !two_names.forms_of_one(said(x, id_given), said(y, id_given));
  };
  const auto numbers_apart = [&](std::uint32_t a, std::uint32_t b) {
    if (units_.alone[a] || units_.alone[b]) return true;
    std::uint64_t x = 0, y = 0;
    for (const std::uint32_t i : units_.identities[a])
      if (!spine_.disputed[i] && identities_.number[i] != 0) x = identities_.number[i];
    for (const std::uint32_t i : units_.identities[b])
      if (!spine_.disputed[i] && identities_.number[i] != 0) y = identities_.number[i];
    if (x != 0 && y != 0) return x != y;
    for (const std::uint32_t i : units_.identities[a])
      if (spine_.disputed[i] && identities_.number[i] == y) return true;
    for (const std::uint32_t i : units_.identities[b])
      if (spine_.disputed[i] && identities_.number[i] == x) return true;
    return false;
  };
  RowRules rules;
  for (std::uint32_t r = 1; r < unit_of_row.size(); ++r)
    if (unit_of_row[r] == unit_of_row[r - 1] && (units_.person[unit_of_row[r]] || units_.identities[unit_of_row[r]].size() > 1))
      rules.together.emplace_back(r - 1, r);
  std::unordered_map<std::uint32_t, std::uint32_t> first;
  for (std::uint32_t r = 0; r < unit_of_row.size(); ++r)
    if (const auto [at, fresh] = first.emplace(placed_->root(unit_of_row[r]), r); !fresh && unit_of_row[r] != unit_of_row[at->second])
      rules.together.emplace_back(at->second, r);
  rules.apart = [&](std::uint32_t x, std::uint32_t y) {
    const std::uint32_t a = unit_of_row[x], b = unit_of_row[y];
    const TextId given = said(x, id_given), other = said(y, id_given);
    if (given == 0 || other == 0) return true;  // a twin cannot be told from oneself
    if (a != b && births_contradict(texts_of_births.text(said(x, id_birth)), texts_of_births.text(said(y, id_birth)))) return true;
    return a != b && (numbers_apart(a, b) || two_names.are(given, other) || may_be_twins(x, y) || !may_share(a, b));
  };
  Model model = model_;
  for (std::size_t i = 1; !unique_.empty() && i <= settings_.sources.size(); ++i) model.unique_sources.push_back(std::to_string(i));
  if (unit_of_row.size() <= 3000) model.blocking = {{}};
  const RowLinks links = link_packed(std::move(rows), model, threads_, progress_, rules);
  result_.counts.pairs_compared += links.compared;
  for (const RuleReport& report : links.blocking) {
    if (report.dropped_rows == 0) continue;
    std::vector<std::uint8_t> wanted(units_.size(), 0);
    for (const std::uint32_t place : report.left_out) wanted[unit_of_row[links.rows.input_row[place]]] = 1;
    LeftOut& out = left_out_.emplace_back(report.rule);
    for (std::uint32_t row = 0; row < table_.size(); ++row)
      if (wanted[units_.of_subject[subjects_.of_row[row]]]) out.rows.push_back(row);
  }
  for (const ScoredPair& p : links.joined)
    if (unit_of_row[p.a] != unit_of_row[p.b]) join(unit_of_row[p.a], unit_of_row[p.b], p.weight, EdgeReason::likeness);
  const double link = log2_odds_of(model.link_threshold);
  std::unique_ptr<Explainer> explainer;
  const std::size_t before = offers_.size();
  for (const ScoredPair& p : links.pairs) {
    const std::uint32_t a = unit_of_row[p.a], b = unit_of_row[p.b];
    if (placed_->root(a) == placed_->root(b) || numbers_apart(a, b) || !(may_share(a, b) || undecided(a, b))) continue;
    PersonSearch::Story why;
    if (offers_.size() - before < most_offered()) {
      if (!explainer) explainer = std::make_unique<Explainer>(links, model);
      why.parts = explainer->pair(p.a, p.b).parts;
      const TextId given = said(p.a, id_given), other = said(p.b, id_given);
      if (given == 0 || other == 0) why.held_back = "no-given-name";
      else if (births_contradict(texts_of_births.text(said(p.a, id_birth)), texts_of_births.text(said(p.b, id_birth)))) why.held_back = "births-contradict";
      else if (two_names.are(given, other)) why.held_back = "two-given-names";
      else if (may_be_twins(p.a, p.b)) why.held_back = "may-be-twins";
      else if (p.weight >= link) why.held_back = "groups-disagree";
    }
    offer(a, b, p.weight, std::move(why));
  }
  settle_copies(links, unit_of_row);
}

// Subjects that say the same are one person where saying it was evidence enough.
void Linking::settle_copies(const RowLinks& links, const std::vector<std::uint32_t>& unit_of_row) {
  std::vector<std::uint32_t> cluster(unit_of_row.size());
  for (std::size_t place = 0; place < unit_of_row.size(); ++place) cluster[links.rows.input_row[place]] = links.cluster[place];
  for (std::uint32_t r = 0; r < unit_of_row.size();) {
    const std::uint32_t unit = unit_of_row[r], from = r;
    bool parted = false;
    for (; r < unit_of_row.size() && unit_of_row[r] == unit; ++r) parted = parted || cluster[r] != cluster[from];
    if (units_.person[unit] || units_.subjects[unit].size() < 2) continue;
    if (parted) {
      scatter(unit);
      continue;
    }
    for (const std::uint32_t subject : units_.subjects[unit]) {
      const std::uint32_t row = subjects_.first_row[subject], head = row_of(unit);
      if (row != head) result_.edges.push_back({std::min(row, head), std::max(row, head), 0, EdgeReason::likeness});
    }
  }
}

// Reviewers are few: the pairs most likely to be one person are kept, the rest counted.
void Linking::bound_review() {
  std::vector<std::uint32_t> place(table_.size());
  for (std::uint32_t p = 0; p < order_.size(); ++p) place[order_[p]] = p;
  const auto root_of = [&](std::uint32_t row) { return placed_->root(units_.of_subject[subjects_.of_row[row]]); };
  std::erase_if(offers_, [&](const Offer& offer) { return root_of(offer.edge.a) == root_of(offer.edge.b); });  // joined after all
  std::sort(offers_.begin(), offers_.end(), [&](const Offer& x, const Offer& y) {
    if (x.edge.weight != y.edge.weight) return x.edge.weight > y.edge.weight;
    return std::minmax(place[x.edge.a], place[x.edge.b]) < std::minmax(place[y.edge.a], place[y.edge.b]);
  });
  const std::size_t kept = std::min(most_offered(), offers_.size());
  result_.review_left_out = offers_.size() - kept;
  for (std::size_t i = 0; i < offers_.size(); ++i) {
    const Edge& pair = offers_[i].edge;
    if (i < kept) {
      result_.review.push_back(pair);
      result_.stories.push_back(std::move(offers_[i].story));
    } else {
      for (const std::uint32_t row : {pair.a, pair.b}) rows_left_out_of_review_.push_back(row);
    }
  }
  std::sort(rows_left_out_of_review_.begin(), rows_left_out_of_review_.end());
  rows_left_out_of_review_.erase(std::unique(rows_left_out_of_review_.begin(), rows_left_out_of_review_.end()), rows_left_out_of_review_.end());
}

std::vector<std::uint32_t> Linking::rows_that_say(const std::vector<std::uint32_t>& identities) const {
  std::vector<std::uint8_t> wanted(identities_.size(), 0);
  for (const std::uint32_t identity : identities) wanted[identity] = 1;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table_.size(); ++row)
    if (wanted[identities_.of_row[row]]) rows.push_back(row);
  return rows;
}

void Linking::write_findings() {
  const auto find = [&](std::string rule, const std::string& message, std::vector<std::uint32_t> rows) {
    std::string counted = std::to_string(rows.size()) + " " + message;
    result_.findings.push_back({std::move(rule), std::move(counted), std::move(rows)});
  };
  if (!spine_.contradicted.empty())
    find(
        "nhs-number-shared-by-different-people",
        "rows carry one NHS number but name and date of birth contradict it; those in the minority are not joined by that number: ask the source to trace them",
        rows_that_say(spine_.contradicted));
  if (!spine_.widely_shared.empty())
    find("nhs-number-used-by-very-many-rows",
         "rows hold an NHS number that stands on very many rows; where they name hundreds of different people it joins nobody: ask the source whether it is a "
         "default",
         rows_that_say(spine_.widely_shared));
  if (!left_out_.empty()) {
    std::string by_rule;
    std::vector<std::uint8_t> left(table_.size(), 0);
    for (const LeftOut& one : left_out_) {
      by_rule += (by_rule.empty() ? "" : ", ") + one.rule + " (" + std::to_string(one.rows.size()) + ")";
      for (const std::uint32_t row : one.rows) left[row] = 1;
    }
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < left.size(); ++row)
      if (left[row] != 0) rows.push_back(row);
    find("value-shared-by-too-many-rows",
         "rows hold values that very many rows share (a placeholder, a hostel, a default): they are joined by other fields only; left out by " + by_rule,
         std::move(rows));
  }
  if (result_.review_left_out != 0)
    find("review-queue-full", "rows stand in " + std::to_string(result_.review_left_out) + " pairs that were left out of review, less likely than those kept",
         std::move(rows_left_out_of_review_));
  find_silent_rows();
  find_hubs();
}

// A home or contact that very many people give as theirs: a hostel, a hospital, a default. It costs nothing and says little.
void Linking::find_hubs() {
  std::vector<std::uint8_t> hub(identities_.size(), 0);
  std::string by_field;
  for (const IdentityField field : {id_postcode, id_address, id_telephone, id_email}) {
    std::vector<std::uint32_t> carriers(identities_.rows.texts(field).size(), 0);
    for (std::size_t identity = 0; identity < identities_.size(); ++identity) ++carriers[identities_.rows.cell(identity, field)];
    std::size_t values = 0;
    for (std::size_t value = 1; value < carriers.size(); ++value) values += carriers[value] > most_carriers;
    if (values == 0) continue;
    by_field += (by_field.empty() ? "" : ", ") + identities_.rows.fields[field].name + " (" + std::to_string(values) + ")";
    for (std::size_t identity = 0; identity < identities_.size(); ++identity)
      if (const TextId value = identities_.rows.cell(identity, field); value != 0 && carriers[value] > most_carriers) hub[identity] = 1;
  }
  if (by_field.empty()) return;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table_.size(); ++row)
    if (hub[identities_.of_row[row]] != 0) rows.push_back(row);
  result_.findings.push_back({"home-or-contact-of-very-many",
                              std::to_string(rows.size()) + " rows give a home or contact that more than " + std::to_string(most_carriers) +
                                  " different identities give (a hostel, a hospital, a default), by field: " + by_field +
                                  "; ask the source whether it is theirs",
                              std::move(rows)});
}

// Rows that hold no number, and nothing else once placeholders and symbols are dropped. A source of pseudonyms has
// nothing to say in any of its rows: that is no fault.
void Linking::find_silent_rows() {
  std::unordered_set<std::int32_t> speaking;
  for (std::uint32_t row = 0; row < table_.size(); ++row)
    if (identities_.of_row[row] != 0) speaking.insert(table_.source(row).value);
  std::vector<std::uint32_t> rows;
  std::size_t blank = 0;
  for (std::uint32_t row = 0; row < table_.size(); ++row) {
    if (identities_.of_row[row] != 0 || !speaking.contains(table_.source(row).value)) continue;
    rows.push_back(row);
    bool says = false;
    for (std::uint8_t column = 0; column < IdentityTable::columns; ++column) says = says || table_.cell(static_cast<IdentityTable::Column>(column), row) != 0;
    blank += says ? 0 : 1;
  }
  if (rows.empty()) return;
  result_.findings.push_back({"row-names-nobody",
                              std::to_string(rows.size()) + " rows say nothing by which anybody could be told (" + std::to_string(blank) +
                                  " with every field empty, the others with placeholders, symbols or the place of an incident): each stands alone; "
                                  "ask the source for names, dates of birth and numbers",
                              std::move(rows)});
}

std::vector<std::uint32_t> Linking::cluster_of_rows() {
  std::vector<std::uint32_t> out(table_.size());
  for (std::uint32_t row = 0; row < table_.size(); ++row) {
    const std::uint32_t subject = subjects_.of_row[row], unit = units_.of_subject[subject];
    out[row] = scattered_[unit] ? static_cast<std::uint32_t>(units_.size()) + subject : placed_->root(unit);
  }
  return out;
}

void Linking::run() {
  result_.counts.rows = table_.size();
  join_numbers();
  std::size_t persons = 0;
  for (std::uint32_t unit = 0; unit < units_.size(); ++unit) persons += units_.person[unit] && !units_.alone[unit];
  const bool many = persons >= fewest_persons;
  if (settings_.by_likeness && many) search();
  for (std::uint32_t unit = 0; unit < units_.size() && !many; ++unit) {
    if (settings_.by_likeness) unplaced_.push_back(unit);
    else if (!units_.person[unit]) scatter(unit);
  }
  if (settings_.by_likeness) cluster_the_rest();
  bound_review();
  write_findings();
  keep_identities(table_, previous_, settings_, order_, cluster_of_rows(), result_);
  if (lookup_basis_) keep_lookup();
}

// Rows that say too little to be told from a namesake are nobody's to find.
void Linking::keep_lookup() {
  progress_.step("keeping what lookups need", 0, "");
  std::vector<PersonSays> said;
  for (std::uint32_t row = 0; row < table_.size(); ++row) {
    const std::uint32_t unit = units_.of_subject[subjects_.of_row[row]];
    if (identities_.of_row[row] == 0 || scattered_[unit]) continue;
    said.push_back({result_.person[row], identities_.of_row[row], units_.alone[unit] != 0, result_.restricted[row] != 0});
  }
  result_.lookup = keep_for_lookup(identities_, spine_, model_, std::move(said), std::move(*lookup_basis_), threads_);
  progress_.done();
}

}  // namespace

std::string_view to_string(EdgeReason reason) {
  switch (reason) {
    case EdgeReason::number_and_demographics: return "number-and-demographics";
    case EdgeReason::likeness: return "likeness";
    case EdgeReason::review: return "review";
    case EdgeReason::same_row: return "same-row";
  }
  return "likeness";
}

LinkResult link_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, Progress& progress) {
  LinkResult result;
  Linking(table, previous, settings, progress, result).run();
  return result;
}

}  // namespace catchment::linkage
