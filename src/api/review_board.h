// The review queue of one snapshot as it stands now: as the build left it, with what was decided since. Reading it
// costs what was decided or set aside, not what waits.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/visitor.h"

namespace catchment::api {

class ReviewBoard {
 public:
  /// `reviews` is where decisions are kept; `snapshot` the id of the source's.
  ReviewBoard(const Source& source, build::ReviewStore& reviews, const std::string& snapshot, const records::RowFilter& filter);

  const ReviewCounts& counts() const { return counts_; }
  /// "waiting", "unsure", "same" or "different".
  std::string_view state_of(std::int64_t item) const;
  /// Items in one of the states "waiting", "unsure" and "decided": how many, and a page of them in their order.
  std::int64_t matching(std::string_view state) const;
  std::vector<std::int64_t> page(std::string_view state, std::int64_t offset, std::int64_t limit) const;
  /// The next that waits after an item, from the beginning again at the end; never the item itself.
  Count next(std::int64_t after) const;

 private:
  bool waits(std::int64_t item) const { return !states_.contains(item); }
  std::map<std::int64_t, std::string_view> states_;  // of every item that does not wait
  ReviewCounts counts_;
};

}  // namespace catchment::api
