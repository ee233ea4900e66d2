// Runs one case of a conformance suite: an expression and the value it must have, or that it must fail.
// In: the two CQL texts. Out: pass, fail (another value) or error (could not be evaluated), with the reason.
#pragma once

#include <string>
#include <string_view>

#include "cql/evaluate/data.h"
#include "cql/types/model.h"

namespace catchment::cql {

enum class Invalid : std::uint8_t { no, at_run_time, at_check };

struct ConformanceCase {
  std::string file, group, name;
  std::string expression;
  std::string output;  // empty: none given
  Invalid invalid = Invalid::no;
};

enum class CaseOutcome : std::uint8_t { pass, fail, error };

struct CaseResult {
  CaseOutcome outcome = CaseOutcome::pass;
  std::string detail;  // what happened instead
};

/// Both evaluators must agree; that they do not is an error of its own.
CaseResult run_case(const ConformanceCase& test, const Models& models, const Request& request);

/// How the planned evaluator differs from the tree walk on one expression; empty when it does not, or when the
/// expression does not check.
std::string evaluators_disagree(std::string_view source, const Models& models, const Request& request);

/// One expression without data. Throws EvaluationError, or Error (user) with the diagnostics when it does not check.
Value evaluate_expression(std::string_view source, const Models& models, const Request& request);

}  // namespace catchment::cql
