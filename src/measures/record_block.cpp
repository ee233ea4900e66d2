#include "measures/record_block.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace catchment::measures {

using records::no_value;

namespace {

/// The first column of the kind, or one past the last.
std::size_t first_of(const records::Table& table, records::Kind kind) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(), [kind](const records::Column& column) { return column.kind == kind; });
  return static_cast<std::size_t>(found - table.columns.begin());
}

/// The rows of a block's table in the order of the snapshot's; missing values come last.
std::vector<std::size_t> in_order(const records::BlockTable& rows) {
  std::vector<std::size_t> order(rows.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t code = first_of(*rows.table, records::Kind::code), date = first_of(*rows.table, records::Kind::date);
  const auto key = [&](std::size_t row) {
    const auto cell = [&](std::size_t column) {
      const std::int64_t value = column < rows.cells.size() ? rows.cells[column][row] : no_value;
      return value == no_value ? INT64_MAX : value;
    };
    return std::tuple(cell(code), cell(date), rows.sources[row], rows.lines[row]);
  };
  std::stable_sort(order.begin(), order.end(), [&key](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return order;
}

}  // namespace

BlockRecord::BlockRecord(const records::PersonBlock& block, const records::Dictionaries& words, bool with_organisations) : view_(columns_, words) {
  const bool bare = block.summary.restricted && !with_organisations;
  RowRanges ranges{};
  for (const records::BlockTable& rows : block.tables) {
    const auto table = static_cast<std::size_t>(rows.table - std::begin(records::tables));
    RowColumns& into = columns_[table];
    into.cells.resize(rows.table->columns.size());
    into.texts = rows.texts;
    into.rows = rows.rows();
    ranges[table] = {0, rows.rows()};
    for (const std::size_t row : in_order(rows)) {
      into.sources.push(rows.sources[row]);
      into.lines.push(rows.lines[row]);
      into.organisations.push(bare ? no_value : rows.organisations[row]);
      for (std::size_t column = 0; column < into.cells.size(); ++column) {
        const bool hidden = bare && rows.table->columns[column].kind == records::Kind::organisation;
        into.cells[column].push(hidden ? no_value : rows.cells[column][row]);
      }
    }
  }
  records::PersonSummary person = block.summary;
  person.person = {};
  if (bare) person.practice = {};
  view_.begin(person, ranges);
}

}  // namespace catchment::measures
