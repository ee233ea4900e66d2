#include "indicators/measure_figures.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "indicators/both_bases.h"
#include "stats/stats.h"

namespace catchment::indicators {

namespace {

constexpr std::array<double, 1> figure_confidences = {0.95};
constexpr double registered_over_resident = 1.5;  // what hiding a headline costs
constexpr int most_columns = 10;  // of a crossing
constexpr std::array<std::string_view, 11> split_words = {"",          "network", "practice", "neighbourhood",         "area",   "deprivation",
                                                          "ethnicity", "age",     "sex",      "ethnicity_deprivation", "age_sex"};

/// One group's counts, by age band where they are to be standardised.
struct Sum {
  Cell total;
  std::array<Cell, age_bands.size()> by_age;
  void add(const Cell& cell, std::size_t band) {
    total.add(cell);
    by_age[band].add(cell);
  }
};

/// What is hidden first when something must be: crossings; then of residents small areas, splits of places and neighbourhoods, splits of
/// the whole; then the same of registered people, with practices for areas and networks for neighbourhoods; the whole and the places
/// last of all. Nothing of registered people but crossings and headlines is hidden for the sake of residents.
int tier_of(const MeasureFigure& figure) {
  const int before = figure.basis == Basis::resident ? 3 : 0;
  switch (figure.split) {
    case Split::none: return 0;
    case Split::ethnicity_deprivation:
    case Split::age_sex: return 7;
    case Split::area:
    case Split::practice: return before + 3;
    case Split::network:
    case Split::neighbourhood: return before + 2;
    default: return before + (figure.place.empty() ? 1 : 2);
  }
}

/// A figure before protection.
struct Draft {
  MeasureFigure figure;
  Cell cell;
  std::optional<Sum> by_age;
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

  void add_all(bool every_split) {
    every_split_ = every_split;
    add_cells(every_split);
    if (!every_split) return;
    if (basis_ == Basis::registered) add_practices();
    if (basis_ == Basis::resident) add_areas();
    for (std::size_t version = 1; version < lists_.index_versions.size(); ++version) add_other_index(version);
  }

  /// Figures shown, of the lines of the drafts that stand from `first`.
  std::size_t shown_of(const disclosure::ShownShares& shown, std::size_t first, bool headlines_only = false) const {
    std::size_t count = 0, line = first;
    for (const Draft& draft : drafts_) {
      if (draft.left_out) continue;
      const bool counts = draft.published && (!headlines_only || draft.figure.split == Split::none);
      count += counts && shown.shares[line].share ? 1 : 0;
      ++line;
    }
    return count;
  }

  std::size_t lines() const {
    return static_cast<std::size_t>(std::count_if(drafts_.begin(), drafts_.end(), [](const Draft& draft) { return !draft.left_out; }));
  }

  /// The crossings that have figures and are not left out.
  std::vector<Split> crossings() const {
    std::vector<Split> found;
    for (const Draft& draft : drafts_)
      if (crossed_of(draft.figure.split) && !draft.left_out && std::find(found.begin(), found.end(), draft.figure.split) == found.end())
        found.push_back(draft.figure.split);
    return found;
  }

  void leave_out(Split crossing) {
    for (Draft& draft : drafts_) draft.left_out = draft.left_out || draft.figure.split == crossing;
    std::erase_if(sums_, [&](const auto& sum) { return sum.first.first == to_string(crossing); });
  }

  /// The crossings of which nothing is shown.
  std::vector<Split> hidden_crossings(const disclosure::ShownShares& shown, std::size_t first) const {
    std::vector<Split> hidden = crossings();
    std::size_t line = first;
    for (const Draft& draft : drafts_) {
      if (draft.left_out) continue;
      if (draft.published && shown.shares[line].denominator.shown) std::erase(hidden, draft.figure.split);
      ++line;
    }
    return hidden;
  }

