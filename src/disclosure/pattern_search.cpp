#include "disclosure/pattern_search.h"

#include <algorithm>
#include <queue>

namespace catchment::disclosure {

namespace {

constexpr double step_cost = 0.05;       // of moving a cell that is hidden anyway
constexpr double open_sum_cost = 1;      // expected cost of closing one sum
constexpr double short_room_cost = 0.8;  // of a cell that cannot move as far as wanted

struct Partial {
  int parent = -1;  // the partial this one extends by one move
  int cell = 0;
  int direction = 0;
  bool hides = false;
  double cost = 0;
  std::int64_t times = 0;
  std::vector<std::pair<int, int>> open;  // sums that do not hold, by how much
};

struct Waiting {
  double score;
  int partial;
  bool operator<(const Waiting& other) const { return score != other.score ? score > other.score : partial < other.partial; }
};

/// `open` after one more move.
std::vector<std::pair<int, int>> after(const std::vector<std::pair<int, int>>& open, const std::vector<std::pair<int, int>>& sums, int direction) {
  std::vector<std::pair<int, int>> result = open;
  for (const auto& [sum, sign] : sums) {
    const auto found = std::find_if(result.begin(), result.end(), [wanted = sum](const auto& o) { return o.first == wanted; });
    if (found == result.end()) {
      result.emplace_back(sum, sign * direction);
    } else {
      found->second += sign * direction;
      if (found->second == 0) result.erase(found);
    }
  }
  return result;
}

double open_cost(const std::vector<std::pair<int, int>>& open) {
  double cost = 0;
  for (const auto& [sum, by] : open) cost += open_sum_cost * (by < 0 ? -by : by);
  return cost;
}

class Search {
 public:
  Search(const Moving& moving, std::int64_t wanted, const SearchLimits& limits) : moving_(moving), wanted_(wanted), limits_(limits) {}

  std::optional<Pattern> run(int cell, int direction) {
    const std::int64_t free = room(moving_, cell, direction, moving_.hidden[static_cast<std::size_t>(cell)]);
    if (free < 1) return std::nullopt;
    add({-1, cell, direction, false, 0, std::min(free, wanted_), after({}, moving_.sums_of[static_cast<std::size_t>(cell)], direction)});
    for (int looked = 0; looked < limits_.patterns && !waiting_.empty(); ++looked) {
      const int best = waiting_.top().partial;
      waiting_.pop();
      if (partials_[static_cast<std::size_t>(best)].open.empty()) return pattern(best);
      extend(best);
    }
    return std::nullopt;
  }

 private:
  void add(Partial partial) {
    const double score = partial.cost + open_cost(partial.open);
    partials_.push_back(std::move(partial));
    waiting_.push({score, static_cast<int>(partials_.size()) - 1});
  }

  bool moved(int partial, int cell) const {
    for (int at = partial; at >= 0; at = partials_[static_cast<std::size_t>(at)].parent)
      if (partials_[static_cast<std::size_t>(at)].cell == cell) return true;
    return false;
  }

  /// The open sum with the fewest cells: it leaves the fewest ways on.
  const std::pair<int, int>& narrowest(const Partial& partial) const {
    return *std::min_element(partial.open.begin(), partial.open.end(), [&](const auto& a, const auto& b) { return size_of(a.first) < size_of(b.first); });
  }
  std::size_t size_of(int sum) const { return moving_.linked->sums[static_cast<std::size_t>(sum)].parts.size(); }

  void consider(int parent, int cell, int direction, std::vector<Partial>& ways) const {
    if (moved(parent, cell)) return;
    const Partial& from = partials_[static_cast<std::size_t>(parent)];
    const bool hidden = moving_.hidden[static_cast<std::size_t>(cell)];
    const Cell& what = moving_.linked->cells[static_cast<std::size_t>(cell)];
    const auto offer = [&](bool as_hidden, double price) {
      const std::int64_t free = std::min(room(moving_, cell, direction, as_hidden), wanted_);
      if (free < 1) return;
      const double missing = 1 - static_cast<double>(free) / static_cast<double>(wanted_);
      ways.push_back({parent, cell, direction, as_hidden && !hidden, from.cost + price + short_room_cost * missing, std::min(from.times, free),
                      after(from.open, moving_.sums_of[static_cast<std::size_t>(cell)], direction)});
    };
    offer(hidden, step_cost);
    if (!hidden && what.may_hide && limits_.may_hide) offer(true, what.weight);
  }

  void extend(int parent) {
    const auto [sum, by] = narrowest(partials_[static_cast<std::size_t>(parent)]);
    const Sum& open = moving_.linked->sums[static_cast<std::size_t>(sum)];
    std::vector<Partial> ways;
    const int fix = by > 0 ? -1 : 1;  // the move of a part that brings the sum nearer to holding
    consider(parent, open.whole, -fix, ways);
    for (const int part : open.parts) consider(parent, part, fix, ways);
    const auto keep = std::min(ways.size(), static_cast<std::size_t>(limits_.branches));
    const auto better = [](const Partial& a, const Partial& b) {
      const double x = a.cost + open_cost(a.open), y = b.cost + open_cost(b.open);
      return x != y ? x < y : a.times != b.times ? a.times > b.times : a.cell < b.cell;
    };
    std::partial_sort(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(keep), ways.end(), better);
    for (std::size_t i = keep; i > 0; --i) add(std::move(ways[i - 1]));  // of equal scores the last added is taken first
  }

  Pattern pattern(int last) const {
    Pattern result;
    result.times = partials_[static_cast<std::size_t>(last)].times;
    for (int at = last; at >= 0; at = partials_[static_cast<std::size_t>(at)].parent) {
      const Partial& partial = partials_[static_cast<std::size_t>(at)];
      result.moves.emplace_back(partial.cell, partial.direction);
      if (partial.hides) result.to_hide.push_back(partial.cell);
    }
    return result;
  }

