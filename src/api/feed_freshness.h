// Whether a feed is fresh, late or missing: from the periods its partners' files stand for. Internal to api.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/model/values.h"

namespace catchment::api {

/// One file that was read, and who sent it for which period ("2026", "2026-03" or "2026-03-31").
struct Delivered {
  std::string partner, period;
};

struct Behind {
  std::string partner;
  Date expected;  // the last day of the period whose file has not come
  int periods = 1;
};

struct FeedFreshness {
  std::string status = "fresh";  // fresh | late | missing
  Day newest;                    // the last day of the newest period anyone sent
  Day next_due;                  // when the next file of the most punctual partner is due
  std::vector<Behind> behind;    // in order of partner
};

/// The last day a period stands for; nothing when the text is not a period.
Day period_end(std::string_view period);
/// The last day of the next period; nothing for feeds that come once.
Day next_period_end(Date end, std::string_view frequency);

/// A partner is late when its next file is overdue by more than `late_after_days`, or when another partner has
/// sent a later period already; the feed is missing when somebody is two or more periods overdue.
/// Periods that cannot be read are left out: `newest` is then empty.
FeedFreshness feed_freshness(const std::vector<Delivered>& delivered, std::string_view frequency, int late_after_days, Date as_of);

/// "March 2026", "the quarter to March 2026", "the year to March 2026", "the week to 31 March 2026".
std::string period_words(Date end, std::string_view frequency);

}  // namespace catchment::api
