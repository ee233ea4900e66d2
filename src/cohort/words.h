// What the parts of the module share about a clause. Private to cohort.
#pragma once

#include <string>
#include <vector>

#include "cohort/cohort.h"

namespace catchment::cohort {

/// "HbA1c in the last 12 months above 58": a clause that is not all, any or no.
std::string words_of(const Clause& clause, const Known& known);
/// Codes of the practices a practice clause stands for, ordered.
std::vector<std::string> practices_of(const Clause& clause, const system::System& system);
/// The place of "Cohort" in the program's main library.
std::int32_t cohort_definition(const cql::Program& program);
/// The first and last day of a window when the last day of the month is `last`; the first empty: ever.
std::optional<Date> first_day(const Window& within, Date last);
Date last_day(const Window& within, Date last);
/// The last day of the month that a day is in.
Date end_of_month(Date day);

}  // namespace catchment::cohort
