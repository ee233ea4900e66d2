#include "cql/evaluate/conformance.h"

#include "cql/evaluate/canonical.h"
#include "cql/evaluate/plan.h"
#include "cql/evaluate/tree_walk.h"
#include "cql/types/checker.h"

namespace catchment::cql {

namespace {

/// The value, or what went wrong and when.
struct Attempt {
  bool checked = false, evaluated = false;
  Value value;
  std::string fault;
  std::unique_ptr<Program> program;
};

Attempt attempt(std::string_view source, const Models& models, const Request& request, Context& context) {
  Attempt result;
  Diagnostics diagnostics;
  result.program = check_expression(source, models, diagnostics);
  if (has_errors(diagnostics) || !result.program) {
    for (const Diagnostic& diagnostic : diagnostics)
      if (diagnostic.severity == Severity::error) {
        result.fault = diagnostic.message;
        break;
      }
    return result;
  }
  result.checked = true;
  try {
    result.value = TreeWalk(*result.program, request, nullptr, context).definition("expression");
    result.evaluated = true;
  } catch (const EvaluationError& error) { result.fault = error.what(); }
  return result;
}

/// What the planned evaluator says otherwise; empty when it agrees.
std::string disagreement(const Attempt& walked, const Request& request, Context& context) {
  const Plan plan(*walked.program);
  PlannedRun run(plan, request, context);
  run.begin(nullptr);
  try {
    const Value planned = run.definition("expression");
    if (!walked.evaluated) return "gives " + to_cql(planned) + " where the tree walk fails: " + walked.fault;
    if (is_same_value(context, planned, walked.value)) return {};
    return "gives " + to_cql(planned) + " where the tree walk gives " + to_cql(walked.value);
  } catch (const EvaluationError& error) { return walked.evaluated ? std::string("fails where the tree walk does not: ") + error.what() : std::string(); }
}

}  // namespace

CaseResult run_case(const ConformanceCase& test, const Models& models, const Request& request) {
  Context context;
  context.request_time = request.time;
  const Attempt actual = attempt(test.expression, models, request, context);
  if (actual.checked)
    if (const std::string other = disagreement(actual, request, context); !other.empty()) return {CaseOutcome::error, "the planned evaluator " + other};
  if (test.invalid == Invalid::at_check) return actual.checked ? CaseResult{CaseOutcome::fail, "was accepted, but is invalid"} : CaseResult{};
  if (test.invalid == Invalid::at_run_time)
    return actual.evaluated ? CaseResult{CaseOutcome::fail, "gave " + to_cql(actual.value) + ", but must fail"} : CaseResult{};
  if (!actual.evaluated) return {CaseOutcome::error, actual.fault};
  const Attempt expected = attempt(test.output, models, request, context);
  if (!expected.evaluated) return {CaseOutcome::error, "the expected value cannot be read: " + expected.fault};
  if (is_same_value(context, actual.value, expected.value)) return {};
  return {CaseOutcome::fail, "gave " + to_cql(actual.value) + ", expected " + to_cql(expected.value)};
}

std::string evaluators_disagree(std::string_view source, const Models& models, const Request& request) {
  Context context;
  context.request_time = request.time;
  const Attempt walked = attempt(source, models, request, context);
  return walked.checked ? disagreement(walked, request, context) : std::string();
}

Value evaluate_expression(std::string_view source, const Models& models, const Request& request) {
  Diagnostics diagnostics;
  const auto program = check_expression(source, models, diagnostics);
  if (has_errors(diagnostics) || !program) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) text += (text.empty() ? "" : "\n") + to_string(diagnostic);
    throw Error(ErrorKind::user, text);
  }
  Context context;
  context.request_time = request.time;
  return TreeWalk(*program, request, nullptr, context).definition("expression");
}

}  // namespace catchment::cql
