#include "linkage/model/train.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::uint64_t most_random_pairs = 500'000;
constexpr std::uint64_t most_candidate_pairs = 6'000'000;
constexpr std::uint64_t enough_candidate_pairs = 1'000'000;  // above this, pairs that hardly agree are sampled
constexpr int most_iterations = 60;
constexpr double usual_strength = 20;  // pairs a declared chance is worth

}  // namespace

Counts add_up(std::vector<PatternCounts>& parts) {
  for (std::size_t t = 1; t < parts.size(); ++t)
    for (const auto& [pattern, count] : parts[t]) parts[0][pattern] += count;
  Counts out;
  for (const auto& [pattern, count] : parts[0]) out.push_back({pattern, static_cast<double>(count)});
  std::sort(out.begin(), out.end(), [](const Counted& a, const Counted& b) { return a.pattern < b.pattern; });
  return out;
}

namespace {

double eligible_pairs(const Model& model, const PackedRows& rows, const std::vector<bool>& unique) {
  std::vector<double> per_source(rows.source_names.size(), 0);
  for (const std::uint16_t s : rows.source) per_source[s] += 1;
  double total = 0, squares = 0, within = 0;
  for (std::size_t s = 0; s < per_source.size(); ++s) {
    total += per_source[s], squares += per_source[s] * per_source[s];
    if (model.mode != LinkMode::link_only && !unique[s]) within += per_source[s] * (per_source[s] - 1) / 2;
  }
  return std::max(1.0, (total * total - squares) / 2 + within);
}

Counts random_patterns(const PackedRows& rows, const Comparer& comparer, const Model& model, const std::vector<bool>& unique, unsigned threads) {
  std::vector<PatternCounts> parts(threads);
  std::vector<Comparer::Memory> memories;
  memories.reserve(threads);
  for (unsigned t = 0; t < threads; ++t) memories.emplace_back(comparer.size());
  const std::uint64_t n = rows.rows();
  const bool all = n * (n - 1) / 2 <= most_random_pairs;
  constexpr std::size_t pieces = 64;
  share_out(pieces, threads, [&](std::size_t piece, unsigned thread) {
    const auto see = [&](std::uint32_t a, std::uint32_t b) {
      if (a != b && eligible(model, unique, rows.source[a], rows.source[b])) ++parts[thread][comparer.compare(a, b, memories[thread])];
    };
    if (all) {
      for (std::uint32_t a = static_cast<std::uint32_t>(piece); a < n; a += pieces)
        for (std::uint32_t b = a + 1; b < n; ++b) see(a, b);
      return;
    }
    Random random = Random::stream(model.seed, piece, 17);
    for (std::uint64_t i = 0; i < most_random_pairs / pieces; ++i) {
      const auto a = static_cast<std::uint32_t>(random.below(n));
      see(a, static_cast<std::uint32_t>(random.below(n)));
    }
  });
  return add_up(parts);
}

Counts candidate_patterns(const PackedRows& rows, const Blocks& blocks, const Comparer& comparer, const Model& model, const std::vector<bool>& unique,
                          unsigned threads, double& scale) {
  std::vector<PatternCounts> parts(threads);
  std::vector<Comparer::Memory> memories;
  memories.reserve(threads);
  for (unsigned t = 0; t < threads; ++t) memories.emplace_back(comparer.size());
  const std::uint64_t each = std::max<std::uint64_t>(1, blocks.pairs_at_most() / most_candidate_pairs);
  scale = static_cast<double>(each);
  // Hardly a pair of one person is unlike in all but one field: of such pairs some stand for the others.
  const std::uint64_t stands_for = std::max<std::uint64_t>(1, blocks.pairs_at_most() / each / enough_candidate_pairs);
  const auto unlike = [&](std::uint32_t a, std::uint32_t b) {
    const TextId *x = rows.row(a), *y = rows.row(b);
    int alike = 0;
    for (std::size_t f = 0; f < rows.fields.size(); ++f) alike += x[f] == y[f] && x[f] != 0 && rows.fields[f].kind != FieldKind::sex;
    return alike < 2;
  };
  share_out(blocks.pieces().size(), threads, [&](std::size_t piece, unsigned thread) {
    const auto chosen = [&](std::uint32_t a) { return each == 1 || mix64(a ^ (model.seed << 32)) % each == 0; };
    blocks.each_pair(blocks.pieces()[piece], chosen, [&](std::uint32_t a, std::uint32_t b) {
      if (!eligible(model, unique, rows.source[a], rows.source[b])) return;
      std::uint64_t worth = 1;
      if (stands_for > 1 && unlike(a, b)) {
        if (mix64(model.seed + ((static_cast<std::uint64_t>(a) << 32) | b)) % stands_for != 0) return;
        worth = stands_for;
      }
      parts[thread][comparer.compare(a, b, memories[thread])] += worth;
    });
  });
  return add_up(parts);
}

// Expectation-maximisation with u following from the random pairs.
class Learner {
 public:
  Learner(Model& model, const std::vector<FieldKind>& kinds, const Counts& random, const Counts& candidates, double scale, double pairs, double rows,
          double strength)
      : model_(model), kinds_(kinds), random_(random), candidates_(candidates), scale_(scale), pairs_(pairs), strength_(strength) {
    for (const Comparison& c : model.comparisons) homes_ = homes_ || c.sharing == Sharing::household || c.sharing == Sharing::contact;
    rate_[class_match] = std::min(0.2, 0.5 * rows / pairs_);
    rate_[class_moved] = homes_ ? 0.1 * rate_[class_match] : 0;
    rate_[class_household] = homes_ ? 0.5 * rows / pairs_ : 0;
    rate_[class_same_name] = 0.5 * rows / pairs_;
    for (const Comparison& c : model.comparisons) prior_.push_back(c.levels);
  }

