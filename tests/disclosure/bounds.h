// The independent judge: linear programming bounds of every sensitive cell, by GLPK.
#pragma once

#include <utility>
#include <vector>

#include "disclosure/disclosure.h"

struct Bounds {
  double low = 0, high = 0;  // high is infinite when nothing bounds the cell
};

/// What a reader can work out of each sensitive cell with all sums at once, in the order of the cells.
std::vector<std::pair<int, Bounds>> bounds_by_glpk(const catchment::disclosure::LinkedCells& linked, const std::vector<bool>& hidden);

/// The sensitive cells whose bounds are tighter than their declared protection interval.
std::vector<int> exposed_by_glpk(const catchment::disclosure::LinkedCells& linked, const std::vector<bool>& hidden);
