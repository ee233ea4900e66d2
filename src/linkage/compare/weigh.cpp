#include "linkage/compare/weigh.h"

#include <algorithm>
#include <cmath>

#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {

double probability(double log2_odds) { return 1.0 / (1.0 + std::exp2(-log2_odds)); }

Weigher::Weigher(const PackedRows& rows, const Model& model, const Comparer& comparer, const std::vector<std::uint32_t>* cluster, unsigned threads)
    : rows_(rows), model_(model), comparer_(comparer) {
  read_model();
  count_frequencies(cluster, threads);
  find_bounds();
}

Weigher::Weigher(const PackedRows& rows, const Model& model, const Comparer& comparer, const Frequencies& kept, unsigned threads)
    : rows_(rows), model_(model), comparer_(comparer) {
  read_model();
  take_frequencies(kept, threads);
  find_bounds();
}

void Weigher::read_model() {
  const Model& model = model_;
  const double match = std::exp2(model.log2_prior) / (1 + std::exp2(model.log2_prior));
  rate_ = {match, model.moved, 0, model.household, model.twin, model.namesake, model.same_name};
  double others = 0;
  for (const double rate : rate_) others += rate;
  rate_[class_random] = std::max(1e-9, 1 - others);
  for (std::size_t c = 0; c < model.comparisons.size(); ++c) {
    const Comparison& comparison = model.comparisons[c];
    const int field = comparer_.field_of(c);
    const FieldKind kind = field < 0 ? FieldKind::text : rows_.fields[static_cast<std::size_t>(field)].kind;
    unsigned exact = 0;
    for (std::size_t l = 0; l < comparison.levels.size(); ++l) {
      if (comparison.levels[l].test == Test::exact && exact == 0) exact = static_cast<unsigned>(l) + 1;
      for (std::size_t k = 0; k < pair_classes; ++k) log2_[c][l + 1][k] = std::log2(class_chance(static_cast<PairClass>(k), comparison, kind, l));
    }
    exact_.push_back(exact);
    exact_u_.push_back(exact == 0 ? 0 : std::log2(comparison.levels[exact - 1].u));
    for (std::size_t k = 0; k < pair_classes; ++k) {
      Comparison probe = comparison;
      probe.levels = {Level{Test::exact, 0, 1, 0}};
      unshared_[c][k] = k == class_match ? 0 : 1 - class_chance(static_cast<PairClass>(k), probe, kind, 0);
    }
    if (comparison.identifying) identifying_ |= 1ULL << c;
  }
  for (std::size_t k = 0; k < pair_classes; ++k) {
    log2_[model.comparisons.size()][1][k] = 0;
    log2_[model.comparisons.size()][2][k] = k <= class_moved ? std::log2(model.crossed_m) : 0;
  }
  for (std::size_t k = 0; k < pair_classes; ++k) log2_rate_[k] = rate_[k] > 0 ? std::log2(rate_[k]) : -1e9;
}

Frequencies Weigher::frequencies() const {
  Frequencies out;
  out.log2_share.resize(frequency_.size()), out.unseen = unseen_;
  for (std::size_t c = 0; c < frequency_.size(); ++c) {
    if (frequency_[c].empty()) continue;
    const Dictionary& texts = rows_.texts(static_cast<std::size_t>(comparer_.field_of(c)));
    for (TextId v = 1; v < frequency_[c].size(); ++v)
      if (frequency_[c][v] > unseen_[c]) out.log2_share[c].emplace_back(hash_text(texts.text(v)), frequency_[c][v]);
    std::sort(out.log2_share[c].begin(), out.log2_share[c].end());
  }
  return out;
}

