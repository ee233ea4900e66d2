// A measure's figures as they may be shown.
// In: a tally, the month, what kind of measure it is. Out: one figure for each group. Always: every figure passed
// `disclosure`; value and interval are computed from the shown counts and stand or fall with the numerator; a
// standardised rate needs ten events and a shown numerator.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "disclosure/disclosure.h"
#include "indicators/tally.h"

namespace catchment::indicators {

/// The last two cross two groups, of the whole area only: a group is then both words with a full stop between ("asian.1",
/// "65-69.female").
enum class Split : std::uint8_t { none, network, practice, neighbourhood, area, deprivation, ethnicity, age, sex, ethnicity_deprivation, age_sex };
std::string_view to_string(Split split);
std::optional<Split> split_named(std::string_view word);
/// The two groups of a crossing, rows and columns; nothing of any other split.
std::optional<std::array<Split, 2>> crossed_of(Split split);
/// The two words of a crossing's group.
std::array<std::string, 2> words_of_crossing(const std::string& group);
/// The one basis a split is given on: practices and networks count who is registered with them, neighbourhoods and small areas
/// who lives there. Nothing: both.
std::optional<Basis> only_basis_of(Split split);

struct MeasureFigure {
  Basis basis = Basis::registered;
  Split split = Split::none;
  std::string variant;         // deprivation: version of the index; else empty
  Date month;                  // its first day
  std::string place;           // empty = the whole area; "unknown" = outside or not known
  int position = 0;            // of the group in its natural order
  std::string group;           // empty without a split
  std::optional<std::int64_t> numerator, denominator;  // as they may be shown
  std::optional<double> value, low, high;              // 95%
  std::optional<double> standardised, standardised_low, standardised_high;  // for age, on the European Standard Population 2013
  bool hidden = false;
  bool hidden_for_others = false;  // hidden, but not by its own rule; readers are not told
  bool held_back = false;          // as it was published before: beside that, what is counted now would give a small count away
  bool withheld = false;           // hidden with every figure of its basis and month, for nothing protects beside those before
};

struct MeasureShape {
  bool events = false;        // a rate of events; else a proportion of people
  bool standardised = false;
  double per = 100;
};

/// What is protected together, before protection: a line for each figure of both bases, and what ties the bases. For
/// auditors: exact counts.
struct LinkedFigures {
  std::vector<disclosure::ShareLine> lines;
  std::vector<disclosure::NamedSum> sums;
  disclosure::Ties ties;
};
LinkedFigures linked_figures(const Tally& tally, const GroupLists& lists, const MeasureShape& shape, Date month, bool every_split,
                             const disclosure::Policy& policy = {});
/// The key of a figure's line.
std::string key_of(Basis basis, Split split, std::string_view variant, std::string_view place, std::string_view group);
std::string key_of(const MeasureFigure& figure);

/// What left before of one measure and month: its last publications, both bases together. They hold exact counts.
struct EarlierFigures {
  std::string version;  // of the measure as it is counted now
  disclosure::Memory memory;
};

/// `every_split` for the latest month; otherwise only what a series over time needs: the whole and places, and the
/// whole by deprivation and ethnicity. Practices and networks are given of registered people alone, neighbourhoods and areas
/// of residents alone, all for the whole area only; so are the crossings that the policy allows, of registered people.
/// With a policy that has secondary suppression all figures of both bases in the month are protected together: no small count
/// can be worked out from the others, nor who is registered in one place and lives in another. The whole and the places are
/// headlines, hidden last; elsewhere figures of residents yield to those of registered people. With `earlier` nor can one be
/// worked out from these figures and those together, and what is returned is added to it. When nothing protects that, the figures
/// are held back: what was published last of the same version of the measure stands. When there is none, nothing is shown of
/// residents, and if that does not do, nothing at all.
std::vector<MeasureFigure> figures_of(const Tally& tally, const GroupLists& lists, const MeasureShape& shape, Date month, bool every_split,
                                      const disclosure::Policy& policy = {}, EarlierFigures* earlier = nullptr);

}  // namespace catchment::indicators
