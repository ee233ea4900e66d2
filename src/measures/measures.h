// Quality measures: what a FHIR R4 Measure asks, worked out for subjects and written as FHIR MeasureReports.
// In: a Measure resource, a checked CQL program, subjects. Out: each subject's populations by the measure's
// logic, individual and summary reports; rows of the record, in memory, as FHIR resources for CQL. Always: a numerator counts only within the denominator less its
// exclusions, exceptions only outside the numerator; an initial population bounds every other population.
#pragma once

#include "measures/case.h"
#include "measures/fhir_measure.h"
#include "measures/library.h"
#include "measures/library_program.h"
#include "measures/population_logic.h"
#include "measures/population_run.h"
#include "measures/record_block.h"
#include "measures/record_rows.h"
#include "measures/record_view.h"
#include "measures/report.h"
#include "measures/run_months.h"
#include "measures/standing.h"
