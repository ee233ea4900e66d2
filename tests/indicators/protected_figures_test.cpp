// Figures of a measure over a random region of places, networks, practices and small areas, as they are published, against linear programs.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "../disclosure/bounds.h"
#include "base/random.h"
#include "indicators/measure_figures.h"

using namespace catchment;
using namespace catchment::indicators;

namespace {

const Date march = Date::from_ymd(2026, 3, 1);

struct RegionShape {
  std::size_t places = 3, networks = 5, practices = 12, neighbourhoods = 6, areas = 30;
  int people = 3000;
  double asked = 0.4, share = 0.2;  // in the denominator; of them in the numerator
};

struct Region {
  PersonGroups groups;
  measures::MonthMembers members;
};

std::vector<std::string> numbered(const std::string& kind, std::size_t n) {
  std::vector<std::string> names = {"unknown"};
  for (std::size_t i = 1; i <= n; ++i) names.push_back(kind + std::to_string(i));
  return names;
}

/// Most people are registered in the place they live in; some on no list here, some live elsewhere.
Region random_region(Random& random, const RegionShape& shape) {
  Region region;
  GroupLists& lists = region.groups.lists;
  lists.places = numbered("P", shape.places), lists.networks = numbered("N", shape.networks), lists.practices = numbered("D", shape.practices);
  lists.neighbourhoods = numbered("H", shape.neighbourhoods), lists.areas = numbered("A", shape.areas);
  lists.index_versions = {"2025", "2019"};
  lists.practice_place = lists.practice_network = lists.area_place = lists.area_neighbourhood = {0};
  lists.area_fifth = {{0}, {0}};
  for (std::size_t i = 0; i < shape.practices; ++i) {
    lists.practice_place.push_back(static_cast<std::uint16_t>(i % shape.places + 1));
    lists.practice_network.push_back(static_cast<std::uint16_t>(i % shape.networks + 1));
  }
  for (std::size_t i = 0; i < shape.areas; ++i) {
    lists.area_place.push_back(static_cast<std::uint16_t>(i % shape.places + 1));
    lists.area_neighbourhood.push_back(static_cast<std::uint16_t>(i % shape.neighbourhoods + 1));
    for (auto& fifth : lists.area_fifth) fifth.push_back(static_cast<std::uint8_t>(1 + random.below(5)));
  }
  std::vector<std::uint32_t> in, hit;
  for (int person = 0; person < shape.people; ++person) {
    const auto practice = static_cast<std::uint16_t>(random.chance(0.05) ? 0 : 1 + random.below(shape.practices));
    auto area = static_cast<std::uint16_t>(random.chance(0.03) ? 0 : 1 + random.below(shape.areas));
    if (area != 0 && practice != 0 && random.chance(0.9))
      area = static_cast<std::uint16_t>((area - 1) / shape.places * shape.places + lists.practice_place[practice]);
    if (area >= lists.areas.size()) area = 1;
    CellParts parts{lists.practice_place[practice], random.chance(0.002) ? 2U : static_cast<std::size_t>(random.below(2)),
                    random.chance(0.7) ? 3U : static_cast<std::size_t>(random.below(6)), lists.area_fifth[0][area]};
    region.groups.cells[0].push_back(practice == 0 ? no_cell : cell_of(parts));
    parts.place = lists.area_place[area];
    region.groups.cells[1].push_back(area == 0 ? no_cell : cell_of(parts));
    region.groups.practices.push_back(practice), region.groups.areas.push_back(area);
    region.groups.born.push_back(static_cast<std::int32_t>(19300000 + 10000 * static_cast<std::int32_t>(random.below(96)) + 615));
    region.groups.left_out.push_back(0);
    if (!random.chance(shape.asked)) continue;
    in.push_back(static_cast<std::uint32_t>(person));
    if (random.chance(shape.share * (parts.fifth == 1 ? 1.5 : 1))) hit.push_back(static_cast<std::uint32_t>(person));
  }
  region.members.denominator.add(in);
  region.members.numerator.add(hit);
  return region;
}

disclosure::Policy trusting_in_rounding() {
  disclosure::Policy policy;
  policy.reader_knows = disclosure::ReaderKnows::rounded;
  policy.crossings = {"ethnicity_deprivation", "age_sex"};
  return policy;
}

/// What a reader has before them: the linked cells of one basis, with what the figures hide of them.
struct Publication {
  disclosure::LinkedShares shares;
  disclosure::LinkedCells judged;  // without the cells that need no proof
  std::vector<bool> hidden;
  std::vector<int> others;         // numerators that are hidden for the sake of others
  std::vector<int> crossed;        // of them those of two groups crossed
};

Publication publication_of(const Region& region, Basis basis, const std::vector<MeasureFigure>& figures, const disclosure::Policy& policy) {
  const LinkedFigures linked = linked_figures(tally_members(region.groups, region.members, march), basis, region.groups.lists, {}, march, true, policy);
  Publication out;
  out.shares = disclosure::link_shares(policy, linked.lines, linked.sums);
  std::map<std::string, const MeasureFigure*> shown;
  for (const auto& figure : figures)
    if (figure.basis == basis) shown.emplace(key_of(figure), &figure);
  out.hidden.assign(out.shares.linked.cells.size(), true);
  std::vector<bool> counted(out.hidden.size());
  for (std::size_t l = 0; l < linked.lines.size(); ++l) {
    const auto found = shown.find(linked.lines[l].key);
    if (found == shown.end()) continue;
    const auto numerator = disclosure::at(out.shares.numerator[l]);
    counted[numerator] = true;
    out.hidden[numerator] = !found->second->numerator;
    out.hidden[disclosure::at(out.shares.denominator[l])] = !found->second->denominator;
    if (!found->second->hidden_for_others) continue;
    out.others.push_back(static_cast<int>(numerator));
    if (crossed_of(found->second->split)) out.crossed.push_back(static_cast<int>(numerator));
  }
  out.judged = out.shares.linked;
  const auto found = disclosure::protect_splits(out.shares.linked, out.shares.places, counted, policy.most_hidden_percent);
  for (std::size_t c = 0; c < out.judged.cells.size(); ++c)
    if (found.released[c]) out.judged.cells[c].sensitive = false;
  return out;
}

/// The same people a day later: some are counted late, some no longer.
Region corrected(Random& random, const Region& region, double changed) {
  Region later;
  later.groups = region.groups;
  std::vector<std::uint32_t> in, hit;
  for (std::uint32_t person = 0; person < region.groups.persons(); ++person) {
    bool asked = region.members.denominator.contains(person), counted = region.members.numerator.contains(person);
    if (random.chance(changed)) {
      if (random.chance(0.3)) asked = !asked;
      counted = asked && !counted;
    }
    if (asked) in.push_back(person);
    if (asked && counted) hit.push_back(person);
  }
  later.members.denominator.add(in);
  later.members.numerator.add(hit);
  return later;
}

/// A publication beside those remembered, as a reader of all of them has it before them.
struct BesideOthers {
  disclosure::LinkedCells judged;
  std::vector<bool> hidden;
};

BesideOthers beside_of(const Region& region, Basis basis, const std::vector<MeasureFigure>& figures, const disclosure::Memory& earlier,
                       bool every_split = true) {
  const auto policy = trusting_in_rounding();
  const LinkedFigures linked = linked_figures(tally_members(region.groups, region.members, march), basis, region.groups.lists, {}, march, every_split, policy);
  const auto shares = disclosure::link_shares(policy, linked.lines, linked.sums);
  const auto beside = disclosure::placed_beside_earlier(shares.linked, shares.keys, shares.places, earlier, policy);
  std::map<std::string, const MeasureFigure*> shown;
  for (const auto& figure : figures)
    if (figure.basis == basis) shown.emplace(key_of(figure), &figure);
  BesideOthers out{beside.linked, std::vector<bool>(beside.linked.cells.size(), true)};
  std::map<int, bool> any_shown;  // by table
  for (std::size_t l = 0; l < linked.lines.size(); ++l) {
    const auto found = shown.find(linked.lines[l].key);
    if (found == shown.end()) continue;
    out.hidden[disclosure::at(shares.numerator[l])] = !found->second->numerator;
    out.hidden[disclosure::at(shares.denominator[l])] = !found->second->denominator;
    if (found->second->numerator || found->second->denominator) any_shown[linked.lines[l].place.table] = true;
  }
  // Of tables hidden whole, now or then, what no sum with a shown part holds.
  std::vector<bool> told(out.hidden.size());
  for (std::size_t c = 0; c < told.size(); ++c) told[c] = !out.hidden[c] || out.judged.cells[c].known_hidden.high < disclosure::Range::unbounded;
  std::vector<bool> subtracts(out.hidden.size());
  for (const auto& sum : out.judged.sums) {
    const auto parts_told = std::count_if(sum.parts.begin(), sum.parts.end(), [&](int part) { return told[disclosure::at(part)]; });
    for (const int part : sum.parts)
      if (parts_told > (told[disclosure::at(part)] ? 1 : 0)) subtracts[disclosure::at(part)] = true;
    if (parts_told > 0) subtracts[disclosure::at(sum.whole)] = true;
  }
  for (std::size_t c = 0; c < out.hidden.size(); ++c) {
    const auto& place = beside.places[c];
    if (place.split != 0 && !any_shown[place.table] && !subtracts[c]) out.judged.cells[c].sensitive = false;
  }
  return out;
}

std::vector<MeasureFigure> publish_beside(const Region& region, EarlierFigures& earlier, bool every_split = true,
                                          const disclosure::Policy& policy = trusting_in_rounding()) {
  return figures_of(tally_members(region.groups, region.members, march), region.groups.lists, {}, march, every_split, policy, &earlier);
}

std::vector<MeasureFigure> publish(const Region& region, const disclosure::Policy& policy) {
  return figures_of(tally_members(region.groups, region.members, march), region.groups.lists, {}, march, true, policy);
}

}  // namespace