  /// The lines of the figures, in their order, and the sums.
  void add_to(LinkedFigures& linked, TableNumbers& numbers, const MeasureShape& shape) const {
    for (const Draft& draft : drafts_) {
      if (draft.left_out) continue;
      const MeasureFigure& figure = draft.figure;
      disclosure::ShareLine& line = linked.lines.emplace_back();
      line.key = key_of(figure);
      line.numerator = shape.events ? draft.cell.events : draft.cell.hits;
      line.denominator = draft.cell.people;
      line.part = !shape.events;
      if (shape.events) line.people = draft.cell.hits;
      line.published = draft.published;
      if (figure.split == Split::none && basis_ == Basis::registered) line.cost = registered_over_resident;
      if (figure.split == Split::none) continue;
      const std::string split = std::string(to_string(basis_)) + "|" + std::string(to_string(figure.split)) + "|" + figure.variant;
      line.place = {tier_of(figure), TableNumbers::of(numbers.splits, split), TableNumbers::of(numbers.tables, split + "|" + figure.place)};
    }
    for (const auto& [whole, parts] : sums_) linked.sums.push_back({whole.second, parts});
  }

  /// As they may be shown. `shown` is of its lines and in their order; `alone`, by each figure's own rule, is of the lines it had
  /// with nothing left out. Nothing of `shown`: all are hidden.
  void finish_into(std::vector<MeasureFigure>& figures, std::span<const disclosure::Proportion> shown, std::span<const disclosure::Proportion> alone,
                   const MeasureShape& shape) {
    const disclosure::Proportion hidden;
    std::size_t line = 0;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      const disclosure::Proportion& share = drafts_[i].left_out || shown.empty() ? hidden : shown[line++];
      if (!drafts_[i].published) continue;
      MeasureFigure& figure = drafts_[i].figure;
      finish(figure, share, shape);
      if (!figure.hidden && shape.standardised && drafts_[i].by_age) standardise(figure, *drafts_[i].by_age, shape);
      figure.hidden_for_others = figure.hidden && !alone.empty() && !alone[i].numerator.hidden() && !alone[i].denominator.hidden();
      figures.push_back(std::move(figure));
    }
  }

  /// The figures of an earlier publication as they were shown, those it had and no others; when it had none of the basis, all hidden.
  void hold_back_into(std::vector<MeasureFigure>& figures, const disclosure::Release& release, const MeasureShape& shape) {
    const std::size_t had = figures.size();
    std::map<std::string_view, const disclosure::ReleasedCell*> denominators;
    for (const auto& cell : release.cells)
      if (cell.key.starts_with("d:")) denominators.emplace(std::string_view(cell.key).substr(2), &cell);
    for (const auto& cell : release.cells) {
      if (cell.unpublished || !cell.key.starts_with("n:")) continue;
      auto figure = figure_of(cell.key.substr(2));
      if (!figure || (!every_split_ && !in_series(*figure))) continue;
      finish(*figure, {{cell.shown}, {denominators.at(std::string_view(cell.key).substr(2))->shown}, {}}, shape);
      figure->held_back = true;
      figures.push_back(std::move(*figure));
    }
    if (figures.size() > had) return;
    finish_into(figures, {}, {}, shape);
    for (std::size_t f = had; f < figures.size(); ++f) figures[f].withheld = true;
  }

 private:
  std::string key(Split split, const std::string& variant, std::size_t place, const std::string& group) const {
    return key_of(basis_, split, variant, place < whole_ ? lists_.places[place] : "", group);
  }

  static std::vector<Cell> gathered(const std::vector<Cell>& cells, const std::vector<std::uint16_t>& into, std::size_t groups) {
    std::vector<Cell> sums(groups);
    for (std::size_t i = 0; i < cells.size(); ++i) sums[into[i]].add(cells[i]);
    return sums;
  }

  /// The parts with anybody in them, under the whole each belongs to. `kind` keeps sums over different parts apart.
  void part_of(const std::string& kind, const std::string& whole, const std::string& part) { sums_[{kind, whole}].push_back(part); }