  void run(TrainingReport& report) {
    learn_u(false);
    double before = 0;
    for (int i = 0; i < most_iterations; ++i) {
      share_rates();
      const double matches = step();
      report.iterations = i + 1;
      learn_u(true);
      if (i > 4 && std::abs(matches - before) < 1e-4 * (matches + 1)) {
        report.converged = true;
        break;
      }
      before = matches;
    }
    share_rates();
    model_.log2_prior = std::log2(rate_[class_match] / (1 - rate_[class_match]));
    model_.moved = rate_[class_moved], model_.household = rate_[class_household], model_.twin = rate_[class_twin], model_.namesake = rate_[class_namesake];
    model_.same_name = rate_[class_same_name];
  }

 private:
  // Twins, and parent and child of one name, are about a hundredth of pairs that share a home.
  void share_rates() {
    rate_[class_twin] = rate_[class_household] * 0.01;
    rate_[class_namesake] = rate_[class_household] * 0.01;
    double others = 0;
    if (!homes_) rate_[class_twin] = rate_[class_match] * 0.02, rate_[class_namesake] = 0;
    for (std::size_t k = 0; k < pair_classes; ++k) others += k == class_random ? 0 : rate_[k];
    rate_[class_random] = std::max(1e-9, 1 - others);
    for (std::size_t k = 0; k < pair_classes; ++k)
      for (std::size_t c = 0; c < model_.comparisons.size(); ++c)
        for (std::size_t l = 0; l < model_.comparisons[c].levels.size(); ++l)
          chance_[k][c][l + 1] = std::log(class_chance(static_cast<PairClass>(k), model_.comparisons[c], kinds_[c], l));
  }

  std::array<double, pair_classes> posterior(Pattern pattern) const {
    std::array<double, pair_classes> out{};
    const unsigned order = level_at(pattern, model_.comparisons.size());
    double highest = -1e300;
    for (std::size_t k = 0; k < pair_classes; ++k) {
      if (rate_[k] <= 0) {
        out[k] = -1e300;
        continue;
      }
      double sum = std::log(rate_[k]);
      for (std::size_t c = 0; c < model_.comparisons.size(); ++c)
        if (const unsigned level = level_at(pattern, c)) sum += chance_[k][c][level];
      if (order != 0) {
        // Names are crossed only where that agrees better, so chance agreement is already in the levels' u.
        const double crossed = k <= class_moved ? model_.crossed_m : 1.0;
        sum += std::log(order == 2 ? crossed : 1 - model_.crossed_m);
      }
      out[k] = sum;
      highest = std::max(highest, sum);
    }
    double total = 0;
    for (double& value : out) total += value = std::exp(value - highest);
    for (double& value : out) value /= total;
    return out;
  }

  // One person's rows mostly agree on what is their own. Without this bound, expectation-maximisation can
  // settle on another class of pairs (one household, one name) and call that a match.
  static void hold_to_reason(Comparison& comparison, FieldKind kind) {
    double most = 1;
    switch (kind) {
      case FieldKind::birth_date: most = 0.15; break;
      case FieldKind::given_name: most = 0.20; break;
      case FieldKind::family_name: most = 0.20; break;
      case FieldKind::nhs_number:
      case FieldKind::identifier: most = 0.30; break;
      case FieldKind::email: most = 0.40; break;
      case FieldKind::sex: most = 0.10; break;
      case FieldKind::age: most = 0.25; break;
      default: return;
    }
    double weak = 0, strong = 0;
    for (const Level& level : comparison.levels) (level.m < level.u * 3 ? weak : strong) += level.m;
    if (weak <= most || strong <= 0) return;
    for (Level& level : comparison.levels) level.m *= level.m < level.u * 3 ? most / weak : (1 - most) / strong;
  }

