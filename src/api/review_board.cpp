#include "api/review_board.h"

namespace catchment::api {

namespace {

std::string_view kept_under(std::string_view state) { return state == "same" || state == "different" ? std::string_view("decided") : state; }

}  // namespace

ReviewBoard::ReviewBoard(const Source& source, build::ReviewStore& reviews, const std::string& snapshot, const records::RowFilter& filter) {
  const ReviewQueue queue = source.review_queue(filter);
  for (const std::int64_t item : queue.size.unsure) states_[item] = "unsure";
  // Decided on the queue before this one while the build was already under way: it may still ask.
  for (const auto& [rows, note] : reviews.standing_elsewhere(snapshot, queue.built_at))
    if (const auto item = source.review_item_of(rows, filter)) states_[*item] = build::to_string(note.verdict);
  for (const auto& [item, note] : reviews.standing_of(snapshot)) states_[item] = build::to_string(note.verdict);
  counts_.total = queue.size.pairs;
  for (const auto& [item, state] : states_) ++(state == "unsure" ? counts_.unsure : counts_.decided);
  counts_.waiting = counts_.total - counts_.unsure - counts_.decided;
}

std::string_view ReviewBoard::state_of(std::int64_t item) const {
  const auto found = states_.find(item);
  return found == states_.end() ? "waiting" : found->second;
}

std::int64_t ReviewBoard::matching(std::string_view state) const {
  return state == "waiting" ? counts_.waiting : state == "unsure" ? counts_.unsure : counts_.decided;
}

std::vector<std::int64_t> ReviewBoard::page(std::string_view state, std::int64_t offset, std::int64_t limit) const {
  std::vector<std::int64_t> items;
  const auto full = [&] { return static_cast<std::int64_t>(items.size()) == limit; };
  if (state != "waiting") {
    std::int64_t place = 0;
    for (const auto& [item, known] : states_)
      if (kept_under(known) == state && place++ >= offset && !full()) items.push_back(item);
    return items;
  }
  std::int64_t item = offset + 1;
  for (const auto& [taken, known] : states_) {
    if (taken > item) break;
    ++item;
  }
  for (; item <= counts_.total && !full(); ++item)
    if (waits(item)) items.push_back(item);
  return items;
}

Count ReviewBoard::next(std::int64_t after) const {
  for (std::int64_t item = after + 1; item <= counts_.total; ++item)
    if (waits(item)) return item;
  for (std::int64_t item = 1; item < after && item <= counts_.total; ++item)
    if (waits(item)) return item;
  return std::nullopt;
}

}  // namespace catchment::api