  template <typename KeyOf, typename WholeOf>
  void sum_up(const std::vector<Cell>& cells, KeyOf key_of_part, WholeOf whole_of) {
    const std::string kind = std::to_string(++kinds_);
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].people > 0) part_of(kind, whole_of(i), key_of_part(i));
  }

  MeasureFigure named(Split split, std::size_t place, int position, const std::string& group, const std::string& variant) const {
    MeasureFigure figure;
    figure.basis = basis_;
    figure.split = split;
    figure.variant = variant;
    figure.month = month_;
    if (place < whole_) figure.place = lists_.places[place];
    figure.position = position;
    figure.group = group;
    return figure;
  }

  void add_practices() {
    add_list(Split::practice, lists_.practices, of_.practices);
    add_list(Split::network, lists_.networks, gathered(of_.practices, lists_.practice_network, lists_.networks.size()));
    const auto practice_key = [&](std::size_t i) { return key(Split::practice, "", whole_, lists_.practices[i]); };
    sum_up(of_.practices, practice_key, [&](std::size_t i) { return key(Split::network, "", whole_, lists_.networks[lists_.practice_network[i]]); });
    sum_up(of_.practices, practice_key, [&](std::size_t) { return key(Split::none, "", whole_, ""); });
    sum_up(of_.practices, practice_key, [&](std::size_t i) { return key(Split::none, "", lists_.practice_place[i], ""); });
  }

  void add_areas() {
    add_list(Split::area, lists_.areas, of_.areas);
    add_list(Split::neighbourhood, lists_.neighbourhoods, gathered(of_.areas, lists_.area_neighbourhood, lists_.neighbourhoods.size()));
    const auto area_key = [&](std::size_t i) { return key(Split::area, "", whole_, lists_.areas[i]); };
    sum_up(of_.areas, area_key, [&](std::size_t i) { return key(Split::neighbourhood, "", whole_, lists_.neighbourhoods[lists_.area_neighbourhood[i]]); });
    for (std::size_t version = 0; version < lists_.index_versions.size(); ++version)  // everyone knows in which fifth an area is
      sum_up(of_.areas, area_key, [&](std::size_t i) {
        return key(Split::deprivation, lists_.index_versions[version], lists_.area_place[i], std::string(fifths[lists_.area_fifth[version][i]]));
      });
  }

  /// Everything that place, age, sex, ethnic group and fifth make, from one look at each cell.
  void add_cells(bool every_split) {
    std::vector<Sum> none(whole_ + 1), ages((whole_ + 1) * age_bands.size()), by_sex((whole_ + 1) * sexes.size()),
        by_ethnic((whole_ + 1) * ethnic_groups.size()), by_fifth((whole_ + 1) * fifths.size());
    for (std::size_t i = 0; i < of_.cells.size(); ++i) {
      const Cell& cell = of_.cells[i];
      if (cell.people == 0) continue;
      const std::size_t band = i % age_bands.size();
      const CellParts parts = parts_of(static_cast<std::uint16_t>(i / age_bands.size()));
      for (const std::size_t place : {parts.place, whole_}) {
        none[place].add(cell, band);
        ages[place * age_bands.size() + band].add(cell, band);
        by_sex[place * sexes.size() + parts.sex].add(cell, band);
        by_ethnic[place * ethnic_groups.size() + parts.ethnic_group].add(cell, band);
        by_fifth[place * fifths.size() + parts.fifth].add(cell, band);
      }
    }
    if (every_split && basis_ == Basis::registered) add_crossings();
    everyone_ = none[whole_];
    for (std::size_t place = 0; place <= whole_; ++place) {
      if (none[place].total.people == 0) continue;
      drafts_.push_back({named(Split::none, place, 0, "", ""), none[place].total, none[place]});
      if (place < whole_) part_of("places", key(Split::none, "", whole_, ""), key(Split::none, "", place, ""));
      if (!every_split && place != whole_) continue;
      add_groups(Split::ethnicity, "", place, ethnic_groups, by_ethnic, every_split);
      add_groups(Split::deprivation, lists_.index_versions[0], place, fifths, by_fifth, every_split);
      if (!every_split) continue;
      add_groups(Split::age, "", place, age_bands, ages, true);
      add_groups(Split::sex, "", place, sexes, by_sex, true);
    }
  }

  template <std::size_t N>
  void add_groups(Split split, const std::string& variant, std::size_t place, const std::array<std::string_view, N>& names, const std::vector<Sum>& sums,
                  bool of_places) {
    for (std::size_t g = 0; g < N; ++g) {
      const Sum& sum = sums[place * N + g];
      if (sum.total.people == 0) continue;
      const std::string group(names[g]), own = key(split, variant, place, group);
      drafts_.push_back({named(split, place, static_cast<int>(group == "unknown" ? N : g), group, variant), sum.total,
                         split == Split::age ? std::nullopt : std::optional<Sum>(sum)});
      part_of(std::string(to_string(split)), key(Split::none, "", place, ""), own);
      if (of_places && place < whole_) part_of("places", key(split, variant, whole_, group), own);
    }
  }

  /// Two groups at once, for the whole: each figure is a part of figures of the single splits, its margins. Those of an ethnic group
  /// who are in no fifth live outside nearly all; nobody shows them.
  void add_crossings() {
    add_crossing(Split::ethnicity_deprivation, ethnic_groups, fifths,
                 [](std::size_t, const CellParts& parts) { return std::array{parts.ethnic_group, parts.fifth}; });
    add_crossing(Split::age_sex, age_bands, sexes, [](std::size_t band, const CellParts& parts) { return std::array{band, parts.sex}; });
  }

  template <std::size_t Rows, std::size_t Columns, typename At>
  void add_crossing(Split split, const std::array<std::string_view, Rows>& rows, const std::array<std::string_view, Columns>& columns, At&& at) {
    const std::string word(to_string(split));
    if (std::find(policy_.crossings.begin(), policy_.crossings.end(), word) == policy_.crossings.end()) return;
    std::vector<Cell> cells(Rows * Columns);
    for (std::size_t i = 0; i < of_.cells.size(); ++i) {
      if (of_.cells[i].people == 0) continue;
      const auto [row, column] = at(i % age_bands.size(), parts_of(static_cast<std::uint16_t>(i / age_bands.size())));
      cells[row * Columns + column].add(of_.cells[i]);
    }
    const auto margins = *crossed_of(split);
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (cells[c].people == 0) continue;
      const std::array<std::string, 2> words = {std::string(rows[c / Columns]), std::string(columns[c % Columns])};
      const std::string group = words[0] + "." + words[1], own = key(split, "", whole_, group);
      drafts_.push_back({named(split, whole_, position_of(split, group), group, ""), cells[c], std::nullopt, split == Split::age_sex || words[1] != fifths[0]});
      // Those nobody shows add up to the figure of the unknown fifth, which the other sums say already.
      for (std::size_t m = 0; m < (drafts_.back().published ? margins.size() : 1); ++m)
        part_of(word, key(margins[m], margins[m] == Split::deprivation ? lists_.index_versions[0] : "", whole_, words[m]), own);
    }
  }

  void add_list(Split split, const std::vector<std::string>& names, const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].people > 0) drafts_.push_back({named(split, whole_, static_cast<int>(i), names[i], ""), cells[i], std::nullopt});
  }

  /// Fifths under another version of the index, from the small areas.
  void add_other_index(std::size_t version) {
    std::vector<Cell> sums((whole_ + 1) * fifths.size());
    for (std::size_t area = 0; area < of_.areas.size(); ++area) {
      const std::size_t fifth = lists_.area_fifth[version][area];
      sums[whole_ * fifths.size() + fifth].add(of_.areas[area]);
      if (basis_ == Basis::resident) sums[lists_.area_place[area] * fifths.size() + fifth].add(of_.areas[area]);
    }
    const std::string& variant = lists_.index_versions[version];
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (sums[i].people == 0) continue;
      const std::size_t fifth = i % fifths.size(), place = i / fifths.size();
      const std::string group(fifths[fifth]), own = key(Split::deprivation, variant, place, group);
      drafts_.push_back({named(Split::deprivation, place, static_cast<int>(fifth == 0 ? fifths.size() : fifth), group, variant), sums[i], std::nullopt});
      part_of("index " + variant, key(Split::none, "", place, ""), own);
      if (place < whole_) part_of("places", key(Split::deprivation, variant, whole_, group), own);
    }
  }

  static void finish(MeasureFigure& figure, const disclosure::Proportion& share, const MeasureShape& shape) {
    figure.denominator = share.denominator.shown;
    figure.hidden = share.denominator.hidden() || share.numerator.hidden();
    if (figure.hidden) return;
    figure.numerator = share.numerator.shown;
    const double x = static_cast<double>(*figure.numerator), n = static_cast<double>(*figure.denominator);
    const stats::Estimate estimate =
        shape.events ? stats::rate(x, n, shape.per, figure_confidences) : stats::proportion(std::min(x, n), n, shape.per, figure_confidences);
    figure.value = estimate.value;
    if (estimate.value && !estimate.intervals.empty() && estimate.intervals[0])
      figure.low = estimate.intervals[0]->low, figure.high = estimate.intervals[0]->high;
  }

  /// From its key; nothing when it is of the other basis, or of a group that is no longer on the lists.
  std::optional<MeasureFigure> figure_of(const std::string& name) const {
    std::array<std::string, 5> words;  // basis, split, variant, place, group
    std::size_t from = 0;
    for (std::size_t w = 0; w < words.size(); ++w) {
      const std::size_t bar = w + 1 < words.size() ? name.find('|', from) : std::string::npos;
      words[w] = name.substr(from, bar == std::string::npos ? bar : bar - from);
      from = bar + 1;
    }
    const auto split = split_named(words[1]);
    const auto place = std::find(lists_.places.begin(), lists_.places.end(), words[3]);
    if (words[0] != to_string(basis_) || !split || (!words[3].empty() && place == lists_.places.end())) return std::nullopt;
    const int position = position_of(*split, words[4]);
    if (position < 0) return std::nullopt;
    return named(*split, words[3].empty() ? whole_ : static_cast<std::size_t>(place - lists_.places.begin()), position, words[4], words[2]);
  }

  int position_of(Split split, const std::string& group) const {
    const auto among = [&](const auto& names) {
      const auto found = std::find(names.begin(), names.end(), group);
      return found == names.end() ? -1 : static_cast<int>(found - names.begin());
    };
    const auto among_groups = [&](const auto& names) { return group == "unknown" ? static_cast<int>(names.size()) : among(names); };
    switch (split) {
      case Split::none: return 0;
      case Split::network: return among(lists_.networks);
      case Split::practice: return among(lists_.practices);
      case Split::neighbourhood: return among(lists_.neighbourhoods);
      case Split::area: return among(lists_.areas);
      case Split::deprivation: return among_groups(fifths);
      case Split::ethnicity: return among_groups(ethnic_groups);
      case Split::age: return among_groups(age_bands);
      case Split::sex: return among_groups(sexes);
      case Split::ethnicity_deprivation:
      case Split::age_sex: {
        const auto words = words_of_crossing(group);
        const auto splits = *crossed_of(split);
        const int row = position_of(splits[0], words[0]), column = position_of(splits[1], words[1]);
        return row < 0 || column < 0 ? -1 : row * most_columns + column;
      }
    }
    return -1;
  }

  /// Whether a month that is not the latest has such a figure.
  bool in_series(const MeasureFigure& figure) const {
    if (figure.split == Split::none) return true;
    return figure.place.empty() && (figure.split == Split::ethnicity || (figure.split == Split::deprivation && figure.variant == lists_.index_versions[0]));
  }

  /// Over the age bands in which the measure has anybody.
  void standardise(MeasureFigure& figure, const Sum& sum, const MeasureShape& shape) const {
    std::vector<stats::Stratum> strata;
    for (std::size_t band = 0; band < stats::european_standard_2013.size(); ++band) {
      if (everyone_.by_age[band].people == 0) continue;
      const Cell& cell = sum.by_age[band];
      strata.push_back(
          {static_cast<double>(cell.events), static_cast<double>(cell.people), stats::european_standard_2013[band], static_cast<double>(cell.squares)});
    }
    const stats::Estimate rate = stats::direct_rate(strata, shape.per, shape.events, figure_confidences);
    if (!rate.value || rate.intervals.empty() || !rate.intervals[0]) return;
    figure.standardised = rate.value;
    figure.standardised_low = rate.intervals[0]->low;
    figure.standardised_high = rate.intervals[0]->high;
  }

  const BasisTally& of_;
  const GroupLists& lists_;
  Basis basis_;
  Date month_;
  std::size_t whole_;
  const disclosure::Policy& policy_;
  bool every_split_ = false;
  Sum everyone_;
  int kinds_ = 0;
  std::vector<Draft> drafts_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> sums_;  // by (kind, whole)
};

