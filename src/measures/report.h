// FHIR R4 MeasureReports of a measure's results.
// In: the measure, subjects' results, the period. Out: JSON text of an individual report a subject, or of one
// summary. Always: populations stand in the Measure's order; a score without a denominator is left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measures/population_logic.h"

namespace catchment::measures {

struct ReportFrame {
  std::string period_start, period_end;  // FHIR dates or date-times
  std::string date;                      // when the report was made
};

std::string individual_report(const Measure& measure, const SubjectResult& result, const ReportFrame& frame);
std::string summary_report(const Measure& measure, const std::vector<SubjectResult>& results, const ReportFrame& frame);

/// (numerator less exclusions) over (denominator less exclusions and exceptions); for a continuous variable the
/// aggregate of its observations; for a ratio with observations the ratio of the two aggregates.
std::optional<cql::Decimal> measure_score(const Group& group, const std::vector<std::size_t>& counts,
                                          const std::vector<std::vector<cql::Decimal>>& observations);

}  // namespace catchment::measures
