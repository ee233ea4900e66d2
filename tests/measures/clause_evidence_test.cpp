#include <doctest/doctest.h>

#include <filesystem>

#include "measures/library_program.h"

using namespace catchment;
using namespace catchment::measures;

namespace {

const std::filesystem::path example = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system" / "blmk";

/// The example's library, read once.
struct Example {
  LoadedMeasures measures = load_measures(example);
  terminology::LoadedCodelists codelists = terminology::load_codelists(example);
  LibraryProgram program{measures.library, codelists.codelists};
};
const Example& library() {
  static const Example read;
  return read;
}

std::vector<MeasureCase> cases_of(const std::string& text) {
  Diagnostics diagnostics;
  auto cases = read_cases(text, "x.cases", diagnostics);
  REQUIRE(diagnostics.empty());
  return cases;
}

const std::string beginning =
    "name diabetes 44054006\nname hba1c 999791000000106\nusual condition status=active category=problem\nusual observation status=final\n"
    "every registration start_date=2010-01-01\nmeasure diabetes-hba1c-at-target\ncase one\n  at 2026-03-31\n  person birth_date=1960-05-01 sex=female\n"
    "  condition code=$diabetes onset_date=2015-02-01\n";

std::string told(const CasePersonBehind& person) {
  std::string text;
  for (const PartBehind& part : person.behind.parts) {
    text += part.part + ": " + part.answer + "\n";
    for (const ClauseBehind& clause : part.clauses) {
      text += std::string(static_cast<std::size_t>(2 * clause.depth) + 2, ' ') + clause.definition + ": " + clause.answer;
      for (const RowBehind& row : clause.rows) text += " [" + std::string(to_string(row.use)) + " " + row.row.table + " " + std::to_string(row.row.line) + "]";
      text += "\n";
    }
  }
  return text;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a made-up person is in the denominator because of one row and out of the numerator because of another") {
  const auto cases = cases_of(beginning + "  observation code=$hba1c date=2025-06-01 value=59 unit=mmol/mol\n  expect 1 0\n");
  const auto behind = cases_behind(library().program, cases, "diabetes-hba1c-at-target");
  REQUIRE(behind.size() == 1);
  CHECK(behind[0].as_expected);
  REQUIRE(behind[0].people.size() == 1);
  const std::string text = told(behind[0].people[0]);
  CAPTURE(text);
  CHECK(holds(text, "denominator: yes\n"));
  CHECK(holds(text, "[read condition 10]"));    // the diagnosis
  CHECK(holds(text, "registration 5]"));
  CHECK(holds(text, "numerator: no\n"));
  CHECK(holds(text, "HbA1c now: 59"));
  CHECK(holds(text, "observation 11]"));
  CHECK(holds(text, "Year: 1 April 2025 to 31 March 2026"));
  CHECK_FALSE(holds(text, "exclusions"));
}

TEST_CASE("who is not in the denominator is not asked about the numerator") {
  const auto cases = cases_of(beginning + "  person birth_date=1960-05-01\n  expect 1 0\n");
  const auto behind = cases_behind(library().program, cases, "diabetes-hba1c-at-target");
  REQUIRE(behind.size() == 1);
  REQUIRE(behind[0].people.size() == 2);
  REQUIRE(behind[0].people[1].behind.parts.size() == 1);
  CHECK(behind[0].people[1].behind.parts[0].answer == "no");
  CHECK(behind[0].people[1].rows.size() == 2);  // the person and the registration
}

TEST_CASE("a case that expects what does not come says so") {
  const auto cases = cases_of(beginning + "  observation code=$hba1c date=2025-06-01 value=59 unit=mmol/mol\n  expect 1 1\n");
  const auto behind = cases_behind(library().program, cases, "diabetes-hba1c-at-target");
  REQUIRE(behind.size() == 1);
  CHECK_FALSE(behind[0].as_expected);
  CHECK(cases_behind(library().program, cases, "register-diabetes").empty());
}

TEST_CASE("a row a condition leaves out is told apart from one it takes") {
  const auto cases = cases_of(
      "name hospital 1\nmeasure emergency-attendances\ncase two attendances, one of them before the month\n  at 2026-03-31\n  person birth_date=1960-05-01\n"
      "  registration start_date=2010-01-01\n  encounter kind=emergency start_date=2026-03-02 end_date=2026-03-02 status=finished\n"
      "  encounter kind=emergency start_date=2026-02-27 end_date=2026-02-27 status=finished\n  expect 1 1\n");
  const auto behind = cases_behind(library().program, cases, "emergency-attendances");
  REQUIRE(behind.size() == 1);
  const std::string text = told(behind[0].people.at(0));
  CAPTURE(text);
  CHECK(behind[0].as_expected);
  CHECK(holds(text, "[passed encounter 7]"));
  CHECK(holds(text, "[left_out encounter 8]"));
  CHECK(holds(text, "[passed registration 6]"));
}

TEST_CASE("standings of everyone's measures are those of the cases, and every case of the example tells its denominator") {
  system::Definitions definitions(example);
  const auto cases = load_cases(definitions);
  std::size_t told_of = 0;
  for (const std::size_t place : library().program.holding(Date::from_ymd(2026, 3, 31))) {
    const LibraryMeasure& measure = library().program.measure(place);
    for (const CaseBehind& behind : cases_behind(library().program, cases, measure.words.id)) {
      CAPTURE(behind.of->title);
      CHECK(behind.as_expected);
      RecordRows rows;
      Diagnostics none;
      for (const CaseRow& row : behind.of->rows) rows.add(std::to_string(row.person), row.table, row.cells, "", row.line, none);
      for (std::size_t i = 0; i < behind.people.size(); ++i) {
        const auto& person = behind.people[i].behind;
        REQUIRE(!person.parts.empty());
        CHECK(person.parts.front().answer == (person.standing.denominator || person.standing.excluded ? "yes" : "no"));
        const auto at = library().program.place_of(measure.words.id, behind.of->at, behind.of->year);
        const auto view = rows.view(std::to_string(i));
        const auto standing = library().program.standings(*view, behind.of->at, {*at});
        REQUIRE(standing.front());
        CHECK((*standing.front() <=> person.standing) == std::strong_ordering::equal);
        ++told_of;
      }
    }
  }
  CHECK(told_of > 150);
}