std::vector<Drafts> drafts_of(const Tally& tally, const GroupLists& lists, Date month, bool every_split, const disclosure::Policy& policy) {
  std::vector<Drafts> drafts;
  for (const Basis basis : {Basis::registered, Basis::resident}) {
    drafts.emplace_back(tally.by_basis[static_cast<std::size_t>(basis)], lists, basis, month, policy);
    drafts.back().add_all(every_split);
  }
  return drafts;
}

/// The lines of the drafts stand first, in their order.
LinkedFigures linked(const std::vector<Drafts>& drafts, const Tally& tally, const GroupLists& lists, const MeasureShape& shape,
                     const disclosure::Rules& of_policy) {
  LinkedFigures together;
  TableNumbers numbers;
  for (const Drafts& each : drafts) each.add_to(together, numbers, shape);
  tie_bases(together, tally, lists, shape, of_policy);
  return together;
}

LinkedFigures of_one(const Drafts& drafts, const MeasureShape& shape) {
  LinkedFigures linked;
  TableNumbers numbers;
  drafts.add_to(linked, numbers, shape);
  return linked;
}

/// Whether a release has lines that start so: "resident|".
bool has_lines(const disclosure::Release& release, std::string_view start) {
  return std::any_of(release.cells.begin(), release.cells.end(), [&](const auto& cell) { return std::string_view(cell.key).substr(2).starts_with(start); });
}

