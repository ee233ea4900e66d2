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
    const auto found = std::find_if(result.begin(), result.end(), [sum = sum](const auto& o) { return o.first == sum; });
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
/// one part does.
class OnePerson {
 public:
  OnePerson(const Moving& moving, int direction) : moving_(moving), direction_(direction), moved_(moving.at.size()) {}

  std::optional<Pattern> run(int cell, std::int64_t wanted) {
    add(cell);
    for (std::size_t next = 0, wholes = 0; next < found_.size() || wholes < found_.size();) {
      if (next < found_.size()) {
        for (const auto& [sum, sign] : moving_.sums_of[static_cast<std::size_t>(found_[next])])
          if (sign > 0) add(moving_.linked->sums[static_cast<std::size_t>(sum)].whole);
        ++next;
        continue;
      }
      for (const auto& [sum, sign] : moving_.sums_of[static_cast<std::size_t>(found_[wholes])])
        if (sign < 0) add_part(moving_.linked->sums[static_cast<std::size_t>(sum)].parts);
      ++wholes;
    }
    Pattern result;
    result.times = wanted;
    for (const int each : found_) {
      result.moves.emplace_back(each, direction_);
      result.times = std::min(result.times, free(each));
    }
    if (result.times < 1 || !balanced()) return std::nullopt;
    return result;
  }

 private:
  std::int64_t free(int cell) const { return room(moving_, cell, direction_, moving_.hidden[static_cast<std::size_t>(cell)]); }
  void add(int cell) {
    if (moved_[static_cast<std::size_t>(cell)]) return;
    moved_[static_cast<std::size_t>(cell)] = true;
    found_.push_back(cell);
  }
  void add_part(const std::vector<int>& parts) {
    int best = -1;
    for (const int part : parts) {
      if (moved_[static_cast<std::size_t>(part)]) return;
      const auto sums = [&](int each) { return moving_.sums_of[static_cast<std::size_t>(each)].size(); };
      if (free(part) > 0 && (best < 0 || sums(part) < sums(best) || (sums(part) == sums(best) && free(part) > free(best)))) best = part;
    }
    if (best >= 0) add(best);
  }
  bool balanced() const {
    for (const int cell : found_) {
      for (const auto& [sum, sign] : moving_.sums_of[static_cast<std::size_t>(cell)]) {
        const Sum& each = moving_.linked->sums[static_cast<std::size_t>(sum)];
        const auto parts = std::count_if(each.parts.begin(), each.parts.end(), [&](int part) { return moved_[static_cast<std::size_t>(part)]; });
        if (parts != (moved_[static_cast<std::size_t>(each.whole)] ? 1 : 0)) return false;
      }
    }
    return true;
  }

  const Moving& moving_;
  int direction_;
  std::vector<bool> moved_;
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
  return OnePerson(moving, direction).run(cell, wanted);
}

}  // namespace catchment::disclosure
