// The comparator: the NHS Master Person Service's published steps (Person_ID Handbook): cross-check, alphanumeric,
// algorithmic, then the bucket of people without a match. Written from the description, for comparison only.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/linkage_population.h"

namespace catchment::bench {

/// Source 1 stands for the national register. The person each row is given.
std::vector<std::uint32_t> trace_as_master_person_service(const Population& population);

}  // namespace catchment::bench
