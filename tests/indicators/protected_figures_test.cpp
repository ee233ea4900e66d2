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

/// Few practices and areas, so that crossings stand.
Region coarse_region(unsigned seed, int people, double asked, double share) {
  Random random(seed);
  RegionShape shape;
  shape.practices = 6, shape.areas = 10, shape.people = people, shape.asked = asked, shape.share = share;
  return random_region(random, shape);
}

disclosure::Policy trusting_in_rounding() {
  disclosure::Policy policy;
  policy.reader_knows = disclosure::ReaderKnows::rounded;
  policy.crossings = {"ethnicity_deprivation", "age_sex"};
  return policy;
}

/// What a reader has before them: the linked cells of both bases, those of earlier publications, and what is hidden of them.
struct Publication {
  disclosure::LinkedCells judged;  // without the cells that need no proof
  std::vector<std::string> keys;
  std::vector<bool> hidden;
  std::vector<int> others;         // numerators that are hidden for the sake of others
  std::vector<int> crossed;        // of them those of two groups crossed
};

/// The policy without the crossings of which nothing is shown: they were left out.
disclosure::Policy of_what_is_shown(disclosure::Policy policy, const std::vector<MeasureFigure>& figures) {
  std::erase_if(policy.crossings, [&](const std::string& crossing) {
    return std::none_of(figures.begin(), figures.end(), [&](const auto& figure) { return to_string(figure.split) == crossing && figure.denominator; });
  });
  return policy;
}

Publication publication_of(const Region& region, const std::vector<MeasureFigure>& figures, const disclosure::Policy& allowed,
                           const disclosure::Memory& earlier = {}, bool every_split = true) {
  const disclosure::Policy policy = of_what_is_shown(allowed, figures);
  const LinkedFigures linked = linked_figures(tally_members(region.groups, region.members, march), region.groups.lists, {}, march, every_split, policy);
  const auto shares = disclosure::link_shares(policy, linked.lines, linked.sums, linked.ties);
  disclosure::BesideEarlier beside{shares.linked, shares.places, {}, {}, 0, {}};
  if (!earlier.releases.empty()) beside = disclosure::placed_beside_earlier(shares.linked, shares.keys, shares.places, earlier, policy);
  std::map<std::string, const MeasureFigure*> shown;
  for (const auto& figure : figures) shown.emplace(key_of(figure), &figure);
  Publication out{beside.linked, shares.keys, std::vector<bool>(beside.linked.cells.size(), true), {}, {}};
  std::map<int, bool> any_shown;  // by table
  for (std::size_t l = 0; l < linked.lines.size(); ++l) {
    const auto found = shown.find(linked.lines[l].key);
    if (found == shown.end()) continue;
    out.hidden[disclosure::at(shares.numerator[l])] = !found->second->numerator;
    out.hidden[disclosure::at(shares.denominator[l])] = !found->second->denominator;
    if (found->second->hidden_for_others) out.others.push_back(shares.numerator[l]);
    if (found->second->hidden_for_others && crossed_of(found->second->split)) out.crossed.push_back(shares.numerator[l]);
    if (found->second->numerator || found->second->denominator) any_shown[linked.lines[l].place.table] = true;
  }
  // Of tables hidden whole, now or then, what no sum with a shown part holds.
  std::vector<bool> told(out.hidden.size()), subtracts(out.hidden.size());
  for (std::size_t c = 0; c < told.size(); ++c) told[c] = !out.hidden[c] || out.judged.cells[c].known_hidden.high < disclosure::Range::unbounded;
  for (const auto& sum : out.judged.sums) {
    const auto parts_told = std::count_if(sum.parts.begin(), sum.parts.end(), [&](int part) { return told[disclosure::at(part)]; });
    for (const int part : sum.parts)
      if (parts_told > (told[disclosure::at(part)] ? 1 : 0)) subtracts[disclosure::at(part)] = true;
    if (parts_told > 0) subtracts[disclosure::at(sum.whole)] = true;
  }
  for (std::size_t c = 0; c < out.hidden.size(); ++c) {
    const auto& place = beside.places[c];
    const bool whole_then = c < beside.hidden_whole.size() && beside.hidden_whole[c];
    if ((whole_then || (place.split != 0 && !any_shown[place.table])) && !subtracts[c]) out.judged.cells[c].sensitive = false;
  }
  return out;
}

