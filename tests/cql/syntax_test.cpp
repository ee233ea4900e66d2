#include "cql/syntax/syntax.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace catchment;
using namespace catchment::cql;
using namespace catchment::cql::syntax;

namespace {

std::string reprint(std::string_view source) {
  Diagnostics diagnostics;
  ExpressionPtr tree = parse_expression(source, "expression", diagnostics);
  if (!tree) return diagnostics.empty() ? "no tree" : to_string(diagnostics.front());
  return print(*tree);
}

std::string shape(std::string_view source) {
  Diagnostics diagnostics;
  ExpressionPtr tree = parse_expression(source, "expression", diagnostics);
  return tree ? outline(*tree) : "error";
}

std::string unxml(std::string text) {
  const std::pair<const char*, const char*> entities[] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};
  for (const auto& [from, to] : entities) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) { text.replace(at, std::string(from).size(), to); }
  }
  return text;
}

std::filesystem::path shared_folder() {
  if (const char* folder = std::getenv("CATCHMENT_SHARED")) return folder;
  return std::filesystem::path(CATCHMENT_SOURCE_DIR) / ".." / "shared";
}

}  // namespace

TEST_CASE("operators bind as the grammar orders them") {
  CHECK(shape("1 + 2 * 3") == shape("1 + (2 * 3)"));
  CHECK(shape("2 ^ 3 ^ 2") == shape("(2 ^ 3) ^ 2"));
  CHECK(shape("a and b or c") == shape("(a and b) or c"));
  CHECK(shape("not a and b") == shape("(not a) and b"));
  CHECK(shape("exists a and b") == shape("(exists a) and b"));
  CHECK(shape("a is not null and b") == shape("(a is not null) and b"));
  CHECK(shape("x between 1 and 2 and y") == shape("(x between 1 and 2) and y"));
  CHECK(shape("start of X + 1 day") == shape("(start of X) + 1 day"));
  CHECK(shape("A starts before B and C") == shape("(A starts before B) and C"));
  CHECK(shape("a union b = c") == shape("(a union b) = c"));
  CHECK(shape("X.value as Quantity > 5 'mg'") == shape("(X.value as Quantity) > 5 'mg'"));
  CHECK(shape("if a then b else c + d") == shape("if a then b else (c + d)"));
}

TEST_CASE("timing phrases are read in all their forms") {
  const char* phrases[] = {
      "A starts 3 days or less before start B",
      "A ends less than 2 'h' after or on end B",
      "A occurs before or on day of B",
      "A on or after B",
      "A starts within 3 days of start B",
      "A properly during month of B",
      "A starts same day as start B",
      "A same day or before B",
      "A included in B",
      "A properly includes day of B",
      "A meets before day of B",
      "A overlaps after B",
      "A starts day of B",
      "A ends B",
      "A 90 days or more after day of end B",
      "A starts during day of B",
      "A in day of B",
      "days between A and B",
      "difference in months between A and B",
      "duration in hours of A",
  };
  for (const char* phrase : phrases) {
    CAPTURE(phrase);
    const std::string printed = reprint(phrase);
    CHECK(printed.find("error") == std::string::npos);
    CHECK(shape(printed) == shape(phrase));
  }
}

TEST_CASE("queries, retrieves and selectors survive printing") {
  const char* sources[] = {
      "[Encounter: \"Inpatient\"] E let p: E.period with [Condition: code in \"DM\"] C such that C.onset before E.period "
      "without [Patient -> Observation] O such that true where E.status = 'finished' return all Tuple { e: E, p: p } sort by e.id desc, p",
      "from [A] A, [B] B where A.x = B.x return distinct { A.x, B.x }",
      "(X union Y) Z sort desc",
      "({ 1, 2 }) N aggregate distinct R starting 1: R * N",
      "\"Def\" D where D.code ~ \"Code\"",
      "case x when 1 then 'a' when 2 then 'b' else null end",
      "FHIR.Quantity { value: FHIR.decimal { value: 1.0 }, unit: null }",
      "List<Interval<Integer>>{ Interval[1, 2), Interval(null, 5] }",
      "Code '8480-6' from \"LOINC\" display 'Systolic'",
      "Concept { Code 'a' from L, Code 'b' from L } display 'two'",
      "collapse (expand X per day) per 2 days",
      "convert 5 'mg' to 'g'",
      "cast x as List<Choice<Integer, String>>",
      "5 'mg' : 10 'mL'",
      "x.where($this > 5).select(y)[0]",
      "Tuple { : }",
      "minimum DateTime",
      "date from x.period.start",
      "@2014-01-01T12:30:15.123+01:00",
      "'it\\'s \\u0041'",
      "[Observation: category ~ \"Lab\"]",
      "-(-3)",
      "singleton from ([Patient])",
  };
  for (const char* source : sources) {
    CAPTURE(source);
    const std::string printed = reprint(source);
    CAPTURE(printed);
    CHECK(shape(source) != "error");
    CHECK(shape(printed) == shape(source));
    CHECK(reprint(printed) == printed);
  }
}

