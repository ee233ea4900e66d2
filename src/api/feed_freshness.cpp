#include "api/feed_freshness.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace catchment::api {

namespace {

constexpr int usual_days_late = 14;  // for a feed that does not say

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int months_of(std::string_view frequency) { return frequency == "monthly" ? 1 : frequency == "quarterly" ? 3 : frequency == "yearly" ? 12 : 0; }
int days_of(std::string_view frequency) { return frequency == "daily" ? 1 : frequency == "weekly" ? 7 : 0; }

/// The last day of the month `months` after the one that ends on `end`.
Date month_end_after(Date end, int months) { return end.plus_days(1).plus_months(months).plus_days(-1); }

}  // namespace

Day period_end(std::string_view period) {
  if (period.size() == 10) return Date::parse(period);
  if (period.size() != 4 && !(period.size() == 7 && period[4] == '-')) return std::nullopt;
  const auto year = whole(period.substr(0, 4));
  const auto month = period.size() == 7 ? whole(period.substr(5)) : std::optional(12);
  if (!year || !month || !Date::is_real(*year, *month, 1) || *year > 9000) return std::nullopt;
  return Date::from_ymd(*year, *month, 1).plus_months(1).plus_days(-1);
}

Day next_period_end(Date end, std::string_view frequency) {
  if (const int days = days_of(frequency); days > 0) return end.plus_days(days);
  if (const int months = months_of(frequency); months > 0) return month_end_after(end, months);
  return std::nullopt;
}

FeedFreshness feed_freshness(const std::vector<Delivered>& delivered, std::string_view frequency, int late_after_days, Date as_of) {
  FeedFreshness feed;
  std::map<std::string, Date> newest;  // by partner
  for (const auto& each : delivered)
    if (const auto end = period_end(each.period)) {
      const auto [at, is_new] = newest.emplace(each.partner, *end);
      if (!is_new) at->second = std::max(at->second, *end);
      if (!feed.newest || *end > *feed.newest) feed.newest = end;
    }
  if (!feed.newest) return feed;
  const int allowed = late_after_days > 0 ? late_after_days : usual_days_late;
  if (const auto next = next_period_end(*feed.newest, frequency)) feed.next_due = next->plus_days(allowed);
  for (const auto& [partner, end] : newest) {
    Behind one{partner, {}, 0};
    for (auto next = next_period_end(end, frequency); next && (*next <= *feed.newest || next->plus_days(allowed) < as_of);
         next = next_period_end(*next, frequency)) {
      if (one.periods == 0) one.expected = *next;
      if (++one.periods > 1'000) break;
    }
    if (one.periods == 0) continue;
    feed.status = one.periods > 1 || feed.status == "missing" ? "missing" : "late";
    feed.behind.push_back(std::move(one));
  }
  return feed;
}

std::string period_words(Date end, std::string_view frequency) {
  const std::string day = to_long_string(end);
  std::string month = day.substr(day.find(' ') + 1);
  if (frequency == "monthly") return month;
  if (frequency == "quarterly") return "the quarter to " + month;
  if (frequency == "yearly") return "the year to " + month;
  return (frequency == "weekly" ? "the week to " : "") + day;
}

}  // namespace catchment::api
