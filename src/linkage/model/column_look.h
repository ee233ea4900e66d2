// What the values of a column look like, from at most a few thousand of its distinct texts and of its rows.
#pragma once

#include "linkage/tables/tables.h"

namespace catchment::linkage {

struct Look {
  double rows = 0, filled = 0, distinct = 0;
  double dates = 0, birth_years = 0, emails = 0, phones = 0, uk_postcodes = 0, nhs = 0, sexes = 0, numeric = 0, lettered = 0, spaced = 0;
  double first_named = 0, named = 0;  // of rows, not of texts: the first word, or any word, is a known given name
  double lowest = 1e18, highest = -1e18, length = 0;
  double share(double count) const { return seen == 0 ? 0 : count / seen; }
  double seen = 0;
};

Look look_at(const Tables::Column& column, std::size_t rows);

}  // namespace catchment::linkage