TEST_CASE("no published figure of a measure lets a small count be bounded tighter than declared, and what is planted is found") {
  Random random(20261124);
  const disclosure::Policy policy = trusting_in_rounding();
  disclosure::Policy primary = policy;
  primary.secondary = false;
  std::size_t unsafe_without = 0, planted = 0, planted_found = 0;
  for (const auto& [asked, share] : {std::pair{0.9, 0.3}, {0.4, 0.1}, {0.2, 0.85}, {0.9, 0.02}}) {
    RegionShape shape;
    shape.asked = asked, shape.share = share;
    const Region region = random_region(random, shape);
    const auto figures = publish(region, policy), without = publish(region, primary);
    for (const Basis basis : {Basis::registered, Basis::resident}) {
      Publication shown = publication_of(region, basis, figures, policy);
      CHECK(exposed_by_glpk(shown.judged, shown.hidden).empty());
      const Publication bare = publication_of(region, basis, without, primary);
      unsafe_without += exposed_by_glpk(bare.shares.linked, bare.hidden).empty() ? 0 : 1;
      if (shown.others.empty() || planted == 4) continue;
      // Somebody shows all that was hidden for the sake of others.
      for (const int cell : shown.others) shown.hidden[disclosure::at(cell)] = false;
      ++planted;
      planted_found += exposed_by_glpk(shown.judged, shown.hidden).empty() ? 0 : 1;
    }
  }
  CHECK(unsafe_without == 8);
  CHECK(planted > 2);
  CHECK(planted_found == planted);
}