/// The figures as they would be if each basis were protected by itself.
Publication apart(const Region& region, disclosure::Policy policy, bool every_split = true) {
  policy.crossings.clear();
  const LinkedFigures linked = linked_figures(tally_members(region.groups, region.members, march), region.groups.lists, {}, march, every_split, policy);
  Publication out = publication_of(region, {}, policy, {}, every_split);
  const auto shares = disclosure::link_shares(policy, linked.lines, linked.sums, linked.ties);
  out.judged = shares.linked;
  for (const std::string basis : {"registered|", "resident|"}) {
    LinkedFigures own;
    std::vector<std::size_t> lines;
    for (std::size_t l = 0; l < linked.lines.size(); ++l)
      if (linked.lines[l].key.starts_with(basis)) own.lines.push_back(linked.lines[l]), lines.push_back(l);
    for (const auto& sum : linked.sums)
      if (sum.whole.starts_with(basis)) own.sums.push_back(sum);
    const auto shown = disclosure::protect_shares(policy, own.lines, own.sums);
    for (std::size_t l = 0; l < lines.size(); ++l) {
      out.hidden[disclosure::at(shares.numerator[lines[l]])] = shown.shares[l].numerator.hidden();
      out.hidden[disclosure::at(shares.denominator[lines[l]])] = shown.shares[l].denominator.hidden();
    }
  }
  return out;
}

/// The figures as they would be if a crossing were protected with its margins, but not tied to the other basis.
Publication untied(const Region& region, const disclosure::Policy& policy) {
  disclosure::Policy none = policy;
  none.crossings.clear();
  const Tally tally = tally_members(region.groups, region.members, march);
  const LinkedFigures linked = linked_figures(tally, region.groups.lists, {}, march, true, policy),
                      without = linked_figures(tally, region.groups.lists, {}, march, true, none);
  const auto shares = disclosure::link_shares(policy, linked.lines, linked.sums, linked.ties);
  const auto shown = disclosure::protect_shares(policy, linked.lines, linked.sums, {}, without.ties);
  Publication out{shares.linked, shares.keys, std::vector<bool>(shares.linked.cells.size(), true), {}, {}};
  for (std::size_t l = 0; l < linked.lines.size(); ++l) {
    if (!linked.lines[l].published) continue;
    out.hidden[disclosure::at(shares.numerator[l])] = shown.shares[l].numerator.hidden();
    out.hidden[disclosure::at(shares.denominator[l])] = shown.shares[l].denominator.hidden();
  }
  return out;
}

/// Of the counts that tie the bases, those that linear programs bound tighter than declared.
std::size_t ties_exposed(const Publication& publication) {
  const auto exposed = exposed_by_glpk(publication.judged, publication.hidden);
  return static_cast<std::size_t>(std::count_if(exposed.begin(), exposed.end(), [&](int cell) {
    const std::string& key = publication.keys[disclosure::at(cell)];
    return key.find("only|") != std::string::npos || key.find("both|") != std::string::npos;
  }));
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
  std::size_t unsafe_without = 0, unsafe_apart = 0, planted = 0, planted_found = 0;
  for (const auto& [asked, share] : {std::pair{0.9, 0.3}, {0.4, 0.1}, {0.2, 0.85}, {0.9, 0.02}}) {
    RegionShape shape;
    shape.asked = asked, shape.share = share;
    const Region region = random_region(random, shape);
    const auto figures = publish(region, policy), without = publish(region, primary);
    Publication shown = publication_of(region, figures, policy);
    CHECK(exposed_by_glpk(shown.judged, shown.hidden).empty());
    const Publication bare = publication_of(region, without, primary);
    unsafe_without += exposed_by_glpk(bare.judged, bare.hidden).empty() ? 0 : 1;
    unsafe_apart += ties_exposed(apart(region, policy)) > 0 ? 1 : 0;
    if (shown.others.empty()) continue;
    // Somebody shows all that was hidden for the sake of others.
    for (const int cell : shown.others) shown.hidden[disclosure::at(cell)] = false;
    ++planted;
    planted_found += exposed_by_glpk(shown.judged, shown.hidden).empty() ? 0 : 1;
  }
  CHECK(unsafe_without == 4);
  CHECK(unsafe_apart > 2);
  CHECK(planted > 2);
  CHECK(planted_found * 4 >= planted * 3);  // sometimes more is hidden than need be
}

