// The days of rows that each retrieve of a program needs, over all the places its rows reach.
// In: a checked program, definitions of its main library, a request. Out: for each retrieve and shape of its rows,
// bounds on the days. Always: rows outside the bounds change no answer of those definitions; a retrieve that is not
// listed needs every row. Private to measures.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "cql/cql.h"
#include "measures/row_days.h"

namespace catchment::measures {

/// By node id of the retrieve, then by the place of the shape in shapes().
using RetrieveDays = std::map<std::uint32_t, std::map<std::size_t, RowDays>>;

RetrieveDays retrieve_days(const cql::Program& program, const std::vector<std::int32_t>& definitions, const cql::Request& request);

}  // namespace catchment::measures