// The id of a release: the measure's version, and how many publications there had been.
std::string version_of(const disclosure::Release& release) { return release.id.substr(0, release.id.rfind(' ')); }
long long number_of(const disclosure::Release& release) { return std::stoll(release.id.substr(release.id.rfind(' ') + 1)); }

}  // namespace

std::string key_of(Basis basis, Split split, std::string_view variant, std::string_view place, std::string_view group) {
  std::string key(to_string(basis));
  for (const std::string_view word : {to_string(split), variant, place, group}) key.append("|").append(word);
  return key;
}

std::string key_of(const MeasureFigure& figure) { return key_of(figure.basis, figure.split, figure.variant, figure.place, figure.group); }

std::optional<Basis> only_basis_of(Split split) {
  if (split == Split::practice || split == Split::network) return Basis::registered;
  if (split == Split::area || split == Split::neighbourhood) return Basis::resident;
  return std::nullopt;
}

LinkedFigures linked_figures(const Tally& tally, const GroupLists& lists, const MeasureShape& shape, Date month, bool every_split,
                             const disclosure::Policy& policy) {
  return linked(drafts_of(tally, lists, month, every_split, policy), tally, lists, shape, policy.rules);
}

std::string_view to_string(Split split) { return split_words[static_cast<std::size_t>(split)]; }

