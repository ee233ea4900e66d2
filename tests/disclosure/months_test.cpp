// Two months of one rounded count: what is told of the people who joined between them.
#include <doctest/doctest.h>

#include <algorithm>

#include "bounds.h"

using namespace catchment;
using namespace catchment::disclosure;

namespace {

enum : std::uint8_t { stayed, joined, left, before, after };

/// Who stayed, joined and left are not shown; the two months are.
LinkedCells two_months(std::int64_t were, std::int64_t came, std::int64_t went) {
  LinkedCells linked;
  const auto unknown = [&](std::int64_t count) {
    Cell cell;
    cell.count = count;
    cell.standing = Standing::unpublished;
    cell.sensitive = small(count);
    cell.protect = {1, Rules{}.hidden_up_to};
    linked.cells.push_back(cell);
  };
  unknown(were - went), unknown(came), unknown(went);
  for (const std::int64_t count : {were, were - went + came}) {
    Cell cell;
    cell.count = count;
    cell.known_shown = shown_range(count, {});
    linked.cells.push_back(cell);
  }
  linked.sums = {{before, {stayed, left}}, {after, {stayed, joined}}};
  return linked;
}

}  // namespace

TEST_CASE("rounding alone keeps the interval of those who joined or left between two months, unless the shown step is ten") {
  int steps_of_ten = 0, six_or_more = 0;
  for (std::int64_t were = 20; were < 45; ++were) {
    for (std::int64_t came = 0; came <= 8; ++came) {
      for (std::int64_t went = 0; went <= 8; ++went) {
        const LinkedCells linked = two_months(were, came, went);
        const std::int64_t step = rounded(were - went + came) - rounded(were);
        const std::vector<int> exposed = exposed_by_glpk(linked, {true, true, true, false, false});
        const bool joined_exposed = std::count(exposed.begin(), exposed.end(), joined) > 0, left_exposed = std::count(exposed.begin(), exposed.end(), left) > 0;
        CHECK(joined_exposed == (step == 10 && small(came)));
        CHECK(left_exposed == (step == -10 && small(went)));
        if (went != 0 || came < 6 || came > 7) continue;
        ++six_or_more;
        steps_of_ten += step == 10 ? 1 : 0;
      }
    }
  }
  CHECK(six_or_more == 50);
  CHECK(steps_of_ten == 15);  // of six who joined alone one in five, of seven two in five
}
