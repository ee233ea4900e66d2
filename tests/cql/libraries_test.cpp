// Several libraries together: namespaces, versions, overloads and fluent functions across them, contexts; and
// hostile sources, which end in a diagnostic.
#include <doctest/doctest.h>

#include <algorithm>

#include "cql/cql.h"

using namespace catchment;
using namespace catchment::cql;

namespace {

struct Checked {
  std::unique_ptr<Program> program;
  Diagnostics diagnostics;
  bool says(const std::string& text) const {
    return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& d) { return to_string(d).find(text) != std::string::npos; });
  }
};

Checked check(const std::string& main, const std::vector<std::string>& others = {}) {
  Libraries libraries;
  for (std::size_t i = 0; i < others.size(); ++i) libraries.add({"other" + std::to_string(i) + ".cql", others[i]});
  const Models models;
  Checked result;
  result.program = check_library({"main.cql", main}, libraries, models, result.diagnostics);
  for (const Diagnostic& d : result.diagnostics) INFO(to_string(d));
  return result;
}

std::string value_of(const Checked& checked, const std::string& definition) {
  for (const Diagnostic& d : checked.diagnostics) MESSAGE(to_string(d));
  REQUIRE(!has_errors(checked.diagnostics));
  Request request;
  request.time = *Temporal::parse_datetime("2026-01-15T00:00:00.000Z");
  Context context;
  context.request_time = request.time;
  TreeWalk walk(*checked.program, request, nullptr, context);
  return to_cql(walk.definition(definition));
}

}  // namespace

TEST_CASE("a library is included by its namespace, name and version") {
  const std::string one = "library org.example.Common version '1.0'\ndefine X: 1";
  const std::string two = "library org.example.Common version '2.0'\ndefine X: 2";
  const std::string ten = "library org.example.Common version '10.0'\ndefine X: 10";
  CHECK(value_of(check("library M\ninclude org.example.Common version '1.0' called C\ndefine A: C.X", {one, two, ten}), "A") == "1");
  CHECK(value_of(check("library M\ninclude org.example.Common version '2.0'\ndefine A: Common.X", {one, two, ten}), "A") == "2");
  CHECK(value_of(check("library M\ninclude org.example.Common called C\ndefine A: C.X", {one, two, ten}), "A") == "10");
  CHECK(check("library M\ninclude org.example.Common version '3.0' called C\ndefine A: C.X", {one, two}).says("the versions at hand are 1.0, 2.0"));
}

TEST_CASE("the same library in two versions may be included side by side") {
  const std::string one = "library Common version '1.0'\ndefine X: 1";
  const std::string two = "library Common version '2.0'\ndefine X: 2";
  CHECK(value_of(check("library M\ninclude Common version '1.0' called Old\ninclude Common version '2.0' called New\ndefine A: { Old.X, New.X }", {one, two}),
                 "A") == "{ 1, 2 }");
}

TEST_CASE("an overload is chosen by the types of its operands, in the library that is named") {
  const std::string common =
      "library Common\ndefine function f(x Integer): 'integer'\ndefine function f(x Decimal): 'decimal'\ndefine function f(x List<Integer>): 'list'";
  const auto checked = check(
      "library M\ninclude Common\ndefine function f(x Integer): 'own'\ndefine A: Common.f(1)\ndefine B: Common.f(1.5)\ndefine C: Common.f({1})\ndefine D: f(1)",
      {common});
  CHECK(value_of(checked, "A") == "'integer'");
  CHECK(value_of(checked, "B") == "'decimal'");
  CHECK(value_of(checked, "C") == "'list'");
  CHECK(value_of(checked, "D") == "'own'");
}

TEST_CASE("a fluent function is the one that fits best in all libraries at hand") {
  const std::string wide = "library Wide\ndefine fluent function kind(x Decimal): 'decimal'\ndefine fluent function only(x Integer): x + 1";
  const std::string narrow = "library Narrow\ndefine fluent function kind(x Integer): 'integer'\ndefine private fluent function hidden(x Integer): x";
  const auto checked = check("library M\ninclude Wide\ninclude Narrow\ndefine A: (1).kind()\ndefine B: (1.5).kind()\ndefine C: (1).only()", {wide, narrow});
  CHECK(value_of(checked, "A") == "'integer'");
  CHECK(value_of(checked, "B") == "'decimal'");
  CHECK(value_of(checked, "C") == "2");
  CHECK(has_errors(check("library M\ninclude Narrow\ndefine A: (1).hidden()", {narrow}).diagnostics));
}

TEST_CASE("the Practitioner context is refused by name") {
  CHECK(check("library M\nusing FHIR version '4.0.1'\ncontext Practitioner\ndefine A: 1").says("the Practitioner context is not supported"));
}

TEST_CASE("a unit is checked before anybody is looked at") {
  CHECK(check("library M\ndefine A: 5 'mgg'").says("mgg"));
  CHECK(check("library M\ndefine A: 5 'mg/dL' + 3 '10*3/uL' + 1 '{score}' + 2 '[iU]/L'").diagnostics.empty());
}