  const Moving& moving_;
  std::int64_t wanted_;
  SearchLimits limits_;
  std::vector<Partial> partials_;
  std::priority_queue<Waiting> waiting_;
};

/// One person more or fewer wherever they are counted: the wholes of a moved part move with it, and of a moved whole
/// one part does. With `turned` the person is there before and after, and goes over to the part that stands in no other sum,
/// such as the remainder of a share: its whole stays.
///
/// Which part moves is settled sum by sum and never taken back, so that it can go astray where a small part stands in several
/// sums; another order of the sums may then do.
class OnePerson {
 public:
  struct Order {
    bool turned = false, last_sums_first = false, last_cells_first = false;
  };

  OnePerson(const Moving& moving, int direction, Order order) : moving_(moving), direction_(direction), order_(order), moved_(moving.at.size()) {}

  std::optional<Pattern> run(int cell, std::int64_t wanted) {
    if (free_above(cell) < 1) return std::nullopt;
    rise(cell);
    fall(cell);
    fall_from(0);
    Pattern result;
    result.times = wanted;
    for (const int each : found_) {
      result.moves.emplace_back(each, moved_[at(each)]);
      result.times = std::min(result.times, free(each, moved_[at(each)]));
    }
    if (result.times < 1 || !balanced()) return std::nullopt;
    return result;
  }

 private:
  std::int64_t free(int cell, int direction) const { return room(moving_, cell, direction, moving_.hidden[at(cell)]); }

  /// The part of the sum that takes what another part gives; -1: the whole moves.
  int taker(int sum, int from) const {
    if (!order_.turned) return -1;
    for (const int part : moving_.linked->sums[at(sum)].parts)
      if (part != from && moving_.sums_of[at(part)].size() == 1 && free(part, -direction_) > 0) return part;
    return -1;
  }

  /// How often the cell and all that must move with it can be moved from where they stand.
  std::int64_t free_above(int cell) const {
    std::int64_t least = free(cell, direction_);
    for (const auto& [sum, sign] : moving_.sums_of[at(cell)]) {
      if (sign < 0 || least < 1) continue;
      const int whole = moving_.linked->sums[at(sum)].whole;
      if (taker(sum, cell) < 0 && moved_[at(whole)] == 0) least = std::min(least, free_above(whole));
    }
    return least;
  }

  void rise(int cell) {
    if (moved_[at(cell)] != 0) return;
    moved_[at(cell)] = direction_;
    found_.push_back(cell);
    for (const auto& [sum, sign] : moving_.sums_of[at(cell)]) {
      if (sign < 0) continue;
      const int other = taker(sum, cell);
      if (other < 0) {
        rise(moving_.linked->sums[at(sum)].whole);
      } else if (moved_[at(other)] == 0) {
        moved_[at(other)] = -direction_;
        found_.push_back(other);
      }
    }
  }

  /// Down to the smallest part at once: it settles which wholes of other sums move.
  void fall(int cell) {
    const auto& sums = moving_.sums_of[at(cell)];
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto& [sum, sign] = sums[order_.last_sums_first ? sums.size() - 1 - i : i];
      if (sign > 0) continue;
      const int part = best_part(moving_.linked->sums[at(sum)].parts);
      if (part < 0) continue;
      const std::size_t risen = found_.size();
      rise(part);
      fall(part);
      fall_from(risen);
    }
  }

  void fall_from(std::size_t first) {
    const std::size_t end = found_.size();
    for (std::size_t i = first; i < end; ++i) {
      const int cell = found_[order_.last_cells_first ? end - 1 - (i - first) : i];
      if (moved_[at(cell)] == direction_) fall(cell);
    }
  }

  int best_part(const std::vector<int>& parts) const {
    int best = -1;
    std::int64_t best_free = 0;
    for (const int part : parts) {
      if (moved_[at(part)] != 0) return -1;
      if (free(part, direction_) < 1) continue;
      const std::int64_t free_here = free_above(part);
      if (free_here > best_free) best = part, best_free = free_here;
    }
    return best;
  }

  bool balanced() const {
    for (const int cell : found_) {
      for (const auto& [sum, sign] : moving_.sums_of[at(cell)]) {
        const Sum& each = moving_.linked->sums[at(sum)];
        int parts = 0;
        for (const int part : each.parts) parts += moved_[at(part)];
        if (parts != moved_[at(each.whole)]) return false;
      }
    }
    return true;
  }

  const Moving& moving_;
  int direction_;
  Order order_;
  std::vector<int> moved_;  // by cell: -1, 0, 1
  std::vector<int> found_;
};

}  // namespace

std::int64_t room(const Moving& moving, int cell, int direction, bool hidden) {
  const Cell& what = moving.linked->cells[static_cast<std::size_t>(cell)];
  const Range& range = hidden ? what.known_hidden : what.known_shown;
  const std::int64_t at = moving.at[static_cast<std::size_t>(cell)];
  return std::max<std::int64_t>(0, direction > 0 ? range.high - at : at - range.low);
}

std::optional<Pattern> find_pattern(const Moving& moving, int cell, int direction, std::int64_t wanted, const SearchLimits& limits) {
  return Search(moving, wanted, limits).run(cell, direction);
}

std::optional<Pattern> one_person_pattern(const Moving& moving, int cell, int direction, std::int64_t wanted) {
  for (const bool turned : {true, false}) {
    for (const bool sums : {false, true}) {
      for (const bool cells : {false, true})
        if (auto pattern = OnePerson(moving, direction, {turned, sums, cells}).run(cell, wanted)) return pattern;
    }
  }
  return std::nullopt;
}

}  // namespace catchment::disclosure
