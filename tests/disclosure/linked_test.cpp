#include <doctest/doctest.h>

#include <numeric>

#include "base/error.h"
#include "bounds.h"
#include "random_release.h"

using namespace catchment;
using namespace catchment::disclosure;

namespace {

Cell exact_cell(std::int64_t count) {
  Cell cell;
  cell.count = count;
  cell.weight = (count == 0 ? 2 : 1) + static_cast<double>(count) / 1000;
  cell.known_shown = {count, count};
  cell.protect = {1, 7};
  if (small(count)) cell.standing = Standing::hidden, cell.sensitive = true;
  return cell;
}

/// Rows of counts with their margins: cells row by row, then row totals, column totals, the whole.
LinkedCells table(const std::vector<std::vector<std::int64_t>>& rows) {
  LinkedCells linked;
  const int height = static_cast<int>(rows.size()), width = static_cast<int>(rows[0].size());
  std::vector<std::int64_t> row_totals(rows.size()), column_totals(rows[0].size());
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < rows[r].size(); ++c)
      linked.cells.push_back(exact_cell(rows[r][c])), row_totals[r] += rows[r][c], column_totals[c] += rows[r][c];
  Sum all_rows{height * width + height + width, {}}, all_columns = all_rows;
  for (int r = 0; r < height; ++r) {
    Sum sum{height * width + r, {}};
    for (int c = 0; c < width; ++c) sum.parts.push_back(r * width + c);
    all_rows.parts.push_back(sum.whole);
    linked.sums.push_back(sum);
    linked.cells.push_back(exact_cell(row_totals[static_cast<std::size_t>(r)]));
  }
  for (int c = 0; c < width; ++c) {
    Sum sum{height * width + height + c, {}};
    for (int r = 0; r < height; ++r) sum.parts.push_back(r * width + c);
    all_columns.parts.push_back(sum.whole);
    linked.sums.push_back(sum);
    linked.cells.push_back(exact_cell(column_totals[static_cast<std::size_t>(c)]));
  }
  linked.cells.push_back(exact_cell(std::accumulate(row_totals.begin(), row_totals.end(), std::int64_t{0})));
  linked.sums.push_back(all_rows);
  linked.sums.push_back(all_columns);
  return linked;
}

std::vector<bool> own_rule_only(const LinkedCells& linked) {
  std::vector<bool> hidden;
  for (const Cell& cell : linked.cells) hidden.push_back(cell.standing != Standing::shown);
  return hidden;
}

std::vector<int> indices(const std::vector<bool>& hidden) {
  std::vector<int> found;
  for (std::size_t c = 0; c < hidden.size(); ++c)
    if (hidden[c]) found.push_back(static_cast<int>(c));
  return found;
}

}  // namespace

TEST_CASE("one small count in a row takes its cheapest sufficient neighbour with it") {
  const LinkedCells linked = table({{3, 40, 10, 90}});
  // A table of one row: every column total repeats its cell, and is hidden with it.
  const Protection protection = protect(linked);
  CHECK(indices(protection.hidden) == std::vector<int>{0, 2, 5, 7});
  CHECK(audit(linked, protection).empty());
  CHECK(exposed_by_glpk(linked, protection.hidden).empty());
}

TEST_CASE("one small count in a cross-tabulation hides a rectangle") {
  const LinkedCells linked = table({{3, 40, 50}, {20, 25, 60}, {70, 80, 30}});
  const Protection protection = protect(linked);
  CHECK(indices(protection.hidden) == std::vector<int>{0, 1, 3, 4});
  CHECK(exposed_by_glpk(linked, protection.hidden).empty());
}

TEST_CASE("hiding small counts alone is caught by the judge and by the auditor") {
  const LinkedCells linked = table({{3, 40, 50}, {20, 25, 60}, {70, 80, 30}});
  const std::vector<bool> hidden = own_rule_only(linked);
  CHECK(exposed_by_glpk(linked, hidden) == std::vector<int>{0});
  CHECK(prove(linked, hidden).unprotected == std::vector<int>{0});
  const auto known = reckon(linked, hidden);
  CHECK(known[0] == Range{3, 3});
}

TEST_CASE("two hidden counts that sum to few are not protection enough") {
  // A reader who sees 94 of 100 knows that the two hidden ones sum to 6.
  const LinkedCells linked = table({{2, 4, 54, 40}});
  CHECK_FALSE(exposed_by_glpk(linked, own_rule_only(linked)).empty());
  CHECK_FALSE(prove(linked, own_rule_only(linked)).unprotected.empty());
  const Protection protection = protect(linked);
  CHECK(protection.unprotected.empty());
  CHECK(exposed_by_glpk(linked, protection.hidden).empty());
}

