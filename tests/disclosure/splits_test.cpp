#include <doctest/doctest.h>

#include <algorithm>

#include "bounds.h"
#include "random_release.h"

using namespace catchment;
using namespace catchment::disclosure;

namespace {

Policy policy_for(ReaderKnows knows) {
  Policy policy;
  policy.reader_knows = knows;
  return policy;
}

ShareLine line(const std::string& key, std::int64_t numerator, std::int64_t denominator, TablePlace place = {}) {
  ShareLine made;
  made.key = key, made.numerator = numerator, made.denominator = denominator, made.place = place;
  return made;
}

/// The lines of a random release as headlines (areas over all groups) and two splits (by group, by age), small areas last.
void place_lines(RandomRelease& release) {
  std::map<std::string, int> tables;
  for (ShareLine& each : release.lines) {
    const std::size_t bar = each.key.find('|');
    const std::string area = each.key.substr(0, bar), group = each.key.substr(bar + 1);
    const bool leaf = area.find('a', 1) != std::string::npos && area != "all";
    if (group == "all" && !leaf) continue;
    const int split = leaf ? 3 : group[0] == 'g' ? 1 : 2;
    each.place = {leaf ? 2 : 1, split, tables.emplace(std::to_string(split) + area, static_cast<int>(tables.size()) + 1).first->second};
  }
}

/// The release as a reader would judge it: cells that need no proof are not looked at.
LinkedCells judged(LinkedCells linked, const SplitProtection& found) {
  for (std::size_t c = 0; c < linked.cells.size(); ++c)
    if (found.released[c]) linked.cells[c].sensitive = false;
  return linked;
}

}  // namespace

TEST_CASE("a split gives way before the whole does, and of its groups the smallest that suffices") {
  const std::vector<ShareLine> lines = {line("all", 400, 900), line("asian", 6, 100, {1, 1, 1}), line("black", 60, 200, {1, 1, 1}),
                                        line("white", 334, 600, {1, 1, 1})};
  const ShownShares shown = protect_shares(policy_for(ReaderKnows::exact), lines, {{"all", {"asian", "black", "white"}}});
  CHECK(shown.shares[0].share);
  CHECK_FALSE(shown.shares[1].share);
  CHECK_FALSE(shown.shares[2].share);
  CHECK(shown.shares[3].share);
  CHECK(shown.table_hidden == std::vector<bool>(4, false));
}

TEST_CASE("nothing more is hidden where rounding protects already") {
  // A reader knows each of eight groups to within five: the ninth may be anything from 0 to over 20.
  std::vector<ShareLine> lines = {line("all", 323, 3230), line("small", 3, 30, {1, 1, 1})};
  NamedSum sum{"all", {"small"}};
  for (int g = 0; g < 8; ++g) {
    lines.push_back(line("g" + std::to_string(g), 40, 400, {1, 1, 1}));
    sum.parts.push_back(lines.back().key);
  }
  CHECK(protect_shares(policy_for(ReaderKnows::rounded), lines, {sum}).loss.hidden_for_others == 0);
  CHECK(protect_shares(policy_for(ReaderKnows::exact), lines, {sum}).loss.hidden_for_others == 1);
}

TEST_CASE("a table of which nearly everything is hidden is hidden whole, and the whole stays") {
  std::vector<ShareLine> lines = {line("all", 62, 700)};
  NamedSum sum{"all", {}};
  for (int g = 0; g < 10; ++g) {
    lines.push_back(line("g" + std::to_string(g), g == 0 ? 26 : 4, 70, {1, 1, 1}));
    sum.parts.push_back(lines.back().key);
  }
  Policy policy = policy_for(ReaderKnows::rounded);
  policy.most_hidden_percent = 85;
  const ShownShares shown = protect_shares(policy, lines, {sum});
  CHECK(shown.shares[0].share);
  for (std::size_t l = 1; l < lines.size(); ++l) {
    CHECK(shown.table_hidden[l]);
    CHECK(shown.shares[l].denominator.hidden());
  }
  policy.most_hidden_percent = 100;
  CHECK(protect_shares(policy, lines, {sum}).shares[1].share);
}

