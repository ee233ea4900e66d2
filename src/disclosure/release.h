// What was published before, and what a new release together with it would give away. See disclosure.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "disclosure/linked.h"
#include "disclosure/policy.h"

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
};

/// One release as the trusted side keeps it. Holds exact counts: keep it where exact counts may be kept.
struct Release {
  std::string id;      // "2026-03", a snapshot's id
  std::string policy;  // name_of the policy it passed
  std::vector<ReleasedCell> cells;
  std::vector<NamedSum> sums;
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

/// The counts that are shown as `exact` is.
Range shown_range(std::int64_t exact, const Rules& rules);

}  // namespace catchment::disclosure
