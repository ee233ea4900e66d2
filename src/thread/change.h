// Why a figure changed between two snapshots. See thread.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "disclosure/disclosure.h"

namespace catchment::thread {

/// Causes in the order in which they are given their due: what an earlier one accounts for is not left to a later one.
enum class Cause : std::uint8_t {
  late_data,   // the same people, day and rule: rows that arrived, were corrected or withdrawn since
  relinked,    // records that were one person are now several, or the other way round
  movers,      // people who came to or left the area or practice
  definition,  // the same day, people and rows under the changed rule
  real,        // what is left: it happened between the two days
};
inline constexpr std::size_t causes = 5;
std::string_view word_of(Cause cause);  // "late data"

/// How often a person counts; for a measure of people 0 or 1, for one of events any number.
struct Counts {
  std::int64_t numerator = 0, denominator = 0;
  bool operator==(const Counts&) const = default;
  Counts& operator+=(const Counts& other);
  Counts& operator-=(const Counts& other);
};

/// A person of the first snapshot who counts in the figure, as it was published then.
struct Before {
  PersonId person;
  Counts counts;
};

/// A person of the second snapshot. Who counts in none of the three may be left out; who did count before and is
/// left out here counts as never having counted as far as is known now.
struct After {
  PersonId person;
  /// In the figure's area, practice or group on the first and on the second day, as known now. Of who was not yet
  /// born, where they first lived; of who has died, where they last did: birth and death are real change, not moves.
  bool here_then = true, here_now = true;
  /// Whatever the place: counts for the first day under the first rule, for the first day under the second rule,
  /// and for the second day under the second rule. All from the rows of the second snapshot.
  Counts then_old, then_new, now;
};

/// Records of person `before` of the first snapshot belong to person `after` of the second. Only where the two differ
/// or one of them has others as well; a person under the same number with no line here is the same person.
struct Relink {
  PersonId before, after;
};

struct Part {
  Counts change;                 // what the cause adds; negative when it takes away
  Counts gained, lost;           // change = gained - lost, person by person
  std::int64_t people = 0;       // for whom it made a difference
  double points = 0;             // effect on numerator / denominator, causes taken in their order
  bool operator==(const Part&) const = default;
};

struct Change {
  Counts before, after;
  std::array<Part, causes> parts;      // by Cause
  std::optional<double> share_before, share_after;  // nothing over a denominator of zero
  const Part& of(Cause cause) const { return parts[static_cast<std::size_t>(cause)]; }
};

/// Splits the difference. Throws a bug when a person stands twice on one side, or counts are negative.
/// A person whose place changed is a mover with everything that changed for them after late data and relinking.
Change explain(const std::vector<Before>& before, const std::vector<After>& after, const std::vector<Relink>& relinks);

/// The parts as they may leave: gains and losses of each cause as counts of one release with the two figures, so that
/// no small one can be worked out from the others.
struct ShownPart {
  disclosure::Count gained, lost;
};
struct ShownChange {
  disclosure::Count before, after;
  std::array<ShownPart, causes> parts;
};
/// Of the numerator, or of the denominator.
ShownChange shown(const disclosure::Policy& policy, const Change& change, bool numerator);

/// One plain sentence a cause that made a difference: "Late data added 25." Hidden counts are said to be hidden.
std::vector<std::string> sentences(const ShownChange& change);

}  // namespace catchment::thread