TEST_CASE("a crossing that shows what its margins then give away is caught, and is not what is published") {
  const Region region = coarse_region(1, 10000, 0.2, 0.01);
  const auto policy = trusting_in_rounding();
  Publication shown = publication_of(region, publish(region, policy), policy);
  CHECK(exposed_by_glpk(shown.judged, shown.hidden).empty());
  REQUIRE(shown.crossed.size() > 4);
  for (const int cell : shown.crossed) shown.hidden[disclosure::at(cell)] = false;  // as if each cell were judged alone
  CHECK_FALSE(exposed_by_glpk(shown.judged, shown.hidden).empty());
}

namespace {

/// Every count, as shown; of an earlier month those that stand in its series.
std::string shown_text(const std::vector<MeasureFigure>& figures, bool every_split) {
  std::map<std::string, std::string> lines;
  for (const auto& figure : figures) {
    const bool in_series = figure.split == Split::none ||
        (figure.place.empty() && (figure.split == Split::ethnicity || (figure.split == Split::deprivation && figure.variant == "2025")));
    if ((!every_split && !in_series) || !figure.denominator) continue;  // what was left out then is not among what is held back
    lines[key_of(figure)] =
        std::to_string(figure.position) + " " + std::to_string(figure.numerator.value_or(-1)) + "/" + std::to_string(figure.denominator.value_or(-1));
  }
  std::string text;
  for (const auto& [key, shown] : lines) text.append(key).append(" ").append(shown).append("\n");
  return text;
}

}  // namespace

TEST_CASE("who of a group lives outside is not told by a crossing beside the margins of both bases") {
  const auto policy = trusting_in_rounding();
  std::size_t told_untied = 0, crossings = 0;
  for (const auto& [seed, people, asked, share] : {std::tuple{2U, 1000, 0.9, 0.1}, {2U, 1000, 0.9, 0.3}, {1U, 5000, 0.2, 0.1}, {1U, 10000, 0.2, 0.3}}) {
    const Region region = coarse_region(seed, people, asked, share);
    const Publication unsafe = untied(region, policy);
    told_untied += exposed_by_glpk(unsafe.judged, unsafe.hidden).empty() ? 0 : 1;
    const auto figures = publish(region, policy);
    const Publication shown = publication_of(region, figures, policy);
    CHECK(exposed_by_glpk(shown.judged, shown.hidden).empty());
    crossings += of_what_is_shown(policy, figures).crossings.size();
    CHECK(std::none_of(figures.begin(), figures.end(),
                       [](const auto& figure) { return figure.split == Split::ethnicity_deprivation && figure.group.ends_with(".unknown"); }));
  }
  CHECK(told_untied == 4);
  CHECK(crossings > 2);
}

TEST_CASE("a first publication that only its crossings would withhold is published without them, and the same again") {
  const auto policy = trusting_in_rounding();
  for (const auto& [seed, people, share] : {std::tuple{1U, 1000, 0.1}, {1U, 2500, 0.03}}) {
    const Region region = coarse_region(seed, people, 0.2, share);
    const Tally tally = tally_members(region.groups, region.members, march);
    const LinkedFigures linked = linked_figures(tally, region.groups.lists, {}, march, true, policy);
    REQUIRE(disclosure::protect_shares(policy, linked.lines, linked.sums, {}, linked.ties).withheld);
    EarlierFigures earlier;
    const auto figures = publish_beside(region, earlier);
    const auto shown = [](const std::vector<MeasureFigure>& of) {
      return std::count_if(of.begin(), of.end(), [](const auto& figure) { return !figure.hidden && !crossed_of(figure.split); });
    };
    CHECK(shown(figures) > 10);
    CHECK(std::none_of(figures.begin(), figures.end(), [](const auto& figure) { return figure.basis == Basis::registered && figure.withheld; }));
    CHECK(std::any_of(figures.begin(), figures.end(), [](const auto& figure) { return crossed_of(figure.split) && figure.hidden; }));
    REQUIRE(earlier.memory.releases.size() == 1);
    CHECK(shown_text(publish_beside(region, earlier), true) == shown_text(figures, true));
    CHECK(earlier.memory.releases.size() == 1);
  }
}

