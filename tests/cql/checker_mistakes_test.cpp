// Forty common mistakes and what each is told: docs/reference/cql-mistakes.md is made from this table.
// Run with CATCHMENT_UPDATE=1 to write the page; otherwise the page must be what the checker says today.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "cql/types/checker.h"

using namespace catchment;
using namespace catchment::cql;

namespace {

struct Mistake {
  const char* title;
  const char* source;      // after the common head; a line of its own per statement
  bool whole = false;      // the source is a whole library
};

constexpr const char* head =
    "library Example version '1'\n"
    "using FHIR version '4.0.1'\n"
    "include FHIRHelpers version '4.0.1'\n"
    "include Shared version '1'\n"
    "codesystem \"SNOMED\": 'http://snomed.info/sct'\n"
    "valueset \"Diabetes\": 'http://example.org/ValueSet/diabetes'\n"
    "code \"Asthma\": '195967001' from \"SNOMED\"\n"
    "parameter \"Measurement Period\" Interval<DateTime>\n"
    "context Patient\n"
    "define \"Diabetes conditions\": [Condition: \"Diabetes\"]\n";

constexpr const char* shared_library =
    "library Shared version '1'\n"
    "using FHIR version '4.0.1'\n"
    "context Patient\n"
    "define \"Adult\": AgeInYears() >= 18\n"
    "define private \"Inner\": 1\n"
    "define function \"years\"(n Integer): n * 12\n"
    "define fluent function \"finished\"(e List<FHIR.Encounter>): e E where E.status = 'finished'\n";

constexpr Mistake mistakes[] = {
    {"Misspelt definition", "define X: exists \"Diabetes condition\""},
    {"Misspelt element", "define X: \"Diabetes conditions\" C where C.recordedDat is not null"},
    {"Misspelt function", "define X: AgeInYear() >= 18"},
    {"Misspelt resource", "define X: [Conditions: \"Diabetes\"]"},
    {"Misspelt type", "define X: 5 as Intger"},
    {"Definition of an included library without its name", "define X: \"Adult\""},
    {"Private definition of another library", "define X: Shared.Inner"},
    {"Missing include", "library A version '1'\ninclude Common version '2'\ndefine X: 1", true},
    {"Wrong version of an include", "library A version '1'\ninclude Shared version '2'\ndefine X: 1", true},
    {"Unknown data model", "library A\nusing QICor version '4.1.1'\ndefine X: 1", true},
    {"Wrong version of the data model", "library A\nusing FHIR version '4.0.2'\ndefine X: 1", true},
    {"No data model", "library A\ncontext Patient\ndefine X: [Condition]", true},
    {"Unknown code system", "code \"Gout\": '90560007' from \"SNOMEDCT\"\ndefine X: 1"},
    {"Code without a declaration", "define X: [Condition: '195967001']"},
    {"A code where a value set is asked", "define X: [Condition: code in \"Asthma\"]"},
    {"List where a yes or no was meant", "define X: \"Diabetes conditions\" and true"},
    {"List where one element was meant", "define X: start of \"Diabetes conditions\".onset"},
    {"One value where a list is asked", "define X: exists Patient.birthDate"},
    {"Whole record where its code was meant", "define X: \"Diabetes conditions\" C where C in \"Diabetes\""},
    {"Value set compared with a code", "define X: \"Diabetes conditions\" C where C.code = \"Diabetes\""},
    {"Text compared with a number", "define X: Patient.gender = 1"},
    {"Text added to a number", "define X: 'Age: ' + 5"},
    {"Number where a condition is asked", "define X: if 1 then 2 else 3"},
    {"Date subtracted from a date", "define X: Today() - Patient.birthDate"},
    {"Point where an interval is asked", "define X: Now() starts before end of \"Measurement Period\""},
    {"Interval where a point is asked", "define X: AgeInYearsAt(\"Measurement Period\") >= 18"},
    {"Interval of dates against a number", "define X: Interval[@2026-01-01, 12]"},
    {"Interval's bound as an element", "define X: \"Measurement Period\".start"},
    {"Calendar unit in quotes", "define X: Today() - 5 'years'"},
    {"Amount of time without a unit", "define X: Now() 3 before end of \"Measurement Period\""},
    {"Not a real date", "define X: @2026-02-30"},
    {"Whole number out of range", "define X: 2147483648"},
    {"Double quotes round text", "define X: Patient.gender = \"female\""},
    {"Double equals sign", "define X: 1 == 1"},
    {"Exclamation mark for not", "define X: !exists \"Diabetes conditions\""},
    {"If without else", "define X: if true then 1\ndefine Y: 2"},
    {"Forgotten bracket", "define X: (1 + 2\ndefine Y: 2"},
    {"Forgotten such that", "define X: [Encounter] E with [Condition] C where true"},
    {"Clauses out of order", "define X: [Encounter] E return E.id where true"},
    {"Reserved word as a name", "define all: 1"},
    {"The same name twice", "define X: 1\ndefine X: 2"},
    {"A definition that needs itself", "define X: Y + 1\ndefine Y: X + 1"},
    {"A function that calls itself", "define function fact(n Integer): if n < 2 then 1 else n * fact(n - 1)"},
    {"Wrong operand of a function", "define X: Shared.years('two')"},
    {"Fluent function on one element", "define X: [Encounter] E where exists E.finished()"},
    {"Libraries that include one another", "library A version '1'\ninclude Circle version '1'\ndefine X: 1", true},
    {"Typographic quotes",
     "define X: \xE2\x80\x98"
     "final\xE2\x80\x99"},
    {"Sorting by what has no order", "define X: [Encounter] E sort by period"},
};

std::string page() {
  std::string out =
      "# Common mistakes in CQL, and what the checker says\n\n"
      "Each example is checked in a library that declares FHIR 4.0.1, a code system \"SNOMED\", a value set \"Diabetes\", a code\n"
      "\"Asthma\", a parameter \"Measurement Period\", a definition \"Diabetes conditions\" and includes a library Shared. Made by\n"
      "tests/cql/checker_mistakes_test.cpp; run that test with CATCHMENT_UPDATE=1 to write it again.\n";
  const Models models;
  Libraries libraries;
  libraries.add({"Shared.cql", shared_library});
  libraries.add({"Circle.cql", "library Circle version '1'\ninclude A version '1'\ndefine X: 1"});
  libraries.add({"A.cql", "library A version '1'\ninclude Circle version '1'\ndefine X: 1"});
  int number = 0;
  for (const Mistake& mistake : mistakes) {
    Diagnostics diagnostics;
    const std::string text = mistake.whole ? mistake.source : std::string(head) + mistake.source + "\n";
    check_library({"Example.cql", text}, libraries, models, diagnostics);
    out += "\n## " + std::to_string(++number) + ". " + mistake.title + "\n\n```cql\n" + mistake.source + "\n```\n\n```text\n";
    for (const Diagnostic& d : diagnostics) {
      Diagnostic shown = d;
      // Lines are counted from the example's own first line.
      const int before = mistake.whole || d.file != "Example.cql" ? 0 : 10;
      shown.line = d.line > before ? d.line - before : d.line;
      for (int line = before + 3; before > 0 && line > before; --line) {
        const std::string counted = "line " + std::to_string(line);
        if (const std::size_t at = shown.message.find(counted); at != std::string::npos)
          shown.message.replace(at, counted.size(), "line " + std::to_string(line - before));
      }
      out += to_string(shown) + "\n";
    }
    out += "```\n";
  }
  return out;
}

}  // namespace

TEST_CASE("the page of common mistakes is what the checker says") {
  const std::string file = std::string(CATCHMENT_SOURCE_DIR) + "/docs/reference/cql-mistakes.md";
  const std::string made = page();
  if (std::getenv("CATCHMENT_UPDATE") != nullptr) std::ofstream(file, std::ios::binary) << made;
  std::ifstream in(file, std::ios::binary);
  const std::string written{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CHECK(made == written);
}

TEST_CASE("every common mistake gets a message and nearly every one a likely fix") {
  const std::string made = page();
  std::size_t errors = 0;
  std::size_t fixes = 0;
  std::istringstream lines(made);
  for (std::string line; std::getline(lines, line);) {
    errors += line.find(": error: ") != std::string::npos || line.find(": warning: ") != std::string::npos ? 1U : 0U;
    fixes += line.starts_with("  fix: ") ? 1U : 0U;
  }
  CHECK(std::size(mistakes) >= 40);
  CHECK(errors >= std::size(mistakes));
  CHECK(fixes + 3 >= errors);
}
