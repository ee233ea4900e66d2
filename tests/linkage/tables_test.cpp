#include "linkage/tables/tables.h"

#include <doctest/doctest.h>

#include <string>

#include "base/error.h"

using namespace catchment;
using namespace catchment::linkage;

namespace {

// Above the size from which stretches of a file are read by several threads.
std::string large_file(bool names_differ) {
  std::string out = "row,name,note\n";
  for (int i = 0; out.size() < (6U << 20); ++i) {
    const std::string row = std::to_string(names_differ ? i : i % 1000);
    if (i % 7 == 0) out += row + ",\"Lee, Ann\nMary " + std::to_string(i % 500) + "\",\"a \"\"note\"\"\"\n";
    else if (i % 11 == 0) out += row + ",short\n\n";
    else if (i % 13 == 0) out += row + ",long,than,the header\r\n";
    else out += row + ", name " + std::to_string(i % 300) + " ,,\n";
  }
  return out;
}

}  // namespace

TEST_CASE("a file read by several threads holds what it holds read by one, whatever is quoted, short or long") {
  for (const bool names_differ : {true, false}) {
    const std::string bytes = large_file(names_differ);
    Tables one, many;
    for (int again = 0; again < 2; ++again) {
      one.add("people", "people.csv", bytes, 1);
      many.add("people", "people.csv", bytes, 5);
    }
    REQUIRE(one.rows() == many.rows());
    REQUIRE(one.rows() > 100'000);
    CHECK(one.ragged_rows() == many.ragged_rows());
    CHECK(one.ragged_rows() > 10'000);
    std::size_t differ = 0;
    for (std::size_t c = 0; c < one.columns().size(); ++c) {
      const Tables::Column &x = *one.columns()[c], &y = *many.columns()[c];
      CHECK(x.texts.size() == y.texts.size());
      for (std::size_t row = 0; row < one.rows(); ++row) differ += x.texts.text(x.cells[row]) != y.texts.text(y.cells[row]) ? 1U : 0U;
    }
    CHECK(differ == 0);
    CHECK(one.columns()[1]->texts.text(one.columns()[1]->cells[0]) == "Lee, Ann\nMary 0");
  }
}

TEST_CASE("a quote that is never closed is named by the line it opens on") {
  Tables tables;
  try {
    tables.add("people", "people.csv", "row,name\n1,\"two\nlines\"\n2,\"open\n", 1);
    FAIL("read it");
  } catch (const Error& error) { CHECK(std::string(error.what()).find("people.csv:4:") == 0); }
}
