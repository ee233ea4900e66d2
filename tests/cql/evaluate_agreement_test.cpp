#include <doctest/doctest.h>

#include "base/random.h"
#include "cql/cql.h"
#include "cql/evaluate/random_expression.h"

using namespace catchment;
using namespace catchment::cql;

namespace {

Request request() {
  Request result;
  result.time = *Temporal::parse_datetime("2026-04-01T12:00:00.000+00:00");
  return result;
}

std::string value_of(const std::string& expression) {
  static const Models models;
  return to_cql(evaluate_expression(expression, models, request()));
}

}  // namespace

TEST_CASE("the planned evaluator agrees with the tree walk on random expressions") {
  const Models models;
  Random random(99177);
  const auto draw = [&random](std::uint32_t bound) { return static_cast<std::uint32_t>(random.below(bound)); };
  for (int i = 0; i < 20000; ++i) {
    const std::string expression = RandomExpression::any(draw, 1 + i % 4);
    CAPTURE(expression);
    CHECK(evaluators_disagree(expression, models, request()) == "");
  }
}

TEST_CASE("random expressions are well typed") {
  const Models models;
  Random random(7);
  const auto draw = [&random](std::uint32_t bound) { return static_cast<std::uint32_t>(random.below(bound)); };
  for (int i = 0; i < 300; ++i) {
    const std::string expression = RandomExpression::any(draw, 1 + i % 4);
    Diagnostics diagnostics;
    check_expression(expression, models, diagnostics);
    CAPTURE(expression);
    CHECK_MESSAGE(!has_errors(diagnostics), (diagnostics.empty() ? std::string() : to_string(diagnostics.front())));
  }
}

TEST_CASE("an expression written twice is worked out once") {
  const Models models;
  Diagnostics diagnostics;
  const auto program = check_expression("(({ 1, 2 }) X where X > 1) union (({ 1, 2 }) Y where Y > 1)", models, diagnostics);
  REQUIRE_FALSE(has_errors(diagnostics));
  const Plan plan(*program);
  REQUIRE_FALSE(plan.shared().empty());
  CHECK(plan.shared().front().uses == 2);
  CHECK(plan.shared().front().once_a_run);
}

TEST_CASE("what a loop does not change is worked out for every row of the loop around it") {
  const Models models;
  for (const auto& [expression, value] : std::vector<std::pair<std::string, std::string>>{
           {"({ 1, 2, 3 }) X with ({ 2, 4, 6 }) Y such that Y = X + X and Y < X + X + X return all X + X", "{ 2, 4, 6 }"},
           {"({ 1, 2, 3 }) X without ({ 4, 5 }) Y such that Y = X + 2", "{ 1 }"},
           {"({ 1, 2 }) X return all Sum(({ 10, 20 }) Y where Y > X * 7 return all Y + X * 100)", "{ 230, 220 }"},
           {"({ 1, 2 }) X return all Sum(({ 1, 2 }) Y return all Sum(({ 1, 2 }) Z return all Z + Y * 10 + X * 100))", "{ 466, 866 }"},
           {"({ 1, 2 }) X let twice: X * 2 return all ({ 3, 5 }) Y where Y > twice + 1 sort by $this + 0 desc", "{ { 5 }, { } }"},
           {"from ({ 1, 2 }) A, ({ 3, 4 }) B with ({ 4, 5, 6 }) C such that C = A + B return all A * 10 + B", "{ 13, 14, 23, 24 }"}}) {
    CAPTURE(expression);
    CHECK(evaluators_disagree(expression, models, request()) == "");
    CHECK(value_of(expression) == value);
  }
}

TEST_CASE("many equal elements and few come out once each, in order") {
  CHECK(value_of("Count(distinct expand Interval[1, 100])") == "100");
  CHECK(value_of("distinct ((expand Interval[1, 50]) X return all X mod 3)") == "{ 1, 2, 0 }");
  CHECK(value_of("Count((expand Interval[1, 50]) union (expand Interval[20, 80]))") == "80");
}

TEST_CASE("what cannot be worked out from an uncertain duration says so") {
  const std::string months = "(months between @2011-11-29 and @2012)";
  CHECK(value_of("Sum({ " + months + ", 2 })") == "Interval[3, 15]");
  for (const std::string& expression :
       {"Round(ToDecimal(" + months + "), 1)", "Ln(ToDecimal(" + months + "))", "Power(ToDecimal(" + months + "), 0.5)",
        "LowBoundary(ToDecimal(" + months + "), 4)", "Avg({ " + months + ", 2 })", "Median({ " + months + " })", "StdDev({ " + months + ", 2 })",
        "PopulationVariance({ " + months + ", 2 })", "GeometricMean({ ToDecimal(" + months + "), 2.0 })", "Take({ 1, 2, 3 }, " + months + ")",
        "{ 1, 2, 3 }[" + months + "]", "Date(2012, " + months + ")", "Substring('abcdefgh', " + months + ")", months + " mod 5",
        "Quantity { value: ToDecimal(" + months + "), unit: 'mg' }"}) {
    CAPTURE(expression);
    try {
      FAIL(value_of(expression));
    } catch (const EvaluationError& error) { CHECK(std::string(error.what()).find("uncertain duration") != std::string::npos); }
  }
}

TEST_CASE("a run-time error names its place and ends the evaluation") {
  const Models models;
  try {
    evaluate_expression("1 +\n  singleton from { 1, 2 }", models, request());
    FAIL("no error");
  } catch (const EvaluationError& error) { CHECK(std::string(error.what()) == "2:3: singleton from: the list has 2 elements"); }
}

TEST_CASE("recursion and depth end in a diagnostic") {
  const Models models;
  std::string deep = "1";
  for (int i = 0; i < 20000; ++i) deep = deep + " + 1";
  CHECK_THROWS_AS(evaluate_expression(deep, models, request()), Error);
  const std::string nested = std::string(50000, '(') + "1" + std::string(50000, ')');
  CHECK_THROWS_AS(evaluate_expression(nested, models, request()), Error);
  const std::string lists = std::string(3000, '{') + std::string(3000, '}');
  CHECK_THROWS_AS(evaluate_expression(lists, models, request()), Error);
}

TEST_CASE("evidence names the clauses reached and how they came out") {
  const Models models;
  Diagnostics diagnostics;
  const auto program = check_expression("(({ 1, 2, 3 }) X where X > 1 and X < 3) union { 9 }", models, diagnostics);
  REQUIRE_FALSE(has_errors(diagnostics));
  Context context;
  const Request asked = request();
  context.request_time = asked.time;
  Trace trace;
  CHECK(to_cql(TreeWalk(*program, asked, nullptr, context, &trace).definition("expression")) == "{ 2, 9 }");
  const auto rows = coverage(*program, trace);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].missed.empty());
  CHECK(rows[0].reached == rows[0].clauses);
  CHECK(rows[0].one_sided.empty());

  Trace planned;
  const Plan plan(*program, true);
  PlannedRun run(plan, asked, context);
  run.set_trace(&planned);
  run.begin(nullptr);
  CHECK(to_cql(run.definition("expression")) == "{ 2, 9 }");
  CHECK(planned.clauses().size() > 0);
}

TEST_CASE("three-valued logic settles as soon as it can") {
  CHECK(value_of("false and null") == "false");
  CHECK(value_of("true or null") == "true");
  CHECK(value_of("null implies true") == "true");
  CHECK(value_of("Coalesce(1, singleton from { 1, 2 })") == "1");
}