  double not_one_person(Pattern pattern) const {
    const auto p = posterior(pattern);
    return std::max(0.0, 1 - p[class_match] - p[class_moved]);
  }

  double step() {
    std::array<std::array<double, 16>, most_comparisons + 1> seen{};
    double matches = 0, moves = 0, homes = 0, same_names = 0;
    for (const Counted& counted : candidates_) {
      const auto p = posterior(counted.pattern);
      const double stayed = p[class_match] * counted.count * scale_, moved = p[class_moved] * counted.count * scale_;
      const double weight = stayed + moved;
      matches += weight, moves += moved;
      homes += (p[class_household] + p[class_twin] + p[class_namesake]) * counted.count * scale_;
      same_names += p[class_same_name] * counted.count * scale_;
      if (weight < 1e-9) continue;
      for (std::size_t c = 0; c <= model_.comparisons.size(); ++c) {
        const bool home = c < model_.comparisons.size() && (model_.comparisons[c].sharing == Sharing::household);
        seen[c][level_at(counted.pattern, c)] += home ? stayed : weight;
      }
    }
    for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
      std::vector<Level>& levels = model_.comparisons[c].levels;
      double total = 0;
      for (std::size_t l = 0; l < levels.size(); ++l) total += seen[c][l + 1];
      for (std::size_t l = 0; l < levels.size(); ++l) levels[l].m = (seen[c][l + 1] + strength_ * prior_[c][l].m) / (total + strength_);
      hold_to_reason(model_.comparisons[c], kinds_[c]);
    }
    const auto& order = seen[model_.comparisons.size()];
    model_.crossed_m = std::clamp((order[2] + 0.2) / (order[1] + order[2] + 20), 0.001, 0.2);
    rate_[class_match] = std::clamp((matches - moves + 0.5) / pairs_, 1e-12, 0.4);
    if (homes_) rate_[class_moved] = std::clamp((moves + 0.1) / pairs_, 1e-13, rate_[class_match]);
    rate_[class_same_name] = std::clamp((same_names + 0.5) / pairs_, 1e-12, 0.4);
    if (homes_) rate_[class_household] = std::clamp((homes + 0.5) / pairs_, 1e-12, 0.4);
    return matches;
  }

  void learn_u(bool less_matches) {
    std::array<std::array<double, 16>, most_comparisons + 1> seen{};
    for (const Counted& counted : random_) {
      const double weight = counted.count * (less_matches ? not_one_person(counted.pattern) : 1.0);
      for (std::size_t c = 0; c <= model_.comparisons.size(); ++c) seen[c][level_at(counted.pattern, c)] += weight;
    }
    for (std::size_t c = 0; c < model_.comparisons.size(); ++c) {
      std::vector<Level>& levels = model_.comparisons[c].levels;
      double total = 0;
      for (std::size_t l = 0; l < levels.size(); ++l) total += seen[c][l + 1];
      for (std::size_t l = 0; l < levels.size(); ++l) levels[l].u = (seen[c][l + 1] + prior_[c][l].u) / (total + 1);
    }
  }

  Model& model_;
  const std::vector<FieldKind>& kinds_;
  const Counts& random_;
  const Counts& candidates_;
  double scale_, pairs_, strength_;
  bool homes_ = false;
  std::array<double, pair_classes> rate_{};
  std::array<std::array<std::array<double, 16>, most_comparisons>, pair_classes> chance_{};
  std::vector<std::vector<Level>> prior_;
};

}  // namespace

std::vector<bool> unique_sources(const Model& model, const PackedRows& rows) {
  std::vector<bool> out;
  out.reserve(rows.source_names.size());
  for (const std::string& name : rows.source_names)
    out.push_back(std::find(model.unique_sources.begin(), model.unique_sources.end(), name) != model.unique_sources.end());
  return out;
}

bool eligible(const Model& model, const std::vector<bool>& unique_source, std::uint16_t a, std::uint16_t b) {
  return a != b || (model.mode != LinkMode::link_only && !unique_source[a]);
}

