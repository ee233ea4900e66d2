#include "indicators/measure_figures.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "indicators/both_bases.h"
#include "indicators/figure_drafts.h"

namespace catchment::indicators {

namespace {

constexpr std::array<std::string_view, 11> split_words = {"",          "network", "practice", "neighbourhood",         "area",   "deprivation",
                                                          "ethnicity", "age",     "sex",      "ethnicity_deprivation", "age_sex"};

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
