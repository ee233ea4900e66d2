// What ties the figures of registered people to those of residents. Private to indicators.
//
// Most people are of both bases. Who is registered in a place and lives elsewhere, or lives there and is registered elsewhere
// or nowhere, is a count that nobody shows; the difference of two that are shown tells of it.
#pragma once

#include <string>

#include "indicators/measure_figures.h"

namespace catchment::indicators {

/// Ties the lines of both bases: of places and the whole, by who is registered in one place and lives in another, elsewhere, or
/// is on no list here; of splits of the whole, by who is of both bases and who of one alone.
void tie_bases(LinkedFigures& linked, const Tally& tally, const GroupLists& lists, const MeasureShape& shape, const disclosure::Rules& rules);

}  // namespace catchment::indicators