TEST_CASE("what published libraries write is read") {
  // Reserved words that name system types, and a query whose clause follows one nested in its let.
  CHECK(value_of(check("library M\ndefine A: System.Code { code: 'x', system: 'y' }.code"), "A") == "'x'");
  CHECK(value_of(check("library M\ndefine A: System.Concept { codes: Code { code: 'x' }, display: 'd' }.display"), "A") == "'d'");
  CHECK(value_of(check("library M\ndefine A: from ({1, 2, 3}) X let Y: ({1, 2}) Z where Z > 1 where X in Y return X"), "A") == "{ 2 }");
  // A fluent call on the source of with, as on the first source.
  CHECK(value_of(check("library M\ndefine fluent function big(x List<Integer>): x X where X > 1\ndefine A: ({1, 2, 3}).big() X with ({2, 3}).big() Y such that "
                       "X = Y without ({3}).big() Z such that Z = X"),
                 "A") == "{ 2 }");
  // An interval between two choices is of what they hold.
  const auto choice = check(
      "library M\ndefine function f(x Choice<Interval<Integer>, Interval<Quantity>>): Interval[x.low, x.high)\n"
      "define A: f(Interval[1, 4])\ndefine B: f(Interval[1 'mg', 4 'mg'])");
  CHECK(value_of(choice, "A") == "Interval[1, 4)");
  CHECK(value_of(choice, "B") == "Interval[1 'mg', 4 'mg')");
}

TEST_CASE("a fault in one place is told once") {
  const auto broken = check("library M\ndefine fluent function f(x Integer): x + nothing\ndefine A: (1).f()\ndefine B: (2).f()");
  CHECK(broken.diagnostics.size() == 1);
  const auto model = check(
      "library M\nusing QICore version '4.1.1'\ncontext Patient\ndefine A: [Condition] C where AgeInYears() > C.x\ndefine B: Patient.x\ndefine function f(x "
      "Condition): x");
  CHECK(model.diagnostics.size() == 1);
}

TEST_CASE("libraries that include one another, or themselves, are a diagnostic") {
  const std::string a = "library A\ninclude B\ndefine X: B.X";
  const std::string b = "library B\ninclude C\ndefine X: C.X";
  const std::string c = "library C\ninclude A\ndefine X: A.X";
  CHECK(check(a, {a, b, c}).says("include one another in a circle"));
  CHECK(check("library A\ninclude A\ndefine X: 1", {"library A\ninclude A\ndefine X: 1"}).says("circle"));
  CHECK(check("library A\ninclude Nowhere\ndefine X: Nowhere.Y").says("there is no library Nowhere"));
}

TEST_CASE("a chain of a thousand libraries ends in a diagnostic") {
  std::vector<std::string> others;
  for (int i = 0; i < 1000; ++i) others.push_back("library L" + std::to_string(i) + "\ninclude L" + std::to_string(i + 1) + "\ndefine X: 1");
  CHECK(check("library M\ninclude L0\ndefine X: 1", others).says("64 deep"));
}

TEST_CASE("expressions nested without end are a diagnostic") {
  constexpr int depth = 200'000;
  const auto repeated = [](const std::string& text) {
    std::string out;
    for (int i = 0; i < depth; ++i) out += text;
    return out;
  };
  for (const std::string& source : {repeated("(") + "1" + repeated(")"), repeated("not ") + "true", repeated("-") + "1", "1" + repeated(" + 1"),
                                    repeated("{") + "1" + repeated("}"), repeated("if true then ") + "1", repeated("Interval["), "x" + repeated(".y"),
                                    "x" + repeated("[0]"), repeated("exists "), repeated("convert "), repeated("Tuple { a: ") + "1", repeated("f(") + "1",
                                    "1" + repeated(" as Integer"), repeated("case when ") + "1", repeated("[A: "), "A" + repeated(" B where (A")}) {
    CAPTURE(source.substr(0, 30));
    CHECK(has_errors(check("library M\ndefine A: " + source).diagnostics));
  }
  CHECK(has_errors(check("library M\nparameter P " + repeated("List<") + "Integer" + repeated(">")).diagnostics));
  // Definitions that rest on one another, one after the other.
  std::string chain = "library M\n";
  for (int i = 0; i < 20'000; ++i) chain += "define D" + std::to_string(i) + ": D" + std::to_string(i + 1) + "\n";
  CHECK(has_errors(check(chain + "define D20000: 1\n").diagnostics));
}

TEST_CASE("a large library is checked and one of ten megabytes is a diagnostic") {
  const auto sized = [](std::size_t bytes) {
    std::string source = "library M\n";
    int count = 0;
    while (source.size() < bytes)
      source += "define \"Definition number " + std::to_string(count++) + "\": exists ({1, 2, 3}) X where X > 1 and X < 3 or X = 2 and true\n";
    return source;
  };
  CHECK(value_of(check(sized(std::size_t{1} << 20)), "Definition number 7") == "true");
  const auto large = check(sized(std::size_t{10} << 20));
  REQUIRE(large.diagnostics.size() == 1);
  CHECK(large.says("the most that is read is"));
}