std::optional<Split> split_named(std::string_view word) {
  for (std::size_t i = 0; i < split_words.size(); ++i)
    if (split_words[i] == word) return static_cast<Split>(i);
  return std::nullopt;
}

std::optional<std::array<Split, 2>> crossed_of(Split split) {
  if (split == Split::ethnicity_deprivation) return std::array{Split::ethnicity, Split::deprivation};
  if (split == Split::age_sex) return std::array{Split::age, Split::sex};
  return std::nullopt;
}

std::array<std::string, 2> words_of_crossing(const std::string& group) {
  const std::size_t stop = group.find('.');
  return {group.substr(0, stop), stop == std::string::npos ? "" : group.substr(stop + 1)};
}

namespace {

/// One publication of a month on its way: what is tried, and how it comes out.
class Publishing {
 public:
  Publishing(const Tally& tally, const GroupLists& lists, const MeasureShape& shape, const disclosure::Policy& policy, const disclosure::Memory& before,
             std::vector<Drafts> drafts)
      : tally_(tally), lists_(lists), shape_(shape), policy_(policy), before_(before), drafts_(std::move(drafts)), own_rule_(policy) {
    own_rule_.secondary = false;
    const LinkedFigures all = both(drafts_);
    alone_ = disclosure::protect_shares(own_rule_, all.lines, {});
    lines_ = {drafts_[0].lines(), drafts_[1].lines()};
    headlines_ = drafts_[0].shown_of(alone_, 0, true);
  }