void Weigher::take_frequencies(const Frequencies& kept, unsigned threads) {
  frequency_.resize(model_.comparisons.size()), unseen_ = kept.unseen;
  for (std::size_t c = 0; c < frequency_.size(); ++c) {
    const int field = comparer_.field_of(c);
    if (field < 0 || !model_.comparisons[c].term_frequency || exact_[c] == 0) continue;
    const Dictionary& texts = rows_.texts(static_cast<std::size_t>(field));
    const auto& share = kept.log2_share[c];
    fill_room(frequency_[c], texts.size(), unseen_[c]);
    frequency_[c][0] = 0;
    if (share.empty()) continue;
    // Hashes in order are parted by their highest bits, so that a look is at a few that stand side by side.
    constexpr unsigned high_bits = 18;
    const auto part_of = [](std::uint64_t hash) { return static_cast<std::size_t>(hash >> (64 - high_bits)); };
    std::vector<std::uint32_t> starts((1U << high_bits) + 1, 0);
    for (const auto& [hash, bits] : share) ++starts[part_of(hash) + 1];
    for (std::size_t part = 1; part < starts.size(); ++part) starts[part] += starts[part - 1];
    share_range(texts.size(), threads, [&](std::size_t from, std::size_t to) {
      for (std::size_t v = std::max<std::size_t>(1, from); v < to; ++v) {
        const std::uint64_t hash = hash_text(texts.text(static_cast<TextId>(v)));
        std::uint32_t i = starts[part_of(hash)];
        const std::uint32_t end = starts[part_of(hash) + 1];
        while (i < end && share[i].first != hash) ++i;
        if (i < end) frequency_[c][v] = share[i].second;
      }
    });
  }
}

void Weigher::find_bounds() {
  prior_at_most_ = 1 + std::max(log2_rate_[class_match], log2_rate_[class_moved]) - log2_rate_[class_random];
  for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
    unequal_at_most_[c] = -1e9;
    for (std::size_t l = 1; l <= model_.comparisons[c].levels.size(); ++l) {
      level_at_most_[c][l] = std::max(log2_[c][l][class_match], log2_[c][l][class_moved]) - log2_[c][l][class_random];
      if (l != exact_[c]) unequal_at_most_[c] = std::max(unequal_at_most_[c], level_at_most_[c][l]);
    }
    const bool name = comparer_.compares_names() && (comparer_.field_of(c) == comparer_.given_field() || comparer_.field_of(c) == comparer_.family_field());
    if (!name && comparer_.field_of(c) >= 0) cheap_.push_back(c);
  }
  std::sort(cheap_.begin(), cheap_.end(), [&](std::size_t x, std::size_t y) {
    const auto loss = [&](std::size_t c) { return unequal_at_most_[c] - level_at_most_[c][model_.comparisons[c].levels.size()]; };
    return loss(x) != loss(y) ? loss(x) > loss(y) : x < y;
  });
}

// A field whose value both rows share.
double Weigher::equal_at_most(std::size_t c, TextId value) const {
  if (exact_[c] == 0) return unequal_at_most_[c];
  const double rare = frequency_[c].empty() ? 0 : exact_u_[c] - static_cast<double>(frequency_[c][value]);
  return level_at_most_[c][exact_[c]] + (rare > 0 ? rare : rare * (1 - unshared_[c][class_moved]));
}

std::vector<std::size_t> Weigher::bounded() const {
  std::vector<std::size_t> out;
  if (comparer_.compares_names()) out = {comparer_.given_comparison(), comparer_.family_comparison()};
  out.insert(out.end(), cheap_.begin(), cheap_.end());
  return out;
}

double Weigher::log2_odds(const TextId* a, const TextId* b, double at_most, double at_least, Comparer::Memory& memory, Pattern& pattern) const {
  pattern = 0;
  for (const std::size_t c : cheap_) {
    const auto field = static_cast<std::size_t>(comparer_.field_of(c));
    const TextId x = a[field], y = b[field];
    if (x == 0 || y == 0 || (x == y && exact_[c] != 0)) continue;
    const unsigned level = comparer_.level(c, x, y, memory);
    pattern |= static_cast<Pattern>(level) << (4 * c);
    at_most += level_at_most_[c][level] - unequal_at_most_[c];
    if (at_most < at_least) return at_most;
  }
  pattern = comparer_.compare(a, b, memory, pattern);
  return log2_odds(a, b, pattern, at_least);
}

