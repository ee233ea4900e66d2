#include "linkage/cluster/link_rows.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/random.h"
#include "linkage/cluster/idle_rules.h"
#include "linkage/cluster/source_rules.h"
#include "linkage/compare/compare.h"
#include "linkage/compare/parallel.h"
#include "linkage/compare/weigh.h"
#include "linkage/model/guess.h"
#include "linkage/normalise/nicknames.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t rows_learnt_from = 200'000;
constexpr std::size_t second_look_rows = 400'000;  // above this a value's frequency by row is as good as by person

double log2_odds_of(double p) { return std::log2(p / (1 - p)); }

}  // namespace

RowLinks link_rows(const RawRows& raw, Model& model, unsigned threads, Progress& progress, const RowRules& row_rules) {
  progress.step("normalising", raw.rows, "rows");
  PackedRows rows = pack(raw, model, threads);
  progress.done();
  return link_packed(std::move(rows), model, threads, progress, row_rules);
}

namespace {

// About `wanted` rows chosen by what they are called, with dictionaries of the values they hold; `places` tells where they stand.
PackedRows sample_of(const PackedRows& rows, std::size_t wanted, std::uint64_t seed, std::vector<std::uint32_t>& places) {
  PackedRows some;
  some.fields = rows.fields, some.source_names = rows.source_names;
  const std::uint64_t bound = ~0ULL / rows.rows() * wanted;
  for (std::uint32_t place = 0; place < rows.rows(); ++place) {
    if (mix64(rows.order_key[place] + seed) >= bound) continue;
    some.cells.insert(some.cells.end(), rows.row(place), rows.row(place) + rows.fields.size());
    some.source.push_back(rows.source[place]);
    some.input_row.push_back(rows.input_row[place]);
    places.push_back(place);
  }
  keep_values_held(some, rows.dictionaries);
  return some;
}

using PairsOfPlaces = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// Narrow blocks hide how often strangers share a name or a home, and what is learnt from them alone trusts
// such pairs too much. A table of millions is learnt from a sample of its rows under the wide rules of a
// small table: the share of pairs that are one person's is the same there.
// `likely` gets pairs of places that probably are one person each and that the model's own rules bring together in the sample.
TrainingReport train_on_sample(const PackedRows& rows, Model& model, unsigned threads, PairsOfPlaces& likely) {
  Model wide = model;
  wide.blocking.clear(), wide.refinements.clear(), wide.most_pairs_a_row = 0;
  std::vector<std::uint32_t> places;
  const PackedRows some = sample_of(rows, rows_learnt_from, model.seed, places);
  complete_model(wide, some);
  const Comparer comparer(some, wide, wide.nicknames ? *wide.nicknames : Nicknames::usual(), threads);
  const Blocks blocks(some, wide, threads);
  const TrainingReport report = train(some, blocks, comparer, wide, threads);
  const Weigher weigher(some, wide, comparer, nullptr, threads);
  SilentProgress silent;
  for (const ScoredPair& pair : score(some, Blocks(some, model, threads), comparer, weigher, wide, log2_odds_of(model.link_threshold), threads, silent).pairs)
    likely.emplace_back(places[pair.a], places[pair.b]);
  wide.blocking = model.blocking, wide.refinements = model.refinements;
  wide.largest_block = model.largest_block, wide.most_pairs_a_row = model.most_pairs_a_row;
  model = std::move(wide);
  return report;
}

// What one run of the engine shares between its steps.
class Run {
 public:
  /// `likely` as train_on_sample gives them.
  Run(RowLinks& out, Model& model, const PairsOfPlaces& likely, unsigned threads, Progress& progress)
      : out_(out),
        rows_(out.rows),
        model_(model),
        threads_(std::max(1U, threads)),
        progress_(progress),
        link_(log2_odds_of(model.link_threshold)),
        keep_(std::min(link_, log2_odds_of(model.review_threshold))),
        comparer_(rows_, model, model.nicknames ? *model.nicknames : Nicknames::usual(), threads) {
    progress.step("blocking", 0, "");
    std::vector<std::size_t> idle;
    blocks_ = std::make_unique<Blocks>(rows_, model, threads_, [&](const Blocks& blocks) {
      // Blocks found too wide for this table stay as narrow when more rows come.
      if (model.most_pairs_a_row != 0)
        for (std::size_t r = 0; r < model.blocking.size(); ++r) model.blocking[r].largest_block = blocks.reports()[r].limit;
      model.most_pairs_a_row = 0;
      idle = idle_rules(blocks, likely);
      return idle;
    });
    progress.done();
    leave_out(std::move(idle));
    out.blocking = blocks_->reports();
    for (unsigned t = 0; t < threads_; ++t) memories_.emplace_back(comparer_.size());
  }