double class_chance(PairClass pair_class, const Comparison& comparison, FieldKind kind, std::size_t level) {
  const double m = comparison.levels[level].m, u = comparison.levels[level].u;
  if (pair_class == class_match) return m;
  if (pair_class == class_moved) {
    if (comparison.sharing == Sharing::household) return u;
    return comparison.sharing == Sharing::contact && kind == FieldKind::telephone ? 0.5 * m + 0.5 * u : m;
  }
  if (pair_class == class_random) return u;
  double shared = 0;
  if (pair_class == class_same_name) {
    const bool name = kind == FieldKind::given_name || kind == FieldKind::family_name;
    return name ? m : u;
  }
  switch (comparison.sharing) {
    case Sharing::name:
    case Sharing::household: shared = 0.9; break;
    case Sharing::contact: shared = kind == FieldKind::telephone ? 0.5 : 0.15; break;
    case Sharing::personal:
      if (pair_class == class_twin && kind == FieldKind::birth_date) shared = 1;
      if (pair_class == class_namesake && kind == FieldKind::given_name) shared = 1;
      // Parents seldom give two living children one name.
      else if (kind == FieldKind::given_name && (comparison.levels[level].test == Test::exact || comparison.levels[level].test == Test::nickname))
        return 0.05 * u;
      break;
  }
  return shared * m + (1 - shared) * u;
}

void set_prior_chances(Model& model, const PackedRows& rows) {
  for (Comparison& c : model.comparisons) {
    const int field = rows.field(c.field);
    const FieldKind kind = field < 0 ? FieldKind::text : rows.fields[static_cast<std::size_t>(field)].kind;
    double exact = 0.8, other = 0.06;
    if (c.sharing == Sharing::household) exact = 0.65, other = 0.2;
    if (c.sharing == Sharing::contact) exact = 0.65, other = 0.12;
    if (kind == FieldKind::sex) exact = 0.97, other = 0.03;
    if (kind == FieldKind::text || kind == FieldKind::category) exact = 0.75, other = 0.15;
    if (kind == FieldKind::birth_date) exact = 0.85, other = 0.02;
    if (kind == FieldKind::age) exact = 0.6, other = 0.05;
    const std::size_t n = c.levels.size();
    double left = 0, declared = 0;
    for (const Level& level : c.levels) declared += level.m;
    for (std::size_t l = 1; l + 1 < n; ++l) left += 1.0 / static_cast<double>(l);
    for (std::size_t l = 0; l < n; ++l) {
      Level& level = c.levels[l];
      if (declared > 0.9) level.m = std::max(level.m, 1e-6);  // the model file's own
      else if (l == 0) level.m = n > 2 ? exact : 1 - other;
      else if (l + 1 == n) level.m = other;
      else level.m = (1 - exact - other) / static_cast<double>(l) / left;
      level.u = l + 1 == n ? 0.9 : 0.1 / static_cast<double>(n - 1);
    }
  }
}

std::vector<FieldKind> kinds_of(const Model& model, const PackedRows& rows) {
  std::vector<FieldKind> kinds;
  for (const Comparison& c : model.comparisons) {
    const int field = rows.field(c.field);
    kinds.push_back(field < 0 ? FieldKind::text : rows.fields[static_cast<std::size_t>(field)].kind);
  }
  return kinds;
}

void learn(Model& model, const std::vector<FieldKind>& kinds, const Counts& random, const Counts& candidates, double scale, double pairs, double rows,
           double strength, TrainingReport& report) {
  Learner(model, kinds, random, candidates, scale, pairs, rows, strength).run(report);
}

TrainingReport train(const PackedRows& rows, const Blocks& blocks, const Comparer& comparer, Model& model, unsigned threads) {
  TrainingReport report;
  if (rows.rows() < 2 || model.comparisons.empty()) return report;
  const std::vector<bool> unique = unique_sources(model, rows);
  const Counts random = random_patterns(rows, comparer, model, unique, threads);
  double scale = 1;
  const Counts candidates = candidate_patterns(rows, blocks, comparer, model, unique, threads, scale);
  for (const Counted& c : random) report.random_pairs += static_cast<std::uint64_t>(c.count);
  for (const Counted& c : candidates) report.candidate_pairs += static_cast<std::uint64_t>(c.count);
  report.patterns = candidates.size();
  set_prior_chances(model, rows);
  learn(model, kinds_of(model, rows), random, candidates, scale, eligible_pairs(model, rows, unique), static_cast<double>(rows.rows()), usual_strength, report);
  model.trained = true;
  return report;
}

}  // namespace catchment::linkage
