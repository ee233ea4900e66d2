#include "bounds.h"

#include <glpk.h>

#include <limits>
#include <memory>
#include <stdexcept>

using namespace catchment::disclosure;

namespace {

struct Delete {
  void operator()(glp_prob* problem) const { glp_delete_prob(problem); }
};

void bound_column(glp_prob* problem, int column, const Range& range) {
  const bool open = range.high >= Range::unbounded;
  const int kind = open ? GLP_LO : range.low == range.high ? GLP_FX : GLP_DB;
  glp_set_col_bnds(problem, column, kind, static_cast<double>(range.low), open ? 0 : static_cast<double>(range.high));
}

double solve(glp_prob* problem, int column, int direction) {
  glp_smcp settings;
  glp_init_smcp(&settings);
  settings.msg_lev = GLP_MSG_OFF;
  glp_set_obj_dir(problem, direction);
  glp_set_obj_coef(problem, column, 1);
  const int failed = glp_simplex(problem, &settings);
  glp_set_obj_coef(problem, column, 0);
  if (failed != 0) throw std::runtime_error("GLPK stopped");
  const int status = glp_get_status(problem);
  if (status == GLP_UNBND) return std::numeric_limits<double>::infinity();
  if (status != GLP_OPT) throw std::runtime_error("GLPK finds no table at all");
  return glp_get_obj_val(problem);
}

}  // namespace

std::vector<std::pair<int, Bounds>> bounds_by_glpk(const LinkedCells& linked, const std::vector<bool>& hidden) {
  const std::unique_ptr<glp_prob, Delete> problem(glp_create_prob());
  glp_add_cols(problem.get(), static_cast<int>(linked.cells.size()));
  for (std::size_t c = 0; c < linked.cells.size(); ++c)
    bound_column(problem.get(), static_cast<int>(c) + 1, hidden[c] ? linked.cells[c].known_hidden : linked.cells[c].known_shown);
  for (const Sum& sum : linked.sums) {
    const int row = glp_add_rows(problem.get(), 1);
    glp_set_row_bnds(problem.get(), row, GLP_FX, 0, 0);
    std::vector<int> columns{0, sum.whole + 1};
    std::vector<double> values{0, -1};
    for (const int part : sum.parts) columns.push_back(part + 1), values.push_back(1);
    glp_set_mat_row(problem.get(), row, static_cast<int>(columns.size()) - 1, columns.data(), values.data());
  }
  std::vector<std::pair<int, Bounds>> result;
  for (std::size_t c = 0; c < linked.cells.size(); ++c) {
    if (!linked.cells[c].sensitive) continue;
    const int column = static_cast<int>(c) + 1;
    const double low = solve(problem.get(), column, GLP_MIN);
    result.push_back({static_cast<int>(c), {low, solve(problem.get(), column, GLP_MAX)}});
  }
  return result;
}

std::vector<int> exposed_by_glpk(const LinkedCells& linked, const std::vector<bool>& hidden) {
  std::vector<int> exposed;
  for (const auto& [cell, bounds] : bounds_by_glpk(linked, hidden)) {
    const Range& wanted = linked.cells[static_cast<std::size_t>(cell)].protect;
    if (bounds.low > static_cast<double>(wanted.low) + 1e-6 || bounds.high < static_cast<double>(wanted.high) - 1e-6) exposed.push_back(cell);
  }
  return exposed;
}
