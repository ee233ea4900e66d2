#include "indicators/measure_figures.h"

#include <algorithm>
#include <array>
#include <map>

#include "stats/stats.h"

namespace catchment::indicators {

namespace {

constexpr std::array<double, 1> figure_confidences = {0.95};
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

/// What is hidden first when something must be: crossings, then small areas, then practices, then splits of places, networks and neighbourhoods,
/// then splits of the whole area; the whole and the places last of all.
int tier_of(const MeasureFigure& figure) {
  switch (figure.split) {
    case Split::none: return 0;
    case Split::ethnicity_deprivation:
    case Split::age_sex: return 5;
    case Split::area: return 4;
    case Split::practice: return 3;
    case Split::network:
    case Split::neighbourhood: return 2;
    default: return figure.place.empty() ? 1 : 2;
  }
}

/// A figure before protection. Those without a place in the output are there so that sums hold.
struct Draft {
  MeasureFigure figure;
  Cell cell;
  std::optional<Sum> by_age;
  bool published = true;
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
    const auto practice_key = [&](std::size_t i) { return key(Split::practice, "", whole_, lists_.practices[i]); };
    add_list(Split::practice, lists_.practices, of_.practices);
    add_list(Split::network, lists_.networks, gathered(of_.practices, lists_.practice_network, lists_.networks.size()));
    sum_up(of_.practices, practice_key, [&](std::size_t i) { return key(Split::network, "", whole_, lists_.networks[lists_.practice_network[i]]); });
    sum_up(of_.practices, practice_key, [&](std::size_t) { return key(Split::none, "", whole_, ""); });
    if (basis_ == Basis::registered) sum_up(of_.practices, practice_key, [&](std::size_t i) { return key(Split::none, "", lists_.practice_place[i], ""); });
    add_list(Split::area, lists_.areas, of_.areas);
    add_list(Split::neighbourhood, lists_.neighbourhoods, gathered(of_.areas, lists_.area_neighbourhood, lists_.neighbourhoods.size()));
    const auto area_key = [&](std::size_t i) { return key(Split::area, "", whole_, lists_.areas[i]); };
    sum_up(of_.areas, area_key, [&](std::size_t i) { return key(Split::neighbourhood, "", whole_, lists_.neighbourhoods[lists_.area_neighbourhood[i]]); });
    for (std::size_t version = 0; version < lists_.index_versions.size(); ++version) {
      if (version > 0) add_other_index(version);
      // Everyone knows in which fifth an area is. Registered people are counted in the practice's place, wherever they live.
      sum_up(of_.areas, area_key, [&](std::size_t i) {
        const std::size_t place = basis_ == Basis::resident ? lists_.area_place[i] : whole_;
        return key(Split::deprivation, lists_.index_versions[version], place, std::string(fifths[lists_.area_fifth[version][i]]));
      });
    }
  }

  LinkedFigures linked(const MeasureShape& shape) {
    LinkedFigures linked;
    linked.lines.reserve(drafts_.size());
    std::map<std::string, int> splits, tables;  // numbered from one; headlines are split 0
    const auto number = [](std::map<std::string, int>& of, const std::string& name) { return of.emplace(name, static_cast<int>(of.size()) + 1).first->second; };
    for (const Draft& draft : drafts_) {
      const MeasureFigure& figure = draft.figure;
      disclosure::ShareLine& line = linked.lines.emplace_back();
      line.key = key_of(figure);
      line.numerator = shape.events ? draft.cell.events : draft.cell.hits;
      line.denominator = draft.cell.people;
      line.part = !shape.events;
      if (shape.events) line.people = draft.cell.hits;
      line.published = draft.published;
      if (figure.split == Split::none) continue;
      const std::string split = std::string(to_string(figure.split)) + "|" + figure.variant;
      line.place = {tier_of(figure), number(splits, split), number(tables, split + "|" + figure.place)};
    }
    linked.sums.reserve(sums_.size());
    for (const auto& [whole, parts] : sums_) linked.sums.push_back({whole.second, parts});
    return linked;
  }

  std::vector<MeasureFigure> protected_figures(const MeasureShape& shape, disclosure::Memory* earlier, const std::string& version) {
    const LinkedFigures together = linked(shape);
    disclosure::ShownShares shown = disclosure::protect_shares(policy_, together.lines, together.sums, earlier == nullptr ? disclosure::Memory() : *earlier);
    if (earlier != nullptr && shown.withheld) {
      if (!earlier->releases.empty() && version_of(earlier->releases.back()) == version && earlier->releases.back().policy == disclosure::name_of(policy_))
        return held_back(earlier->releases.back(), shape);
    } else if (earlier != nullptr && !shown.as_before) {
      shown.release.id = version + " " + std::to_string(1 + (earlier->releases.empty() ? 0 : number_of(earlier->releases.back())));
      disclosure::remember(*earlier, std::move(shown.release), policy_);
    }
    disclosure::Policy own_rule = policy_;
    own_rule.secondary = false;
    const disclosure::ShownShares alone = disclosure::protect_shares(own_rule, together.lines, together.sums);
    std::vector<MeasureFigure> figures;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      if (!drafts_[i].published) continue;
      MeasureFigure& figure = drafts_[i].figure;
      finish(figure, shown.shares[i], shape);
      if (!figure.hidden && shape.standardised && drafts_[i].by_age) standardise(figure, *drafts_[i].by_age, shape);
      figure.withheld = shown.withheld;
      figure.hidden_for_others = figure.hidden && !alone.shares[i].numerator.hidden() && !alone.shares[i].denominator.hidden();
      figures.push_back(std::move(drafts_[i].figure));
    }
    return figures;
  }

