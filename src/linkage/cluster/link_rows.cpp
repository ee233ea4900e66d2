#include "linkage/cluster/link_rows.h"

#include <algorithm>
#include <cmath>

#include "linkage/compare/compare.h"
#include "linkage/model/guess.h"
#include "linkage/normalise/nicknames.h"
#include "linkage/compare/weigh.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t second_look_rows = 400'000;  // above this a value's frequency by row is as good as by person

double log2_odds_of(double p) { return std::log2(p / (1 - p)); }

// A source with hardly a pair inside it, though it has many across, holds nobody twice.
void find_unique_sources(Model& model, const PackedRows& rows, const std::vector<ScoredPair>& pairs, std::vector<std::string>& notes) {
  const std::size_t n = rows.source_names.size();
  if (model.mode != LinkMode::automatic || n < 2) return;
  std::vector<double> size(n, 0), within(n, 0), across(n, 0);
  for (const std::uint16_t s : rows.source) size[s] += 1;
  for (const ScoredPair& pair : pairs) {
    if (pair.weight < 0) break;
    const std::uint16_t a = rows.source[pair.a], b = rows.source[pair.b];
    if (a == b) within[a] += 1;
    else across[a] += 1, across[b] += 1;
  }
  for (std::size_t s = 0; s < n; ++s) {
    if (across[s] < 0.05 * size[s] || within[s] > 0.02 * size[s] || within[s] > 0.05 * across[s]) continue;
    if (std::find(model.unique_sources.begin(), model.unique_sources.end(), rows.source_names[s]) != model.unique_sources.end()) continue;
    model.unique_sources.push_back(rows.source_names[s]);
    notes.push_back("source " + rows.source_names[s] + " holds hardly anyone twice: taken to hold nobody twice");
  }
}

}  // namespace

RowLinks link_rows(const RawRows& raw, Model& model, unsigned threads, Progress& progress, const RowRules& row_rules) {
  return link_packed(pack(raw, model), model, threads, progress, row_rules);
}

RowLinks link_packed(PackedRows packed, Model& model, unsigned threads, Progress& progress, const RowRules& row_rules) {
  RowLinks out;
  out.rows = std::move(packed);
  const PackedRows& rows = out.rows;
  complete_model(model, rows);
  const Nicknames& nicknames = model.nicknames ? *model.nicknames : Nicknames::usual();
  const Comparer comparer(rows, model, nicknames);
  const Blocks blocks(rows, model, threads);
  out.blocking = blocks.reports();
  if (!model.trained) {
    progress.step("training", 0, "");
    out.training = train(rows, blocks, comparer, model, threads);
    progress.done();
  }
  const double link = log2_odds_of(model.link_threshold), keep = std::min(link, log2_odds_of(model.review_threshold));
  ClusterRules rules;
  rules.link_log2_odds = link;
  rules.source = &rows.source;
  if (row_rules.apart) rules.apart = [&](std::uint32_t a, std::uint32_t b) { return row_rules.apart(rows.input_row[a], rows.input_row[b]); };
  if (!row_rules.together.empty()) {
    std::vector<std::uint32_t> place(rows.rows());
    for (std::uint32_t p = 0; p < rows.rows(); ++p) place[rows.input_row[p]] = p;
    for (const auto& [a, b] : row_rules.together) rules.together.emplace_back(place[a], place[b]);
  }
  Comparer::Memory memory(comparer.size());
  std::vector<std::uint32_t> of;
  const bool second_look = rows.rows() <= second_look_rows;
  for (int look = 0; look < (second_look ? 2 : 1); ++look) {
    const Weigher weigher(rows, model, comparer, look == 0 ? nullptr : &of);
    Scores scores = score(rows, blocks, comparer, weigher, model, keep, threads, progress);
    if (look == 0) find_unique_sources(model, rows, scores.pairs, out.notes);
    rules.unique_source = unique_sources(model, rows);
    rules.weight = [&](std::uint32_t a, std::uint32_t b) { return weigher.log2_odds(a, b, comparer.compare(a, b, memory)); };
    Clusters clusters = cluster(rows.rows(), scores.pairs, rules);
    of = std::move(clusters.of);
    out.compared = scores.compared;
    out.pairs = std::move(scores.pairs);
    out.refused = std::move(clusters.refused);
    out.joined = std::move(clusters.joined);
  }
  out.cluster.resize(rows.rows());
  std::vector<std::uint32_t> number(rows.rows(), 0xffffffffU);
  for (std::size_t place = 0; place < rows.rows(); ++place) {
    if (number[of[place]] == 0xffffffffU) number[of[place]] = out.clusters++;
    out.cluster[place] = number[of[place]];
  }
  return out;
}

}  // namespace catchment::linkage
