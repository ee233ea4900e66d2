#include "synth/feeds/partner.h"

namespace catchment::synth {

Feeds all_feeds(const Shared& shared, Sheets& sheets) {
  Feeds feeds;
  for (const auto make :
       {general_practice_feed, hospital_feed, community_feed, mental_health_feed, urgent_feed, social_care_feed, voluntary_feed, maternity_feed, waiting_feed,
        continuing_care_feed, deaths_feed, child_health_feed, screening_feed, demographics_feed, talking_therapies_feed})
    feeds.push_back(make(shared, sheets));
  return feeds;
}

}  // namespace catchment::synth
