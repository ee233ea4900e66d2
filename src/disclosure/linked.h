// Linked cells: counts with the sums that tie them together, and which of them must be hidden. See disclosure.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace catchment::disclosure {

/// A cell's number as a place in a vector.
constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// What a reader knows of a count before reckoning with the others; both ends included.
struct Range {
  std::int64_t low = 0;
  std::int64_t high = unbounded;
  static constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max() / 4;
  bool holds(std::int64_t value) const { return low <= value && value <= high; }
  bool operator==(const Range&) const = default;
};

enum class Standing : std::uint8_t {
  shown,        // shown unless it has to be hidden
  hidden,       // hidden by its own rule; may be sensitive or not
  unpublished,  // nobody shows it, but readers can reckon with it: a remainder, an overlap, an earlier figure
};

struct Cell {
  std::int64_t count = 0;
  Standing standing = Standing::shown;
  bool may_hide = true;     // a shown cell that may become hidden
  double weight = 1;        // what hiding it costs readers, at least 1
  Range known_shown;        // while shown: its count alone, or what rounds to the same
  Range known_hidden;       // while hidden or unpublished
  bool sensitive = false;   // readers must not learn more of it than `protect`
  Range protect;            // declared protection interval; holds `count`
};

/// count[whole] = sum of count[part].
struct Sum {
  int whole = 0;
  std::vector<int> parts;
};

struct LinkedCells {
  std::vector<Cell> cells;
  std::vector<Sum> sums;
};

/// Proof for one sensitive cell: two tables that a reader cannot tell from the true one, in which the cell is
/// at the ends of its protection interval. Each is kept as its differences from the true counts.
struct Proof {
  int cell = 0;
  using Moves = std::vector<std::pair<int, std::int64_t>>;
  Moves up, down;
};

struct Protection {
  std::vector<bool> hidden;      // by cell; unpublished ones too
  std::vector<Proof> proofs;     // one for each sensitive cell that is protected
  std::vector<int> unprotected;  // sensitive cells for which no proof was found: do not publish
};

/// Hides further cells until every sensitive one has a proof: for each, the cheapest balanced pattern of
/// moves through hidden cells is looked for, paying for each cell that has to be hidden for it; when none is
/// found, everything within reach of the cell is hidden, step by step. Stops at the first cell that nothing
/// protects, with those after it unprotected as well. Ends after a bounded number of patterns; the same input gives the same answer. Throws a bug when the sums do not hold.
Protection protect(const LinkedCells& linked);

/// As `protect`, hiding nothing more than `hidden` already does: which sensitive cells have no proof.
Protection prove(const LinkedCells& linked, const std::vector<bool>& hidden);

/// The auditor. Checks each proof by arithmetic alone, and that each sensitive cell has one; shares no code
/// with the search. Returns the sensitive cells that are not proven to be protected.
std::vector<int> audit(const LinkedCells& linked, const Protection& protection);

/// What simple reckoning (each sum in turn, until nothing changes or `rounds` are done) tells a reader of each
/// cell. Never tighter than the truth; a linear program may tell more.
std::vector<Range> reckon(const LinkedCells& linked, const std::vector<bool>& hidden, int rounds = 50);

}  // namespace catchment::disclosure
