#include "linkage/compare/weigh.h"

#include <algorithm>
#include <cmath>

namespace catchment::linkage {

double probability(double log2_odds) { return 1.0 / (1.0 + std::exp2(-log2_odds)); }

Weigher::Weigher(const PackedRows& rows, const Model& model, const Comparer& comparer, const std::vector<std::uint32_t>* cluster)
    : rows_(rows), model_(model), comparer_(comparer) {
  const double match = std::exp2(model.log2_prior) / (1 + std::exp2(model.log2_prior));
  rate_ = {match, model.moved, 0, model.household, model.twin, model.namesake, model.same_name};
  double others = 0;
  for (const double rate : rate_) others += rate;
  rate_[class_random] = std::max(1e-9, 1 - others);
  for (std::size_t c = 0; c < model.comparisons.size(); ++c) {
    const Comparison& comparison = model.comparisons[c];
    const int field = comparer.field_of(c);
    const FieldKind kind = field < 0 ? FieldKind::text : rows.fields[static_cast<std::size_t>(field)].kind;
    unsigned exact = 0;
    for (std::size_t l = 0; l < comparison.levels.size(); ++l) {
      if (comparison.levels[l].test == Test::exact && exact == 0) exact = static_cast<unsigned>(l) + 1;
      for (std::size_t k = 0; k < pair_classes; ++k)
        log2_[k][c][l + 1] = std::log2(class_chance(static_cast<PairClass>(k), comparison, kind, l));
    }
    exact_.push_back(exact);
    exact_u_.push_back(exact == 0 ? 0 : std::log2(comparison.levels[exact - 1].u));
    for (std::size_t k = 0; k < pair_classes; ++k) {
      Comparison probe = comparison;
      probe.levels = {Level{Test::exact, 0, 1, 0}};
      shared_[k][c] = class_chance(static_cast<PairClass>(k), probe, kind, 0);
    }
    if (comparison.identifying) identifying_ |= 1ULL << c;
  }
  for (std::size_t k = 0; k < pair_classes; ++k) {
    log2_[k][model.comparisons.size()][1] = 0;
    log2_[k][model.comparisons.size()][2] = k <= class_moved ? std::log2(model.crossed_m) : 0;
  }
  count_frequencies(cluster);
}

void Weigher::count_frequencies(const std::vector<std::uint32_t>* cluster) {
  frequency_.resize(model_.comparisons.size());
  std::vector<std::uint32_t> by_cluster;
  if (cluster != nullptr) {
    std::uint32_t highest = 0;
    for (const std::uint32_t label : *cluster) highest = std::max(highest, label);
    std::vector<std::uint32_t> start(highest + 2ULL, 0);
    for (const std::uint32_t label : *cluster) ++start[label + 1ULL];
    for (std::size_t label = 1; label < start.size(); ++label) start[label] += start[label - 1];
    by_cluster.resize(rows_.rows());
    for (std::uint32_t i = 0; i < by_cluster.size(); ++i) by_cluster[start[(*cluster)[i]]++] = i;
  }
  for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
    const int field = comparer_.field_of(c);
    if (field < 0 || !model_.comparisons[c].term_frequency || exact_[c] == 0) continue;
    const auto f = static_cast<std::size_t>(field);
    std::vector<std::uint32_t> count(rows_.texts(f).size(), 0);
    double total = 0;
    if (cluster == nullptr) {
      for (std::size_t row = 0; row < rows_.rows(); ++row) ++count[rows_.cell(row, f)];
    } else {
      // A value is counted once for each person that has it, so that many rows of one person do not make it common.
      std::vector<std::uint32_t> last(count.size(), 0xffffffffU);
      for (const std::uint32_t row : by_cluster) {
        const TextId value = rows_.cell(row, f);
        if (last[value] == (*cluster)[row]) continue;
        last[value] = (*cluster)[row];
        ++count[value];
      }
    }
    for (std::size_t v = 1; v < count.size(); ++v) total += count[v];
    frequency_[c].resize(count.size(), 0);
    for (std::size_t v = 1; v < count.size(); ++v)
      frequency_[c][v] = static_cast<float>(std::log2(std::max(0.5, static_cast<double>(count[v]) - (cluster == nullptr ? 1.0 : 0.5)) / std::max(1.0, total)));
  }
}