  const Comparer& comparer() const { return comparer_; }

  void train_if_needed() {
    if (model_.trained) return;
    progress_.step("training", 0, "");
    out_.training = train(rows_, *blocks_, comparer_, model_, threads_);
    progress_.done();
  }

  Scores compare(const Weigher& weigher) { return score(rows_, *blocks_, comparer_, weigher, model_, keep_, threads_, progress_); }

  void group(const Weigher& weigher, std::vector<ScoredPair> pairs, const RowRules& row_rules, bool first_look) {
    progress_.step("grouping", 0, "");
    if (first_look) find_unique_sources(model_, rows_, pairs, out_.notes);
    ClusterRules rules;
    rules.link_log2_odds = link_;
    rules.source = &rows_.source;
    rules.unique_source = unique_sources(model_, rows_);
    if (row_rules.apart) rules.apart = [&](std::uint32_t a, std::uint32_t b) { return row_rules.apart(rows_.input_row[a], rows_.input_row[b]); };
    if (!row_rules.together.empty()) {
      std::vector<std::uint32_t> place(rows_.rows());
      for (std::uint32_t p = 0; p < rows_.rows(); ++p) place[rows_.input_row[p]] = p;
      for (const auto& [a, b] : row_rules.together) rules.together.emplace_back(place[a], place[b]);
    }
    rules.weight = [&](std::uint32_t a, std::uint32_t b, unsigned thread) { return weigher.log2_odds(a, b, comparer_.compare(a, b, memories_[thread])); };
    Clusters clusters = cluster(rows_.rows(), pairs, rules, threads_);
    out_.pairs = std::move(pairs), out_.refused = std::move(clusters.refused), out_.joined = std::move(clusters.joined);
    of = std::move(clusters.of);
    progress_.done();
  }

  std::vector<std::uint32_t> of;  // per place: the first place of its cluster

 private:
  // What the blocks leave out the model no longer declares.
  void leave_out(std::vector<std::size_t> idle) {
    std::sort(idle.begin(), idle.end());
    for (auto rule = idle.rbegin(); rule != idle.rend(); ++rule) {
      out_.notes.push_back("blocking by " + to_string(model_.blocking[*rule]) + " is left out: other rules bring its pairs together");
      model_.blocking.erase(model_.blocking.begin() + static_cast<std::ptrdiff_t>(*rule));
    }
  }

  RowLinks& out_;
  const PackedRows& rows_;
  Model& model_;
  unsigned threads_;
  Progress& progress_;
  double link_, keep_;
  Comparer comparer_;
  std::unique_ptr<Blocks> blocks_;
  std::vector<Comparer::Memory> memories_;
};

}  // namespace

RowLinks link_packed(PackedRows packed, Model& model, unsigned threads, Progress& progress, const RowRules& row_rules, const Frequencies* kept) {
  RowLinks out;
  out.rows = std::move(packed);
  const bool own_rules = !model.blocking.empty();
  complete_model(model, out.rows);
  PairsOfPlaces likely;
  if (!model.trained && !own_rules && out.rows.rows() >= large_table && out.rows.order_key.size() == out.rows.rows()) {
    progress.step("training", 0, "");
    out.training = train_on_sample(out.rows, model, threads, likely);
    progress.done();
  }
  Run run(out, model, likely, threads, progress);
  run.train_if_needed();
  const bool second_look = kept == nullptr && out.rows.rows() <= second_look_rows;
  for (int look = 0; look < (second_look ? 2 : 1); ++look) {
    const Weigher weigher = kept != nullptr ? Weigher(out.rows, model, run.comparer(), *kept, threads)
                                            : Weigher(out.rows, model, run.comparer(), look == 0 ? nullptr : &run.of, threads);
    Scores scores = run.compare(weigher);
    out.compared = scores.compared;
    if (look == 1) out.counted_by = run.of;
    run.group(weigher, std::move(scores.pairs), row_rules, look == 0);
  }
  out.clusters = number_in_order(run.of, out.cluster);
  return out;
}

Frequencies frequencies_of(const PackedRows& rows, const Model& model) {
  const Comparer comparer(rows, model, model.nicknames ? *model.nicknames : Nicknames::usual());
  return Weigher(rows, model, comparer, nullptr).frequencies();
}

}  // namespace catchment::linkage
