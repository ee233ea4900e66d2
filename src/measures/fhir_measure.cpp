#include "measures/fhir_measure.h"

#include <fmt/core.h>

#include <array>

namespace catchment::measures {

namespace {

struct KindName {
  PopulationKind kind;
  std::string_view code;
  std::string_view display;
};
constexpr std::array<KindName, 10> kinds{{{PopulationKind::initial_population, "initial-population", "Initial Population"},
                                          {PopulationKind::denominator, "denominator", "Denominator"},
                                          {PopulationKind::denominator_exclusion, "denominator-exclusion", "Denominator Exclusion"},
                                          {PopulationKind::denominator_exception, "denominator-exception", "Denominator Exception"},
                                          {PopulationKind::numerator, "numerator", "Numerator"},
                                          {PopulationKind::numerator_exclusion, "numerator-exclusion", "Numerator Exclusion"},
                                          {PopulationKind::measure_population, "measure-population", "Measure Population"},
                                          {PopulationKind::measure_population_exclusion, "measure-population-exclusion", "Measure Population Exclusion"},
                                          {PopulationKind::measure_observation, "measure-observation", "Measure Observation"},
                                          {PopulationKind::unknown, "unknown", "Unknown"}}};

bool ends_with(std::string_view text, std::string_view end) { return text.ends_with(end); }

/// The extension whose url ends so, or null.
json::Value extension(json::Value element, std::string_view url_end) {
  for (const json::Value item : element["extension"]) {
    if (ends_with(item["url"].string(), url_end)) return item;
  }
  return {};
}

/// First code of a CodeableConcept, else its text.
std::string concept_code(json::Value coded) {
  const json::Value coding = coded["coding"];
  if (coding.size() > 0) return std::string(coding.at(0)["code"].string());
  return std::string(coded["text"].string());
}

std::string concept_text(json::Value coded) {
  if (coded.has("text")) return std::string(coded["text"].string());
  return concept_code(coded);
}

bool read_scoring(const std::string& code, Scoring& scoring) {
  if (code == "proportion") scoring = Scoring::proportion;
  else if (code == "ratio") scoring = Scoring::ratio;
  else if (code == "continuous-variable") scoring = Scoring::continuous_variable;
  else if (code == "cohort") scoring = Scoring::cohort;
  else return false;
  return true;
}

Population read_population(json::Value item) {
  Population population;
  population.id = std::string(item["id"].string());
  population.code = concept_code(item["code"]);
  for (const KindName& entry : kinds) {
    if (entry.code == population.code) population.kind = entry.kind;
  }
  population.expression = std::string(item["criteria"]["expression"].string());
  population.criteria_reference = std::string(extension(item, "cqfm-criteriaReference")["valueString"].string());
  if (population.criteria_reference.empty()) population.criteria_reference = std::string(extension(item, "-criteriaReference")["valueString"].string());
  const json::Value aggregate = extension(item, "-aggregateMethod");
  population.aggregate = std::string(aggregate["valueString"].string());
  if (population.aggregate.empty()) population.aggregate = std::string(aggregate["valueCode"].string());
  for (char& c : population.aggregate) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;  // "Median", "Count"
  population.input_population = std::string(extension(item, "-inputPopulation")["valueString"].string());
  return population;
}

Stratifier read_stratifier(json::Value item) {
  Stratifier stratifier;
  stratifier.id = std::string(item["id"].string());
  stratifier.code = concept_text(item["code"]);
  if (item.has("criteria")) stratifier.components.push_back({stratifier.code, std::string(item["criteria"]["expression"].string())});
  for (const json::Value component : item["component"]) {
    stratifier.components.push_back({concept_text(component["code"]), std::string(component["criteria"]["expression"].string())});
  }
  return stratifier;
}

std::string basis_of(json::Value element) {
  const json::Value basis = extension(element, "populationBasis");
  return std::string(basis["valueCode"].string());
}

}  // namespace

std::string_view code_of(PopulationKind kind) { return kinds[static_cast<std::size_t>(kind)].code; }
std::string_view display_of(PopulationKind kind) { return kinds[static_cast<std::size_t>(kind)].display; }

Measure read_measure(json::Value resource, const std::string& file, Diagnostics& diagnostics) {
  Measure measure;
  if (resource["resourceType"].string() == "Bundle") {
    for (const json::Value entry : resource["entry"]) {
      if (entry["resource"]["resourceType"].string() == "Measure") return read_measure(entry["resource"], file, diagnostics);
    }
  }
  auto fault = [&](const std::string& message, const std::string& fix) { diagnostics.push_back({file, 0, 0, Severity::error, message, fix}); };
  if (resource["resourceType"].string() != "Measure") {
    fault("the file holds no Measure resource", "give a FHIR R4 Measure, or a Bundle that holds one");
    return measure;
  }
  measure.url = std::string(resource["url"].string());
  measure.version = std::string(resource["version"].string());
  measure.name = std::string(resource["name"].string());
  measure.title = std::string(resource["title"].string());
  const json::Value libraries = resource["library"];
  if (libraries.size() > 0) measure.library = std::string(libraries.at(0).string());
  measure.scoring_code = concept_code(resource["scoring"]);
  const std::string basis = basis_of(resource);
  measure.improvement = concept_code(resource["improvementNotation"]);
  const bool decrease = measure.improvement == "decrease";
  for (const json::Value item : resource["group"]) {
    Group group;
    group.id = std::string(item["id"].string());
    std::string scoring = concept_code(extension(item, "scoring")["valueCodeableConcept"]);
    if (scoring.empty()) scoring = measure.scoring_code;
    if (!read_scoring(scoring, group.scoring))
      fault(fmt::format("the scoring '{}' is not known", scoring), "use proportion, ratio, continuous-variable or cohort");
    const std::string own = basis_of(item);
    if (!own.empty()) group.basis = own;
    else if (!basis.empty()) group.basis = basis;
    group.boolean_basis = group.basis == "boolean";
    group.decrease_is_improvement = decrease || concept_code(extension(item, "improvementNotation")["valueCodeableConcept"]) == "decrease";
    if (measure.improvement.empty()) measure.improvement = concept_code(extension(item, "improvementNotation")["valueCodeableConcept"]);
    for (const json::Value population : item["population"]) group.populations.push_back(read_population(population));
    for (const json::Value stratifier : item["stratifier"]) group.stratifiers.push_back(read_stratifier(stratifier));
    measure.groups.push_back(std::move(group));
  }
  for (const json::Value item : resource["supplementalData"]) {
    SupplementalData data;
    data.id = std::string(item["id"].string());
    data.code = concept_text(item["code"]);
    data.expression = std::string(item["criteria"]["expression"].string());
    for (const json::Value usage : item["usage"]) data.risk_adjustment = data.risk_adjustment || concept_code(usage) == "risk-adjustment-factor";
    measure.supplemental.push_back(std::move(data));
  }
  if (measure.groups.empty()) fault("the measure has no group", "give it a group with populations");
  return measure;
}

}  // namespace catchment::measures
