// A FHIR R4 Measure as far as its logic needs it (Quality Measure IG: scoring, populationBasis, groups).
// In: the Measure's JSON. Out: groups with their populations, stratifiers, supplemental data. Always: what the
// Measure leaves to a default (basis Boolean, scoring of the measure) is filled in.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "json/json.h"

namespace catchment::measures {

enum class Scoring : std::uint8_t { proportion, ratio, continuous_variable, cohort };

enum class PopulationKind : std::uint8_t {
  initial_population,
  denominator,
  denominator_exclusion,
  denominator_exception,
  numerator,
  numerator_exclusion,
  measure_population,
  measure_population_exclusion,
  measure_observation,
  unknown,
};

struct Population {
  std::string id;
  PopulationKind kind = PopulationKind::unknown;
  std::string code;         // "initial-population"
  std::string expression;   // a definition, or for an observation a function or definition
  std::string criteria_reference;  // of an observation: the population it observes
  std::string aggregate;    // of an observation: sum, average, median, count, minimum, maximum
  std::string input_population;    // of a ratio's populations: which initial population they rest on
};

struct StratifierComponent {
  std::string code;         // text or code that names it
  std::string expression;
};

struct Stratifier {
  std::string id;
  std::string code;
  std::vector<StratifierComponent> components;   // one, or several crossed
};

struct Group {
  std::string id;
  Scoring scoring = Scoring::proportion;
  bool boolean_basis = true;
  std::string basis = "boolean";
  bool decrease_is_improvement = false;
  std::vector<Population> populations;
  std::vector<Stratifier> stratifiers;
};

struct SupplementalData {
  std::string id;
  std::string code;
  std::string expression;
  bool risk_adjustment = false;
};

struct Measure {
  std::string url, version, name, title, library;   // library: canonical of the main library
  std::string scoring_code;
  std::string improvement;   // "increase", "decrease", or empty when the measure does not say
  std::vector<Group> groups;
  std::vector<SupplementalData> supplemental;
};

/// Reads a Measure resource (or the first of a Bundle). A measure without groups or with an unknown scoring is
/// reported; what can be read is returned.
Measure read_measure(json::Value resource, const std::string& file, Diagnostics& diagnostics);

std::string_view code_of(PopulationKind kind);
std::string_view display_of(PopulationKind kind);

}  // namespace catchment::measures
