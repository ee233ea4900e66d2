#include "api/feed_freshness.h"

#include <doctest/doctest.h>

using namespace catchment;
using namespace catchment::api;

namespace {
Date day(const char* text) { return *Date::parse(text); }
}  // namespace

TEST_CASE("a period ends on its last day") {
  CHECK(period_end("2026-03") == day("2026-03-31"));
  CHECK(period_end("2024-02") == day("2024-02-29"));
  CHECK(period_end("2025") == day("2025-12-31"));
  CHECK(period_end("2026-03-08") == day("2026-03-08"));
  for (const char* text : {"", "2026-13", "2026-3", "march", "2026-00", "20260308x", "-001-01"}) CHECK_FALSE(period_end(text));
}

TEST_CASE("a month follows a month by its end, not by its day") {
  CHECK(next_period_end(day("2026-02-28"), "monthly") == day("2026-03-31"));
  CHECK(next_period_end(day("2025-12-31"), "quarterly") == day("2026-03-31"));
  CHECK(next_period_end(day("2026-03-31"), "weekly") == day("2026-04-07"));
  CHECK_FALSE(next_period_end(day("2026-03-31"), "once"));
}

TEST_CASE("a feed whose newest period has just ended is fresh, whatever its latest event") {
  const auto feed = feed_freshness({{"A", "2026-03"}}, "monthly", 0, day("2026-03-31"));
  CHECK(feed.status == "fresh");
  CHECK(feed.next_due == day("2026-05-14"));  // the end of April and fourteen days
  CHECK(feed.behind.empty());
}

TEST_CASE("a partner that has not sent what others have is late, and named") {
  const auto feed = feed_freshness({{"A", "2026-03"}, {"A", "2025-12"}, {"B", "2025-12"}}, "quarterly", 0, day("2026-03-31"));
  CHECK(feed.status == "late");
  REQUIRE(feed.behind.size() == 1);
  CHECK(feed.behind[0].partner == "B");
  CHECK(feed.behind[0].expected == day("2026-03-31"));
}

TEST_CASE("a file is late once the days its feed allows have passed, and missing once the next is overdue too") {
  const std::vector<Delivered> one = {{"A", "2026-03"}};
  CHECK(feed_freshness(one, "monthly", 20, day("2026-05-20")).status == "fresh");
  CHECK(feed_freshness(one, "monthly", 20, day("2026-05-21")).status == "late");
  CHECK(feed_freshness(one, "monthly", 20, day("2026-06-21")).status == "missing");
  CHECK(feed_freshness(one, "once", 20, day("2036-06-21")).status == "fresh");
}

TEST_CASE("periods that cannot be read say nothing about freshness") {
  const auto feed = feed_freshness({{"A", "final"}}, "monthly", 0, day("2026-03-31"));
  CHECK(feed.status == "fresh");
  CHECK_FALSE(feed.newest);
}

TEST_CASE("a period is named as people name it") {
  CHECK(period_words(day("2026-03-31"), "monthly") == "March 2026");
  CHECK(period_words(day("2026-03-31"), "quarterly") == "the quarter to March 2026");
  CHECK(period_words(day("2026-03-31"), "yearly") == "the year to March 2026");
  CHECK(period_words(day("2026-03-31"), "weekly") == "the week to 31 March 2026");
}
