// The checker over the official suite: what must be an error is one, everything else has a type.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <pugixml.hpp>

#include "cql/types/checker.h"

using namespace catchment;
using namespace catchment::cql;

TEST_CASE("every expression of the official suite has a type, and its semantic errors are found") {
  const char* shared = std::getenv("CATCHMENT_SHARED");
  const auto folder =
      (shared != nullptr ? std::filesystem::path(shared) : std::filesystem::path(CATCHMENT_SOURCE_DIR) / ".." / "shared") / "conformance" / "cql-tests";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: the official suite is not here");
    return;
  }
  const Models models;
  int good = 0;
  int bad = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    pugi::xml_document document;
    REQUIRE(document.load_file(entry.path().c_str()));
    for (const auto& found : document.select_nodes("//test")) {
      const pugi::xml_node test = found.node();
      const std::string invalid = test.child("expression").attribute("invalid").as_string();
      const std::string source = test.child("expression").text().get();
      Diagnostics diagnostics;
      const auto program = check_expression(source, models, diagnostics);
      if (has_errors(diagnostics) && invalid.empty()) {
        ++bad;
        MESSAGE(entry.path().filename().string() << " " << test.attribute("name").as_string() << ": " << source << "\n" << to_string(diagnostics.front()));
      }
      if (!has_errors(diagnostics)) ++good;
      if (invalid == "semantic") {
        CAPTURE(source);
        CHECK_MESSAGE(has_errors(diagnostics), std::string(test.attribute("name").as_string()));
      }
      const std::string output = test.child("output").text().get();
      if (output.empty()) continue;
      Diagnostics of_output;
      check_expression(output, models, of_output);
      if (has_errors(of_output) && invalid.empty()) {
        ++bad;
        MESSAGE("output of " << test.attribute("name").as_string() << ": " << output << "\n" << to_string(of_output.front()));
      }
    }
  }
  MESSAGE(good << " expressions have a type, " << bad << " wrongly refused");
  CHECK(good > 1700);
  CHECK(bad <= 2);  // Floor of two literals beyond Integer, which Ceiling of the same must refuse
}