TEST_CASE("a crossing that shows what its margins then give away is caught, and is not what is published") {
  Random random(36);
  RegionShape shape;
  shape.areas = 10, shape.people = 2500, shape.asked = 0.9, shape.share = 0.3;
  const Region region = random_region(random, shape);
  const auto policy = trusting_in_rounding();
  Publication shown = publication_of(region, Basis::registered, publish(region, policy), policy);
  CHECK(exposed_by_glpk(shown.judged, shown.hidden).empty());
  REQUIRE(shown.crossed.size() > 4);
  for (const int cell : shown.crossed) shown.hidden[disclosure::at(cell)] = false;  // as if each cell were judged alone
  CHECK_FALSE(exposed_by_glpk(shown.judged, shown.hidden).empty());
}

namespace {

/// Every count of a basis, as shown; of an earlier month those that stand in its series.
std::string shown_text(const std::vector<MeasureFigure>& figures, Basis basis, bool every_split) {
  std::map<std::string, std::string> lines;
  for (const auto& figure : figures) {
    const bool in_series = figure.split == Split::none ||
        (figure.place.empty() && (figure.split == Split::ethnicity || (figure.split == Split::deprivation && figure.variant == "2025")));
    if (figure.basis != basis || (!every_split && !in_series)) continue;
    lines[key_of(figure)] =
        std::to_string(figure.position) + " " + std::to_string(figure.numerator.value_or(-1)) + "/" + std::to_string(figure.denominator.value_or(-1));
  }
  std::string text;
  for (const auto& [key, shown] : lines) text += key + " " + shown + "\n";
  return text;
}

}  // namespace

