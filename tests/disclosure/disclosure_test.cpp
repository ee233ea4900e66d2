#include "disclosure/disclosure.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace catchment;
using namespace catchment::disclosure;

TEST_CASE("counts of one to seven are hidden, zero is shown and the rest are multiples of five") {
  CHECK(protect(0).shown == 0);
  for (std::int64_t n = 1; n <= 7; ++n) CHECK(protect(n).hidden());
  CHECK(protect(8).shown == 10);
  CHECK(protect(12).shown == 10);
  CHECK(protect(13).shown == 15);
  CHECK(protect(991796).shown == 991795);
  for (std::int64_t n = 8; n < 2000; ++n) {
    CHECK(*protect(n).shown % 5 == 0);
    CHECK(std::abs(*protect(n).shown - n) <= 2);
  }
  CHECK_THROWS_AS(protect(-1), Error);
}

TEST_CASE("a share is shown only when neither the group nor those left out are few") {
  CHECK(protect_share(50, 100).share == 0.5);
  CHECK_FALSE(protect_share(3, 100).share);
  CHECK_FALSE(protect_share(97, 100).share);  // three people can be told from the rest
  CHECK_FALSE(protect_share(0, 5).share);     // the group itself is few
  CHECK(protect_share(0, 5).numerator.hidden());
  CHECK(protect_share(0, 100).share == 0.0);
  CHECK(protect_share(100, 100).share == 1.0);
  CHECK_FALSE(protect_share(0, 0).share);
  CHECK(protect_share(0, 0).denominator.shown == 0);
  CHECK_THROWS_AS(protect_share(2, 1), Error);
}

TEST_CASE("a shown share is what the shown counts give") {
  for (std::int64_t d = 0; d < 120; ++d) {
    for (std::int64_t n = 0; n <= d; ++n) {
      const Proportion p = protect_share(n, d);
      if (!p.share) continue;
      CHECK(*p.share <= 1.0);
      CHECK(*p.share == doctest::Approx(std::min(1.0, double(*p.numerator.shown) / double(*p.denominator.shown))));
    }
  }
}

TEST_CASE("other rules may be given") {
  const Rules rules{4, 10};
  CHECK(protect(4, rules).hidden());
  CHECK(protect(5, rules).shown == 10);
  CHECK(hidden_note(rules).find("1 to 4") != std::string::npos);
  CHECK(in_words(rules).find("rounded to 10") != std::string::npos);
}