  disclosure::ShownShares shown;

  void run() {
    if (as_it_was()) return;
    const std::vector<Drafts> everything = drafts_;
    shown = protected_without_hidden_crossings(drafts_, false);
    if (before_.releases.empty() || !shown.withheld) try_registered_alone(everything);  // else they are held back
  }

  /// Each hidden by its own rule or for others.
  std::vector<MeasureFigure> figures() {
    std::vector<MeasureFigure> figures;
    std::size_t first = 0, first_alone = 0;
    for (std::size_t basis = 0; basis < drafts_.size(); ++basis) {
      Drafts& each = drafts_[basis];
      const bool none = residents_withheld_ && basis == 1;
      const auto of = none ? std::span<const disclosure::Proportion>() : std::span(std::as_const(shown.shares)).subspan(first, each.lines());
      const std::size_t had = figures.size();
      each.finish_into(figures, of, std::span(std::as_const(alone_.shares)).subspan(first_alone, lines_[basis]), shape_);
      for (std::size_t f = had; f < figures.size(); ++f) figures[f].withheld = shown.withheld || none;
      first += each.lines(), first_alone += lines_[basis];
    }
    return figures;
  }

  std::vector<MeasureFigure> held_back() {
    std::vector<MeasureFigure> figures;
    for (Drafts& each : drafts_) each.hold_back_into(figures, before_.releases.back(), shape_);
    return figures;
  }

 private:
  LinkedFigures both(const std::vector<Drafts>& drafts) const { return linked(drafts, tally_, lists_, shape_, policy_.rules); }

  disclosure::ShownShares protect(const std::vector<Drafts>& drafts, bool registered_alone) const {
    const LinkedFigures figures = registered_alone ? of_one(drafts[0], shape_) : both(drafts);
    return disclosure::protect_shares(policy_, figures.lines, figures.sums, before_, figures.ties);
  }

