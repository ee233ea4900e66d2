#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "linkage/compare/parallel.h"
#include "linkage/identity/joined_units.h"
#include "linkage/identity/known_rows.h"
#include "linkage/identity/link_findings.h"
#include "linkage/identity/review_offers.h"
#include "linkage/identity/two_names.h"
#include "linkage/identity/unplaced.h"
#include "linkage/linkage.h"
#include "linkage/person/lookup_kept.h"
#include "linkage/person/persistence.h"
#include "linkage/person/person_search.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t fewest_persons = 200;  // known by number, for loose identities to be held against them
constexpr std::size_t copies_compared = 4;   // of identities that say the same, where there is nobody to hold them against

double log2_odds_of(double p) { return std::log2(p / (1 - p)); }

class Linking {
 public:
  Linking(KnownRows& known, LinkResult& result, Progress& progress)
      : known_(known), result_(result), progress_(progress), joined_(known, result), offers_(known, joined_) {}

  void run();

 private:
  bool many_persons() const;
  void search();
  std::unique_ptr<PersonSearch> make_search();
  std::vector<Placement> place_all(const PersonSearch& finding);
  void settle(const Placement& placement, const PersonSearch& finding, Comparer::Memory& memory);
  void keep_lookup();

  KnownRows& known_;
  LinkResult& result_;
  Progress& progress_;
  JoinedUnits joined_;
  ReviewOffers offers_;
  std::vector<std::uint32_t> unplaced_;  // loose units without a person
  bool searched_ = false;                // loose identities were held against persons known by number
  std::vector<LeftOut> left_out_;
  const LinkBasis* basis_ = nullptr;     // what was weighed by: given, or found here; none where too few people are known
};

bool Linking::many_persons() const {
  std::size_t persons = 0;
  for (std::uint32_t unit = 0; unit < known_.units.size(); ++unit) persons += known_.units.person[unit] && !known_.units.alone[unit];
  return persons >= fewest_persons;
}

// Weighs by the basis that was given, or trains and gives one back.
std::unique_ptr<PersonSearch> Linking::make_search() {
  Diagnostics faults;
  const LinkBasis* given = known_.settings.basis;
  if (given != nullptr && read_trained(given->trained, "the kept link weights", known_.model, faults)) {
    basis_ = given;
    const Model& model = known_.model;
    return std::make_unique<PersonSearch>(known_.identities, known_.units, known_.spine, model, given->counts, known_.threads);
  }
  auto out = std::make_unique<PersonSearch>(known_.identities, known_.units, known_.spine, known_.model, known_.threads, progress_);
  result_.trained = LinkBasis{write_trained(known_.model), out->counts()};
  basis_ = &*result_.trained;
  return out;
}

std::vector<Placement> Linking::place_all(const PersonSearch& finding) {
  if (!known_.settings.keep_placements) return finding.place(known_.threads, progress_);
  const PlacementInputs inputs = finding.inputs(known_.names_of_units(), basis_hash(*basis_), known_.threads);
  std::vector<Placement> found = finding.place(inputs, known_.settings.placements, known_.threads, progress_);
  std::vector<KeptPlacement>& kept = result_.placements.emplace().all;
  kept.reserve(found.size());
  for (const Placement& p : found) kept.push_back({p.inputs, inputs.of_person(p.person), p.weight, p.may_link ? 1U : 0U});
  std::sort(kept.begin(), kept.end(), [](const KeptPlacement& x, const KeptPlacement& y) { return x.inputs < y.inputs; });
  kept.erase(std::unique(kept.begin(), kept.end(), [](const KeptPlacement& x, const KeptPlacement& y) { return x.inputs == y.inputs; }), kept.end());
  return found;
}

void Linking::search() {
  const std::unique_ptr<PersonSearch> made = make_search();
  const PersonSearch& finding = *made;
  std::vector<Placement> found = place_all(finding);
  result_.counts.loose = found.size();
  sort_shared(found, known_.threads, [](const Placement& a, const Placement& b) { return a.weight != b.weight ? a.weight > b.weight : a.unit < b.unit; });
  Comparer::Memory memory(finding.comparer().size());
  for (const Placement& placement : found) settle(placement, finding, memory);
  std::sort(unplaced_.begin(), unplaced_.end());
  for (const PersonIndex::LeftOut& out : finding.left_out())
    if (!out.identities.empty()) left_out_.push_back({out.rule, known_.rows_that_say(out.identities)});
  searched_ = true;
}

