#include "cli/conformance_suite.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"

using namespace catchment;
using namespace catchment::cli;

namespace {

/// The suite's files, in order; none when they are not here.
std::vector<std::string> suite_files() {
  const char* given = std::getenv("CATCHMENT_SHARED");
  const std::filesystem::path folder =
      (given != nullptr ? std::filesystem::path(given) : std::filesystem::path(CATCHMENT_SOURCE_DIR) / ".." / "shared") / "conformance" / "cql-tests";
  std::vector<std::string> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing))
    if (entry.path().extension() == ".xml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("the official suite passes, save what is listed with a reason") {
  const std::vector<std::string> files = suite_files();
  if (files.empty()) {
    MESSAGE("skipped: the official suite is not here");
    return;
  }
  const SuiteExceptions exceptions = read_suite_exceptions(built_in_suite_exceptions(), "built-in exceptions");
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-04-01T09:30:00.000+01:00");
  const cql::Models models;
  std::size_t passed = 0, total = 0;
  for (const std::string& file : files) {
    for (const cql::ConformanceCase& test : read_suite(file)) {
      const cql::CaseResult result = cql::run_case(test, models, request);
      const bool listed = exceptions.contains(test.file + "/" + test.name);
      ++total;
      passed += result.outcome == cql::CaseOutcome::pass ? 1 : 0;
      CAPTURE(test.name);
      CAPTURE(test.expression);
      CHECK_MESSAGE((result.outcome == cql::CaseOutcome::pass) != listed, result.detail);
    }
  }
  CHECK(passed + exceptions.size() == total);
}

TEST_CASE("every exception to the suite cites its reason") {
  for (const auto& [test, reason] : read_suite_exceptions(built_in_suite_exceptions(), "built-in exceptions")) {
    CAPTURE(test);
    CHECK(reason.find("CQL 1.5.3") != std::string::npos);
  }
}

TEST_CASE("a file that is no suite is refused with its name") {
  CHECK_THROWS_AS(read_suite("no-such-file.xml"), Error);
  CHECK_THROWS_AS(read_suite_exceptions("a,b\n1,2\n", "list.csv"), Error);
}
