// The measure's logic for one subject: from what the definitions say to what counts.
// In: a measure and a subject's answers. Out: members of each population (true, or the episodes) after the rules
// of its scoring, observations, strata. Always: for a Boolean basis a population counts 0 or 1.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cql/cql.h"
#include "fhir/fhir.h"
#include "measures/fhir_measure.h"

namespace catchment::measures {

struct PopulationResult {
  std::size_t count = 0;
  std::vector<cql::Value> members;       // episodes of a resource basis
};

struct StratumResult {
  std::vector<std::string> values;       // as text, one a component of the stratifier
  std::vector<PopulationResult> populations;
  std::vector<std::vector<cql::Decimal>> observations;   // as in GroupResult
};

struct GroupResult {
  std::vector<PopulationResult> populations;             // in the group's order
  std::vector<std::vector<cql::Decimal>> observations;   // one list a population of kind measure-observation, in order
  std::vector<std::vector<StratumResult>> strata;        // by stratifier
};

struct SubjectResult {
  std::string subject;
  std::vector<GroupResult> groups;
  std::vector<cql::Value> supplemental;  // in the measure's order
  std::vector<std::string> evaluated;    // resources the evaluation read: "Encounter/1", in order of name
  std::vector<std::string> errors;
};

SubjectResult evaluate_subject(const Measure& measure, fhir::Answers& answers, const std::string& subject);

/// Definitions and functions the measure names that the program does not have, with what was probably meant.
void check_expressions(const Measure& measure, const cql::Program& program, const std::string& file, Diagnostics& diagnostics);

}  // namespace catchment::measures
