// All figures of one basis in one month before protection, and how they come out of it. Private to indicators.
// In: a tally, what places and groups there are, the crossings a policy allows. Out: lines and sums for disclosure; then figures.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "indicators/measure_figures.h"

namespace catchment::indicators {

/// One group's counts, by age band where they are to be standardised.
struct GroupCounts {
  Cell total;
  std::array<Cell, age_bands.size()> by_age;
  void add(const Cell& cell, std::size_t band) {
    total.add(cell);
    by_age[band].add(cell);
  }
};

/// A figure before protection.
struct Draft {
  MeasureFigure figure;
  Cell cell;
  std::optional<GroupCounts> by_age;
  bool published = true;
  bool left_out = false;  // of a crossing that stands in no table: hidden, and in no sum
};

/// Splits and their tables by name, numbered from one; headlines are split 0.
struct TableNumbers {
  std::map<std::string, int> splits, tables;
  static int of(std::map<std::string, int>& names, const std::string& name) { return names.emplace(name, static_cast<int>(names.size()) + 1).first->second; }
};

/// All figures of one basis in one month, and the sums a reader can reckon with.
class Drafts {
 public:
  Drafts(const BasisTally& of, const GroupLists& lists, Basis basis, Date month, const disclosure::Policy& policy)
      : of_(of), lists_(lists), basis_(basis), month_(month), whole_(lists.places.size()), policy_(policy) {}
  void add_all(bool every_split);
  /// Figures shown, of the lines of the drafts that stand from `first`.
  std::size_t shown_of(const disclosure::ShownShares& shown, std::size_t first, bool headlines_only = false) const;
  std::size_t lines() const;
  /// The crossings that have figures and are not left out.
  std::vector<Split> crossings() const;
  void leave_out(Split crossing);
  /// The crossings of which nothing is shown.
  std::vector<Split> hidden_crossings(const disclosure::ShownShares& shown, std::size_t first) const;
  /// The lines of the figures, in their order, and the sums.
  void add_to(LinkedFigures& linked, TableNumbers& numbers, const MeasureShape& shape) const;
  /// As they may be shown. `shown` is of its lines and in their order; `alone`, by each figure's own rule, is of the lines it had
  /// with nothing left out. Nothing of `shown`: all are hidden.
  void finish_into(std::vector<MeasureFigure>& figures, std::span<const disclosure::Proportion> shown, std::span<const disclosure::Proportion> alone,
                   const MeasureShape& shape);
  /// The figures of an earlier publication as they were shown, those it had and no others; when it had none of the basis, all hidden.
  void hold_back_into(std::vector<MeasureFigure>& figures, const disclosure::Release& release, const MeasureShape& shape);

 private:
  std::string key(Split split, const std::string& variant, std::size_t place, const std::string& group) const;
  static std::vector<Cell> gathered(const std::vector<Cell>& cells, const std::vector<std::uint16_t>& into, std::size_t groups);
  /// The parts with anybody in them, under the whole each belongs to. `kind` keeps sums over different parts apart.
  void part_of(const std::string& kind, const std::string& whole, const std::string& part) { sums_[{kind, whole}].push_back(part); }
  template <typename KeyOf, typename WholeOf>
  void sum_up(const std::vector<Cell>& cells, KeyOf key_of_part, WholeOf whole_of);
  MeasureFigure named(Split split, std::size_t place, int position, const std::string& group, const std::string& variant) const;
  void add_practices();
  void add_areas();
  /// Everything that place, age, sex, ethnic group and fifth make, from one look at each cell.
  void add_cells(bool every_split);
  template <std::size_t N>
  void add_groups(Split split, const std::string& variant, std::size_t place, const std::array<std::string_view, N>& names,
                  const std::vector<GroupCounts>& sums, bool of_places);
  /// Two groups at once, for the whole: each figure is a part of figures of the single splits, its margins. Those of an ethnic group
  /// who are in no fifth live outside nearly all; nobody shows them.
  void add_crossings();
  template <std::size_t Rows, std::size_t Columns, typename At>
  void add_crossing(Split split, const std::array<std::string_view, Rows>& rows, const std::array<std::string_view, Columns>& columns, At&& at);
  void add_list(Split split, const std::vector<std::string>& names, const std::vector<Cell>& cells);
  /// Fifths under another version of the index, from the small areas.
  void add_other_index(std::size_t version);
  static void finish(MeasureFigure& figure, const disclosure::Proportion& share, const MeasureShape& shape);
  /// From its key; nothing when it is of the other basis, or of a group that is no longer on the lists.
  std::optional<MeasureFigure> figure_of(const std::string& name) const;
  int position_of(Split split, const std::string& group) const;
  /// Whether a month that is not the latest has such a figure.
  bool in_series(const MeasureFigure& figure) const;
  /// Over the age bands in which the measure has anybody.
  void standardise(MeasureFigure& figure, const GroupCounts& sum, const MeasureShape& shape) const;

  const BasisTally& of_;
  const GroupLists& lists_;
  Basis basis_;
  Date month_;
  std::size_t whole_;
  const disclosure::Policy& policy_;
  bool every_split_ = false;
  GroupCounts everyone_;
  int kinds_ = 0;
  std::vector<Draft> drafts_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> sums_;  // by (kind, whole)
};

}  // namespace catchment::indicators
