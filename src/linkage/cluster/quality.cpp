#include "linkage/cluster/quality.h"

#include <algorithm>
#include <atomic>
#include <map>

#include "linkage/compare/block_key.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t largest_person = 2000;  // rows of one person whose pairs are all looked at

// Places by person, and where each person's begin; places without truth are left out.
struct ByPerson {
  std::vector<std::uint32_t> places;
  std::vector<std::size_t> starts;

  explicit ByPerson(const std::vector<std::uint32_t>& truth) {
    for (std::uint32_t p = 0; p < truth.size(); ++p)
      if (truth[p] != 0) places.push_back(p);
    std::sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) { return truth[a] != truth[b] ? truth[a] < truth[b] : a < b; });
    for (std::size_t i = 0; i < places.size(); ++i)
      if (i == 0 || truth[places[i]] != truth[places[i - 1]]) starts.push_back(i);
    starts.push_back(places.size());
  }
};

}  // namespace

Expected expected_quality(const RowLinks& links) {
  double linked = 0, linked_right = 0, all_right = 0;
  for (const ScoredPair& pair : links.pairs) {
    const double p = probability(static_cast<double>(pair.weight));
    all_right += p;
    if (links.cluster[pair.a] == links.cluster[pair.b]) linked += 1, linked_right += p;
  }
  return {linked == 0 ? 1 : linked_right / linked, all_right == 0 ? 1 : linked_right / all_right};
}

std::vector<CalibrationBand> calibration(const RowLinks& links, const std::vector<std::uint32_t>& truth) {
  constexpr std::array<double, 11> edges{0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.01};
  std::vector<CalibrationBand> out;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) out.push_back({edges[i], std::min(1.0, edges[i + 1]), 0, 0, 0, 0});
  for (const ScoredPair& pair : links.pairs) {
    const double p = probability(static_cast<double>(pair.weight));
    const auto at = std::upper_bound(edges.begin(), edges.end(), p) - edges.begin() - 1;
    CalibrationBand& band = out[static_cast<std::size_t>(at)];
    ++band.pairs;
    band.mean_probability += p;
    if (truth.empty() || truth[pair.a] == 0 || truth[pair.b] == 0) continue;
    ++band.with_truth;
    band.right += truth[pair.a] == truth[pair.b];
  }
  for (CalibrationBand& band : out)
    if (band.pairs != 0) band.mean_probability /= static_cast<double>(band.pairs);
  return out;
}

BlockingRecall blocking_recall(const RowLinks& links, const Model& model, const std::vector<std::uint32_t>& truth, unsigned threads) {
  const Blocks blocks(links.rows, model, threads);
  std::vector<RuleReader> readers;
  readers.reserve(model.blocking.size());
  for (const BlockingRule& rule : model.blocking) readers.emplace_back(links.rows, rule);
  const ByPerson persons(truth);
  std::atomic<std::uint64_t> pairs{0}, met{0}, dropped{0};
  share_range(persons.starts.size() - 1, threads, [&](std::size_t from, std::size_t to) {
    std::uint64_t some = 0, some_met = 0, some_dropped = 0;
    for (std::size_t person = from; person < to; ++person) {
      const std::size_t first = persons.starts[person], end = std::min(persons.starts[person + 1], first + largest_person);
      for (std::size_t i = first; i < end; ++i)
        for (std::size_t j = i + 1; j < end; ++j) {
          const std::uint32_t a = persons.places[i], b = persons.places[j];
          ++some;
          if (blocks.rules_of(a, b) != 0) ++some_met;
          else some_dropped += std::any_of(readers.begin(), readers.end(), [&](const RuleReader& r) { return r.of(a) != 0 && r.of(a) == r.of(b); });
        }
    }
    pairs += some, met += some_met, dropped += some_dropped;
  });
  return {pairs, met, dropped};
}

std::vector<GroupQuality> quality_by_group(const std::vector<std::uint32_t>& cluster, const std::vector<std::uint32_t>& truth,
                                           const std::vector<std::uint32_t>& group, const std::vector<std::string>& names) {
  std::vector<GroupQuality> out(names.size());
  for (std::size_t g = 0; g < names.size(); ++g) out[g].group = names[g];
  const auto count = [&](const std::vector<std::uint32_t>& by, const auto& see) {
    const ByPerson persons(by);
    for (std::size_t k = 0; k + 1 < persons.starts.size(); ++k) {
      const std::size_t first = persons.starts[k], end = std::min(persons.starts[k + 1], first + largest_person);
      for (std::size_t i = first; i < end; ++i)
        for (std::size_t j = i + 1; j < end; ++j) see(persons.places[i], persons.places[j]);
    }
  };
  const auto each_group = [&](std::uint32_t a, std::uint32_t b, const auto& change) {
    change(out[group[a]]);
    if (group[a] != group[b]) change(out[group[b]]);
  };
  for (std::size_t p = 0; p < truth.size(); ++p)
    if (truth[p] != 0) ++out[group[p]].rows;
  count(truth, [&](std::uint32_t a, std::uint32_t b) { each_group(a, b, [&](GroupQuality& g) { ++g.true_pairs, g.missed += cluster[a] != cluster[b]; }); });
  std::vector<std::uint32_t> numbered(cluster);
  for (std::size_t p = 0; p < numbered.size(); ++p) numbered[p] = truth[p] == 0 ? 0 : numbered[p] + 1;
  count(numbered, [&](std::uint32_t a, std::uint32_t b) {
    if (truth[a] != truth[b]) each_group(a, b, [](GroupQuality& g) { ++g.wrong; });
  });
  return out;
}

}  // namespace catchment::linkage