 private:
  std::string key(Split split, const std::string& variant, std::size_t place, const std::string& group) const {
    return std::string(to_string(split)) + "|" + variant + "|" + (place < whole_ ? lists_.places[place] : "") + "|" + group;
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
      drafts_.push_back({named(Split::none, place, 0, "", ""), none[place].total, none[place], true});
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
                         split == Split::age ? std::nullopt : std::optional<Sum>(sum), true});
      part_of(std::string(to_string(split)), key(Split::none, "", place, ""), own);
      if (of_places && place < whole_) part_of("places", key(split, variant, whole_, group), own);
    }
  }

  /// Two groups at once, for the whole: each figure is a part of figures of the single splits, its margins.
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
      drafts_.push_back({named(split, whole_, position_of(split, group), group, ""), cells[c], std::nullopt, true});
      for (std::size_t m = 0; m < margins.size(); ++m)
        part_of(word, key(margins[m], margins[m] == Split::deprivation ? lists_.index_versions[0] : "", whole_, words[m]), own);
    }
  }

  void add_list(Split split, const std::vector<std::string>& names, const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].people > 0) drafts_.push_back({named(split, whole_, static_cast<int>(i), names[i], ""), cells[i], std::nullopt, i > 0});
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
      drafts_.push_back({named(Split::deprivation, place, static_cast<int>(fifth == 0 ? fifths.size() : fifth), group, variant), sums[i], std::nullopt, true});
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

  /// The figures of an earlier publication as they were shown, those it had and no others.
  std::vector<MeasureFigure> held_back(const disclosure::Release& release, const MeasureShape& shape) const {
    std::map<std::string_view, const disclosure::ReleasedCell*> denominators;
    for (const auto& cell : release.cells)
      if (cell.key.starts_with("d:")) denominators.emplace(std::string_view(cell.key).substr(2), &cell);
    std::vector<MeasureFigure> figures;
    for (const auto& cell : release.cells) {
      if (cell.unpublished || !cell.key.starts_with("n:")) continue;
      auto figure = figure_of(cell.key.substr(2));
      if (!figure || (!every_split_ && !in_series(*figure))) continue;
      finish(*figure, {{cell.shown}, {denominators.at(std::string_view(cell.key).substr(2))->shown}, {}}, shape);
      figure->held_back = true;
      figures.push_back(std::move(*figure));
    }
    return figures;
  }

  /// From its key; nothing when it is of a group that is no longer on the lists.
  std::optional<MeasureFigure> figure_of(const std::string& name) const {
    std::array<std::string, 4> words;  // split, variant, place, group
    std::size_t from = 0;
    for (std::size_t w = 0; w < words.size(); ++w) {
      const std::size_t bar = w + 1 < words.size() ? name.find('|', from) : std::string::npos;
      words[w] = name.substr(from, bar == std::string::npos ? bar : bar - from);
      from = bar + 1;
    }
    const auto split = split_named(words[0]);
    const auto place = std::find(lists_.places.begin(), lists_.places.end(), words[2]);
    if (!split || (!words[2].empty() && place == lists_.places.end())) return std::nullopt;
    const int position = position_of(*split, words[3]);
    if (position < 0) return std::nullopt;
    return named(*split, words[2].empty() ? whole_ : static_cast<std::size_t>(place - lists_.places.begin()), position, words[3], words[1]);
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

  // The id of a release: the measure's version, and how many publications there had been.
  static std::string version_of(const disclosure::Release& release) { return release.id.substr(0, release.id.rfind(' ')); }
  static long long number_of(const disclosure::Release& release) { return std::stoll(release.id.substr(release.id.rfind(' ') + 1)); }

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

}  // namespace

std::string key_of(const MeasureFigure& figure) {
  return std::string(to_string(figure.split)) + "|" + figure.variant + "|" + figure.place + "|" + figure.group;
}

LinkedFigures linked_figures(const Tally& tally, Basis basis, const GroupLists& lists, const MeasureShape& shape, Date month, bool every_split,
                             const disclosure::Policy& policy) {
  Drafts drafts(tally[static_cast<std::size_t>(basis)], lists, basis, month, policy);
  drafts.add_all(every_split);
  return drafts.linked(shape);
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

std::vector<MeasureFigure> figures_of(const Tally& tally, const GroupLists& lists, const MeasureShape& shape, Date month, bool every_split,
                                      const disclosure::Policy& policy, EarlierFigures* earlier) {
  std::vector<MeasureFigure> figures;
  for (std::size_t b = 0; b < bases; ++b) {
    Drafts drafts(tally[b], lists, static_cast<Basis>(b), month, policy);
    drafts.add_all(every_split);
    for (MeasureFigure& figure :
         drafts.protected_figures(shape, earlier == nullptr ? nullptr : &earlier->by_basis[b], earlier == nullptr ? "" : earlier->version))
      figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace catchment::indicators