  /// A crossing of which nothing would be shown is left out and the rest is tried again: its sums are then no longer in the way of
  /// others. A month of which nothing would be shown is tried again without any.
  disclosure::ShownShares protected_without_hidden_crossings(std::vector<Drafts>& drafts, bool registered_alone) const {
    for (;;) {
      disclosure::ShownShares found = protect(drafts, registered_alone);
      const std::vector<Split> hidden = drafts[0].hidden_crossings(found, 0);
      if (hidden.empty()) return found;
      for (const Split crossing : hidden) {
        drafts[0].leave_out(crossing);
        if (!found.withheld) break;
      }
    }
  }

  /// The same counts show what they showed, with what was left out then.
  bool as_it_was() {
    for (auto release = before_.releases.rbegin(); release != before_.releases.rend(); ++release) {
      std::vector<Drafts> then = drafts_;
      for (const Split crossing : then[0].crossings())
        if (!has_lines(*release, key_of(Basis::registered, crossing, "", "", ""))) then[0].leave_out(crossing);
      const bool registered_alone = !has_lines(*release, to_string(Basis::resident));
      const LinkedFigures same = registered_alone ? of_one(then[0], shape_) : both(then);
      const disclosure::Release counted = disclosure::protect_shares(own_rule_, same.lines, same.sums, {}, same.ties).release;
      if (disclosure::same_release(counted, before_) == nullptr) continue;
      shown = protect(then, registered_alone);
      drafts_.swap(then);
      residents_withheld_ = registered_alone;
      return true;
    }
    return false;
  }

  /// Beside nothing shown of residents there is nothing to subtract. Done where it saves a headline, or shows more in all.
  void try_registered_alone(std::vector<Drafts> drafts) {
    const std::size_t headlines = drafts_[0].shown_of(shown, 0, true), in_all = drafts_[0].shown_of(shown, 0) + drafts_[1].shown_of(shown, drafts_[0].lines());
    const auto end = shown.table_hidden.begin() + static_cast<std::ptrdiff_t>(drafts_[0].lines());
    if (headlines == headlines_ && std::find(shown.table_hidden.begin(), end, true) == end) return;
    disclosure::ShownShares without = protected_without_hidden_crossings(drafts, true);
    if (drafts[0].shown_of(without, 0, true) <= headlines && drafts[0].shown_of(without, 0) <= in_all) return;
    shown = std::move(without);
    drafts_.swap(drafts);
    residents_withheld_ = true;
  }

  const Tally& tally_;
  const GroupLists& lists_;
  const MeasureShape& shape_;
  const disclosure::Policy& policy_;
  const disclosure::Memory& before_;
  std::vector<Drafts> drafts_;
  disclosure::Policy own_rule_;
  disclosure::ShownShares alone_;           // by each figure's own rule
  std::array<std::size_t, bases> lines_{};  // of each basis, with nothing left out
  std::size_t headlines_ = 0;               // of registered people, shown by their own rule
  bool residents_withheld_ = false;
};

}  // namespace

std::vector<MeasureFigure> figures_of(const Tally& tally, const GroupLists& lists, const MeasureShape& shape, Date month, bool every_split,
                                      const disclosure::Policy& policy, EarlierFigures* earlier) {
  const disclosure::Memory before = earlier == nullptr ? disclosure::Memory() : earlier->memory;
  Publishing publishing(tally, lists, shape, policy, before, drafts_of(tally, lists, month, every_split, policy));
  publishing.run();
  disclosure::ShownShares& shown = publishing.shown;
  if (shown.withheld && !before.releases.empty() && version_of(before.releases.back()) == earlier->version &&
      before.releases.back().policy == disclosure::name_of(policy))
    return publishing.held_back();
  if (earlier != nullptr && !shown.withheld && !shown.as_before) {
    shown.release.id = earlier->version + " " + std::to_string(1 + (before.releases.empty() ? 0 : number_of(before.releases.back())));
    disclosure::remember(earlier->memory, std::move(shown.release), policy);
  }
  return publishing.figures();
}

}  // namespace catchment::indicators
