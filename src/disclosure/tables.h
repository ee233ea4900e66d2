// The simple entry: figures with names and the sums between them, as they may leave. See disclosure.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "disclosure/counts.h"
#include "disclosure/release.h"
#include "disclosure/splits.h"

namespace catchment::disclosure {

/// An exact share. `key` names it in all releases: measure, period, place, group ("mmr|2026-03|luton|female").
struct ShareLine {
  std::string key;
  std::int64_t numerator = 0, denominator = 0;
  bool part = true;  // false: a rate of events over people; the remainder means nothing
  std::optional<std::int64_t> people = {};  // of a rate of events: who had them; when few, the numerator is hidden
  bool published = true;               // false: nobody shows it; it is there so that sums hold
  TablePlace place = {};               // headlines, and the tables of splits, which are hidden first
  double cost = 1;                     // of hiding it, beside others of its tier
};

/// A count that nobody shows, but whose sums with cells of the lines hold: readers reckon with it, and a small one is protected.
struct TiedCount {
  std::string key;
  std::int64_t count = 0;
  std::optional<std::int64_t> people = {};  // of events: who had them; when few, it is protected as a small count is
  TablePlace place = {};
};
/// The sums name cells: tied counts by their key, those of a line by "n:", "d:" or "r:" (remainder) and its key.
struct Ties {
  std::vector<TiedCount> counts;
  std::vector<NamedSum> sums;
};

struct CountLine {
  std::string key;
  std::int64_t count = 0;
  bool published = true;  // as of a share
  TablePlace place = {};
};

/// What protection took away.
struct Loss {
  std::int64_t figures = 0;           // numerators, denominators and counts
  std::int64_t hidden_small = 0;      // by their own rule
  std::int64_t hidden_for_others = 0;  // so that small ones cannot be worked out
  std::int64_t people_hidden = 0;     // sum of hidden counts that are no totals
};

struct ShownShares {
  std::vector<Proportion> shares;  // in the order of the lines
  Loss loss;
  Release release;  // to be remembered once the figures have left; its id is left empty
  /// By line: the table it stands in is hidden whole, since it could not be protected without hiding nearly all of it.
  std::vector<bool> table_hidden;
  /// True: some figure could not be protected beside earlier releases, so everything is hidden.
  bool withheld = false;
  /// True: a remembered release is of the same counts, and the same is shown of them. It need not be remembered again.
  bool as_before = false;
};

struct ShownCounts {
  std::vector<Count> counts;
  Loss loss;
  Release release;
  bool withheld = false;
  bool as_before = false;
};

/// All linked shares of one release together: tables that share margins go into one call. `sums` say of which
/// lines a line is the whole (for numerators and denominators alike); parts need not be given for every line.
/// Throws a bug when a sum does not hold or names no line.
ShownShares protect_shares(const Policy& policy, const std::vector<ShareLine>& lines, const std::vector<NamedSum>& sums, const Memory& earlier = {},
                           const Ties& ties = {});
ShownCounts protect_counts(const Policy& policy, const std::vector<CountLine>& lines, const std::vector<NamedSum>& sums, const Memory& earlier = {});

/// The linked cells that `protect_shares` works on, for auditors: by line numerator and denominator, then the remainders, then tied counts.
struct LinkedShares {
  LinkedCells linked;
  std::vector<std::string> keys;  // of the cells
  std::vector<int> numerator, denominator, remainder;  // cells by line; remainder -1 when there is none
  std::vector<TablePlace> places;                      // by cell
};
LinkedShares link_shares(const Policy& policy, const std::vector<ShareLine>& lines, const std::vector<NamedSum>& sums, const Ties& ties = {});

/// The same of `protect_counts`: a cell a line.
LinkedCells link_counts(const Policy& policy, const std::vector<CountLine>& lines, const std::vector<NamedSum>& sums);

}  // namespace catchment::disclosure
