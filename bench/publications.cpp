// What it costs to publish the figures of measures beside the publications before them: figures hidden, processor seconds.
// Usage: bench_publications WORKSPACE SYSTEM PERCENT [DAYS]. The workspace's measures are published, then again on each of
// DAYS days (1) after PERCENT of the people each measure asks about came to count, or no longer do. Writes nothing.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <map>

#include "base/random.h"
#include "indicators/figure_store.h"

namespace {

using namespace catchment;
using indicators::Split;

constexpr std::array<const char*, 8> tiers = {"the whole", "places",      "splits of the whole", "splits of places", "networks, neighbourhoods",
                                              "practices", "small areas", "two groups crossed"};

std::size_t row_of(const indicators::MeasureFigure& figure) {
  if (figure.split == Split::none) return figure.place.empty() ? 0 : 1;
  if (indicators::crossed_of(figure.split)) return 7;
  if (figure.split == Split::area) return 6;
  if (figure.split == Split::practice) return 5;
  if (figure.split == Split::network || figure.split == Split::neighbourhood) return 4;
  return figure.place.empty() ? 2 : 3;
}

struct Seen {
  struct OfBasis {
    std::array<std::int64_t, tiers.size()> all{}, small{}, more{};
  };
  std::array<OfBasis, indicators::bases> by_basis{};
  std::int64_t months = 0, held_back = 0, withheld = 0;
  double seconds = 0;
};

void print(const char* what, const Seen& seen) {
  fmt::print("{}: {:.1f} processor seconds; of {} months of a basis {} held back, {} withheld\n", what, seen.seconds, seen.months, seen.held_back,
             seen.withheld);
  for (const auto basis : {indicators::Basis::registered, indicators::Basis::resident}) {
    const Seen::OfBasis& of = seen.by_basis[static_cast<std::size_t>(basis)];
    for (std::size_t t = 0; t < tiers.size(); ++t) {
      if (of.all[t] == 0) continue;
      const double all = static_cast<double>(of.all[t]);
      fmt::print("  {:10} {:26} {:8} small {:5.1f}% more hidden {:5.1f}%\n", indicators::to_string(basis), tiers[t], of.all[t],
                 100 * static_cast<double>(of.small[t]) / all, 100 * static_cast<double>(of.more[t]) / all);
    }
  }
}

measures::MonthMembers a_day_later(Random& random, const measures::MonthMembers& members, double changed) {
  measures::MonthMembers later;
  std::vector<std::uint32_t> in, hit;
  for (const std::uint32_t person : members.denominator.places()) {
    bool asked = true, counted = members.numerator.contains(person);
    if (random.chance(changed)) asked = random.chance(0.7), counted = asked && !counted;
    if (asked) in.push_back(person);
    if (asked && counted) hit.push_back(person);
  }
  later.denominator.add(in);
  later.numerator.add(hit);
  for (const auto& each : members.more)
    if (later.numerator.contains(each.first)) later.more.push_back(each);
  return later;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return fmt::print("usage: bench_publications WORKSPACE SYSTEM PERCENT [DAYS]\n"), 2;
  const records::Workspace workspace{argv[1]};
  const auto snapshot = records::Snapshot::open(workspace);
  const auto loaded = measures::load_measures(std::string(argv[2]));
  const auto system = system::load_system(argv[2]);
  system::Definitions definitions(argv[2]);
  const double changed = std::atof(argv[3]) / 100;
  const std::size_t days = argc > 4 ? static_cast<std::size_t>(std::atoi(argv[4])) : 1;
  const Date as_of = snapshot->manifest().as_of;
  const auto policy = disclosure::policy_on(disclosure::load_policies(definitions), as_of);
  const auto groups = indicators::read_person_groups(*snapshot, system.system);
  const measures::MembersStore store(workspace.root / "measures");
  std::vector<Seen> seen(days + 2);  // alone, then by day
  Random random(20261123);
  std::size_t bytes = 0;
  for (const auto& measure : loaded.library.measures) {
    bool latest = true;
    for (int back = 0; back < 60; ++back) {
      const Date month = Date::from_ymd(as_of.year(), as_of.month(), 1).plus_months(-back);
      if (measures::find_measure(loaded.library, measure.words.id, month.plus_months(1).plus_days(-1)) != &measure) continue;
      auto members = store.read({snapshot->manifest().content_hash, measure.words.id, measure.version, month});
      if (!members) continue;
      const indicators::MeasureShape shape{measure.kind == measures::MeasureKind::count, measure.kind != measures::MeasureKind::proportion, measure.per};
      indicators::EarlierFigures earlier{measure.version, {}};
      for (std::size_t day = 0; day < seen.size(); ++day) {
        if (day > 1) members = a_day_later(random, *members, changed);
        const std::clock_t began = std::clock();
        const auto tally = indicators::tally_members(groups, *members, month);
        const auto figures = indicators::figures_of(tally, groups.lists, shape, month, latest, policy, day == 0 ? nullptr : &earlier);
        seen[day].seconds += static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
        for (const auto& figure : figures) {
          const std::size_t row = row_of(figure);
          Seen::OfBasis& of = seen[day].by_basis[static_cast<std::size_t>(figure.basis)];
          ++of.all[row];
          of.small[row] += figure.hidden && !figure.hidden_for_others ? 1 : 0;
          of.more[row] += figure.hidden_for_others ? 1 : 0;
        }
        for (const auto basis : {indicators::Basis::registered, indicators::Basis::resident}) {
          ++seen[day].months;
          seen[day].held_back +=
              std::any_of(figures.begin(), figures.end(), [&](const auto& figure) { return figure.basis == basis && figure.held_back; }) ? 1 : 0;
          seen[day].withheld +=
              std::any_of(figures.begin(), figures.end(), [&](const auto& figure) { return figure.basis == basis && figure.withheld; }) ? 1 : 0;
        }
      }
      bytes += disclosure::to_text(earlier.memory).size();
      latest = false;
    }
  }
  print("by itself", seen[0]);
  for (std::size_t day = 1; day < seen.size(); ++day) print(day == 1 ? "first, remembered" : "a day later", seen[day]);
  fmt::print("{:.1f} MB of text to remember before compression\n", static_cast<double>(bytes) / 1e6);
}