TEST_CASE("many events of few people are hidden and cannot be had from their neighbours") {
  std::vector<ShareLine> lines = {line("all", 440, 900), line("a", 40, 300, {1, 1, 1}), line("b", 190, 300, {1, 1, 1}), line("c", 210, 300, {1, 1, 1})};
  for (ShareLine& each : lines) each.part = false, each.people = each.numerator;
  lines[1].people = 3;
  const ShownShares shown = protect_shares(policy_for(ReaderKnows::exact), lines, {{"all", {"a", "b", "c"}}});
  CHECK(shown.shares[0].share);
  CHECK_FALSE(shown.shares[1].share);
  CHECK_FALSE(shown.shares[2].share);
  CHECK(shown.shares[3].share);
}

TEST_CASE("an unpublished part keeps its siblings from being worked out") {
  std::vector<ShareLine> lines = {line("all", 400, 900), line("a", 3, 200, {1, 1, 1}), line("b", 300, 500, {1, 1, 1}), line("unknown", 97, 200, {1, 1, 1})};
  CHECK(protect_shares(policy_for(ReaderKnows::exact), lines, {{"all", {"a", "b", "unknown"}}}).loss.hidden_for_others == 1);
  lines[3].published = false;
  CHECK(protect_shares(policy_for(ReaderKnows::exact), lines, {{"all", {"a", "b", "unknown"}}}).loss.hidden_for_others == 0);
}

TEST_CASE("random releases with headlines: every figure is as safe as declared, and headlines are hidden only for one another") {
  Random random(20261123);
  std::size_t tables_hidden = 0, tables = 0;
  for (int round = 0; round < 30; ++round) {
    ReleaseShape shape;
    shape.places = 2 + static_cast<int>(random.below(2));
    shape.neighbourhoods = 1 + static_cast<int>(random.below(3));
    shape.areas = 1 + static_cast<int>(random.below(4));
    shape.groups = 2 + static_cast<int>(random.below(3));
    shape.people_by_cell = 3 + 60 * random.uniform() * random.uniform();
    shape.share = 0.05 + 0.9 * random.uniform();
    shape.second_grouping = random.chance(0.5);
    RandomRelease release = random_release(random, shape);
    place_lines(release);
    const Policy policy = policy_for(random.chance(0.7) ? ReaderKnows::rounded : ReaderKnows::exact);
    const LinkedShares shares = link_shares(policy, release.lines, release.sums);
    std::vector<bool> counted(shares.linked.cells.size());
    for (const int cell : shares.numerator) counted[at(cell)] = true;
    const SplitProtection found = protect_splits(shares.linked, shares.places, counted, 90);
    CHECK(found.protection.unprotected.empty());
    const LinkedCells looked_at = judged(shares.linked, found);
    CHECK(audit(looked_at, found.protection).empty());
    CHECK(exposed_by_glpk(looked_at, found.protection.hidden).empty());
    tables_hidden += found.hidden_tables.size();
    for (const TablePlace& place : shares.places) tables = std::max(tables, static_cast<std::size_t>(place.table));
    // The headlines by themselves, as if there were no split.
    RandomRelease alone;
    std::vector<std::size_t> lines;
    for (std::size_t l = 0; l < release.lines.size(); ++l)
      if (release.lines[l].place.split == 0) alone.lines.push_back(release.lines[l]), lines.push_back(l);
    for (const NamedSum& sum : release.sums) {
      const auto headline = [&](const std::string& key) {
        return std::any_of(alone.lines.begin(), alone.lines.end(), [&](const ShareLine& each) { return each.key == key; });
      };
      if (headline(sum.whole) && std::all_of(sum.parts.begin(), sum.parts.end(), headline)) alone.sums.push_back(sum);
    }
    const ShownShares headlines = protect_shares(policy, alone.lines, alone.sums);
    for (std::size_t h = 0; h < lines.size(); ++h)
      if (headlines.shares[h].share) CHECK_FALSE(found.protection.hidden[at(shares.numerator[lines[h]])]);
  }
  CHECK(tables_hidden > 0);
}