TEST_CASE("who is registered in one place and lives in another is not told by the two counts of a place") {
  Region region;
  GroupLists& lists = region.groups.lists;
  lists.places = numbered("P", 3), lists.networks = numbered("N", 1), lists.practices = numbered("D", 3);
  lists.neighbourhoods = numbered("H", 3), lists.areas = numbered("A", 3);
  lists.index_versions = {"2025"};
  lists.practice_place = lists.area_place = lists.area_neighbourhood = {0, 1, 2, 3};
  lists.practice_network = {0, 1, 1, 1};
  lists.area_fifth = {{0, 3, 3, 3}};
  std::vector<std::uint32_t> in, hit;
  const auto add = [&](int people, std::uint16_t practice, std::uint16_t area) {
    for (int i = 0; i < people; ++i) {
      const auto person = static_cast<std::uint32_t>(region.groups.born.size());
      region.groups.cells[0].push_back(practice == 0 ? no_cell : cell_of({practice, 0, 3, area == 0 ? 0U : 3U}));
      region.groups.cells[1].push_back(area == 0 ? no_cell : cell_of({area, 0, 3, 3}));
      region.groups.practices.push_back(practice), region.groups.areas.push_back(area);
      region.groups.born.push_back(19500615);
      region.groups.left_out.push_back(0);
      in.push_back(person);
      if (person % 2 == 0) hit.push_back(person);
    }
  };
  add(300, 2, 2), add(300, 3, 3), add(40, 2, 3), add(40, 3, 2), add(40, 2, 0), add(40, 3, 0), add(40, 0, 2), add(40, 0, 3);
  add(102, 1, 1), add(6, 1, 2);  // 108 are registered in the first place and 102 live there: shown as 110 and 100
  region.members.denominator.add(in);
  region.members.numerator.add(hit);
  const auto policy = trusting_in_rounding();
  const Publication unsafe = apart(region, policy, false);
  CHECK(ties_exposed(unsafe) > 0);
  bool told = false;
  for (const int cell : exposed_by_glpk(unsafe.judged, unsafe.hidden)) told = told || unsafe.keys[disclosure::at(cell)] == "d:registered only|elsewhere P1";
  CHECK(told);
  const auto figures = figures_of(tally_members(region.groups, region.members, march), lists, {}, march, false, policy);
  const Publication safe = publication_of(region, figures, policy, {}, false);
  CHECK(exposed_by_glpk(safe.judged, safe.hidden).empty());
  int shown_of_registered = 0;
  for (const auto& figure : figures) shown_of_registered += figure.basis == Basis::registered && figure.split == Split::none && figure.numerator ? 1 : 0;
  CHECK(shown_of_registered == 4);  // the whole and the places: residents yield
}

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
      const auto policy = trusting_in_rounding();
      const Publication without = publication_of(*region, alone, policy, before.memory, every_split);
      forgetful += exposed_by_glpk(without.judged, without.hidden).empty() ? 0 : 1;
      if (std::any_of(figures.begin(), figures.end(), [&](const auto& figure) { return figure.held_back; })) {  // it shows nothing that had not left
        ++held_back;
        CHECK(shown_text(figures, every_split) == shown_text(last, every_split));
      } else {
        const Publication beside = publication_of(*region, figures, policy, before.memory, every_split);
        CHECK(exposed_by_glpk(beside.judged, beside.hidden).empty());
        withheld += std::all_of(figures.begin(), figures.end(), [](const auto& figure) { return figure.withheld; }) ? 1 : 0;
      }
      last = figures;
      for (const auto& figure : figures) shown += figure.hidden ? 0 : 1;
      for (const auto& figure : alone) shown_alone += figure.hidden ? 0 : 1;
    }
  }
  CHECK(forgetful >= 4);  // each by itself would have been seen through
  CHECK(held_back < 5);
  CHECK(withheld == 0);
  CHECK(shown * 10 > shown_alone * 9);
}