TEST_CASE("a planted rectangle with one corner shown is caught") {
  const LinkedCells linked = table({{3, 40, 50}, {20, 25, 60}, {70, 80, 30}});
  std::vector<bool> hidden = protect(linked).hidden;
  hidden[4] = false;
  CHECK(exposed_by_glpk(linked, hidden) == std::vector<int>{0});
  CHECK(prove(linked, hidden).unprotected == std::vector<int>{0});
}

TEST_CASE("a forged proof does not pass the auditor") {
  const LinkedCells linked = table({{3, 40, 50}, {20, 25, 60}, {70, 80, 30}});
  Protection protection = protect(linked);
  REQUIRE(protection.proofs.size() == 1);
  CHECK(audit(linked, protection).empty());
  Protection moved = protection;
  moved.proofs[0].up[0].second += 1;
  CHECK(audit(linked, moved) == std::vector<int>{0});
  Protection shown = protection;
  shown.hidden[4] = false;
  CHECK(audit(linked, shown) == std::vector<int>{0});
  Protection none = protection;
  none.proofs.clear();
  CHECK(audit(linked, none) == std::vector<int>{0});
}

TEST_CASE("zeros stay shown and a table of few is hidden whole") {
  const LinkedCells linked = table({{3, 0}, {0, 0}});
  const Protection protection = protect(linked);
  CHECK(protection.unprotected.empty());
  CHECK(indices(protection.hidden) == std::vector<int>{0, 4, 6, 8});
  CHECK(exposed_by_glpk(linked, protection.hidden).empty());
}

TEST_CASE("sums that do not hold are refused") {
  LinkedCells linked = table({{3, 40}, {20, 25}});
  linked.cells[0].count = 4;
  CHECK_THROWS_AS(protect(linked), Error);
}

TEST_CASE("random tables of up to two thousand cells: no bound is tighter than declared") {
  Random random(20261122);
  std::int64_t small_cells = 0, tables_unsafe_without = 0;
  for (int round = 0; round < 40; ++round) {
    ReleaseShape shape;
    shape.places = 1 + static_cast<int>(random.below(3));
    shape.neighbourhoods = 1 + static_cast<int>(random.below(3));
    shape.areas = 1 + static_cast<int>(random.below(4));
    shape.groups = 1 + static_cast<int>(random.below(4));
    shape.people_by_cell = 3 + 60 * random.uniform() * random.uniform();
    shape.share = 0.05 + 0.9 * random.uniform();
    shape.second_grouping = random.chance(0.5);
    const RandomRelease release = random_release(random, shape);
    Policy policy;
    if (random.chance(0.3)) policy.reader_knows = ReaderKnows::rounded;
    const LinkedShares shares = link_shares(policy, release.lines, release.sums);
    REQUIRE(shares.linked.cells.size() <= 2000);
    const Protection protection = protect(shares.linked);
    CHECK(protection.unprotected.empty());
    CHECK(audit(shares.linked, protection).empty());
    CHECK(exposed_by_glpk(shares.linked, protection.hidden).empty());
    small_cells += static_cast<std::int64_t>(protection.proofs.size());
    tables_unsafe_without += exposed_by_glpk(shares.linked, own_rule_only(shares.linked)).empty() ? 0 : 1;
    const auto known = reckon(shares.linked, protection.hidden);
    for (std::size_t c = 0; c < known.size(); ++c) CHECK(known[c].holds(shares.linked.cells[c].count));
  }
  CHECK(small_cells > 700);
  CHECK(tables_unsafe_without > 25);  // the judge would have seen it
}

TEST_CASE("a release of nearly two thousand linked cells is judged whole") {
  Random random(7);
  ReleaseShape shape;
  shape.places = 4, shape.neighbourhoods = 3, shape.areas = 5, shape.groups = 5, shape.people_by_cell = 40;
  shape.second_grouping = true;
  const RandomRelease release = random_release(random, shape);
  const LinkedShares shares = link_shares({}, release.lines, release.sums);
  CHECK(shares.linked.cells.size() > 1500);
  REQUIRE(shares.linked.cells.size() <= 2000);
  const Protection protection = protect(shares.linked);
  CHECK(audit(shares.linked, protection).empty());
  CHECK(exposed_by_glpk(shares.linked, protection.hidden).empty());
}
