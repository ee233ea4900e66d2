#include <doctest/doctest.h>

#include <filesystem>

#include "measures/measures.h"

using namespace catchment;

namespace {

const std::filesystem::path folder = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system" / "blmk";

std::string all(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics) text += to_string(each) + "\n";
  return text;
}

}  // namespace

TEST_CASE("every worked case of the example's library holds, and every measure has one") {
  const auto loaded = measures::load_measures(folder);
  const auto codelists = terminology::load_codelists(folder);
  system::Definitions definitions(folder);
  const auto cases = measures::load_cases(definitions);
  Diagnostics diagnostics = definitions.diagnostics();
  const auto results = measures::run_cases(loaded.library, codelists.codelists, cases, diagnostics);
  CHECK_MESSAGE(diagnostics.empty(), all(diagnostics));
  for (const auto& failure : results.failures) {
    FAIL_CHECK(failure.of->file << ":" << failure.expected.line << ": " << failure.of->title << ": came " << failure.came.denominator << " "
                                << failure.came.numerator << " " << failure.came.excluded << " " << failure.error);
  }
  CHECK(results.passed >= 130);
  for (const auto& measure : loaded.library.measures) {
    CHECK_MESSAGE(std::find(results.measures.begin(), results.measures.end(), measure.words.id) != results.measures.end(), measure.words.id << " has no case");
  }
}

TEST_CASE("a case that expects the wrong count fails and says what came") {
  const auto loaded = measures::load_measures(folder);
  const auto codelists = terminology::load_codelists(folder);
  Diagnostics diagnostics;
  const auto cases = measures::read_cases(
      "measure register-diabetes\ncase nobody\n  at 2026-03-31\n  person birth_date=1960-01-01\n  registration start_date=2010-01-01\n  expect 1 1\n",
      "x.cases", diagnostics);
  const auto results = measures::run_cases(loaded.library, codelists.codelists, cases, diagnostics);
  CHECK_MESSAGE(diagnostics.empty(), all(diagnostics));
  REQUIRE(results.failures.size() == 1);
  CHECK(results.failures[0].came.denominator == 1);
  CHECK(results.failures[0].came.numerator == 0);
  CHECK(results.passed == 0);
}

TEST_CASE("what is wrong in a file of cases is told with its line and fix") {
  struct Mistake {
    const char* text;
    int line;
    const char* message;
    const char* fix;
  };
  const Mistake mistakes[] = {
      {"case\n", 1, "does not say what it shows", "plain words"},
      {"case a\n  at 2026-02-30\n", 2, "not a date", "at 2026-03-31"},
      {"case a\n  person birth_date\n", 2, "'birth_date' is not a column", "code=$hba1c"},
      {"name diabetes 44054006\ncase a\n  person birth_date=1960-01-01\n  condition code=$diabetis\n", 4, "nothing is named 'diabetis'",
       "did you mean $diabetes?"},
      {"case a\n  observation code=1\n", 2, "before the first person", "person birth_date"},
      {"  observation code=1\n", 1, "before the first case", "case WHAT"},
      {"case a\n  expect one two\n", 2, "two or three whole numbers", "expect 1 0"},
      {"case a\n  at 2026-03-31\n  person birth_date=1960-01-01\n", 1, "expects nothing", "expect 1 0"},
      {"measure\n", 1, "the id of a measure", "measure mmr"},
  };
  for (const Mistake& mistake : mistakes) {
    Diagnostics diagnostics;
    measures::read_cases(mistake.text, "x.cases", diagnostics);
    bool told = false;
    for (const Diagnostic& each : diagnostics) {
      told = told || (each.line == mistake.line && each.message.find(mistake.message) != std::string::npos && each.fix.find(mistake.fix) != std::string::npos);
    }
    CHECK_MESSAGE(told, mistake.text << " gave\n" << all(diagnostics));
  }
}