TEST_CASE("figures published again of the same counts show what they showed, and are remembered once") {
  Random random(7);
  RegionShape shape;
  shape.areas = 20, shape.people = 2000, shape.asked = 0.9, shape.share = 0.4;
  const Region first = random_region(random, shape), second = corrected(random, first, 0.0007);
  EarlierFigures earlier;
  const auto then = publish_beside(first, earlier);
  const auto later = publish_beside(second, earlier);
  REQUIRE(earlier.memory.releases.size() == 2);
  const EarlierFigures kept = earlier;
  const auto hidden = [](const std::vector<MeasureFigure>& figures) {
    std::string text;
    for (const auto& figure : figures) text += figure.numerator ? 'o' : figure.denominator ? 'd' : '*';
    return text;
  };
  CHECK(hidden(publish_beside(second, earlier)) == hidden(later));
  CHECK(hidden(publish_beside(first, earlier)) == hidden(then));  // a snapshot of before, made current again
  CHECK(disclosure::to_text(earlier.memory) == disclosure::to_text(kept.memory));
  CHECK(disclosure::to_text(disclosure::memory_from_text(disclosure::to_text(kept.memory))) == disclosure::to_text(kept.memory));
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

TEST_CASE("figures come out of any population, however few or oddly placed its people are, and again a day later") {
  Random random(77);
  int published = 0;
  for (int round = 0; round < 16; ++round) {
    RegionShape shape;
    shape.places = 1 + random.below(4), shape.practices = shape.places + random.below(6), shape.areas = shape.places + random.below(12);
    shape.people = static_cast<int>(std::array{2, 9, 40, 150, 500}[random.below(5)]);
    shape.asked = random.chance(0.3) ? 1 : random.uniform(), shape.share = random.chance(0.2) ? (random.chance(0.5) ? 0 : 1) : random.uniform();
    Region region = random_region(random, shape);
    PersonGroups& groups = region.groups;
    // Areas in no fifth, areas and practices of no place; people of no list, of no home, of unknown sex, group and birthday.
    std::vector<std::uint8_t>& fifth = groups.lists.area_fifth[0];
    for (std::size_t area = 1; area < fifth.size(); ++area)
      if (random.chance(0.1)) fifth[area] = 0;
    for (auto* place : {&groups.lists.area_place, &groups.lists.practice_place})
      for (std::size_t i = 1; i < place->size(); ++i)
        if (random.chance(0.1)) (*place)[i] = 0;
    const double odd = random.chance(0.5) ? 0.3 : 0.02;
    for (std::size_t person = 0; person < groups.born.size(); ++person) {
      CellParts parts{0, static_cast<std::size_t>(random.chance(odd) ? sexes.size() - 1 : random.below(2)),
                      static_cast<std::size_t>(random.below(ethnic_groups.size())), 0};
      auto &practice = groups.practices[person], &area = groups.areas[person];
      if (random.chance(odd)) practice = 0;
      if (random.chance(odd)) area = 0;
      parts.fifth = fifth[area];
      parts.place = groups.lists.practice_place[practice];
      groups.cells[0][person] = practice == 0 && random.chance(0.8) ? no_cell : cell_of(parts);
      parts.place = groups.lists.area_place[area];
      groups.cells[1][person] = area == 0 ? no_cell : cell_of(parts);
      if (random.chance(odd)) groups.born[person] = 0;
      groups.left_out[person] = random.chance(0.05) ? 1 : 0;
    }
    MeasureShape of;
    of.events = random.chance(0.3);
    if (of.events)
      for (const auto person : region.members.numerator.places())
        if (random.chance(0.2)) region.members.more.emplace_back(person, 2 + static_cast<int>(random.below(3)));
    EarlierFigures earlier{"v1", {}};
    for (int day = 0; day < 2; ++day) {
      CAPTURE(round);
      CAPTURE(day);
      const Tally tally = tally_members(groups, region.members, march);
      std::vector<MeasureFigure> figures;
      REQUIRE_NOTHROW(figures = figures_of(tally, groups.lists, of, march, round % 3 != 0, trusting_in_rounding(), &earlier));
      for (const auto& figure : figures) published += figure.denominator ? 1 : 0;
      for (std::size_t person = 0; person < groups.left_out.size(); person += 17) groups.left_out[person] ^= 1;
    }
  }
  CHECK(published > 200);
}