void Weigher::count_frequencies(const std::vector<std::uint32_t>* cluster, unsigned threads) {
  frequency_.resize(model_.comparisons.size()), unseen_.assign(model_.comparisons.size(), 0);
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
  share_out(model_.comparisons.size(), threads, [&](std::size_t c, unsigned) {
    const int field = comparer_.field_of(c);
    if (field < 0 || !model_.comparisons[c].term_frequency || exact_[c] == 0) return;
    const auto f = static_cast<std::size_t>(field);
    std::vector<std::uint32_t> count;
    fill_room(count, rows_.texts(f).size(), 0U);
    double total = 0;
    if (cluster == nullptr) {
      for (std::size_t row = 0; row < rows_.rows(); ++row) ++count[rows_.cell(row, f)];
    } else {
      // A value is counted once for each person that has it, so that many rows of one person do not make it
      // common.
      std::vector<std::uint32_t> last(count.size(), 0xffffffffU);
      constexpr std::size_t ahead = 16;
      for (std::size_t i = 0; i < by_cluster.size(); ++i) {
        if (i + ahead < by_cluster.size()) {
          __builtin_prefetch(rows_.row(by_cluster[i + ahead]) + f);
          __builtin_prefetch(cluster->data() + by_cluster[i + ahead]);
        }
        const std::uint32_t row = by_cluster[i];
        const TextId value = rows_.cell(row, f);
        if (last[value] == (*cluster)[row]) continue;
        last[value] = (*cluster)[row];
        ++count[value];
      }
    }
    for (std::size_t v = 1; v < count.size(); ++v) total += count[v];
    fill_room(frequency_[c], count.size(), 0.0F);
    unseen_[c] = static_cast<float>(std::log2(0.5 / std::max(1.0, total)));
    for (std::size_t v = 1; v < count.size(); ++v)
      frequency_[c][v] = static_cast<float>(std::log2(std::max(0.5, static_cast<double>(count[v]) - (cluster == nullptr ? 1.0 : 0.5)) / std::max(1.0, total)));
  });
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

double Weigher::log2_odds(const TextId* a, const TextId* b, Pattern pattern, double at_least) const {
  OfClasses sum = log2_rate_;
  for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
    const unsigned level = level_at(pattern, c);
    if (level == 0) continue;
    const double bits = frequency_bits(c, a, b, pattern);
    sum += log2_[c][level];
    if (bits != 0) sum -= bits * unshared_[c];
  }
  if (const unsigned order = level_at(pattern, model_.comparisons.size())) sum += log2_[model_.comparisons.size()][order];
  if (const double most = 1 + std::max(sum[class_match], sum[class_moved]) - sum[class_random]; most < at_least) return most;
  // Two classes are one person, the rest two people.
  const auto log_sum = [&sum](std::size_t from, std::size_t to) {
    double highest = sum[from];
    for (std::size_t k = from; k < to; ++k) highest = std::max(highest, sum[k]);
    float total = 0;  // from 1 to 5: as fine as a weight is kept
    for (std::size_t k = from; k < to; ++k)
      if (sum[k] > highest - 30) total += std::exp2(static_cast<float>(sum[k] - highest));  // less is lost in rounding
    return highest + static_cast<double>(std::log2(total));
  };
  return log_sum(class_match, class_random) - log_sum(class_random, pair_classes);
}

std::vector<WeightPart> Weigher::explain(const TextId* a, const TextId* b, Pattern pattern) const {
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
    const double bits = log2_[c][level][class_match] - log2_[c][level][class_random] + frequency_bits(c, a, b, pattern);
    out.push_back({comparison.field, to_string(comparison.levels[level - 1]), bits});
    plain += bits;
  }
  if (const unsigned order = level_at(pattern, model_.comparisons.size())) {
    const double bits = log2_[model_.comparisons.size()][order][class_match] - log2_[model_.comparisons.size()][order][class_random];
    if (order == 2) out.push_back({"name order", "given and family name exchanged", bits});
    else out.push_back({"name order", "as usual", bits});
    plain += bits;
  }
  const double all = log2_odds(a, b, pattern);
  if (std::abs(all - plain) > 1e-5) out.push_back({"home", "fields that change together when people move, or that a household shares", all - plain});
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
