// Pairs for somebody to look at: offered as linkage goes, bounded at its end.
#pragma once

#include <cstdint>
#include <vector>

#include "linkage/identity/joined_units.h"
#include "linkage/identity/known_rows.h"
#include "linkage/person/person_search.h"

namespace catchment::linkage {

class ReviewOffers {
 public:
  ReviewOffers(const KnownRows& known, JoinedUnits& joined) : known_(known), joined_(joined) {}

  void offer(std::uint32_t a, std::uint32_t b, float weight, PersonSearch::Story why);
  std::size_t size() const { return offers_.size(); }
  /// More than these are never kept, so that no further need be explained.
  std::size_t most() const;
  /// The pairs most likely to be one person go to `result`, the rest are counted there. Gives the rows of those left out.
  std::vector<std::uint32_t> keep_likeliest(LinkResult& result);

 private:
  struct Offer {
    Edge edge;
    ReviewStory story;
  };
  const KnownRows& known_;
  JoinedUnits& joined_;
  std::vector<Offer> offers_;
};

}  // namespace catchment::linkage