// The likeliest first, so that who comes later to a source that holds nobody twice finds the place taken.
void Linking::settle(const Placement& p, const PersonSearch& finding, Comparer::Memory& memory) {
  const double link = log2_odds_of(known_.model.link_threshold), review = log2_odds_of(known_.model.review_threshold);
  const Units& units = known_.units;
  result_.counts.pairs_compared += p.compared, result_.counts.taken_over += p.taken_over ? 1 : 0;
  if (joined_.has_person(p.unit)) return;  // somebody said who this is
  if (p.person != no_unit && p.may_link && p.weight >= link && joined_.may_share(p.unit, p.person)) {
    for (const std::uint32_t subject : units.subjects[p.unit])
      if (subject != units.subjects[p.unit][0]) joined_.add_edge(known_.subjects.first_row[subject], known_.row_of(p.person), p.weight, EdgeReason::likeness);
    joined_.join(p.person, p.unit, p.weight, EdgeReason::likeness);
    return;
  }
  if (p.person != no_unit && p.weight >= review && !joined_.decided_different(p.unit, p.person))
    offers_.offer(p.unit, p.person, p.weight, offers_.size() < offers_.most() ? finding.explain(p, memory) : PersonSearch::Story{});
  double most = -1000;
  for (const std::uint32_t identity : units.identities[p.unit]) most = std::max(most, finding.of_itself(identity, memory));
  if (most < link) joined_.scatter(p.unit);
  else unplaced_.push_back(p.unit);
}

void Linking::run() {
  const LinkSettings& settings = known_.settings;
  result_.counts.rows = known_.table.size();
  for (std::size_t i = 0; i < known_.identities.size(); ++i)
    if (known_.identities.number[i] != 0) result_.counts.rows_with_usable_number += known_.identities.copies[i];
  const bool many = many_persons();
  if (settings.by_likeness && many) search();
  for (std::uint32_t unit = 0; unit < known_.units.size() && !many; ++unit) {
    if (settings.by_likeness) unplaced_.push_back(unit);
    else if (!known_.units.person[unit]) joined_.scatter(unit);
  }
  if (settings.by_likeness) {
    const TwoNames two_names =
        basis_ != nullptr ? TwoNames(known_.identities, known_.model, basis_->counts.given_names) : TwoNames(known_.identities, known_.model);
    Unplaced(known_, joined_, offers_, two_names, result_, progress_).link(unplaced_, searched_ ? 1 : copies_compared, left_out_);
  }
  std::vector<std::uint32_t> left_out_of_review = offers_.keep_likeliest(result_);
  write_findings(known_, left_out_, std::move(left_out_of_review), result_);
  keep_identities(known_.table, known_.previous, settings, known_.order, joined_.cluster_of_rows(), result_);
  if (settings.keep_lookup && basis_ != nullptr) keep_lookup();
}

// Rows that say too little to be told from a namesake are nobody's to find.
void Linking::keep_lookup() {
  progress_.step("keeping what lookups need", 0, "");
  std::vector<PersonSays> said;
  for (std::uint32_t row = 0; row < known_.table.size(); ++row) {
    const std::uint32_t unit = known_.units.of_subject[known_.subjects.of_row[row]], identity = known_.identities.of_row[row];
    if (identity == 0 || joined_.scattered(unit)) continue;
    said.push_back({result_.person[row], identity, known_.units.alone[unit] != 0, result_.restricted[row] != 0});
  }
  LookupBasis basis{basis_->trained, basis_->counts, known_.previous.superseded_numbers, {}};
  result_.lookup = keep_for_lookup(known_.identities, known_.spine, known_.model, std::move(said), std::move(basis), known_.threads);
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
  progress.step("joining by number", table.size(), "rows");
  KnownRows known(table, previous, settings);
  Linking linking(known, result, progress);
  progress.done();
  linking.run();
  return result;
}

}  // namespace catchment::linkage
