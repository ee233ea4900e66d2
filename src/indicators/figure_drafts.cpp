#include "indicators/figure_drafts.h"

#include "stats/stats.h"

namespace catchment::indicators {

namespace {

constexpr std::array<double, 1> figure_confidences = {0.95};
constexpr double registered_over_resident = 1.5;  // what hiding a headline costs
constexpr int most_columns = 10;  // of a crossing

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

}  // namespace

void Drafts::add_all(bool every_split) {
  every_split_ = every_split;
  add_cells(every_split);
  if (!every_split) return;
  if (basis_ == Basis::registered) add_practices();
  if (basis_ == Basis::resident) add_areas();
  for (std::size_t version = 1; version < lists_.index_versions.size(); ++version) add_other_index(version);
}

std::size_t Drafts::shown_of(const disclosure::ShownShares& shown, std::size_t first, bool headlines_only) const {
  std::size_t count = 0, line = first;
  for (const Draft& draft : drafts_) {
    if (draft.left_out) continue;
    const bool counts = draft.published && (!headlines_only || draft.figure.split == Split::none);
    count += counts && shown.shares[line].share ? 1 : 0;
    ++line;
  }
  return count;
}

std::size_t Drafts::lines() const {
  return static_cast<std::size_t>(std::count_if(drafts_.begin(), drafts_.end(), [](const Draft& draft) { return !draft.left_out; }));
}

std::vector<Split> Drafts::crossings() const {
  std::vector<Split> found;
  for (const Draft& draft : drafts_)
    if (crossed_of(draft.figure.split) && !draft.left_out && std::find(found.begin(), found.end(), draft.figure.split) == found.end())
      found.push_back(draft.figure.split);
  return found;
}

void Drafts::leave_out(Split crossing) {
  for (Draft& draft : drafts_) draft.left_out = draft.left_out || draft.figure.split == crossing;
  std::erase_if(sums_, [&](const auto& sum) { return sum.first.first == to_string(crossing); });
}

std::vector<Split> Drafts::hidden_crossings(const disclosure::ShownShares& shown, std::size_t first) const {
  std::vector<Split> hidden = crossings();
  std::size_t line = first;
  for (const Draft& draft : drafts_) {
    if (draft.left_out) continue;
    if (draft.published && shown.shares[line].denominator.shown) std::erase(hidden, draft.figure.split);
    ++line;
  }
  return hidden;
}

void Drafts::add_to(LinkedFigures& linked, TableNumbers& numbers, const MeasureShape& shape) const {
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

void Drafts::finish_into(std::vector<MeasureFigure>& figures, std::span<const disclosure::Proportion> shown, std::span<const disclosure::Proportion> alone,
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

void Drafts::hold_back_into(std::vector<MeasureFigure>& figures, const disclosure::Release& release, const MeasureShape& shape) {
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

std::string Drafts::key(Split split, const std::string& variant, std::size_t place, const std::string& group) const {
  return key_of(basis_, split, variant, place < whole_ ? lists_.places[place] : "", group);
}

std::vector<Cell> Drafts::gathered(const std::vector<Cell>& cells, const std::vector<std::uint16_t>& into, std::size_t groups) {
  std::vector<Cell> sums(groups);
  for (std::size_t i = 0; i < cells.size(); ++i) sums[into[i]].add(cells[i]);
  return sums;
}

template <typename KeyOf, typename WholeOf>
void Drafts::sum_up(const std::vector<Cell>& cells, KeyOf key_of_part, WholeOf whole_of) {
  const std::string kind = std::to_string(++kinds_);
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i].people > 0) part_of(kind, whole_of(i), key_of_part(i));
}

MeasureFigure Drafts::named(Split split, std::size_t place, int position, const std::string& group, const std::string& variant) const {
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

void Drafts::add_practices() {
  add_list(Split::practice, lists_.practices, of_.practices);
  add_list(Split::network, lists_.networks, gathered(of_.practices, lists_.practice_network, lists_.networks.size()));
  const auto practice_key = [&](std::size_t i) { return key(Split::practice, "", whole_, lists_.practices[i]); };
  sum_up(of_.practices, practice_key, [&](std::size_t i) { return key(Split::network, "", whole_, lists_.networks[lists_.practice_network[i]]); });
  sum_up(of_.practices, practice_key, [&](std::size_t) { return key(Split::none, "", whole_, ""); });
  sum_up(of_.practices, practice_key, [&](std::size_t i) { return key(Split::none, "", lists_.practice_place[i], ""); });
}

void Drafts::add_areas() {
  add_list(Split::area, lists_.areas, of_.areas);
  add_list(Split::neighbourhood, lists_.neighbourhoods, gathered(of_.areas, lists_.area_neighbourhood, lists_.neighbourhoods.size()));
  const auto area_key = [&](std::size_t i) { return key(Split::area, "", whole_, lists_.areas[i]); };
  sum_up(of_.areas, area_key, [&](std::size_t i) { return key(Split::neighbourhood, "", whole_, lists_.neighbourhoods[lists_.area_neighbourhood[i]]); });
  for (std::size_t version = 0; version < lists_.index_versions.size(); ++version)  // everyone knows in which fifth an area is
    sum_up(of_.areas, area_key, [&](std::size_t i) {
      return key(Split::deprivation, lists_.index_versions[version], lists_.area_place[i], std::string(fifths[lists_.area_fifth[version][i]]));
    });
}

void Drafts::add_cells(bool every_split) {
  std::vector<GroupCounts> none(whole_ + 1), ages((whole_ + 1) * age_bands.size()), by_sex((whole_ + 1) * sexes.size()),
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
void Drafts::add_groups(Split split, const std::string& variant, std::size_t place, const std::array<std::string_view, N>& names,
                        const std::vector<GroupCounts>& sums, bool of_places) {
  for (std::size_t g = 0; g < N; ++g) {
    const GroupCounts& sum = sums[place * N + g];
    if (sum.total.people == 0) continue;
    const std::string group(names[g]), own = key(split, variant, place, group);
    drafts_.push_back({named(split, place, static_cast<int>(group == "unknown" ? N : g), group, variant), sum.total,
                       split == Split::age ? std::nullopt : std::optional<GroupCounts>(sum)});
    part_of(std::string(to_string(split)), key(Split::none, "", place, ""), own);
    if (of_places && place < whole_) part_of("places", key(split, variant, whole_, group), own);
  }
}

void Drafts::add_crossings() {
  add_crossing(Split::ethnicity_deprivation, ethnic_groups, fifths,
               [](std::size_t, const CellParts& parts) { return std::array{parts.ethnic_group, parts.fifth}; });
  add_crossing(Split::age_sex, age_bands, sexes, [](std::size_t band, const CellParts& parts) { return std::array{band, parts.sex}; });
}

template <std::size_t Rows, std::size_t Columns, typename At>
void Drafts::add_crossing(Split split, const std::array<std::string_view, Rows>& rows, const std::array<std::string_view, Columns>& columns, At&& at) {
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

void Drafts::add_list(Split split, const std::vector<std::string>& names, const std::vector<Cell>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i].people > 0) drafts_.push_back({named(split, whole_, static_cast<int>(i), names[i], ""), cells[i], std::nullopt});
}

void Drafts::add_other_index(std::size_t version) {
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

void Drafts::finish(MeasureFigure& figure, const disclosure::Proportion& share, const MeasureShape& shape) {
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

std::optional<MeasureFigure> Drafts::figure_of(const std::string& name) const {
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

int Drafts::position_of(Split split, const std::string& group) const {
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

bool Drafts::in_series(const MeasureFigure& figure) const {
  if (figure.split == Split::none) return true;
  return figure.place.empty() && (figure.split == Split::ethnicity || (figure.split == Split::deprivation && figure.variant == lists_.index_versions[0]));
}

void Drafts::standardise(MeasureFigure& figure, const GroupCounts& sum, const MeasureShape& shape) const {
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

}  // namespace catchment::indicators
