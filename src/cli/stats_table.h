// A table from standard input for `catchment stats`: columns found by any of their usual names without regard
// to case, blanks and NA as missing, results added as columns on the right.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.h"

namespace catchment::cli {

struct StatsOptions {
  std::optional<double> multiplier;
  std::vector<double> confidences;  // shares; empty = 0.95 and 0.998
  std::vector<std::string> by;
  int quantiles = 10;
  std::optional<bool> highest_first;
  std::string scale = "none";
  bool transform = false;
  int repetitions = 100000;
  std::uint64_t seed = 1;
  std::string rules = "making-data-count";
  std::string direction = "increase";
  std::optional<double> target;
  std::optional<std::size_t> fix_after;
  std::vector<std::size_t> rebase_at;
  std::string kind = "ratio";
  std::optional<double> baseline;
  double years = 1;
  bool screen = false;
};

class StatsTable {
 public:
  explicit StatsTable(CsvTable table) : table_(std::move(table)) {}

  std::size_t rows() const { return table_.rows.size(); }
  int line(std::size_t row) const { return table_.lines[row]; }
  /// Index of the first column with one of these names, or -1.
  int find(std::initializer_list<std::string_view> names) const;
  /// As find, but a missing column is an Error that lists what would do and what there is.
  int need(std::initializer_list<std::string_view> names) const;
  const std::string& cell(std::size_t row, int column) const { return table_.rows[row][static_cast<std::size_t>(column)]; }
  /// Missing for an empty cell or NA; a cell that is not a number is an Error with its line.
  std::optional<double> number(std::size_t row, int column) const;
  const std::vector<std::string>& header() const { return table_.header; }
  const std::vector<std::string>& cells(std::size_t row) const { return table_.rows[row]; }

  /// Rows by the values of the columns named (all rows in one group when there are none), in order of appearance.
  struct Group {
    std::vector<std::string> key;
    std::vector<std::size_t> rows;
  };
  std::vector<Group> groups(const std::vector<std::string>& by) const;

 private:
  CsvTable table_;
};

/// What a method returns: a header and rows, printed as CSV.
struct StatsResult {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

using StatsMethod = StatsResult (*)(const StatsTable&, const StatsOptions&);

struct StatsMethodEntry {
  std::string_view name;
  std::string_view columns;  // what it reads
  std::string_view about;
  StatsMethod run;
};

const std::vector<StatsMethodEntry>& stats_methods();

/// Shortest text that reads back the same; empty for a missing or non-finite value.
std::string shown(std::optional<double> value);
bool same_name(std::string_view a, std::string_view b);

}  // namespace catchment::cli