TEST_CASE("every expression of the official suite prints to the same tree") {
  const auto folder = shared_folder() / "conformance" / "cql-tests";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: the official suite is not here");
    return;
  }
  int read = 0;
  int refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::stringstream bytes;
    bytes << std::ifstream(entry.path()).rdbuf();
    const std::string xml = bytes.str();
    for (const std::string tag : {"expression", "output"}) {
      for (std::size_t at = xml.find("<" + tag); at != std::string::npos; at = xml.find("<" + tag, at + 1)) {
        const std::size_t open = xml.find('>', at);
        const std::size_t close = xml.find("</" + tag, open);
        if (open == std::string::npos || close == std::string::npos) continue;
        const bool invalid = xml.substr(at, open - at).find("invalid") != std::string::npos;
        const std::string source = unxml(xml.substr(open + 1, close - open - 1));
        Diagnostics diagnostics;
        ExpressionPtr tree = parse_expression(source, "suite", diagnostics);
        if (!tree) {
          ++refused;
          CAPTURE(source);
          if (!diagnostics.empty()) CAPTURE(to_string(diagnostics.front()));
          CHECK(invalid);
          continue;
        }
        ++read;
        const std::string printed = print(*tree);
        CAPTURE(source);
        CAPTURE(printed);
        CHECK(shape(printed) == outline(*tree));
        CHECK(reprint(printed) == printed);
      }
    }
  }
  MESSAGE(read << " expressions printed, " << refused << " refused");
  CHECK(read > 3400);
}

TEST_CASE("every broken statement is reported with its place and a likely fix") {
  const char* source =
      "library Broken version '1'\n"
      "define A: 1 +\n"
      "define \"B\" 2\n"
      "define C: (1 + 2\n"
      "define D: if true then 1\n"
      "valueset VS: \"http://example.org\"\n"
      "define E: 'fine'\n"
      "define all: 3\n";
  Diagnostics diagnostics;
  const Library library = parse_library(source, "Broken.cql", diagnostics);
  for (const Diagnostic& d : diagnostics) INFO(to_string(d));
  REQUIRE(diagnostics.size() == 6);
  CHECK(diagnostics[0].line == 3);
  CHECK(diagnostics[1].line == 3);
  CHECK(diagnostics[1].fix == "insert ':'");
  CHECK(diagnostics[2].message.find("to close '(' of line 4") != std::string::npos);
  CHECK(diagnostics[3].message == "an if needs an else and found 'valueset'");
  CHECK(diagnostics[4].fix == "text takes single quotes: 'http://example.org'");
  CHECK(diagnostics[5].fix == "'all' is a word of the language: quote it, \"all\"");
  CHECK(library.statements.size() == 5);
}

TEST_CASE("deep and huge sources give a diagnostic") {
  auto first = [](const std::string& source) {
    Diagnostics diagnostics;
    parse_expression(source, "deep", diagnostics);
    return diagnostics.empty() ? std::string("none") : diagnostics.front().message;
  };
  CHECK(first(std::string(200000, '(')).find("nests deeper") != std::string::npos);
  CHECK(first(std::string(200000, '{')).find("nests deeper") != std::string::npos);
  CHECK(first(std::string(200000, '-') + "1").find("nests deeper") != std::string::npos);
  std::string sum = "1";
  for (int i = 0; i < 100000; ++i) sum += "+1";
  CHECK(first(sum).find("nests deeper") != std::string::npos);
  std::string types = "null as ";
  for (int i = 0; i < 100000; ++i) types += "List<";
  CHECK(first(types).find("nests deeper") != std::string::npos);
  CHECK(first(std::string(std::size_t{10} << 20, 'a')).find("the most that is read") != std::string::npos);
}

TEST_CASE("a library prints to itself with its comments and annotations") {
  const char* source =
      "library org.example.Demo version '1.0.0'\n"
      "using FHIR version '4.0.1'\n"
      "include FHIRHelpers version '4.0.1' called FHIRHelpers\n"
      "codesystem LOINC: 'http://loinc.org'\n"
      "valueset \"Office Visit\": 'http://example.org/vs' version '2' codesystems { LOINC }\n"
      "code Systolic: '8480-6' from LOINC display 'Systolic blood pressure'\n"
      "concept Pressure: { Systolic } display 'Pressure'\n"
      "parameter \"Measurement Period\" Interval<DateTime> default Interval[@2024-01-01T00:00:00.0, @2025-01-01T00:00:00.0)\n"
      "\n"
      "context Patient\n"
      "\n"
      "/*\n@description: who counts\n*/\n"
      "define private Counted:\n"
      "  exists [Encounter: \"Office Visit\"]\n"
      "\n"
      "define fluent function isFinal(o List<Observation>, n Integer) returns Boolean:\n"
      "  true\n";
  Diagnostics diagnostics;
  const Library library = parse_library(source, "Demo.cql", diagnostics);
  CHECK(diagnostics.empty());
  CHECK(print(library) == source);
  REQUIRE(library.statements.size() == 3);
  REQUIRE(library.statements[1].annotations.size() == 1);
  CHECK(library.statements[1].annotations[0].name == "description");
  CHECK(library.statements[1].annotations[0].value == "who counts");
}
