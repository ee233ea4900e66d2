// What was published before, and what a new release together with it would give away. See disclosure.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "disclosure/linked.h"
#include "disclosure/policy.h"
#include "disclosure/splits.h"

namespace catchment::disclosure {

/// The figure named `whole` is the sum of the figures named `parts`.
struct NamedSum {
  std::string whole;
  std::vector<std::string> parts;
};

struct ReleasedCell {
  std::string key;
  std::int64_t exact = 0;
  std::optional<std::int64_t> shown;
  bool unpublished = false;
  std::optional<Range> protect = {};  // declared protection interval of a small count that was hidden
  int tier = 0;                       // of its TablePlace; 0 for a headline
  bool table_hidden = false;          // the table it stands in was hidden whole
  bool operator==(const ReleasedCell&) const = default;
};

/// The cell at `whole` is the sum of the cells at `parts`.
struct ReleasedSum {
  std::size_t whole = 0;
  std::vector<std::size_t> parts;
  bool operator==(const ReleasedSum&) const = default;
};

/// One release as the trusted side keeps it. Holds exact counts: keep it where exact counts may be kept.
struct Release {
  std::string id;      // "2026-03", a snapshot's id
  std::string policy;  // name_of the policy it passed
  std::vector<ReleasedCell> cells;
  std::vector<ReleasedSum> sums;
};

/// Earlier releases of the same figures, oldest first.
struct Memory {
  std::vector<Release> releases;
};

/// Adds a release and forgets those older than the policy remembers. One with the same id is replaced.
void remember(Memory& memory, Release release, const Policy& policy);

/// Tab-separated text, and back; what cannot be read throws a user error that names the line.
std::string to_text(const Memory& memory);
Memory memory_from_text(std::string_view text);

/// `linked` (whose cells are named `keys`) with the earlier releases beside it: an unchanged figure is the same
/// cell, of which a reader keeps knowing what was shown; a changed one is a cell of its own that can no longer be
/// hidden. Of what is shown only the range that rounds to it is taken to be known. The first cells of the result are
/// those of `linked`. What was hidden before is cheaper to hide again.
LinkedCells beside_earlier(const LinkedCells& linked, const std::vector<std::string>& keys, const Memory& memory, const Policy& policy);

/// The same with where each cell stands: a cell of an earlier release in the table of the figure it was, if there still is one.
struct BesideEarlier {
  LinkedCells linked;
  std::vector<TablePlace> places;
  std::vector<bool> hidden_whole;  // by cell: of an earlier release, in a table that was hidden whole then
  std::vector<int> figure;         // by cell: the figure it is; the first are those of `keys`, then those that are no longer there
  int figures = 0;
  std::vector<std::vector<bool>> in_release;  // by release, newest first, and figure; figures beyond its size are not in it
};
BesideEarlier placed_beside_earlier(const LinkedCells& linked, const std::vector<std::string>& keys, const std::vector<TablePlace>& places,
                                    const Memory& memory, const Policy& policy);

/// The newest remembered release of the same counts, sums and policy; null when there is none.
const Release* same_release(const Release& release, const Memory& memory);

/// The counts that are shown as `exact` is.
Range shown_range(std::int64_t exact, const Rules& rules);

}  // namespace catchment::disclosure