TEST_CASE("no publication of a measure, beside those before it, lets a small count be bounded tighter than declared") {
  Random random(20261123);
  std::size_t forgetful = 0, withheld = 0, held_back = 0, shown = 0, shown_alone = 0;
  for (const auto& [asked, share, changed] : {std::tuple{0.9, 0.3, 0.01}, {0.4, 0.1, 0.002}, {0.4, 0.1, 0.03}, {0.9, 0.02, 0.005}}) {
    RegionShape shape;
    shape.areas = 20, shape.people = 2000, shape.asked = asked, shape.share = share;
    const Region first = random_region(random, shape), second = corrected(random, first, changed), third = corrected(random, second, changed);
    EarlierFigures earlier;
    auto last = publish_beside(first, earlier);
    for (const auto& [region, every_split] : {std::pair{&second, true}, {&third, false}}) {
      const EarlierFigures before = earlier;
      const auto figures = publish_beside(*region, earlier, every_split);
      const auto alone =
          figures_of(tally_members(region->groups, region->members, march), region->groups.lists, {}, march, every_split, trusting_in_rounding());
      for (const Basis basis : {Basis::registered, Basis::resident}) {
        const auto& memory = before.by_basis[static_cast<std::size_t>(basis)];
        const BesideOthers without = beside_of(*region, basis, alone, memory, every_split);
        forgetful += exposed_by_glpk(without.judged, without.hidden).empty() ? 0 : 1;
        const auto held = std::count_if(figures.begin(), figures.end(), [&](const auto& figure) { return figure.basis == basis && figure.held_back; });
        if (held > 0) {  // it shows nothing that had not left
          ++held_back;
          CHECK(shown_text(figures, basis, every_split) == shown_text(last, basis, every_split));
          continue;
        }
        const BesideOthers beside = beside_of(*region, basis, figures, memory, every_split);
        CHECK(exposed_by_glpk(beside.judged, beside.hidden).empty());
        withheld += std::any_of(figures.begin(), figures.end(), [&](const auto& figure) { return figure.basis == basis && figure.withheld; }) ? 1 : 0;
      }
      last = figures;
      for (const auto& figure : figures) shown += figure.hidden ? 0 : 1;
      for (const auto& figure : alone) shown_alone += figure.hidden ? 0 : 1;
    }
  }
  CHECK(forgetful >= 6);  // each by itself would have been seen through
  CHECK(held_back < 6);
  CHECK(withheld == 0);
  CHECK(shown * 10 > shown_alone * 9);
}

TEST_CASE("figures published again of the same counts show what they showed, and are remembered once") {
  Random random(7);
  RegionShape shape;
  shape.areas = 20, shape.people = 2000, shape.asked = 0.9, shape.share = 0.4;
  const Region first = random_region(random, shape), second = corrected(random, first, 0.01);
  disclosure::Policy policy = trusting_in_rounding();
  policy.crossings.clear();  // with them the second is held back at this size
  EarlierFigures earlier;
  const auto then = publish_beside(first, earlier, true, policy);
  const auto later = publish_beside(second, earlier, true, policy);
  REQUIRE(earlier.by_basis[0].releases.size() == 2);
  const EarlierFigures kept = earlier;
  const auto hidden = [](const std::vector<MeasureFigure>& figures) {
    std::string text;
    for (const auto& figure : figures) text += figure.numerator ? 'o' : figure.denominator ? 'd' : '*';
    return text;
  };
  CHECK(hidden(publish_beside(second, earlier, true, policy)) == hidden(later));
  CHECK(hidden(publish_beside(first, earlier, true, policy)) == hidden(then));  // a snapshot of before, made current again
  CHECK(disclosure::to_text(earlier.by_basis[0]) == disclosure::to_text(kept.by_basis[0]));
  CHECK(disclosure::to_text(disclosure::memory_from_text(disclosure::to_text(kept.by_basis[1]))) == disclosure::to_text(kept.by_basis[1]));
}

TEST_CASE("at fifty thousand people the whole and the places are shown, and most splits of people") {
  Random random(50000);
  RegionShape shape;
  shape.places = 4, shape.networks = 22, shape.practices = 84, shape.neighbourhoods = 22, shape.areas = 583, shape.people = 50000;
  for (const double share : {0.3, 0.05, 0.01}) {
    shape.asked = 0.8, shape.share = share;
    std::map<Split, std::pair<int, int>> shown;  // shown, all
    for (const auto& figure : publish(random_region(random, shape), trusting_in_rounding())) {
      if (figure.place == "unknown" || figure.group == "unknown") continue;
      auto& of = shown[figure.split];
      of.first += figure.hidden ? 0 : 1, ++of.second;
    }
    CHECK(shown[Split::none].first == shown[Split::none].second);
    CHECK(shown[Split::none].second == 10);
    CHECK(shown[Split::deprivation].first * 4 >= shown[Split::deprivation].second * 3);
  }
}