// log2(u / frequency) on an exact level, else 0.
double Weigher::frequency_bits(std::size_t c, const TextId* a, const TextId* b, Pattern pattern) const {
  if (exact_[c] == 0 || level_at(pattern, c) != exact_[c] || frequency_[c].empty()) return 0;
  const auto f = static_cast<std::size_t>(comparer_.field_of(c));
  const TextId va = a[f], vb = b[f];
  double share = frequency_[c][va];
  if (va != vb) {  // crossed names: equal values stand in different columns
    share = std::max(share, static_cast<double>(frequency_[c][vb]));
    if (va == 0 || vb == 0) share = frequency_[c][va == 0 ? vb : va];
    if (share == 0) return 0;
  }
  return exact_u_[c] - share;
}

double Weigher::log2_odds(const TextId* a, const TextId* b, Pattern pattern) const {
  std::array<double, pair_classes> sum{};
  for (std::size_t k = 0; k < pair_classes; ++k) sum[k] = rate_[k] > 0 ? std::log2(rate_[k]) : -1e9;
  for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
    const unsigned level = level_at(pattern, c);
    if (level == 0) continue;
    const double bits = frequency_bits(c, a, b, pattern);
    for (std::size_t k = 0; k < pair_classes; ++k) sum[k] += log2_[k][c][level];
    if (bits != 0) {
      for (std::size_t k = 1; k < pair_classes; ++k) sum[k] -= bits * (1 - shared_[k][c]);
    }
  }
  if (const unsigned order = level_at(pattern, model_.comparisons.size()))
    for (std::size_t k = 0; k < pair_classes; ++k) sum[k] += log2_[k][model_.comparisons.size()][order];
  // Two classes are one person, the rest two people.
  const auto log_sum = [&sum](std::size_t from, std::size_t to) {
    double highest = sum[from], total = 0;
    for (std::size_t k = from; k < to; ++k) highest = std::max(highest, sum[k]);
    for (std::size_t k = from; k < to; ++k) total += std::exp2(sum[k] - highest);
    return highest + std::log2(total);
  };
  return log_sum(class_match, class_random) - log_sum(class_random, pair_classes);
}

std::vector<WeightPart> Weigher::explain(std::uint32_t a, std::uint32_t b, Pattern pattern) const {
  std::vector<WeightPart> out;
  double plain = std::log2(rate_[class_match] / rate_[class_random]);
  out.push_back({"prior", "two rows taken at random", plain});
  for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
    const unsigned level = level_at(pattern, c);
    const Comparison& comparison = model_.comparisons[c];
    if (level == 0) {
      out.push_back({comparison.field, "not given", 0});
      continue;
    }
    const double bits = log2_[class_match][c][level] - log2_[class_random][c][level] + frequency_bits(c, rows_.row(a), rows_.row(b), pattern);
    out.push_back({comparison.field, to_string(comparison.levels[level - 1]), bits});
    plain += bits;
  }
  if (const unsigned order = level_at(pattern, model_.comparisons.size())) {
    const double bits = log2_[class_match][model_.comparisons.size()][order] - log2_[class_random][model_.comparisons.size()][order];
    if (order == 2) out.push_back({"name order", "given and family name exchanged", bits});
    else out.push_back({"name order", "as usual", bits});
    plain += bits;
  }
  const double all = log2_odds(a, b, pattern);
  if (std::abs(all - plain) > 1e-9) out.push_back({"home", "fields that change together when people move, or that a household shares", all - plain});
  return out;
}

bool Weigher::pattern_identifying(Pattern pattern) const {
  if (identifying_ == 0) return true;
  for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
    if (((identifying_ >> c) & 1U) != 0 && agrees(pattern, c)) return true;
  }
  return false;
}

}  // namespace catchment::linkage
