// Gives sensitive cells their proofs one by one, hiding what it must. Private to disclosure.
#pragma once

#include <vector>

#include "disclosure/linked.h"
#include "disclosure/pattern_search.h"

namespace catchment::disclosure {

struct ProtectorOptions {
  bool may_hide = true;
  bool spread = true;      // when no pattern is found, hide everything within reach of the cell, step by step
};

class Protector {
 public:
  Protector(const LinkedCells& linked, const ProtectorOptions& options);

  /// The sensitive cells; those in more sums first, since what is hidden for them serves the others.
  std::vector<int> order() const;
  /// False when nothing was found that protects the cell; what is hidden is then as before, but for the cell itself.
  bool protect(int cell, Proof& proof);
  void hide(int cell) { moving_.hidden[at(cell)] = true; }
  void set_hidden(const std::vector<bool>& hidden) { moving_.hidden = hidden; }
  const std::vector<bool>& hidden() const { return moving_.hidden; }

 private:
  bool move(int cell, std::int64_t by, int direction, const SearchLimits& limits, Proof::Moves& moves);
  int other_of_two(int cell) const;
  bool make_room(int cell, int direction, std::vector<int>& touched);
  static Pattern mirrored(Pattern pattern);
  Pattern backwards(const Pattern& pattern, std::int64_t by) const;
  std::int64_t apply(const Pattern& pattern, std::vector<int>& touched);
  void put_back(std::vector<int>& touched, Proof::Moves& moves);
  bool hide_around(int cell, int reach);

  const LinkedCells& linked_;
  Moving moving_;
  std::vector<Pattern> used_;  // to raise the cell in hand
  SearchLimits narrow_, wide_{20000, 40, true};
  bool spread_;
};

/// As `protect`, of cells whose sums hold in differences only.
Protection protect_unchecked(const LinkedCells& linked);

/// Throws a bug when a sum does not hold or a count stands outside its protection interval.
void check_linked(const LinkedCells& linked);

}  // namespace catchment::disclosure
